"""How far a refresh is with one source."""

from __future__ import annotations

from dataclasses import dataclass, field

from collectors.cursor import Cursor
from collectors.ledger import SourceLedger
from collectors.source import Source


@dataclass(slots=True)
class SourceProgress:
    """One source under way. `prefix` is how many of its first items have their outcome; `answered` says that
    the source gave what it has, `complete` that all of it was taken."""

    source: Source
    ledger: SourceLedger
    cursor: Cursor
    closed: set[int] = field(default_factory=set)
    prefix: int = 0
    pages: int = 0
    asked: bool = False
    answered: bool = False
    complete: bool = False
    delay: float = 0.0
    start: float | None = None

    def see(self) -> int:
        """Take one more item -> its number."""
        self.ledger.seen += 1
        self.cursor.position += 1
        return self.cursor.position - 1

    @property
    def all_closed(self) -> bool:
        return self.prefix == self.cursor.position

    def close(self, number: int) -> None:
        self.closed.add(number)
        while self.prefix in self.closed:
            self.closed.remove(self.prefix)
            self.prefix += 1
