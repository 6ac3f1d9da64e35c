"""An index's files are read once and believed for a week, unless anything has happened to them since."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import tantivy

from pressgauge.search import soundness
from pressgauge.search.index import schema, with_analyzers, write, writer
from pressgauge.search.soundness import sound
from pressgauge.store import checked
from pressgauge.store.checked import NOTES

FILES = 6
"""Files of a segment."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small index that this process has not checked yet, and that was not written just now."""
    monkeypatch.setattr(checked, "_SETTLED", -1.0)
    monkeypatch.setattr(checked, "_checked", {})
    path = tmp_path / "index" / "format-0"
    path.mkdir(parents=True)
    index = with_analyzers(tantivy.Index(schema(), str(path)))
    with writer(index, 1) as writing:
        write(writing, [pd.DataFrame({"id": [1], "text": ["open source"]})], [], (1, 1))
    return path


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files whose bytes are read."""
    files: list[Path] = []
    has_checksum = soundness._has_checksum

    def recorded(file: Path) -> bool:
        files.append(file)
        return has_checksum(file)

    monkeypatch.setattr(soundness, "_has_checksum", recorded)
    return files


def another_process() -> None:
    """Forget what this process has read."""
    checked._checked.clear()


def test_files_are_read_by_the_first_process_and_believed_by_the_next(folder: Path, read: list[Path]) -> None:
    assert sound(folder)
    assert len(read) == FILES
    another_process()
    assert sound(folder)
    assert len(read) == FILES


def test_nothing_is_believed_where_all_is_to_be_read_anew(folder: Path, read: list[Path]) -> None:
    sound(folder)
    assert sound(folder, anew=True)
    assert len(read) == 2 * FILES


def test_a_file_with_another_byte_is_read_again_though_its_size_and_time_are_put_back(folder: Path) -> None:
    sound(folder)
    another_process()
    file = next(folder.glob("*.idx"))
    before, content = file.stat(), bytearray(file.read_bytes())
    content[0] ^= 1
    with file.open("r+b") as same_file:
        same_file.write(content)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (file.stat().st_size, file.stat().st_mtime_ns, file.stat().st_ino) == (
        before.st_size,
        before.st_mtime_ns,
        before.st_ino,
    )
    assert not sound(folder)


def test_files_that_were_put_back_from_a_copy_are_read_again(folder: Path, read: list[Path]) -> None:
    sound(folder)
    another_process()
    file = next(folder.glob("*.pos"))
    content = file.read_bytes()
    file.unlink()
    file.write_bytes(content)
    assert sound(folder)
    assert read[FILES:] == [file]


@pytest.mark.parametrize("by_another", [False, True])
def test_after_a_week_all_are_read_again(
    folder: Path, read: list[Path], monkeypatch: pytest.MonkeyPatch, by_another: bool
) -> None:
    sound(folder)
    if by_another:
        another_process()
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 8 * 24 * 3600)
    assert sound(folder)
    assert len(read) == 2 * FILES


def test_a_note_from_a_clock_that_ran_ahead_is_not_believed(
    folder: Path, read: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time()
    with monkeypatch.context() as ahead:
        ahead.setattr(time, "time", lambda: now + 30 * 24 * 3600)
        sound(folder)
    another_process()
    sound(folder)
    assert len(read) == 2 * FILES


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[:-1],
        lambda text: text.replace("1", "2", 1),
        lambda text: "",
        lambda text: "00000000\n[]",
        lambda text: "\x00" * 40,
    ],
)
def test_a_damaged_note_is_none(folder: Path, read: list[Path], damage: Callable[[str], str]) -> None:
    sound(folder)
    another_process()
    note = folder.parent / NOTES
    note.write_text(damage(note.read_text()))
    assert sound(folder)
    assert len(read) == 2 * FILES


def test_a_file_that_was_changed_just_now_is_not_noted(
    folder: Path, read: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checked, "_SETTLED", 3600.0)
    sound(folder)
    another_process()
    sound(folder)
    assert len(read) == 2 * FILES
