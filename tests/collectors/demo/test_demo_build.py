"""The demo dataset: built once, whole or not at all, and renewed with the generator."""

from __future__ import annotations

import json
import threading
from datetime import date
from pathlib import Path

import pytest

import pressgauge
from collectors.demo import build
from collectors.demo.press import DEMO_NOTICE, GENERATOR, Press, press
from pressgauge.settings import paths

pytestmark = pytest.mark.slow


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Press:
    """A week instead of two years: building is the same, and quick."""
    week = press(date(2025, 1, 27), date(2025, 2, 3))
    monkeypatch.setattr(build, "press", lambda: week)
    return week


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> Press:
    """A day, where what a demo holds does not matter."""
    one = press(date(2025, 1, 27), date(2025, 1, 28))
    monkeypatch.setattr(build, "press", lambda: one)
    return one


def test_the_demo_holds_every_article_of_the_press_with_its_index(small: Press, tmp_path: Path) -> None:
    folder = build.ensure_demo(tmp_path / "demo")
    dataset = pressgauge.open(folder)
    stored = dataset.load()
    assert sorted(stored["url"]) == sorted(piece.url for piece in small.pieces)
    assert stored["source"].str.startswith("demo:").all()
    assert len(dataset.search("deepseek")) == sum(
        "deepseek" in p.text.lower() + p.title.lower() for p in small.pieces
    )
    assert json.loads((folder / "demo.json").read_text()) == {"notice": DEMO_NOTICE, "generator": GENERATOR}


def test_the_agency_s_copies_are_one_story_with_their_original(small: Press, tmp_path: Path) -> None:
    stored = pressgauge.open(build.ensure_demo(tmp_path / "demo")).load().set_index("url")["story"]
    url = {piece.number: piece.url for piece in small.pieces}
    copies = [piece for piece in small.pieces if piece.original is not None]
    together = [stored[piece.url] == stored[url[piece.original or 0]] for piece in copies]
    assert len(copies) > 20
    assert sum(together) >= 0.95 * len(copies)
    families = {piece.original or piece.number for piece in small.pieces}
    assert stored.nunique() >= 0.98 * len(families)


def test_a_second_start_builds_nothing(day: Press, tmp_path: Path) -> None:
    folder = build.ensure_demo(tmp_path / "demo")
    made = folder.stat().st_ino
    assert build.ensure_demo(folder).stat().st_ino == made


@pytest.mark.parametrize("mark", ['{"generator": -1}', "{}", "[]", "no JSON", None])
def test_a_demo_of_another_version_or_a_damaged_one_is_renewed(
    day: Press, tmp_path: Path, mark: str | None
) -> None:
    folder = build.ensure_demo(tmp_path / "demo")
    made = folder.stat().st_ino
    if mark is None:
        (folder / "demo.json").unlink()
    else:
        (folder / "demo.json").write_text(mark)
    assert build.ensure_demo(folder).stat().st_ino != made
    assert len(pressgauge.open(folder)) == len(day.pieces)
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["demo"]


def test_an_interrupted_build_leaves_nothing_behind(
    day: Press, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build.json, "dumps", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        build.ensure_demo(tmp_path / "demo")
    assert [path for path in tmp_path.iterdir() if path.is_dir()] == []


def test_two_that_ask_at_once_get_one_demo(day: Press, tmp_path: Path) -> None:
    got: list[Path] = []
    threads = [
        threading.Thread(target=lambda: got.append(build.ensure_demo(tmp_path / "demo"))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [tmp_path / "demo"] * 3
    assert len(pressgauge.open(tmp_path / "demo").versions()) <= 2


def test_the_demo_lies_where_the_paths_say(
    day: Press, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESSGAUGE_DATA", str(tmp_path))
    assert build.ensure_demo() == paths.demo_dataset() == tmp_path / "demo"


def test_the_whole_demo_opens_with_its_topics(demo_data: Path) -> None:
    dataset = pressgauge.open(demo_data / "demo")
    assert len(dataset) >= 20_000
    assert dataset.load(["outlet"])["outlet"].nunique() >= 25
