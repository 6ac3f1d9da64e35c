"""What is wrong with a dataset on disk, and its repair.

Nothing is deleted: what is damaged is moved to the folder `quarantine`. An article never leaves a dataset, so
its newest state in any intact piece of any file on disk is the one to have: those of earlier versions and of
commits that a crash cut off included.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa

from pressgauge.errors import DatasetError
from pressgauge.schema import NAMES, SCHEMA
from pressgauge.search.soundness import sound
from pressgauge.search.tokens import FORMAT
from pressgauge.store.dataset import Dataset
from pressgauge.store.frames import frame_of
from pressgauge.store.table.delta import Storage
from pressgauge.store.table.listing import File, monthly


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: where, what, and what repair does (or did) about it."""

    where: Path
    problem: str
    remedy: str


def examine(dataset: Dataset) -> list[Finding]:
    """What is wrong, without changing anything; empty when all is well. Local datasets only.

    Raises DatasetError when the dataset is at an object store.
    """
    storage = _local_storage(dataset)
    findings = [Finding(path, problem, "set aside") for path, problem in _bad_log(storage)]
    if not findings:
        damaged_files = _damaged_files(storage)
        findings += [
            Finding(
                _path_of(storage, file),
                _state_of(storage, file),
                f"its {file.rows:,} articles are looked for",
            )
            for file in damaged_files
        ]
        stray = {
            key for rows in _unlisted_rows(storage) for key in _newer_rows(storage, rows, damaged_files)["id"]
        }
        if stray:
            problem = f"{len(stray):,} articles on disk are in no version, or otherwise than there"
            findings.append(Finding(dataset.path, problem, "stored"))
        if twice := len(_duplicate_ids(storage, damaged_files)):
            findings.append(Finding(dataset.path, f"{twice:,} articles are stored more than once", "merged"))
        findings += [
            Finding(path, "it cannot be read, but no newer version needs it", "none; that version is gone")
            for path in _bad_records(storage)
        ]
    index = dataset.path / "index" / f"format-{FORMAT}"
    if index.exists() and not sound(index, anew=True):
        findings.append(Finding(index, "the search index is damaged", "built anew"))
    return findings


def repair(dataset: Dataset) -> list[Finding]:
    """Repair what `examine` finds -> what was done, and how many articles were recovered or lost.

    Raises DatasetError when the disk refuses.
    """
    storage = _local_storage(dataset)
    findings = examine(dataset)
    if not findings:
        return []
    try:
        with dataset._write_lock():
            expected_count = _expected_count(storage)
            while bad := _bad_log(storage):
                for path, _ in bad:
                    _set_aside(dataset, path)
                storage = dataset._reopen()
            damaged_files = _damaged_files(storage)
            if damaged_files:
                storage.commit(storage.latest(), [], damaged_files, {"operation": "repair"})
                for file in damaged_files:
                    _set_aside(dataset, _path_of(storage, file))
            expected_count -= _merge_duplicates(storage)
        before = len(dataset)
        for rows in [*damaged_files.values(), *_unlisted_rows(storage)]:
            dataset.append(_newer_rows(storage, rows, {}))
        dataset.index()
    except OSError as error:
        raise DatasetError(f"cannot repair {dataset.path}: {error.strerror or error}") from error
    recovered, lost = len(dataset) - before, max(expected_count - len(dataset), 0)
    if recovered or lost:
        problem = f"{recovered + lost:,} articles were in no version, or could not be read"
        remedy = f"{recovered:,} recovered from what is intact on disk, {lost:,} lost: collect them again"
        findings.append(Finding(dataset.path, problem, remedy))
    return findings


def _local_storage(dataset: Dataset) -> Storage:
    if dataset._storage.local is None:
        raise DatasetError(f"{dataset.location} is not on this machine; its store keeps its own checksums")
    return dataset._storage


def _bad_log(storage: Storage) -> list[tuple[Path, str]]:
    """What must leave the log so that a version can be opened: checkpoints, which only say again what the
    records say, else the records after the newest version that they lead to."""
    assert storage.local is not None
    if (problem := _opening_problem(storage, None)) is None:
        return []
    log = storage.local / "_delta_log"
    if checkpoints := [path for path in log.glob("*checkpoint*") if path.is_file()]:
        return [(path, "the log cannot be read by it") for path in sorted(checkpoints)]
    records = sorted(log.glob("*.json"))
    good = next((n for n in reversed(range(len(records))) if _opening_problem(storage, n) is None), -1)
    return [(path, problem) for path in records[good + 1 :]] or [(log, problem)]


def _opening_problem(storage: Storage, version: int | None) -> str | None:
    """Why a version, the newest if it is None, cannot be opened; None if it can."""
    assert storage.local is not None
    try:
        fresh = Storage(storage.local)
        fresh.latest() if version is None else fresh.listing(version)
    except DatasetError as error:
        return str(error).partition("\n")[0]
    return None


def _bad_records(storage: Storage) -> list[Path]:
    assert storage.local is not None
    records = range(storage.latest().version + 1)
    paths = [storage.local / "_delta_log" / f"{version:020}.json" for version in records]
    return [path for version, path in enumerate(paths) if path.exists() and storage.record(version) is None]


def _expected_count(storage: Storage) -> int:
    """How many articles there were, by any record that can still be read."""
    assert storage.local is not None
    names = [path.stem for path in (storage.local / "_delta_log").glob("*.json")]
    commits = [storage.record(int(name)) for name in names if name.isdigit()]
    return max((commit.facts.get("articles", 0) for commit in commits if commit is not None), default=0)


def _damaged_files(storage: Storage) -> dict[File, pa.Table]:
    """The files of the newest version that are not all there, and their rows that are."""
    rows = {file: storage.intact(file) for file in storage.latest().files}
    return {file: table for file, table in rows.items() if table is not None}


def _duplicate_ids(storage: Storage, damaged_files: Collection[File]) -> pd.Series:
    """The ids that are stored more than once."""
    files = [file for file in storage.latest().files if file not in damaged_files]
    ids = storage.read(files, ["id"])["id"].to_pandas()
    return ids[ids.duplicated()].drop_duplicates()


def _merge_duplicates(storage: Storage) -> int:
    """Keep one row of each article, the newest; how many rows went."""
    twice = _duplicate_ids(storage, {})
    if twice.empty:
        return 0
    listing = storage.latest()
    holding = [f for f in listing.files if storage.read([f], ["id"])["id"].to_pandas().isin(twice).any()]
    rows = storage.read(holding, SCHEMA.names)
    order = rows.select(["id", "collected"]).to_pandas().sort_values("collected", kind="stable")
    kept_rows = order.drop_duplicates("id", keep="last").index.sort_values()
    storage.commit(listing, monthly(rows.take(pa.array(kept_rows))), holding, {"operation": "repair"})
    return len(rows) - len(kept_rows)


def _unlisted_rows(storage: Storage) -> Iterator[pa.Table]:
    """The intact articles of files that the newest version does not name, or of which it has marked rows; the
    newest file first."""
    assert storage.local is not None
    listed_paths = {file.path for file in storage.latest().files if not file.deleted}
    paths = [(path.stat().st_mtime_ns, path) for path in storage.local.glob("month=*/*.parquet")]
    for _, path in sorted(paths, reverse=True):
        name = path.relative_to(storage.local).as_posix()
        rows = storage.intact(File(name, -1))
        if name not in listed_paths and rows is not None:
            yield rows


def _newer_rows(storage: Storage, rows: pa.Table, damaged_files: Collection[File]) -> pd.DataFrame:
    """Those of the rows that the newest version has not in its intact files, or in an older state."""
    frame = frame_of(rows)[list(NAMES)]
    files = [file for file in storage.latest().files if file not in damaged_files]
    collected = frame_of(storage.read(files, ["id", "collected"])).set_index("id")["collected"]
    stored_moment = collected[~collected.index.duplicated()].reindex(frame["id"]).set_axis(frame.index)
    return frame[stored_moment.isna() | (frame["collected"] > stored_moment)]


def _state_of(storage: Storage, file: File) -> str:
    return "its bytes are not those written" if _path_of(storage, file).exists() else "the file is missing"


def _path_of(storage: Storage, file: File) -> Path:
    assert storage.local is not None
    return storage.local / file.path


def _set_aside(dataset: Dataset, path: Path) -> None:
    if path.exists():
        target = dataset.path / "quarantine" / path.name
        target.parent.mkdir(exist_ok=True)
        path.replace(target)
