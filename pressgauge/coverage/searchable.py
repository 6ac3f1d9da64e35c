"""What can be searched: the articles of a dataset, or of a frame of one's own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from pressgauge.arguments import check_number, check_query, check_share, check_type
from pressgauge.coverage.coverage import Coverage, matching
from pressgauge.coverage.queries import as_query, check_topic, mask_of, rows_within
from pressgauge.errors import ArgumentError, PressgaugeError
from pressgauge.event_report import EventReport, report
from pressgauge.filters import Filters, let_through
from pressgauge.settings import paths
from pressgauge.settings.topics import Topic, load_topics, query_of
from pressgauge.snapshot import Snapshot
from pressgauge.validation.agreement import agreement
from pressgauge.validation.check import Check, Question, Records
from pressgauge.validation.codebook import Variable, load_codebook
from pressgauge.validation.codes import consensus
from pressgauge.validation.frame import Validation, validation
from pressgauge.voices.tables import Tables


class Searchable(ABC):
    """Articles that can be asked for: those of a dataset, or of a frame of one's own."""

    def require(self) -> Searchable:
        """This, where there is something to ask. Raises DatasetError where a dataset is missing."""
        return self

    @abstractmethod
    def snapshot(self, topics: Sequence[Topic] | None = None) -> Snapshot:
        """The articles in memory, with the membership of `topics` (those of topics.toml by default)."""

    @abstractmethod
    def voices(self) -> Tables:
        """Who is quoted and who is named in the articles, under the names that all of them use."""

    @abstractmethod
    def read(self, ids: Iterable[int], columns: Sequence[str] | None = None) -> pd.DataFrame:
        """The articles with these ids, in their order."""

    def search(
        self,
        query: str,
        within: str | None = None,
        *,
        about: bool = False,
        with_text: bool = False,
        sure_dates: bool = False,
    ) -> Coverage:
        """The articles that match, as a DataFrame with measures, the newest first and undated ones last.

        With `about` only those that the query is what they are about, by the one rule of
        `pressgauge.search.prominence`, not those that mention it; all measures count these. `within`, a
        topic's name or a query, is what they are a part of and shares are shares of; all articles by default.
        An article that mentions `within` is inside. `with_text` leaves out, from both, the articles of which
        only the title is known, `sure_dates` those whose date is doubtful (`filters.DOUBTFUL`). Raises
        QueryError, which points at the character.
        """
        check_query(query, 'search("open source")')
        self.require()
        snapshot = self.snapshot([] if within is None else None)
        filters = Filters(with_text=with_text, sure_dates=sure_dates)
        key = as_query(query, [topic.name for topic in snapshot.topics])
        return _gather(self, snapshot, {key: query}, within, filters, about=about)

    def event(self, number: int) -> EventReport:
        """One event of all articles, by its number in the column `event`; in a dataset also by a
        number that ceased when it was merged. `plot()` draws how it spread. Raises KeyError when there is no
        such event."""
        self.require()
        return report(self.snapshot([]).articles, number)

    def compare(
        self,
        *series: str,
        within: str | None = None,
        about: bool = False,
        with_text: bool = False,
        sure_dates: bool = False,
    ) -> Coverage:
        """The articles in any of the series, each a topic's name or a query, with a bool column for each.

        `within`, `about`, `with_text` and `sure_dates` are those of `search`. Raises QueryError, ConfigError
        when topics.toml cannot be used, ArgumentError without a series, or for one named like a column.
        """
        if not series:
            raise ArgumentError("nothing to compare; expected names of topics or queries")
        for each in series:
            check_query(each, "compare(*queries)")
        self.require()
        snapshot = self.snapshot()
        topic_labels = {topic.name: topic.label for topic in snapshot.topics}
        labels: dict[str, str] = {}
        for key in series:
            label = topic_labels.get(key, key)
            labels[key] = f"{label} (query)" if label in labels.values() else label
        filters = Filters(with_text=with_text, sure_dates=sure_dates)
        return _gather(self, snapshot, labels, within, filters, about=about)

    @property
    @abstractmethod
    def records(self) -> Records:
        """The samples and codes of people who check what is found: kept beside a dataset, of a frame in
        memory."""

    def validate(
        self,
        question: str,
        n: int = 200,
        *,
        within: str | None = None,
        about: bool = False,
        variable: str | None = None,
        coder: str = "me",
        seed: int = 0,
        half_width: float | None = None,
    ) -> Validation:
        """A random sample to judge how good a topic (by name) or query is, as a frame with the `value` that
        `coder` gives to each article; `accuracy()` of it tells precision and recall.

        The sample is kept: asked again it is the same one, and only grows where `n`, a changed query or
        `half_width` needs more articles. With `half_width` as many are drawn as precision and recall lack to
        be known to within it (.05 is five points), as far as the codes tell, and the buttons stop then.
        `within` and `about` are those of `search`; `variable` is one of the codebook (`data/codebook.toml`),
        to code what the query matches by it instead. Raises QueryError, ConfigError, PressgaugeError for a
        topic that is misspelt, and for a variable that there is not.
        """
        check_query(question, 'validate("open source")')
        if within is not None:
            check_query(within, 'within="ai", a topic or a query')
        check_type("coder", coder, str, "write coder='ana'")
        check_number("seed", seed)
        if half_width is not None:
            check_share("half_width", half_width)
        topics = load_topics(paths.topics_file())
        snapshot = self.require().snapshot([topic for topic in topics if topic.name in (question, within)])
        for key in filter(None, (question, within)):
            if key not in snapshot.membership:
                check_topic(key, snapshot, [topic.name for topic in topics])
        check = _check(self, snapshot, question, within, about=about, variable=variable)
        check.draw(n, seed)
        if half_width is not None and variable is None and len(check.codes()):
            check.draw_more(half_width, seed)
        return validation(check, coder, self.read, half_width)

    def codes(self, variable: str) -> Coverage:
        """The articles that people coded by a variable of the codebook, with a bool column for each of its
        values, as `compare` gives them: measures count them within the coded articles.

        Where coders disagree the majority decides; ties and unsure ones are left out. Raises ConfigError,
        PressgaugeError for a variable that there is not.
        """
        self.require()
        snapshot, values = self.snapshot([]), _variable(variable).values
        codes = consensus(self.records.codes.current("", variable), [value.name for value in values])
        codes = codes[codes.index.isin(snapshot.articles["id"])]
        rows = snapshot.rows(codes.index.to_numpy(dtype="int64"))
        members = {value.name: np.zeros(len(snapshot.articles), dtype=bool) for value in values}
        for name, member in members.items():
            member[rows[(codes == name).to_numpy()]] = True
        inside = snapshot.having(codes.index.to_numpy(dtype="int64"))
        labels = {value.name: value.label for value in values}
        return matching(self, snapshot, labels, members, inside)

    def agreement(self) -> pd.DataFrame:
        """How far coders agree, by variable: `pressgauge.validation.agreement.agreement` of all codes."""
        return agreement(self.records.codes.current())


def _gather(
    source: Searchable,
    snapshot: Snapshot,
    labels: Mapping[str, str],
    within: str | None,
    filters: Filters,
    *,
    about: bool,
) -> Coverage:
    members = {key: mask_of(snapshot, key, about=about) for key in labels}
    inside = rows_within(snapshot, within) & let_through(snapshot.articles, filters)
    coverage = matching(source, snapshot, labels, members, inside, about=about)
    coverage._within_name = within or ""
    return coverage


def _check(
    source: Searchable,
    snapshot: Snapshot,
    concept: str,
    within: str | None,
    *,
    about: bool,
    variable: str | None = None,
) -> Check:
    question = Question(concept, query_of(snapshot.topics, concept), within or "", about)
    codebook_variable = None if variable is None else _variable(variable)
    return Check(snapshot, source.records, question, rows_within(snapshot, within), codebook_variable)


def _variable(name: str) -> Variable:
    variables = {variable.name: variable for variable in load_codebook(paths.codebook_file())}
    if not isinstance(name, str) or name not in variables:
        raise PressgaugeError(
            f"the codebook has no variable {name!r}; it has {', '.join(variables) or 'none'}"
        )
    return variables[name]
