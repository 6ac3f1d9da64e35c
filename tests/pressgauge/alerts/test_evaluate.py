"""What alerts tell, from small presses that can be counted by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from pressgauge.alerts.evaluate import AlertMemory, Evidence, evaluate, latest_period, period_of
from pressgauge.errors import PressgaugeError
from pressgauge.search.index import in_memory
from pressgauge.settings.alerts import Alert
from pressgauge.settings.topics import Topic
from pressgauge.snapshot import Snapshot, take

NOW = datetime(2025, 3, 1, 12, tzinfo=UTC)
DEEPSEEK = Topic("deepseek", "DeepSeek", "open", "deepseek")
AI = Topic("ai", "AI", None, "ai OR deepseek")


def press(*articles: tuple[str, str | None], topics: tuple[Topic, ...] = (DEEPSEEK,)) -> Snapshot:
    """Articles of (text, day of publication), one after the other; their ids are their numbers."""
    texts, days = zip(*articles, strict=True)
    n = len(articles)
    frame = pd.DataFrame(
        {
            "id": np.arange(1, n + 1),
            "title": texts,
            "text": texts,
            "outlet": pd.Categorical(["Wired"] * n),
            "published": pd.to_datetime(pd.Series(days), utc=True).astype("datetime64[us, UTC]"),
            "story": np.arange(n),
            "event": np.arange(n) // 2,
            "canonical_url": [f"https://press.example/{k}" for k in range(1, n + 1)],
        }
    )
    return take(frame.drop(columns="text"), in_memory(frame), topics)


def evidence(snapshot: Snapshot, *, now: datetime = NOW, silent: dict[str, str] | None = None) -> Evidence:
    moments = pd.to_datetime(pd.Series(list((silent or {}).values()), dtype="str"), utc=True)
    health = pd.DataFrame(
        {"source": list(silent or {}), "silent_since": moments, "warning": "nothing new since then"}
    )
    return Evidence(
        snapshot, now, lambda speaker: np.array([2]) if speaker == "Ada" else np.array([]), lambda: health
    )


def told(alert: Alert, *stages: Evidence) -> list[list[str]]:
    """The titles that an alert tells at each stage, one after the other."""
    known: AlertMemory | None = None
    titles = []
    for stage in stages:
        known, notices = evaluate(alert, known, stage)
        titles.append([notice.title for notice in notices])
    return titles


FIRST = (("DeepSeek opens", "2025-02-01"), ("A dog", "2025-02-02"))


def test_new_articles_are_told_once_and_none_that_were_there_when_the_alert_was_made():
    alert = Alert("new", "articles", topic="deepseek")
    then = evidence(press(*FIRST))
    later = evidence(press(*FIRST, ("DeepSeek grows", "2025-02-03"), ("A cat", None), ("On DeepSeek", None)))
    assert told(alert, then, later, later) == [[], ["2 new articles that mention DeepSeek"], []]


def test_a_notice_names_the_newest_articles_with_their_addresses():
    alert = Alert("new", "articles", query="deepseek")
    known, _ = evaluate(alert, None, evidence(press(*FIRST)))
    later = evidence(press(*FIRST, ("DeepSeek undated", None), ("DeepSeek grows", "2025-02-03")))
    _, [notice] = evaluate(alert, known, later)
    assert [(item.title, item.url) for item in notice.items] == [
        ("DeepSeek grows", "https://press.example/4"),
        ("DeepSeek undated", "https://press.example/3"),
    ]
    assert notice.text == "2 new articles that mention “deepseek”, of 4 collected in all."


def test_an_edited_condition_begins_anew_and_another_channel_does_not():
    known, _ = evaluate(Alert("a", "articles", query="deepseek"), None, evidence(press(*FIRST)))
    later = evidence(press(*FIRST, ("A dog of DeepSeek", None)))
    assert evaluate(Alert("a", "articles", query="dog"), known, later)[1] == []
    moved = Alert("a", "articles", query="deepseek", deliver=("mail:a@b.example",))
    titles = [notice.title for notice in evaluate(moved, known, later)[1]]
    assert titles == ["1 new article that mentions “deepseek”"]


def test_an_alert_follows_a_speaker_and_an_event():
    before, after = press(("A dog", None)), press(("A dog", None), ("A cat", None))
    for alert, title in (
        (Alert("s", "articles", speaker="Ada"), "1 new article that quotes Ada"),
        (Alert("e", "articles", event=0), "1 new article of event 0"),
    ):
        known, _ = evaluate(alert, None, Evidence(before, NOW, lambda _: np.array([]), pd.DataFrame))
        _, [notice] = evaluate(alert, known, evidence(after))
        assert notice.title == title


def days(n: int, until: str = "2025-02-28") -> list[str]:
    end = datetime.fromisoformat(until)
    return [f"{end - timedelta(days=k):%Y-%m-%d}" for k in reversed(range(n))]


def quiet(n: int, until: str = "2025-02-28") -> list[tuple[str, str | None]]:
    """Twenty articles a day for n days, one of which is on DeepSeek."""
    return [("DeepSeek" if k == 0 else "A dog", day) for day in days(n, until) for k in range(20)]


def test_a_burst_is_told_when_it_begins_and_not_again_while_it_grows():
    alert = Alert("b", "burst", topic="deepseek")
    calm = press(*quiet(60, "2025-02-26"))
    begun = press(*quiet(60, "2025-02-26"), *[("DeepSeek", "2025-02-27")] * 20)
    grown = press(
        *quiet(60, "2025-02-26"), *[("DeepSeek", "2025-02-27")] * 20, *[("DeepSeek", "2025-02-28")] * 20
    )
    stages = [evidence(each) for each in (calm, begun, grown)]
    assert told(alert, *stages) == [[], ["A burst of DeepSeek began on 2025-02-27"], []]


def test_a_burst_that_is_long_over_does_not_begin_when_its_articles_arrive_late():
    alert = Alert("b", "burst", topic="deepseek")
    calm = press(*quiet(60))
    late = press(*quiet(60), *[("DeepSeek", "2025-01-20")] * 30)
    assert told(alert, evidence(calm), evidence(late)) == [[], []]


def share_of(n: int, of: int = 100, day: str = "2025-02-27") -> Snapshot:
    return press(
        *[("DeepSeek", day)] * n, *[("AI", day)] * (of - n), *[("A dog", day)] * 50, topics=(DEEPSEEK, AI)
    )


def test_a_share_is_told_when_it_passes_the_line_beyond_chance_and_again_after_it_was_back():
    alert = Alert("s", "share", topic="deepseek", above=0.2)
    stages = [evidence(share_of(n)) for n in (10, 24, 40, 38, 22, 15, 45)]
    title = "The share of DeepSeek is above 20.0%"
    # 24 % of 100 may be chance; 22 % is still past the line that 40 % passed
    assert told(alert, *stages) == [[], [], [title], [], [], [], [title]]


def test_a_share_is_one_of_the_whole_field_and_its_sentence_says_so():
    alert = Alert("s", "share", topic="deepseek", below=0.2)
    known, _ = evaluate(alert, None, evidence(share_of(40)))
    _, [notice] = evaluate(alert, known, evidence(share_of(5)))
    assert notice.text.startswith(
        "From 2025-02-22 to 2025-02-28, 5 of 100 articles on AI mention DeepSeek: 5.0%"
    )


def test_too_few_articles_tell_no_share():
    alert = Alert("s", "share", topic="deepseek", above=0.2)
    assert told(alert, evidence(share_of(1, 20)), evidence(share_of(20, 20))) == [[], []]


def test_a_source_is_told_when_it_falls_silent_and_again_only_after_it_spoke():
    alert = Alert("q", "silence")
    snapshot = press(("A dog", None))
    stages = [
        evidence(snapshot, silent=silent)
        for silent in (
            {"Old": "2025-01-01"},
            {"Old": "2025-01-01", "Wired": "2025-02-20"},
            {"Old": "2025-01-01", "Wired": "2025-02-20"},
            {"Old": "2025-01-01"},
            {"Old": "2025-01-01", "Wired": "2025-02-25"},
        )
    ]
    silent = ["Wired has fallen silent"]
    assert told(alert, *stages) == [[], silent, [], [], silent]


def test_a_topic_that_is_gone_is_an_error_of_the_alert():
    with pytest.raises(PressgaugeError, match="no topic is named 'gone'"):
        evaluate(Alert("a", "articles", topic="gone"), None, evidence(press(*FIRST)))


def test_a_report_is_due_once_when_its_period_has_ended_and_counts_what_lies_in_it():
    weekly, snapshot = (
        Alert("w", "report", every="week"),
        press(*FIRST, ("A cat", "2025-02-24"), topics=(AI,)),
    )
    days = [datetime(2025, 2, day, 23, tzinfo=UTC) for day in (3, 3, 9, 10)]
    assert told(weekly, *(evidence(snapshot, now=day) for day in days)) == [
        ["Press coverage, 2025-01-27 to 2025-02-02"], [], [], ["Press coverage, 2025-02-03 to 2025-02-09"],
    ]  # fmt: skip
    _, [notice] = evaluate(weekly, None, evidence(snapshot, now=days[0]))
    assert notice.text == "1 articles on AI from 2025-01-27 to 2025-02-02 (UTC)."
    assert period_of(notice) == (date(2025, 1, 27), date(2025, 2, 2))
    assert period_of(replace(notice, key="burst 2025-01-27")) is None


@pytest.mark.parametrize(
    ("every", "today", "since", "until"),
    [
        ("day", date(2025, 3, 1), date(2025, 2, 28), date(2025, 2, 28)),
        ("week", date(2025, 2, 2), date(2025, 1, 20), date(2025, 1, 26)),
        ("week", date(2025, 2, 3), date(2025, 1, 27), date(2025, 2, 2)),
        ("month", date(2025, 1, 31), date(2024, 12, 1), date(2024, 12, 31)),
        ("month", date(2024, 3, 1), date(2024, 2, 1), date(2024, 2, 29)),
    ],
)
def test_a_period_is_the_latest_that_has_ended_whole(every, today, since, until):
    assert latest_period(every, today) == (since, until)
