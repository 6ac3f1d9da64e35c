"""Events: dates worth a mark on a chart, such as the release of a model or the passing of a law."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pandas as pd

from pressgauge.settings.toml import entries
from pressgauge.urls import is_web


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
        rows.append((pd.Timestamp(day, tz="UTC"), entry.get("label", str), entry.texts("topics", []), url))
    table = pd.DataFrame(rows, columns=["date", "label", "topics", "url"])
    table = table.astype({"date": "datetime64[us, UTC]", "label": "str", "url": "str"})
    return table.sort_values("date", ignore_index=True)
