"""What the numbers on a page count, in the words that every sentence, axis, picture and file uses."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.components import formats
from dashboard.session.view import SINGULAR
from pressgauge.filters import Filters

_MAX_QUERY = 80
"""Characters of a query that are said."""
_MAX_NAMES = 2
"""Values of a filter that are said one by one; more of them are counted."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is counted: `unit` is "articles", "stories" or "events", `field` the label of the topic that all
    of them are on (None: everything collected), `filters` what narrows them further, `titles` of how many of
    the articles no more than the title is known, `doubtful` of how many the date is doubtful."""

    unit: str
    field: str | None
    filters: Filters
    titles: int = 0
    doubtful: int = 0

    @property
    def noun(self) -> str:
        """The unit in the singular."""
        return SINGULAR[self.unit]

    @property
    def base(self) -> str:
        """What shares are shares of: "articles on AI that match “deepseek” from France"."""
        narrowed = self._narrowed()
        return " ".join((self._kind(self.unit), *narrowed)) if narrowed else self.whole

    @property
    def whole(self) -> str:
        """The same without any filter: "articles on AI", "all collected articles"."""
        return self._kind(self.unit) if self.field else f"all {self._kind(self.unit)}"

    @property
    def days(self) -> str:
        """The days of the filter, "20 Jan 2025 to 31 Mar 2025 (UTC)"; "all dates" without one."""
        since, until = self.filters.since, self.filters.until
        return formats.span(since, until) + (" (UTC)" if since or until else "")

    @property
    def sentence(self) -> str:
        """Base and days as one sentence."""
        titles = (
            f" Of {formats.quantity(self.titles, 'article')} only the title is known." if self.titles else ""
        )
        doubt = (
            f" Of {formats.quantity(self.doubtful, 'article')} the date is doubtful." if self.doubtful else ""
        )
        return f"Counted: {self.base}, {self.days}.{titles}{doubt}"

    def quantity(self, n: int) -> str:
        """A number of what is counted: "1 article on AI", "1,234 articles on AI"."""
        kind = self._kind(self.noun if n == 1 else self.unit)
        return " ".join(filter(None, (formats.count(n), kind, *self._narrowed())))

    def _kind(self, unit: str) -> str:
        return f"{unit} on {self.field}" if self.field else f"collected {unit}"

    def _narrowed(self) -> list[str]:
        filters, phrases = self.filters, []
        if filters.query:
            query = filters.query if len(filters.query) <= _MAX_QUERY else f"{filters.query[:_MAX_QUERY]}…"
            phrases.append(f"that match “{query}”")
        if filters.outlets:
            phrases.append(f"by {_listing(filters.outlets, 'outlet')}")
        if filters.countries:
            phrases.append(
                f"from {_listing([formats.country(code) for code in filters.countries], 'country')}"
            )
        if filters.languages:
            phrases.append(
                f"in {_listing([formats.language(code) for code in filters.languages], 'language')}"
            )
        if filters.with_text:
            phrases.append("with their text")
        if filters.sure_dates:
            phrases.append("without doubtful dates")
        return phrases


def asks(label: str, query: str) -> str:
    """What a line or the field asks of an article, as "Label: query" on one line."""
    return f"{label}: {' '.join(query.split())}"


def _listing(values: tuple[str, ...] | list[str], noun: str) -> str:
    return " and ".join(values) if len(values) <= _MAX_NAMES else formats.quantity(len(values), noun)
