"""The torture in short: the whole of it is `make torture`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from bench import torture, torture_storage
from bench.torture_network import STORIES, refresh_among, serve_honest, serve_hostile
from tests.loopback import Loopback


def test_a_refresh_among_ten_kinds_of_hostile_sources_reads_the_honest_and_records_each_of_the_others() -> (
    None
):
    """Drips, silence, floods, lies, bombs, loops, a log-in page: none takes longer than the deadline."""
    with Loopback() as web:
        done = refresh_among(serve_honest(web), serve_hostile(web), honest=10, hostile=10, deadline=3.0)
        assert len(web.asked("/feed")) == 10, "the honest ones were asked once each"
    assert done["stored"] == 10 * STORIES
    assert len(done["errors"]) == 10
    assert set(done["errors"]) >= {"timeout", "too_large", "truncated", "too_many_redirects", "not_a_feed"}


def test_a_run_replaces_its_own_section_of_the_results_and_leaves_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torture, "RESULTS", tmp_path / "RELIABILITY.md")
    torture.keep("storage", ["| kills | 0 lost | 0 lost | 7 | |"], 60, 1)
    torture.keep("network", ["| bombs | 200 MB | 90 MB | 50 | |"], 60, 1)
    torture.keep("storage", ["| kills | 0 lost | 0 lost | 9 | |"], 60, 1)
    text = torture.RESULTS.read_text()
    assert [line for line in text.splitlines() if line.startswith("## ")] == ["## network", "## storage"]
    assert "| 9 |" in text and "| 50 |" in text and "| 7 |" not in text


class Counting:
    """A module of the torture that counts one each time, and wants three."""

    @staticmethod
    def run(budget_seconds: float, seed: int, before: dict[str, Any]) -> dict[str, Any]:
        return {"n": before.get("n", 0) + 1, "seeds": [*before.get("seeds", []), seed]}

    @staticmethod
    def reached(counts: dict[str, Any]) -> bool:
        return counts.get("n", 0) >= 3

    @staticmethod
    def rows(counts: dict[str, Any]) -> list[dict[str, Any]]:
        return [counts]


def test_a_module_that_is_resumed_counts_on_with_new_seeds_keeps_its_counts_and_ends_where_all_is_reached(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torture, "COUNTS", tmp_path / "RELIABILITY.json")
    torture.remember("storage", {"n": 1, "runs": 7})
    torture.remember("parsing", {"n": 2})
    (row,) = torture._resumed("storage", Counting, 3600, 1, anew=False)
    assert (row["n"], row["seeds"]) == (3, [7_000_001, 8_000_001])
    assert torture.counts() == {"storage": row, "parsing": {"n": 2}}
    (row,) = torture._resumed("storage", Counting, 3600, 1, anew=True)
    assert row["seeds"] == [1, 1_000_001, 2_000_001]


def test_the_counts_of_two_runs_are_added_and_of_the_slowest_the_slower_is_kept() -> None:
    one, other = torture_storage.Kills(2, lost=1, slowest=3.0), torture_storage.Kills(5, slowest=2.0)
    assert torture_storage._together(asdict(one), asdict(other)) == asdict(
        torture_storage.Kills(7, lost=1, slowest=3.0)
    )
    assert not torture_storage.reached({})
    whole = {"calls": 65, "complete": True}
    done = {"kills": {"kills": 2_000}, "flips": {"flips": 10_000}, "writers": {"appends": 20_000}}
    assert torture_storage.reached(done | {"failures": {"EIO": whole, "ENOSPC": whole}})
    assert not torture_storage.reached(done | {"failures": {"EIO": whole}})


def test_every_module_of_the_torture_is_there() -> None:
    folder = Path(torture.__file__).parent
    assert {path.stem.removeprefix("torture_") for path in folder.glob("torture_*.py")} == set(
        torture.MODULES
    )
