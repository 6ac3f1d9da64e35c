"""Archives read by Dask workers beside a pool of processes that runs the same function, in the same run.

Not among the modules that run by default: `python -m bench --only cluster`, some minutes.
"""

from __future__ import annotations

import multiprocessing
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path

import psutil
from distributed import Client, wait

import pressgauge
from collectors.cluster.cluster import stage
from collectors.cluster.staging import Staging
from collectors.demo.archive import write_archive
from collectors.demo.press import Piece, press
from collectors.kinds import ccnews
from collectors.kinds.ccnews import Archive, Filter
from collectors.refresh.refresh import refresh_now
from collectors.source import Source

_ARCHIVES, _MOST = 8, 480
_ROUNDS = 2
_TRIFLES = 200
_names = count()


def rows(n: int) -> Iterator[dict[str, str]]:
    """Lines of the bench's table: measure, ours, theirs, ratio, note; with at most 480 pages."""
    pieces = press(date(2025, 1, 20), date(2025, 3, 1)).pieces[: min(n, _MOST)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        archives = _written(path / "warc", pieces)
        for workers in (1, 2, 4):
            yield _beside(workers, archives, len(pieces), path)
        yield _driver(path, len(pieces))
        yield from _reading(path, pieces[:200])


def _written(folder: Path, pieces: Sequence[Piece]) -> list[Archive]:
    folder.mkdir()
    source, archives = Source(name="bench", kind="ccnews", url=str(folder), outlet="bench"), []
    for number in range(_ARCHIVES):
        file = folder / f"{number}.warc.gz"
        write_archive(file, pieces[number::_ARCHIVES])
        archives.append(Archive(f"warc-{number}", str(file), source, Filter()))
    return archives


def _beside(workers: int, archives: list[Archive], pages: int, path: Path) -> dict[str, str]:
    """Both alternate, and the better of each counts; what starts before the first page is not timed."""
    pool_times, dask_times = [], []
    context = multiprocessing.get_context("spawn")
    with (
        ProcessPoolExecutor(workers, context, _start, (archives[0],)) as pool,
        Client(n_workers=workers, threads_per_worker=1, dashboard_address=None) as client,
    ):
        addresses = list(client.scheduler_info(n_workers=-1)["workers"])
        wait([client.submit(_start, archives[0], workers=[each], pure=False) for each in addresses])
        list(pool.map(_trifle, range(workers)))
        for _ in range(_ROUNDS):
            staging = Staging(str(path / f"staging-{next(_names)}"))
            pool_times.append(_timed(lambda to=staging: list(pool.map(stage, archives, [to] * _ARCHIVES))))
            staging = Staging(str(path / f"staging-{next(_names)}"))
            dask_times.append(
                _timed(lambda to=staging: client.gather(client.map(stage, archives, staging=to, pure=False)))
            )
        a_task = _timed(lambda: client.gather(client.map(_trifle, range(_TRIFLES)))) / _TRIFLES
        memory = max(client.submit(_peak, workers=[each], pure=False).result() for each in addresses)
    pool_time, dask_time = min(pool_times), min(dask_times)
    more = ", oversubscribed" if workers > (multiprocessing.cpu_count() or 1) else ""
    return {
        "measure": f"{pages} pages by {workers} worker{'s' * (workers > 1)}{more}",
        "ours": f"{pages / dask_time:.1f} pages/s",
        "theirs": f"{pages / pool_time:.1f} pages/s",
        "ratio": f"{pool_time / dask_time:.2f}",
        "note": f"a process pool; {a_task * 1000:.1f} ms a task; {memory / 2**20:.0f} MB a worker at most",
    }


def _driver(path: Path, pages: int) -> dict[str, str]:
    """What the one process that commits can take: the rows are staged already."""
    source = Source(name="bench", kind="ccnews", url=str(path / "warc"), outlet="bench")
    with Client(n_workers=1, threads_per_worker=1, dashboard_address=None) as client:
        refresh_now(pressgauge.open(path / "first"), [source], bar=False, client=client)
        dataset = pressgauge.open(path / "second")
        for address in sorted((path / "warc").iterdir()):
            archive = Archive(ccnews.key_of(str(address), source, Filter()), str(address), source, Filter())
            stage(archive, Staging(str(path / "second" / "staging")))
        taken = _timed(lambda: refresh_now(dataset, [source], bar=False, client=client))
    return {
        "measure": f"driver: {pages} staged rows into the dataset",
        "ours": f"{pages / taken:.0f} articles/s",
        "theirs": "",
        "ratio": "",
        "note": "decided, committed, indexed; the start of a refresh included",
    }


def _reading(path: Path, pieces: Sequence[Piece]) -> Iterator[dict[str, str]]:
    """An archive with pages of the size of real ones, of which nothing is wanted."""
    draw = random.Random(1)
    words = " ".join(paragraph for piece in pieces for paragraph in piece.paragraphs).split()
    long = [replace(piece, paragraphs=(" ".join(draw.choices(words, k=12_000)),)) for piece in pieces]
    file = path / "long.warc.gz"
    plain = write_archive(file, long)
    for name, wanted in (
        ("by outlet", Filter(domains=("none.example",))),
        ("by words", Filter(terms=(b"no such word",))),
    ):
        taken = min(_timed(lambda wanted=wanted: list(ccnews.pages_of_file(file, wanted))) for _ in range(3))
        yield {
            "measure": f"an archive passed over {name}",
            "ours": f"{file.stat().st_size / taken / 1e6:.0f} MB/s",
            "theirs": "",
            "ratio": "",
            "note": f"compressed; {len(long) / taken:.0f} records/s of {plain / len(long) / 1000:.0f} kB",
        }


def _start(archive: Archive) -> None:
    with tempfile.TemporaryDirectory() as folder:
        stage(archive, Staging(folder))


def _trifle(number: int) -> int:
    return number


def _peak() -> int:
    """The most memory that this process and its reader have had resident at once, at most; bytes."""
    processes = [psutil.Process(), *psutil.Process().children()]
    return sum(_high_water(process.pid) for process in processes)


def _high_water(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return 1024 * next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
