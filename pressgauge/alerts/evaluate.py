"""Whether what an alert looks for has happened: functions of a snapshot and of what was known before."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd

from pressgauge.alerts.notice import Item, Notice
from pressgauge.analysis.bursts import bursts
from pressgauge.analysis.intervals import is_reportable, wilson
from pressgauge.errors import PressgaugeError, quantity
from pressgauge.filters import behind, within
from pressgauge.settings.alerts import Alert, Every
from pressgauge.settings.topics import FIELD
from pressgauge.snapshot import Snapshot
from pressgauge.urls import is_web

_ITEMS = 10
"""Articles that a notice names."""
_ITEM_COLUMNS = ("title", "outlet", "canonical_url", "published")
REPORT = "report "
"""How the key of a report's notice begins; the days follow."""
_SLACK = timedelta(days=7)
"""A burst that ended longer ago does not begin; one so near to a known one is that one, grown or moved."""


@dataclass(frozen=True, slots=True, eq=False)
class AlertMemory:
    """What an alert knew when it was last evaluated, for its `condition` of then.

    `ids` (int64, sorted) are the articles that matched, `spans` the days of bursts or the silences of sources
    that are known, `past` whether the share was past the line.
    """

    condition: str
    ids: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))
    spans: tuple[str, ...] = ()
    past: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What alerts are evaluated on: a `snapshot` with the saved topics, and, made when they are asked for,
    ids of the articles that `quoted(speaker)` tells, and the table of `collectors.refresh.health`."""

    snapshot: Snapshot
    now: datetime
    quoted: Callable[[str], np.ndarray]
    health: Callable[[], pd.DataFrame]


def evaluate(
    alert: Alert, memory: AlertMemory | None, evidence: Evidence
) -> tuple[AlertMemory, list[Notice]]:
    """What is known now, and what of it is news.

    An alert that is new, or whose condition was edited, tells nothing of what is so already: it tells what
    comes; a report is of what has ended, and comes at once. Raises PressgaugeError when the alert speaks of a
    topic that there is not, QueryError for a query.
    """
    condition = hashlib.sha256(repr(alert.condition).encode()).hexdigest()
    before = memory if memory is not None and memory.condition == condition else None
    kinds = {
        "articles": _check_articles,
        "burst": _check_bursts,
        "share": _check_share,
        "silence": _check_silence,
        "report": _check_report,
    }
    new_memory, notices = kinds[alert.kind](alert, before or AlertMemory(condition), evidence)
    return new_memory, notices if before or alert.kind == "report" else []


def _check_articles(
    alert: Alert, memory: AlertMemory, evidence: Evidence
) -> tuple[AlertMemory, list[Notice]]:
    articles = evidence.snapshot.articles
    member = _matching(alert, evidence)
    ids = articles["id"].to_numpy()
    fresh = member & ~np.isin(ids, memory.ids)
    new_memory = AlertMemory(memory.condition, np.union1d(memory.ids, ids[member]))
    if not fresh.any():
        return new_memory, []
    n = int(fresh.sum())
    digest = hashlib.sha256(np.sort(ids[fresh]).tobytes()).hexdigest()[:16]
    title = f"{quantity(n, 'new article')} {_relation_of(alert, n)} {_subject_of(alert, evidence)}"
    text = f"{title}, of {len(articles):,} collected in all."
    return new_memory, [
        Notice(alert.name, f"articles {digest}", evidence.now, title, text, _newest_items(evidence, fresh))
    ]


def _check_bursts(alert: Alert, memory: AlertMemory, evidence: Evidence) -> tuple[AlertMemory, list[Notice]]:
    snapshot, member = evidence.snapshot, _matching(alert, evidence)
    inside, of = _field_of(snapshot)
    label = _subject_of(alert, evidence)
    membership = pd.DataFrame({"subject": member}, index=snapshot.articles.index)
    spans, notices = [*memory.spans], []
    for _, burst in bursts(snapshot.articles, membership, keep=inside).sort_values("start").iterrows():
        start, end = burst["start"].date(), burst["end"].date()
        near = [span for span in spans if _is_near(span, start, end)]
        first = min([start, *(date.fromisoformat(span[:10]) for span in near)])
        last = max([end, *(date.fromisoformat(span[11:]) for span in near)])
        spans = [*(span for span in spans if span not in near), f"{first}/{last}"]
        if near or evidence.now.date() - end > _SLACK:
            continue
        title = f"A burst of {label} began on {start}"
        text = (
            f"From {start} to {end}, {int(burst['n']):,} of {int(burst['collected']):,} {of} "
            f"{_verb_of(alert, int(burst['n']))} {label}: {burst['share']:.1%}, usually {burst['usual']:.1%}."
        )
        rows = member & inside & within(snapshot.articles, start, end)
        notices.append(
            Notice(alert.name, f"burst {start}", evidence.now, title, text, _newest_items(evidence, rows))
        )
    return AlertMemory(memory.condition, spans=tuple(spans)), notices


def _check_share(alert: Alert, memory: AlertMemory, evidence: Evidence) -> tuple[AlertMemory, list[Notice]]:
    """Past the line is what is so beyond chance (the 95 % interval lies past it), until the share itself is
    back: a share that trembles about the line is told once."""
    snapshot, member = evidence.snapshot, _matching(alert, evidence)
    inside, of = _field_of(snapshot)
    until = evidence.now.date() - timedelta(days=1)
    since = until - timedelta(days=alert.days - 1)
    rows = inside & within(snapshot.articles, since, until)
    n, collected = int((rows & member).sum()), int(rows.sum())
    if not is_reportable(n, collected):
        return memory, []
    share, (low, high) = n / collected, wilson(n, collected)
    if alert.above is not None:
        line, word = alert.above, "above"
        past = share > line if memory.past else bool(low > line)
    else:
        line, word = alert.below or 0.0, "below"
        past = share < line if memory.past else bool(high < line)
    new_memory = AlertMemory(memory.condition, past=past)
    if not past or memory.past:
        return new_memory, []
    label = _subject_of(alert, evidence)
    title = f"The share of {label} is {word} {line:.1%}"
    text = (
        f"From {since} to {until}, {n:,} of {collected:,} {of} {_verb_of(alert, n)} {label}: {share:.1%} "
        f"(95 % interval {float(low):.1%} to {float(high):.1%})."
    )
    items = _newest_items(evidence, rows & member)
    return new_memory, [Notice(alert.name, f"share {until}", evidence.now, title, text, items)]


def _check_silence(alert: Alert, memory: AlertMemory, evidence: Evidence) -> tuple[AlertMemory, list[Notice]]:
    health = evidence.health()
    silent = health[health["silent_since"].notna()]
    if alert.source is not None:
        if alert.source not in set(health["source"]) and len(health):
            raise PressgaugeError(f"no source is named {alert.source!r}, or it was never asked")
        silent = silent[silent["source"] == alert.source]
    spans = []
    notices = []
    for row in silent[["source", "silent_since", "warning"]].to_dict("records"):
        spans.append(f"{row['source']} {row['silent_since'].isoformat()}")
        if spans[-1] not in memory.spans:
            title, text = f"{row['source']} has fallen silent", f"{row['warning']}."
            notices.append(Notice(alert.name, f"silence {spans[-1]}", evidence.now, title, text))
    return AlertMemory(memory.condition, spans=tuple(dict.fromkeys([*memory.spans, *spans]))), notices


def _check_report(alert: Alert, memory: AlertMemory, evidence: Evidence) -> tuple[AlertMemory, list[Notice]]:
    since, until = latest_period(alert.every or "week", evidence.now.date())
    span = f"{since}/{until}"
    new_memory = AlertMemory(memory.condition, spans=(span,))
    if span in memory.spans:
        return new_memory, []
    inside, of = _field_of(evidence.snapshot)
    n = int((inside & within(evidence.snapshot.articles, since, until)).sum())
    title = f"Press coverage, {since} to {until}" if since != until else f"Press coverage, {since}"
    text = f"{n:,} {of} from {since} to {until} (UTC)."
    return new_memory, [Notice(alert.name, f"{REPORT}{span}", evidence.now, title, text)]


def latest_period(every: Every, today: date) -> tuple[date, date]:
    """First and last day of the latest day, week (Monday to Sunday) or month that had ended before `today`.

    >>> latest_period("week", date(2025, 1, 27))
    (datetime.date(2025, 1, 20), datetime.date(2025, 1, 26))
    >>> latest_period("month", date(2025, 3, 1))
    (datetime.date(2025, 2, 1), datetime.date(2025, 2, 28))
    """
    start = today if every == "day" else today - timedelta(days=today.weekday())
    if every == "month":
        start = today.replace(day=1)
    until = start - timedelta(days=1)
    if every == "month":
        return until.replace(day=1), until
    return until - timedelta(days=0 if every == "day" else 6), until


def period_of(notice: Notice) -> tuple[date, date] | None:
    """First and last day of the report that a notice tells of; None for any other notice."""
    if not notice.key.startswith(REPORT):
        return None
    since, _, until = notice.key.removeprefix(REPORT).partition("/")
    return date.fromisoformat(since), date.fromisoformat(until)


def _matching(alert: Alert, evidence: Evidence) -> np.ndarray:
    """Bool array of the articles that the alert is about."""
    snapshot = evidence.snapshot
    if alert.speaker is not None:
        return snapshot.articles["id"].isin(evidence.quoted(alert.speaker)).to_numpy()
    if alert.event is not None:
        return (snapshot.articles["event"] == alert.event).to_numpy()
    if alert.topic is None:
        return snapshot.mask(alert.query or "", about=alert.about)
    topic = next((topic for topic in snapshot.topics if topic.name == alert.topic), None)
    if topic is None:
        raise PressgaugeError(f"no topic is named {alert.topic!r} (any more)")
    if alert.about:
        return snapshot.mask(topic.query, about=True)
    return snapshot.membership[topic.name].to_numpy(dtype=bool)


def _field_of(snapshot: Snapshot) -> tuple[np.ndarray, str]:
    """What shares are shares of, as rows and in words: the topic of the whole field, or everything."""
    field = next((topic for topic in snapshot.topics if topic.name == FIELD), None)
    if field is None:
        return np.ones(len(snapshot.articles), dtype=bool), "collected articles"
    return snapshot.membership[field.name].to_numpy(dtype=bool), f"articles on {field.label}"


def _subject_of(alert: Alert, evidence: Evidence) -> str:
    """What the alert looks for, in words."""
    if alert.topic is not None:
        return next((t.label for t in evidence.snapshot.topics if t.name == alert.topic), alert.topic)
    if alert.query is not None:
        return f"“{' '.join(alert.query.split())[:80]}”"
    return alert.speaker or f"event {alert.event}"


def _relation_of(alert: Alert, n: int) -> str:
    if alert.speaker is not None:
        return "that quotes" if n == 1 else "that quote"
    return "of" if alert.event is not None else f"that {_verb_of(alert, n)}"


def _verb_of(alert: Alert, n: int) -> str:
    one, many = ("is about", "are about") if alert.about else ("mentions", "mention")
    return one if n == 1 else many


def _is_near(span: str, start: date, end: date) -> bool:
    first, last = date.fromisoformat(span[:10]), date.fromisoformat(span[11:])
    return start - _SLACK <= last and first <= end + _SLACK


def _newest_items(evidence: Evidence, member: np.ndarray) -> tuple[Item, ...]:
    """The newest of the articles."""
    articles = evidence.snapshot.articles
    rows = behind(articles, member, keep=np.ones(len(articles), dtype=bool))[:_ITEMS]
    return tuple(
        Item(
            _text_or_none(row["title"]),
            _text_or_none(row["outlet"]),
            row["canonical_url"] if is_web(row["canonical_url"]) else None,
            row["published"].to_pydatetime() if pd.notna(row["published"]) else None,
        )
        for row in articles[list(_ITEM_COLUMNS)].iloc[rows].to_dict("records")
    )


def _text_or_none(value: object) -> str | None:
    return value if isinstance(value, str) else None
