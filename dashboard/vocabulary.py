"""The words of the articles, read once for all sessions by a thread, so that no visitor waits for it."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pressgauge.analysis.terms import Terms, terms
from pressgauge.errors import PressgaugeError

if TYPE_CHECKING:
    from pressgauge.dataset import Dataset

log = logging.getLogger(__name__)
MOST = 25_000
"""Articles that are read, the latest: three seconds and 100 MB."""


class Vocabulary:
    """`found` is None until the words are read; `rows` are the row numbers that were read, in order."""

    def __init__(self) -> None:
        self.found: Terms | None = None
        self.rows = np.array([], dtype=np.int64)
        self._asked = threading.Lock()

    def ask(self, dataset: Dataset, articles: pd.DataFrame) -> None:
        """Begin to read, if nobody has asked before."""
        if self._asked.acquire(blocking=False):
            threading.Thread(target=self.read, args=(dataset, articles), daemon=True).start()

    def read(self, dataset: Dataset, articles: pd.DataFrame) -> None:
        """Read title and text of the latest articles; what cannot be read leaves the charts without words."""
        latest = np.argsort(articles["day"].to_numpy(), kind="stable")[-MOST:]
        rows = np.sort(latest)
        try:
            texts = dataset.read(articles["id"].iloc[rows].tolist(), columns=["title", "text", "language"])
            found = terms(texts)
        except (PressgaugeError, OSError) as error:
            log.warning("cannot read the words of %s: %s", dataset.path, error)
            return
        self.rows, self.found = rows, found

    def member(self, word: str, articles: int) -> np.ndarray:
        """Bool array over all `articles` rows: which of those that were read use the word."""
        member = np.zeros(articles, dtype=bool)
        if self.found is not None:
            member[self.rows] = self.found.membership([word])[word].to_numpy()
        return member
