"""A digest: what a few days brought, and what the alerts told in them, for a mail or a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape

import numpy as np
import pandas as pd

from pressgauge.alerts.notice import Notice
from pressgauge.alerts.render import html, markdown, plain
from pressgauge.analysis.bursts import bursts
from pressgauge.analysis.events import events
from pressgauge.analysis.summary import Summary, summarize
from pressgauge.filters import within
from pressgauge.schema import EPOCH, NO_DAY
from pressgauge.settings.topics import FIELD
from pressgauge.snapshot import Snapshot

_EVENTS = 8
_CELL = "padding:4px 10px 4px 0;text-align:left;border-bottom:1px solid #d0d7de"


@dataclass(frozen=True, slots=True)
class Digest:
    """The same as `html` that mail clients show and as `markdown`; `title` is the subject of a mail."""

    title: str
    html: str
    markdown: str


def digest(snapshot: Snapshot, notices: Sequence[Notice], *, since: date, until: date) -> Digest:
    """The topics of a snapshot from `since` to `until` (UTC days, both included) beside as many days before.

    Counted are the articles of the whole field (the topic `ai`), or all where there is no such topic.
    """
    articles, membership = snapshot.articles, snapshot.membership
    field = next((topic for topic in snapshot.topics if topic.name == FIELD), None)
    inside = membership[FIELD].to_numpy() if field else np.ones(len(articles), dtype=bool)
    of = f"articles on {field.label}" if field else "collected articles"
    labels = {topic.name: topic.label for topic in snapshot.topics if topic.name != FIELD}
    series = membership[list(labels)].rename(columns=labels)
    collected = within(articles, since, until)
    rows = inside & collected
    title = f"Press coverage, {since} to {until}"
    sections: list[tuple[str, list[tuple[str, ...]]]] = []
    day = articles["day"].to_numpy()
    newest = EPOCH + timedelta(days=int(day.max())) if (day > NO_DAY).any() else None
    lead = f"{int(rows.sum()):,} {of} from {since} to {until} (UTC)."
    if not collected.any() and newest is not None:
        lead += f" Nothing at all was collected of these days: the newest article is of {newest}."
    if rows.any() and newest is not None:
        end = min(newest, until)
        summary = summarize(
            articles, series, keep=inside, until=end, days=(end - since).days + 1, unit="articles"
        )
        if summary is not None:
            sections.append(("Topics", _topic_lines(summary)))
        sections.append(("Bursts", _burst_lines(articles, series, inside, since, until)))
        sections.append(("What happened", _event_lines(articles, series, rows)))
    sections = [(name, table) for name, table in sections if len(table) > 1]
    return Digest(
        title,
        html(notices, title=title, lead=lead, body="".join(_section_html(*each) for each in sections)),
        markdown(
            notices, title=title, lead=lead, body="\n\n".join(_section_markdown(*each) for each in sections)
        ),
    )


def _topic_lines(summary: Summary) -> list[tuple[str, ...]]:
    """Those with any article, the one of most articles first."""
    lines: list[tuple[str, ...]] = [("Topic", "Articles", "Share", "Before")]
    table = summary.series[summary.series["n"] > 0].sort_values("n", ascending=False, kind="stable")
    for name, (_, row) in zip(table.index.astype(str), table.iterrows(), strict=True):
        share = f"{row['share']:.1%} (±{100 * row['margin']:.1f})" if row["reportable"] else "too few to tell"
        before = "not comparable"
        if name in summary.change.index and summary.change.loc[name, "reportable"]:
            change = summary.change.loc[name]
            same = change["low"] <= 0 <= change["high"]
            way = "about as before" if same else "more" if change["change"] > 0 else "less"
            before = f"{change['share_first']:.1%} ({way})"
        lines.append((name, f"{int(row['n']):,} of {int(row['collected']):,}", share, before))
    return lines


def _burst_lines(
    articles: pd.DataFrame, membership: pd.DataFrame, inside: np.ndarray, since: date, until: date
) -> list[tuple[str, ...]]:
    """The bursts of which any day lies in the window, the strongest first."""
    lines: list[tuple[str, ...]] = [("Burst", "Days", "Share", "Usual")]
    for burst in bursts(articles, membership, keep=inside).to_dict("records"):
        start, end = burst["start"].date(), burst["end"].date()
        if start <= until and end >= since:
            share = f"{burst['share']:.1%} ({burst['n']:,} of {burst['collected']:,})"
            lines.append((str(burst["series"]), f"{start} to {end}", share, f"{burst['usual']:.1%}"))
    return lines


def _event_lines(articles: pd.DataFrame, membership: pd.DataFrame, rows: np.ndarray) -> list[tuple[str, ...]]:
    """The events of most outlets."""
    lines: list[tuple[str, ...]] = [("Event", "Outlets", "Articles", "First told by")]
    for event in events(articles, membership, keep=rows, limit=_EVENTS).to_dict("records"):
        title = event["title"] if isinstance(event["title"], str) else "(no title)"
        first = event["first_outlet"] if isinstance(event["first_outlet"], str) else "several, or unknown"
        lines.append((title, f"{event['outlets']:,}", f"{event['articles']:,}", first))
    return lines


def _section_html(name: str, lines: list[tuple[str, ...]]) -> str:
    head, *rows = lines
    top = "".join(f'<th style="{_CELL}">{escape(cell)}</th>' for cell in head)
    body = "".join(
        "<tr>" + "".join(f'<td style="{_CELL}">{escape(cell)}</td>' for cell in row) + "</tr>" for row in rows
    )
    return (
        f'<h2 style="font-size:17px">{escape(name)}</h2>'
        f'<table style="border-collapse:collapse"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'
    )


def _section_markdown(name: str, lines: list[tuple[str, ...]]) -> str:
    head, *rows = ["| " + " | ".join(plain(cell) for cell in line) + " |" for line in lines]
    return "\n".join([f"## {plain(name)}", "", head, "|" + "---|" * len(lines[0]), *rows])
