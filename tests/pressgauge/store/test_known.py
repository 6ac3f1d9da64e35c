"""What appends ask of stored articles, kept beside the dataset: the same as in the files, or made anew."""

from __future__ import annotations

import contextlib
import time
import zlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import pressgauge
from pressgauge.schema import SKETCH
from pressgauge.store import checked
from pressgauge.store.append import _identities_from
from pressgauge.store.cache import identities
from pressgauge.store.cache.identities import LEAST, Identities, Store
from pressgauge.store.table.delta import File, Listing
from pressgauge.stories.keys import BANDS, halves, mark_bytes, marks

PATH = "month=2025-01/0123.89ab.parquet"


def known(rows: int, seed: int = 1) -> Identities:
    rng = np.random.default_rng(seed)
    moments = rng.integers(0, 2**40, rows).astype("<M8[us]")
    moments[::7] = np.datetime64("NaT", "us")
    ids, story = rng.integers(-(2**62), 2**62, (2, rows))
    return Identities(ids, story, moments, halves(rng.integers(0, 2**32, (rows, BANDS), dtype=np.uint32)))


def refuse() -> Identities:
    raise AssertionError("what is kept should not be read again")


def same(one: Identities, other: Identities) -> bool:
    columns = zip(one[:4], other[:4], strict=True)
    return all(np.array_equal(a, b, equal_nan=a.dtype.kind == "M") for a, b in columns)


def test_what_is_kept_is_what_was_read(tmp_path: Path) -> None:
    written = known(LEAST)
    assert same(Store(tmp_path / "known").load(PATH, LEAST, lambda: written), written)
    store = Store(tmp_path / "known")
    assert np.array_equal(store.ids(PATH, LEAST), written.id)
    assert same(store.load(PATH, LEAST, refuse), written)
    assert np.array_equal(store.load(PATH, LEAST, refuse).marks, marks(written.sketch))


def test_of_a_small_file_nothing_is_kept_on_disk(tmp_path: Path) -> None:
    store, written = Store(tmp_path / "known"), known(LEAST - 1)
    assert same(store.load(PATH, LEAST - 1, lambda: written), written)
    assert same(store.load(PATH, LEAST - 1, refuse), written)
    assert not (tmp_path / "known").exists()


@pytest.mark.parametrize("at", [0, 20, 30, 40, 60, 9_000, 30_000, 281_000, -1])
def test_one_changed_byte_is_noticed_and_the_file_made_anew(
    tmp_path: Path, at: int, caplog: pytest.LogCaptureFixture
) -> None:
    written = known(LEAST)
    Store(tmp_path).load(PATH, LEAST, lambda: written)
    [file] = tmp_path.iterdir()
    content = bytearray(file.read_bytes())
    content[at] ^= 1
    file.write_bytes(content)
    assert same(Store(tmp_path).load(PATH, LEAST, lambda: written), written)
    assert "is damaged; it is made anew" in caplog.text
    assert same(Store(tmp_path).load(PATH, LEAST, refuse), written)


@pytest.mark.parametrize("size", [0, 10, 48, 5_000])
def test_a_file_that_was_cut_off_is_made_anew(tmp_path: Path, size: int) -> None:
    written = known(LEAST)
    Store(tmp_path).load(PATH, LEAST, lambda: written)
    [file] = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:size])
    assert Store(tmp_path).ids(PATH, LEAST) is None
    assert same(Store(tmp_path).load(PATH, LEAST, lambda: written), written)


def test_what_is_kept_of_another_number_of_rows_is_not_believed(tmp_path: Path) -> None:
    Store(tmp_path).load(PATH, LEAST, lambda: known(LEAST))
    other = known(LEAST + 1)
    assert same(Store(tmp_path).load(PATH, LEAST + 1, lambda: other), other)


def test_what_an_append_wrote_is_known_as_its_files_say(tmp_path: Path) -> None:
    dataset = pressgauge.open(tmp_path / "coverage")
    urls = [f"https://press.example/{number}" for number in range(LEAST + 20)]
    days = ["2025-01-02"] * LEAST + ["2025-02-03"] * 10 + [None] * 10
    text = [f"{number} was told of at length here " * 9 for number in range(len(urls))]
    dataset.append(pd.DataFrame({"url": urls, "title": "Told", "text": text, "published": days}))
    for file in dataset._storage.latest().files:
        read = _identities_from(dataset._storage.read([file], ["id", "story", "published", SKETCH]))
        assert same(dataset._append._identities.load(file.path, file.rows, refuse), read)
    assert [path.name[:14] for path in (dataset.path / "known").iterdir()] == ["month=2025-01-"]


def files_read(folder: Path, number: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """Of how many of so many files a process reads the sketches, which notes it; all are as written."""
    read: list[int] = []
    monkeypatch.setattr(checked, "_checked", {})
    monkeypatch.setattr(checked, "_SETTLED", -1.0)
    monkeypatch.setattr(identities, "zlib", Counted(read))
    store = Store(folder)
    for each in range(number):
        assert same(store.load(f"month=2025-01/{each}.parquet", LEAST, refuse), known(LEAST, each))
    store.note_checked()
    return read.count(LEAST * 4 * BANDS + BANDS * mark_bytes(LEAST))


class Counted:
    """zlib that notes of how many bytes it is asked for a checksum."""

    def __init__(self, sizes: list[int]) -> None:
        self._sizes = sizes

    def crc32(self, content: memoryview) -> int:
        self._sizes.append(len(content))
        return zlib.crc32(content)


def test_the_sketches_of_many_files_are_read_by_the_first_process_and_where_one_was_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for each in range(16):
        Store(tmp_path).keep(f"month=2025-01/{each}.parquet", known(LEAST, each))
    assert [files_read(tmp_path, 16, monkeypatch) for _ in range(2)] == [16, 0]
    Store(tmp_path).keep("month=2025-01/3.parquet", known(LEAST, 3))
    assert files_read(tmp_path, 16, monkeypatch) == 1
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 8 * 24 * 3600)
    assert files_read(tmp_path, 16, monkeypatch) == 16


def test_that_a_few_files_were_read_is_not_worth_a_note(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for each in range(15):
        Store(tmp_path).keep(f"month=2025-01/{each}.parquet", known(LEAST, each))
    assert [files_read(tmp_path, 15, monkeypatch) for _ in range(2)] == [15, 15]


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    (tmp_path / "known").write_text("in the way")
    store, written = Store(tmp_path / "known"), known(LEAST)
    assert same(store.load(PATH, LEAST, lambda: written), written)
    assert same(store.load(PATH, LEAST, refuse), written)


def test_what_is_kept_of_files_that_are_no_more_is_deleted(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for path in ("month=2025-01/a.parquet", "month=2025-02/b.parquet"):
        store.load(path, LEAST, lambda: known(LEAST))
    store.keep_only(["month=2025-02/b.parquet"])
    assert [file.name for file in tmp_path.iterdir()] == ["month=2025-02-b.parquet.known2"]
    assert store.ids("month=2025-01/a.parquet", LEAST) is None


def test_what_is_known_of_many_small_files_is_what_each_of_them_says(tmp_path: Path) -> None:
    dataset = pressgauge.open(tmp_path / "coverage")
    for number in range(3):
        urls = [f"https://press.example/{number}/{row}" for row in range(number + 1)]
        text = [f"{number} {row} was told of at length here " * 9 for row in range(number + 1)]
        dataset.append(pd.DataFrame({"url": urls, "title": "Told", "text": text, "published": "2025-01-02"}))
    dataset.append(pd.DataFrame({"url": urls[:1], "title": "Told again", "text": text[:1]}))
    reopened = pressgauge.open(dataset.path)
    listing = reopened._storage.latest()
    reopened._append._hold_small(listing.files)
    for file in listing.files:
        each = reopened._append._identities.load(file.path, file.physical_rows, refuse)
        whole = File(file.path, file.physical_rows)
        alone = _identities_from(reopened._storage.read([whole], ["id", "story", "published", SKETCH]))
        assert same(each, alone)


def test_what_another_machine_wrote_in_between_is_not_taken_for_what_was_just_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An object store has no lock among machines: here without it, the other one commits behind the first."""
    monkeypatch.setattr("pressgauge.store.dataset.only_writer", lambda *_: contextlib.nullcontext())
    ours, theirs = pressgauge.open(tmp_path / "c"), pressgauge.open(tmp_path / "c")
    ours.append(articles(1, "short", "2024-12-01"))
    look = ours._storage._on_disk

    def look_late(based: Listing) -> Listing:
        monkeypatch.setattr(ours._storage, "_on_disk", look)
        longer = articles(6, "a longer text, and so a better one", "2025-01-20")
        longer["published"] = longer["published"].to_list()[::-1]  # in another order, of the same size
        assert theirs.append(longer).updated == 6
        return look(based)

    monkeypatch.setattr(ours._storage, "_on_disk", look_late)
    assert ours.append(articles(6, "short", "2025-01-20")).added == 6
    one = articles(6, "by far the longest text of all, and so the best one", "2025-01-20").iloc[[1]]
    assert ours.append(one).updated == 1


def articles(n: int, text: str, day: str) -> pd.DataFrame:
    hours = [f"{day}T{hour:02d}:00:00Z" for hour in range(n)]
    urls = [f"https://a.example/{day}/{number}" for number in range(n)]
    return pd.DataFrame({"url": urls, "title": "Ferry stays", "text": text, "published": hours})
