"""What a session shows of a dataset: its rows, lines and sides, and what a clicked number opens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import param

from dashboard.session.refresh_job import RefreshJob
from dashboard.session.saved import SavedViews
from dashboard.session.scope import Scope
from dashboard.session.session import Session, explain, shortened
from dashboard.session.store import LoadedVersion, Store
from dashboard.session.view import Selection
from pressgauge.analysis.periods import counted_once
from pressgauge.bitmaps.index import Rows
from pressgauge.bitmaps.tables import Tally
from pressgauge.errors import QueryError
from pressgauge.filters import ONLY_TITLES, Filters, behind, doubtful_rows, kept_rows, selection_mask
from pressgauge.schema import NO_DAY
from pressgauge.search.nodes import Node
from pressgauge.settings.topics import FIELD, Topic, query_of
from pressgauge.sides import OPEN, Sides, sides

_OF_ONE = {"outlet": "outlets", "country": "countries", "language": "languages"}
"""What is clicked in a chart whose own filter is ignored, and that filter."""
_OWN = {**_OF_ONE, "since": "since", "until": "until"}
"""What two sides may differ in, and the filter of the same."""


@dataclass(frozen=True, slots=True, eq=False)
class Services:
    """What all sessions of a process share, and what a visitor may do with it. A notebook has no `job` and no
    `saved_views`; `user` is who has logged in under a name of their own."""

    store: Store
    job: RefreshJob | None = None
    read_only: bool = True
    saved_views: SavedViews | None = None
    user: str | None = None


class State(Session):
    """What a session shows of a dataset whose metadata are in memory."""

    # param types it as optional; a session is made with what it shows.
    loaded: LoadedVersion = param.ClassSelector(class_=LoadedVersion, allow_refs=False)  # type: ignore[assignment]
    services = param.ClassSelector(class_=Services, allow_refs=False)
    saves = param.Integer(default=0, doc="Grows with each change of a saved view by this visitor.")

    @property
    def store(self) -> Store:
        """Where what is edited is saved; who may only look has no need of it."""
        assert self.services is not None
        return self.services.store

    @property
    def read_only(self) -> bool:
        """Whether topics and data are to be looked at only."""
        return self.services is None or self.services.read_only

    def _memory(self) -> dict[Any, Any]:
        view = replace(self.view, tab="", selection=None, theme="", first=None, second=None)
        return self.loaded.memory((view, self.dark))

    @property
    def topics(self) -> tuple[Topic, ...]:
        return self.loaded.snapshot.topics

    @property
    def labels(self) -> pd.DataFrame:
        return self.loaded.snapshot.articles

    @property
    def field(self) -> Topic | None:
        topics = () if self.view.everything else self.topics
        return next((topic for topic in topics if topic.name == FIELD), None)

    def keep(self, *without: str) -> np.ndarray:
        """Bool array of the rows that count: in the field, and let through by the filters but those named in
        `without`.

        A query that cannot be parsed filters nothing; `problems` says so.
        """
        filters = self.view.filters.without(*without)
        return self.memo(f"keep {filters}", lambda: self.keep_rows(*without).mask)

    def keep_rows(self, *without: str) -> Rows:
        """The rows that `keep` gives, as a set of bitmaps."""
        filters = self.view.filters.without(*without)

        def make() -> Rows:
            rows = kept_rows(self.loaded.snapshot.bitmaps, filters)
            if filters.query and self._unreadable(filters.query) is None:
                rows = rows & self.loaded.matches(filters.query)
            return rows if self.field is None else rows & self.loaded.topic(FIELD)

        return self.memo(f"kept {filters}", make)

    def tally(self, *without: str) -> Tally:
        """The compared lines counted in the rows of `keep`, in the unit of the view."""

        def make() -> Tally:
            series = {each.label: self.set_of(each.key) for each in self.series}
            return Tally(series, self.keep_rows(*without), self.view.unit)

        return self.memo(f"tally {self.view.filters.without(*without)}", make)

    def articles(self, rows: Rows) -> int:
        """How many articles a set of bitmaps has, whatever the unit."""
        return Tally({}, rows).total()

    @property
    def problems(self) -> tuple[str, ...]:
        """What the view asks for and cannot have, each as one sentence."""
        problems = list(super().problems)
        query = self.view.query
        if query and (problem := self._unreadable(query)) is not None:
            problems.append(f"The filter {shortened(query)!r} is not a query: {problem}")
        return tuple(problems)

    @property
    def applied(self) -> Filters:
        filters = self.view.filters
        return filters.without("query") if filters.query and self._unreadable(filters.query) else filters

    @property
    def scope(self) -> Scope:
        return self.scope_without()

    def scope_without(self, *without: str) -> Scope:
        """What is counted where the filters named in `without` are ignored, in words."""
        index, whole = self.loaded.snapshot.bitmaps, super().scope
        titles, doubtful = index.values("partial", ONLY_TITLES), doubtful_rows(index)

        def make() -> Scope:
            rows = self.keep_rows(*without)
            return replace(
                whole,
                filters=self.applied.without(*without),
                titles=self.articles(rows & titles),
                doubtful=self.articles(rows & doubtful),
            )

        return self.memo(("scope", self.view.filters.without(*without)), make)

    def of_coverage(self, name: str, make: Callable[[], Any]) -> Any:
        """What `make` gives of the compared lines in all coverage: made once whatever the filters."""
        lines = tuple(each.label for each in self.series)
        view = self.view
        memory = self.loaded.of_lines((lines, view.unit, view.everything, view.about))
        if name not in memory:
            memory[name] = make()
        return memory[name]

    @property
    def membership(self) -> pd.DataFrame:
        """Bool columns by series label, aligned with the articles."""
        if "membership" not in self._cache:
            columns = {each.label: self.member(each.key) for each in self.series}
            self._cache["membership"] = pd.DataFrame(columns, index=self.loaded.snapshot.articles.index)
        return self._cache["membership"]

    def member(self, key: str) -> np.ndarray:
        """Bool array of one topic or query: the articles that are about it, or that mention it, as the view
        says."""
        return self.set_of(key).mask

    def set_of(self, key: str) -> Rows:
        """`member` as a set of bitmaps."""
        if self.view.about:
            return self.loaded.matches(self.query_of(key), about=True)
        return self._mentioned(key)

    def query_of(self, key: str) -> str:
        """The query of a topic; a query as it is."""
        return query_of(self.topics, key)

    def looked_for(self, query: str) -> Node:
        """What of a query selects articles from those of the field. Raises QueryError."""
        return self.loaded.selective(query, "" if self.field is None else self.field.query)

    def mentions(self, key: str) -> np.ndarray:
        """Bool array of the articles that one topic or query matches."""
        return self._mentioned(key).mask

    def _mentioned(self, key: str) -> Rows:
        return self.loaded.topic(key) if key in self.loaded.snapshot.membership else self.loaded.matches(key)

    def matching_queries(self, row: int) -> tuple[str, ...]:
        """The queries that put the article of `row` into the compared lines (into its topics, when it is in
        none of them), and the filter's."""
        topics = {topic.name: topic.query for topic in self.topics}
        selection = self.view.selection
        if selection is not None and selection.article is not None and selection.series is not None:
            return (self.query_of(selection.series),)  # opened at one place
        queries = [self.query_of(each.key) for each in self.series if self.member(each.key)[row]]
        if not queries:
            queries = [query for name, query in topics.items() if name != FIELD and self.mentions(name)[row]]
        return (*queries, self.applied.query) if self.applied.query else tuple(queries)

    @property
    def sides(self) -> Sides | None:
        """The two sides that the view compares; None where it compares nothing.

        Two sides that are both chosen are looked for outside the filters of what they differ in: the period
        before need not be among the days of the filter.
        """
        both = self.view.first, self.view.second
        return None if both == (None, None) else self.memo(("sides", *both), lambda: self._sides(both))

    @property
    def ignored_by_sides(self) -> tuple[str, ...]:
        """The filters that two sides ignore: those of what they differ in, where both are chosen."""
        first, second = self.view.first, self.view.second
        if first is None or second is None:
            return ()
        return tuple(field for name, field in _OWN.items() if getattr(first, name) or getattr(second, name))

    def ignored_by(self, selection: Selection) -> tuple[str, ...]:
        """The filters that a clicked number ignores: a chart ignores the filter of its own dimension."""
        if selection.side is not None:
            return self.ignored_by_sides
        without = [field for name, field in _OF_ONE.items() if getattr(selection, name) is not None]
        return (*without, *(("since", "until") if selection.undated else ()))

    def _sides(self, both: tuple[Selection | None, Selection | None]) -> Sides:
        articles, selections = self.loaded.snapshot.articles, [side for side in both if side is not None]
        without = self.ignored_by_sides
        masks = [None if side is None else self.mask_of(side) for side in both]
        spans = [OPEN if side is None else (side.since, side.until) for side in both]
        days = [replace(side, since=None, until=None) == Selection() for side in selections]
        by_day = {"since", "until"}.isdisjoint(without)
        return sides(
            articles,
            (masks[0], masks[1]),
            (spans[0], spans[1]),
            keep=self.keep(*without),
            only_days=None in both and any(days),
            within=(self.view.since, self.view.until) if by_day else OPEN,
        )

    def mask_of(self, selection: Selection) -> np.ndarray:
        """Bool array of what a selection asks for, whatever the filters."""
        member, articles = self._text_mask(selection), self.loaded.snapshot.articles
        mask = selection_mask(
            articles, selection.since, selection.until, selection.outlet, selection.story, selection.event
        )
        return mask if member is None else mask & member

    def _keep_of(self, selection: Selection) -> np.ndarray:
        """The rows that count for a selection; a side has filters of its own."""
        if selection.side is None:
            return self.keep(*self.ignored_by(selection))
        if (of := self.sides) is None:
            return np.zeros(len(self.loaded.snapshot.articles), dtype=bool)
        side = of.second if selection.side else of.first
        return side & of.steady if selection.steady and of.steady is not None else side

    def rows(self, selection: Selection | None = None) -> np.ndarray:
        """Row numbers behind a clicked number, or of all articles that count."""
        limits = selection or Selection()
        return behind(
            self.loaded.snapshot.articles,
            self._text_mask(limits),
            keep=self._keep_of(limits),
            since=limits.since,
            until=limits.until,
            outlet=limits.outlet,
            story=limits.story,
            event=limits.event,
            unit=self.unit_of(selection),
        )

    def list_rows(self) -> np.ndarray:
        """Row numbers of the articles that are listed: those behind the selection, in the order of the view,
        undated ones last; of a random order the first `sample`."""
        rows, articles = self.rows(self.view.selection), self.loaded.snapshot.articles
        if self.view.order == "oldest":
            has_day = articles["day"].to_numpy()[rows] != NO_DAY
            return np.concatenate([rows[has_day][::-1], rows[~has_day]])
        if self.view.order == "random":
            return rows[shuffled(articles["id"].to_numpy()[rows], self.view.seed)][: self.view.sample or None]
        return rows

    def unit_of(self, selection: Selection | None) -> str:
        """What the rows of a selection are: articles always, where they are of a story or an event, have a
        word, or no certain date."""
        single = selection is not None and (
            selection.story is not None
            or selection.event is not None
            or selection.word is not None
            or selection.undated
            or selection.doubtful
        )
        return "articles" if single else self.view.unit

    def _text_mask(self, selection: Selection) -> np.ndarray | None:
        """The bool array of what a selection asks of an article's text; None when nothing. What cannot be
        read as a query is in no article."""
        try:
            members = [self.member(key) for key in (selection.series, selection.also) if key is not None]
            if len(members) == 2 and self.unit_of(selection) != "articles":
                members = [self._of_both(members[0], members[1], self._keep_of(selection))]
        except QueryError:
            return np.zeros(len(self.loaded.snapshot.articles), dtype=bool)
        places = {name: getattr(selection, name) for name in ("country", "language")}
        members += [
            (self.loaded.snapshot.articles[name] == value).to_numpy(dtype=bool)
            for name, value in places.items()
            if value is not None
        ]
        if selection.undated:
            members.append(self.loaded.snapshot.articles["day"].to_numpy() == NO_DAY)
        if selection.doubtful:
            members.append(doubtful_rows(self.loaded.snapshot.bitmaps).mask)
        if selection.compared:
            members.append(np.asarray(self.membership.to_numpy(dtype=bool).any(axis=1)))
        if selection.word is not None and self.loaded.words is not None:
            members.append(self.loaded.words.member(selection.word, len(self.loaded.snapshot.articles)))
        if selection.speaker is not None:
            ids = self.loaded.voices.ids(selection.speaker, named=selection.named)
            members.append(self.loaded.snapshot.articles["id"].isin(ids).to_numpy())
        return np.logical_and.reduce(members) if members else None

    def _of_both(self, one: np.ndarray, other: np.ndarray, keep: np.ndarray) -> np.ndarray:
        """Bool array: the articles of stories or events in both lines, as they are counted: an article of
        each is enough."""
        once = counted_once(self.loaded.snapshot.articles, self.view.unit)
        assert once is not None
        both = np.intersect1d(once[one & keep], once[other & keep])
        return (one | other) & np.isin(once, both)

    def _unreadable(self, query: str) -> str | None:
        try:
            self.loaded.matches(query)
        except QueryError as error:
            return explain(error)
        return None


def shuffled(ids: np.ndarray, seed: int) -> np.ndarray:
    """A random order of articles: each has its place by its id and the seed alone (splitmix64, Steele and
    others 2014), so that what is left of a list under a filter keeps its order."""
    with np.errstate(over="ignore"):
        mixed = ids.view(np.uint64) + np.uint64(seed + 1) * np.uint64(0x9E3779B97F4A7C15)
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return np.argsort(mixed ^ (mixed >> np.uint64(31)), kind="stable")
