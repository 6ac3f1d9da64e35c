"""Figures: what is drawn, what a click carries, and that nothing of an article is rendered as markup."""

from __future__ import annotations

import base64
import functools
import importlib.util
import inspect
import io
import json
from datetime import date
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from pressgauge import analysis, figures
from pressgauge.errors import ArgumentError, PressgaugeError
from pressgauge.figures import base
from pressgauge.figures.base import safe
from pressgauge.palette import COLORS, color_of, on, styles
from pressgauge.schema import NO_DAY

_SPEC = importlib.util.spec_from_file_location(
    "frames", Path(__file__).parents[1] / "analysis" / "conftest.py"
)
HOSTILE = '<a href="javascript:alert(1)">x</a> & <b>$y$</b> %{x}'


@pytest.fixture(scope="module")
def data():
    module = importlib.util.module_from_spec(_SPEC)
    _SPEC.loader.exec_module(module)
    articles, membership = module.make(3, 300)
    articles["outlet"] = articles["outlet"].cat.rename_categories({"Post": HOSTILE})
    articles["title"] = HOSTILE
    return articles, membership.rename(columns={"closed": HOSTILE})


def _happened(articles: pd.DataFrame, membership: pd.DataFrame) -> pd.DataFrame:
    happened = articles.assign(event=articles["story"], language="en")
    return analysis.events(happened, membership, limit=5)


def _lines(articles: pd.DataFrame, membership: pd.DataFrame) -> pd.DataFrame:
    """The first half of the days, and everything else."""
    day = articles["day"].to_numpy()
    days = np.unique(day[day > NO_DAY])
    first, rest = np.arange(days[0], days[0] + 20), np.r_[days[0] - 3, days[0] + 21 : days[-1]]
    return analysis.aligned(articles, membership, np.isin(day, first), np.isin(day, rest), (first, rest))


@pytest.fixture(scope="module")
def asked(data):
    """Every drawing with what it is asked to draw."""
    articles, membership = data
    events = pd.DataFrame({"date": [pd.Timestamp("2025-01-10", tz="UTC")], "label": [HOSTILE]})
    burst = pd.DataFrame({"series": ["open"], "start": events["date"], "end": events["date"], "n": [9],
        "share": [0.3], "usual": [0.1], "ratio": [3.0]})  # fmt: skip
    words = pd.DataFrame({"title": HOSTILE, "text": "falcon copper", "language": "en"}, index=range(300))
    found = analysis.terms(words)
    half = np.arange(300) % 2 == 0
    distinctive = analysis.distinctive(found, half, ~half).assign(term=HOSTILE)
    pairs = analysis.comentions(articles, membership)
    table = analysis.volume(articles, membership)
    ask = functools.partial
    return {
        "volume": ask(
            figures.volume, table, events=events, bursts=burst, presence=analysis.presence(articles)
        ),
        "share": ask(figures.volume, table, share=True, dark=True),
        "multiples": ask(figures.multiples, table, scale="own", share=True),
        "multiples by outlet": ask(
            figures.multiples, analysis.volume_by(articles, membership), by="outlet", label=str.upper
        ),
        "contrast": ask(figures.contrast, _lines(articles, membership[["open"]]), sides=("open", HOSTILE)),
        "contrast in panels": ask(figures.contrast, _lines(articles, membership), base=HOSTILE, share=True),
        "outlets": ask(figures.outlets, analysis.outlets(articles, membership)),
        "lean": ask(
            figures.lean,
            analysis.lean(articles, membership, sides=("open", HOSTILE)),
            sides=("open", HOSTILE),
        ),
        "terms": ask(figures.terms, distinctive, sides=("open", HOSTILE)),
        "distinctive": ask(figures.distinctive, distinctive, sides=("open", HOSTILE)),
        "comentions": ask(figures.comentions, pairs),
        "network": ask(figures.network, pairs),
        "comentions_over_time": ask(
            figures.comentions_over_time, analysis.comentions_over_time(articles, membership)
        ),
        "events": ask(figures.events, _happened(articles, membership)),
        "storyline": ask(figures.storyline, analysis.storyline(articles, int(articles["story"][0]))),
    }


@pytest.fixture(scope="module")
def drawn(asked):
    return {name: ask() for name, ask in asked.items()}


def texts(node, key=""):
    """Every string of a figure that plotly renders: all but customdata and names that identify."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name not in ("customdata", "legendgroup") and not (key == "annotations" and name == "name"):
                yield from texts(value, key if name.isdigit() else name)
    elif isinstance(node, list):
        for value in node:
            yield from texts(value, key)
    elif isinstance(node, str):
        yield node


def test_hostile_text_is_escaped_in_every_figure(drawn):
    for name, figure in drawn.items():
        for text in texts(json.loads(figure.to_json())):
            plain = text.replace("<br>", "").replace("<extra></extra>", "")
            assert "<" not in plain and "$" not in plain, (name, text)
            if "hovertemplate" not in text:
                assert "javascript" not in plain or "&lt;a" in plain, (name, text)


def test_u01_without_the_escaping_a_figure_renders_what_an_outlet_is_called(data, monkeypatch):
    monkeypatch.setattr(figures.base, "html", SimpleNamespace(escape=lambda text, quote: text))
    monkeypatch.setattr(base, "_remembered", base._escape)
    figure = figures.outlets(analysis.outlets(*data))
    assert any('<a href="javascript:' in text for text in texts(json.loads(figure.to_json())))


def test_every_figure_is_transparent_and_keeps_its_zoom(drawn):
    for figure in drawn.values():
        assert figure.layout.paper_bgcolor == figure.layout.plot_bgcolor == "rgba(0,0,0,0)"
        assert figure.layout.uirevision
        assert figure.layout.title.text


def test_every_value_of_a_figure_is_one_that_plotly_knows(drawn):
    for figure in drawn.values():
        go.Figure(json.loads(figure.to_json()))
    wrong = figures.base.Drawing(lambda: {"data": [], "layout": {"title": {"font": {"size": -1}}}})
    with pytest.raises(ValueError, match="size"):
        go.Figure(json.loads(wrong().to_json()))


def plain(node):
    """Part of a figure's JSON with its encoded arrays as lists and without what is null."""
    if isinstance(node, dict) and "bdata" in node:
        values = np.frombuffer(base64.b64decode(node["bdata"]), dtype=node["dtype"])
        if "shape" in node:
            values = values.reshape([int(size) for size in node["shape"].split(", ")])
        return plain(np.where(np.isnan(values), None, values.astype(object)).tolist())
    if isinstance(node, dict):
        return {name: plain(value) for name, value in node.items() if plain(value) is not None}
    return [plain(value) for value in node] if isinstance(node, list) else node


def test_the_json_of_a_drawing_is_that_of_its_figure(asked, drawn):
    for name, ask in asked.items():
        ours = ask.func.json(*ask.args, **ask.keywords)
        assert plain(json.loads(ours)) == plain(json.loads(drawn[name].to_json())), name


def test_numbers_beyond_32_bits_are_kept_and_what_is_no_number_is_refused():
    def made(values):
        return figures.base.Drawing(lambda: {"data": [{"y": values}], "layout": {}}).json()

    assert plain(json.loads(made(np.array([2**40, 1]))))["data"] == [{"y": [2.0**40, 1.0]}]
    with pytest.raises(ArgumentError, match="arrays of numbers"):
        made(np.array(["<b>"]))
    with pytest.raises(ValueError, match="JSON"):
        made([float("nan")])


def test_a_point_of_volume_carries_its_series_and_days(data, drawn):
    articles, membership = data
    points = [trace for trace in drawn["volume"].data if trace.customdata is not None]
    assert [trace.customdata[0]["series"] for trace in points] == list(membership)
    for trace, name in zip(points, membership, strict=True):
        for n, behind in zip(trace.y, trace.customdata, strict=True):
            days = articles["published"].dt.strftime("%Y-%m-%d")
            inside = (days >= behind["since"]) & (days <= behind["until"]) & membership[name]
            assert n == inside.sum()


def test_a_bar_carries_the_outlet_as_it_is_named_in_the_data(drawn):
    assert HOSTILE in {point["outlet"] for point in drawn["outlets"].data[0].customdata}


def test_counts_start_at_zero_and_partial_periods_are_dotted(data):
    figure = figures.volume(analysis.volume(*data, freq="M"))
    assert figure.layout.yaxis.range[0] == 0
    solid, dotted, points = figure.data[:3]
    assert np.isnan(np.asarray(solid.y, dtype=float)[[0, -1]]).all()
    assert dotted.line.dash == "dot" and not np.isnan(np.asarray(dotted.y, dtype=float)[0])
    assert points.marker.symbol[0].endswith("-open")
    note = next(note.text for note in figure.layout.annotations if note.name == "note")
    assert "without a known date" in note and "not covered as a whole" in note


def test_names_in_the_scatter_of_terms_do_not_lie_on_each_other():
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"term": [f"a rather long term {n}" for n in range(400)]})
    table["rate_first"], table["rate_second"] = 10 ** rng.normal(0, 0.2, (2, 400))
    table["z"] = rng.normal(0, 5, 400)
    table["n_first"] = table["n_second"] = 9
    (points,) = figures.terms(table).data
    x, y = np.log10(points.x), np.log10(points.y)
    named = [at for at, text in enumerate(points.text) if text]
    assert 4 <= len(named) <= 24
    assert int(np.argmax(np.abs(table["z"]))) in named
    width, height = 900 / np.ptp(x), 400 / np.ptp(y)  # pixels
    above = np.where(np.array(points.textposition) == "top center", 1, -1)
    for one, other in combinations(named, 2):
        apart = abs(x[one] - x[other]) * width >= 7 * 20
        lines = abs((y[one] - y[other]) * height + 9 * (above[one] - above[other])) >= 14
        assert apart or lines


def test_events_bursts_and_lines_are_labelled_in_the_plot(drawn):
    names = [annotation.name for annotation in drawn["volume"].layout.annotations]
    assert {"event:0", "burst:0", "series:open"} <= set(names)


def test_an_event_without_room_for_its_label_is_a_tick_that_tells_it_and_can_be_clicked(data):
    days = pd.date_range("2025-01-07", periods=12, tz="UTC")
    events = pd.DataFrame({"date": days, "label": [f"{HOSTILE} {n}" for n in range(12)]}, index=range(5, 17))
    figure = figures.volume(analysis.volume(*data), events=events)
    (ticks,) = (trace for trace in figure.data if trace.name == "events")
    named = [note.name for note in figure.layout.annotations if note.name.startswith("event:")]
    told = [f"event:{behind['event']}" for behind in ticks.customdata]
    assert sorted([*named, *told]) == sorted(f"event:{number}" for number in events.index)
    assert len(named) == 2
    for behind, day, text in zip(ticks.customdata, ticks.x, ticks.text, strict=True):
        assert day == f"{events['date'][behind['event']]:%Y-%m-%d}"
        assert "&lt;a" in text and "<" not in text


def test_what_is_changed_in_one_figure_is_as_it_was_in_the_next(data):
    days = pd.date_range("2025-01-07", periods=12, tz="UTC")
    events = pd.DataFrame({"date": days, "label": [f"event {n}" for n in range(12)]})

    def draw():
        return figures.volume(analysis.volume(*data), events=events)

    one, expected = draw(), draw().to_json()
    one.update_traces(marker_size=9).update_annotations(font_size=9).update_shapes(line_width=9)
    assert draw().to_json() == expected


def test_the_label_of_an_outlet_s_end_keeps_clear_of_the_lines():
    days = np.r_[np.arange(0, 200), np.arange(0, 120)]
    articles = pd.DataFrame(
        {
            "day": days.astype(np.int32),
            "outlet": pd.Categorical(["Old"] * 200 + ["New"] * 120),
            "story": np.arange(len(days)),
        }
    )
    for busy, low in ((articles["outlet"] == "Old", True), (days % 14 == 0, False)):
        table = analysis.volume(articles, pd.DataFrame({"x": busy, "all": True}), freq="D")
        presence = analysis.presence(articles)
        figure = figures.volume(table[table["series"] == "x"], presence=presence)
        (label,) = (note for note in figure.layout.annotations if note.name == "outlet:New")
        assert (label.y < 0.3) == low


def test_outlets_that_start_or_stop_are_marked_where_they_do():
    days = np.r_[np.arange(0, 200), np.arange(100, 200), np.arange(0, 120)]
    names = ["Old"] * 200 + ["New"] * 100 + [HOSTILE] * 120
    articles = pd.DataFrame(
        {"day": days.astype(np.int32), "outlet": pd.Categorical(names), "story": np.arange(len(days))}
    )
    table = analysis.volume(articles, pd.DataFrame({"x": np.ones(len(days), dtype=bool)}))
    figure = figures.volume(table, presence=analysis.presence(articles))
    marks = {note.name: note for note in figure.layout.annotations if note.name.startswith("outlet:")}
    assert set(marks) == {"outlet:New", f"outlet:{HOSTILE}"}
    assert (marks["outlet:New"].text, marks["outlet:New"].x) == ("New starts", "1970-04-11")
    assert marks[f"outlet:{HOSTILE}"].x == "1970-04-30"
    assert marks[f"outlet:{HOSTILE}"].text.endswith("stops") and "<a" not in marks[f"outlet:{HOSTILE}"].text


def test_the_world_s_volume_is_a_line_scaled_to_the_plot_and_cut_to_its_days(data):
    table = analysis.volume(*data)
    days = pd.date_range("2024-01-01", "2026-01-01", tz="UTC")
    value = np.where(days.year == 2024, 900.0, 5.0)
    reference = pd.DataFrame({"series": HOSTILE, "period": days, "value": value, "unit": "permille"})
    figure = figures.volume(table, reference=reference[days >= "2024-06-01"])
    line = figure.data[-1]
    assert line.x[0] == table["period"].min().strftime("%Y-%m-%d")
    assert line.x[-1] == table["until"].max().strftime("%Y-%m-%d")
    assert 0 < max(line.y) <= figure.layout.yaxis.range[1]
    assert "(scaled)" in line.text[0] and "<a" not in line.text[0]


def test_a_rolling_mean_is_the_line_and_the_counts_are_the_points(data):
    table = analysis.rolling(analysis.volume(*data), 3)
    figure = figures.volume(table)
    first = table[table["series"] == "open"]
    line, _, points = figure.data[:3]
    drawn = np.asarray(line.y, dtype=float)
    inner = ~np.isnan(drawn)
    assert drawn[inner] == pytest.approx(first["n_mean"].to_numpy()[inner])
    assert list(points.y) == first["n"].tolist()


def test_a_cell_of_co_mentions_over_time_carries_its_pair_and_days(data, drawn):
    articles, membership = data
    (heat,) = drawn["comentions_over_time"].data
    days = articles["published"].dt.strftime("%Y-%m-%d")
    for texts_of, cells in zip(heat.text, heat.customdata, strict=True):
        for text, cell in zip(texts_of, cells, strict=True):
            both = membership[cell["series"]] & membership[cell["with"]]
            assert int(text) == (both & (days >= cell["since"]) & (days <= cell["until"])).sum()
    assert [label.endswith("*") for label in heat.x] == [True, False, True]


def test_every_figure_that_takes_a_base_names_it_in_its_title(asked):
    named = [name for name, ask in asked.items() if "base" in inspect.signature(ask.func).parameters]
    assert {"volume", "outlets", "lean", "distinctive", "comentions_over_time", "contrast"} <= set(named)
    for name in named:
        figure = asked[name](base="articles on <b>AI</b>")
        assert "rticles on &lt;b&gt;AI&lt;/b&gt;" in figure.layout.title.text, name


def test_co_mentions_over_time_of_nothing_together_say_so(data):
    table = analysis.comentions_over_time(data[0], data[1][["open", "never"]])
    figure = figures.comentions_over_time(table)
    assert "No two of the series appear together." in figure.layout.annotations[-1].text


@pytest.mark.parametrize("dark", [False, True])
def test_lines_and_labels_stand_out_from_the_page(data, dark):
    figure = figures.volume(analysis.volume(*data), dark=dark)
    page = "#121212" if dark else "#FFFFFF"
    lines = [trace.line.color for trace in figure.data if trace.mode == "lines"]
    labels = [note.font.color for note in figure.layout.annotations if note.font.color]
    assert all(contrast(color, page) >= 3 for color in [*lines, *labels, figure.layout.font.color])


def test_shares_have_bands_and_counts_have_none(drawn):
    assert sum(trace.fill == "toself" for trace in drawn["share"].data) == 3
    assert not any(trace.fill == "toself" for trace in drawn["volume"].data)


def test_thousands_are_separated():
    articles = pd.DataFrame({"outlet": pd.Categorical(["A"] * 1234), "story": range(1234)})
    figure = figures.outlets(analysis.outlets(articles, pd.DataFrame({"x": [True] * 1234})))
    assert figure.data[0].text == ("1,234",)


@pytest.mark.parametrize("name", ["volume", "outlets"])
def test_an_empty_table_gives_a_figure_that_says_so(data, name):
    articles, membership = (frame.iloc[:0] for frame in data)
    figure = getattr(figures, name)(getattr(analysis, name)(articles, membership))
    assert "left under these filters" in figure.layout.annotations[-1].text


def test_a_topic_has_one_colour_everywhere_and_its_stand_in_in_the_dark():
    assert color_of("open_source_ai") == "#0072B2" and color_of("open_source_ai", dark=True) == "#56B4E9"
    assert styles(["x", "open_source_ai"])["open_source_ai"].color == "#0072B2"
    for color in COLORS:
        assert on(on(color, dark=True), dark=False) == color


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio."""

    def luminance(color: str) -> float:
        parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", ["comentions", "comentions_over_time"])
def test_a_number_stands_out_from_every_shade_of_its_heat_map(data, name, dark):
    cells = getattr(figures, name)(getattr(analysis, name)(*data), dark=dark).data[0]
    assert cells.texttemplate == "%{text}"
    stops = [(at, [int(color[i : i + 2], 16) for i in (1, 3, 5)]) for at, color in cells.colorscale]
    places, shades = zip(*stops, strict=True)
    for at in np.linspace(0, 1, 101):
        red, green, blue = (round(np.interp(at, places, channel)) for channel in zip(*shades, strict=True))
        assert contrast(f"#{red:02x}{green:02x}{blue:02x}", cells.textfont.color) >= 4.5, at


def test_colours_stand_out_from_light_and_dark_pages():
    for color in COLORS:
        assert contrast(color, "#FFFFFF") >= 3, color
        assert contrast(on(color, dark=True), "#121212") >= 3, color


def lab(color: str) -> np.ndarray:
    """CIE 1976 L*a*b* of an sRGB colour, white D65."""
    parts = np.array([int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    scaled = to_xyz @ linear / [0.95047, 1, 1.08883]
    x, y, z = np.where(scaled > 0.008856, np.cbrt(scaled), 7.787 * scaled + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("word", ["licence", "robot", "law", "chips"])
def test_no_two_of_eight_lines_beside_each_other_look_alike(word: str, dark: bool) -> None:
    names = ["open_source_ai", "proprietary_ai", *(f"{word} {number}" for number in range(6))]
    drawn = [lab(style.color) for style in styles(names, dark=dark).values()]
    assert min(float(np.linalg.norm(a - b)) for a, b in combinations(drawn, 2)) >= 20


def test_the_name_at_the_end_of_a_line_stays_in_the_plot_where_the_line_ends_at_nothing(data) -> None:
    """A rolling mean of nothing can come out as -7e-15, below an axis that begins at nothing."""
    table = analysis.rolling(analysis.volume(*data), 2)
    table.loc[table.groupby("series", observed=True).tail(1).index, "n_mean"] = -7e-15
    places = {
        each.name: each.y
        for each in figures.volume(table).layout.annotations
        if (each.name or "").startswith("series:")
    }
    assert places and min(places.values()) == 0


def test_no_time_axis_of_a_single_moment_is_one_of_milliseconds(data) -> None:
    latest = data[0]["day"] == data[0]["day"].max()
    articles, membership = (table[latest] for table in data)
    at = articles["published"].max()
    articles = articles.assign(published=at, story=1, event=1, language="en")
    drawn = {
        "volume": figures.volume(analysis.volume(articles, membership, freq="D")),
        "multiples": figures.multiples(analysis.volume(articles, membership, freq="D")),
        "events": figures.events(analysis.events(articles, membership)),
        "spread": figures.spread(analysis.spread(articles, 1)),
        "storyline": figures.storyline(analysis.storyline(articles, 1)),
    }
    for name, figure in drawn.items():
        axes = [axis for axis in figure.layout if axis.startswith("xaxis")]
        for axis in axes:
            first, last = map(pd.Timestamp, figure.layout[axis].range)
            assert last - first >= pd.Timedelta(days=1), name
            assert first < at.tz_localize(None) < last, name


def test_the_shipped_topics_and_more_series_than_colours_can_be_told_apart():
    names = [f"series {number}" for number in range(40)]
    assert len(COLORS) >= 14 and len(set(COLORS)) == len(COLORS)
    made = styles(names).values()
    assert len({(style.color, style.dash) for style in made}) == 40


def test_o01_a_week_in_which_nothing_was_collected_is_a_gap_and_not_a_zero():
    days = np.r_[np.arange(4, 39), np.arange(53, 81)]  # two weeks without anything
    articles = pd.DataFrame(
        {"day": days.astype(np.int32), "outlet": pd.Categorical(["A"] * len(days)), "story": days}
    )
    table = analysis.volume(articles, pd.DataFrame({"x": days % 2 == 0}))
    assert (table["collected"] == 0).sum() == 2
    for share in (False, True):
        figure = figures.volume(table, share=share)
        lines = [trace for trace in figure.data if trace.fill != "toself"]
        for trace in lines:
            assert np.isnan(np.asarray(trace.y, dtype=float)[(table["collected"] == 0).to_numpy()]).all()
        assert "nothing was collected" in str(figure.layout)


def test_several_measures_on_end_are_an_error_rather_than_a_line_that_goes_back(data) -> None:
    weeks, days = (analysis.volume(*data, freq=freq) for freq in ("W", "D"))
    outlets = analysis.outlets(*data)
    for draw, table, why in (
        (figures.volume, pd.concat([weeks, weeks]), r"several rows of one series and period.*compare\("),
        (figures.volume, pd.concat([weeks, days]), "counts of freq W and D"),
        (figures.outlets, pd.concat([outlets, outlets]), "several rows of one series and outlet"),
    ):
        with pytest.raises(PressgaugeError, match=why):
            draw(table)
    only = weeks["series"] == "open"
    assert len(figures.volume(pd.concat([weeks[only], weeks[~only]])).data), "parts of one measure are one"


def panels(figure):
    """The panels of a figure from left to right and top to bottom: title, and how far its axis reaches."""
    titles = [note.text for note in figure.layout.annotations if (note.name or "").startswith("panel:")]
    axes = [figure.layout[f"yaxis{n}"] for n in ["", *range(2, len(titles) + 1)]]
    return [(title, axis.range[1]) for title, axis in zip(titles, axes, strict=False)]


def test_small_multiples_have_one_scale_or_each_its_own(data):
    table = analysis.volume(*data)
    (shared,) = {top for _, top in panels(figures.multiples(table))}
    assert shared == pytest.approx(table["n"].max() * 1.08)
    own = [top for _, top in panels(figures.multiples(table, scale="own"))]
    highest = table.groupby("series", observed=True)["n"].max().tolist()
    assert own == pytest.approx([max(n, 1e-9) * 1.08 for n in highest])


def test_a_panel_of_an_outlet_shows_its_articles_only_and_a_point_says_whose(data):
    articles, membership = data
    table = analysis.volume_by(articles, membership[["open"]], by="country", freq="M")
    figure = figures.multiples(table, by="country", label={"US": "United States", "DE": "Germany"}.get)
    assert [title for title, _ in panels(figure)] == [
        {"US": "United States", "DE": "Germany"}[code] for code in table["country"].cat.categories
    ]
    drawn = {}
    for trace in figure.data:
        for point, n in zip(trace.customdata or (), trace.y, strict=False):
            key = point["country"], point["since"]
            drawn[key] = 0 if np.isnan(n) else int(n)
    local = articles.assign(open=membership["open"])[membership["open"] & articles["published"].notna()]
    counted = local.groupby(["country", local["published"].dt.strftime("%Y-%m-01")], observed=True).size()
    assert {key: n for key, n in drawn.items() if n} == counted.to_dict()


def test_more_than_four_lines_of_two_sides_are_drawn_in_a_panel_a_series(data):
    articles, membership = data
    assert panels(figures.contrast(_lines(articles, membership[["open", "never"]]))) == []
    titles = [title for title, _ in panels(figures.contrast(_lines(articles, membership)))]
    assert titles[::2] == ["open", "never"]


def test_the_level_of_everything_else_reaches_over_all_days_of_the_other_side(data):
    articles, membership = data
    *_, level = figures.contrast(_lines(articles, membership[["open"]])).data
    assert list(level.x) == [0, 19] and level.y[0] == level.y[1]


@pytest.mark.parametrize(
    ("draw", "measure", "axis"),
    [
        (figures.volume, analysis.volume, "yaxis"),
        (figures.multiples, analysis.volume, "yaxis"),
        (figures.outlets, analysis.outlets, "xaxis"),
    ],
)
def test_between_few_articles_an_axis_of_counts_has_no_fractions(data, draw, measure, axis):
    articles, membership = data
    few, all_of_them = (measure(articles[:n], membership[:n]) for n in (5, 300))
    assert draw(few).layout[axis].dtick == 1
    assert draw(all_of_them).layout[axis].dtick is None
    assert draw(few, share=True).layout[axis].dtick is None


def written(table: pd.DataFrame) -> pd.DataFrame:
    """The table as it is read back from a file."""
    return pd.read_csv(io.StringIO(table.to_csv(index=False)))


def test_every_table_beside_the_measure_may_be_read_from_a_file(data) -> None:
    table, presence = analysis.volume(*data), analysis.presence(data[0])
    day = table["period"].iloc[4]
    burst = {"series": "open", "start": day, "end": day, "n": 9, "share": 0.3, "usual": 0.1, "ratio": 3.0}
    reference = {"series": "w", "period": table["period"], "value": 1.5, "unit": "permille"}
    beside = {
        "events": pd.DataFrame({"date": [day], "label": ["x"]}),
        "bursts": pd.DataFrame([burst]),
        "presence": presence.assign(starts=True),
        "reference": pd.DataFrame(reference),
    }
    read = {name: written(each) for name, each in beside.items()}
    assert figures.volume(written(table), **read) == figures.volume(table, **beside)
    nothing = {name: written(each[:0]) for name, each in beside.items()}
    assert len(figures.volume(table, **nothing).data) == len(figures.volume(table).data)


@pytest.mark.parametrize(
    "dates",
    [["2025-01-20"], [date(2025, 1, 20)], [None, date(2025, 1, 20)], ["2025-01-20T10:00", None]],
)
def test_an_event_s_date_may_be_a_text_or_a_date(data, dates) -> None:
    events = pd.DataFrame({"date": dates, "label": ["x"] * len(dates)})
    figure = figures.volume(analysis.volume(*data), events=events)
    assert [note.x for note in figure.layout.annotations if note.text == "x"] == ["2025-01-20"]


@pytest.mark.parametrize("wrong", ["soon", "20.1.2025", 1.5])
def test_what_is_no_date_is_named(data, wrong) -> None:
    events = pd.DataFrame({"date": [wrong], "label": ["x"]})
    with pytest.raises(PressgaugeError, match=f"date should hold days such as 2025-02-14, not '{wrong}'"):
        figures.volume(analysis.volume(*data), events=events)


@pytest.mark.parametrize("draw", [figures.volume, figures.multiples])
def test_a_row_without_a_day_has_no_place_on_the_time_axis(data, draw) -> None:
    table = analysis.volume(*data)
    table.loc[table.index[0], ["period", "until"]] = pd.NaT
    assert draw(table) == draw(table[1:])
    figure = draw(table.assign(period=pd.NaT).drop_duplicates("series"))
    assert "No dated article is left" in figure.layout.annotations[-1].text


def test_events_are_drawn_beside_a_row_without_a_day(data) -> None:
    table = analysis.volume(*data)
    table.loc[table.index[0], ["period", "until"]] = pd.NaT
    events = pd.DataFrame({"date": ["2025-01-20"], "label": ["x"]})
    assert "x" in [note.text for note in figures.volume(table, events=events).layout.annotations]


@pytest.mark.parametrize("dtype", ["float64", "Float64"])
@pytest.mark.parametrize("draw", [figures.volume, figures.multiples])
def test_a_corrected_count_that_is_not_known_is_a_gap_and_no_number(data, draw, dtype) -> None:
    table = analysis.volume(*data)
    n = table["n"].astype(dtype)
    table = table.assign(corrected=n, corrected_low=n, corrected_high=n)
    table.loc[table.index[2:4], ["corrected", "corrected_low", "corrected_high"]] = None
    area, line = (json.loads(each.to_json()) for each in draw(table).data[:2])
    assert line["text"][2] == line["text"][3] == "open, corrected: unknown"
    assert "nan" not in str(line["text"]) and draw.json(table)
    # Two shapes: before the gap, and behind it.
    assert area["x"][:5] == [*line["x"][:2], *line["x"][1::-1], None] and line["x"][2] not in area["x"]


def test_an_interval_of_a_share_of_nothing_is_a_gap(data) -> None:
    table = analysis.volume(*data, freq="D")
    none = table.index[(table["collected"] == 0) & (table["series"] == "open")]
    bands = [trace for trace in figures.volume(table, share=True).data if trace.fill == "toself"]
    assert len(none) and None in bands[0].x
    assert not {*table.loc[none, "period"].dt.strftime("%Y-%m-%d")} & {*bands[0].x}


@pytest.mark.parametrize("name", ["outlets", "comentions", "comentions_over_time", "multiples", "spread"])
def test_a_measure_may_be_read_from_a_file(data, name) -> None:
    articles, membership = data
    of_story = articles.assign(event=articles["story"], language="en")
    table = {
        "multiples": lambda: analysis.volume(*data),
        "spread": lambda: analysis.spread(of_story, int(of_story["event"].iloc[0])),
    }.get(name, lambda: getattr(analysis, name)(articles, membership))()
    draw = getattr(figures, name)
    assert draw(written(table)) == draw(table)


def test_what_is_equal_and_written_otherwise_is_not_taken_for_the_same() -> None:
    assert [safe(each) for each in (1, True, 1.0, "1", ["a"])] == ["1", "True", "1.0", "1", "['a']"]


def test_no_long_text_is_kept_in_memory() -> None:
    kept = base._remembered.cache_info().currsize
    assert safe("a long label " * 10_000).endswith("…")
    assert base._remembered.cache_info().currsize == kept
