"""An import: files -> records, read in the sandbox -> articles -> commits, and a ledger of all of it."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import aclosing, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from collectors.formats.identity import Editions, Signs, address_of, are_two, heading, signs_of
from collectors.formats.record import Item, Notice, Record, load
from collectors.formats.report import SAMPLE, FileReport, ImportReport, last_versions
from collectors.ledger import SourceLedger
from collectors.reasons import reason_of
from collectors.sandbox.pool import RefusedError, Workers
from collectors.shared.dataset_thread import DatasetThread
from collectors.shared.sorted_ids import contains
from pressgauge.arguments import check_path
from pressgauge.errors import PressgaugeError
from pressgauge.schema import article_id
from pressgauge.urls import canonicalize, host_of

if TYPE_CHECKING:
    from pressgauge.store.dataset import Dataset

log = logging.getLogger(__name__)
GROUP = 1_000
"""Articles that are stored in one commit."""
CPU_SECONDS = 120.0
"""Seconds for one batch: a spreadsheet of 100 MB is read in one piece."""
MEMORY = 1536 * 2**20
"""Bytes that reading one file may take: what has no parts is at most 192 MB, and is held several times."""
FOLDER = "imports"
"""Where in the dataset's folder the reports lie."""
_NOTICES = 200
_CAPTURES = ("warc", "wacz")
"""Formats that hold what one page was at several times: what comes later is the page as it stands."""


async def read_items(
    workers: Workers, path: str, name: str, *, is_press: bool = False
) -> AsyncGenerator[tuple[str, Item]]:
    """(format, record or notice) of everything in a file, read in the sandbox; a file that breaks its reader
    gives a notice with the reason ('timeout', 'memory', 'crashed'). `is_press` is what `Content` takes."""
    start = 0
    while True:
        try:
            answer = await workers.run("export", b"", path=path, name=name, start=start, is_press=is_press)
            batch = [(str(one.pop("format")), load(one)) for one in answer["items"]]
            at_end = bool(answer["done"])
        except RefusedError as refusal:
            detail = f"{name} could not be read: {refusal.reason}, after {start:,} entries"
            yield "unknown", Notice(refusal.reason, detail)
            return
        except (ValueError, TypeError, KeyError, AttributeError):
            yield "unknown", Notice("crashed", f"{name} could not be read, after {start:,} entries")
            return
        for entry in batch:
            yield entry
        start += len(batch)
        if at_end:
            return


async def import_files(
    dataset: Dataset,
    paths: Sequence[str | Path],
    *,
    dry_run: bool = False,
    outlet: str | None = None,
    on_progress: Callable[[SourceLedger], None] | None = None,
    stop: asyncio.Event | None = None,
    workers: Workers | None = None,
) -> ImportReport:
    """Read files, and folders of them, and store their articles; say what became of everything in them.

    `dry_run` reads and stores nothing; `outlet` names the outlet of articles whose file names none, and
    says that a table which could be of anything is of the press.
    `on_progress` is called with a file's ledger at each change. `stop` ends the import soon and keeps what is
    complete; `workers` lends processes that have started. The report is also
    kept in the dataset's folder. Raises PressgaugeError when there is no file, ArgumentError when what names
    one is no path.
    """
    files = list(_files(paths))
    report = ImportReport(datetime.now(UTC), dry_run=dry_run)
    stop = stop or asyncio.Event()
    pool = (
        nullcontext(workers)
        if workers
        else Workers(1, cpu_seconds=CPU_SECONDS, memory=MEMORY, parsers=("export",))
    )
    async with pool as readers:
        run = _Import(dataset, report, outlet, on_progress or (lambda _: None))
        try:
            await run.begin()
            for path, name in files:
                if stop.is_set():
                    report.interrupted = True
                    break
                await run.file(readers, path, name, stop)
        finally:
            await run.end()
    return report


def undo_import(dataset: Dataset) -> tuple[int, int]:
    """Make the dataset what it was before the last import -> (version restored, version made by that).

    Raises PressgaugeError when there was none, or when something else was stored since.
    """
    versions = last_versions(Path(dataset.path) / FOLDER)
    if versions is None:
        raise PressgaugeError(f"nothing was imported into {dataset.location}")
    before, after = versions
    later = dataset.versions()
    later = later[later["version"] > after]
    others = later[~later["operation"].isin(["compact", "new columns"])]
    if len(others) and others["operation"].iloc[0] == f"restore {before}":
        raise PressgaugeError(f"the last import into {dataset.location} was taken back already")
    if len(others):
        raise PressgaugeError(
            f"the dataset was changed since the last import (version {after}): "
            f"{others['operation'].iloc[0]}; dataset.restore({before}) takes back that, too"
        )
    return before, dataset.restore(before)


def _files(paths: Sequence[str | Path]) -> Iterable[tuple[Path, str]]:
    """(path, name as shown) of each file, those of a folder in the order of their names."""
    for each in paths:
        check_path(each, "import_files(*files)")
        path = Path(each).expanduser()
        if path.is_dir():
            inside = sorted(
                one
                for one in path.rglob("*")
                if one.is_file() and not any(part.startswith(".") for part in one.relative_to(path).parts)
            )
            if not inside:
                raise PressgaugeError(f"{path} is a folder without a file")
            yield from ((one.absolute(), one.relative_to(path).as_posix()) for one in inside)
        elif path.is_file():
            yield path.absolute(), path.name
        else:
            raise PressgaugeError(f"{path} does not exist")


class _Import:
    """The state of one import."""

    def __init__(
        self, dataset: Dataset, report: ImportReport, outlet: str | None, tell: Callable[[SourceLedger], None]
    ) -> None:
        self._dataset, self._report, self._outlet, self._tell = dataset, report, outlet, tell
        self._editions = Editions()
        self._imported_ids: set[int] = set()
        self._signs: dict[int, Signs] = {}
        self._stored_ids = np.empty(0, np.int64)
        self._headings: dict[bytes, list[int]] = {}
        self._pending: list[tuple[dict[str, Any], FileReport, bool]] = []
        self._thread = DatasetThread(dataset)

    async def begin(self) -> None:
        self._report.before = self._report.version = await self._thread.run(lambda: self._dataset.version)
        await self._thread.run(self._look_at_stored)

    def _look_at_stored(self) -> None:
        """The ids of what is stored, and those of each headline of an outlet."""
        if self._dataset.version < 0:
            return
        table = self._dataset.load(["id", "outlet", "title"])
        self._stored_ids = np.sort(table["id"].to_numpy(np.int64))
        titled = table[table["title"].notna()]
        for number, outlet, title in zip(titled["id"], titled["outlet"], titled["title"], strict=True):
            if key := heading(outlet, title):
                self._headings.setdefault(key, []).append(int(number))

    async def file(self, workers: Workers, path: Path, name: str, stop: asyncio.Event) -> None:
        """Everything of one file."""
        file = FileReport(SourceLedger(name), str(path))
        self._report.files.append(file)
        self._signs.clear()
        async with aclosing(read_items(workers, str(path), name, is_press=self._outlet is not None)) as items:
            async for format_name, item in items:
                if isinstance(item, Notice):
                    self._notice(file, format_name, item)
                else:
                    await self._record(file, format_name, item)
                self._tell(file.ledger)
                if stop.is_set():
                    self._report.interrupted = True
                    break
        if not file.read and file.ledger.error is None:
            problem = file.notices[0] if file.notices else f"{name} holds no article"
            file.ledger.error = f"no_articles: {problem}"
        self._tell(file.ledger)

    def _notice(self, file: FileReport, format_name: str, notice: Notice) -> None:
        file.formats[format_name] += 0
        if notice.counts:
            file.ledger.seen += 1
            is_ours = reason_of(notice.reason).fault == "pressgauge"
            file.ledger.count("quarantined" if is_ours else "rejected", notice.reason)
        elif not file.read:
            file.ledger.error = f"{notice.reason}: {notice.detail}"
        self._say(file, notice.detail)

    def _reject(self, file: FileReport, reason: str, detail: str) -> None:
        file.ledger.count("rejected", reason)
        self._say(file, detail)

    def _say(self, file: FileReport, detail: str) -> None:
        if len(file.notices) < _NOTICES:
            file.notices.append(detail)

    async def _record(self, file: FileReport, format_name: str, record: Record) -> None:
        file.formats[format_name] += 1
        file.ledger.seen += 1
        if record.title is None and record.text is None:
            self._reject(file, "address_only", f"{record.url or 'an entry'} has neither headline nor text")
            return
        file.read += 1
        file.ledger.error = None
        record.outlet = record.outlet or record.domain or host_of(record.url) or self._outlet
        for what, value in (
            ("a text", record.text),
            ("a date", record.published),
            ("an outlet", record.outlet),
        ):
            file.without[what] += value is None
        address, other_edition = await self._address(record)
        if address is None:
            self._reject(file, "bad_url", f"{record.url} is no address of an article")
            return
        if other_edition:  # what is known of the first one's page and number stays
            record.details, record.document = {}, None
        number = article_id(address)
        signs = signs_of(record)
        may_change = record.url is None or format_name in _CAPTURES
        if not may_change and are_two(self._signs.setdefault(number, signs), signs):
            detail = (
                f"{record.title!r} has the address of another article of this file: {address}; that stays"
            )
            self._reject(file, "same_address", detail)
            return
        is_met = number in self._imported_ids
        new = not is_met and not contains(self._stored_ids, number)
        self._imported_ids.add(number)
        if len(file.sample) < SAMPLE and not is_met:
            file.sample.append(_sample(record))
        row = _row(record, address, file.ledger.source, format_name)
        self._pending.append((row, file, new))
        file.ledger.count("stored" if new else "duplicate")
        if len(self._pending) >= GROUP:
            await self._commit()

    async def _address(self, record: Record) -> tuple[str | None, bool]:
        """The address of a record, or that of another edition of it that is known already."""
        try:
            address = canonicalize(address_of(record))
        except ValueError:
            return None, False
        number = article_id(address)
        if number in self._imported_ids or contains(self._stored_ids, number):
            return address, False
        key = heading(record.outlet, record.title)
        if key is not None and (ids := self._headings.pop(key, None)):
            await self._thread.run(self._read_stored, ids)
        if record.url is None:
            if edition := self._editions.find(record):
                return edition, True
            self._editions.add(record, address)
        return address, False

    def _read_stored(self, ids: list[int]) -> None:
        """Remember the stored articles of databases that have a headline of which there may be an edition."""
        columns = ["outlet", "title", "canonical_url", "published", "text", "details"]
        for row in self._dataset.read(ids, columns).to_dict("records"):
            if str(row["canonical_url"]).startswith("file:///"):
                values = {name: None if pd.isna(value) else value for name, value in row.items()}
                details = json.loads(values["details"] or "{}")
                record = Record(
                    values["title"], values["text"], values["outlet"], values["published"], details=details
                )
                self._editions.add(record, row["canonical_url"])

    async def _commit(self) -> None:
        pending, self._pending = self._pending, []
        if self._report.dry_run or not pending:
            return
        try:
            frame = pd.DataFrame([row for row, _, _ in pending], dtype=object)
            appended = await self._thread.run(self._dataset.append, frame)
            self._report.version = appended.version
            for label, reason in appended.rejected:
                _, file, new = pending[cast("int", label)]
                file.ledger.count("stored" if new else "duplicate", by=-1)
                file.ledger.count("rejected", reason)
        except Exception as error:  # noqa: BLE001 - whatever the disk does, the ledger is closed
            self._report.problem = self._report.problem or f"the articles could not be stored: {error}"
            for _, file, new in pending:
                file.ledger.count("stored" if new else "duplicate", by=-1)
                file.ledger.count("failed", "not_stored")

    async def end(self) -> None:
        await self._commit()
        report = self._report
        report.finished = datetime.now(UTC)
        if not report.dry_run:
            if report.version != report.before:
                await self._thread.tend()
            try:
                report.save(Path(self._dataset.path) / FOLDER)
            except OSError as error:
                report.problem = report.problem or f"the report could not be kept: {error}"
        self._thread.close()
        report.check()


def _row(record: Record, address: str, source: str, format_name: str) -> dict[str, Any]:
    """A record as a row of the dataset.

    A source of files gives candidates instead (`candidates.candidate_of`): there a page may still be fetched,
    and the source's own labels count. An import has neither.
    """
    details = record.all_details
    return {
        "canonical_url": address,
        "url": record.url or address,
        "outlet": record.outlet,
        "country": record.country,
        "language": record.language,
        "title": record.title,
        "authors": list(record.authors),
        "published": record.published.astimezone(UTC) if record.published else None,
        "published_precision": record.published_precision,
        "text": record.text,
        "partial": record.partial or (None if record.text else "title_only"),
        "source": source,
        "title_from": format_name if record.title else None,
        "authors_from": format_name if record.authors else None,
        "published_from": format_name if record.published else None,
        "text_from": format_name if record.text else None,
        "details": json.dumps(details, ensure_ascii=False) if details else None,
    }


def _sample(record: Record) -> dict[str, Any]:
    """What a person sees of a record before it is stored."""
    return {
        "title": record.title,
        "outlet": record.outlet,
        "published": record.published.isoformat() if record.published else None,
        "precision": record.published_precision,
        "authors": list(record.authors),
        "text": (record.text or "")[:280],
        "words": len((record.text or "").split()),
    }
