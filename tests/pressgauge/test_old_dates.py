"""Digitised newspapers begin in the 18th century: their days are counted as any, on both sides of 1970."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import pressgauge
from pressgauge import analysis
from pressgauge.coverage import Coverage
from pressgauge.filters import Filters, keep
from pressgauge.store.dataset import Dataset

LAST = "1969-12-31T23:59:59.999999Z"
"""The last moment before the number of a day and of a microsecond changes its sign."""
DATED = {
    "1700-01-01": "1700-01",
    "1789-07-14": "1789-07",
    "1789-07-14T09:30:00+00:00": "1789-07",
    "1848-02-22": "1848-02",
    "1900-02-28": "1900-02",
    "1969-12-31": "1969-12",
    LAST: "1969-12",
    "1970-01-01": "1970-01",
    "1970-01-01T00:00:00.000001Z": "1970-01",
    "2025-01-20": "2025-01",
}
"""What is appended, and the month it is of."""


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The articles of DATED and one without a date; and of the spring of 1912 four a day by two outlets, of
    which one every third day tells of a ship, and from 15 to 20 April all."""
    days = [str(day) for day in np.arange("1912-02-01", "1912-06-01", dtype="datetime64[D]")]
    told = [*DATED, None, *(day for day in days for _ in range(4))]
    ship = [True] * (len(DATED) + 1) + [
        "1912-04-15" <= day <= "1912-04-20" or (which == 0 and number % 3 == 0)
        for number, day in enumerate(days)
        for which in range(4)
    ]
    dataset = pressgauge.open(tmp_path_factory.mktemp("old"))
    dataset.append(
        pd.DataFrame(
            {
                "url": [f"https://press.example/{n}" for n in range(len(told))],
                "title": [f"{'The ship' if each else 'The weather'} {n}" for n, each in enumerate(ship)],
                "published": told,
                "outlet": ["Post", "Times"] * (len(told) // 2) + ["Post"] * (len(told) % 2),
            }
        )
    )
    return dataset


@pytest.fixture(scope="module")
def found(dataset: Dataset) -> Coverage:
    return dataset.search("ship")


def test_moments_are_stored_as_they_were_given(dataset: Dataset) -> None:
    stored = dataset.load(["url", "published"]).set_index("url")["published"]
    for n, given in enumerate(DATED):
        moment = pd.Timestamp(given)
        assert stored[f"https://press.example/{n}"] == (moment if moment.tz else moment.tz_localize("UTC"))


def test_each_month_is_a_part_of_the_dataset(dataset: Dataset) -> None:
    spring = {"1912-02", "1912-03", "1912-04", "1912-05"}
    assert set(dataset.months()) == {*DATED.values(), *spring, "unknown"}
    assert len(dataset.of_month("1969-12", ["id"])) == 2


@pytest.mark.parametrize(
    ("freq", "periods"),
    [
        ("D", {"1700-01-01": 1, "1789-07-14": 2, "1969-12-31": 2, "1970-01-01": 2, "1912-04-15": 4}),
        ("W", {"1699-12-28": 1, "1789-07-13": 2, "1969-12-29": 4, "1912-04-15": 24}),
        ("M", {"1700-01-01": 1, "1789-07-01": 2, "1969-12-01": 2, "1970-01-01": 2}),
    ],
)
def test_volume_counts_them_in_their_day_week_and_month(
    found: Coverage, freq: str, periods: dict[str, int]
) -> None:
    table = found.volume(freq)
    counted = table.set_index(table["period"].dt.strftime("%Y-%m-%d"))["n"]
    assert {period: counted[period] for period in periods} == periods
    assert counted.sum() == len(found) - 1
    assert table["undated"].unique().tolist() == [1]


@pytest.mark.parametrize(("tz", "december"), [("UTC", 2), ("Europe/Berlin", 1), ("America/New_York", 3)])
def test_a_moment_is_of_the_day_of_its_place_and_a_day_stays_that_day(
    found: Coverage, tz: str, december: int
) -> None:
    table = found.volume("M", tz=tz)
    assert table.loc[table["period"].dt.strftime("%Y-%m") == "1969-12", "n"].tolist() == [december]


@pytest.mark.parametrize(
    ("query", "n"),
    [
        ("published:1700", 1),
        ("published:1789-07-14", 2),
        ("published:1969-12-31", 2),
        ("published:1970-01-01", 2),
        ("published:[* TO 1969-12-31] NOT published:1912", 7),
        ("published:[1969-12-31T23:59 TO 1970-01-01T00:00]", 3),
        ("published:[1970 TO *]", 3),
    ],
)
def test_queries_for_dates_find_them(dataset: Dataset, query: str, n: int) -> None:
    assert len(dataset.search(query)) == n


@pytest.mark.parametrize(
    ("since", "until", "n"),
    [(date(1700, 1, 1), date(1700, 1, 1), 1), (None, date(1969, 12, 31), 491), (date(1970, 1, 1), None, 3)],
)
def test_filters_hold_on_both_sides_of_1970(
    dataset: Dataset, since: date | None, until: date | None, n: int
) -> None:
    assert np.count_nonzero(keep(dataset.snapshot([]), Filters(since=since, until=until))) == n


def test_the_ship_of_1912_is_a_burst_on_its_days(found: Coverage) -> None:
    bursts = found.bursts()
    assert [(str(each.start.date()), str(each.end.date())) for each in bursts.itertuples()] == [
        ("1912-04-15", "1912-04-20")
    ]


def test_an_outlet_is_there_since_its_first_day(dataset: Dataset) -> None:
    there = analysis.presence(dataset.snapshot([]).articles).set_index("outlet")
    assert str(there.loc["Post", "first"].date()) == "1700-01-01"
    assert str(there.loc["Times", "first"].date()) == "1789-07-14"


@pytest.mark.parametrize("freq", ["D", "W", "M", "Y"])
def test_the_chart_begins_with_the_first_article(found: Coverage, freq: str) -> None:
    figure = found.volume(freq).plot()
    first = min(str(trace.x[0])[:10] for trace in figure.data if trace.x is not None and len(trace.x))
    assert first in ("1699-12-28", "1700-01-01")


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_they_come_back_from_a_file_as_they_were(dataset: Dataset, tmp_path: Path, kind: str) -> None:
    dataset.export(tmp_path / f"all.{kind}")
    again = pressgauge.read(tmp_path / f"all.{kind}")
    assert again["published"].tolist() == dataset.load(["published"])["published"].tolist()


def test_three_centuries_are_counted_by_the_year(found: Coverage) -> None:
    yearly = found.volume("Y")
    years = yearly[yearly["n"] > 0]
    assert [str(each.date()) for each in yearly["period"].iloc[[0, -1]]] == ["1700-01-01", "2025-01-01"]
    assert years["period"].dt.year.tolist() == [1700, 1789, 1848, 1900, 1912, 1969, 1970, 2025]
    assert years["n"].tolist()[:4] == [1, 2, 1, 1]
    assert yearly.plot().layout.title.text.startswith("Number of articles in each year")
