"""One way to replace a file: the old one or the new one, whole, and nothing else is touched."""

from __future__ import annotations

import ast
import os
import stat
import time
from pathlib import Path
from typing import IO

import pytest

from pressgauge.store import disk

ROOT = Path(__file__).parents[3]


def test_s17_a_file_is_replaced_and_keeps_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "kept.txt"
    file.write_bytes(b"old")
    file.chmod(0o640)
    disk.replace(file, b"new")
    assert file.read_bytes() == b"new"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert list(tmp_path.iterdir()) == [file]


def test_s17_what_a_link_leads_to_is_replaced_and_the_link_stays(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    real = tmp_path / "elsewhere" / "real.txt"
    real.write_bytes(b"old")
    link = tmp_path / "link.txt"
    link.symlink_to(real)
    disk.replace(link, lambda stream: stream.write(b"new"))
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


def test_s17_a_failure_leaves_the_old_file_and_nothing_beside(tmp_path: Path) -> None:
    file = tmp_path / "kept.txt"
    file.write_bytes(b"old")

    def half(stream: IO[bytes]) -> None:
        stream.write(b"ne")
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        disk.replace(file, half)
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


def test_what_a_killed_process_left_beside_a_file_goes_with_the_next_replacement(tmp_path: Path) -> None:
    file = tmp_path / "columns"
    token = "0123456789abcdef"
    killed, living = tmp_path / f".columns.{token}.new", tmp_path / f".columns.{token[::-1]}.new"
    others = [tmp_path / name for name in (f".topics.{token}.new", ".columns.new", f"columns.{token}.new")]
    for left in (killed, living, *others):
        left.write_bytes(b"half")
    two_hours_ago = time.time() - 7200
    for left in (killed, *others):
        os.utime(left, (two_hours_ago, two_hours_ago))
    disk.replace(file, b"new")
    assert {*tmp_path.iterdir()} == {file, living, *others}


def test_s17_content_and_name_are_on_disk_before_it_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    sync, rename = os.fsync, Path.replace

    def synced(number: int) -> None:
        done.append(Path(f"/proc/self/fd/{number}").readlink().name)
        sync(number)

    def renamed(self: Path, to: Path) -> Path:
        done.append("rename")
        return rename(self, to)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", renamed)
    disk.replace(tmp_path / "new.txt", b"new")
    assert [done[0].startswith(".new.txt."), *done[1:]] == [True, "rename", tmp_path.name]


def test_s17_no_other_place_writes_beside_and_renames() -> None:
    """Eight places did, five of them without a sync. Named here are others, which set damaged files aside."""
    kept = {
        "pressgauge/store/disk.py", "pressgauge/store/doctor.py",
        "collectors/database.py",
    }  # fmt: skip
    found = set()
    for floor in ("pressgauge", "collectors", "dashboard"):
        for file in (ROOT / floor).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    moves = node.func.attr == "replace" and len(node.args) == 1 and not node.keywords
                    if moves or ast.unparse(node.func) in ("os.replace", "os.rename"):
                        found.add(file.relative_to(ROOT).as_posix())
    assert found == kept
