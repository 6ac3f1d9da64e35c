"""Events: dates worth a mark on a chart, such as the release of a model or the passing of a law."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pandas as pd

from pressgauge.errors import ConfigError, PressgaugeError
from pressgauge.settings import editing
from pressgauge.settings.toml import entries
from pressgauge.unicode import seen_line
from pressgauge.urls import is_web

LONGEST_EVENT_LABEL = 200
"""Characters of a label that is saved: it stands beside a mark on a chart."""


def save_event(
    path: str | Path, day: date, label: str, topics: Sequence[str] = (), url: str | None = None
) -> None:
    """Add an event to the file, which is made where there is none; comments and all else stay as they are.

    The file is replaced in one step. Raises PressgaugeError for a label that is empty, too long or of several
    lines, for an address that is none, and where the file has an event of that day and label; ConfigError
    when the file cannot be read, OSError when it cannot be written.
    """
    file, line = Path(path), editing.single_line(label, "an event needs a label", LONGEST_EVENT_LABEL)
    if url is not None and not is_web(url):
        raise PressgaugeError(f"{url!r} is no address of an event; expected one that begins with https://")
    with editing.locked(file):
        if file.exists():
            load_events(file)  # what has an error is mended before more is written into it
            if _number_of(file, day, line) is not None:
                raise PressgaugeError(f"the event {line!r} of {day} is there already")
        values = {"date": day, "label": line, "topics": list(topics) or None, "url": url}
        editing.add(file, "event", {key: value for key, value in values.items() if value is not None})


def delete_event(path: str | Path, day: date, label: str) -> None:
    """Take the event of that day and label out of the file; comments and all else stay as they are.

    Raises ConfigError when the file cannot be read or has no such event, OSError when it cannot be written.
    """
    file = Path(path)
    with editing.locked(file):
        at = _number_of(file, day, label)
        if at is None:
            raise ConfigError(file, None, f"no event of {day} is {label!r}", "date and label of an event")
        editing.take_out(file, "event", at)


def _number_of(file: Path, day: date, label: str) -> int | None:
    """The number of the event of that day in the file, counted from 0, whose label is seen as this one is."""
    key = (day, _as_seen(label))
    keys = [
        (entry.values.get("date"), _as_seen(entry.get("label", str, ""))) for entry in entries(file, "event")
    ]
    return keys.index(key) if key in keys else None


def _as_seen(label: str) -> str:
    return seen_line(label).casefold()


def concerning(events: pd.DataFrame, topics: Collection[str]) -> pd.DataFrame:
    """The events of one of these topics, or of everything: those that name no topic."""
    names = set(topics)
    rows = [not len(of) or not names.isdisjoint(of) for of in events["topics"]]
    return events[np.array(rows, dtype=bool)]


def load_events(path: str | Path) -> pd.DataFrame:
    """The events of an `events.toml`, by date.

    Columns: date (datetime64[us, UTC], midnight), label (str), topics (tuple of topic names, empty for
    all), url (str, null when none is given). Raises ConfigError with file, line and what was expected at
    the first entry that cannot be used.
    """
    rows = []
    for entry in entries(path, "event"):
        entry.only(("date", "label", "topics", "url"))
        day = entry.get("date", date)
        if isinstance(day, datetime):
            raise entry.error(
                f"date = {day.isoformat()}", "a day without time, as in date = 2025-01-20", "date"
            )
        url = entry.get("url", str, None)
        if url is not None and not is_web(url):
            raise entry.error(f"url = {url!r}", "an address that begins with https://", "url")
        rows.append((pd.Timestamp(day, tz="UTC"), entry.name("label"), entry.texts("topics", []), url))
    table = pd.DataFrame(rows, columns=["date", "label", "topics", "url"])
    table = table.astype({"date": "datetime64[us, UTC]", "label": "str", "url": "str"})
    return table.sort_values("date", ignore_index=True)
