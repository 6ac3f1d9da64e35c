"""What is wrong with a dataset on disk, and its repair.

Nothing is deleted: what is damaged is moved to the folder `quarantine`. Articles are recovered from every
intact file on disk, those of earlier versions and of commits that a crash cut off included.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pressgauge.article import NAMES
from pressgauge.dataset import Dataset
from pressgauge.errors import DatasetError
from pressgauge.indexing import sound
from pressgauge.storage import File, Storage
from pressgauge.words import FORMAT


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: where, what, and what repair does (or did) about it."""

    where: Path
    problem: str
    remedy: str


def examine(dataset: Dataset) -> list[Finding]:
    """What is wrong, without changing anything; empty when all is well. Local datasets only."""
    storage = _local(dataset)
    found = [Finding(path, problem, "set aside") for path, problem in _bad_log(storage)]
    if not found:
        found += [
            Finding(_path(storage, file), _state(storage, file), f"its {file.rows:,} articles are looked for")
            for file in _damaged(storage)
        ]
        held = dataset._ids(storage.latest())
        if twice := len(held) - len(np.unique(held)):
            found.append(Finding(dataset.path, f"{twice:,} articles are stored twice", "merged"))
    index = dataset.path / "index" / f"format-{FORMAT}"
    if index.exists() and not sound(index):
        found.append(Finding(index, "the search index is damaged", "built anew"))
    return found


def repair(dataset: Dataset) -> list[Finding]:
    """Repair what `examine` finds -> what was done, and how many articles were recovered or lost.

    Raises DatasetError when the disk refuses.
    """
    storage = _local(dataset)
    done = examine(dataset)
    if not done:
        return []
    try:
        with dataset._alone():
            for path, _ in _bad_log(storage):
                _set_aside(dataset, path)
            storage = dataset._reopen()
            damaged = _damaged(storage)
            lost = sum(file.rows for file in damaged)
            if damaged:
                storage.commit(storage.latest(), [], damaged, {"operation": "repair"})
                for file in damaged:
                    _set_aside(dataset, _path(storage, file))
        before = len(dataset)
        for rows in _unlisted(storage):
            known = dataset.has(rows["id"])
            if not known.all():
                dataset.append(rows.loc[~known, list(NAMES)])
        recovered = len(dataset) - before
        shutil.rmtree(dataset.path / "index", ignore_errors=True)
        dataset.index()
    except OSError as error:
        raise DatasetError(f"cannot repair {dataset.path}: {error.strerror or error}") from error
    if lost or recovered:
        remedy = f"{recovered:,} articles recovered from other files on disk"
        missing = max(lost - recovered, 0)
        problem = f"{lost:,} articles were unreadable" if lost else "articles were in no version"
        done.append(Finding(dataset.path, problem, f"{remedy}, {missing:,} lost: collect them again"))
    return done


def _local(dataset: Dataset) -> Storage:
    if dataset._storage.local is None:
        raise DatasetError(f"{dataset.location} is not on this machine; its store keeps its own checksums")
    return dataset._storage


def _bad_log(storage: Storage) -> list[tuple[Path, str]]:
    """The files of the log that keep the newest version from being read."""
    assert storage.local is not None
    log = storage.local / "_delta_log"
    bad = [(path, "no commit can be read from it") for path in sorted(log.glob("*.json")) if not _readable(path)]
    bad += [(p, "it cannot be read") for p in sorted(log.glob("*.checkpoint*.parquet")) if not _opens(p)]
    if bad:
        return bad + [(path, "it belongs to a damaged log") for path in log.glob("_last_checkpoint")]
    try:
        Storage(storage.local).latest()
    except DatasetError as error:
        newest = max(log.glob("*.json"), default=log)
        return [(newest, str(error))]
    return []


def _readable(commit: Path) -> bool:
    try:
        return "commitInfo" in [key for line in commit.read_bytes().splitlines() for key in json.loads(line)]
    except (OSError, ValueError):
        return False


def _opens(file: Path) -> bool:
    try:
        pq.read_table(file)
    except (OSError, pa.ArrowException):
        return False
    return True


def _damaged(storage: Storage) -> list[File]:
    return [file for file in storage.latest().files if not storage.checksum_holds(file)]


def _state(storage: Storage, file: File) -> str:
    return "its bytes are not those written" if _path(storage, file).exists() else "the file is missing"


def _unlisted(storage: Storage) -> Iterable[pd.DataFrame]:
    """The articles of intact files that the newest version does not name, the newest file first."""
    assert storage.local is not None
    listed = {file.path for file in storage.latest().files}
    paths = storage.local.glob("month=*/*.parquet")
    for path in sorted(paths, key=lambda p: p.stat().st_mtime, reverse=True):
        name = path.relative_to(storage.local).as_posix()
        if name in listed or not storage.checksum_holds(File(name, 0)):
            continue
        rows = pq.ParquetFile(path).metadata.num_rows
        yield storage.read([File(name, rows)], NAMES).to_pandas(
            types_mapper={pa.int32(): pd.Int32Dtype()}.get
        )


def _path(storage: Storage, file: File) -> Path:
    assert storage.local is not None
    return storage.local / file.path


def _set_aside(dataset: Dataset, path: Path) -> None:
    if path.exists():
        target = dataset.path / "quarantine" / path.name
        target.parent.mkdir(exist_ok=True)
        path.replace(target)
