"""Of two versions of an article the better is kept, part by part, and a change is known as one."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import pytest

from pressgauge.store.rows.clean import prepare
from pressgauge.store.rows.merge import merge

THEN, NOW = datetime(2025, 2, 1, tzinfo=UTC), datetime(2025, 2, 3, tzinfo=UTC)
DAY = pd.Timestamp("2025-01-27", tz="UTC")
LONG = "word " * 100


def version(at: datetime, **columns: object) -> pd.DataFrame:
    row = {"url": "https://press.example/a", "title": "Title", "text": LONG, "published": DAY, **columns}
    frame = pd.DataFrame({name: pd.Series([value], dtype=object) for name, value in row.items()})
    frame["published"] = pd.to_datetime(frame["published"], utc=True)
    return prepare(frame, at).articles


def merged(old: dict[str, object], new: dict[str, object]) -> tuple[pd.Series, bool]:
    kept, changed = merge(version(THEN, **old), version(NOW, **new))
    return kept.iloc[0], bool(changed[0])


def test_the_same_again_changes_nothing() -> None:
    row, changed = merged({}, {})
    assert not changed
    assert row["words"] == 100


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [
        ({"title": "Old"}, {"title": "New"}, {"title": "New"}),
        ({"title": "Old"}, {"title": None}, {"title": "Old"}),
        ({"title": None}, {"title": "New"}, {"title": "New"}),
        ({"reader_version": 3}, {"reader_version": 4}, {"reader_version": 4}),
        ({"reader_version": 3}, {"reader_version": None}, {"reader_version": 3}),
        ({"text": LONG}, {"text": LONG + "more"}, {"words": 101}),
        ({"text": LONG}, {"text": None}, {"words": 100}),
        ({"text": LONG}, {"text": "word " * 49}, {"words": 100}),
        ({"text": LONG}, {"text": "word " * 50}, {"words": 50}),
        ({"text": LONG}, {"text": LONG + "more", "partial": "paywall"}, {"words": 100, "partial": None}),
        ({"text": "a teaser", "partial": "paywall"}, {"text": LONG}, {"words": 100, "partial": None}),
        ({"text": "a teaser", "partial": "feed"}, {"text": "a teaser more", "partial": "feed"}, {"words": 3}),
        ({"published": DAY}, {"published": None}, {"published": DAY, "published_precision": "day"}),
        (
            {"published": DAY + pd.Timedelta(hours=9)},
            {"published": DAY},
            {"published": DAY + pd.Timedelta(hours=9), "published_precision": "second"},
        ),
        (
            {"published": DAY},
            {"published": DAY + pd.Timedelta(hours=9)},
            {"published": DAY + pd.Timedelta(hours=9), "published_precision": "second"},
        ),
        ({"authors": ["Ada"]}, {"authors": []}, {"authors": ["Ada"]}),
        ({"authors": ["Ada"]}, {"authors": ["Ada", "Grace"]}, {"authors": ["Ada", "Grace"]}),
        ({"source": "feed"}, {"source": "archive"}, {"source": "feed"}),
        ({"source": None}, {"source": "archive"}, {"source": "archive"}),
        ({"language": "en"}, {"language": None}, {"language": "en"}),
        ({"country": "US"}, {"country": "GB"}, {"country": "GB"}),
    ],
)
def test_each_part_is_the_newer_unless_that_is_worse(
    old: dict[str, object], new: dict[str, object], kept: dict[str, object]
) -> None:
    row, _ = merged(old, new)
    for name, value in kept.items():
        assert pd.isna(row[name]) if value is None else row[name] == value, name


def test_what_was_read_together_stays_together() -> None:
    row, _ = merged(
        {"text_from": "trafilatura", "credit": "dpa", "title": "Old", "title_from": "json-ld"},
        {"text": None, "text_from": None, "credit": "AFP", "title": "New", "title_from": "feed"},
    )
    assert (row["text_from"], row["credit"], row["title"], row["title_from"]) == (
        "trafilatura",
        "dpa",
        "New",
        "feed",
    )


def test_how_sure_a_part_is_comes_with_the_part() -> None:
    row, changed = merged(
        {"published": DAY, "published_from": "json-ld", "published_confidence": 97, "title_confidence": 80},
        {"published": None, "published_from": None, "title": "New", "title_from": "feed"},
    )
    assert (row["published_from"], row["published_confidence"]) == ("json-ld", 97)
    assert pd.isna(row["title_confidence"])
    assert changed


@pytest.mark.parametrize(
    "new",
    [
        {"title": "New"},
        {"text": LONG + "more"},
        {"published": DAY + pd.Timedelta(hours=1)},
        {"outlet": "Other"},
        {"authors": ["Ada"]},
        {"language": "fr"},
        {"country": "FR"},
    ],
)
def test_a_change_that_a_reader_would_see_is_one(new: dict[str, object]) -> None:
    assert merged({}, new)[1]


@pytest.mark.parametrize(
    "new", [{"url": "https://press.example/a#x"}, {"source": "other"}, {"title_from": "feed"}]
)
def test_another_way_of_finding_it_is_none(new: dict[str, object]) -> None:
    assert not merged({"source": "feed"}, new)[1]


@pytest.mark.parametrize(
    "column", ["outlet", "domain", "country", "language", "title_from", "words", "source"]
)
def test_a_column_that_is_absent_never_replaces_what_is_there(column: str) -> None:
    known = {"outlet": "The Post", "domain": "post.example", "country": "GB", "language": "en"}
    known |= {"title_from": "json-ld", "source": "Post", "text": None, "words": 300}
    row, changed = merged(known, {"text": None})
    assert (row[column], changed) == (known[column], False)


def test_an_append_of_countries_alone_keeps_everything_else() -> None:
    known = {"outlet": "The Post", "authors": ["Ada"], "partial": "paywall", "credit": "Reuters"}
    old = version(THEN, **known)
    new = prepare(pd.DataFrame({"url": ["https://press.example/a"], "country": ["GB"]}), NOW).articles
    kept, changed = merge(old, new)
    assert changed.tolist() == [True]
    assert kept["country"].tolist() == ["GB"]
    rest = [name for name in kept if name not in ("country", "collected")]
    pd.testing.assert_frame_equal(kept[rest], old[rest], check_dtype=False)


def test_an_outlet_that_is_given_replaces_one_that_the_address_filled_in() -> None:
    assert merged({}, {"outlet": "The Post"})[0]["outlet"] == "The Post"
    assert merged({"outlet": "The Post"}, {"outlet": "Post Daily"})[0]["outlet"] == "Post Daily"
