"""An import in a notebook: `dataset.import_files("nexis.docx")`, which waits with a progress bar."""

from __future__ import annotations

import asyncio
from dataclasses import fields
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from collectors.formats.importing import import_files
from collectors.formats.report import ImportReport
from collectors.shared.threads import run_to_its_end
from pressgauge.errors import quantity

if TYPE_CHECKING:
    from pressgauge.store.dataset import Dataset


class Imported(ImportReport):
    """The report of an import that is over; a notebook shows its ledger."""

    def _repr_html_(self) -> str:
        notes = "; ".join(filter(None, (self.problem, "interrupted" if self.interrupted else None)))
        new = f"{quantity(self.stored, 'new article')}{' in these files' if self.dry_run else ''}"
        head = f"<p><b>{new}</b>, {self.read:,} read. {escape(notes)}</p>"
        return f"{head}<pre>{escape(self.table())}</pre>"


def import_now(dataset: Dataset, *paths: str | Path, bar: bool = True, **options: Any) -> Imported:
    """`collectors.formats.importing.import_files` of files and folders, until its end.

    Shows a progress bar unless `bar` is false; `options` are `dry_run` and `outlet`. An interrupt stops it
    and keeps what is complete. Raises PressgaugeError when a file does not exist.
    """
    from collectors.refresh.progress import Progress

    async def read(stop: asyncio.Event) -> ImportReport:
        with Progress("bar" if bar else "none") as progress:
            return await import_files(dataset, paths, stop=stop, on_progress=progress.show, **options)

    report = run_to_its_end(read)
    return Imported(**{field.name: getattr(report, field.name) for field in fields(report)})
