"""Who was first is told only as far as the dates tell it."""

from __future__ import annotations

import pandas as pd
import pytest

from pressgauge.analysis.first import first_outlet

DAY, SECOND = "day", "second"


@pytest.mark.parametrize(
    ("articles", "first"),
    [
        ([("Post", "2025-01-20 09:00", SECOND), ("Wire", "2025-01-20 09:01", SECOND)], "Post"),
        ([("Wire", "2025-01-20 09:01", SECOND), ("Post", "2025-01-20 09:00", SECOND)], "Post"),
        ([("Post", "2025-01-20", DAY), ("Wire", "2025-01-20 09:01", SECOND)], None),
        ([("Post", "2025-01-20", DAY), ("Wire", "2025-01-20", DAY)], None),
        ([("Post", "2025-01-20", DAY), ("Wire", "2025-01-21", DAY)], "Post"),
        ([("Post", "2025-01-20", DAY), ("Wire", "2025-01-21 00:01", SECOND)], "Post"),
        ([("Post", "2025-01-20", DAY), ("Post", "2025-01-20 09:01", SECOND)], "Post"),
        ([("Post", "2025-01-20 09:00", SECOND), ("Wire", "2025-01-20 09:00", SECOND)], None),
        ([("Post", None, None), ("Wire", "2025-01-20 09:00", SECOND)], "Wire"),
        ([("Post", None, None)], None),
    ],
)
def test_an_outlet_is_first_where_no_other_may_have_been_as_early(
    articles: list[tuple[str, str | None, str | None]], first: str | None
) -> None:
    table = pd.DataFrame(articles, columns=["outlet", "published", "published_precision"])
    published = pd.to_datetime(table["published"], utc=True, format="ISO8601").dt.as_unit("us")
    table = table.assign(published=published, outlet=table["outlet"].astype("category"), event=7)
    found = first_outlet(table, "event")
    assert found.index.tolist() == [7]
    assert (found[7] if isinstance(found[7], str) else None) == first


def test_all_dates_are_exact_where_nothing_says_how_they_are_known() -> None:
    published = pd.to_datetime(["2025-01-20", "2025-01-20 00:01"], utc=True, format="ISO8601")
    table = pd.DataFrame({"outlet": ["Post", "Wire"], "published": published, "event": [1, 1]})
    assert first_outlet(table, "event").to_dict() == {1: "Post"}
