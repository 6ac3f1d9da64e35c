"""Pressgauge: measure how the press covers a subject."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from pressgauge import analysis, figures
    from pressgauge.coverage import Coverage, Measure
    from pressgauge.errors import ConfigError, DatasetError, PressgaugeError, QueryError
    from pressgauge.events import cluster_events
    from pressgauge.filters import Filters, keep
    from pressgauge.schema import COLUMNS
    from pressgauge.search.highlight import spans
    from pressgauge.settings.events import load_events
    from pressgauge.settings.outlets import Outlet, load_outlets, similar_outlets
    from pressgauge.settings.topics import Topic, load_topics, save_topic
    from pressgauge.snapshot import Snapshot
    from pressgauge.store.append import Appended
    from pressgauge.store.dataset import Dataset
    from pressgauge.store.export import read
    from pressgauge.urls import canonicalize

__version__ = "0.1.0"
__all__ = [
    "COLUMNS",
    "Appended",
    "ConfigError",
    "Coverage",
    "Dataset",
    "DatasetError",
    "Filters",
    "Measure",
    "Outlet",
    "PressgaugeError",
    "QueryError",
    "Snapshot",
    "Topic",
    "analysis",
    "canonicalize",
    "cluster_events",
    "figures",
    "keep",
    "load_events",
    "load_outlets",
    "load_topics",
    "open",
    "read",
    "save_topic",
    "similar_outlets",
    "spans",
    "topics",
]

_MODULES = {
    "analysis": (),
    "coverage": ("Coverage", "Measure"),
    "errors": ("ConfigError", "DatasetError", "PressgaugeError", "QueryError"),
    "events": ("cluster_events",),
    "figures": (),
    "filters": ("Filters", "keep"),
    "schema": ("COLUMNS",),
    "search.highlight": ("spans",),
    "settings.events": ("load_events",),
    "settings.outlets": ("Outlet", "load_outlets", "similar_outlets"),
    "settings.topics": ("Topic", "load_topics", "save_topic"),
    "snapshot": ("Snapshot",),
    "store.export": ("read",),
    "store.append": ("Appended",),
    "store.dataset": ("Dataset",),
    "urls": ("canonicalize",),
}
"""The module of each name that is imported when it is asked for: pandas alone takes half a second."""


def open(path: str | Path | None = None, options: dict[str, str] | None = None) -> Dataset:
    """The dataset at a folder or an object store's URL ("s3://bucket/coverage"); the user's own by default.

    A folder that is not there yet is made by the first `append`; reading it before raises DatasetError, with
    a dataset of a similar name. `options` are the object store's settings,
    by the names of the `deltalake` library. Raises DatasetError when what is there is no dataset.
    """
    from pressgauge.settings import paths
    from pressgauge.store.dataset import Dataset

    _register_accessor()
    return Dataset(paths.default_dataset() if path is None else path, options)


def topics(dataset: Dataset) -> pd.DataFrame:
    """Article x topic membership: one bool column for each topic of `topics.toml`, indexed by article id.

    `frame.coverage` is taken as a dataset, too. Raises ConfigError when the file cannot be used.
    """
    from pressgauge.arguments import check_type
    from pressgauge.coverage import Searchable

    check_type("dataset", dataset, Searchable, "write topics(open(folder)), or topics(frame.coverage)")
    snapshot = dataset.snapshot()
    return snapshot.membership.set_index(snapshot.articles["id"])


def _register_accessor() -> None:
    """Give pandas' frames `.coverage`, once pandas is there: the command line must start without it."""
    if "pandas" in sys.modules:
        import_module("pressgauge.accessor")


def __getattr__(name: str) -> Any:
    for module, names in _MODULES.items():
        if name == module and not names:
            return import_module(f"pressgauge.{module}")
        if name in names:
            return getattr(import_module(f"pressgauge.{module}"), name)
    raise AttributeError(f"module 'pressgauge' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


_register_accessor()
