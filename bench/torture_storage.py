"""What befalls a dataset on disk, many times: kills, failing disks, flipped bits, writers at once.

The same acts are the tests of `tests/pressgauge/store/test_faults_storage.py`, in fewer rounds.
"""

from __future__ import annotations

import contextlib
import errno
import io
import logging
import multiprocessing
import os
import random
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from multiprocessing.connection import Connection
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any
from unittest import mock

import pandas as pd

import pressgauge
from pressgauge.errors import PressgaugeError
from pressgauge.store.dataset import Dataset

NAME = "storage"
_DAY = pd.Timestamp("2025-01-27 09:30", tz="UTC")
_EACH = 1_000_000
"""More articles than one of several writers has."""
_SHORTEST_STEP = 0.2
"""Seconds that an append or an update of the index takes where nothing else runs, and more."""
# A child starts in milliseconds, from a process that has imported everything.
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["bench.torture_storage", "pressgauge.search.sync", "deltalake", "tantivy"])


def articles(states: dict[int, int]) -> pd.DataFrame:
    """Articles by number, each with the text of one of its states."""
    return pd.DataFrame(
        {
            "url": [f"https://press.example/{number}" for number in states],
            "outlet": "The Press",
            "title": [f"Story {number}, edition {state}" for number, state in states.items()],
            "text": [f"story{number} edition{state} " * 30 for number, state in states.items()],
            "published": [_DAY + pd.Timedelta(days=20 * (number % 4)) for number in states],
        }
    )


def states_of(frame: pd.DataFrame) -> dict[int, int]:
    """The state that each article of a frame is in, by its number. Raises AssertionError when it is none."""
    found = frame["title"].str.extract(r"^Story (\d+), edition (\d+)$").astype("int64")
    assert not found[0].duplicated().any(), "an article is there twice"
    states = dict(zip(found[0].tolist(), found[1].tolist(), strict=True))
    if len(frame):
        pd.testing.assert_series_equal(
            frame["text"], articles(states)["text"], check_index=False, check_names=False
        )
    return states


def searched(dataset: Dataset, states: dict[int, int]) -> None:
    """Raises AssertionError unless the index finds these articles, each in its state and in no other."""
    index = dataset.index()
    assert index.count("*") == len(states)
    for state, articles_in_it in Counter(states.values()).items():
        assert index.count(f"edition{state}") == articles_in_it


# S01: kill -9 at any moment of append and index update


@dataclass
class Kills:
    """How often the kill came while an append, or an update of the index, was under way; what was lost,
    doubled or could not be read after it; the longest time (s) until all articles were loaded again."""

    kills: int = 0
    appending: int = 0
    indexing: int = 0
    lost: int = 0
    doubled: int = 0
    unreadable: int = 0
    slowest: float = 0.0
    notes: list[str] = field(default_factory=list)


def kills(count: int, seed: int, folder: Path, limit: float = float("inf")) -> Kills:
    """Kill a process that appends and indexes without end, `count` times or until the time (s) is over, and
    look at what it leaves."""
    chance, done, stored = random.Random(seed), Kills(), dict[int, int]()
    folder.mkdir(parents=True, exist_ok=True)  # what is read before the first append is an empty dataset
    step, end = _SHORTEST_STEP, time.monotonic() + limit
    for _ in range(count):
        if time.monotonic() > end:
            break
        here, there = _PROCESSES.Pipe(duplex=False)
        child = _PROCESSES.Process(target=_write_for_ever, args=(str(folder), dict(stored), there))
        child.start()
        there.close()
        begun: dict[int, int] = {}
        doing = "rest"
        heard, times = [], []
        for _ in range(1 + chance.randrange(5)):
            heard.append(here.recv())
            times.append(time.monotonic())
        if len(times) > 2:  # a busy machine takes longer: any moment of the next step is as likely
            step = max(_SHORTEST_STEP, *(later - earlier for earlier, later in pairwise(times)))
        time.sleep(chance.random() * step)
        child.kill()
        child.join()
        with contextlib.suppress(EOFError, OSError):  # where the kill cut a message off
            while here.poll():
                heard.append(here.recv())
        for doing, what in heard:
            if doing == "append":
                begun = what
            elif doing == "index":  # the append before it is acknowledged
                stored |= begun
                begun = {}
        done.kills += 1
        done.appending += doing == "append"
        done.indexing += doing == "index"
        stored = _after_kill(folder, stored, begun, done)
    return done


def _after_kill(folder: Path, stored: dict[int, int], begun: dict[int, int], done: Kills) -> dict[int, int]:
    start = time.perf_counter()
    try:
        dataset = pressgauge.open(folder)
        frame = dataset.load()
        done.slowest = max(done.slowest, time.perf_counter() - start)
        if twice := int(frame["id"].duplicated().sum()):
            done.doubled += twice
            return stored
        found = states_of(frame)
        # What was under way is there whole, or not at all.
        done.lost += sum(
            found.get(number) != state for number, state in stored.items() if number not in begun
        )
        if found not in (stored, stored | begun):
            done.notes.append(f"neither before nor after: {found} {stored} {begun}")
        searched(dataset, found)
        return found
    except (PressgaugeError, AssertionError) as error:
        done.unreadable += 1
        done.notes.append(str(error))
        return stored


def _write_for_ever(folder: str, states: dict[int, int], told: Connection) -> None:
    dataset, chance = pressgauge.open(folder), random.Random(len(states))
    told.send(("ready", None))
    while True:
        old = chance.sample(sorted(states), min(2, len(states)))
        batch = {number: states[number] + 1 for number in old} | {len(states) + more: 0 for more in range(5)}
        told.send(("append", batch))
        dataset.append(articles(batch))
        states |= batch
        told.send(("index", None))
        dataset.index()
        told.send(("rest", None))


# S02: the k-th call to the system fails


class _Failing(io.BufferedWriter):
    """A file of which one write fails, after a part was written."""

    strike: Callable[[], None]

    def write(self, content: object) -> int:
        try:
            self.strike()
        except OSError:
            super().write(bytes(content)[:100])  # type: ignore[call-overload]
            raise
        return super().write(content)  # type: ignore[arg-type]


@contextlib.contextmanager
def failing(at: int, error: int) -> Iterator[list[str]]:
    """Let our call number `at` that opens, writes, syncs, renames or makes a folder fail; what was called."""
    called: list[str] = []

    def strike(what: str) -> None:
        called.append(what)
        if len(called) == at:
            raise OSError(error, os.strerror(error))

    def patched(module: object, name: str) -> mock._patch:
        real = getattr(module, name)

        def call(*args: object, **options: object) -> object:
            strike(name)
            return real(*args, **options)

        return mock.patch.object(module, name, call)

    opened = Path.open

    def open_(path: Path, mode: str = "r", *args: object, **options: object) -> object:
        strike("open")
        if mode != "xb":
            return opened(path, mode, *args, **options)  # type: ignore[call-overload]
        file = _Failing(io.FileIO(path, "xb"))
        file.strike = lambda: strike("write")
        return file

    with mock.patch.object(Path, "open", open_):
        names = ("fsync", "replace", "rename", "mkdir", "open")
        patches = [patched(os, name) for name in names]
        for patch in patches:
            patch.start()
        try:
            yield called
        finally:
            for patch in patches:
                patch.stop()


@dataclass
class Failures:
    """Appends in which one call failed: how many, how many of them ended without an error we explain, and how
    often what was stored before was harmed, or the append could not be repeated; whether no call is left."""

    calls: int = 0
    unexplained: int = 0
    harmed: int = 0
    unrepeatable: int = 0
    complete: bool = False
    notes: list[str] = field(default_factory=list)


def failures(error: int, every: int = 1, limit: float = float("inf"), first: int = 1) -> Failures:
    """Fail each call of an append and index update in turn (or one of `every` so many), from number `first`
    on, until all have or the time (s) is over."""
    before, batch = {0: 0, 1: 0, 2: 0}, {1: 1, 2: 1, 3: 0, 4: 0}
    done, end = Failures(), time.monotonic() + limit
    with tempfile.TemporaryDirectory() as name:
        whole = pressgauge.open(Path(name) / "whole")
        whole.append(articles(before))
        whole.index()
        for at in range(first, 1_000, every):
            folder = Path(name) / str(at)
            shutil.copytree(whole.path, folder)
            dataset = pressgauge.open(folder)
            try:
                with failing(at, error) as called:
                    dataset.append(articles(batch))
                    dataset.index()
            except PressgaugeError:
                pass
            except Exception as raised:  # noqa: BLE001  # that there is none is what is tested
                done.unexplained += 1
                done.notes.append(f"{called[-1]}: {raised!r}")
            done.complete = len(called) < at
            if done.complete or time.monotonic() > end:
                break
            done.calls += 1
            for opened, wanted in (
                (pressgauge.open(folder), (before, before | batch)),
                (dataset, (before | batch,)),
            ):
                try:
                    if opened is dataset:
                        dataset.append(articles(batch))
                    states = states_of(opened.load())
                    assert states in wanted
                    searched(opened, states)
                except (PressgaugeError, AssertionError) as raised:
                    done.harmed += opened is not dataset
                    done.unrepeatable += opened is dataset
                    done.notes.append(f"{called[at - 1]} ({at}): {raised!r}")
            shutil.rmtree(folder)
    return done


# S07: flipped bits


@dataclass
class Flips:
    """Single flipped bits: how many, how many an error told of, and how many gave something else silently."""

    flips: int = 0
    told: int = 0
    wrong: int = 0
    notes: list[str] = field(default_factory=list)


def flips(count: int, seed: int, limit: float = float("inf")) -> Flips:
    """Flip one bit at a time in any file of a dataset, and ask it everything."""
    chance, done, end = random.Random(seed), Flips(), time.monotonic() + limit
    with tempfile.TemporaryDirectory() as name:
        whole = Path(name) / "whole"
        dataset = pressgauge.open(whole)
        for number in range(3):
            dataset.append(articles({number: 0, number + 10: 0}))
        dataset.append(articles({0: 1, 20: 0}))
        dataset.index()
        expected = _everything(dataset)
        files = [path for path in sorted(whole.rglob("*")) if path.is_file() and path.stat().st_size]
        places = [(path, byte) for path in files for byte in range(path.stat().st_size)]
        for _ in range(count):
            if time.monotonic() > end:
                break
            path, byte = chance.choice(places) if chance.random() < 0.5 else _somewhere(files, chance)
            bit = chance.randrange(8)
            folder = Path(name) / f"flipped{done.flips}"  # an index may still write in the one before
            shutil.copytree(whole, folder)
            changed = bytearray(path.read_bytes())
            changed[byte] ^= 1 << bit
            (folder / path.relative_to(whole)).write_bytes(changed)
            done.flips += 1
            try:
                if (answer := _everything(pressgauge.open(folder))) != expected:
                    done.wrong += 1
                    part = next(key for key in expected if answer[key] != expected[key])
                    done.notes.append(f"{path.relative_to(whole)} byte {byte} bit {bit}: {part} differs")
            except PressgaugeError:
                done.told += 1
            shutil.rmtree(folder, ignore_errors=True)
    return done


def _somewhere(files: list[Path], chance: random.Random) -> tuple[Path, int]:
    """A byte of any file, small ones as often as large ones."""
    path = chance.choice(files)
    return path, chance.randrange(path.stat().st_size)


def _everything(dataset: Dataset) -> dict[str, object]:
    """All that a dataset answers, comparable."""
    answers: dict[str, object] = {}
    for version in (*range(dataset.version), None):
        frame = dataset.load(as_of=version).sort_values("id", ignore_index=True)
        answers[f"version {version}"] = frame.to_json(date_format="iso")
    # A record that cannot be read says so.
    table = dataset.versions()
    if (table["operation"] != "unreadable").all():
        answers["versions"] = table.to_json(date_format="iso")
    index = dataset.index()
    for query in ("*", "edition0", "edition1", '"story0 edition1"', "outlet:press", "published:2025-01"):
        answers[query] = sorted(index.ids(query).tolist())
    return {"versions": answers.get("versions", ""), **answers}


# S08 and S09: several writers at once, and one who reads all the while


@dataclass
class Writers:
    """What several processes appended at once: appends that were acknowledged, articles lost and doubled; how
    often one more process read it all meanwhile, how many versions it saw, and how often it saw none."""

    appends: int = 0
    lost: int = 0
    doubled: int = 0
    reads: int = 0
    versions: int = 0
    torn: int = 0


def writers(processes: int, folder: Path, *, appends: int, limit: float = float("inf")) -> Writers:
    """Let processes append articles of their own and one that all of them have, at the same time, so many
    each or until the time (s) is over."""
    folder.mkdir(parents=True, exist_ok=True)  # what is read before the first append is an empty dataset
    until, over = time.monotonic() + limit, _PROCESSES.Event()
    written, read = _PROCESSES.SimpleQueue(), _PROCESSES.SimpleQueue()
    reader = _PROCESSES.Process(target=_read_for_ever, args=(str(folder), over, read))
    children = [
        _PROCESSES.Process(target=_write_some, args=(str(folder), number, appends, until, written))
        for number in range(1, 1 + processes)
    ]
    for child in (reader, *children):
        child.start()
    stored = {0: 0}
    for child in children:
        child.join()
        assert child.exitcode == 0, "a writer failed"
        process, acknowledged = written.get()
        stored |= dict.fromkeys(range(_EACH * process, _EACH * process + acknowledged), 0)
    over.set()
    reader.join()
    assert reader.exitcode == 0, "the reader failed"
    dataset = pressgauge.open(folder)
    frame = dataset.load()
    found = states_of(frame.drop_duplicates("id"))
    searched(dataset, found)
    lost, doubled = len(stored.keys() - found.keys()), int(frame["id"].duplicated().sum())
    return Writers(len(stored) - 1, lost, doubled, *read.get())


def _write_some(folder: str, process: int, appends: int, until: float, told: SimpleQueue) -> None:
    logging.disable(logging.WARNING)  # that they wait for one another
    dataset, acknowledged = pressgauge.open(folder), 0
    while acknowledged < appends and time.monotonic() < until:
        dataset.append(articles({0: 0, _EACH * process + acknowledged: 0}))
        acknowledged += 1
        dataset.index()
    told.put((process, acknowledged))


def _read_for_ever(folder: str, over: Event, told: SimpleQueue) -> None:
    reads, sizes, torn = 0, set[int](), 0
    dataset = pressgauge.open(folder)
    while not over.is_set():
        numbers = set(states_of(dataset.load()))
        reads += 1
        sizes.add(len(numbers))
        torn += not _whole(numbers)
    told.put((reads, len(sizes), torn))


def _whole(numbers: set[int]) -> bool:
    """Whether these articles are a version: the one of all, and of each writer the first so many."""
    theirs = Counter(number // _EACH for number in numbers if number)
    expected = {_EACH * process + nth for process, many in theirs.items() for nth in range(many)}
    return not numbers or numbers == {0} | expected


# All of it, counted on from run to run

WANTED = {"kills": 2_000, "flips": 10_000, "writers": 20 * 1_000}
"""Kills, flipped bits, and appends of 20 writers."""
_ERRORS = (errno.EIO, errno.ENOSPC)
_SHARES = {"kills": 4, "flips": 4, "failures": 2, "writers": 1}
"""Of the time, as long as a part has not reached what is wanted."""


def run(budget_seconds: float, seed: int, before: dict[str, Any]) -> dict[str, Any]:
    """What has not been reached yet, in about this time -> the counts with what came of it."""
    parts: dict[str, Callable[[float], Any]] = {
        "kills": lambda limit: _some_kills(limit, seed),
        "flips": lambda limit: flips(WANTED["flips"] - before.get("flips", {}).get("flips", 0), seed, limit),
        "failures": lambda limit: _some_failures(limit, before.get("failures", {})),
        "writers": _some_writers,
    }
    lacking = [part for part in parts if not _reached(part, before)]
    counts = dict(before)
    for part in lacking:
        share = budget_seconds * _SHARES[part] / sum(_SHARES[each] for each in lacking)
        made = parts[part](share)
        counts[part] = made if part == "failures" else _together(before.get(part, {}), asdict(made))
    return counts


def reached(counts: dict[str, Any]) -> bool:
    return all(_reached(part, counts) for part in _SHARES)


def _reached(part: str, counts: dict[str, Any]) -> bool:
    of_part = counts.get(part, {})
    if part == "failures":
        return all(of_part.get(errno.errorcode[error], {}).get("complete") for error in _ERRORS)
    return int(of_part.get("appends" if part == "writers" else part, 0)) >= WANTED[part]


def _together(before: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """The counts of two runs; of the slowest the slower, complete where the later one is."""
    most = ("slowest", "complete")
    return {
        key: value if key not in before else max(before[key], value) if key in most else before[key] + value
        for key, value in more.items()
    }


def _some_kills(limit: float, seed: int) -> Kills:
    """Kills for so long, each twenty in a dataset of their own, so that each reopening costs the same."""
    done, end, number = asdict(Kills()), time.monotonic() + limit, 0
    with tempfile.TemporaryDirectory() as name:
        while not number or time.monotonic() < end:
            some = kills(20, seed + number, Path(name) / str(number), end - time.monotonic())
            done = _together(done, asdict(some))
            shutil.rmtree(Path(name) / str(number), ignore_errors=True)
            number += 1
    return Kills(**done)


def _some_failures(limit: float, before: dict[str, Any]) -> dict[str, Any]:
    """Failures of each error, from the call on which the last run came to."""
    counts = dict(before)
    for error in _ERRORS:
        name = errno.errorcode[error]
        so_far = counts.get(name, asdict(Failures()))
        if not so_far["complete"]:
            more = failures(error, limit=limit / len(_ERRORS), first=1 + so_far["calls"])
            counts[name] = _together(so_far, asdict(more))
    return counts


def _some_writers(limit: float) -> Writers:
    with tempfile.TemporaryDirectory() as name:
        return writers(20, Path(name), appends=1_000, limit=limit)


def rows(counts: dict[str, Any]) -> list[dict[str, object]]:
    """A row a figure: figure, wanted, got, events, note."""
    killed, flipped = Kills(**counts.get("kills", {})), Flips(**counts.get("flips", {}))
    at_once = Writers(**counts.get("writers", {}))
    table: list[dict[str, object]] = []

    def add(figure: str, wanted: str, got: str, events: str, note: str) -> None:
        table.append({"figure": figure, "wanted": wanted, "got": got, "events": events, "note": note})

    add(
        "S01 kill -9 while it appends and indexes",
        f"{WANTED['kills']:,}: 0 lost, 0 doubled, 0 unreadable",
        f"{killed.kills:,}: {killed.lost} lost, {killed.doubled} doubled, {killed.unreadable} unreadable",
        f"{killed.appending} in an append, {killed.indexing} in an update of the index",
        "; ".join(killed.notes[:3]) or "the others while it started or rested; in all runs",
    )
    add(
        "S01 reopened after a kill",
        "1 s",
        f"{killed.slowest:.2f} s at most",
        f"{killed.kills:,} times",
        "all articles loaded; by the clock, beside whatever else the machine did",
    )
    for error in _ERRORS:
        name = errno.errorcode[error]
        failed = Failures(**counts.get("failures", {}).get(name, {}))
        each = "each" if failed.complete else f"the first {failed.calls} of each"
        add(
            f"S02 one call fails with {name}",
            "0 unexplained, 0 harmed, 0 unrepeatable",
            f"{failed.unexplained} unexplained, {failed.harmed} harmed, {failed.unrepeatable} unrepeatable",
            f"{failed.calls} calls failed",
            "; ".join(failed.notes[:3]) or f"{each} open, write, sync, rename and mkdir of ours in turn",
        )
    add(
        "S07 one bit flipped",
        f"{WANTED['flips']:,}: 0 silently wrong",
        f"{flipped.flips:,}: {flipped.wrong} silently wrong",
        f"{flipped.told} told by an error",
        "; ".join(flipped.notes[:3]) or "the others changed no answer; in all runs",
    )
    add(
        "S08, S09 20 writers and a reader at once",
        "20 times 1,000: 0 lost, 0 doubled, 0 torn reads",
        f"{at_once.appends:,}: {at_once.lost} lost, {at_once.doubled} doubled, {at_once.torn} torn",
        f"{at_once.reads:,} reads saw {at_once.versions} versions",
        "each append brings one article of its own and one that all have; an update of the index after each",
    )
    return table
