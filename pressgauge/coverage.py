"""What a search finds, as DataFrames: articles that can be measured, and measures that draw themselves."""

from __future__ import annotations

import difflib
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from html import escape
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar
from zoneinfo import ZoneInfoNotFoundError

import numpy as np
import pandas as pd

from pressgauge import analysis, figures
from pressgauge.analysis.volume import changes_of_collection
from pressgauge.errors import PressgaugeError
from pressgauge.event_report import EventReport, report
from pressgauge.filters import Filters, let_through
from pressgauge.palette import color_of
from pressgauge.search import kwic, prominence
from pressgauge.settings import paths
from pressgauge.settings.events import load_events
from pressgauge.settings.topics import Topic
from pressgauge.sides import Contrast, contrast_of, in_words, sides_of, speakers_by_side
from pressgauge.snapshot import Snapshot
from pressgauge.validation.agreement import agreement
from pressgauge.validation.check import Check, Question, Records
from pressgauge.validation.codebook import Variable, load_codebook
from pressgauge.validation.codes import consensus
from pressgauge.validation.estimates import Accuracy, with_corrected
from pressgauge.validation.frame import Validation, validation
from pressgauge.voices.tables import Tables

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from pressgauge.analysis.periods import Freq, Unit

_SHOWN = ["published", "outlet", "title"]
_OUTLETS_BY = ("outlet", "country", "language", "domain", "source")
QUOTES = (
    *("id", "published", "outlet", "title", "url", "speaker", "kind", "role", "source", "quote", "direct"),
    *("start", "end"),
)
"""The columns of `Coverage.quotes`."""
_READ = 25_000
"""Texts that are read to explain a burst, at most."""


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
        check_text(query, 'search("open source")')
        self.require()
        snapshot = self.snapshot([] if within is None else None)
        filters = Filters(with_text=with_text, sure_dates=sure_dates)
        return _gather(self, snapshot, {query: query}, within, filters, about=about)

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
        when topics.toml cannot be used, ValueError without a series, or for one that is named like a column.
        """
        if not series:
            raise ValueError("nothing to compare; expected names of topics or queries")
        for each in series:
            check_text(each, "compare(*queries)")
        self.require()
        snapshot = self.snapshot()
        known = {topic.name: topic.label for topic in snapshot.topics}
        labels: dict[str, str] = {}
        for key in series:
            label = known.get(key, key)
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
    ) -> Validation:
        """A random sample to judge how good a topic (by name) or query is, as a frame with the `value` that
        `coder` gives to each article; `accuracy()` of it tells precision and recall.

        The sample is kept: asked again it is the same one, and only grows where `n` or a changed query needs
        more articles. `within` and `about` are those of `search`; `variable` is one of the codebook
        (`data/codebook.toml`), to code what the query matches by it instead. Raises QueryError, ConfigError,
        PressgaugeError for a variable that there is not.
        """
        self.require()
        snapshot = self.snapshot()
        check = _check(self, snapshot, question, within, about=about, variable=variable)
        check.draw(n, seed)
        return validation(check, coder, self.read)

    def codes(self, variable: str) -> Coverage:
        """The articles that people coded by a variable of the codebook, with a bool column for each of its
        values, as `compare` gives them: measures count them within the coded articles.

        Where coders disagree the majority decides; ties and unsure ones are left out. Raises ConfigError,
        PressgaugeError for a variable that there is not.
        """
        self.require()
        snapshot, of = self.snapshot([]), _variable(variable)
        said = consensus(self.records.codes.current("", variable), [value.name for value in of.values])
        said = said[said.index.isin(snapshot.articles["id"])]
        rows = snapshot.rows(said.index.to_numpy(dtype="int64"))
        members = {value.name: np.zeros(len(snapshot.articles), dtype=bool) for value in of.values}
        for name, member in members.items():
            member[rows[(said == name).to_numpy()]] = True
        inside = snapshot.having(said.index.to_numpy(dtype="int64"))
        labels = {value.name: value.label for value in of.values}
        return _found(self, snapshot, labels, members, inside)

    def agreement(self) -> pd.DataFrame:
        """How far coders agree, by variable: `pressgauge.validation.agreement.agreement` of all codes."""
        return agreement(self.records.codes.current())


class Measure(pd.DataFrame):
    """The tidy table of a measure. What pandas does with it stays one, as long as it has all its columns.
    Pickled, it is a plain DataFrame.
    """

    _metadata: ClassVar[list[str]] = ["_draw"]
    _draw: Callable[..., go.Figure] | None = None

    @property
    def _constructor(self) -> Callable[..., pd.DataFrame]:
        return _same_kind(self, self.columns)

    def __reduce__(self) -> tuple[Any, ...]:
        return pd.DataFrame, (pd.DataFrame(self),)

    def plot(self, **options: Any) -> go.Figure:  # type: ignore[override]  # a figure instead of an accessor
        """The figure that the dashboard draws of it; `options` are those of `pressgauge.figures`."""
        if options.keys() & {"kind", "x", "y", "ax"}:
            raise PressgaugeError(
                "a measure is drawn as the dashboard draws it, by plotly; for another chart give its table "
                "to plotly.express, such as px.bar(table, x=..., y=...)"
            )
        if self._draw is None:
            raise PressgaugeError(
                "this table was put together from others; draw it with a function of pressgauge.figures, "
                "such as pressgauge.figures.volume(table)"
            )
        return self._draw(self, **options)


class Coverage(pd.DataFrame):
    """The articles that a search or a comparison found, one a row, the newest first: the METADATA columns,
    and for each compared series a bool column.

    Whatever rows are left after selecting with pandas are what the measures count. Shares stay shares of what
    the search was `within`. Raises PressgaugeError where the column `id` is gone, or where several searches
    were put together with pandas: `compare` them instead. Pickled, it is a plain DataFrame.
    """

    _metadata: ClassVar[list[str]] = [
        "_source", "_snapshot", "_lines", "_within", "_within_name", "_about",
    ]  # fmt: skip
    _source: Searchable
    _snapshot: Snapshot
    _lines: Mapping[str, str] = MappingProxyType({})  # topic name or query -> its label
    _within: np.ndarray
    _within_name: str = ""
    _about: bool = False

    def __finalize__(self, other: Any, method: str | None = None, **options: Any) -> Coverage:
        """What pandas makes of these articles knows what they were found by, merged with others, too."""
        if method == "merge":
            sides = [side for side in (other.left, other.right) if isinstance(side, Coverage)]
            if len(sides) == 1:
                return self.__finalize__(sides[0])
        super().__finalize__(other, method, **options)  # type: ignore[misc]  # missing in the stubs
        return self

    def plot(self, *_: Any, **__: Any) -> go.Figure:  # type: ignore[override]
        """Articles have no figure; their measures have. Raises PressgaugeError, which says so."""
        raise PressgaugeError('articles are drawn by a measure of them: write found.volume("W").plot()')

    @property
    def _constructor(self) -> Callable[..., pd.DataFrame]:
        return _same_kind(self, ["id", *(key for key in self._lines if key in self.columns)])

    def volume(
        self,
        freq: Freq = "W",
        *,
        share: bool = False,
        unit: Unit = "articles",
        tz: str = "UTC",
        balanced: bool = False,
        corrected: bool = False,
    ) -> Measure:
        """`analysis.volume` of these articles. `share` is what `plot` draws; the table has both.

        `corrected` adds corrected, corrected_low and corrected_high (float64): the number of relevant
        articles and its 95 % interval, given what each series' query misses and takes in by mistake as its
        judged sample tells (`pressgauge.validation.estimates.corrected`). Raises PressgaugeError where a
        series was not judged. `plot(panels="same")` draws a panel a series of one scale, `panels="own"` each
        with its own.
        """

        def draw(table: pd.DataFrame, **options: Any) -> go.Figure:
            if scale := options.pop("panels", None):
                base = {"share": share, "colors": self._colors(), "base": self._base(unit)}
                return figures.multiples(self._labelled(table), **{"scale": scale, **base, **options})
            marks = {"bursts": self._labelled(self.bursts(unit=unit, tz=tz)), **self._marks(tz)}
            given = {"share": share, "colors": self._colors(), "base": self._base(unit), **marks, **options}
            return figures.volume(self._labelled(table), **given)

        table = self.measure(analysis.volume, freq=freq, unit=unit, tz=tz, balanced=balanced)
        if corrected:
            table = self._corrected(table, unit)
        return _measure(table, draw)

    def volume_by(
        self,
        by: str = "outlet",
        freq: Freq = "W",
        *,
        limit: int = 12,
        share: bool = False,
        unit: Unit = "articles",
        tz: str = "UTC",
    ) -> Measure:
        """`analysis.volume_by` of these articles: the volume in each of the largest outlets, or by country,
        language, domain or source. `plot` draws a panel each; `scale` "own" gives each its own scale."""

        def draw(table: pd.DataFrame, **options: Any) -> go.Figure:
            given = {"by": by, "share": share, "colors": self._colors(), **options}
            return figures.multiples(self._labelled(table), **given)

        _check_by(by)
        return _measure(
            self.measure(analysis.volume_by, by=by, limit=limit, freq=freq, unit=unit, tz=tz), draw
        )

    def accuracy(self, series: str | None = None) -> Accuracy:
        """How good the query of a series is, the first by default, by the codes that exist: precision and
        recall with their intervals. Raises PressgaugeError where nothing was judged."""
        key = next(iter(self._lines)) if series is None else series
        if key not in self._lines:
            raise PressgaugeError(f"{key!r} is not among the series {', '.join(self._lines)}")
        question = Question(key, _query(self._snapshot, key), self._within_name, self._about)
        found = Check(self._snapshot, self._source.records, question, self._within).accuracy()
        if np.isnan(found.precision.value) or np.isnan(found.recall.value):
            inside = f", within={self._within_name!r}" if self._within_name else ""
            raise PressgaugeError(f"{key} was not judged; judge a sample first: validate({key!r}{inside})")
        return found

    def _corrected(self, table: pd.DataFrame, unit: Unit) -> pd.DataFrame:
        if unit != "articles":
            raise PressgaugeError("a sample of articles corrects the number of articles, not of stories")
        return with_corrected(table, {key: self.accuracy(key) for key in self._lines})

    def outlets(self, *, share: bool = False, unit: Unit = "articles", by: str = "outlet") -> Measure:
        """`analysis.outlets` of these articles, or the same by country, language, domain or source."""

        def draw(table: pd.DataFrame, **options: Any) -> go.Figure:
            given = {"share": share, "colors": self._colors(), "base": self._base(unit), **options}
            return figures.outlets(self._labelled(table), **given)

        _check_by(by)
        return _measure(self.measure(analysis.outlets, unit=unit, by=by), draw)

    def lean(self, *, unit: Unit = "articles") -> Measure:
        """`analysis.lean` of each outlet between the first two compared series."""
        sides = self._sides()

        def draw(table: pd.DataFrame, **options: Any) -> go.Figure:
            return figures.lean(table, **{"sides": tuple(self._lines[side] for side in sides), **options})

        return _measure(self.measure(analysis.lean, sides=sides, unit=unit), draw)

    def bursts(self, *, unit: Unit = "articles", tz: str = "UTC") -> Measure:
        """`analysis.bursts` of these articles: when they take up more of the coverage than usual. `plot`
        draws them over the share of each day."""

        def draw(table: pd.DataFrame, **options: Any) -> go.Figure:
            daily = self.measure(analysis.volume, freq="D", unit=unit, tz=tz)
            marks = {"bursts": self._labelled(table), **self._marks(tz)}
            given = {"share": True, "colors": self._colors(), "base": self._base(unit), **marks, **options}
            return figures.volume(self._labelled(daily), **given)

        return _measure(self.measure(analysis.bursts, unit=unit, tz=tz), draw)

    def explain(self, burst: Mapping[str, Any] | pd.Series) -> analysis.Explanation:
        """`analysis.explain` of a row of `bursts`, with the known events. Its terms are those of the latest
        25,000 articles of the series up to the burst's end, whose texts are read."""
        articles, member = self._snapshot.articles, self._membership()[str(burst["series"])].to_numpy()
        found = analysis.explain(burst, articles, member, events=self._events(), keep=self._within)
        rows = np.flatnonzero(member & self._within & (articles["published"] < _after(burst)).to_numpy())
        rows = rows[np.argsort(articles["published"].to_numpy()[rows], kind="stable")[-_READ:]]
        texts = self._source.read(articles["id"].iloc[rows], ["title", "text", "language"])
        words = analysis.terms(texts)
        of = analysis.explain(burst, articles.iloc[rows], np.ones(len(rows), dtype=bool), found=words)
        return replace(found, terms=of.terms)

    def events(self, limit: int | None = None) -> Measure:
        """`analysis.events`: what these articles tell of, the event of most outlets first."""
        return _measure(self.measure(analysis.events, limit=limit), figures.events)

    def event(self, number: int) -> EventReport:
        """One event, all articles of it, and who of the outlets that usually cover what was searched for did
        not report it. `plot()` draws how it spread. Raises KeyError when there is no such event."""
        member = self._membership().any(axis=1).to_numpy()
        return report(self._snapshot.articles, number, member=member, keep=self._within)

    def contrast(
        self, first: Filters | None, second: Filters | None = None, *, unit: Unit = "articles"
    ) -> Contrast:
        """Two periods or two slices of these articles side by side; None is everything else.

        Shares are shares of what the search was `within`, and changes those from the first side to the
        second. The outlets, words and speakers are those of the found articles; `terms()` reads their texts.
        Raises QueryError, and ValueError when both are None.
        """
        of = sides_of(self._snapshot, first, second, rows=self._within)
        articles, members = self._snapshot.articles, self._membership()
        found = np.asarray(members.to_numpy().any(axis=1))

        def speakers() -> pd.DataFrame:
            return speakers_by_side(articles, self._source.voices().quotations, of, keep=found, unit=unit)

        def terms() -> pd.DataFrame:
            chosen = (of.first | of.second) & found
            texts = self._source.read(articles["id"][chosen], ["title", "text", "language"])
            return analysis.distinctive(analysis.terms(texts), of.first[chosen], of.second[chosen])

        made = contrast_of(articles, members, of, rows=self._within, unit=unit)
        names = in_words(first), in_words(second)
        return Contrast(names, of, *made, speakers, terms, dict(self._lines), self._colors())

    def terms(self, *, ngrams: int = 1) -> Measure:
        """`analysis.distinctive`: the words that tell the first compared series from the second, or the found
        articles from all others within. Reads their texts."""
        members, keys = self._membership(), list(self._lines)
        first = members[keys[0]].to_numpy()
        second = members[keys[1]].to_numpy() if len(keys) > 1 else self._within & ~first
        sides = (*self._lines.values(), "the rest")[:2]
        rows = first | second
        texts = self._source.read(self._snapshot.articles["id"][rows], ["title", "text", "language"])
        found = analysis.terms(texts, ngrams=ngrams)

        def draw(table: pd.DataFrame, **options: Any) -> go.Figure:
            return figures.distinctive(table, **{"sides": sides, **options})

        return _measure(analysis.distinctive(found, first[rows], second[rows]), draw)

    def kwic(
        self,
        width: int = kwic.WIDTH,
        *,
        limit: int | None = 100,
        sort: kwic.Side | None = None,
    ) -> pd.DataFrame:
        """Keyword in context: a row for each occurrence of what the search or the compared series look for,
        in the order of these articles: left, match, right, outlet, published, id, part ("title" or "text").

        Only as many texts are read as `limit` rows need; None reads all. `sort` by the words on the "left" or
        the "right" sorts what was read. `pressgauge.search.kwic.neighbours` counts the commonest contexts.
        """
        if not self._lines or "id" not in self:
            raise PressgaugeError("contexts are of a search's articles, with their column id")
        query = " OR ".join(f"({_query(self._snapshot, key)})" for key in self._lines)
        rows = self._snapshot.articles[["id", "outlet", "published", "title"]]
        rows = rows.set_index("id").loc[self["id"].to_numpy()].reset_index()
        table = kwic.first(
            query, rows, lambda ids: self._source.read(ids, ["text"]), width=width, limit=limit
        )
        return kwic.by_neighbour(table, sort) if sort else table

    def prominence(self, series: str | None = None, *, limit: int | None = 100) -> pd.DataFrame:
        """How prominent a series, the first by default, is in each of these articles: the parts that
        `pressgauge.search.prominence.prominence` tells, after id, outlet and published.

        `others` counts the other compared series. Reads the texts of the first `limit` articles (None: all).
        """
        if not self._lines or "id" not in self:
            raise PressgaugeError("prominence is of a search's articles, with their column id")
        key = next(iter(self._lines)) if series is None else series
        if key not in self._lines:
            raise PressgaugeError(f"{key!r} is not among the series {', '.join(self._lines)}")
        rows = self if key not in self else self[self[key].to_numpy(dtype=bool)]
        ids = rows["id"].to_numpy()[:limit]
        articles = self._source.read(ids, ["id", "outlet", "published", "title", "text"])
        others = [_query(self._snapshot, other) for other in self._lines if other != key]
        parts = prominence.prominence(_query(self._snapshot, key), articles, others)
        return pd.concat([articles[["id", "outlet", "published"]], parts], axis=1)

    def quotes(self, most: int | None = None) -> pd.DataFrame:
        """The quotations of these articles, the newest first, and in the order of each text.

        One row a quotation: id (int64, of the article), published, outlet, title, url, speaker (text, null
        where nobody is named), kind ("person", "organisation" or null), role, source (text: how the article
        credits it there, such as "he"), quote (text, with its marks), direct (bool: a whole statement, not
        words inside a sentence of the article), start, end (int32, characters of the article's text). Reads
        the texts; `most` articles at most, the newest.
        """
        chosen = pd.DataFrame(self)[["id", "published", "outlet", "title"]]
        found = self._source.voices().quotations
        chosen = chosen[chosen["id"].isin(found["id"])][:most]
        texts = self._source.read(chosen["id"], ["id", "url", "text"]).set_index("id")
        rows = found[found["id"].isin(texts.index)]
        table = chosen.merge(rows, on="id").rename(columns={"name": "speaker"})
        text = texts["text"].to_dict()
        places = zip(table["id"], table["start"], table["end"], strict=True)
        table["quote"] = [text[identity][start:end] for identity, start, end in places]
        table["url"] = table["id"].map(texts["url"])
        return table[list(QUOTES)]

    def speakers(self, *, named: bool = False, unit: Unit = "articles") -> pd.DataFrame:
        """`analysis.speakers` of these articles: who is quoted, with their share of voice; with `named` who
        is named at all (`analysis.named`)."""
        keep = np.logical_or.reduce([member.to_numpy() for _, member in self._membership().items()])
        found = self._source.voices()
        if named:
            return analysis.named(self._snapshot.articles, found.names, keep=keep, unit=unit)
        return analysis.speakers(self._snapshot.articles, found.quotations, keep=keep, unit=unit)

    def measure(self, function: Callable[..., pd.DataFrame], **options: Any) -> pd.DataFrame:
        """Any function of `analysis` that takes articles, membership and keep, on these articles."""
        members = self._membership()
        try:
            return function(self._snapshot.articles, members, keep=self._within, **options)
        except ZoneInfoNotFoundError:
            zone = options["tz"]
            raise PressgaugeError(f"tz is {zone!r}; expected a time zone such as Europe/Berlin") from None

    def _membership(self) -> pd.DataFrame:
        """Bool columns by series, aligned with the snapshot's articles."""
        if not self._lines:
            raise PressgaugeError("this frame was put together from others; compare(one, other) counts them")
        if "id" not in self:
            raise PressgaugeError("articles are counted by their column id, which this frame lacks; keep it")
        ids = self._snapshot.articles["id"]
        chosen = {key: self["id"][self[key]] if key in self else self["id"] for key in self._lines}
        return pd.DataFrame({key: ids.isin(of) for key, of in chosen.items()}, index=ids.index)

    def _sides(self) -> tuple[str, str]:
        if len(self._lines) < 2:
            raise PressgaugeError("lean is between two series; use compare(one, other) instead of search")
        first, second, *_ = self._lines
        return first, second

    def _labelled(self, table: pd.DataFrame) -> pd.DataFrame:
        """A table as it is drawn: each series under its label."""
        series = table["series"].astype("category")
        return table.assign(series=series.cat.rename_categories(dict(self._lines)))

    def _base(self, unit: str) -> str:
        """What the shares are shares of, in words; empty where nothing is known to say."""
        if not self._within_name:
            return f"all collected {unit}" if self._within.all() else ""
        topics = {topic.name: topic.label for topic in self._snapshot.topics}
        if self._within_name in topics:
            return f"{unit} on {topics[self._within_name]}"
        return f"collected {unit} that match “{self._within_name}”"

    def _marks(self, tz: str) -> dict[str, Any]:
        """The known events, and the outlets of these articles whose collection changes: by all that they
        have, for an outlet without an article here has not stopped."""
        there = analysis.presence(self._snapshot.articles, tz=tz)
        outlets = self._snapshot.articles["outlet"]
        ours = outlets.cat.categories.isin(outlets[self._within].unique())
        return {"events": self._events(), "presence": changes_of_collection(there, ours)}

    def _events(self) -> pd.DataFrame | None:
        """The known events that concern one of the series, or everything."""
        if not (file := paths.events_file()).exists():
            return None
        events, keys = load_events(file), set(self._lines)
        concerned = [not topics or not keys.isdisjoint(topics) for topics in events["topics"]]
        return events[np.array(concerned, dtype=bool)]

    def _colors(self) -> dict[str, str]:
        given = {topic.name: topic.color for topic in self._snapshot.topics}
        colors: dict[str, str] = {}
        for key, label in self._lines.items():
            colors[label] = given.get(key) or color_of(key, taken=colors.values())
        return colors

    def __reduce__(self) -> tuple[Any, ...]:
        return pd.DataFrame, (pd.DataFrame(self),)  # the snapshot stays where it is

    def _repr_html_(self) -> str:
        if not self._lines:
            return pd.DataFrame(self).to_html(max_rows=10, border=0)
        asked = " or ".join(f"<b>{escape(label)}</b>" for label in self._lines.values())
        relation = "about" if self._about else "that mention"
        head = f"<p><b>{len(self):,} articles</b> {relation} {asked}, of {int(self._within.sum()):,}</p>"
        shown = pd.DataFrame(self)[[name for name in _SHOWN if name in self]]
        with pd.option_context("display.max_colwidth", 100):
            return head + shown.to_html(max_rows=10, border=0)


def _gather(
    source: Searchable,
    snapshot: Snapshot,
    labels: Mapping[str, str],
    within: str | None,
    filters: Filters,
    *,
    about: bool,
) -> Coverage:
    members = {key: _mask(snapshot, key, about=about) for key in labels}
    inside = _inside(snapshot, within) & let_through(snapshot.articles, filters)
    found = _found(source, snapshot, labels, members, inside, about=about)
    found._within_name = within or ""
    return found


def _found(
    source: Searchable,
    snapshot: Snapshot,
    labels: Mapping[str, str],
    members: Mapping[str, np.ndarray],
    inside: np.ndarray,
    *,
    about: bool = False,
) -> Coverage:
    chosen = np.logical_or.reduce(list(members.values())) & inside
    frame = snapshot.articles[chosen].drop(columns="day")
    if len(members) > 1:
        if taken := [key for key in members if key in frame]:
            raise ValueError(f"{taken[0]!r} names a column of articles; write the query as ({taken[0]})")
        frame = frame.assign(**{key: member[chosen] for key, member in members.items()})
    found = Coverage(frame.sort_values("published", ascending=False, kind="stable", ignore_index=True))
    found._source, found._snapshot, found._lines, found._within = source, snapshot, labels, inside
    found._about = about
    return found


def _after(burst: Mapping[str, Any] | pd.Series) -> pd.Timestamp:
    """The midnight after the last day of a burst."""
    return pd.Timestamp(burst["end"]) + pd.Timedelta(days=1)


def _mask(snapshot: Snapshot, key: str, *, about: bool = False) -> np.ndarray:
    if about:
        return snapshot.mask(_query(snapshot, key), about=True)
    if key in snapshot.membership:
        return snapshot.membership[key].to_numpy()
    found = snapshot.mask(key)
    _check_topic(key, snapshot, found)
    return found


def _check_topic(key: str, snapshot: Snapshot, found: np.ndarray) -> None:
    """Raises PressgaugeError for a query that is a topic's name but for a mistake: with "_" in it, or finding
    nothing."""
    if not re.fullmatch(r"[\w-]+", key) or ("_" not in key and found.any()):
        return
    names = {topic.name for topic in snapshot.topics}
    if close := difflib.get_close_matches(key.casefold(), names, 1, 0.75):
        raise PressgaugeError(
            f"no topic is named {key!r}; did you mean {close[0]!r}? To search for the words instead, write "
            f"{key.replace('_', ' ')!r}"
        )


def check_text(query: Any, how: str) -> None:
    """Raises PressgaugeError where a query is none, with how to write it."""
    if not isinstance(query, str):
        raise PressgaugeError(f"a query is a text, not {type(query).__name__}; write {how}")


def _check_by(by: str) -> None:
    if by not in _OUTLETS_BY:
        *others, last = _OUTLETS_BY
        raise PressgaugeError(f"by is {by!r}; expected {', '.join(others)} or {last}")


def _inside(snapshot: Snapshot, within: str | None) -> np.ndarray:
    if within is None:
        return np.ones(len(snapshot.articles), dtype=bool)
    check_text(within, 'within="ai", a topic or a query')
    return _mask(snapshot, within)


def _check(
    source: Searchable,
    snapshot: Snapshot,
    concept: str,
    within: str | None,
    *,
    about: bool,
    variable: str | None = None,
) -> Check:
    question = Question(concept, _query(snapshot, concept), within or "", about)
    of = None if variable is None else _variable(variable)
    return Check(snapshot, source.records, question, _inside(snapshot, within), of)


def _variable(name: str) -> Variable:
    known = {variable.name: variable for variable in load_codebook(paths.codebook_file())}
    if name not in known:
        raise PressgaugeError(f"the codebook has no variable {name!r}; it has {', '.join(known) or 'none'}")
    return known[name]


def _query(snapshot: Snapshot, key: str) -> str:
    """The query of a topic's name; a query as it is."""
    return next((topic.query for topic in snapshot.topics if topic.name == key), key)


def _measure(table: pd.DataFrame, draw: Callable[..., go.Figure]) -> Measure:
    made = Measure(table)
    made._draw = draw
    return made


def _same_kind(frame: pd.DataFrame, needed: Iterable[str]) -> Callable[..., pd.DataFrame]:
    """Makes what pandas derives from `frame`: of its class while it has the columns needed."""
    names = list(needed)

    def construct(*arguments: Any, **options: Any) -> pd.DataFrame:
        made = pd.DataFrame(*arguments, **options)
        return type(frame)(made) if set(names) <= set(made.columns) else made

    return construct
