"""The table behind a chart: a wide one, and the rows that a page shows."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd

from dashboard.components.charts.chart import Chart
from dashboard.downloads.tables import FORMATS, MOST, rows, wide

VOLUME = pd.DataFrame(
    {
        "period": pd.to_datetime(["2025-01-06", "2025-01-13"] * 2, utc=True),
        "series": pd.Categorical(["Open", "Open", "=Closed", "=Closed"]),
        "n": [3, 0, 1, 2],
        "collected": [10, 4, 10, 4],
        "share": [0.3, 0.0, 0.1, 0.5],
        "dataset": "version 3",
    }
)


def test_a_wide_table_has_a_row_a_period_and_a_column_a_series() -> None:
    made = wide(VOLUME)
    assert list(made) == ["period", "Open", "=Closed", "Open share", "=Closed share", "collected", "dataset"]
    assert made["Open"].tolist() == [3, 0]
    assert made["=Closed share"].tolist() == [0.1, 0.5]
    assert made["collected"].tolist() == [10, 4]


def test_a_wide_table_has_no_number_where_nothing_was_collected_and_says_which_periods_are_partial() -> None:
    known = {"gap": [False, True] * 2, "partial": [True, False] * 2, "undated": [5, 5, 0, 0]}
    made = wide(VOLUME.assign(collected=[10, 0] * 2, **known).assign(n=[3, 0, 1, 0]))
    assert list(made) == [
        *("period", "Open", "=Closed", "Open share", "=Closed share", "Open undated", "=Closed undated"),
        *("collected", "gap", "partial", "dataset"),
    ]
    assert made[["Open", "=Closed"]].isna().to_numpy().tolist() == [[False, False], [True, True]]
    assert made[["gap", "partial"]].to_numpy().tolist() == [[False, True], [True, False]]
    assert made[["Open undated", "=Closed undated"]].to_numpy().tolist() == [[5, 0], [5, 0]]
    read = pd.read_csv(io.BytesIO(FORMATS["wide.csv"](VOLUME.assign(**known))))
    assert read["Open"].dropna().tolist() == [3]


def test_a_wide_file_is_csv_and_one_of_a_table_without_series_is_the_tidy_one() -> None:
    read = pd.read_csv(io.BytesIO(FORMATS["wide.csv"](VOLUME)))
    assert read["Open"].tolist() == [3, 0]
    words = pd.DataFrame({"term": ["weights"], "z": [1.5]})
    assert FORMATS["wide.csv"](words) == FORMATS["csv"](words)


def test_a_series_that_lacks_a_row_has_a_hole_there() -> None:
    made = wide(VOLUME.iloc[:3])
    assert made["=Closed"].tolist()[0] == 1
    assert np.isnan(made["=Closed"].tolist()[1])


def test_a_series_that_is_named_like_a_column_takes_its_place_from_none() -> None:
    made = wide(VOLUME.assign(series=["collected"] * 2 + ["x"] * 2))
    assert made["collected (series)"].tolist() == [3, 0]
    assert made["collected"].tolist() == [10, 4]


def test_the_share_of_a_line_never_takes_the_place_of_the_count_of_another_with_its_name() -> None:
    made = wide(VOLUME.assign(series=["law", "law", "law share", "law share"]))
    counted = wide(VOLUME)
    first, second = VOLUME["series"].unique()
    assert made["law share"].tolist() == counted[second].tolist()
    assert made["law share (series)"].tolist() == counted[f"{first} share"].tolist()


def test_the_rows_of_a_page_are_the_numbers_of_the_table_with_days_and_without_what_all_rows_share() -> None:
    made = rows(VOLUME.assign(low=[np.nan, 0.1, 0.2, 0.3], partial=True))
    assert made["columns"] == ["period", "series", "n", "collected", "share", "low", "partial"]
    assert made["numbers"] == [False, False, True, True, True, True, False]
    assert made["rows"][0] == ["2025-01-06", "Open", 3, 10, 0.3, None, "True"]
    assert made["total"] == 4


def test_a_page_gets_so_many_rows_and_is_told_how_many_there_are() -> None:
    made = rows(pd.DataFrame({"n": range(MOST + 5)}))
    assert (len(made["rows"]), made["total"]) == (MOST, MOST + 5)


def test_a_chart_answers_the_switch_with_its_own_table_and_no_text_that_turns_the_page_around() -> None:
    chart = Chart(None, lambda: VOLUME.assign(series="a\u202eb<i>"))
    sent: list[dict] = []
    chart._send_msg = sent.append  # type: ignore[method-assign]
    chart._handle_msg({"kind": "rows"})
    assert [row[1] for row in sent[0]["table"]["rows"]] == ["ab<i>"] * 4
