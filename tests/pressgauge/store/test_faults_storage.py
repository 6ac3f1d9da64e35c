"""What befalls a dataset on disk: what was acknowledged stays, and nothing is wrong without an error."""

from __future__ import annotations

import errno
import logging
import multiprocessing
import os
import pickle
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable, write_deltalake
from filelock import SoftFileLock

import pressgauge
from bench import torture_storage
from bench.power import Power
from bench.torture_storage import articles, searched, states_of
from pressgauge.errors import DatasetError, PressgaugeError
from pressgauge.store.append import Append
from pressgauge.store.dataset import Dataset
from pressgauge.store.table import delta, local
from pressgauge.store.table.delta import Storage, _Draft
from pressgauge.store.table.listing import File

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    return pressgauge.open(tmp_path / "coverage")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    mounted = subprocess.run(command, capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def read_only(disk: Path) -> Iterator[None]:
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    try:
        yield
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)


def test_s01_s15_a_process_killed_at_any_moment_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    killed = torture_storage.kills(20, seed=1, folder=tmp_path / "coverage")
    assert (killed.kills, killed.lost, killed.doubled, killed.unreadable) == (20, 0, 0, 0), killed.notes
    assert killed.notes == []
    assert killed.appending >= 3, "hardly any kill came while an append was under way"
    assert killed.indexing >= 1, "no kill came while the index was brought up to date"


def _is_killed_as_it_commits(path: str, files_first: bool) -> None:
    """An append whose files are on disk before its commit, or would be written after it."""
    write, transact = Storage._write_file, Storage._transact

    def named(self: Storage, draft: _Draft) -> tuple[File, int]:
        file, size = write(self, draft)
        (self.local / file.path).unlink()  # type: ignore[operator]
        return file, size

    def killed(*arguments: object) -> None:
        transact(*arguments)  # type: ignore[arg-type]
        os.kill(os.getpid(), signal.SIGKILL)

    Storage._transact = killed  # type: ignore[assignment,method-assign]
    if not files_first:
        Storage._write_file = named  # type: ignore[method-assign]
    pressgauge.open(path).append(articles({0: 1}))


@pytest.mark.parametrize("files_first", [True, False])
def test_s01_s15_without_the_files_before_the_commit_a_kill_between_them_leaves_all_unreadable(
    dataset: Dataset, files_first: bool
) -> None:
    dataset.append(articles({0: 0}))
    processes = multiprocessing.get_context("forkserver")
    writer = processes.Process(target=_is_killed_as_it_commits, args=(str(dataset.path), files_first))
    writer.start()
    writer.join(60)
    assert writer.exitcode == -signal.SIGKILL
    if files_first:
        assert states_of(dataset.load()) == {0: 1}
    else:
        with pytest.raises(DatasetError, match="missing"):
            dataset.load()


@pytest.mark.parametrize(("error", "every"), [(errno.EIO, 3), (errno.ENOSPC, 4)])
def test_s02_whichever_call_fails_the_old_data_stay_and_the_append_can_be_repeated(
    error: int, every: int
) -> None:
    failed = torture_storage.failures(error, every)
    assert failed.calls > 10
    assert (failed.unexplained, failed.harmed, failed.unrepeatable) == (0, 0, 0), failed.notes


def test_s02_a_log_that_cannot_be_written_leaves_no_files_behind(dataset: Dataset) -> None:
    dataset.append(articles({0: 0}))
    log = Path(dataset.location) / "_delta_log"
    if os.geteuid() != 0 or subprocess.run(["chattr", "+i", log], capture_output=True).returncode:
        pytest.skip("a folder cannot be made immutable here")
    before = sorted(dataset.path.rglob("*.parquet"))
    try:
        with pytest.raises(DatasetError, match="cannot write"):
            dataset.append(articles({1: 0}))
    finally:
        subprocess.run(["chattr", "-i", log], check=True)
    assert sorted(dataset.path.rglob("*.parquet")) == before
    assert states_of(dataset.load()) == {0: 0}
    assert dataset.append(articles({1: 0})).added == 1


@pytest.mark.parametrize("looked", [True, False])
def test_s02_without_the_look_whether_a_commit_came_through_its_files_are_deleted(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch, looked: bool
) -> None:
    dataset.append(articles({0: 0}))
    transact = Storage._transact

    def fails_late(*arguments: object) -> None:
        transact(*arguments)  # type: ignore[arg-type]
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(Storage, "_transact", fails_late)
        if looked:
            assert dataset.append(articles({0: 1})).updated == 1
        else:
            patch.setattr(Storage, "_has_landed", lambda self, written: False)
            with pytest.raises(DatasetError, match="Input/output error"):
                dataset.append(articles({0: 1}))
    if looked:
        assert states_of(dataset.load()) == {0: 1}
    else:
        with pytest.raises(DatasetError, match="missing"):
            dataset.load()


class _NeverSucceeds:
    """The module `os`, but the disk is full when what was written is brought to it."""

    @staticmethod
    def fsync(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    def __getattr__(self, name: str) -> object:
        return getattr(os, name)


@pytest.mark.parametrize("cleared", [True, False])
def test_s02_s04_without_the_clearing_up_each_append_that_fails_takes_more_of_a_full_disk(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch, cleared: bool
) -> None:
    dataset.append(articles({0: 0}))
    with monkeypatch.context() as patch:
        patch.setattr(local, "os", _NeverSucceeds())
        if not cleared:
            patch.setattr(Path, "unlink", lambda self, missing_ok=False: None)
        for _ in range(3):
            with pytest.raises(DatasetError, match="No space left"):
                dataset.append(articles({1: 0}))
    assert len(list(dataset.path.rglob("*.parquet"))) == (1 if cleared else 4)


def test_s04_a_disk_that_fills_during_a_compaction_costs_no_article_and_it_is_made_up_for(
    dataset: Dataset,
) -> None:
    stored = dict.fromkeys(range(0, 32, 4), 0)
    for number in stored:
        dataset.append(articles({number: 0}))
    refused = 0
    for at in range(1, 100):
        with torture_storage.failing(at, errno.ENOSPC) as called:
            try:
                dataset.compact()
            except DatasetError as error:
                assert "No space left" in str(error)
                refused += 1
        assert states_of(pressgauge.open(dataset.path).load()) == stored
        if len(called) < at:
            break
    else:
        pytest.fail("it never came to its end")
    assert refused > 0
    searched(dataset, stored)


# S03: when the power fails, what was synced is left, and of the rest anything or nothing


class _NeverSyncs:
    """The module `os`, but nothing is brought to the disk."""

    fsync = staticmethod(lambda handle: None)

    def __getattr__(self, name: str) -> object:
        return getattr(os, name)


def appended(folder: Path) -> tuple[Dataset, Power, int]:
    """A dataset whose second append was watched, and how many syncs there were before its commit."""
    dataset, committing = pressgauge.open(folder / "coverage"), []
    dataset.append(articles({0: 0, 1: 0}))
    transact = Storage._transact

    def noted(*arguments: object) -> None:
        committing.append(len(power.synced))
        transact(*arguments)  # type: ignore[arg-type]

    with Power(dataset.path) as power, mock.patch.object(Storage, "_transact", noted):
        dataset.append(articles({0: 1, 2: 0, 3: 0}))  # an old month and new ones
    return dataset, power, committing[0]


OLD, NEW = {0: 0, 1: 0}, {0: 1, 1: 0, 2: 0, 3: 0}


def test_s03_an_acknowledged_append_is_on_disk_and_so_are_the_folders_that_name_it(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    with Power(tmp_path / "disk") as power:
        dataset = pressgauge.open(tmp_path / "disk" / "coverage")
        for stored in (OLD, NEW):
            dataset.append(articles(stored))
            left = power.leaves(tmp_path / f"left{len(stored)}")
            assert states_of(pressgauge.open(left / "coverage").load()) == stored


def test_s03_whenever_the_power_fails_the_old_version_or_the_new_one_is_left(tmp_path: Path) -> None:
    _, power, _ = appended(tmp_path)
    found = []
    for after in range(power.at_first, len(power.synced) + 1):
        left = pressgauge.open(power.leaves(tmp_path / f"left{after}", after=after))
        found.append(states_of(left.load()))
        searched(left, found[-1])
    assert len(found) > 5
    assert found == [OLD] * found.count(OLD) + [NEW] * found.count(NEW)
    assert found[-1] == NEW


def test_s03_a_commit_that_the_disk_writes_before_all_else_names_files_that_are_there(tmp_path: Path) -> None:
    dataset, power, committing = appended(tmp_path)
    log = Path(dataset.location) / "_delta_log"
    left = power.leaves(tmp_path / "left", after=committing, early=log)
    assert states_of(pressgauge.open(left).load()) == NEW


@pytest.mark.parametrize(
    ("places", "guard", "without"),
    [((delta, local, delta.disk), "os", _NeverSyncs()), ((delta.disk,), "sync", lambda folder: None)],
    ids=["files", "folders"],
)
def test_s03_without_the_syncs_an_acknowledged_append_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, places: tuple[object, ...], guard: str, without: object
) -> None:
    for place in places:
        monkeypatch.setattr(place, guard, without)
    dataset, power, committing = appended(tmp_path)
    assert states_of(pressgauge.open(power.leaves(tmp_path / "left")).load()) == OLD
    log = Path(dataset.location) / "_delta_log"
    with pytest.raises(DatasetError, match=r"missing|cannot read"):
        pressgauge.open(power.leaves(tmp_path / "torn", after=committing, early=log)).load()


def test_s04_a_full_disk_harms_nothing_and_when_room_is_made_all_goes_on(disk: Path) -> None:
    dataset, told = pressgauge.open(disk / "coverage"), 0
    stored = {0: 0}
    dataset.append(articles(stored))
    dataset.index()
    ballast = disk / "ballast"
    for number, free in enumerate((0, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128), start=1):
        room = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
        ballast.write_bytes(bytes(room - free * 1024))
        for act in (lambda: dataset.append(articles({0: number, number: 0})), dataset.index):  # noqa: B023
            try:
                act()
            except DatasetError as error:
                told += 1
                assert re.search("space|room|os error 28", str(error), re.IGNORECASE), error
        found = states_of(dataset.load())
        assert found in (stored, stored | {0: number, number: 0})
        stored = found
        ballast.unlink()
        searched(pressgauge.open(disk / "coverage"), stored)
    assert told >= 3
    assert dataset.append(articles({99: 0})).added == 1
    searched(dataset, stored | {99: 0})


def test_s05_a_read_only_disk_is_read_and_searched_and_not_written(disk: Path) -> None:
    dataset = pressgauge.open(disk / "coverage")
    dataset.append(articles({0: 0, 1: 0}))
    dataset.index()
    with read_only(disk):
        dataset = pressgauge.open(disk / "coverage")
        assert states_of(dataset.load()) == {0: 0, 1: 0}
        searched(dataset, {0: 0, 1: 0})
        with pytest.raises(DatasetError, match="Read-only file system"):
            dataset.append(articles({2: 0}))
        assert states_of(dataset.load()) == {0: 0, 1: 0}
    assert dataset.append(articles({2: 0})).added == 1


def test_s05_without_the_look_at_the_folder_a_read_only_disk_cannot_be_searched(
    disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = pressgauge.open(disk / "coverage")
    dataset.append(articles({0: 0}))
    monkeypatch.setattr("pressgauge.search.sync.is_writable", lambda folder: True)
    with read_only(disk), pytest.raises(DatasetError, match="Read-only file system"):
        dataset.index()


def test_s05_a_folder_removed_under_us_is_an_error(dataset: Dataset) -> None:
    dataset.append(articles({0: 0}))
    dataset.load()
    for file in Path(dataset.location).glob("month=*/*"):
        file.unlink()
    with pytest.raises(DatasetError, match="missing; run `pressgauge doctor`"):
        dataset.load()
    subprocess.run(["rm", "-rf", dataset.path], check=True)
    with pytest.raises(DatasetError, match="there is no dataset at"):
        dataset.load()
    with pytest.raises(DatasetError, match=r"is gone: .* open it anew"):
        dataset.append(articles({1: 0}))
    another = pressgauge.open(dataset.path)
    assert another.append(articles({1: 0})).added == 1
    searched(another, {1: 0})


@pytest.mark.parametrize("content", [b"", b"PAR1", b"a foreign file", None])
def test_s06_files_that_the_log_does_not_name_are_not_read(dataset: Dataset, content: bytes | None) -> None:
    dataset.append(articles({0: 0}))
    file = next(Path(dataset.location).glob("month=*/*.parquet"))
    (file.parent / "foreign.parquet").write_bytes(file.read_bytes() if content is None else content)
    assert states_of(dataset.load()) == {0: 0}
    searched(dataset, {0: 0})


@pytest.mark.parametrize("checked", [True, False])
def test_s06_without_the_checksum_in_its_name_a_foreign_file_in_place_of_ours_is_counted(
    dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, checked: bool
) -> None:
    foreign = pressgauge.open(tmp_path / "foreign")
    dataset.append(articles({0: 0}))
    foreign.append(articles({4: 7}))
    ours, theirs = (next(Path(each.location).glob("month=*/*.parquet")) for each in (dataset, foreign))
    ours.write_bytes(theirs.read_bytes())
    if checked:
        with pytest.raises(DatasetError, match="damaged"):
            dataset.load()
    else:
        monkeypatch.setattr("pressgauge.store.table.parquet.is_ours", lambda name: False)
        assert states_of(dataset.load()) == {4: 7}


def test_s07_a_flipped_bit_is_told_or_changes_no_answer() -> None:
    flipped = torture_storage.flips(200, seed=1, limit=20)
    assert flipped.flips >= 25
    assert flipped.told > flipped.flips // 5
    assert flipped.wrong == 0, flipped.notes


_FLIPS = """
import random, sys
from pathlib import Path
import pyarrow.parquet as pq
import pressgauge
from pressgauge.store.table import parquet
from pressgauge.errors import PressgaugeError
dataset = pressgauge.open(sys.argv[1])
if sys.argv[2] == "careless":
    parquet.ParquetFile._is_unverified = lambda self, chunk: False
    read = pq.ParquetFile
    pq.ParquetFile = lambda *which, **how: read(*which, **how | {"page_checksum_verification": False})
expected, [file] = dataset.load(), Path(dataset.location).glob("month=*/*.parquet")
whole, chance, wrong = file.read_bytes(), random.Random(1), 0
for _ in range(150):
    flipped = bytearray(whole)
    flipped[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
    file.write_bytes(flipped)
    try:
        wrong += not dataset.load().equals(expected)
    except PressgaugeError:
        pass
file.write_bytes(whole)
print(wrong)
"""


def test_s07_without_checksums_a_flipped_bit_changes_what_is_read_and_nobody_tells(dataset: Dataset) -> None:
    dataset.append(articles({0: 0, 4: 0, 8: 0}).assign(published=pd.Timestamp("2025-01-27", tz="UTC")))
    wrong = {}
    for care in ("careless", "careful"):
        command = [sys.executable, "-c", _FLIPS, dataset.path, care]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        wrong[care] = int(done.stdout or -1), done.stderr
    assert wrong["careful"] == (0, "")
    assert wrong["careless"][0] != 0  # or it has crashed


def test_s08_s09_four_processes_that_write_at_once_lose_and_double_nothing_and_one_reads_whole_versions(
    tmp_path: Path,
) -> None:
    done = torture_storage.writers(4, tmp_path / "coverage", appends=3)
    assert (done.appends, done.lost, done.doubled, done.torn) == (12, 0, 0, 0)
    assert done.versions > 1, "nothing was read while it was written"


def test_s08_the_second_writer_waits_and_says_so(dataset: Dataset, caplog: pytest.LogCaptureFixture) -> None:
    dataset.append(articles({0: 0}))
    second = threading.Thread(target=lambda: pressgauge.open(dataset.path).append(articles({1: 0})))
    with caplog.at_level(logging.WARNING), dataset._write_lock():
        second.start()
        until = time.monotonic() + 20
        while "waiting for another process" not in caplog.text:
            assert time.monotonic() < until
            time.sleep(0.01)
        assert len(dataset) == 1
    second.join(20)
    assert states_of(dataset.load()) == {0: 0, 1: 0}


@pytest.mark.parametrize("checked", [True, False])
def test_s08_without_lock_and_conflict_two_writers_store_an_article_twice(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch, checked: bool
) -> None:
    dataset.append(articles({0: 0}))
    upsert, transact, second = Append.upsert, Storage._transact, pressgauge.open(dataset.path)
    meanwhile = iter([lambda: second.append(articles({1: 0}))])

    def interrupted(self: Append, *arguments: object) -> object:
        next(meanwhile, lambda: None)()
        return upsert(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Dataset, "_write_lock", lambda self: nullcontext())
    monkeypatch.setattr(Append, "upsert", interrupted)
    if not checked:
        monkeypatch.setattr(
            Storage, "_transact", lambda self, based, *what: transact(self, self.latest(), *what)
        )
    dataset.append(articles({1: 0}))
    if checked:
        assert states_of(dataset.load()) == {0: 0, 1: 0}
    else:
        with pytest.raises(AssertionError, match="there twice"):
            states_of(dataset.load())


def test_s09_a_reader_sees_whole_versions_only(dataset: Dataset) -> None:
    dataset.append(articles(dict.fromkeys(range(10), 0)))
    writing, sizes = threading.Event(), []
    writing.set()

    def write() -> None:
        writer = pressgauge.open(dataset.path)
        for batch in range(1, 6):
            writer.append(articles({0: batch} | dict.fromkeys(range(10 * batch, 10 * batch + 10), 0)))
        writing.clear()

    thread = threading.Thread(target=write)
    thread.start()
    reader = pressgauge.open(dataset.path)
    while writing.is_set():
        states = states_of(reader.load())
        sizes.append(len(states))
        assert states == dict.fromkeys(range(len(states)), 0) | {0: len(states) // 10 - 1}
    thread.join()
    assert len(set(sizes)) > 1, "nothing was read while it was written"
    assert sizes == sorted(sizes)


@pytest.mark.parametrize("pinned", [True, False])
def test_s09_without_the_version_in_a_snapshot_its_articles_are_not_those_of_its_index(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch, pinned: bool
) -> None:
    dataset.append(articles({0: 0}))
    index, counted, writer = Dataset.index, Dataset._metadata, pressgauge.open(dataset.path)

    def overtaken(self: Dataset) -> object:
        found = index(self)
        writer.append(articles({1: 0}))
        return found

    monkeypatch.setattr(Dataset, "index", overtaken)
    if not pinned:
        monkeypatch.setattr(Dataset, "_metadata", lambda self, version: counted(self, self.version))
    snapshot = dataset.snapshot(topics=())
    assert (len(snapshot.articles) == snapshot.index.count("*")) is pinned


def _hold(path: str, held: multiprocessing.synchronize.Event) -> None:
    with pressgauge.open(path)._write_lock():
        held.set()
        time.sleep(60)


def test_s10_the_lock_of_a_killed_process_is_taken_over_without_waiting(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    processes = multiprocessing.get_context("forkserver")
    held = processes.Event()
    holder = processes.Process(target=_hold, args=(str(dataset.path), held))
    holder.start()
    assert held.wait(30)
    holder.kill()
    holder.join()
    monkeypatch.setattr("pressgauge.store.lock._PATIENCE", 0)
    assert dataset.append(articles({0: 0})).added == 1


def test_s10_with_a_lock_that_is_a_mere_file_a_killed_process_shuts_everyone_out(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset.append(articles({0: 0}))
    (dataset.path / ".write.lock").write_text("")  # as a killed process leaves it
    assert dataset.append(articles({1: 0})).added == 1

    class MereFile(SoftFileLock):
        def _try_break_stale_lock(self) -> None:
            pass

    monkeypatch.setattr("pressgauge.store.lock.FileLock", MereFile)
    monkeypatch.setattr("pressgauge.store.lock._PATIENCE", 0.2)
    with pytest.raises(DatasetError, match="another process has been writing"):
        dataset.append(articles({2: 0}))


def test_s11_a_clock_that_goes_back_a_year_neither_hides_nor_stalls_anything(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset.append(articles({0: 0, 1: 0}))
    searched(dataset, {0: 0, 1: 0})
    before = dataset.load().set_index("title")["collected"].max()

    class Earlier(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:
            return datetime(2025, 6, 1, tzinfo=UTC)

    monkeypatch.setattr("pressgauge.store.dataset.datetime", Earlier)
    monkeypatch.setattr("time.time_ns", lambda: int(Earlier.now().timestamp() * 1e9))
    assert dataset.append(articles({0: 1})).updated == 1
    searched(dataset, {0: 1, 1: 0})
    again = dataset.load().set_index("title")["collected"]
    assert again["Story 0, edition 1"] > before - timedelta(minutes=1)
    assert states_of(dataset.load(as_of="2025-06-02")) == {0: 1, 1: 0}
    assert states_of(dataset.load(as_of=0)) == {0: 0, 1: 0}


class _NoLater:
    """The module `pandas`, but the least step of time is none."""

    Timedelta = staticmethod(lambda *_, **__: pd.Timedelta(0))

    def __getattr__(self, name: str) -> object:
        return getattr(pd, name)


def test_s11_without_the_later_moment_a_clock_that_stands_hides_an_edit_from_the_index(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Standing(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:
            return datetime(2025, 6, 1, tzinfo=UTC)

    monkeypatch.setattr("pressgauge.store.dataset.datetime", Standing)
    dataset.append(articles({0: 0, 1: 0}))
    searched(dataset, {0: 0, 1: 0})
    dataset.append(articles({0: 1}))
    searched(dataset, {0: 1, 1: 0})
    monkeypatch.setattr("pressgauge.store.append.pd", _NoLater())
    dataset.append(articles({0: 2}))
    assert states_of(dataset.load()) == {0: 2, 1: 0}
    with pytest.raises(AssertionError):
        searched(dataset, {0: 2, 1: 0})


HOSTILE = (
    "../../outside",
    "/etc/passwd",
    "CON",
    "x" * 300,
    "new\nline",
    "month=2025-01",
    "%2e%2e%2f",
    "\u202e",
)


def test_s13_hostile_names_touch_nothing_outside_the_dataset(dataset: Dataset, tmp_path: Path) -> None:
    frame = articles(dict.fromkeys(range(len(HOSTILE)), 0)).assign(
        outlet=HOSTILE, source=HOSTILE, credit=HOSTILE
    )
    dataset.append(frame.assign(language=HOSTILE, country=HOSTILE))
    assert sorted(dataset.load()["outlet"]) == sorted(HOSTILE)
    dataset.index()
    dataset.export(tmp_path / "coverage" / "all.csv")
    assert {path.name for path in tmp_path.iterdir()} == {"coverage"}
    assert {path.name for path in Path(dataset.location).iterdir()} <= {
        "_delta_log",
        *(f"month=2025-{month:02}" for month in range(1, 13)),
    }


def test_s13_a_link_that_leads_out_of_the_dataset_is_not_followed(dataset: Dataset, tmp_path: Path) -> None:
    dataset.append(articles({0: 0}))
    outside = tmp_path / "outside"
    outside.mkdir()
    (Path(dataset.location) / "month=2025-02").symlink_to(outside)
    with pytest.raises(DatasetError, match="leads out of the dataset"):
        dataset.append(articles({1: 0}))
    assert list(outside.iterdir()) == []
    assert states_of(dataset.load()) == {0: 0}


def test_s13_without_the_look_where_a_link_leads_articles_are_written_there(
    dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset.append(articles({0: 0}))
    outside = tmp_path / "outside"
    outside.mkdir()
    (Path(dataset.location) / "month=2025-02").symlink_to(outside)
    monkeypatch.setattr(Path, "is_relative_to", lambda self, other: True)
    dataset.append(articles({1: 0}))
    assert len(list(outside.glob("*.parquet"))) == 1


_READS = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
import pressgauge
from pressgauge.errors import PressgaugeError
try:
    print("read", sorted(pressgauge.open(sys.argv[1]).load()["id"]) == list(range(100)))
except PressgaugeError as error:
    print("refused", error)
"""


def test_s14_a_crafted_parquet_file_is_refused_within_bounds(tmp_path: Path) -> None:
    chance = random.Random(1)
    table = pa.table(
        {"id": pa.array(range(100), pa.int64()), "title": ["x"] * 100, "month": ["2025-01"] * 100}
    )
    write_deltalake(str(tmp_path / "articles"), table, partition_by=["month"])
    file = next((tmp_path / "articles").glob("month=*/*.parquet"))
    good = file.read_bytes()
    for number in range(4):
        changed = bytearray(good)
        for _ in range(20):  # of the footer, where the sizes are
            changed[-9 - chance.randrange(len(good) // 2)] = chance.randrange(256)
        file.write_bytes(changed if number else good)
        command = [sys.executable, "-c", _READS, str(tmp_path)]
        answer = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=ROOT)
        assert answer.returncode == 0, answer.stderr
        assert answer.stdout.startswith("refused" if number else "read True"), answer.stdout


@pytest.mark.parametrize("counted", [True, False])
def test_s14_without_the_count_a_crafted_file_has_as_many_rows_as_it_likes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, counted: bool
) -> None:
    few, many = (pa.table({"id": range(n), "title": ["x"] * n}) for n in (10, 100_000))
    write_deltalake(
        str(tmp_path / "articles"),
        few.append_column("month", pa.array(["2025-01"] * 10)),
        partition_by=["month"],
    )
    pq.write_table(many, next((tmp_path / "articles").glob("month=*/*.parquet")))
    dataset = pressgauge.open(tmp_path)
    if counted:
        with pytest.raises(DatasetError, match="does not have the 10 rows"):
            dataset.load()
    else:
        monkeypatch.setattr(
            Storage, "_read_file", lambda self, file, columns, rows: self._open_file(file, columns).read()
        )
        assert len(dataset.load()) == 100_000


def test_s14_a_pickled_frame_is_never_opened(dataset: Dataset, tmp_path: Path) -> None:
    class Bomb:
        def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
            return Path.touch, (tmp_path / "exploded",)  # type: ignore[return-value]

    dataset.append(articles({0: 0}))
    for file in Path(dataset.location).rglob("*.parquet"):
        file.write_bytes(pickle.dumps(Bomb()))
    with pytest.raises(DatasetError):
        pressgauge.open(dataset.path).load()
    assert not (tmp_path / "exploded").exists()


def test_s14_nothing_in_the_code_can_open_a_pickle() -> None:
    unsafe = re.compile(r"\bpickle\b|read_pickle|allow_pickle=True|yaml\.load\(|\bmarshal\b|\bshelve\b")
    for room in ("pressgauge", "collectors", "dashboard"):
        for file in (ROOT / room).rglob("*.py"):
            assert not unsafe.search(file.read_text(encoding="utf-8")), file


def test_a_checkpoint_after_many_commits_changes_nothing(dataset: Dataset) -> None:
    for number in range(6):
        dataset.append(articles({number: 0}))
    DeltaTable(dataset.location).create_checkpoint()
    dataset.append(articles({0: 1}))
    opened = pressgauge.open(dataset.path)
    assert states_of(opened.load()) == {0: 1} | dict.fromkeys(range(1, 6), 0)
    assert len(opened.versions()) == 7
    assert states_of(opened.load(as_of=3)) == dict.fromkeys(range(4), 0)


def test_a_file_that_is_not_of_articles_is_an_error(dataset: Dataset) -> None:
    table = pa.table({"name": ["x"], "month": ["2025-01"]})
    write_deltalake(dataset.location, table, partition_by=["month"])
    with pytest.raises(PressgaugeError):
        dataset.load()
    with pytest.raises(PressgaugeError):
        dataset.append(articles({0: 0}))
