"""Whatever comes in leaves as the schema says, or is refused by its label; the frame given is not changed."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pressgauge.errors import DatasetError
from pressgauge.schema import COLUMNS, article_id
from pressgauge.store.rows.clean import Intake, prepare
from pressgauge.store.rows.moments import moments
from tests.examples import examples

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


def test_an_address_in_bytes_is_an_address() -> None:
    frame = pd.DataFrame({"url": [b"https://press.example/a"]})
    assert prepare(frame, NOW).articles["canonical_url"].tolist() == ["https://press.example/a"]


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("published_precision", "minute", "second or day"),
        ("partial", "no", "paywall or consent or feed or excerpt or title_only"),
        ("details", "page 3", "a JSON object"),
        ("details", "[1]", "a JSON object"),
        ("words", Decimal("4.5"), "a whole number"),
        ("published", True, "a date that means one day"),
        ("published", pd.Period("2025-01", "M"), "a date that means one day"),
        ("published", pd.Period("2025-01-20", "2D"), "a date that means one day"),
        ("url", 7, "an address that begins with http"),
    ],
)
def test_a_cell_that_is_no_value_of_its_column_is_refused_by_row_and_said(
    column: str, value: object, expected: str, caplog: pytest.LogCaptureFixture
) -> None:
    frame = pd.DataFrame({"url": ["https://press.example/a", "https://press.example/b"]}, dtype=object)
    frame[column] = pd.Series([value, frame["url"][1] if column == "url" else None], dtype=object)
    intake = prepare(frame, NOW)
    assert intake.rejected == ((0, f"bad_{column}"),)
    assert intake.articles["url"].tolist() == ["https://press.example/b"]
    assert expected in caplog.text


def test_a_decimal_without_decimals_is_a_count() -> None:
    assert taken(words=Decimal("300.00"))["words"] == 300
    assert pd.isna(taken(words=Decimal("NaN"))["words"])


@pytest.mark.parametrize(
    "value", ["0001-01-01", datetime(1, 1, 1), np.datetime64("1599-12-31"), "2030-01-01"]
)
def test_a_date_that_no_newspaper_has_is_unknown_and_said(
    value: object, caplog: pytest.LogCaptureFixture
) -> None:
    assert pd.isna(taken(published=value)["published"])
    assert "1 articles are dated before 1600 or more than two days after" in caplog.text


def test_an_id_that_is_given_is_not_believed() -> None:
    assert taken(id=7)["id"] == article_id("https://press.example/a")


@pytest.mark.parametrize(
    "url", [None, float("nan"), 7, "", "no url", "javascript:alert(1)", "http://", b"http://\xff/"]
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
        ([None, "", "Ada"], ["Ada"]),
        ("C D; E F", ["C D", "E F"]),
        ("Doe, Jane", ["Doe, Jane"]),
        ('["C D", "E F"]', ["C D", "E F"]),
        ("['C D', 'E F']", ["C D", "E F"]),
        ({"E F", "C D"}, ["C D", "E F"]),
        ([{"name": "C D", "url": "https://a.example/"}], ["C D"]),
        ({"name": "C D"}, ["C D"]),
        (b"C D", ["C D"]),
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


@settings(max_examples=examples(60))
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


@given(st.lists(st.text("aé3 世ไี-“.\u00a0\n", max_size=30), max_size=120))
def test_a_word_stands_between_spaces_or_is_a_letter_of_a_script_without_them(texts: list[str]) -> None:
    frame = pd.DataFrame({"url": [f"https://press.example/{i}" for i in range(len(texts))], "text": texts})
    found = prepare(frame.astype({"text": "str"}), NOW).articles["words"]
    expected = [len(re.findall(r"[世ไ]|[aé3](?:[^\s世ไ]*[aé3])?", text)) for text in texts]
    assert found.fillna(0).tolist() == expected


@pytest.mark.parametrize(
    ("column", "value"),
    [
        *(("title", value) for value in (b"\xff\xfe", {"en": "x"}, ["x"], True, 1.5, pd.Timestamp(0))),
        *(("text", value) for value in ({"p": "x"}, ["a", "b"])),
        *(("authors", value) for value in (7, [7], {"first": 1, "name": 7}, True)),
        *(("words", value) for value in (-1, 1.5, "many", True, [3])),
        *(
            ("published", value)
            for value in ("03/04/2025", "yesterday", "2025-02-30", "May 2025", "10:30", [2025])
        ),
        *(("published", value) for value in ("25-01-20 EST", "20 Jan 2025 09:30 EST", "1709632800", True)),
    ],
)
def test_a_cell_that_is_no_value_of_its_column_refuses_its_row_and_says_so_once(
    column: str, value: object, caplog: pytest.LogCaptureFixture
) -> None:
    values = pd.Series([value, value, None], dtype=object)
    frame = pd.DataFrame({"url": [f"https://press.example/{n}" for n in range(3)], column: values})
    if column == "published":
        frame.loc[2, column] = "2025-01-20"
    frame.index = ["one", "two", "good"]
    intake = prepare(frame, NOW)
    assert intake.rejected == (("one", f"bad_{column}"), ("two", f"bad_{column}"))
    assert len(intake.articles) == 1
    assert [f"2 rows are refused for their {column}" in each.message for each in caplog.records] == [True]


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        (b"Caf\xc3\xa9", "Café"),
        (2024, "2024"),
        (2024.0, "2024"),
        ("  ", None),
        (pd.NA, None),
        (float("nan"), None),
    ],
)
def test_bytes_are_utf8_and_whole_numbers_their_digits(value: object, stored: str | None) -> None:
    title = taken(title=value)["title"]
    assert pd.isna(title) if stored is None else title == stored


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("<strong>Open</strong> weights", "Open weights"),
        ("Open<br/>weights&lt;br&gt;for all", "Open weights for all"),
        ("AT&amp;T &#8217;s &lt;em&gt;models&lt;/em&gt;", "AT&T ’s models"),
        ('<a href="https://a.example/">Open</a> <span class=x>weights</span>', "Open weights"),
        ("a < b and c > d, x<3", "a < b and c > d, x<3"),
        ("List<String> in Java & <T>", "List<String> in Java & <T>"),
        ("Gesamt\u00adkonzept\u200b der\ufeff Stadt\n  heute", "Gesamtkonzept der Stadt heute"),
        ("ภาษา\u200bไทย", "ภาษา\u200bไทย"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_a_title_is_text_without_markup_in_one_line(written: str, stored: str) -> None:
    assert taken(title=written)["title"] == stored


@given(st.text(alphabet="<>&;#ab/! \u00ad", max_size=200))
def test_any_title_is_taken_and_stays_what_it_became(written: str) -> None:
    once = taken(title=written)["title"]
    assert pd.isna(once) or "\u00ad" not in once


@pytest.mark.parametrize("value", ["English", "en-US", "en_GB", "EN", "eng", b"en"])
def test_a_language_is_stored_as_its_code(value: object) -> None:
    assert taken(language=value)["language"] == "en"


def test_what_is_no_language_or_country_is_unknown_and_said(caplog: pytest.LogCaptureFixture) -> None:
    row = taken(language="Klingonese", country="und")
    assert pd.isna(row["language"])
    assert pd.isna(row["country"])
    assert {"Klingonese", "und"} <= {word for each in caplog.records for word in each.message.split("'")}
    assert taken(country="United Kingdom")["country"] == "GB"


def test_that_a_text_is_in_no_language_is_unknown_and_no_mistake(caplog: pytest.LogCaptureFixture) -> None:
    assert all(pd.isna(taken(language=tag)["language"]) for tag in ("zxx", "und", "MUL", "mis-Latn"))
    assert caplog.text == ""


BERLIN = timezone(timedelta(hours=1))


@pytest.mark.parametrize(
    ("value", "moment", "precision"),
    [
        ("2025-01-20", "2025-01-20", "day"),
        (datetime(2025, 1, 20).date(), "2025-01-20", "day"),
        ("2025-01-20T09:30:00+01:00", "2025-01-20 08:30", "second"),
        ("2025-01-20 09:30Z", "2025-01-20 09:30", "second"),
        ("2025-01-20T09:30:00.123456789-0500", "2025-01-20 14:30:00.123456", "second"),
        ("2025-01-20T09:30", "2025-01-20 09:30", "second"),
        (datetime(2025, 1, 20, 9, 30), "2025-01-20 09:30", "second"),
        ("20250120", "2025-01-20", "day"),
        ("20250120T093000Z", "2025-01-20 09:30", "second"),
        ("Mon, 20 Jan 2025 09:30:00 GMT", "2025-01-20 09:30", "second"),
        ("January 20, 2025", "2025-01-20", "day"),
        ("20/01/2025", "2025-01-20", "day"),
        ("1785-01-01", "1785-01-01", "day"),
        (datetime(2025, 1, 20, tzinfo=BERLIN), "2025-01-20", "day"),
        ("2025-01-20T00:00:00+01:00", "2025-01-20", "day"),
        (pd.Period("2025-01-20", "D"), "2025-01-20", "day"),
    ],
)
def test_a_date_that_means_one_moment_is_taken(value: object, moment: str, precision: str) -> None:
    frame = pd.DataFrame({"url": ["https://press.example/a"], "published": pd.Series([value], dtype=object)})
    row = prepare(frame, NOW).articles.iloc[0]
    assert row["published"] == pd.Timestamp(moment, tz="UTC")
    assert row["published_precision"] == precision


zones = st.sampled_from([None, UTC, BERLIN])
given_moments = st.none() | st.datetimes(datetime(1700, 1, 1), datetime(2300, 1, 1), timezones=zones)


@given(st.lists(given_moments, max_size=5))
@settings(max_examples=examples(50))
def test_moments_of_a_column_are_those_of_each_alone(values: list[datetime | None]) -> None:
    read = moments("published", pd.Series(values, dtype=object))
    for utc, clock, value in zip(read.utc, read.clock, values, strict=True):
        if value is None:
            assert np.isnat(utc)
            assert np.isnat(clock)
        else:
            assert clock == np.datetime64(value.replace(tzinfo=None), "us")
            assert utc == clock - np.timedelta64(value.utcoffset() or timedelta(), "us")


def test_a_midnight_that_is_said_to_be_exact_stays_a_moment() -> None:
    row = taken(published=datetime(2025, 1, 20, tzinfo=BERLIN), published_precision="second")
    assert row["published"] == pd.Timestamp("2025-01-19 23:00", tz="UTC")


def days() -> pd.Series:
    """Anew each time: up to pandas 3.1.0 a conversion to Arrow writes 1970 into what it is made of."""
    return pd.Series(pd.to_datetime(["2025-01-20", None], utc=True))


@pytest.mark.parametrize(
    "column",
    [
        days().dt.tz_convert("Europe/Berlin").dt.normalize().dt.tz_convert("Europe/Berlin"),
        days().dt.tz_localize(None),
        days().astype("category"),
        days().dt.strftime("%Y-%m-%d").astype("category"),
        days().astype("timestamp[us, tz=UTC][pyarrow]"),
        days().dt.tz_localize(None).dt.to_period("D"),
        days().dt.strftime("%Y-%m-%d").astype("string[pyarrow]"),
    ],
    ids=lambda column: str(column.dtype),
)
def test_pandas_columns_of_days_are_days(column: pd.Series) -> None:
    frame = pd.DataFrame({"url": ["https://press.example/a", "https://press.example/b"], "published": column})
    found = prepare(frame, NOW).articles
    assert found["published"].tolist() == [pd.Timestamp("2025-01-20", tz="UTC"), pd.NaT]
    assert found["published_precision"].tolist()[0] == "day"


def test_a_count_of_words_is_kept_where_there_is_no_text_to_count() -> None:
    assert taken(words=300)["words"] == 300
    assert taken(words=300, text="two words")["words"] == 2
