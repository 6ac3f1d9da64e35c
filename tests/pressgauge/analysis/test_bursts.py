"""Planted bursts are found within a day, quiet series stay quiet, and a burst is explained."""

from __future__ import annotations

from datetime import date
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.demo.press import press as demo_press
from pressgauge.analysis import bursts, explain, terms
from pressgauge.analysis.bursts import _best_states
from pressgauge.schema import article_id
from pressgauge.search.index import in_memory
from pressgauge.settings.events import load_events
from pressgauge.settings.topics import load_topics
from pressgauge.snapshot import take
from tests.examples import examples

DATA = Path(__file__).parents[3] / "data"

START = pd.Timestamp("2025-01-01", tz="UTC")


def press(seed: int, *, noise: float = 0.15) -> tuple[pd.DataFrame, pd.DataFrame, int, int]:
    """120 days of 100 articles, a series with four times its usual share for some days, and a quiet one."""
    rng = np.random.default_rng(seed)
    day = np.sort(rng.integers(0, 120, 12_000))
    first, length = int(rng.integers(20, 90)), int(rng.integers(3, 12))
    mood = np.exp(rng.normal(0, noise, (2, 120)))
    share = np.where((day >= first) & (day < first + length), 0.16, 0.04) * mood[0][day]
    articles = pd.DataFrame(
        {
            "published": (START + pd.to_timedelta(day, unit="D")).astype("datetime64[us, UTC]"),
            "story": np.arange(12_000),
            "outlet": pd.Categorical(["Post"] * 12_000),
        }
    )
    member = {"planted": rng.random(12_000) < share, "quiet": rng.random(12_000) < 0.05 * mood[1][day]}
    return articles, pd.DataFrame(member), first, first + length - 1


def test_planted_bursts_are_found_within_a_day_and_at_most_1_in_20_reported_is_false():
    missed, inexact, false, reported = [], 0, 0, 0
    for seed in range(40):
        articles, membership, first, last = press(seed)
        table = bursts(articles, membership)
        start, end = ((table[name] - START).dt.days for name in ("start", "end"))
        planted = table["series"] == "planted"
        started = planted & ((start - first).abs() <= 1)
        missed += [] if started.any() else [seed]
        inexact += not (started & ((end - last).abs() <= 1)).any()
        false += int((~(planted & (start <= last) & (end >= first))).sum())
        reported += len(table)
    assert not missed
    assert inexact <= 40 / 20, "the last day is a day off at most, but for the odd chance"
    assert false <= reported / 20


@settings(max_examples=examples(40))
@given(st.lists(st.floats(-4, 4), min_size=1, max_size=9), st.floats(0, 5))
def test_the_best_states_are_the_cheapest_of_all_sequences(gain, enter):
    def worth(states):
        before = (False, *states)
        entered = sum(now and not was for was, now in zip(before, states, strict=False))
        return sum(g for g, raised in zip(gain, states, strict=True) if raised) - enter * entered

    best = max(worth(states) for states in product((False, True), repeat=len(gain)))
    assert worth(tuple(_best_states(np.array(gain), enter))) == pytest.approx(best)


def test_what_is_reported_of_a_burst_is_counted_by_hand():
    articles, membership, *_ = press(0)
    for row in bursts(articles, membership).itertuples():
        inside = articles["published"].between(row.start, row.end).to_numpy()
        member = membership[row.series].to_numpy()
        assert (row.n, row.collected) == ((inside & member).sum(), inside.sum())
        assert row.days == (row.end - row.start).days + 1
        assert row.share == row.n / row.collected
        assert row.usual == pytest.approx((~inside & member).sum() / (~inside).sum(), rel=0.02)
        assert row.ratio == pytest.approx(row.share / row.usual)


def test_a_burst_is_found_in_the_reader_s_days_and_among_kept_articles_only():
    articles, membership, first, last = press(3)
    late = articles.assign(published=articles["published"] + pd.Timedelta(hours=23))
    table = bursts(late, membership, tz="Asia/Tokyo")  # 23:00 UTC is the next morning there
    start = (table["start"].dt.tz_localize(None) - START.tz_localize(None)).dt.days
    assert str(table["start"].dt.tz) == "Asia/Tokyo" and abs(start.iloc[0] - first - 1) <= 1
    day = (articles["published"] - START).dt.days
    assert bursts(articles, membership, keep=((day < first) | (day > last)).to_numpy()).empty


def test_a_series_without_articles_or_a_frame_without_days_has_no_burst(frames):
    articles, membership = frames(0, 30)
    assert bursts(articles, membership[["never"]]).empty
    assert bursts(articles.iloc[:0], membership.iloc[:0]).empty


def test_a_flood_of_all_coverage_is_no_burst_of_one_subject():
    day = np.r_[np.repeat(np.arange(60), 20), np.full(2000, 30)]
    articles = pd.DataFrame(
        {
            "day": day.astype(np.int32),
            "story": np.arange(len(day)),
            "outlet": pd.Categorical(["A"] * len(day)),
        }
    )
    assert bursts(articles, pd.DataFrame({"x": np.arange(len(day)) % 10 == 0})).empty


def test_news_that_always_comes_in_clumps_is_no_burst():
    rng = np.random.default_rng(5)
    reported = 0
    for _ in range(20):
        day = np.repeat(np.arange(120), 100)
        share = 0.08 * np.exp(rng.normal(0, 0.3, 120))
        articles = pd.DataFrame(
            {
                "day": (day + 20_000).astype(np.int32),
                "story": np.arange(len(day)),
                "outlet": pd.Categorical(["A"] * len(day)),
            }
        )
        reported += len(bursts(articles, pd.DataFrame({"x": rng.random(len(day)) < share[day]})))
    assert reported <= 1, "of 20 series; 14 if days were only binomial"


def test_a_burst_s_terms_are_what_its_series_had_not_said_before():
    """Other articles never say "violin", and later ones of the series still say "sable": neither matters."""
    day = np.repeat(np.arange(60), 20)
    member = (np.arange(len(day)) % 20 < np.where((day >= 30) & (day < 33), 14, 2)).astype(bool)
    said = np.where(day >= 30, "violin sable", "violin copper")
    articles = pd.DataFrame(
        {
            "title": None,
            "text": np.where(member, said, "harvest report"),
            "language": pd.Categorical(["en"] * len(day)),
            "canonical_url": "https://press.example/",
            "published": (START + pd.to_timedelta(day, unit="D")).astype("datetime64[us, UTC]"),
            "story": np.arange(len(day)),
            "outlet": pd.Categorical(["A"] * len(day)),
        }
    )
    burst = bursts(articles, pd.DataFrame({"x": member})).iloc[0]
    assert burst["days"] == 3
    table = explain(burst, articles, member, terms=terms(articles)).terms.set_index("term")
    assert table.index[0] == "sable" and abs(table.loc["violin", "z"]) < 1
    assert table.loc["sable", "n_second"] == 0


def test_a_burst_is_explained_by_its_terms_stories_outlets_and_event():
    rng = np.random.default_rng(0)
    day = np.repeat(np.arange(40), 50)
    hot = (day >= 20) & (day <= 24)
    member = rng.random(2000) < np.where(hot, 0.5, 0.05)
    text = np.where(
        member & hot,
        "A reasoning model called Sable shook the chip makers.",
        "A quarterly report on software was read.",
    )
    articles = pd.DataFrame(
        {
            "title": "Report",
            "text": text,
            "language": pd.Categorical(["en"] * 2000),
            "canonical_url": [f"https://press.example/{number}" for number in range(2000)],
            "published": (START + pd.to_timedelta(day, unit="D")).astype("datetime64[us, UTC]"),
            "story": np.where(member & hot & (np.arange(2000) % 2 == 0), -1, np.arange(2000)),
            "outlet": pd.Categorical(np.where(hot & member, "Wire", rng.choice(["Wire", "Post"], 2000))),
        }
    )
    events = pd.DataFrame(
        {
            "date": [START + pd.Timedelta(days=19), START + pd.Timedelta(days=19), START],
            "label": ["Sable released", "Of another topic", "Long before"],
            "topics": [("x",), ("y",), ()],
            "url": [None, None, None],
        }
    )
    burst = bursts(articles, pd.DataFrame({"x": member})).iloc[0]
    assert (burst["start"], burst["end"]) == (START + pd.Timedelta(days=20), START + pd.Timedelta(days=24))
    why = explain(burst, articles, member, events=events, terms=terms(articles))
    assert {"sable", "reason", "chip"} <= set(why.terms["term"])
    assert why.stories.loc[0, "story"] == -1
    assert why.stories.loc[0, "articles"] == int((articles["story"] == -1).sum())
    assert why.stories.loc[0, "url"].startswith("https://press.example/")
    assert why.outlets.loc[0, "outlet"] == "Wire"
    assert why.events[["label", "days"]].values.tolist() == [["Sable released", -1]]


def real_like() -> tuple[pd.DataFrame, pd.DataFrame]:
    """December 2024 to March 2025 in outline: a weekly rhythm, a lull at the turn of the year, hardly any
    DeepSeek before 27 January, a week of it, then an afterlife at several times the level of before; stories
    run in several outlets."""
    rng = np.random.default_rng(7)
    days = pd.date_range("2024-12-01", "2025-03-31", tz="UTC")
    volume = np.where(days.day_of_week < 5, 140, 50)
    volume[20:36] //= 2
    day = np.repeat(np.arange(len(days)), volume)
    at = (days - days[0]).days.to_numpy()[day]
    week, after = (at >= 57) & (at < 64), at >= 64
    share = np.select([week, after], [0.35, 0.035], 0.006)
    deepseek = rng.random(len(day)) < share
    other = rng.random(len(day)) < 0.06 * np.exp(rng.normal(0, 0.15, len(days)))[day]
    text = np.where(
        deepseek & week,
        "Chip shares fell after DeepSeek released its R1 reasoning model under an open licence.",
        np.where(
            deepseek,
            "DeepSeek was asked by a regulator about its servers.",
            "A firm reported on its software.",
        ),
    )
    leading = deepseek & week & (rng.random(len(day)) < 0.4)
    articles = pd.DataFrame(
        {
            "title": np.where(leading, "DeepSeek-R1 shakes the markets", "In brief"),
            "text": text,
            "language": pd.Categorical(["en"] * len(day)),
            "canonical_url": [f"https://press.example/{number}" for number in range(len(day))],
            "published": pd.Series(days[day]).astype("datetime64[us, UTC]"),
            "story": np.where(leading, -1, np.arange(len(day))),
            "outlet": pd.Categorical(rng.choice(["Wire", "Post", "Echo", "Times"], len(day))),
        }
    )
    return articles, pd.DataFrame({"deepseek": deepseek, "open_source_ai": deepseek & week | other})


def test_the_burst_of_late_january_2025_is_found_and_explained_in_coverage_of_that_shape():
    articles, membership = real_like()
    table = bursts(articles, membership)
    events = pd.DataFrame(
        {
            "date": [pd.Timestamp("2025-01-20", tz="UTC"), pd.Timestamp("2025-01-24", tz="UTC")],
            "label": ["DeepSeek-R1 released", "Of another topic"],
            "topics": [("deepseek", "open_source_ai"), ("meta",)],
            "url": ["https://press.example/r1", None],
        }
    )
    found = terms(articles)
    for name in membership:
        strongest = table[table["series"] == name].iloc[0]
        assert strongest["start"].date().isoformat() == "2025-01-27"
        assert strongest["end"].date().isoformat() == "2025-02-02"
        why = explain(strongest, articles, membership[name].to_numpy(), events=events, terms=found)
        assert {"r1", "chip"} <= set(why.terms["term"])
        assert why.stories["title"].iloc[0] == "DeepSeek-R1 shakes the markets"
        assert why.events["label"].tolist() == ["DeepSeek-R1 released"]
    assert len(table[table["series"] == "open_source_ai"]) == 1


@pytest.mark.slow
def test_on_the_demo_press_of_that_winter_the_burst_is_explained_by_deepseek_r1():
    """From articles to explanation with the tracked topics and events."""
    frame = demo_press(date(2024, 12, 1), date(2025, 4, 1)).frame()
    frame["id"] = [article_id(url) for url in frame["url"]]
    frame = frame.assign(story=frame["id"], canonical_url=frame["url"], domain="press.example")
    frame = frame.astype({"outlet": "category", "language": "category"})
    topics = [
        each for each in load_topics(DATA / "topics.toml") if each.name in ("deepseek", "open_source_ai")
    ]
    snapshot = take(frame, in_memory(frame), topics)
    table, found = bursts(snapshot.articles, snapshot.membership), terms(frame, ngrams=2)
    events = load_events(DATA / "events.toml")
    for name in ("deepseek", "open_source_ai"):
        burst = table[table["series"] == name].iloc[0]
        assert (burst["start"].date(), burst["end"].date()) == (date(2025, 1, 27), date(2025, 2, 14))
        member = snapshot.membership[name].to_numpy()
        why = explain(burst, snapshot.articles, member, events=events, terms=found)
        assert "deepseek r1" in set(why.terms["term"])
        assert any("DeepSeek-R1" in label for label in why.events["label"])
        assert why.stories["title"].str.contains("R1").any()
        assert (why.outlets["excess"] > 0).all() and len(why.outlets) > 5


def raised(days: int, *, peak: int = 0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A year of three articles a day, one in thirty of the series; for so many days a third, and in the
    seven days from `peak` on all of them."""
    day = np.repeat(np.arange(365), 3)
    inside = (day >= 100) & (day < 100 + days)
    member = np.where(inside, np.arange(len(day)) % 3 == 0, np.arange(len(day)) % 30 == 0)
    member |= (peak > 0) & (day >= peak) & (day < peak + 7)
    articles = pd.DataFrame(
        {
            "published": (START + pd.to_timedelta(day, unit="D")).astype("datetime64[us, UTC]"),
            "story": np.arange(len(day)),
            "outlet": pd.Categorical(["Post"] * len(day)),
        }
    )
    return articles, pd.DataFrame({"series": member})


@pytest.mark.parametrize("days", [60, 112, 200])
def test_a_share_that_is_raised_for_months_is_a_burst_of_four_weeks_at_most(days: int) -> None:
    table = bursts(*raised(days))
    assert len(table) == 1
    assert table["days"].item() <= 28
    assert START + pd.Timedelta(days=100) <= table["start"].item()
    assert table["end"].item() < START + pd.Timedelta(days=100 + days)
    assert table["n"].item() == pytest.approx(table["days"].item(), abs=1)


def test_a_burst_of_two_weeks_keeps_its_days() -> None:
    table = bursts(*raised(14))
    assert table["days"].between(12, 15).all()
    assert table["start"].item() >= START + pd.Timedelta(days=99)


def test_the_peak_within_a_raised_level_is_what_is_reported() -> None:
    table = bursts(*raised(150, peak=170))
    start, end = START + pd.Timedelta(days=170), START + pd.Timedelta(days=176)
    assert ((table["start"] <= start) & (table["end"] >= end)).sum() == 1
    assert (table["days"] <= 28).all()
