"""A disk that loses power: of what was written, only what was synced is left, in the worst case."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType
from typing import Self
from unittest import mock

State = bytes | frozenset[str]


class Power:
    """`with Power(folder) as power:` notes what each fsync of this process brings to the disk: a file's bytes
    or the names in a folder. What is in `folder` when it begins is on the disk already."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.synced = _states(self.folder)
        self.at_first = len(self.synced)

    def __enter__(self) -> Self:
        real = os.fsync

        def fsync(handle: int) -> None:
            real(handle)
            path = Path(f"/proc/self/fd/{handle}").readlink()
            self.synced.append((path, _state(path)))

        self._patch = mock.patch.object(os, "fsync", fsync)
        self._patch.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._patch.stop()

    def leaves(self, copy: Path, *, after: int | None = None, early: Path | None = None) -> Path:
        """Make `copy` what is left of the folder when the power fails after so many syncs (all by default).

        The disk may have written more than it was asked to: `early` is a folder that is there as it is now.
        """
        there = dict(self.synced[:after]) | dict(_states(early.resolve()) if early else ())
        self._copy(self.folder, copy, there)
        return copy

    def _copy(self, path: Path, copy: Path, there: dict[Path, State]) -> None:
        state = there.get(path, frozenset() if path.is_dir() else b"")
        if isinstance(state, bytes):
            copy.write_bytes(state)
            return
        copy.mkdir()
        for name in state:
            self._copy(path / name, copy / name, there)


def _states(folder: Path) -> list[tuple[Path, State]]:
    return [(path, _state(path)) for path in (folder, *folder.rglob("*"))]


def _state(path: Path) -> State:
    return frozenset(inside.name for inside in path.iterdir()) if path.is_dir() else path.read_bytes()
