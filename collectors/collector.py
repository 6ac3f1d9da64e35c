"""What a collector is: given a source and a window of time, it yields candidates."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from collectors.candidate import Candidate, Rejected, Window
from collectors.cursor import Cursor
from collectors.sandbox.pool import Workers
from collectors.source import Source

if TYPE_CHECKING:
    from collectors.web.fetch import Fetcher


class ArchiveReaders(Protocol):
    """Machines that read archives beside this one, see `collectors.cluster.cluster.Cluster`."""

    def reading(
        self, archives: Sequence[Any]
    ) -> AbstractAsyncContextManager[Callable[[Any], AsyncIterator[Candidate | Rejected]]]: ...

    def committed(self, keys: Iterable[str]) -> None: ...


@dataclass(slots=True)
class Context:
    """What the refresh lends a collector: fetcher, worker processes, the source's cursor, and a limit.

    `reference` is the dataset folder, where a collector may keep a reference series
    (`pressgauge/store/reference.py`). What came
    from outside is parsed by `workers`, never here; with a `cluster`, archives are read there.
    """

    fetch: Fetcher
    cursor: Cursor
    workers: Workers
    limit: int | None = None
    environ: dict[str, str] = field(default_factory=dict)
    reference: Path | None = None
    cluster: ArchiveReaders | None = None


class Collector(Protocol):
    """One kind of source, in a file of its own, found by kind in `collectors.kinds.registry.COLLECTORS`."""

    kind: str
    summary: str
    """One line for `pressgauge sources`: what it reads."""
    limits: str
    """One line: what it cannot do."""
    key: str | None
    """Environment variable of the key it needs, or None."""
    takes_path: bool
    """Whether `url` may be a path of this machine in place of an address of the web."""

    def collect(
        self, source: Source, window: Window, context: Context
    ) -> AsyncIterator[Candidate | Rejected]: ...
