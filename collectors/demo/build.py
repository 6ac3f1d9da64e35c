"""The demo dataset: the whole synthetic press, written directly, so that a fresh clone shows something."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

from filelock import FileLock

import pressgauge
from collectors.demo.press import DEMO_NOTICE, GENERATOR, press
from pressgauge.settings import paths

_MARK = "demo.json"


def ensure_demo(folder: Path | None = None) -> Path:
    """The folder of the demo dataset (`paths.demo_dataset()` unless said otherwise), with its index.

    Built when it is absent or of another generator version, in a folder of its own that is then renamed: an
    interrupted build leaves nothing behind that would be opened. Processes that ask at once wait for one.
    """
    target = folder or paths.demo_dataset()
    target.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(target.with_name(f".{target.name}.lock")):
        if not _current(target):
            _build(target)
    return target


def _current(target: Path) -> bool:
    try:
        return json.loads((target / _MARK).read_text(encoding="utf-8"))["generator"] == GENERATOR
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _build(target: Path) -> None:
    folder = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        dataset = pressgauge.open(folder)
        dataset.append(press().frame())
        dataset.snapshot([])
        mark = {"notice": DEMO_NOTICE, "generator": GENERATOR}
        (folder / _MARK).write_text(json.dumps(mark), encoding="utf-8")
        if target.exists():
            old = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
            target.rename(old / "old")
            folder.rename(target)
            shutil.rmtree(old)
        else:
            folder.rename(target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    ensure_demo()
