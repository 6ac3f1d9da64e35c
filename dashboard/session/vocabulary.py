"""The words of the articles, read once for all sessions in a process of their own: nobody waits for it."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import signal
import threading
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dashboard.session.reader import start_reader
from pressgauge.analysis.terms import Terms, terms
from pressgauge.errors import PressgaugeError

if TYPE_CHECKING:
    from pressgauge.store.dataset import Dataset

log = logging.getLogger(__name__)
MOST = 25_000
"""Articles that are read, the latest: three to nine seconds and 100 MB."""
_PAUSE = 3.0
"""Seconds before they are: the page that asked is drawn meanwhile."""


class Vocabulary:
    """`found` is None until the words are read; `rows` are the row numbers that were read, in order."""

    def __init__(self) -> None:
        self.terms: Terms | None = None
        self.rows = np.array([], dtype=np.int64)
        self._start = threading.Lock()
        self._is_over = False

    @property
    def reading(self) -> bool:
        """Whether they are being read."""
        return self._start.locked() and not self._is_over

    def ask(self, dataset: Dataset, articles: pd.DataFrame) -> None:
        """Read soon, in a process of its own, if nobody has asked before: a thread would take turns with
        every page for as long as it reads."""
        if self._start.acquire(blocking=False):
            begin = threading.Timer(_PAUSE, self._hear, (dataset, articles))
            begin.daemon = True
            begin.start()

    def read(self, dataset: Dataset, articles: pd.DataFrame) -> None:
        """Read title and text of the latest articles here and now."""
        rows = _latest(articles)
        self._keep(rows, _words(dataset, articles["id"].iloc[rows].tolist()))

    def _hear(self, dataset: Dataset, articles: pd.DataFrame) -> None:
        rows = _latest(articles)
        hears, tells = multiprocessing.Pipe(duplex=False)
        ids = articles["id"].iloc[rows].tolist()
        reader = start_reader(_tell, tells, dataset, ids)
        tells.close()
        with contextlib.suppress(EOFError):
            self._keep(rows, hears.recv())
        self._is_over = True
        reader.join()
        if reader.exitcode not in (0, -signal.SIGTERM):  # which it gets when the server stops
            log.warning("the words of %s could not be read: their process ended", dataset.path)

    def _keep(self, rows: np.ndarray, result: Terms | str) -> None:
        """Keep the words; what cannot be read leaves the charts without them."""
        if isinstance(result, str):
            log.warning("%s", result)
        else:
            self.rows, self.terms = rows, result

    def member(self, word: str, articles: int) -> np.ndarray:
        """Bool array over all `articles` rows: which of those that were read use the word."""
        member = np.zeros(articles, dtype=bool)
        if self.terms is not None:
            member[self.rows] = self.terms.member(word)
        return member


def _latest(articles: pd.DataFrame) -> np.ndarray:
    """The row numbers of the latest articles, in order."""
    return np.sort(np.argsort(articles["day"].to_numpy(), kind="stable")[-MOST:])


def _words(dataset: Dataset, ids: list[int]) -> Terms | str:
    """The words of the articles of these ids, or why they cannot be read."""
    try:
        return terms(dataset.read(ids, columns=["title", "text", "language"]))
    except (PressgaugeError, OSError) as error:
        return f"cannot read the words of {dataset.path}: {error}"


def _end_with_parent() -> None:
    """A server that is killed cannot stop this process, which would go on reading for nobody."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


def _tell(tells: Connection, dataset: Dataset, ids: list[int]) -> None:
    """What the process does: pages and their browsers go first, and who stops the server stops it too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.nice(10)  # not 19: a busy machine would leave it a hundredth of a core
    with contextlib.suppress(BrokenPipeError):
        tells.send(_words(dataset, ids))
