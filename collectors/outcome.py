"""What became of one URL, and with what it can be asked for again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from collectors.candidate import Candidate
from collectors.ledger import Kind

_HINTS = (
    "title", "published", "published_precision", "authors", "outlet", "domain", "country", "language",
    "details",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a URL: `outcome` is a column of the ledger; `attempts` counts failures in a row.

    `hint` is with what it can be asked for again, None when it cannot; `due` is when it will be, by
    `collectors.retries`, None when it will not; `label` is the outlet that a
    stored one was given to. The books fill in `at` and `due`.
    """

    url: str
    source: str
    outcome: Kind
    reason: str | None = None
    canonical: str | None = None
    at: datetime | None = None
    attempts: int = 0
    hint: str | None = None
    due: datetime | None = None
    label: str | None = None

    @classmethod
    def of(
        cls, candidate: Candidate, source: str, outcome: Kind, reason: str | None, attempts: int
    ) -> Outcome:
        """The outcome of a page that was asked for, with what is needed to ask again."""
        values = {name: getattr(candidate, name) for name in _HINTS if getattr(candidate, name)}
        hint = json.dumps(values, default=datetime.isoformat) if candidate.html is None else None
        return cls(candidate.url, source, outcome, reason, attempts=attempts, hint=hint)

    def candidate(self) -> Candidate:
        """What `of` was given, apart from its text."""
        values = json.loads(self.hint or "{}")
        if "published" in values:
            values["published"] = datetime.fromisoformat(values["published"])
        return Candidate(self.url, **{**values, "authors": tuple(values.get("authors", ()))})
