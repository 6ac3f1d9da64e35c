"""Is the query right? What a validation and a page of contexts take on a dataset as it lies on disk."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

import pressgauge
from bench.corpus import make
from bench.timing import best, line, once
from pressgauge.store.dataset import Dataset
from pressgauge.validation.frame import Validation

_BATCH = 100_000
_QUERY = '"open source" OR "open weights"'
_SAMPLE = 200


def rows(n: int) -> list[dict[str, str]]:
    """Lines of the bench's table: measure, ours, theirs, ratio, note."""
    with tempfile.TemporaryDirectory() as folder:
        dataset = pressgauge.open(Path(folder) / "coverage")
        for at in range(0, n, _BATCH):
            dataset.append(make(min(_BATCH, n - at), seed=at))
        dataset.snapshot([])
        return measure(dataset)


def measure(dataset: Dataset) -> list[dict[str, str]]:
    """The same of a dataset whose index and events are made."""
    searching, cov = best(lambda: dataset.search(_QUERY))
    about, _ = best(lambda: dataset.search(_QUERY, about=True))
    first, page = once(cov.kwic)
    again, _ = best(cov.kwic)
    drawing, sample = once(lambda: dataset.validate(_QUERY, _SAMPLE))
    rng = np.random.default_rng(0)
    judging, _ = once(lambda: _judge(sample, rng))
    asking, _ = best(lambda: dataset.validate(_QUERY, _SAMPLE))
    accuracy, _ = best(sample.accuracy)
    terms, _ = best(sample.terms)
    missed, _ = best(sample.missed)
    found = f"{len(cov):,} articles of {len(dataset):,}"
    return [
        line("a query, its articles newest first", searching, None, found),
        line("the same, about only", about, None, "goal 1 s at 1M"),
        line(
            "a first page of contexts", first, None, f"goal 200 ms at 1M; {_read(page)}, checksums included"
        ),
        line("a page of contexts again", again, None, "goal 200 ms at 1M"),
        line(f"a sample of {_SAMPLE} to judge", drawing, None, "drawn, kept, and its texts read"),
        line("the same sample again", asking, None, "its texts read"),
        line(f"{_SAMPLE} judgements kept", judging, None, "synced to disk"),
        line("precision and recall", accuracy, None, "with their intervals"),
        line("terms that bring the false ones", terms, None, ""),
        line("words that the missed share", missed, None, "reads their texts"),
    ]


def _judge(sample: Validation, rng: np.random.Generator) -> None:
    sample["value"] = rng.choice(["y", "n"], len(sample), p=[0.8, 0.2]).astype(object)
    sample.save()


def _read(page: pd.DataFrame) -> str:
    return f"{page.attrs['articles']} texts read"
