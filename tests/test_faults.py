"""The table of faults in docs/faults.md: each number has its sentence and its tests."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

TESTS = Path(__file__).parent
ROW = re.compile(r"^\| ([NPSUO]\d\d) \| (.+?) \| (.+) \|$", re.M)


def numbered() -> dict[str, set[str]]:
    """The files of tests by the numbers in the names of their tests."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for file in TESTS.rglob("test_*.py"):
        for numbers in re.findall(r"def test_((?:[nspuo]\d\d_)+)", file.read_text(encoding="utf-8")):
            for number in re.findall(r"[nspuo]\d\d", numbers):
                found[number.upper()].add(file.relative_to(TESTS).as_posix())
    return dict(found)


def test_each_fault_has_one_sentence_and_the_tests_that_hold_it() -> None:
    table = ROW.findall((TESTS.parent / "docs" / "faults.md").read_text(encoding="utf-8"))
    assert len({number for number, _, _ in table}) == len(table)
    held = numbered()
    assert {number for number, _, _ in table} == set(held)
    for number, _, files in table:
        assert set(re.findall(r"`([^`]+)`", files)) <= held[number], number


def test_numbers_of_faults_have_no_gap() -> None:
    for kind in "NPSUO":
        numbers = sorted(int(number[1:]) for number in numbered() if number[0] == kind)
        assert numbers == list(range(1, len(numbers) + 1))
