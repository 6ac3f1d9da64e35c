"""The compact table of counts gives the same charts as the articles, and what changed is counted anew."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pressgauge
from pressgauge.analysis.outlets import outlets
from pressgauge.analysis.volume import volume
from pressgauge.errors import PressgaugeError
from pressgauge.filters import Filters, let_through
from pressgauge.filters import keep as filtered
from pressgauge.scale import counts, shards
from pressgauge.settings.topics import Topic
from pressgauge.store.dataset import Dataset
from tests.examples import examples

TOPICS = [Topic("ai", "AI", None, 'ai OR "open weights"'), Topic("open", "Open", "open", '"open weights"')]
TEXTS = ["All about AI", "Open weights for all", "Cats and dogs", "AI with open weights"]
LANGUAGES = ["en", "de", None]


def frame(days: list[int], start: int = 0) -> pd.DataFrame:
    """An article for each number of days after New Year 2025; undated for a negative one."""
    number = np.arange(start, start + len(days))
    dates = [
        None if day < 0 else pd.Timestamp("2025-01-01 10:00", tz="UTC") + pd.Timedelta(days=day)
        for day in days
    ]
    return pd.DataFrame(
        {
            "url": [f"https://outlet{n % 3}.example/{n}" for n in number],
            "title": [f"Number {n}" for n in number],
            "text": [TEXTS[n % 4] for n in number],
            "language": [LANGUAGES[n % 3 - n % 2] for n in number],
            "published": pd.to_datetime(pd.Series(dates, dtype=object), utc=True),
        }
    )


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    dataset = pressgauge.open(tmp_path)
    dataset.append(frame([0, 0, 1, 3, 40, 41, 41, 70, -1, -1, 100, 3, 3, 2]))
    return dataset


def assert_same(first: pd.DataFrame, second: pd.DataFrame, by: list[str]) -> None:
    first, second = (
        table.astype({name: "str" for name in by if name != "period"}) for table in (first, second)
    )
    pd.testing.assert_frame_equal(
        first.sort_values(by, ignore_index=True), second.sort_values(by, ignore_index=True)
    )


@pytest.mark.parametrize("freq", ["D", "W", "M", "Y"])
def test_the_volume_is_that_of_the_articles(dataset: Dataset, freq: str) -> None:
    snapshot = dataset.snapshot(TOPICS)
    expected = volume(snapshot.articles, snapshot.membership, freq=freq)
    assert_same(
        counts.volume(counts.count_dataset(dataset, TOPICS), freq=freq), expected, ["series", "period"]
    )
    assert expected["n"].sum() and expected["undated"].sum()


@pytest.mark.parametrize("by", ["outlet", "language"])
def test_the_outlets_are_those_of_the_articles(dataset: Dataset, by: str) -> None:
    snapshot = dataset.snapshot(TOPICS)
    expected = outlets(snapshot.articles, snapshot.membership, by=by)
    assert_same(counts.outlets(counts.count_dataset(dataset, TOPICS), by=by), expected, ["series", by])


def test_only_the_months_that_changed_are_counted_anew(dataset: Dataset) -> None:
    asked: list[str] = []

    def run(function, months):
        asked.extend(months)
        return map(function, months)

    counts.count_dataset(dataset, TOPICS, run)
    assert sorted(asked) == ["2025-01", "2025-02", "2025-03", "2025-04", "unknown"]
    asked.clear()
    counts.count_dataset(dataset, TOPICS, run)
    assert asked == []
    dataset.append(frame([45, 46], start=100))
    table = counts.count_dataset(dataset, TOPICS, run)
    assert asked == ["2025-02"]
    assert table["articles"].sum() == len(dataset) == 16
    asked.clear()
    counts.count_dataset(dataset, TOPICS[:1], run)
    assert len(asked) == 5, "other topics are counted from the beginning"


def test_a_month_that_a_commit_changes_while_it_is_counted_is_counted_again(dataset: Dataset) -> None:
    late = [frame([44], start=200), frame([120], start=300)]

    def run(function, months):
        for month in months:
            yield function(month)
            if late:
                dataset.append(late.pop())

    assert counts.count_dataset(dataset, TOPICS, run)["articles"].sum() == len(dataset) == 16


def test_a_damaged_table_is_made_anew(dataset: Dataset) -> None:
    expected = counts.count_dataset(dataset, TOPICS)
    file = dataset.path / "counts.parquet"
    content = bytearray(file.read_bytes())
    content[20:40] = bytes(20)
    file.write_bytes(content)
    pd.testing.assert_frame_equal(counts.count_dataset(dataset, TOPICS), expected)


def test_an_empty_dataset_has_no_counts_but_the_columns(tmp_path: Path) -> None:
    table = counts.count_dataset(pressgauge.open(tmp_path), TOPICS)
    assert len(table) == 0
    assert list(table) == ["day", "outlet", "language", "collected", "articles", "ai", "open"]
    assert len(counts.volume(table)) == 0


@settings(max_examples=examples(40))
@given(
    st.lists(st.tuples(st.integers(-1, 5), st.integers(0, 2), st.integers(0, 2), st.booleans())),
    st.integers(0, 9),
)
def test_parts_add_up_to_what_is_counted_together(rows: list[tuple], cut: int) -> None:
    articles = pd.DataFrame(
        {
            "day": np.array([row[0] for row in rows], dtype=np.int32),
            "outlet": pd.Categorical([f"o{row[1]}" for row in rows]),
            "language": pd.Categorical([LANGUAGES[row[2]] for row in rows]),
            "collected": pd.to_datetime([1] * len(rows), utc=True),
        }
    )
    member = pd.DataFrame({"ai": np.array([row[3] for row in rows], dtype=bool)})
    whole = counts.count(articles, member)
    parts = [counts.count(articles[side], member[side]) for side in (slice(cut), slice(cut, None))]
    pd.testing.assert_frame_equal(counts.merge(parts), whole)
    naive: dict[tuple, list[int]] = {}
    for day, outlet, language, ai in rows:
        n = naive.setdefault((day, f"o{outlet}", LANGUAGES[language]), [0, 0])
        n[0] += 1
        n[1] += ai
    found = {
        (row.day, row.outlet, row.language if isinstance(row.language, str) else None): [row.articles, row.ai]
        for row in whole.itertuples()
    }
    assert found == naive


@pytest.mark.parametrize("freq", ["D", "M"])
def test_under_filters_the_tables_are_those_of_the_articles_that_are_let_through(
    dataset: Dataset, freq: str
) -> None:
    snapshot, table = dataset.snapshot(TOPICS), counts.count_dataset(dataset, TOPICS)
    filters = Filters(
        since=date(2025, 1, 2), outlets=("outlet0.example", "outlet2.example"), languages=("en",)
    )
    rows, keep = filtered(snapshot, filters), let_through(table, filters)
    given = {"Artificial": table["ai"].to_numpy()}
    member = snapshot.membership[["ai"]].set_axis(["Artificial"], axis=1)
    by_time = volume(snapshot.articles, member, freq=freq, keep=rows)
    assert_same(counts.volume(table, freq=freq, keep=keep, series=given), by_time, ["series", "period"])
    by_outlet = outlets(snapshot.articles, member, keep=rows)
    assert_same(counts.outlets(table, keep=keep, series=given), by_outlet, ["series", "outlet"])
    assert by_time["n"].sum()


def test_the_months_of_a_number_add_up_to_it(dataset: Dataset) -> None:
    table = counts.count_dataset(dataset, TOPICS)
    everything = np.ones(len(table), dtype=bool)
    found = counts.by_month(table, table["articles"].to_numpy(), everything)
    assert list(found) == ["2025-04", "2025-03", "2025-02", "2025-01", "unknown"]
    assert found == {month: len(dataset.of_month(month, ["id"])) for month in found}
    assert "2025-04" not in counts.by_month(
        table, table["articles"].to_numpy(), (table["day"] < 20_170).to_numpy()
    )


def test_what_is_kept_says_of_which_version_and_topics_it_is(dataset: Dataset) -> None:
    assert counts.stored_counts(dataset) is None
    counts.count_dataset(dataset, TOPICS)
    dataset.append(frame([45], start=100))
    kept = counts.stored_counts(dataset)
    assert kept is not None
    assert (kept.version, kept.topics) == (0, (("ai", TOPICS[0].query), ("open", TOPICS[1].query)))
    now = counts.months_of(dataset)
    assert [month for month in now if kept.months[month] != now[month]] == ["2025-02"]


def test_what_was_counted_when_it_is_interrupted_is_kept(dataset: Dataset) -> None:
    def interrupted(function, months):
        yield function(next(iter(months)))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        counts.count_dataset(dataset, TOPICS, interrupted)
    kept = counts.stored_counts(dataset)
    assert kept is not None
    (first,) = kept.months
    assert kept.table["articles"].sum() == len(dataset.of_month(first, ["id"]))
    asked: list[str] = []
    counts.count_dataset(
        dataset, TOPICS, lambda function, months: map(function, asked.extend(months) or months)
    )
    assert len(asked) == 4
    assert first not in asked
    with pytest.raises(KeyboardInterrupt):
        counts.count_dataset(dataset, TOPICS[:1], interrupted)
    kept = counts.stored_counts(dataset)
    assert kept is not None
    assert len(kept.topics) == 2, "a whole table of other topics is not given up for a part of this one"


def test_shards_count_what_the_texts_do_and_find_the_articles_behind_a_number(dataset: Dataset) -> None:
    expected = counts.count_dataset(dataset, TOPICS)
    Path(dataset.path, counts.FILE).unlink()
    table = counts.count_dataset(dataset, TOPICS, count_month=shards.count_month)
    pd.testing.assert_frame_equal(table, expected)
    filters = Filters(since=date(2025, 1, 3), until=date(2025, 1, 9), outlets=("outlet0.example",))
    found = shards.articles_of(dataset, "2025-01", filters, TOPICS[0].query, ("title", "published"))
    number = counts.by_month(table, table["ai"].to_numpy(), let_through(table, filters))
    snapshot = dataset.snapshot(TOPICS)
    naive = snapshot.articles[filtered(snapshot, filters) & snapshot.membership["ai"]]
    assert number == {"2025-01": len(naive)}
    assert list(found["title"]) == list(naive.sort_values("published", ascending=False)["title"])
    assert len(found) > 0
    unknown = shards.articles_of(dataset, "unknown", Filters(), None, ("url",))
    assert len(unknown) == 2


def test_a_topic_named_as_a_column_of_the_table_is_refused(dataset: Dataset) -> None:
    with pytest.raises(PressgaugeError, match="named 'language' cannot be counted"):
        counts.count_dataset(dataset, [Topic("language", "Language", None, "ai")])
