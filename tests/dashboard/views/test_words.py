"""What the page says is what a naive count finds, whatever the filters."""

from __future__ import annotations

import asyncio
import html
import json
import re
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from dashboard.components import formats
from dashboard.components.chips import chips, describe
from dashboard.components.markup import Markup
from dashboard.downloads.citation import article_table, caption, with_provenance
from dashboard.downloads.notebook import notebook
from dashboard.downloads.report import report
from dashboard.session.state import State
from dashboard.session.store import LoadedVersion
from dashboard.session.view import Selection, View
from dashboard.session.vocabulary import Vocabulary
from dashboard.views import outlets, overview, volume
from dashboard.views.article import date_line
from dashboard.views.articles import Articles
from dashboard.views.compare import Compare
from dashboard.views.outlets import Outlets
from dashboard.views.volume import Volume
from dashboard.views.words import comentions, distinctive
from dashboard.views.words.comentions import Together
from dashboard.views.words.distinctive import WordsChart
from pressgauge import analysis
from pressgauge.search.index import in_memory
from pressgauge.settings.topics import Topic
from pressgauge.snapshot import take
from tests.dashboard.conftest import Held

TOPICS = (
    Topic("ai", "AI", None, "robots"),
    Topic("open_side", "Open", "open", "weights"),
    Topic("closed_side", "Closed", "proprietary", "chatbots"),
    Topic("rules", "Rules", None, "law"),
)
START = date(2025, 1, 1)
DAYS = 120


@pytest.fixture(scope="module")
def press(loaded: LoadedVersion) -> LoadedVersion:
    """120 days of four outlets; their texts are words that the topics ask for. From day 60 to 66 the weights
    are everywhere. The Gazette has seven articles in all, some others have no date."""
    rng = np.random.default_rng(4)
    rows: list[tuple[str, int, str, str, str]] = []
    places = {"Post": ("US", "en"), "Echo": ("GB", "en"), "Monde": ("FR", "fr")}
    for day in range(DAYS):
        for outlet, (country, language) in places.items():
            for _ in range(5):
                weights = rng.random() < (0.7 if 60 <= day < 67 else 0.1 + 0.1 * (outlet == "Echo"))
                words = ["robots"] * (rng.random() < 0.8) + ["weights"] * weights
                words += ["chatbots"] * (rng.random() < 0.3) + ["law"] * (rng.random() < 0.2)
                rows.append((outlet, day if rng.random() < 0.97 else -1, " ".join(words), country, language))
    rows += [("Gazette", day, "robots weights", "DE", "de") for day in range(50, 120, 10)]
    names, days, texts, countries, languages = zip(*rows, strict=True)
    n, at = len(rows), pd.Series(days)
    published = (pd.Timestamp(START, tz="UTC") + pd.to_timedelta(at, unit="D")).mask(at < 0)
    articles = pd.DataFrame({
        "id": range(n), "canonical_url": "https://press.example/",
        "outlet": pd.Categorical(names), "country": pd.Categorical(countries),
        "language": pd.Categorical(languages), "title": texts, "text": texts,
        "published": published.astype("datetime64[us, UTC]"), "story": np.arange(n) // 2,
        "event": np.arange(n) // 4,
        "published_precision": pd.Categorical(["day"] * n), "published_from": pd.Categorical(["feed"] * n),
        "collected": pd.to_datetime(["2026-01-01"] * n, utc=True).as_unit("us"),
        "partial": pd.Categorical(["title_only" if number % 11 == 0 else None for number in range(n)]),
        "published_confidence": pd.array([(55, 99, None)[number % 3] for number in range(n)], dtype="Int32"),
    })  # fmt: skip
    snapshot = take(articles, in_memory(articles, version=3), TOPICS)
    held: Any = Held(articles)
    empty = {"_members": {}, "_views": {}, "_lines": {}, "_selective": {}}
    return replace(loaded, dataset=held, snapshot=snapshot, **empty)


FILTERS: tuple[dict[str, Any], ...] = (
    {},
    {"everything": True},
    {"unit": "stories"},
    {"unit": "events"},
    {"query": "chatbots"},
    {"query": "law", "everything": True},
    {"outlets": ("Post",)},
    {"with_text": True},
    {"sure_dates": True, "outlets": ("Echo",)},
    {"outlets": ("Post", "Gazette")},
    {"outlets": ("Gazette",)},
    {"countries": ("FR",), "languages": ("fr",)},
    {"since": START + timedelta(days=100)},
    {"since": START + timedelta(days=60), "until": START + timedelta(days=66)},
    {"until": START + timedelta(days=80)},
    {"until": START + timedelta(days=20)},
    {"since": START, "until": START},
    {"topics": ("open_side", "closed_side", "rules")},
    {"terms": ("law",), "query": "weights"},
    {"query": "published:[2025-03-01 TO 2025-03-07]"},
)
filters = pytest.mark.parametrize("changes", FILTERS, ids=str)


def shown(press: LoadedVersion, changes: dict[str, Any]) -> State:
    state = State(loaded=press)
    state.go(**changes)
    assert state.problems == ()
    return state


def naive(press: LoadedVersion, changes: dict[str, Any], *, without: str = "") -> pd.DataFrame:
    """The articles under the filters, by plain pandas and plain words."""
    frame = press.snapshot.articles
    frame = frame.assign(day=frame["published"].dt.date)
    given = {name: value for name, value in changes.items() if name != without}
    if not given.get("everything"):
        frame = frame[frame["title"].str.contains("robots")]
    for name, column in (("outlets", "outlet"), ("countries", "country"), ("languages", "language")):
        if name in given:
            frame = frame[frame[column].isin(given[name])]
    if given.get("with_text"):
        frame = frame[frame["partial"] != "title_only"]
    if given.get("sure_dates"):
        frame = frame[~frame["published_confidence"].eq(55).fillna(False)]
    query = given.get("query", "")
    if query.startswith("published:"):
        frame = frame[frame["published"].between("2025-03-01", "2025-03-07T23:59")]
    elif query:
        frame = frame[frame["title"].str.contains(query)]
    if "since" in given:
        frame = frame[frame["day"] >= given["since"]]
    if "until" in given:
        frame = frame[frame["day"] <= given["until"]]
    return frame


def number(frame: pd.DataFrame, changes: dict[str, Any]) -> int:
    column = {"stories": "story", "events": "event"}.get(changes.get("unit", ""))
    return len(frame) if column is None else frame[column].nunique()


def asked(state: State) -> dict[str, str]:
    """The word that each compared line asks for."""
    words = {topic.name: topic.query for topic in TOPICS}
    return {series.label: words.get(series.key, series.key) for series in state.series}


def plain(markup: str) -> str:
    return html.unescape(re.sub("<[^>]+>", "", markup))


def within(frame: pd.DataFrame, since: date, until: date) -> pd.DataFrame:
    return frame[(frame["day"] >= since) & (frame["day"] <= until)]


@filters
def test_the_sentence_tells_the_naive_counts_of_its_window(
    press: LoadedVersion, changes: dict[str, Any]
) -> None:
    state = shown(press, changes)
    summary = overview.summary_of(state)
    assert summary is not None
    until = min(changes.get("until", date.max), START + timedelta(days=DAYS - 1))
    since = max(until - timedelta(days=29), changes.get("since", date.min), START)
    assert (summary.since, summary.until) == (since, until), "no filter but that of dates moves the window"
    frame = within(naive(press, changes), since, until)
    said = plain(overview.sentence(state, summary))
    if not len(frame):
        assert said.startswith("There are 0 ")
        return
    assert said.startswith(f"Of {number(frame, changes):,} ")
    length = (until - since).days + 1
    assert ("in the 30 days to" in said) == (length == 30)
    assert formats.day(until) in said
    for label, word in asked(state).items():
        of = number(frame[frame["title"].str.contains(word)], changes)
        total = number(frame, changes)
        about = next(part for part in re.split("[;.] ", said) if f"mention {label}" in part)
        if total < 30:
            assert f"{of} of {total} (too few to tell a share) mention {label}" in about
        elif "too few to tell" not in about:
            assert f"{formats.percent(of / total)} (±" in about


def test_the_sentence_is_whole_where_no_line_is_left_to_compare(press: LoadedVersion) -> None:
    state = State(loaded=press, view=View(topics=("nosuch",), everything=True))
    summary = overview.summary_of(state)
    assert summary is not None
    said = plain(overview.sentence(state, summary))
    assert re.fullmatch(r"Of [\d,]+ collected articles in the 30 days to [^,]+, nothing is compared\.", said)


@filters
def test_the_sentence_says_every_filter_and_compares_every_line(
    press: LoadedVersion, changes: dict[str, Any]
) -> None:
    state = shown(press, changes)
    summary = overview.summary_of(state)
    assert summary is not None
    said = plain(overview.sentence(state, summary))
    assert ("on AI" in said) == (not changes.get("everything"))
    for unit in ("stories", "events"):
        assert (unit in said) == (changes.get("unit") == unit)
    for value in (changes.get("query", ""), *changes.get("outlets", ())):
        assert value in said
    assert ("from France in French" in said) == ("countries" in changes)
    if summary.collected:
        assert all(f"mention {label}" in said for label in asked(state))


@filters
def test_what_lies_before_the_filter_or_the_first_article_is_never_told_as_none(
    press: LoadedVersion, changes: dict[str, Any]
) -> None:
    state = shown(press, changes)
    summary = overview.summary_of(state)
    assert summary is not None
    cards = plain(overview.cards(state, summary))
    length = timedelta(days=summary.days)
    before = summary.since - length, summary.since - timedelta(days=1)
    if "since" in changes and before[0] < changes["since"]:
        assert "not in this view" in cards and "none in" not in cards and "from" not in summary.comparison
    elif before[0] < START:
        assert "not collected" in cards and "none in" not in cards
    else:
        assert summary.comparison in ("all", "steady")
        frame = naive(press, changes)
        if summary.comparison == "all":
            was = number(within(frame, *before), changes)
            now = number(within(frame, summary.since, summary.until), changes)
            if min(was, now) >= 30:
                assert f"{abs(now - was) / was:.0%} from {was:,} in the" in cards
            elif was:
                assert f"{now:,} after {was:,} in the" in cards


def test_where_outlets_came_or_went_both_numbers_are_those_of_the_outlets_that_were_there_throughout(
    press: LoadedVersion,
) -> None:
    """A reader who sees 1,352 and "31 % fewer than 1,061" takes one of them for wrong."""
    articles = press.snapshot.articles.copy()
    late = (articles["published"] >= pd.Timestamp(START + timedelta(days=90), tz="UTC")).to_numpy()
    post = (articles["outlet"] == "Post").to_numpy()
    names = np.where(post & late, "New Post", articles["outlet"].astype(str))
    frame = articles.assign(outlet=pd.Categorical(names), text=articles["title"])
    several = take(frame.drop(columns="text"), in_memory(frame, version=3), TOPICS)
    state = State(loaded=replace(press, snapshot=several, _members={}, _views={}, _lines={}, _selective={}))
    summary = overview.summary_of(state)
    assert summary is not None and summary.comparison == "steady"
    frame = naive(state.loaded, {})
    steady = frame[~frame["outlet"].isin(["Post", "New Post"])]
    now = len(within(steady, summary.since, summary.until))
    was = len(within(steady, summary.since - timedelta(days=30), summary.since - timedelta(days=1)))
    said = plain(overview.cards(state, summary))
    assert f"{abs(now - was) / was:.0%}: {now:,} after {was:,} in the 30 days before" in said
    assert "Started in these and the 30 days before: New Post." in said
    state.go(outlets=("Echo", "Monde"))
    summary = overview.summary_of(state)
    assert summary is not None and summary.comparison == "all"
    assert "Started" not in plain(overview.cards(state, summary))


@filters
def test_a_burst_keeps_its_days_and_strength_under_every_filter(
    press: LoadedVersion, changes: dict[str, Any]
) -> None:
    """It is a property of the coverage; what is shown of it are the articles under the filters."""
    state, plain_view = shown(press, changes), State(loaded=press)
    plain_view.go(
        **{name: changes[name] for name in ("everything", "unit", "topics", "terms") if name in changes}
    )
    measured = ["series", "start", "end", "ratio", "strength", "usual"]
    pd.testing.assert_frame_equal(volume.bursts(state)[measured], volume.bursts(plain_view)[measured])
    frame = naive(press, changes)
    for row in volume.bursts_in_view(state).itertuples():
        of = within(frame, row.start.date(), row.end.date())
        assert row.here == number(of[of["title"].str.contains(asked(state)[row.series])], changes)
    if not changes:
        strongest = volume.bursts(state).iloc[0]
        assert (strongest["start"].date(), strongest["end"].date()) == (
            START + timedelta(days=60),
            START + timedelta(days=66),
        )


def test_every_burst_is_listed_or_said_not_to_be(press: LoadedVersion) -> None:
    state = shown(press, {"since": START + timedelta(days=100)})
    view = Volume(state)
    view.update()
    listed = view._bursts.html
    hidden = len(volume.bursts(state)) - len(volume.bursts_in_view(state))
    assert hidden > 0
    assert listed == "" or f"{hidden} burst" in listed


async def test_bursts_are_explained_in_the_view_in_which_they_were_listed(press: LoadedVersion) -> None:
    """The visitor changes the lines while a thread is at it: nothing of half a view is kept for others."""
    shared, alone = (replace(press, _members={}, _views={}, _lines={}) for _ in range(2))
    expected = State(loaded=alone)
    await Volume(expected)._explain()

    state, may_go_on = State(loaded=shared), threading.Event()
    before = state.view
    view = Volume(state)
    with ThreadPoolExecutor(1) as only_thread:
        asyncio.get_running_loop().set_default_executor(only_thread)
        only_thread.submit(may_go_on.wait)
        explaining = asyncio.create_task(view._explain())
        await asyncio.sleep(0)
        state.go(topics=("rules",), since=START + timedelta(days=10))
        may_go_on.set()
        await explaining
    assert view._bursts.html == ""  # they are not those of this view
    seen = State(loaded=shared, view=before)
    assert {*seen._cache} == {*expected._cache}
    assert seen.series == expected.series


def test_a_burst_opens_on_its_first_day_with_its_words_and_can_be_turned(press: LoadedVersion) -> None:
    articles = press.snapshot.articles
    held: Any = Held(articles.assign(text=articles["title"]))
    state = State(loaded=replace(press, dataset=held, _members={}, _views={}, _lines={}, _selective={}))
    strongest = volume.bursts(state).iloc[0]
    volume.open_burst(state, int(strongest.name))
    view = Articles(state)
    view.update()
    days = articles["published"].dt.date.iloc[state.list_rows()]
    assert days.is_monotonic_increasing and days.iloc[0] == strongest["start"].date()
    shown_html = view._markup.html
    assert shown_html.index(formats.day(days.iloc[0])) > 0 and "<mark>weights</mark>" in shown_html
    for order in ("Newest first", "Random order"):
        assert order in shown_html
    view._go("order", "newest")
    view.update()
    assert articles["published"].dt.date.iloc[state.list_rows()].is_monotonic_decreasing


def test_measures_with_a_name_of_their_own_are_told_in_plain_words(press: LoadedVersion) -> None:
    state = shown(press, {})
    told = Outlets(state)
    told.update()
    together = Together(state)
    together.update()
    said = " ".join(plain(each.html) for each in told.panel.select(Markup))
    title = json.loads(together._matrix.figure)["layout"]["title"]["text"]
    assert "as concentrated as if" in said and "1 for a single outlet" in said
    assert "beyond chance" in title and "1 is always" in title
    for text in (said, title):
        assert not re.search(r"\b(HHI|NPMI)\b", text)
    read = html.unescape(date_line(press.snapshot.articles.iloc[0]))
    assert "from feed" not in read and "the outlet's feed" in read


@filters
def test_titles_tooltips_pictures_and_files_name_what_was_counted(
    press: LoadedVersion, changes: dict[str, Any]
) -> None:
    state = shown(press, changes)
    state.go(share=True)
    base, frame = state.scope.base, naive(press, changes)
    drawn = json.loads(volume.figure(state))
    if frame["day"].notna().any():
        assert html.unescape(drawn["layout"]["title"]["text"]).startswith(f"Share of {base} in each week")
        hovers = [text for trace in drawn["data"] for text in trace.get("text") or ()]
        told = [text for text in hovers if " of " in text and base in html.unescape(text)]
        week = Counter(day - timedelta(days=day.weekday()) for day in frame["day"].dropna())
        if "unit" not in changes:
            assert {int(re.search(r"of ([\d,]+) ", text)[1].replace(",", "")) for text in told} >= set(
                week.values()
            )
    said = caption(state)
    assert base in said and "version 3" in said
    assert all(f"{label}: {word}" in said for label, word in asked(state).items())
    days = formats.span(changes.get("since"), changes.get("until"))
    assert days in said
    table = with_provenance(state, volume.table(state))
    assert table["counted"].str.startswith(state.scope.sentence).all() and days in state.scope.sentence
    assert base in html.unescape(report(state)) and days in report(state)


@pytest.mark.parametrize("by", ["outlet", "country", "language"])
@filters
def test_the_rows_of_outlets_countries_and_languages_are_the_naive_counts(
    press: LoadedVersion, changes: dict[str, Any], by: str
) -> None:
    field = {"outlet": "outlets", "country": "countries", "language": "languages"}[by]
    state = shown(press, changes)
    state.go(by=by)
    one = len(changes.get(field, ())) == 1
    frame = naive(press, changes, without=field if one else "")
    for row in outlets.table(state, by).itertuples():
        of = frame[frame[by] == getattr(row, by)]
        assert row.collected == number(of, changes)
        assert row.n == number(of[of["title"].str.contains(asked(state)[row.series])], changes)
    view = Outlets(state)
    view.update()
    text = plain(view.panel[4].html)
    if len(frame):
        assert outlets.base(state, by) in text
        assert one == (outlets.base(state, by) != state.scope.base)


@filters
def test_pictures_and_files_of_outlets_do_not_name_the_filter_that_they_ignore(
    press: LoadedVersion, changes: dict[str, Any]
) -> None:
    state = shown(press, changes)
    shown_outlets = set(outlets.table(state)["outlet"].unique())
    view = outlets.OutletsChart(state)
    view.update()
    drawn, kept = view.chart.caption, naive(press, changes, without="outlets")
    lean = outlets.LeanChart(state)
    lean.update()
    file = with_provenance(state, outlets.table(state), scope=outlets.scope(state))["counted"].iloc[0]
    for said in (drawn, file, *([lean.chart.caption] if len(state.series) > 1 else [])):
        if len(changes.get("outlets", ())) == 1:
            assert f"by {changes['outlets'][0]}" not in said and len(shown_outlets) > 1
            n = int((kept["partial"] == "title_only").sum())
            assert f"Of {formats.quantity(n, 'article')} only the title is known" in said
        else:
            assert outlets.scope(state) == state.scope and state.scope.sentence in said
    state.go(selection=Selection(outlet="Monde", series="open_side"))
    listing = article_table(state)
    assert len(listing) == len(state.rows(state.view.selection))
    if len(listing) and len(changes.get("outlets", ())) == 1:
        assert f"by {changes['outlets'][0]}" not in listing["counted"].iloc[0]


def test_two_periods_are_not_said_to_be_within_days_that_they_ignore(press: LoadedVersion) -> None:
    state = shown(press, {"since": START + timedelta(days=100), "query": "chatbots"})
    days = [Selection(since=START + timedelta(n), until=START + timedelta(n + 9)) for n in (10, 20)]
    state.go(first=days[0], second=days[1])
    view = Compare(state)
    view.update()
    said = view._chart.caption
    assert "Counted: articles on AI that match “chatbots”, all dates." in said
    state.go(first=days[0], second=None)
    view.update()
    assert formats.span(START + timedelta(days=100), None) in view._chart.caption


@filters
def test_topics_together_are_counted_as_the_filters_and_about_say_and_name_their_own_queries(
    press: LoadedVersion, changes: dict[str, Any]
) -> None:
    state = shown(press, changes)
    for about in (False, True):
        state.go(about=about)
        view = Together(state)
        view.update()
        pair = comentions.table(state)
        pair = pair[(pair["first"] == "Open") & (pair["second"] == "Rules")]
        state.go(selection=Selection("open_side", also="rules"))
        assert pair["together"].sum() == len(state.rows(state.view.selection))
        asked_of = [f"{topic.label}: {topic.query}" for topic in TOPICS if topic.name != "ai"]
        assert all(line in view._matrix.caption for line in asked_of)


@filters
def test_every_chart_of_a_view_names_its_base(press: LoadedVersion, changes: dict[str, Any]) -> None:
    state = shown(press, changes)
    if len(state.series) < 2 or not naive(press, changes)["day"].notna().any():
        return
    base, of_outlets = state.scope.base, outlets.base(state)
    drawn = [(volume.figure(state), base), (outlets.figure(state), of_outlets)]
    drawn += [(outlets.lean_figure(state), of_outlets), (WordsChart(state)._figure(), base)]
    for figure, said in drawn:
        title = html.unescape(json.loads(figure)["layout"]["title"]["text"])
        assert said[:89].rstrip("…") in title


def test_the_words_chart_leaves_out_what_the_compared_queries_look_for(press: LoadedVersion) -> None:
    words = Vocabulary()
    words.rows = np.arange(len(press.snapshot.articles))
    words.terms = analysis.terms(press.snapshot.articles)
    state = shown(replace(press, vocabulary=words), {"topics": ("open_side", "closed_side")})
    assert set(distinctive.table(state)["term"]) == {"robot", "robots", "law"}  # "robots" in French


def test_a_row_of_few_articles_tells_no_share(press: LoadedVersion) -> None:
    view = Outlets(shown(press, {}))
    view.update()
    row = next(row for row in view.panel[4].html.split("<tr") if "Gazette" in row)
    assert "%" not in row
    assert "%" in next(row for row in view.panel[4].html.split("<tr") if "Post" in row)


def test_a_click_on_a_country_opens_the_articles_that_its_number_counts(press: LoadedVersion) -> None:
    state = shown(press, {"by": "country", "countries": ("US",)})
    view = Outlets(state)
    view.update()
    view._go("open", ["open_side", "FR"])
    frame = naive(press, {})
    french = frame[(frame["country"] == "FR") & frame["title"].str.contains("weights")]
    assert sorted(state.rows(state.view.selection)) == sorted(french.index)


def test_what_is_counted_says_of_how_many_articles_only_the_title_is_known(press: LoadedVersion) -> None:
    state = shown(press, {"everything": True})
    titles = int((press.snapshot.articles["partial"] == "title_only").sum())
    doubtful = int(press.snapshot.articles["published_confidence"].eq(55).sum())
    assert state.scope.sentence == (
        f"Counted: all collected articles, all dates. Of {titles} articles only the title is known. "
        f"Of {doubtful} articles the date is doubtful."
    )
    state.go(with_text=True)
    assert state.scope.sentence.startswith("Counted: collected articles with their text, all dates.")
    assert "only the title" not in state.scope.sentence


@filters
def test_doubtful_dates_are_told_where_they_count_opened_and_left_out(
    press: LoadedVersion, changes: dict[str, Any]
) -> None:
    state, frame = shown(press, changes), naive(press, changes)
    doubtful = frame.index[frame["published_confidence"].eq(55).fillna(False)]
    said = f"Of {formats.quantity(len(doubtful), 'article')} the date is doubtful."
    told = f"{formats.quantity(len(doubtful), 'article')} with a doubtful date"
    files = (
        state.scope.sentence,
        caption(state),
        with_provenance(state, volume.table(state))["counted"].iloc[0],
    )
    for text in (*files, html.unescape(report(state))):
        assert (said in text) == bool(len(doubtful))
    assert (told in plain(volume.undated(state))) == bool(len(doubtful))
    volume.open_undated(state, "doubtful", None)
    assert sorted(state.list_rows()) == sorted(doubtful)
    assert describe(state, state.view.selection) == "with a doubtful date"
    state.go(sure_dates=True)
    assert len(state.rows()) == number(frame.drop(doubtful), changes)
    for text in (state.scope.base, plain(chips(state)), html.unescape(report(state))):
        assert "without doubtful dates" in text
    assert "date is doubtful" not in state.scope.sentence
    assert View.from_query(state.view.to_query()).sure_dates
    assert "sure_dates=True" in notebook(state, "coverage")


@filters
def test_the_number_of_articles_without_a_date_opens_those(
    press: LoadedVersion, changes: dict[str, Any]
) -> None:
    state = shown(press, changes)
    kept = {name: value for name, value in changes.items() if name not in ("since", "until")}
    n = int(naive(press, kept)["published"].isna().sum())
    assert f"{formats.quantity(n, 'article')} without a known date" in plain(volume.undated(state))
    state.go(selection=Selection(undated=True))
    rows = state.list_rows()
    assert len(rows) == n
    assert state.loaded.snapshot.articles["published"].iloc[rows].isna().all()
    assert state.unit_of(state.view.selection) == "articles"
