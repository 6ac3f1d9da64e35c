"""A refresh: sources -> candidates -> pages -> articles -> one commit. Only what happens in which order.

How pages are fetched is `fetch`, how they are read `workers`, what is decided `decisions`, what is counted
`ledger`, what is remembered `state`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import time
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

import numpy as np
import pandas as pd
from filelock import FileLock, Timeout

from collectors.candidate import Candidate, Rejected, Window
from collectors.cluster.cluster import Cluster
from collectors.collector import Context
from collectors.cursor import Cursor
from collectors.errors import CollectError, FetchError
from collectors.extraction.article import Article
from collectors.kinds.registry import COLLECTORS
from collectors.ledger import Report, SourceLedger, Stage
from collectors.outcome import Outcome
from collectors.refresh import rules
from collectors.refresh.trust import SITE_WIDE, Domains, SiteWide, speaks_for
from collectors.sandbox.pool import Workers
from collectors.settings import enabled_sources
from collectors.shared.threads import run_to_its_end
from collectors.source import Source
from collectors.state import State, renew_if_damaged
from collectors.web.fetch import Fetcher, Response, digest_of, limits
from pressgauge.errors import PressgaugeError
from pressgauge.schema import article_id
from pressgauge.urls import canonicalize, choose_canonical, is_web

if TYPE_CHECKING:
    from distributed import Client

    from pressgauge.store.dataset import Dataset

T = TypeVar("T")
log = logging.getLogger(__name__)

GROUP = 500
"""Fetched articles after which a long back-fill commits what it has,"""
READ_GROUP = 20_000
"""articles that files brought, which cost little to read again,"""
READ_CHARACTERS = 20_000_000
"""characters of all their texts, which are held in memory,"""
PERIOD = 300.0
"""or the seconds after which it does: what a killed one has to read again."""
INDEXED = 1_000
"""Articles after which they are brought into the search index as well: many at once take much memory."""
SECOND_CHANCES = 2_000
"""Pages of a source that one refresh asks for again, those that wait longest first."""
SOURCE_DELAY = 45.0
"""Seconds that the pages of one source may hold a refresh up, counted beyond those that a page may take:
then what is left of it comes with the next refreshes."""
_PAGE_PATIENCE = 5.0
SOURCE_TIME = 1_800.0
"""Seconds that the pages of one source may take in a refresh of what is new, however well it answers, since
the others wait for its end; a back-fill, which names its time of publication, goes on to its own."""
_ROOM = 96
"""Pages that may be on their way or wait for a reader: they are all in memory."""
_ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"


class RefreshRunningError(PressgaugeError):
    """Another refresh of the same dataset is under way."""


async def refresh(
    dataset: Dataset,
    sources: Sequence[Source] | None = None,
    *,
    window: Window | None = None,
    limit: int | None = None,
    dry_run: bool = False,
    insist: bool = False,
    on_progress: Callable[[SourceLedger], None] | None = None,
    stop: asyncio.Event | None = None,
    environ: Mapping[str, str] | None = None,
    fetcher: Callable[[State], Fetcher] = Fetcher,
    readers: int | None = None,
    client: Client | None = None,
) -> Report:
    """Collect what is new of `sources` into `dataset`, and say what became of everything seen.

    `sources` are those enabled in data/sources.toml, if none are given. `window` bounds publication;
    `limit` is how many new pages a source may bring; `dry_run` stops before the pages and keeps nothing;
    `insist` asks sources that are left alone after failures, too. `on_progress` is called with each source's
    ledger at once and at each change, and must be quick. `stop`, like a cancellation, ends the refresh soon
    and keeps what is complete. `readers` is the number of worker processes. With the `client` of
    a Dask cluster, archives are read by its workers.

    The report is also kept in the dataset's folder. Raises RefreshRunningError when another refresh of this
    dataset is under way, PressgaugeError when its state cannot be read, WorkerError without processes.
    """
    folder = Path(dataset.path)
    sources = enabled_sources() if sources is None else sources
    tell = _careful(on_progress) if on_progress else lambda _: None
    for source in sources:
        tell(SourceLedger(source.name))  # before anything that takes time
    with _alone(folder), contextlib.closing(_books(folder / "state.sqlite")) as state:
        async with fetcher(state) as fetch, Workers(readers) as workers:
            options = _Options(
                window or Window(),
                limit,
                dry_run,
                insist,
                tell,
                stop or asyncio.Event(),
                dict(os.environ if environ is None else environ),
                None if client is None else Cluster(client, dataset),
            )
            return await _Run(dataset, folder, state, fetch, workers, options).all(sources)


def _books(file: Path) -> State:
    """The state of a dataset; anew where it is damaged."""
    if aside := renew_if_damaged(file):
        log.warning("the fetch state was damaged and is set aside as %s; sources are asked anew", aside)
    return State(file)


def _careful(tell: Callable[[SourceLedger], None]) -> Callable[[SourceLedger], None]:
    """`tell`, whose own faults are logged and stop nothing."""

    def careful(ledger: SourceLedger) -> None:
        try:
            tell(ledger)
        except Exception as error:  # noqa: BLE001 - showing progress is not worth a refresh
            log.warning("the progress could not be shown: %s", error)

    return careful


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Be the only refresh of a dataset; the lock ends with its process, however that ends."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / ".refresh.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise RefreshRunningError(f"a refresh of {folder} is already running") from None
    try:
        yield
    finally:
        lock.release()


def refresh_now(
    dataset: Dataset, sources: Sequence[Source] | None = None, *, bar: bool = True, **options: Any
) -> Report:
    """`refresh` for scripts and notebooks: waits for its end, also where an event loop is already running.

    Shows a progress bar unless `bar` is false; `options` are those of `refresh`. An interrupt stops it as
    `stop` does, and the report says so.
    """
    from collectors.refresh.progress import Progress

    async def collect(stop: asyncio.Event) -> Report:
        with Progress("bar" if bar else "none") as progress:
            return await refresh(dataset, sources, stop=stop, **({"on_progress": progress.show} | options))

    return run_to_its_end(collect)


@dataclass(frozen=True, slots=True)
class _Options:
    """What the caller asked for, as `refresh` says."""

    window: Window
    limit: int | None
    dry_run: bool
    insist: bool
    tell: Callable[[SourceLedger], None]
    stop: asyncio.Event
    environ: dict[str, str]
    cluster: Cluster | None


@dataclass(slots=True)
class _Progress:
    """One source under way. `prefix` is how many of its first items have their outcome; `answered` says that
    the source gave what it has, `complete` that all of it was taken."""

    source: Source
    ledger: SourceLedger
    cursor: Cursor
    closed: set[int] = field(default_factory=set)
    prefix: int = 0
    pages: int = 0
    asked: bool = False
    answered: bool = False
    complete: bool = False
    delay: float = 0.0
    begun: float | None = None

    def see(self) -> int:
        """Take one more item -> its number."""
        self.ledger.seen += 1
        self.cursor.position += 1
        return self.cursor.position - 1

    @property
    def all_closed(self) -> bool:
        return self.prefix == self.cursor.position

    def close(self, number: int) -> None:
        self.closed.add(number)
        while self.prefix in self.closed:
            self.closed.remove(self.prefix)
            self.prefix += 1


@dataclass(slots=True)
class _Pending:
    """An article that waits for its commit; `again` is its outcome if it turns out to be none, and
    `own_address` says that its page names the very address at which it was found."""

    row: dict[str, Any]
    ledger: SourceLedger
    outcome: Outcome
    again: Outcome
    digest: bytes
    own_address: bool


class _Place:
    """Room for one page in memory: taken when its host may be asked, given back at the end of the block."""

    def __init__(self, room: asyncio.Semaphore) -> None:
        self._room = room
        self._taken = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._taken:
            self._room.release()

    async def take(self) -> None:
        if not self._taken:
            await self._room.acquire()
            self._taken = True


class _Run:
    """The state of one refresh."""

    def __init__(
        self,
        dataset: Dataset,
        folder: Path,
        state: State,
        fetch: Fetcher,
        workers: Workers,
        options: _Options,
    ) -> None:
        self._dataset, self._folder, self._state = dataset, folder, state
        self._place = _place(folder)
        self._fetch, self._workers, self._options = fetch, workers, options
        self._report = Report(datetime.now(UTC), [], dry_run=options.dry_run)
        self._progress: list[_Progress] = []
        self._pending: list[_Pending] = []
        self._fetched = self._characters = 0
        self._outcomes: list[Outcome] = []
        self._known = np.empty(0, dtype=np.int64)
        self._title_only: frozenset[int] = frozenset()
        self._claimed: set[int | None] = set()
        self._domains = Domains(())
        self._site_wide = SiteWide()
        self._labels: dict[int | None, str] = {}
        self._other_labels: dict[tuple[str, str], str] = {}
        self._room = asyncio.Semaphore(_ROOM)
        self._committing = asyncio.Lock()
        # One thread for all that touches the dataset: each further one would keep the memory of a commit.
        self._writer = ThreadPoolExecutor(1, "dataset")
        self._committed = time.monotonic()
        self._unindexed = 0
        self._halt = asyncio.Event()
        self._commits: set[asyncio.Task[None]] = set()

    async def all(self, sources: Sequence[Source]) -> Report:
        self._known, self._title_only = await self._beside(_known_ids, self._dataset)
        self._report.version = self._dataset.version
        self._domains = Domains(sources)
        for source in sources:
            ledger = SourceLedger(source.name)
            self._report.sources.append(ledger)
            self._progress.append(_Progress(source, ledger, self._state.cursor(source.name)))
        tasks = [asyncio.create_task(self._source(progress)) for progress in self._progress]
        stopping = [asyncio.create_task(event.wait()) for event in (self._options.stop, self._halt)]
        everything: asyncio.Future[Any] = asyncio.gather(*tasks, return_exceptions=True)
        try:
            await asyncio.wait({everything, *stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            # Also when this refresh itself is cancelled: what is complete is kept first.
            ended = everything.done()
            self._report.interrupted = not ended and not self._halt.is_set()
            for task in (*tasks, *stopping):
                task.cancel()
            await asyncio.gather(*tasks, *stopping, everything, return_exceptions=True)
            self._record_bugs(tasks)
            if not ended:
                self._leave_open()
            await self._finish()
        return self._report

    async def _beside(self, work: Callable[..., T], *arguments: Any) -> T:
        """`work` on the dataset, beside the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self._writer, work, *arguments)

    def _leave_open(self) -> None:
        """What was stopped half-way stays open for the cursors, so that it is taken again."""
        for progress in self._progress:
            if progress.ledger.open:
                progress.ledger.count("failed", "interrupted", by=progress.ledger.open)

    async def _finish(self) -> None:
        report = self._report
        if not self._options.dry_run:
            self._tell_all("storing")
            await self._commit()
            moved = self._moved()
            report.problem = report.problem or moved
            report.finished = datetime.now(UTC)
            report.problem = report.problem or rules.broken_reader(report)
            save = lambda: None if moved else report.save(self._folder / "reports")  # noqa: E731
            for keep in (self._settle, save):
                try:
                    keep()
                except Exception as error:  # noqa: BLE001 - the report tells of it, and is kept itself
                    problem = f"what became of the sources could not be kept: {error}"
                    report.problem = report.problem or problem
            if report.stored and not report.interrupted and not moved:
                self._tell_all("indexing")
                await self._tend(self._dataset.compact)
                await self._tend(self._dataset.index)
                await self._tend(self._dataset.events)
                await self._tend(self._dataset.read_voices)
        self._tell_all("done")
        self._writer.shutdown(wait=False)
        report.check()

    def _tell_all(self, stage: Stage) -> None:
        """Say what is done for all sources together."""
        for ledger in self._report.sources:
            ledger.stage = stage
            self._options.tell(ledger)

    def _moved(self) -> str | None:
        """What to say when the dataset's folder is not where it was: nothing may be written in its place."""
        if _place(self._folder) == self._place:
            return None
        return f"{self._folder} was moved or deleted during the refresh; what it did not store comes again"

    async def _tend(self, work: Callable[[], object]) -> None:
        """Leave the dataset as its readers want it; what fails here is done when it is next opened."""
        try:
            await self._beside(work)
        except Exception as error:  # noqa: BLE001 - the articles are safe, whatever the index meets
            log.warning("the articles are stored, but not yet compact and in the search index: %s", error)

    # One source

    async def _source(self, progress: _Progress) -> None:
        """Everything of one source; what goes wrong is its ledger's `error` and stops no other source."""
        _, until = self._state.backoff(progress.source.name)
        if until and until > datetime.now(UTC) and not self._options.insist:
            progress.ledger.error = (
                f"backing_off: it failed before; left alone until {until:%Y-%m-%d %H:%M} UTC"
            )
        else:
            await self._ask(progress)
        progress.ledger.stage = "done"
        self._options.tell(progress.ledger)

    def _record_bugs(self, tasks: Sequence[asyncio.Task[None]]) -> None:
        """What escaped from the work on a source is that source's: its entries stay open for the cursor."""
        for progress, task in zip(self._progress, tasks, strict=True):
            error = None if task.cancelled() else task.exception()
            if error is None:
                continue
            first = error.exceptions[0] if isinstance(error, BaseExceptionGroup) else error
            progress.ledger.error = f"bug: {type(first).__name__}: {first}"[:300]
            progress.asked, progress.answered, progress.complete = True, False, False
            if progress.ledger.open:
                progress.ledger.count("failed", "bug", by=progress.ledger.open)

    async def _ask(self, progress: _Progress) -> None:
        progress.asked = True
        progress.ledger.stage = "asking"
        self._options.tell(progress.ledger)
        async with asyncio.TaskGroup() as pages:
            try:
                progress.complete = await self._collect(progress, pages)
                progress.answered = True
            except CollectError as error:
                progress.ledger.error = str(error)
            except Exception as error:  # noqa: BLE001 - its pages that are on their way are read to their end
                progress.ledger.error = f"bug: {type(error).__name__}: {error}"[:300]

    async def _collect(self, progress: _Progress, pages: asyncio.TaskGroup) -> bool:
        """Take the source's items and start reading its pages; whether all were taken."""
        source, options = progress.source, self._options
        context = Context(
            self._fetch,
            progress.cursor,
            self._workers,
            options.limit,
            options.environ,
            self._folder,
            options.cluster,
        )
        slots = asyncio.Semaphore(2 * limits(source)[0] + 2)
        collected = COLLECTORS[source.kind].collect(source, options.window, context)
        failure: CollectError | None = None
        try:
            async with aclosing(cast("AsyncGenerator[Candidate | Rejected]", collected)) as items:
                async for item in items:
                    if not await self._take(progress, item, pages, slots):
                        return False
        except CollectError as error:
            failure = error
        if source.fetch and not options.dry_run:
            for outcome in self._state.due(source.name, SECOND_CHANCES):
                candidate = outcome.candidate()
                if _identity(candidate.url) not in self._claimed and not await self._take(
                    progress, candidate, pages, slots
                ):
                    break
        if failure:
            raise failure
        return True

    async def _take(
        self,
        progress: _Progress,
        item: Candidate | Rejected,
        pages: asyncio.TaskGroup,
        slots: asyncio.Semaphore,
    ) -> bool:
        """Give one item its outcome, or start reading its page; False when the limit is reached."""
        at_once = self._at_once(progress.source, item)
        if at_once is None and progress.pages in (self._options.limit, progress.source.max_items):
            return False
        number = progress.see()
        progress.ledger.stage = "reading"
        if at_once is not None:
            self._close(progress, number, at_once)
            return True
        assert isinstance(item, Candidate)
        self._claimed.add(_identity(item.url))
        progress.pages += 1
        if item.article is not None or not progress.source.fetch:
            await self._page(progress, number, item)  # nothing to wait for
            return True
        await slots.acquire()
        pages.create_task(self._page(progress, number, item)).add_done_callback(lambda _: slots.release())
        return True

    def _at_once(self, source: Source, item: Candidate | Rejected) -> Outcome | None:
        """The outcome of what needs no page; None when the page is to be read, which is then claimed."""
        if isinstance(item, Rejected) and not item.later:
            return Outcome(item.url, source.name, "rejected", item.reason)
        identity = _identity(item.url)
        if identity is None:
            return Outcome(item.url, source.name, "rejected", "bad_url")
        complete = source.fetch and identity in self._title_only and _brings_text(item)
        if identity in self._claimed or (_among(identity, self._known) and not complete):
            if isinstance(item, Candidate):
                self._compare_label(source, item, identity)
            return Outcome(item.url, source.name, "duplicate")
        if isinstance(item, Rejected):
            return Outcome.of(Candidate(item.url), source.name, "rejected", item.reason, 0)
        # What a file gives whole is asked of nobody, whatever was met under its address before.
        before = self._state.outcome(item.url) if item.article is None else None
        kept = rules.remembered(before, datetime.now(UTC))
        if before is not None and kept is not None:
            return replace(before, source=source.name, outcome=kept[0], reason=kept[1])
        if self._options.dry_run:
            return Outcome(item.url, source.name, "rejected", "dry_run")
        return None

    def _close(self, progress: _Progress, number: int, outcome: Outcome) -> None:
        progress.ledger.count(outcome.outcome, outcome.reason)
        progress.close(number)
        self._outcomes.append(replace(outcome, canonical=outcome.canonical or _canonical(outcome.url)))
        self._options.tell(progress.ledger)

    # One page

    async def _page(self, progress: _Progress, number: int, candidate: Candidate) -> None:
        source = progress.source
        try:
            outcome = await self._read(progress, candidate)
        except Exception as error:  # noqa: BLE001 - one page's fault is recorded, the others go on
            outcome = Outcome.of(candidate, source.name, "failed", f"error:{type(error).__name__}", 1)
        if outcome.outcome == "stored":
            progress.close(number)
            self._options.tell(progress.ledger)
        else:
            self._close(progress, number, outcome)
        if self._full and self._committing.locked():
            async with self._committing:  # as much again has come meanwhile: it would fill the memory
                pass
        due = self._full or time.monotonic() - self._committed >= PERIOD
        if due and not self._committing.locked():
            # A task of its own: a page that is cancelled must not take the commit with it.
            commit = asyncio.create_task(self._commit())
            self._commits.add(commit)
            commit.add_done_callback(self._commits.discard)
            await asyncio.shield(commit)

    @property
    def _full(self) -> bool:
        """Whether what waits for its commit is enough for one."""
        return (
            self._fetched >= GROUP or len(self._pending) >= READ_GROUP or self._characters >= READ_CHARACTERS
        )

    async def _read(self, progress: _Progress, candidate: Candidate) -> Outcome:
        """Fetch and extract one page; an article is put among the pending."""
        source = progress.source
        before = self._state.outcome(candidate.url) if candidate.article is None else None
        attempts = (before.attempts if before else 0) + 1
        url, html, charset = candidate.url, candidate.html, candidate.charset
        if html is None and candidate.text and not speaks_for(source, url):
            candidate = replace(candidate, text=None)
        article = Article()
        async with _Place(self._room) as place:
            try:
                if html is None and source.fetch:
                    response = await self._page_of(progress, url, place)
                    url, html, charset = response.url, response.body, response.charset
            except FetchError as error:
                if not (candidate.text and rules.feed_stands_in(error.reason)):
                    kind = rules.unfetched(error.reason)
                    charged = attempts - (error.reason in ("host_paused", "out_of_time"))  # never asked for
                    return Outcome.of(candidate, source.name, kind, error.reason, charged)
            else:
                article = candidate.article or (
                    Article()
                    if html is None
                    else await self._workers.extract(
                        html,
                        url,
                        charset=charset,
                        hint_title=candidate.title,
                        hint_published=candidate.published,
                    )
                )
                if refused := rules.refused(article):
                    kind, reason = refused
                    if not (candidate.text and rules.feed_stands_in(reason)):
                        return Outcome.of(candidate, source.name, kind, reason, attempts)
        canonical = self._address(url, article)
        now = datetime.now(UTC)
        row = rules.row(self._domains.labelled(source, candidate), candidate, article, url, canonical, now)
        if html is None and not row["title"]:
            return Outcome(candidate.url, source.name, "rejected", "no_title")
        if not self._options.window.contains(row["published"]):
            return Outcome(candidate.url, source.name, "rejected", "outside_window")
        identity = _identity(canonical)
        if not self._claim(candidate.url, identity):
            copy = Outcome.of(candidate, source.name, "duplicate", None, 0)
            return replace(copy, canonical=canonical)
        self._labels[identity] = self._labels[_identity(candidate.url)] = row["outlet"]
        self._fetched += candidate.article is None and source.fetch
        self._characters += len(row["text"] or "")
        outcome = Outcome(candidate.url, source.name, "stored", canonical=canonical, label=row["outlet"])
        if html is None and row["partial"] == "title_only":
            waiting = Outcome.of(candidate, source.name, "stored", "title_only", attempts - 1)
            outcome = replace(waiting, canonical=canonical, label=row["outlet"])
        digest = digest_of(html) if html and candidate.html is None else b""
        again = outcome
        if digest:
            again = Outcome.of(candidate, source.name, "failed", "captive_portal", attempts - 1)
        own_address = _canonical(article.canonical_url or "") == _canonical(url) is not None
        self._pending.append(_Pending(row, progress.ledger, outcome, again, digest, own_address))
        progress.ledger.count("stored")
        return outcome

    async def _page_of(self, progress: _Progress, url: str, place: _Place) -> Response:
        """The page at `url`, in its turn; how long it kept others waiting is put down to its source."""

        begun = progress.begun = progress.begun or time.monotonic()
        new_only = self._options.window == Window()

        def in_time() -> None:
            over = new_only and time.monotonic() - begun >= SOURCE_TIME
            if over or progress.delay >= SOURCE_DELAY:
                raise FetchError("out_of_time", url, "its source kept this refresh waiting for too long")

        started = asked = time.monotonic()

        async def ready() -> None:
            nonlocal asked
            in_time()
            await place.take()
            asked = time.monotonic()

        in_time()
        timeout = False
        try:
            return await self._fetch(
                url, source=progress.source, accept=_ACCEPT, conditional=False, ready=ready
            )
        except FetchError as error:
            timeout = error.reason == "timeout"
            raise
        finally:
            # A robots.txt that never comes holds up as well, before the page had its turn.
            if asked != started or timeout:
                progress.delay += max(0.0, time.monotonic() - asked - _PAGE_PATIENCE)

    def _address(self, url: str, article: Article) -> str:
        """The one address of an article found at `url`: what its page declares, where that is believed."""
        own = _canonical(url) or canonicalize(url)
        canonical = choose_canonical(url, article.canonical_url) if article.canonical_url else own
        if canonical == own:
            return own
        if not self._site_wide.knows(canonical):
            self._site_wide.learn(canonical, self._state.titles_under(canonical))
        return canonical if self._site_wide.believed(canonical, own, article.title or "") else own

    def _compare_label(self, source: Source, candidate: Candidate, identity: int) -> None:
        """Note that a source gives a known article to another outlet: the first label stays."""
        label = candidate.outlet or self._domains.labelled(source, candidate).outlet
        first = self._labels.get(identity)
        if first is None and (before := self._state.outcome(candidate.url)):
            first = before.label
        canonical = _canonical(candidate.url)
        if first is not None and first != label and canonical:
            self._other_labels[canonical, source.name] = label

    def _claim(self, url: str, identity: int | None) -> bool:
        """Whether the article is new under the address that its page gives itself."""
        if identity == _identity(url):
            return True
        known = identity is None or (_among(identity, self._known) and identity not in self._title_only)
        if known or identity in self._claimed:
            return False
        self._claimed.add(identity)
        return True

    # The commit

    async def _commit(self) -> None:
        async with self._committing:
            await self._store()
            if self._unindexed >= INDEXED:
                self._unindexed = 0
                await self._tend(self._dataset.index)

    async def _store(self) -> None:
        """Store what is pending, then keep what says that it need not be collected again."""
        self._committed = time.monotonic()
        pending, self._pending = self._without_portal(self._pending), []
        self._fetched = self._characters = 0
        outcomes, self._outcomes = self._outcomes, []
        cursors = [(p.source.name, p.cursor.take_settled(p.prefix)) for p in self._progress]
        try:
            self._report.problem = self._report.problem or self._moved()
            if self._report.problem is not None:
                self._halt.set()
            elif pending:
                # as objects: pandas refuses to infer texts with lone surrogates, which the dataset mends
                frame = pd.DataFrame([one.row for one in pending], dtype=object)
                appended = await self._beside(self._dataset.append, frame)
                self._report.version = appended.version
                self._unindexed += len(pending)
                for label, reason in appended.rejected:
                    ledger = pending[cast("int", label)].ledger
                    ledger.count("stored", by=-1)
                    ledger.count("rejected", reason)
        except Exception as error:  # noqa: BLE001 - whatever the disk does, the ledger is closed
            self._end(f"the articles could not be stored: {error}")
        if self._report.problem is not None:
            for one in pending:
                one.ledger.count("stored", by=-1)
                one.ledger.count("failed", "not_stored")
            return
        self._known = np.sort(
            np.append(self._known, [article_id(one.row["canonical_url"]) for one in pending])
        )
        try:
            self._state.keep_outcomes([*outcomes, *(one.outcome for one in pending)])
            self._keep_claims()
            for name, values in cursors:
                self._state.keep_cursor(name, values)
                if values and self._options.cluster:
                    await asyncio.to_thread(self._options.cluster.committed, values)
        except Exception as error:  # noqa: BLE001 - the others' work is kept
            # Nothing is lost: the next refresh sees them again and finds them known.
            self._end(f"the articles are stored, but not what became of the others: {error}")

    def _keep_claims(self) -> None:
        """What sources and pages claim of others' articles; a page that was taken for a copy only because of
        an address that is not believed any more is due again."""
        new, self._site_wide.new = self._site_wide.new, []
        self._state.keep_titles(new, SITE_WIDE)
        labels, self._other_labels = self._other_labels, {}
        self._state.keep_labels(labels)

    def _end(self, problem: str) -> None:
        self._report.problem = problem
        self._halt.set()

    def _without_portal(self, pending: list[_Pending]) -> list[_Pending]:
        """`pending` without the pages that hosts of different sources gave alike: a network's log-in page,
        not articles. No such page names the address that was asked for as its own.

        Those are asked for again in the next refresh.
        """
        kept = []
        for one in pending:
            if one.own_address or len(self._fetch.answers.get(one.digest, ())) < rules.PORTAL_HOSTS:
                kept.append(one)
                continue
            one.ledger.count("stored", by=-1)
            one.ledger.count("failed", "captive_portal")
            self._outcomes.append(one.again)
        return kept

    def _settle(self) -> None:
        """Charge each source that was asked with how it did; the network's fault is nobody's."""
        report, now = self._report, datetime.now(UTC)
        asked = [p for p in self._progress if p.asked and (p.answered or p.ledger.error)]
        reasons = {p.source.name: (p.ledger.error or "").partition(":")[0] or None for p in asked}
        on_the_web = {p.source.name for p in asked if is_web(p.source.url)}
        report.event = rules.event(
            {name: reason for name, reason in reasons.items() if name in on_the_web}, self._fetch.answers
        )
        if report.event == "offline":
            self._state.uncharge(report.started, rules.OFFLINE)
        for progress in asked:
            name, reason = progress.source.name, reasons[progress.source.name]
            if report.event:
                progress.ledger.error = f"{report.event}: {_EVENTS[report.event]}"
                continue
            weight, until = 0.0, None
            if reason:
                weight, until = rules.backoff(reason, self._state.backoff(name)[0], now)
            self._state.keep_backoff(name, weight, until)
            self._state.add_run(name, progress.ledger.to_dict())
            if progress.complete and progress.all_closed and report.problem is None:
                self._state.keep_validators(name)
        self._state.thin_runs()


_EVENTS = {
    "offline": "this computer has no network; nothing was charged to the source",
    "captive_portal": "a network's log-in page answered for every address; log in and try again",
}


def _place(folder: Path) -> tuple[int, int] | None:
    """What tells a folder from another one of its name; None where there is none."""
    try:
        there = folder.stat()
    except OSError:
        return None
    return there.st_dev, there.st_ino


def _known_ids(dataset: Dataset) -> tuple[np.ndarray, frozenset[int]]:
    """The identities of all articles, in order, and of those of which only the title is there."""
    articles = dataset.load(columns=["id", "partial"])
    ids = articles["id"].to_numpy(dtype=np.int64)
    return np.sort(ids), frozenset(ids[(articles["partial"] == "title_only").to_numpy(bool)].tolist())


def _brings_text(item: Candidate | Rejected) -> bool:
    """Whether an item may complete an article of which only the title is there."""
    return isinstance(item, Candidate) and (item.article is None or item.article.text is not None)


def _among(identity: int, ids: np.ndarray) -> bool:
    place = int(ids.searchsorted(np.int64(identity)))
    return place < len(ids) and int(ids[place]) == identity


@lru_cache(1024)
def _canonical(url: str) -> str | None:
    """The canonical form of `url`; None when it is no address of an article."""
    try:
        return canonicalize(url)
    except ValueError:
        return None


@lru_cache(1024)
def _identity(url: str) -> int | None:
    canonical = _canonical(url)
    return None if canonical is None else article_id(canonical)
