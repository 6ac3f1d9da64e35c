"""Whatever comes in leaves as the schema says, or is refused by its label; the frame given is not changed."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pressgauge.errors import DatasetError
from pressgauge.schema import COLUMNS, article_id
from pressgauge.store.clean import Intake, prepare

NOW = datetime(2025, 2, 1, 12, tzinfo=UTC)


def taken(**columns: object) -> pd.Series:
    """The only article of a frame with these values."""
    frame = pd.DataFrame(
        {name: [value] for name, value in {"url": "https://press.example/a", **columns}.items()}
    )
    return prepare(frame, NOW).articles.iloc[0]


def test_what_is_not_given_is_filled_from_what_is() -> None:
    row = taken(text="Four plain words here")
    assert (row["canonical_url"], row["domain"], row["outlet"]) == (
        "https://press.example/a",
        "press.example",
        "press.example",
    )
    assert row["id"] == article_id("https://press.example/a")
    assert row["words"] == 4
    assert row["collected"] == NOW


def test_the_canonical_url_decides_and_is_itself_cleaned() -> None:
    row = taken(canonical_url="https://press.example/b?utm_source=x")
    assert (row["canonical_url"], row["url"]) == ("https://press.example/b", "https://press.example/a")
    assert taken(canonical_url=None)["canonical_url"] == "https://press.example/a"


def test_an_id_that_is_given_is_not_believed() -> None:
    assert taken(id=7)["id"] == article_id("https://press.example/a")


@pytest.mark.parametrize(
    "url", [None, float("nan"), 7, "", "no url", "javascript:alert(1)", "http://", b"http://a.de/"]
)
def test_a_row_without_a_usable_url_is_named_by_its_label(url: object) -> None:
    frame = pd.DataFrame({"url": [url, "https://press.example/a"]}, index=["bad", "good"], dtype=object)
    intake = prepare(frame, NOW)
    assert intake.rejected == (("bad", "bad_url"),)
    assert len(intake.articles) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [(None, None), ("", None), ("one", 1), ("it's well-known – 3 times.", 4), ("开源模型 AI", 5), ("…", 0)],
)
def test_words_are_counted_as_a_reader_does(text: str | None, words: int | None) -> None:
    found = taken(text=text)["words"]
    assert pd.isna(found) if words is None else found == words


def test_a_date_is_utc_and_says_how_exactly_it_is_known() -> None:
    berlin = datetime(2025, 1, 27, 10, 30, tzinfo=timezone(timedelta(hours=1)))
    row = taken(published=berlin)
    assert (row["published"], row["published_precision"]) == (
        pd.Timestamp("2025-01-27 09:30", tz="UTC"),
        "second",
    )
    assert taken(published=datetime(2025, 1, 27, tzinfo=UTC))["published_precision"] == "day"
    given = taken(published=datetime(2025, 1, 27, tzinfo=UTC), published_precision="second")
    assert given["published_precision"] == "second"


@pytest.mark.parametrize(("hours", "known"), [(47, True), (49, False)])
def test_p10_a_date_more_than_two_days_ahead_is_unknown(hours: int, known: bool) -> None:
    row = taken(published=NOW + timedelta(hours=hours), published_from="json-ld")
    assert pd.notna(row["published"]) == pd.notna(row["published_precision"]) == known
    assert pd.notna(row["published_from"]) == known


@pytest.mark.parametrize(
    ("authors", "names"),
    [
        (["Ada", "Grace"], ["Ada", "Grace"]),
        (("Ada",), ["Ada"]),
        ("Ada Byron", ["Ada Byron"]),
        (None, []),
        ([None, "", 7, "Ada"], ["Ada"]),
        (7, []),
    ],
)
def test_a_byline_is_a_list_of_names(authors: object, names: list[str]) -> None:
    frame = pd.DataFrame({"url": ["https://press.example/a"], "authors": pd.Series([authors], dtype=object)})
    assert prepare(frame, NOW).articles["authors"].tolist() == [names]


def test_the_frame_that_is_given_is_not_changed() -> None:
    frame = pd.DataFrame({"url": ["https://press.example/a?utm_source=x", "bad"], "title": ["\x00", None]})
    before = frame.copy(deep=True)
    prepare(frame, NOW)
    pd.testing.assert_frame_equal(frame, before)


ANYTHING = (
    st.none()
    | st.text(max_size=20)
    | st.integers(-5, 5)
    | st.floats()
    | st.lists(st.text(max_size=5), max_size=3)
)
MOMENTS = st.none() | st.datetimes(datetime(1, 1, 2), datetime(9998, 1, 1)).map(
    lambda at: at.replace(tzinfo=UTC)
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "url": st.sampled_from(["https://press.example/a", "https://b.example/é", "x"]) | ANYTHING,
                "title": ANYTHING,
                "text": ANYTHING,
                "outlet": ANYTHING,
                "language": ANYTHING,
                "authors": ANYTHING,
                "published": MOMENTS,
            }
        ),
        min_size=1,
        max_size=5,
    )
)
def test_p13_whatever_is_in_a_frame_every_row_is_taken_or_named(rows: list[dict]) -> None:
    frame = pd.DataFrame({name: pd.Series([row[name] for row in rows], dtype=object) for name in rows[0]})
    intake: Intake = prepare(frame, NOW)
    assert len(intake.articles) + len(intake.rejected) == len(rows)
    assert list(intake.articles) == [column.name for column in COLUMNS if column.name != "story"]
    for column in COLUMNS:
        if column.name != "story" and not column.nullable:
            assert intake.articles[column.name].notna().all(), column.name
    for name in ("title", "text", "outlet"):
        for value in intake.articles[name].dropna():
            assert "\x00" not in value
            value.encode()


def test_a_frame_of_another_kind_is_refused() -> None:
    with pytest.raises(DatasetError, match="need a column url"):
        prepare(pd.DataFrame({"title": ["x"]}), NOW)
    with pytest.raises(DatasetError, match="with a time zone"):
        prepare(pd.DataFrame({"url": ["https://a.example/"], "published": ["2025-01-01"]}), NOW)


@given(st.lists(st.text("aé3 世ไี-“.\u00a0\n", max_size=30), max_size=120))
def test_a_word_stands_between_spaces_or_is_a_letter_of_a_script_without_them(texts: list[str]) -> None:
    frame = pd.DataFrame({"url": [f"https://press.example/{i}" for i in range(len(texts))], "text": texts})
    found = prepare(frame.astype({"text": "str"}), NOW).articles["words"]
    expected = [len(re.findall(r"[世ไ]|[aé3](?:[^\s世ไ]*[aé3])?", text)) for text in texts]
    assert found.fillna(0).tolist() == expected
