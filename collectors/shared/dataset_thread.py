"""The one thread of a process that collects for all that touches the dataset, beside the event loop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

from pressgauge.store.memory import give_back

if TYPE_CHECKING:
    from pressgauge.store.dataset import Dataset

T = TypeVar("T")
log = logging.getLogger(__name__)


class DatasetThread:
    """A thread for `dataset`: each further one would keep the memory of a commit."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self._thread = ThreadPoolExecutor(1, "dataset")

    async def run(self, work: Callable[..., T], *arguments: Any) -> T:
        """`work` in this thread, which then gives back what it freed."""

        def done() -> T:
            try:
                return work(*arguments)
            finally:
                give_back()

        return await asyncio.get_running_loop().run_in_executor(self._thread, done)

    async def tend(self) -> None:
        """Make the dataset ready for its readers: merge small files, and bring what is derived up to date."""
        for work in (
            self._dataset.compact,
            self._dataset.index,
            self._dataset.events,
            self._dataset.read_voices,
        ):
            await self.attempt(work)

    async def attempt(self, work: Callable[[], object]) -> None:
        """`work` for the dataset's readers; what fails here is done when it is next opened."""
        try:
            await self.run(work)
        except Exception as error:  # noqa: BLE001 - the articles are safe, whatever the index meets
            log.warning("the articles are stored, but not yet compact and in the search index: %s", error)

    def close(self) -> None:
        """No more work."""
        self._thread.shutdown(wait=False)
