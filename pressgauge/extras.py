"""What a dataset offers to a person at a prompt: searches, a refresh, the dashboard, its own picture."""

from __future__ import annotations

from abc import abstractmethod
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from pressgauge.coverage import Searchable
from pressgauge.errors import quantity
from pressgauge.offers import offered
from pressgauge.settings import paths
from pressgauge.validation.check import Records


class Interactive(Searchable):
    """The part of `Dataset` that notebooks use."""

    location: str
    path: Path

    @property
    def records(self) -> Records:
        """The samples and codes of people who check queries: `validation/` beside the dataset."""
        return Records(self.path / "validation")

    def refresh(self, *sources: str, **options: Any) -> Any:
        """Collect what is new from the enabled sources, or those named, with a progress bar; the report.

        Waits for its end; `await dataset.refresh()` may be written, too. What it takes and raises is said by
        the package that offers it, `collectors.refresh.notebook.refresh`.
        """
        return offered("refresh")(self, *sources, **options)

    def import_files(self, *paths: Any, **options: Any) -> Any:
        """Store the articles of files that you have, such as exports of press databases; the report.

        With `dry_run=True` nothing is stored. What else it takes and raises is said by the package that
        offers it, `collectors.formats.notebook.import_now`.
        """
        return offered("import_files")(self, *paths, **options)

    def dashboard(self, *views: str, **view: Any) -> Any:
        """The dashboard of this dataset in a cell, or some of its views, such as "volume" and "articles".

        What else it takes is said by the package that offers it, `dashboard.interactive.dashboard`.
        """
        return offered("dashboard")(self, *views, **view)

    @abstractmethod
    def versions(self) -> pd.DataFrame:
        """A row a version, oldest first: version, at, operation, articles, added, updated."""

    def _repr_html_(self) -> str:
        versions = self.versions()
        if versions.empty:
            return (
                f"<p><b>Empty dataset</b> at <code>{escape(self.location)}</code>. Fill it with "
                "<code>refresh()</code>, or with <code>append(frame)</code>.</p>"
            )
        last = versions.iloc[-1]
        synthetic = self.location == str(paths.demo_dataset() / "articles")
        demo = "<b>Demo data (synthetic).</b> " if synthetic else ""
        return (
            f"<p>{demo}<b>{quantity(last['articles'], 'article')}</b>, version {last['version']} of "
            f"{last['at']:%Y-%m-%d %H:%M} UTC, at <code>{escape(self.location)}</code></p>"
        )
