"""The dataset: what is appended is there once, in its best version, and in every version it ever had."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pressgauge
from pressgauge.errors import DatasetError
from pressgauge.schema import COLUMNS, METADATA, NAMES, article_id
from pressgauge.settings.topics import Topic
from pressgauge.store.dataset import Dataset
from tests.examples import examples

DAY = pd.Timestamp("2025-01-27 09:30", tz="UTC")


def articles(*numbers: int, **columns: object) -> pd.DataFrame:
    """Articles with a text of their own, a day apart."""
    return pd.DataFrame(
        {
            "url": [f"https://press.example/story-{n}" for n in numbers],
            "outlet": "The Press",
            "title": [f"Story {n}" for n in numbers],
            "text": [f"number{n} " * 60 for n in numbers],
            "published": [DAY + pd.Timedelta(days=n) for n in numbers],
        }
        | columns
    )


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    return pressgauge.open(tmp_path / "coverage")


def test_a_dataset_is_not_made_by_opening_and_what_is_in_none_is_not_asked(dataset: Dataset) -> None:
    assert (len(dataset), dataset.version) == (0, -1)
    assert len(dataset.versions()) == 0
    assert not dataset.has([1]).any()
    with pytest.raises(DatasetError, match="there is no dataset at"):
        dataset.load()
    assert not dataset.path.exists()


def test_a_dataset_that_was_emptied_can_be_asked_anything(dataset: Dataset) -> None:
    dataset.append(articles(1))
    dataset.restore(-1)
    assert len(dataset) == 0
    assert list(dataset.load()) == list(NAMES)
    assert len(dataset.search("anything")) == 0


def test_more_articles_than_one_array_of_texts_holds_are_appended_at_once(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pressgauge.store.append._AT_ONCE", 3)
    given = articles(*range(0, 70, 7))
    dataset.append(given)
    stored = dataset.load().sort_values("published", ignore_index=True)
    pd.testing.assert_frame_equal(stored[["url", "title", "text"]], given[["url", "title", "text"]])


def test_what_is_appended_is_loaded_with_the_types_that_the_schema_says(dataset: Dataset) -> None:
    done = dataset.append(articles(0, 1, authors=[["Ada Byron"], []]))
    assert (done.added, done.updated, done.unchanged, done.rejected) == (2, 0, 0, ())
    frame = dataset.load().sort_values("published", ignore_index=True)
    for column in COLUMNS:
        dtype = str(frame[column.name].dtype)
        if column.categorical:
            assert dtype == "category"
        elif column.name in ("published", "collected"):
            assert dtype == "datetime64[us, UTC]"
        elif column.name in ("id", "story"):
            assert dtype == "int64"
        elif column.name in ("words", "reader_version") or column.name.endswith("_confidence"):
            assert dtype == "Int32"
        elif column.name == "authors":
            assert [list(names) for names in frame["authors"]] == [["Ada Byron"], []]
        else:
            assert dtype == "str", column.name
    assert frame["id"].tolist() == [article_id(f"https://press.example/story-{n}") for n in (0, 1)]
    assert frame["words"].tolist() == [60, 60]
    assert frame["domain"].tolist() == ["press.example"] * 2
    assert frame["published"].tolist() == [DAY, DAY + pd.Timedelta(days=1)]
    assert frame["story"].tolist() == frame["id"].tolist()


def test_unknown_is_null_and_never_now(dataset: Dataset) -> None:
    dataset.append(pd.DataFrame({"url": ["https://press.example/undated"]}))
    row = dataset.load().iloc[0]
    for name in (
        "title",
        "text",
        "published",
        "published_precision",
        "words",
        "language",
        "source",
        "credit",
    ):
        assert pd.isna(row[name]), name
    assert abs(row["collected"] - datetime.now(UTC)) < pd.Timedelta(minutes=1)


def test_the_same_article_is_stored_once_however_its_address_is_written(dataset: Dataset) -> None:
    dataset.append(articles(1))
    again = articles(1).assign(url="https://press.example/story-1?utm_source=feed#top")
    done = dataset.append(pd.concat([again, again]))
    assert (done.added, done.updated, done.unchanged) == (0, 0, 2)
    assert len(dataset) == 1
    assert dataset.version == done.version


def test_a_better_version_wins_and_the_older_one_stays_in_history(dataset: Dataset) -> None:
    teaser = articles(1, text="Only the beginning.", partial="paywall", published=[DAY.normalize()])
    first = dataset.append(teaser)
    second = dataset.append(articles(1, published=[DAY]))
    assert (second.added, second.updated) == (0, 1)
    now, before = dataset.load().iloc[0], dataset.load(as_of=first.version).iloc[0]
    assert (now["words"], now["published"], now["published_precision"]) == (60, DAY, "second")
    assert pd.isna(now["partial"])
    assert (before["words"], before["partial"]) == (3, "paywall")


def test_a_worse_version_changes_nothing_and_an_edited_title_does(dataset: Dataset) -> None:
    dataset.append(articles(1))
    worse = dataset.append(articles(1, text=None, published=[pd.NaT]))
    assert (worse.updated, worse.unchanged) == (0, 1)
    edited = dataset.append(articles(1, title=["Story 1, corrected"]))
    assert edited.updated == 1
    row = dataset.load().iloc[0]
    assert (row["title"], row["words"]) == ("Story 1, corrected", 60)


def test_a_date_that_becomes_known_moves_the_article_and_does_not_double_it(dataset: Dataset) -> None:
    dataset.append(articles(1, 2, published=[pd.NaT, pd.NaT]))
    dataset.append(articles(1))
    frame = dataset.load().set_index("url")
    assert len(frame) == 2
    assert frame["published"].notna().to_dict() == {
        "https://press.example/story-1": True,
        "https://press.example/story-2": False,
    }


def test_p13_hostile_text_never_loses_the_batch(dataset: Dataset) -> None:
    hostile = [
        "\ud800 lone",
        "nul\x00byte",
        "=1+1",
        "<script>alert(1)</script>",
        "\u202eoverride",
        "x" * 1_000_000,
    ]
    urls = [f"https://press.example/{n}" for n in range(len(hostile))]
    rows = [{"url": url, "title": title} for url, title in zip(urls, hostile, strict=True)]
    frame = pd.DataFrame([*rows, {"url": "javascript:alert(1)"}, {"url": None}], dtype=object)
    done = dataset.append(frame)
    assert done.added == len(hostile)
    assert done.rejected == ((6, "bad_url"), (7, "bad_url"))
    titles = dataset.load(["url", "title"]).sort_values("url")["title"].tolist()
    assert titles == ["? lone", "nulbyte", *hostile[2:]]


def test_p10_a_date_in_the_future_is_unknown(dataset: Dataset) -> None:
    dataset.append(articles(1, published=[pd.Timestamp.now(tz="UTC") + pd.Timedelta(days=400)]))
    row = dataset.load().iloc[0]
    assert pd.isna(row["published"])
    assert pd.isna(row["published_precision"])


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (pd.DataFrame({"title": ["x"]}), "need a column url"),
        (articles(1).assign(headline="x"), "no such column of an article: headline"),
        (articles(1).assign(published=1737961200), 'pd.to_datetime(frame["published"], unit="s", utc=True)'),
        (articles(1).assign(published=1737961200000), 'unit="ms"'),
        (articles(1).assign(published=45677.5), 'unit="D", origin="1899-12-30"'),
        (articles(1).assign(published=20108), 'pd.to_datetime(frame["published"], unit="D", utc=True)'),
        (articles(1).assign(published=20250127), 'astype(str), format="%Y%m%d"'),
        (articles(1).assign(published=1912), "if they are years"),
        (articles(1).rename(columns=str.upper), "write frame.rename(columns={'URL': 'url'"),
        (articles(1).rename(columns={"title": "titel "}), "write frame.rename(columns={'titel ': 'title'})"),
        (articles(1).assign(mine=1), "leave it out with frame.drop(columns=['mine'])"),
        (articles(1).set_index("url"), "write frame.reset_index()"),
        (articles(1).T.set_index([["a"] * 5], append=True).T, "several levels"),
        (articles(1).assign(published=pd.Period("2025-01", "M")), "dt.to_timestamp()"),
        (pd.concat([articles(1), articles(1)[["title"]]], axis=1), "column title is there twice"),
        (["https://press.example/1"], "a list of dicts becomes one with pd.DataFrame(rows)"),
        (articles(1).iloc[0], "as a pandas DataFrame with a row each, not as a Series"),
    ],
)
def test_a_frame_that_is_not_of_articles_is_refused_with_what_to_do(
    dataset: Dataset, frame: pd.DataFrame, words: str
) -> None:
    with pytest.raises(DatasetError, match=re.escape(words)):
        dataset.append(frame)
    assert dataset.version == -1


def test_every_version_can_be_loaded_again_by_number_and_by_moment(dataset: Dataset) -> None:
    versions = [dataset.append(articles(n)).version for n in range(3)]
    assert [len(dataset.load(["id"], as_of=version)) for version in versions] == [1, 2, 3]
    table = dataset.versions()
    assert table["articles"].tolist() == [1, 2, 3]
    assert table["added"].tolist() == [1, 1, 1]
    assert len(dataset.load(["id"], as_of=table["at"].iloc[1].to_pydatetime())) == 2
    assert len(dataset.load(["id"], as_of=f"{datetime.now(UTC):%Y-%m-%d}")) == 3
    with pytest.raises(DatasetError, match="no version as old as"):
        dataset.load(as_of="2001-01-01")
    with pytest.raises(DatasetError, match="from 0 to 2"):
        dataset.load(as_of=99)


def test_an_open_dataset_sees_what_another_process_commits(dataset: Dataset) -> None:
    other = pressgauge.open(dataset.path)
    assert len(other) == 0
    dataset.append(articles(1))
    assert len(other) == 1
    assert len(other.search("number1")) == 1


def test_rows_are_read_by_id_in_the_order_asked(dataset: Dataset) -> None:
    dataset.append(articles(*range(20)))
    ids = [article_id(f"https://press.example/story-{n}") for n in (17, 3, 11)]
    assert dataset.read([ids[0], 12345, *ids[1:]], ["title"])["title"].tolist() == [
        "Story 17",
        "Story 3",
        "Story 11",
    ]
    assert dataset.has([ids[2], 12345]).tolist() == [True, False]


def test_compacting_changes_files_and_nothing_else(dataset: Dataset) -> None:
    for n in range(10):
        dataset.append(articles(n, published=[DAY]))
    before = dataset.load().sort_values("id", ignore_index=True)
    version = dataset.version
    assert dataset.compact() == 1
    assert dataset.version == version + 1
    pd.testing.assert_frame_equal(
        dataset.load().sort_values("id", ignore_index=True), before, check_categorical=False
    )
    assert len(dataset.load(as_of=version)) == 10
    assert dataset.compact() == 1
    assert dataset.version == version + 1


def test_files_are_merged_a_part_at_a_time_the_newest_first(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pressgauge.store.table.merging.ROWS_A_GROUP", 13)
    monkeypatch.setattr("pressgauge.store.append.REWRITTEN", 0)  # what is outdated is marked in its file
    first = pd.Timestamp("2025-01-01", tz="UTC")
    for n in range(10):
        days = [first + pd.Timedelta(days=7 * each % 10 + n) for each in range(8)] + [None] * 2
        dataset.append(articles(*range(10 * n, 10 * n + 10), published=days))
    dataset.append(
        articles(5, 12, 33, published=first, text="a text that is longer than it was before " * 30)
    )
    before = dataset.load().sort_values("id", ignore_index=True)
    assert any(file.deleted for file in dataset._storage.latest().files)
    assert dataset.compact() == 2
    merged = dataset.load()
    assert merged["published"].dropna().is_monotonic_decreasing
    pd.testing.assert_frame_equal(
        merged.sort_values("id", ignore_index=True), before, check_categorical=False
    )


def test_searching_gives_the_matching_articles_the_newest_first(dataset: Dataset) -> None:
    dataset.append(articles(1, 2, 3, text=["open source wins", "closed", "Open-Source again"]))
    found = dataset.search('"open source"')
    assert list(found) == [*METADATA, "event"]
    assert found["title"].tolist() == ["Story 3", "Story 1"]


def test_a_dataset_made_anew_with_the_same_version_is_searched_anew(dataset: Dataset, tmp_path: Path) -> None:
    dataset.append(articles(1, text="llama"))
    assert len(dataset.search("llama")) == 1
    other = pressgauge.open(tmp_path / "other")
    other.append(articles(2, 3, text="mistral"))
    dataset.path.rename(tmp_path / "old")
    other.path.rename(dataset.path)
    assert dataset.version == 0
    assert [len(dataset.search(query)) for query in ("llama", "mistral")] == [0, 2]


def test_the_index_follows_every_commit(dataset: Dataset) -> None:
    dataset.append(articles(1, text="llama"))
    assert len(dataset.search("llama")) == 1
    dataset.append(articles(1, text="mistral " * 3))
    dataset.append(articles(2, text="llama"))
    assert dataset.search("llama")["title"].tolist() == ["Story 2"]
    assert dataset.search("mistral")["title"].tolist() == ["Story 1"]


def test_topics_label_all_history_at_once(
    dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESSGAUGE_DATA", str(tmp_path))
    dataset.append(articles(1, 2, text=["llama", "mistral"]))
    for query in ("llama", "llama OR mistral"):
        (tmp_path / "topics.toml").write_text(f'[[topic]]\nname = "models"\nquery = "{query}"\n')
        membership = pressgauge.topics(dataset)
        assert membership["models"].sum() == query.count(" OR ") + 1
        assert sorted(membership.index) == sorted(dataset.load(["id"])["id"])


TEXTS = [f"paragraph{n} " * 50 for n in range(4)]
VERSIONS = st.fixed_dictionaries(
    {
        "number": st.integers(0, 5),
        "text": st.none() | st.sampled_from(TEXTS),
        "title": st.none() | st.sampled_from(["one", "two"]),
        "partial": st.none() | st.just("paywall"),
        "published": st.none() | st.sampled_from([DAY, DAY.normalize(), DAY + pd.Timedelta(days=40)]),
    }
)


@settings(max_examples=examples(20))
@given(st.lists(st.lists(VERSIONS, max_size=6), max_size=5))
def test_whatever_is_appended_each_article_is_there_once_with_the_most_that_was_known(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[dict]]
) -> None:
    dataset = pressgauge.open(tmp_path_factory.mktemp("coverage"))
    known: dict[int, list[dict]] = {}
    for batch in batches:
        for version in batch:
            known.setdefault(version["number"], []).append(version)
        frame = pd.DataFrame(batch, columns=["number", "text", "title", "partial", "published"])
        published = pd.to_datetime(frame["published"], utc=True)
        urls = [f"https://press.example/{n}" for n in frame.pop("number")]
        dataset.append(frame.assign(published=published, url=urls))
    stored = dataset.load().set_index("url")
    assert len(stored) == len(dataset) == len(known)
    for number, versions in known.items():
        row = stored.loc[f"https://press.example/{number}"]
        assert pd.notna(row["text"]) == any(v["text"] for v in versions)
        assert pd.notna(row["title"]) == any(v["title"] for v in versions)
        assert pd.notna(row["published"]) == any(v["published"] is not None for v in versions)
        if any(v["text"] and not v["partial"] for v in versions):
            assert pd.isna(row["partial"])
        if pd.notna(row["text"]):
            assert row["text"] in {v["text"] for v in versions}
    assert np.array_equal(np.sort(dataset.index().ids("*")), np.sort(stored["id"].to_numpy()))


WORDS = ("open", "source", "llama", "mistral", "closed")
TOPICS = {"free": '"open source"', "llama": "llama", "shut": "closed NOT open"}
SAYS: dict[str, Callable[[str], bool]] = {
    "free": lambda text: "open source" in text,
    "llama": lambda text: "llama" in text.split(),
    "shut": lambda text: "closed" in text.split() and "open" not in text.split(),
}


@settings(max_examples=examples(25))
@given(st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6), min_size=1, max_size=8), st.data())
def test_every_search_and_any_and_or_not_of_topics_equals_a_naive_reading(
    tmp_path_factory: pytest.TempPathFactory, texts: list[list[str]], data: st.DataObject
) -> None:
    dataset = pressgauge.open(tmp_path_factory.mktemp("coverage"))
    written = [" ".join(text) for text in texts]
    half = len(written) // 2
    for part in (slice(half), slice(half, None)):
        numbers = range(len(written))[part]
        dataset.append(articles(*numbers, text=written[part], title=None))
    stored = dataset.load(["id", "text"]).set_index("id")["text"]
    topics = [Topic(name, name, None, query) for name, query in TOPICS.items()]
    snapshot = dataset.snapshot(topics)
    naive = pd.DataFrame({name: stored.map(says) for name, says in SAYS.items()})
    member = snapshot.membership.set_index(snapshot.articles["id"])
    pd.testing.assert_frame_equal(member.sort_index(), naive.sort_index(), check_names=False)
    one, other = data.draw(st.tuples(st.sampled_from(list(TOPICS)), st.sampled_from(list(TOPICS))))
    for query, expected in {
        f"({TOPICS[one]}) AND ({TOPICS[other]})": naive[one] & naive[other],
        f"({TOPICS[one]}) OR ({TOPICS[other]})": naive[one] | naive[other],
        f"({TOPICS[one]}) NOT ({TOPICS[other]})": naive[one] & ~naive[other],
        f"NOT ({TOPICS[one]})": ~naive[one],
    }.items():
        assert set(dataset.search(query)["id"]) == set(expected[expected].index), query
        assert dataset.index().count(query) == expected.sum()


def test_articles_from_before_1970_are_dated_and_counted_as_any_other(dataset: Dataset) -> None:
    dates = ["1785-01-01", "1969-12-31", "1970-01-01", None]
    dataset.append(articles(*range(4), published=pd.to_datetime(dates, utc=True)))
    assert dataset.months().keys() == {"1785-01", "1969-12", "1970-01", "unknown"}
    found = dataset.search("number*")
    years = found.volume("M")
    counted = years[years["n"] > 0]
    assert [f"{month:%Y-%m}" for month in counted["period"]] == ["1785-01", "1969-12", "1970-01"]
    assert set(years["undated"]) == {1}
    snapshot = dataset.snapshot([])
    long_ago = pressgauge.keep(snapshot, pressgauge.Filters(until=date(1969, 12, 31)))
    assert set(snapshot.articles["title"][long_ago]) == {"Story 0", "Story 1"}
    on_the_day = pressgauge.keep(
        snapshot, pressgauge.Filters(since=date(1969, 12, 31), until=date(1969, 12, 31))
    )
    assert set(snapshot.articles["title"][on_the_day]) == {"Story 1"}
    assert len(dataset.search("published:[* TO 1969]")) == 2
    found.volume("M").plot()
    found.bursts()


def test_a_dataset_of_an_older_release_stays_as_it_is_and_is_read_as_a_new_one(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older:  # which stored what it was given
        older.setattr("pressgauge.store.rows.clean._RULES", {})
        dataset.append(
            articles(1, 2, language=["English", "en-US"], country=["UK", None], title="<b>Old</b>")
        )
    files = {file: file.read_bytes() for file in Path(dataset.location).rglob("*.parquet")}
    assert set(dataset.load()["language"]) == {"en"}
    assert dataset.load(["country"])["country"].dropna().tolist() == ["GB"]
    assert len(dataset.search("language:en")) == 2
    dataset.append(articles(3, language="en"))
    for file, content in files.items():
        assert file.read_bytes() == content
    assert dataset.load(as_of=0)["title"].tolist() == ["<b>Old</b>"] * 2
    assert sorted(dataset.load()["title"]) == ["<b>Old</b>", "<b>Old</b>", "Story 3"]
