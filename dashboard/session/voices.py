"""Who is quoted and named, read once for all sessions in a process of its own: nobody waits for it."""

from __future__ import annotations

import logging
import os
import signal
import threading
from typing import TYPE_CHECKING

import numpy as np

from dashboard.session.reader import start_reader
from pressgauge.errors import PressgaugeError
from pressgauge.voices.tables import Tables

if TYPE_CHECKING:
    from pressgauge.store.dataset import Dataset

log = logging.getLogger(__name__)


class Voices:
    """`tables` is None until the articles are read; `problem` says why they cannot be."""

    def __init__(self, tables: Tables | None = None) -> None:
        self.tables = tables
        self.problem: str | None = None
        self._start = threading.Lock()
        self._ids: dict[tuple[str, bool], np.ndarray] = {}

    @property
    def reading(self) -> bool:
        """Whether the articles are being read."""
        return self._start.locked() and self.tables is None and self.problem is None

    def ask(self, dataset: Dataset) -> None:
        """Read soon, if nobody has asked before: what is kept beside the dataset in a thread, articles that
        have not been read yet in a process, since a thread would take turns with every page."""
        if self._start.acquire(blocking=False):
            threading.Thread(target=self._hear, args=(dataset,), daemon=True).start()

    def ids(self, speaker: str, *, named: bool = False) -> np.ndarray:
        """Ids of the articles that quote a speaker, or that name them."""
        if self.tables is None:
            return np.empty(0, np.int64)
        if (speaker, named) not in self._ids:
            table = self.tables.names if named else self.tables.quotations
            self._ids[speaker, named] = table.loc[(table["name"] == speaker).to_numpy(), "id"].unique()
        return self._ids[speaker, named]

    def _hear(self, dataset: Dataset) -> None:
        try:
            if dataset.voices_behind() != 0:
                reader = start_reader(_run_reader, dataset)
                reader.join()
                if reader.exitcode:  # which it gets when the server stops, or its memory is not enough
                    self.problem = (
                        "The process that reads who speaks has ended. Restart the server to try again."
                    )
                    return
            self.tables = dataset.voices()
        except (PressgaugeError, OSError) as error:
            self.problem = str(error)
            log.warning("cannot read who speaks in %s: %s", dataset.path, error)


def _run_reader(dataset: Dataset) -> None:
    """What the process does: pages and their browsers go first, and who stops the server stops it too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(10)  # not 19: a busy machine would leave it a hundredth of a core
    try:
        dataset.read_voices()
    except (PressgaugeError, OSError) as error:  # told by the one who asks again
        log.warning("%s", error)
