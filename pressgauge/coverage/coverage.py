"""What a search finds: articles that can be measured, as a DataFrame."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import tzinfo
from html import escape
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Protocol
from zoneinfo import ZoneInfoNotFoundError

import numpy as np
import pandas as pd

from pressgauge import analysis, figures
from pressgauge.analysis.volume import changes_of_collection
from pressgauge.arguments import check_choice, check_limit, check_number
from pressgauge.coverage.measure import Measure, Plot, drawable, of_same_kind
from pressgauge.errors import ArgumentError, PressgaugeError
from pressgauge.event_report import EventReport, report
from pressgauge.filters import Filters
from pressgauge.palette import color_of
from pressgauge.search import kwic, prominence
from pressgauge.search.highlight import asked_words
from pressgauge.search.nodes import Node, Or
from pressgauge.search.selective import selective
from pressgauge.settings import paths
from pressgauge.settings.events import concerning, load_events
from pressgauge.settings.topics import query_of
from pressgauge.sides import Contrast, contrast_of, in_words, sides_of, speakers_by_side
from pressgauge.snapshot import Snapshot
from pressgauge.validation.check import Check, Question, Records
from pressgauge.validation.estimates import Accuracy, with_corrected
from pressgauge.voices.tables import Tables

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from pressgauge.analysis.periods import Freq, Unit

_REPR_COLUMNS = ["published", "outlet", "title"]
_OUTLETS_BY = ("outlet", "country", "language", "domain", "source")
QUOTES = (
    *("id", "published", "outlet", "title", "url", "speaker", "kind", "role", "source", "quote", "direct"),
    *("start", "end"),
)
"""The columns of `Coverage.quotes`."""
_MOST_TEXTS = 25_000
"""Texts that are read to explain a burst, at most."""


_DRAWN_BY_MEASURES = 'articles are drawn by a measure of them: write found.volume("W").plot()'


class Source(Protocol):
    """Where the articles of a search come from, to read more of them."""

    @property
    def records(self) -> Records: ...

    def voices(self) -> Tables: ...

    def read(self, ids: Iterable[int], columns: Sequence[str] | None = None) -> pd.DataFrame: ...


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
    _source: Source
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

    @property
    def plot(self) -> Plot:  # type: ignore[override]
        """Articles have no figure; their measures have. Raises PressgaugeError, which says so."""
        return Plot(self.hist, _DRAWN_BY_MEASURES)

    def hist(self, *_: Any, **__: Any) -> Any:
        """No histogram. Raises PressgaugeError, which says what to write."""
        raise PressgaugeError(_DRAWN_BY_MEASURES)

    boxplot = hist

    @property
    def _constructor(self) -> Callable[..., pd.DataFrame]:
        return of_same_kind(self, ["id", *(key for key in self._lines if key in self.columns)])

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
            settings = {
                "share": share,
                "colors": self._colors(),
                "base": self._base(unit),
                **marks,
                **options,
            }
            return figures.volume(self._labelled(table), **settings)

        table = self.measure(analysis.volume, freq=freq, unit=unit, tz=tz, balanced=balanced)
        if corrected:
            table = self._corrected(table, unit)
        return drawable(table, draw)

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
            settings = {"by": by, "share": share, "colors": self._colors(), **options}
            return figures.multiples(self._labelled(table), **settings)

        check_choice("by", by, _OUTLETS_BY)
        check_number("limit", limit, 1)
        return drawable(
            self.measure(analysis.volume_by, by=by, limit=limit, freq=freq, unit=unit, tz=tz), draw
        )

    def accuracy(self, series: str | None = None) -> Accuracy:
        """How good the query of a series is, the first by default, by the codes that exist: precision and
        recall with their intervals. Raises PressgaugeError where nothing was judged."""
        key = next(iter(self._lines)) if series is None else series
        if key not in self._lines:
            raise PressgaugeError(f"{key!r} is not among the series {', '.join(self._lines)}")
        question = Question(key, query_of(self._snapshot.topics, key), self._within_name, self._about)
        accuracy = Check(self._snapshot, self._source.records, question, self._within).accuracy()
        if np.isnan(accuracy.precision.value) or np.isnan(accuracy.recall.value):
            inside = f", within={self._within_name!r}" if self._within_name else ""
            raise PressgaugeError(f"{key} was not judged; judge a sample first: validate({key!r}{inside})")
        return accuracy

    def _corrected(self, table: pd.DataFrame, unit: Unit) -> pd.DataFrame:
        if unit != "articles":
            raise PressgaugeError("a sample of articles corrects the number of articles, not of stories")
        return with_corrected(table, {key: self.accuracy(key) for key in self._lines})

    def outlets(self, *, share: bool = False, unit: Unit = "articles", by: str = "outlet") -> Measure:
        """`analysis.outlets` of these articles, or the same by country, language, domain or source."""

        def draw(table: pd.DataFrame, **options: Any) -> go.Figure:
            settings = {"share": share, "colors": self._colors(), "base": self._base(unit), **options}
            return figures.outlets(self._labelled(table), **settings)

        check_choice("by", by, _OUTLETS_BY)
        return drawable(self.measure(analysis.outlets, unit=unit, by=by), draw)

    def lean(self, *, unit: Unit = "articles") -> Measure:
        """`analysis.lean` of each outlet between the first two compared series."""
        sides = self._sides()

        def draw(table: pd.DataFrame, **options: Any) -> go.Figure:
            return figures.lean(table, **{"sides": tuple(self._lines[side] for side in sides), **options})

        return drawable(self.measure(analysis.lean, sides=sides, unit=unit), draw)

    def bursts(self, *, unit: Unit = "articles", tz: str = "UTC") -> Measure:
        """`analysis.bursts` of these articles: when they take up more of the coverage than usual. `plot`
        draws them over the share of each day."""

        def draw(table: pd.DataFrame, **options: Any) -> go.Figure:
            daily = self.measure(analysis.volume, freq="D", unit=unit, tz=tz)
            marks = {"bursts": self._labelled(table), **self._marks(tz)}
            settings = {
                "share": True,
                "colors": self._colors(),
                "base": self._base(unit),
                **marks,
                **options,
            }
            return figures.volume(self._labelled(daily), **settings)

        return drawable(self.measure(analysis.bursts, unit=unit, tz=tz), draw)

    def explain(self, burst: Mapping[str, Any] | pd.Series) -> analysis.Explanation:
        """`analysis.explain` of a row of `bursts`, with the known events. Its terms are those of the latest
        25,000 articles of the series up to the burst's end, whose texts are read."""
        if not isinstance(burst, (Mapping, pd.Series)) or "series" not in burst:
            raise ArgumentError("explain takes one row of bursts(): write found.explain(bursts.iloc[0])")
        articles, member = self._snapshot.articles, self._membership()[str(burst["series"])].to_numpy()
        explanation = analysis.explain(burst, articles, member, events=self._events(), keep=self._within)
        rows = np.flatnonzero(member & self._within & (articles["published"] < _after(burst)).to_numpy())
        rows = rows[np.argsort(articles["published"].to_numpy()[rows], kind="stable")[-_MOST_TEXTS:]]
        texts = self._source.read(articles["id"].iloc[rows], ["title", "text", "language"])
        words = analysis.terms(texts)
        by_words = analysis.explain(burst, articles.iloc[rows], np.ones(len(rows), dtype=bool), terms=words)
        return replace(explanation, terms=by_words.terms)

    def events(self, limit: int | None = None) -> Measure:
        """`analysis.events`: what these articles tell of, the event of most outlets first."""
        return drawable(self.measure(analysis.events, limit=limit), figures.events)

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
        compared = sides_of(self._snapshot, first, second, rows=self._within)
        articles, members = self._snapshot.articles, self._membership()
        matches = np.asarray(members.to_numpy().any(axis=1))

        def speakers() -> pd.DataFrame:
            return speakers_by_side(
                articles, self._source.voices().quotations, compared, keep=matches, unit=unit
            )

        def terms() -> pd.DataFrame:
            rows = (compared.first | compared.second) & matches
            texts = self._source.read(articles["id"][rows], ["title", "text", "language"])
            return analysis.distinctive(analysis.terms(texts), compared.first[rows], compared.second[rows])

        tables = contrast_of(articles, members, compared, rows=self._within, unit=unit)
        names = in_words(first), in_words(second)
        return Contrast(names, compared, *tables, speakers, terms, dict(self._lines), self._colors())

    def terms(self, *, ngrams: int = 1, query_words: bool = False) -> Measure:
        """`analysis.distinctive`: the words that tell the first compared series from the second, or the found
        articles from all others within; the words that the queries themselves look for only with
        `query_words`. Reads their texts."""
        members, keys = self._membership(), list(self._lines)
        first = members[keys[0]].to_numpy()
        second = members[keys[1]].to_numpy() if len(keys) > 1 else self._within & ~first
        sides = (*self._lines.values(), "the rest")[:2]
        rows = first | second
        texts = self._source.read(self._snapshot.articles["id"][rows], ["title", "text", "language"])
        terms = analysis.terms(texts, ngrams=ngrams)
        own = [word for key in keys[:2] for word in asked_words(self._looked_for(key)) if not query_words]

        def draw(table: pd.DataFrame, **options: Any) -> go.Figure:
            return figures.distinctive(table, **{"sides": sides, **options})

        table = analysis.distinctive(terms, first[rows], second[rows], without=own)
        return drawable(table, draw)

    def kwic(
        self,
        width: int = kwic.WIDTH,
        *,
        limit: int | None = 100,
        sort: kwic.Side | None = None,
    ) -> pd.DataFrame:
        """Keyword in context: a row for each occurrence of what the search or the compared series look for,
        in the order of these articles: left, match, right, outlet, published, id, part ("title" or "text"),
        start (int64: characters of that part before the match). A part of an AND that half of what was
        searched `within` matches anyway is not looked for.

        Only as many texts are read as `limit` rows need; None reads all. `sort` by the words on the "left" or
        the "right" sorts what was read. `pressgauge.search.kwic.neighbours` counts the commonest contexts.
        """
        if not self._lines or "id" not in self:
            raise PressgaugeError("contexts are of a search's articles, with their column id")
        query = Or(tuple(self._looked_for(key) for key in self._lines))
        ids = self["id"].to_numpy()
        if not self._snapshot.has_all(ids):
            raise PressgaugeError(
                "there are ids of other articles here; contexts are of those that were found"
            )

        articles = self._snapshot.articles[["id", "outlet", "published", "title"]]

        def read(some: np.ndarray) -> pd.DataFrame:
            texts = self._source.read(some.tolist(), ["text"])["text"].to_numpy()
            return articles.iloc[self._snapshot.rows(some)].assign(text=texts)

        table = kwic.first(query, ids, read, width=width, limit=limit)
        return kwic.by_neighbour(table, sort) if sort else table

    def _looked_for(self, key: str) -> Node:
        """What of a series' query selects its articles from those within."""
        within = query_of(self._snapshot.topics, self._within_name)
        return selective(query_of(self._snapshot.topics, key), self._snapshot.index, within)

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
        check_limit("limit", limit)
        rows = self if key not in self else self[self[key].to_numpy(dtype=bool)]
        ids = rows["id"].to_numpy()[:limit]
        articles = self._source.read(ids, ["id", "outlet", "published", "title", "text"])
        others = [query_of(self._snapshot.topics, other) for other in self._lines if other != key]
        parts = prominence.prominence(query_of(self._snapshot.topics, key), articles, others)
        return pd.concat([articles[["id", "outlet", "published"]], parts], axis=1)

    def quotes(self, most: int | None = None) -> pd.DataFrame:
        """The quotations of these articles, the newest first, and in the order of each text.

        One row a quotation: id (int64, of the article), published, outlet, title, url, speaker (text, null
        where nobody is named), kind ("person", "organisation" or null), role, source (text: how the article
        credits it there, such as "he"), quote (text, with its marks), direct (bool: a whole statement, not
        words inside a sentence of the article), start, end (int32, characters of the article's text). Reads
        the texts; `most` articles at most, the newest.
        """
        check_limit("most", most)
        articles = pd.DataFrame(self)[["id", "published", "outlet", "title"]]
        quotations = self._source.voices().quotations
        articles = articles[articles["id"].isin(quotations["id"])][:most]
        texts = self._source.read(articles["id"], ["id", "url", "text"]).set_index("id")
        rows = quotations[quotations["id"].isin(texts.index)]
        table = articles.merge(rows, on="id").rename(columns={"name": "speaker"})
        text = texts["text"].to_dict()
        places = zip(table["id"], table["start"], table["end"], strict=True)
        table["quote"] = [text[identity][start:end] for identity, start, end in places]
        table["url"] = table["id"].map(texts["url"])
        return table[list(QUOTES)]

    def speakers(self, *, named: bool = False, unit: Unit = "articles") -> pd.DataFrame:
        """`analysis.speakers` of these articles: who is quoted, with their share of voice; with `named` who
        is named at all (`analysis.named_entities`)."""
        keep = np.logical_or.reduce([member.to_numpy() for _, member in self._membership().items()])
        voices = self._source.voices()
        if named:
            return analysis.named_entities(self._snapshot.articles, voices.names, keep=keep, unit=unit)
        return analysis.speakers(self._snapshot.articles, voices.quotations, keep=keep, unit=unit)

    def measure(self, function: Callable[..., pd.DataFrame], **options: Any) -> pd.DataFrame:
        """Any function of `analysis` that takes articles, membership and keep, on these articles."""
        members = self._membership()
        if not isinstance(options.get("tz", ""), (str, tzinfo)):
            raise ArgumentError(f"tz is {options['tz']!r}; expected a time zone such as Europe/Berlin")
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
        ids_by_series = {key: self["id"][self[key]] if key in self else self["id"] for key in self._lines}
        return pd.DataFrame({key: ids.isin(of) for key, of in ids_by_series.items()}, index=ids.index)

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
        presence = analysis.presence(self._snapshot.articles, tz=tz)
        outlets = self._snapshot.articles["outlet"]
        inside = outlets.cat.categories.isin(outlets[self._within].unique())
        return {"events": self._events(), "presence": changes_of_collection(presence, inside)}

    def _events(self) -> pd.DataFrame | None:
        """The known events that concern one of the series, or everything."""
        if not (file := paths.events_file()).exists():
            return None
        return concerning(load_events(file), self._lines)

    def _colors(self) -> dict[str, str]:
        topic_colors = {topic.name: topic.color for topic in self._snapshot.topics}
        colors: dict[str, str] = {}
        for key, label in self._lines.items():
            colors[label] = topic_colors.get(key) or color_of(key, taken=colors.values())
        return colors

    def __reduce__(self) -> tuple[Any, ...]:
        return pd.DataFrame, (pd.DataFrame(self),)  # the snapshot stays where it is

    def _repr_html_(self) -> str:
        if not self._lines:
            return pd.DataFrame(self).to_html(max_rows=10, border=0)
        query = " or ".join(f"<b>{escape(label)}</b>" for label in self._lines.values())
        relation = "about" if self._about else "that mention"
        head = f"<p><b>{len(self):,} articles</b> {relation} {query}, of {int(self._within.sum()):,}</p>"
        columns = pd.DataFrame(self)[[name for name in _REPR_COLUMNS if name in self]]
        with pd.option_context("display.max_colwidth", 100):
            return head + columns.to_html(max_rows=10, border=0)


def matching(
    source: Source,
    snapshot: Snapshot,
    labels: Mapping[str, str],
    members: Mapping[str, np.ndarray],
    inside: np.ndarray,
    *,
    about: bool = False,
) -> Coverage:
    """The articles of a snapshot in any of the series (`members`: bool arrays by key) and `inside`."""
    rows = np.logical_or.reduce(list(members.values())) & inside
    frame = snapshot.articles[rows].drop(columns="day")
    if len(members) > 1:
        if taken := [key for key in members if key in frame]:
            raise ArgumentError(f"{taken[0]!r} names a column of articles; write the query as ({taken[0]})")
        frame = frame.assign(**{key: member[rows] for key, member in members.items()})
    coverage = Coverage(frame.sort_values("published", ascending=False, kind="stable", ignore_index=True))
    coverage._source, coverage._snapshot, coverage._lines, coverage._within = source, snapshot, labels, inside
    coverage._about = about
    return coverage


def _after(burst: Mapping[str, Any] | pd.Series) -> pd.Timestamp:
    """The midnight after the last day of a burst."""
    return pd.Timestamp(burst["end"]) + pd.Timedelta(days=1)
