"""Agreement between coders, by published examples."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pressgauge.validation.agreement import agreement, cohen_kappa, krippendorff_alpha

# The example of Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", section C: 4 observers.
OBSERVERS = pd.DataFrame({
    "A": [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    "B": [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    "C": [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    "D": [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
}).astype(object)  # fmt: skip


def codes(**values: str) -> pd.DataFrame:
    """A row a coder and article: each letter is a value, a space none."""
    rows = [
        ("llama", "relevant", number, coder, value)
        for coder, letters in values.items()
        for number, value in enumerate(letters)
        if value != " "
    ]
    return pd.DataFrame(rows, columns=["concept", "variable", "id", "coder", "value"])


def test_alpha_is_that_of_the_published_example() -> None:
    values = OBSERVERS.where(OBSERVERS.notna(), None)
    assert krippendorff_alpha(values) == pytest.approx(0.743, abs=0.0005)


def test_kappa_is_that_of_the_published_example() -> None:
    # Cohen (1960), as in every textbook: 20 both yes, 5 and 10 apart, 15 both no
    first = pd.Series(["y"] * 25 + ["n"] * 25)
    second = pd.Series(["y"] * 20 + ["n"] * 5 + ["y"] * 10 + ["n"] * 15)
    assert cohen_kappa(first, second) == pytest.approx(0.4)


def test_nothing_can_be_said_without_two_judgements_or_two_values() -> None:
    assert np.isnan(krippendorff_alpha(pd.DataFrame({"A": ["y", None], "B": [None, "n"]}, dtype=object)))
    assert np.isnan(krippendorff_alpha(pd.DataFrame({"A": ["y"], "B": ["y"]}, dtype=object)))
    assert np.isnan(krippendorff_alpha(pd.DataFrame({"A": []}, dtype=object)))
    assert np.isnan(cohen_kappa(pd.Series(["y"]), pd.Series(["y"])))
    assert np.isnan(cohen_kappa(pd.Series([None]), pd.Series(["y"])))


def test_agreement_is_told_by_variable_for_all_and_for_each_pair() -> None:
    table = agreement(codes(ana="yynn", ben="yyny", cem="y  n"))
    assert table["coders"].tolist() == ["all", "ana, ben", "ana, cem", "ben, cem"]
    assert table["articles"].tolist() == [4, 4, 2, 2]
    assert table["same"].tolist() == [6 / 8, 0.75, 1.0, 0.5]
    assert table["kappa"].tolist()[1:] == [0.5, 1.0, 0.0]
    assert agreement(codes()).empty
