"""One refresh under way: sources, their items, and their pages, all at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from collectors.candidate import Candidate, Rejected, Window
from collectors.cluster.cluster import Cluster
from collectors.collector import Context
from collectors.errors import CollectError
from collectors.kinds.registry import COLLECTORS
from collectors.ledger import Report, SourceLedger, Stage
from collectors.outcome import Outcome
from collectors.refresh import rules
from collectors.refresh.commit import Commits
from collectors.refresh.identity import canonical_of, identity_of
from collectors.refresh.page import PageReader
from collectors.refresh.source_progress import SourceProgress
from collectors.sandbox.pool import Workers
from collectors.source import Source
from collectors.state import State
from collectors.web.fetch import Fetcher, limits
from pressgauge.urls import is_web

if TYPE_CHECKING:
    from pressgauge.store.dataset import Dataset

SECOND_CHANCES = 2_000
"""Pages of a source that one refresh asks for again, those that wait longest first."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the caller asked for, as `refresh` says."""

    window: Window
    limit: int | None
    dry_run: bool
    insist: bool
    tell: Callable[[SourceLedger], None]
    stop: asyncio.Event
    environ: dict[str, str]
    cluster: Cluster | None


class Run:
    """The state of one refresh."""

    def __init__(
        self,
        dataset: Dataset,
        folder: Path,
        state: State,
        fetch: Fetcher,
        workers: Workers,
        options: Options,
        sources: Sequence[Source],
    ) -> None:
        self._folder, self._state = folder, state
        self._fetch, self._workers, self._options = fetch, workers, options
        self._report = Report(datetime.now(UTC), [], dry_run=options.dry_run)
        self._progress: list[SourceProgress] = []
        self._commits = Commits(dataset, folder, state, fetch, options.cluster, self._report, self._progress)
        self._articles = self._commits.articles
        self._sources = sources
        self._reader = PageReader(fetch, workers, state, self._commits, sources, options.window)

    async def all(self) -> Report:
        await self._commits.begin()
        for source in self._sources:
            ledger = SourceLedger(source.name)
            self._report.sources.append(ledger)
            self._progress.append(SourceProgress(source, ledger, self._state.cursor(source.name)))
        tasks = [asyncio.create_task(self._source(progress)) for progress in self._progress]
        stopping = [asyncio.create_task(event.wait()) for event in (self._options.stop, self._commits.halt)]
        everything: asyncio.Future[Any] = asyncio.gather(*tasks, return_exceptions=True)
        try:
            await asyncio.wait({everything, *stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            # Also when this refresh itself is cancelled: what is complete is kept first.
            is_complete = everything.done()
            self._report.interrupted = not is_complete and not self._commits.halt.is_set()
            for task in (*tasks, *stopping):
                task.cancel()
            await asyncio.gather(*tasks, *stopping, everything, return_exceptions=True)
            self._record_bugs(tasks)
            if not is_complete:
                self._leave_open()
            await self._finish()
        return self._report

    def _leave_open(self) -> None:
        """What was stopped half-way stays open for the cursors, so that it is taken again."""
        for progress in self._progress:
            if progress.ledger.open:
                progress.ledger.count("failed", "interrupted", by=progress.ledger.open)

    async def _finish(self) -> None:
        report = self._report
        if not self._options.dry_run:
            self._tell_all("storing")
            await self._commits.commit()
            problem = self._commits.folder_problem()
            report.problem = report.problem or problem
            report.finished = datetime.now(UTC)
            report.problem = report.problem or rules.broken_reader(report)
            self._keep(self._settle)
            if not problem:
                self._keep(partial(report.save, self._folder / "reports"))
            if report.stored and not report.interrupted and not problem:
                self._tell_all("indexing")
                await self._commits.tend()
        self._tell_all("done")
        self._commits.close()
        report.check()

    def _keep(self, save: Callable[[], object]) -> None:
        """`save` something of how this refresh went; where that fails the report tells of it."""
        try:
            save()
        except Exception as error:  # noqa: BLE001 - the report is kept whatever becomes of the rest
            problem = f"what became of the sources could not be kept: {error}"
            self._report.problem = self._report.problem or problem

    def _tell_all(self, stage: Stage) -> None:
        """Say what is done for all sources together."""
        for ledger in self._report.sources:
            ledger.stage = stage
            self._options.tell(ledger)

    # One source

    async def _source(self, progress: SourceProgress) -> None:
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
            progress.is_asked, progress.is_answered, progress.complete = True, False, False
            if progress.ledger.open:
                progress.ledger.count("failed", "bug", by=progress.ledger.open)

    async def _ask(self, progress: SourceProgress) -> None:
        progress.is_asked = True
        progress.ledger.stage = "asking"
        self._options.tell(progress.ledger)
        async with asyncio.TaskGroup() as pages:
            try:
                progress.complete = await self._collect(progress, pages)
                progress.is_answered = True
            except CollectError as error:
                progress.ledger.error = str(error)
            except Exception as error:  # noqa: BLE001 - its pages that are on their way are read to their end
                progress.ledger.error = f"bug: {type(error).__name__}: {error}"[:300]

    async def _collect(self, progress: SourceProgress, pages: asyncio.TaskGroup) -> bool:
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
                if identity_of(candidate.url) not in self._articles.claims and not await self._take(
                    progress, candidate, pages, slots
                ):
                    break
        if failure:
            raise failure
        return True

    async def _take(
        self,
        progress: SourceProgress,
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
        self._articles.claims.add(identity_of(item.url))
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
        identity = identity_of(item.url)
        if identity is None:
            return Outcome(item.url, source.name, "rejected", "bad_url")
        complete = source.fetch and identity in self._articles.title_only and _brings_text(item)
        if identity in self._articles.claims or (self._articles.has(identity) and not complete):
            if isinstance(item, Candidate):
                self._reader.compare_label(source, item, identity)
            return Outcome(item.url, source.name, "duplicate")
        if isinstance(item, Rejected):
            return Outcome.of(Candidate(item.url), source.name, "rejected", item.reason, 0)
        # What a file gives whole is asked of nobody, whatever was met under its address before.
        before = self._state.outcome(item.url) if item.article is None else None
        verdict = rules.remembered(before, datetime.now(UTC))
        if before is not None and verdict is not None:
            return replace(before, source=source.name, outcome=verdict[0], reason=verdict[1])
        if self._options.dry_run:
            return Outcome(item.url, source.name, "rejected", "dry_run")
        return None

    def _close(self, progress: SourceProgress, number: int, outcome: Outcome) -> None:
        progress.ledger.count(outcome.outcome, outcome.reason)
        progress.close(number)
        self._commits.add_outcome(replace(outcome, canonical=outcome.canonical or canonical_of(outcome.url)))
        self._options.tell(progress.ledger)

    # One page

    async def _page(self, progress: SourceProgress, number: int, candidate: Candidate) -> None:
        source = progress.source
        try:
            outcome = await self._reader.read(progress, candidate)
        except Exception as error:  # noqa: BLE001 - one page's fault is recorded, the others go on
            outcome = Outcome.of(candidate, source.name, "failed", f"error:{type(error).__name__}", 1)
        if outcome.outcome == "stored":
            progress.close(number)
            self._options.tell(progress.ledger)
        else:
            self._close(progress, number, outcome)
        await self._commits.commit_when_due()

    # The end

    def _settle(self) -> None:
        """Charge each source that was asked with how it did; the network's fault is nobody's."""
        report, now = self._report, datetime.now(UTC)
        charged = [p for p in self._progress if p.is_asked and (p.is_answered or p.ledger.error)]
        reasons = {p.source.name: (p.ledger.error or "").partition(":")[0] or None for p in charged}
        on_the_web = {p.source.name for p in charged if is_web(p.source.url)}
        report.event = rules.event(
            {name: reason for name, reason in reasons.items() if name in on_the_web}, self._fetch.answers
        )
        if report.event == "offline":
            self._state.refund_attempts(report.started, rules.OFFLINE)
        for progress in charged:
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


def _brings_text(item: Candidate | Rejected) -> bool:
    """Whether an item may complete an article of which only the title is there."""
    return isinstance(item, Candidate) and (item.article is None or item.article.text is not None)
