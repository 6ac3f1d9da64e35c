"""Pressgauge: measure how the press covers a subject."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from pressgauge.dataset import Dataset

__version__ = "0.1.0"
__all__ = ["open", "topics"]


def open(path: str | Path | None = None, options: dict[str, str] | None = None) -> Dataset:
    """The dataset at a folder or an object store's URL ("s3://bucket/coverage"); the user's own by default.

    A folder that is not there yet is made by the first `append`. `options` are the object store's settings,
    by the names of the `deltalake` library. Raises DatasetError when what is there is no dataset.
    """
    from pressgauge import paths
    from pressgauge.dataset import Dataset

    return Dataset(paths.default_dataset() if path is None else path, options)


def topics(dataset: Dataset) -> pd.DataFrame:
    """Article x topic membership: one bool column for each topic of `topics.toml`, indexed by article id.

    Raises ConfigError when the file cannot be used.
    """
    snapshot = dataset.snapshot()
    return snapshot.membership.set_index(snapshot.articles["id"])
