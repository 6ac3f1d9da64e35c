"""How far a refresh is with one source."""

from __future__ import annotations

from dataclasses import dataclass, field

from collectors.cursor import Cursor
from collectors.ledger import SourceLedger
from collectors.source import Source


@dataclass(slots=True)
class SourceProgress:
    """One source under way. `prefix` is how many of its first items have their outcome; `outcomes` are
    those of later items. `is_answered` says that the source gave what it has, `complete` that all of it was
    taken."""

    source: Source
    ledger: SourceLedger
    cursor: Cursor
    outcomes: set[int] = field(default_factory=set)
    prefix: int = 0
    pages: int = 0
    is_asked: bool = False
    is_answered: bool = False
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
        self.outcomes.add(number)
        while self.prefix in self.outcomes:
            self.outcomes.remove(self.prefix)
            self.prefix += 1
