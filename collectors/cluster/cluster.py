"""Archives read by the workers of a Dask cluster; what is stored, and in which order, is the refresh's.

A task reads one file and leaves what its pages say in a staged file of the same name (`staging`). The refresh
takes the staged files in the order of the archives, so it stores what it would have stored by itself. It
keeps a task's name with the commit that holds the last article of it, and only then is the staged file
deleted: whatever is killed, an archive is either done, or staged, or read again, and the articles of one read
again are known by their id.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import tempfile
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import pyarrow as pa

from collectors.candidate import Candidate, Rejected
from collectors.cluster.staging import Staging, Writer
from collectors.errors import CollectError
from collectors.extraction.article import Article
from collectors.kinds.ccnews import Archive, ArchiveReader, pages
from collectors.sandbox.pool import Workers
from collectors.shared.threads import in_thread
from collectors.web.fetch import Fetcher
from pressgauge.errors import PressgaugeError

if TYPE_CHECKING:
    from distributed import Client, Future

    from pressgauge.store.dataset import Dataset

T = TypeVar("T")
BATCH = 32
"""Pages that a task holds in memory while they are read."""
ATTEMPTS = 3
"""Times a file is given to the cluster, before it is left to the next refresh."""
_LOST_STATES = ("cancelled", "lost")
_REASON = re.compile(r"[a-z][a-z0-9_]{1,40}")


class Cluster:
    """The workers behind a `distributed.Client`, and where they leave what they read of `dataset`'s sources.

    Raises PressgaugeError for a client that belongs to an event loop.
    """

    def __init__(self, client: Client, dataset: Dataset) -> None:
        if client.asynchronous:
            raise PressgaugeError("the cluster's client must be made without asynchronous=True")
        self._client = client
        self._staging = Staging(dataset.location.removesuffix("articles") + "staging", dataset.options)

    @asynccontextmanager
    async def reading(self, archives: Sequence[Archive]) -> AsyncIterator[ArchiveReader]:
        """Have all archives read; the block asks for each in turn, by the function it is given.

        That function raises CollectError: the archive's own, 'worker_died' when it ended a few workers,
        'error:NAME', 'not_staged' when its staged file is lost again and again, or 'cluster_lost'.
        """
        futures = self._submit(archives)

        async def read(archive: Archive) -> AsyncIterator[Candidate | Rejected]:
            try:
                async for item in in_thread(await staged_rows(archive)):
                    yield item
            finally:
                futures.pop(archive.key, None)

        async def staged_rows(archive: Archive) -> Iterator[Candidate | Rejected]:
            for attempt in range(1, ATTEMPTS + 1):
                if await self._staged(futures[archive.key], archive):
                    with contextlib.suppress(OSError, pa.ArrowException):
                        return await asyncio.to_thread(self._staging.read, archive.key)
                    futures.update(self._submit([archive], attempt))
                else:  # the scheduler is another one, and knows of no task any more
                    unstaged = [each for each in archives if each.key in futures]
                    futures.update(self._submit(unstaged, attempt))
            raise CollectError("not_staged", f"{archive.address}: it was read, and the rows were lost.")

        try:
            yield read
        finally:
            # The cluster starts none of the tasks that nobody waits for any more.
            futures.clear()

    def committed(self, keys: Iterable[str]) -> None:
        """Delete the staged files of tasks that are done for good."""
        with contextlib.suppress(OSError):  # what stays there is never read again
            self._staging.discard(keys)

    def _submit(self, archives: Sequence[Archive], attempt: int = 0) -> dict[str, Future]:
        names = [f"{archive.key}-{attempt}" for archive in archives]
        futures = self._client.map(stage, archives, key=names, staging=self._staging, pure=False, retries=2)
        return dict(zip((archive.key for archive in archives), futures, strict=True))

    async def _staged(self, future: Future, archive: Archive) -> bool:
        """Wait for a task; whether it has left its file, False when the cluster has forgotten it."""
        from distributed import KilledWorker
        from distributed.comm import CommClosedError

        loop, end = asyncio.get_running_loop(), asyncio.Event()
        future.add_done_callback(lambda _: loop.call_soon_threadsafe(end.set))
        await end.wait()
        while future.status not in _LOST_STATES:
            try:
                reason = await asyncio.to_thread(future.result)
                break
            except KilledWorker as error:
                raise CollectError("worker_died", f"{archive.address}: {error}") from error
            except CommClosedError:  # the scheduler went while it was asked: the future will know
                await asyncio.sleep(0.1)
            except Exception as error:
                if future.status not in _LOST_STATES:
                    name = type(error).__name__
                    raise CollectError(f"error:{name}", f"{archive.address}: {error}") from error
        else:
            await self._reconnected()
            return False
        if reason is None:
            return True
        if not (isinstance(reason, str) and _REASON.fullmatch(reason)):
            raise CollectError("not_staged", f"{archive.address}: a worker gave {str(reason)[:80]!r}.")
        raise CollectError(reason, f"{archive.address} could not be read.")

    async def _reconnected(self) -> None:
        while self._client.status == "connecting":  # noqa: ASYNC110 - it tells nobody when that changes
            await asyncio.sleep(0.1)
        if self._client.status != "running":
            raise CollectError("cluster_lost", "the scheduler is gone; what is complete is kept.")


def stage(archive: Archive, staging: Staging) -> str | None:
    """The task: read an archive and stage what its pages say; the reason if the archive cannot be had.

    It runs in a thread of a worker; pages are read in a disposable process, as they are in a refresh.
    """
    if staging.has(archive.key):
        return None
    runner, workers = _of_this_thread()
    return runner.run(_stage(archive, staging, workers))


_process = threading.local()


def _of_this_thread() -> tuple[asyncio.Runner, Workers]:
    """An event loop and a disposable process, kept from task to task: a start costs as much as 50 pages."""
    if not hasattr(_process, "own"):
        runner = asyncio.Runner()
        _process.own = runner, runner.run(Workers(1).__aenter__())
    own: tuple[asyncio.Runner, Workers] = _process.own
    return own


async def _stage(archive: Archive, staging: Staging, workers: Workers) -> str | None:
    with tempfile.TemporaryFile(prefix="pressgauge-") as file:
        writer = Writer(file)
        try:
            async with Fetcher() as fetch:
                batch: list[Candidate | Rejected] = []
                async for item in pages(fetch, archive):
                    batch.append(item)
                    if len(batch) == BATCH:
                        writer.add(await _extract_batch(batch, workers))
                        batch.clear()
                writer.add(await _extract_batch(batch, workers))
        except CollectError as error:
            return error.reason
        finally:
            writer.close()
        staging.write(archive.key, file)
    return None


async def _extract_batch(
    items: Sequence[Candidate | Rejected], workers: Workers
) -> list[tuple[Candidate | Rejected, Article | None]]:
    async def extract(item: Candidate | Rejected) -> Article | None:
        if not isinstance(item, Candidate):
            return None
        return await workers.extract(item.html or b"", item.url, charset=item.charset)

    return list(zip(items, await asyncio.gather(*map(extract, items)), strict=True))


def mapped(client: Client, function: Callable[..., T], items: Iterable[Any]) -> Iterator[T]:
    """`map` by the workers: what they give, in the order of the items.

    Raises PressgaugeError when an item ends the workers that try it, or the scheduler is lost.
    """
    from distributed import KilledWorker

    futures = client.map(function, list(items), pure=False)
    try:
        for future in futures:
            yield future.result()
    except (KilledWorker, CancelledError) as error:
        raise PressgaugeError(f"the cluster gave it up; has a worker too little memory? {error}") from error
    finally:
        client.cancel(futures)


@contextmanager
def connected(address: str) -> Iterator[Client]:
    """The client of the cluster at a scheduler's address, or of one worker a core here for 'local'.

    Raises PressgaugeError when it does not answer, or `distributed` is not installed.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise PressgaugeError("a cluster needs `pip install pressgauge[cluster]`") from error
    here: dict[str, Any] = {"threads_per_worker": 1, "dashboard_address": None}
    try:
        client = Client(**here) if address == "local" else Client(address)
    except (OSError, ValueError, TypeError) as error:
        raise PressgaugeError(f"no scheduler answers at {address}: {error}") from error
    with client:
        yield client
