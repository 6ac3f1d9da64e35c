"""A refresh: sources -> candidates -> pages -> articles -> commits.

What happens in which order is `run`, what is decided `rules`, what is stored `commit`, what is counted
`ledger`, what is remembered `state`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from collectors.candidate import Window
from collectors.cluster.cluster import Cluster
from collectors.database import QUICK, is_damaged, set_aside
from collectors.ledger import Report, SourceLedger
from collectors.refresh.run import Options, Run
from collectors.sandbox.pool import Workers
from collectors.settings import enabled_sources
from collectors.shared.threads import run_to_its_end
from collectors.source import Source
from collectors.state import State
from collectors.web.fetch import Fetcher
from pressgauge.errors import PressgaugeError

if TYPE_CHECKING:
    from distributed import Client

    from pressgauge.store.dataset import Dataset

log = logging.getLogger(__name__)


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
    with _exclusive(folder), _books(folder / "state.sqlite") as state:
        async with fetcher(state) as fetch, Workers(readers) as workers:
            options = Options(
                window or Window(),
                limit,
                dry_run,
                insist,
                tell,
                stop or asyncio.Event(),
                dict(os.environ if environ is None else environ),
                None if client is None else Cluster(client, dataset),
            )
            return await Run(dataset, folder, state, fetch, workers, options, sources).all()


def _books(file: Path) -> State:
    """The state of a dataset; anew where it is damaged."""
    if is_damaged(file, QUICK):
        aside = set_aside(file)
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
def _exclusive(folder: Path) -> Iterator[None]:
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
