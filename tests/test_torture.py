"""The torture in short: the whole of it is `make torture`."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import torture
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


def test_every_module_of_the_torture_is_there() -> None:
    folder = Path(torture.__file__).parent
    assert {path.stem.removeprefix("torture_") for path in folder.glob("torture_*.py")} == set(
        torture.MODULES
    )
