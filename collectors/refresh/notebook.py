"""A refresh in a notebook: `dataset.refresh()`, which waits with a progress bar and shows the ledger."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import fields
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from collectors.ledger import Report, past_reports
from collectors.refresh.refresh import refresh_now
from collectors.settings import enabled_sources
from collectors.source import Source
from pressgauge.errors import ArgumentError, PressgaugeError, quantity

if TYPE_CHECKING:
    import pandas as pd

    from pressgauge.store.dataset import Dataset


class Refreshed(Report):
    """The report of a refresh that is over; a notebook shows its ledger."""

    def __await__(self) -> Generator[None, None, Refreshed]:
        """A notebook runs one cell at a time in any case, so `await dataset.refresh()` is the same."""
        return self
        yield

    def _repr_html_(self) -> str:
        remarks = [
            self.problem,
            self.event and f"{self.event}: no network?",
            self.interrupted and "interrupted",
        ]
        notes = "; ".join(str(note) for note in remarks if note)
        where = "" if self.version is None else f" in version {self.version}"
        head = f"<p><b>{quantity(self.stored, 'new article')}</b>{where}. {escape(notes)}</p>"
        return f"{head}<pre>{escape(self.table())}</pre>"


def refresh(dataset: Dataset, *sources: str | Source, bar: bool = True, **options: Any) -> Refreshed:
    """`collectors.refresh.refresh` of the enabled sources, or of those given or named, until its end.

    Shows a progress bar unless `bar` is false. Raises PressgaugeError for a name that no enabled source has,
    ArgumentError for what is no source.
    """
    report = refresh_now(dataset, _sources(sources), bar=bar, **options)
    return Refreshed(**{field.name: getattr(report, field.name) for field in fields(report)})


def past_refreshes(dataset: Dataset, most: int = 50) -> pd.DataFrame:
    """The ledgers of past refreshes, newest first, a row a refresh and source.

    Columns: started (UTC), source, seen, stored, duplicate, rejected, quarantined, failed (int64), why (text:
    the reasons with their counts), error (text or None), interrupted (bool).
    """
    import pandas as pd

    rows = [
        {
            "started": report.started,
            "source": one.source,
            "seen": one.seen,
            "stored": one.stored,
            "duplicate": one.duplicate,
            **{name: getattr(one, name).total() for name in ("rejected", "quarantined", "failed")},
            "why": ", ".join(
                f"{reason} {n:,}" for reason, n in (one.rejected + one.quarantined + one.failed).most_common()
            ),
            "error": one.error,
            "interrupted": report.interrupted,
        }
        for report in past_reports(Path(dataset.path) / "reports", most)
        for one in report.sources
    ]
    names = ("started", "source", "seen", "stored", "duplicate", "rejected", "quarantined", "failed")
    frame = pd.DataFrame(rows, columns=[*names, "why", "error", "interrupted"])
    frame["started"] = pd.to_datetime(frame["started"], utc=True).dt.as_unit("us")
    return frame.astype(dict.fromkeys(names[2:], "int64"))


def _sources(selection: tuple[str | Source, ...]) -> list[Source] | None:
    for each in selection:
        if not isinstance(each, (str, Source)):
            raise ArgumentError(f"a source is no {type(each).__name__}; of several write refresh(*names)")
    names = [each for each in selection if isinstance(each, str)]
    by_name = {source.name: source for source in enabled_sources()} if names else {}
    if missing := [name for name in names if name not in by_name]:
        advice = f"expected one of {', '.join(by_name)}" if by_name else "none is enabled in sources.toml"
        raise PressgaugeError(f"no enabled source is named {', '.join(missing)}; {advice}")
    return [by_name[each] if isinstance(each, str) else each for each in selection] or None
