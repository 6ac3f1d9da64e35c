"""What the numbers on a page count, in the words that every sentence, axis, picture and file uses."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.components import formats
from dashboard.session.view import SINGULAR
from pressgauge.filters import Filters

_QUOTED = 80
"""Characters of a query that are said."""
_NAMED = 2
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
            f" Of {formats.counted(self.titles, 'article')} only the title is known." if self.titles else ""
        )
        doubt = (
            f" Of {formats.counted(self.doubtful, 'article')} the date is doubtful." if self.doubtful else ""
        )
        return f"Counted: {self.base}, {self.days}.{titles}{doubt}"

    def counted(self, n: int) -> str:
        """A number of what is counted: "1 article on AI", "1,234 articles on AI"."""
        kind = self._kind(self.noun if n == 1 else self.unit)
        return " ".join(filter(None, (formats.count(n), kind, *self._narrowed())))

    def _kind(self, unit: str) -> str:
        return f"{unit} on {self.field}" if self.field else f"collected {unit}"

    def _narrowed(self) -> list[str]:
        chosen, said = self.filters, []
        if chosen.query:
            query = chosen.query if len(chosen.query) <= _QUOTED else f"{chosen.query[:_QUOTED]}…"
            said.append(f"that match “{query}”")
        if chosen.outlets:
            said.append(f"by {_listed(chosen.outlets, 'outlet')}")
        if chosen.countries:
            said.append(f"from {_listed([formats.country(code) for code in chosen.countries], 'country')}")
        if chosen.languages:
            said.append(f"in {_listed([formats.language(code) for code in chosen.languages], 'language')}")
        if chosen.with_text:
            said.append("with their text")
        if chosen.sure_dates:
            said.append("without doubtful dates")
        return said


def _listed(values: tuple[str, ...] | list[str], noun: str) -> str:
    return " and ".join(values) if len(values) <= _NAMED else formats.counted(len(values), noun)
