"""The figure of covered lines at the end of `make test`."""

from __future__ import annotations

import pytest

from tests.lines_covered import verdict


@pytest.mark.parametrize(
    ("covered", "percent", "status"),
    [(900, 94.3, 0), (900, 90.0, 0), (800, 89.9, 1), (0, 0.0, 0)],
    ids=["above", "at", "below", "no figures"],
)
def test_fewer_lines_than_are_kept_fail_and_no_figures_are_no_figure(
    covered: int, percent: float, status: int
) -> None:
    said, ended = verdict({"covered_lines": covered, "percent_covered": percent}, 90)
    assert ended == status
    assert said.startswith("Lines covered: ")
