"""What a refresh stores: articles, and then what says that they need not be collected again."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from collectors.cluster.cluster import Cluster
from collectors.ledger import Report, SourceLedger
from collectors.outcome import Outcome
from collectors.refresh import rules
from collectors.refresh.identity import KnownArticles
from collectors.refresh.source_progress import SourceProgress
from collectors.refresh.trust import SITE_WIDE, SiteWide
from collectors.shared.dataset_thread import DatasetThread
from collectors.state import State
from collectors.web.fetch import Fetcher
from pressgauge.schema import article_id

if TYPE_CHECKING:
    from pressgauge.store.dataset import Dataset

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


@dataclass(slots=True)
class Pending:
    """An article that waits for its commit; `again` is its outcome if it turns out to be none, `digest` tells
    its page if it was asked for, and `own_address` says that the page names the very address at which it was
    found."""

    row: dict[str, Any]
    ledger: SourceLedger
    outcome: Outcome
    again: Outcome
    digest: int | None
    own_address: bool


class Commits:
    """The commits of one refresh, and what waits for the next. `known` is what the dataset has, `report` and
    `sources` are the refresh's own; `halt` is set when nothing can be stored any more."""

    def __init__(
        self,
        dataset: Dataset,
        folder: Path,
        state: State,
        fetch: Fetcher,
        cluster: Cluster | None,
        report: Report,
        sources: list[SourceProgress],
    ) -> None:
        self._dataset, self._folder, self._state = dataset, folder, state
        self._fetch, self._cluster = fetch, cluster
        self._report, self._sources = report, sources
        self._place = folder_identity(folder)
        self.articles = KnownArticles()
        self.site_wide = SiteWide()
        self.other_labels: dict[tuple[str, str], str] = {}
        """What a source calls the outlet of an article that another brought, by address and source."""
        self.halt = asyncio.Event()
        self._pending: list[Pending] = []
        self._fetch_count = self._characters = 0
        self._outcomes: list[Outcome] = []
        self._committing = asyncio.Lock()
        self._thread = DatasetThread(dataset)
        self._committed = time.monotonic()
        self._unindexed = 0
        self._commits: set[asyncio.Task[None]] = set()

    async def begin(self) -> None:
        """Learn what the dataset has."""
        await self._thread.run(self.articles.load, self._dataset)
        self._report.version = self._dataset.version

    def add(self, one: Pending, *, is_fetched: bool) -> None:
        """An article for the next commit; `is_fetched` says that its page was asked for."""
        self._pending.append(one)
        self._fetch_count += is_fetched
        self._characters += len(one.row["text"] or "")

    def add_outcome(self, outcome: Outcome) -> None:
        """What became of something else, to be kept with the next commit."""
        self._outcomes.append(outcome)

    async def commit_when_due(self) -> None:
        """Begin a commit when enough waits for one, and wait while as much again has come meanwhile."""
        if self._full and self._committing.locked():
            async with self._committing:  # as much again has come meanwhile: it would fill the memory
                pass
        is_due = self._full or time.monotonic() - self._committed >= PERIOD
        if is_due and not self._committing.locked():
            # A task of its own: a page that is cancelled must not take the commit with it.
            commit = asyncio.create_task(self.commit())
            self._commits.add(commit)
            commit.add_done_callback(self._commits.discard)
            await asyncio.shield(commit)

    async def tend(self) -> None:
        """Leave the dataset as its readers want it."""
        await self._thread.tend()

    def close(self) -> None:
        """No more commits."""
        self._thread.close()

    def folder_problem(self) -> str | None:
        """What to say when the dataset's folder is not where it was: nothing may be written in its place."""
        if folder_identity(self._folder) == self._place:
            return None
        return f"{self._folder} was moved or deleted during the refresh; what it did not store comes again"

    @property
    def _full(self) -> bool:
        """Whether what waits for its commit is enough for one."""
        return (
            self._fetch_count >= GROUP
            or len(self._pending) >= READ_GROUP
            or self._characters >= READ_CHARACTERS
        )

    async def commit(self) -> None:
        async with self._committing:
            await self._store()
            if self._unindexed >= INDEXED:
                self._unindexed = 0
                await self._thread.attempt(self._dataset.index)

    async def _store(self) -> None:
        """Store what is pending, then keep what says that it need not be collected again."""
        self._committed = time.monotonic()
        pending, self._pending = self._without_portal(self._pending), []
        self._fetch_count = self._characters = 0
        outcomes, self._outcomes = self._outcomes, []
        cursors = [(p.source.name, p.cursor.take_settled(p.prefix)) for p in self._sources]
        try:
            self._report.problem = self._report.problem or self.folder_problem()
            if self._report.problem is not None:
                self.halt.set()
            elif pending:
                # as objects: pandas refuses to infer texts with lone surrogates, which the dataset mends
                frame = pd.DataFrame([one.row for one in pending], dtype=object)
                appended = await self._thread.run(self._dataset.append, frame)
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
        self.articles.add([article_id(one.row["canonical_url"]) for one in pending])
        try:
            self._state.keep_outcomes([*outcomes, *(one.outcome for one in pending)])
            self._keep_claims()
            for name, values in cursors:
                self._state.keep_cursor(name, values)
                if values and self._cluster:
                    await asyncio.to_thread(self._cluster.committed, values)
        except Exception as error:  # noqa: BLE001 - the others' work is kept
            # Nothing is lost: the next refresh sees them again and finds them known.
            self._end(f"the articles are stored, but not what became of the others: {error}")

    def _keep_claims(self) -> None:
        """What sources and pages claim of others' articles; a page that was taken for a copy only because of
        an address that is not believed any more is due again."""
        new, self.site_wide.new = self.site_wide.new, []
        self._state.keep_titles(new, SITE_WIDE)
        labels, self.other_labels = self.other_labels, {}
        self._state.keep_labels(labels)

    def _end(self, problem: str) -> None:
        self._report.problem = problem
        self.halt.set()

    def _without_portal(self, pending: list[Pending]) -> list[Pending]:
        """`pending` without the pages that hosts of different sources gave alike: a network's log-in page,
        not articles. No such page names the address that was asked for as its own.

        Those are asked for again in the next refresh.
        """
        articles = []
        for one in pending:
            hosts = {} if one.digest is None else self._fetch.answers.get(one.digest, {})
            if one.own_address or len(hosts) < rules.PORTAL_HOSTS:
                articles.append(one)
                continue
            one.ledger.count("stored", by=-1)
            one.ledger.count("failed", "captive_portal")
            self._outcomes.append(one.again)
        return articles


def folder_identity(folder: Path) -> tuple[int, int] | None:
    """What tells a folder from another one of its name; None where there is none."""
    try:
        there = folder.stat()
    except OSError:
        return None
    return there.st_dev, there.st_ino
