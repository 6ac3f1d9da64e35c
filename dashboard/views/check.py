"""Check: a sample of a topic or query, judged by people, and how good that makes the query."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import panel as pn
import panel_material_ui as pmui

from dashboard.components import formats, safe
from dashboard.components.coding import Coding
from dashboard.components.markup import Markup, button, table
from dashboard.session.judged import check_of
from dashboard.session.state import State
from dashboard.views.coding_tables import CodingTables
from pressgauge.errors import ConfigError, PressgaugeError
from pressgauge.settings import paths
from pressgauge.validation.check import Check
from pressgauge.validation.codebook import Variable, load_codebook
from pressgauge.validation.codes import consensus
from pressgauge.validation.estimates import more_needed
from pressgauge.validation.frame import Validation, validation

_MAX_ROWS = 8
_WIDTHS = {"3 points": 0.03, "5 points": 0.05, "10 points": 0.1}
"""How well precision and recall are to be known, when coding stops."""
_SIZES = [50, 100, 200, 400, 800]
"""Articles that one draw may take."""
_STRATA = {"matched": "that match", "near": "that nearly match", "far": "of the rest"}


class CheckQuery:
    """What is checked, by whom and how; the article to judge; precision, recall, terms and agreement."""

    title = "Check"

    def __init__(self, state: State) -> None:
        self._state = state
        self._check: Check | None = None
        self._drawn_state: tuple[Any, ...] = ()
        self._problem, self._wanted_missed = "", False
        self._line = pmui.Select(label="Check", width=240, margin=(8, 10))
        self._variable = pmui.Select(label="By", width=200, margin=(8, 10))
        self._coder = pmui.TextInput(label="Coder", placeholder="your name", width=160, margin=(8, 10))
        # not a number to type: its arrows are buttons without a name
        self._n = pmui.Select(label="Articles", value=200, options=_SIZES, width=110, margin=(8, 10))
        self._half_width = pmui.Select(
            label="Stop within", value=0.05, options=_WIDTHS, width=130, margin=(8, 10)
        )
        self._draw_sample = pmui.Button(label="Draw sample", variant="contained", margin=(14, 10))
        self._draw_sample.on_click(lambda _: self._draw_articles(lambda check: check.draw(self._n.value)))
        for widget in (self._line, self._variable, self._coder, self._half_width):
            widget.param.watch(self._on_choice, "value")
        self._head, self._result = Markup(margin=(0, 12)), Markup(on_go=self._go, margin=(0, 12))
        self._place = pn.Column(sizing_mode="stretch_width", margin=(0, 12))
        self._tables = CodingTables(self._sample, self._on_codes)
        controls: list[pn.viewable.Viewable] = [self._line, self._variable]
        if not state.read_only:
            controls += [self._coder, self._n, self._half_width, self._draw_sample]
        self.panel = pn.Column(
            pn.FlexBox(*controls),
            self._head,
            self._place,
            self._result,
            self._tables.panel,
            sizing_mode="stretch_width",
        )

    def update(self) -> None:
        """Offer the lines that are compared; begin anew when another one, or other data, is meant."""
        state = self._state
        lines = {safe.plain(series.label): series.key for series in state.series}
        if lines != self._line.options:
            keys = list(lines.values())
            line = self._line.value if self._line.value in keys else next(iter(keys), None)
            self._line.param.update(options=lines, value=line)
        variables = {"Relevant or not": "", **{v.label: v.name for v in self._codebook().values()}}
        if variables != self._variable.options:
            self._variable.param.update(options=variables, value=self._variable.value or "")
        self._show()

    def _codebook(self) -> dict[str, Variable]:
        file = paths.codebook_file()
        try:
            return {variable.name: variable for variable in load_codebook(file)} if file.exists() else {}
        except ConfigError as error:
            self._problem = str(error)
            return {}

    def _on_choice(self, *_: Any) -> None:
        self._problem = ""
        self._show()

    def _show(self) -> None:
        state, key = self._state, self._line.value
        coder = (self._coder.value or "").strip()
        asked = (key, self._variable.value, coder, self._half_width.value)
        now = (*asked, state.query_of(key) if key else "", state.view.about, state.field, state.loaded)
        if not key or now == self._drawn_state:
            self._tell()
            return
        self._drawn_state = now
        self._check = check_of(state, key, self._codebook().get(self._variable.value or ""))
        self._place.objects = self._coding(coder)
        self._tell()

    def _coding(self, coder: str) -> list[Any]:
        if self._check is None or self._state.read_only or not coder:
            return []
        read, half_width = self._state.loaded.dataset.read, self._half_width.value
        return [Coding(self._check, coder, read, self._tell, half_width).panel]

    def _draw_articles(self, draw: Callable[[Check], int]) -> None:
        if self._check is None or self._state.read_only:
            return
        coder = (self._coder.value or "").strip()
        self._problem = "" if coder else "Give your name first: answers are kept by coder."
        if not self._problem:
            try:
                draw(self._check)
            except PressgaugeError as error:
                self._problem = str(error)
        self._place.objects = self._coding(coder)
        self._tell()

    def _sample(self) -> Validation | None:
        """The sample as a frame, with the answers of the coder who is named."""
        coder = (self._coder.value or "").strip()
        if self._check is None or self._state.read_only or not coder:
            return None
        return validation(self._check, coder, self._state.loaded.dataset.read)

    def _on_codes(self) -> None:
        """Go on where codes that came from elsewhere leave off."""
        self._place.objects = self._coding((self._coder.value or "").strip())
        self._tell()

    def _tell(self) -> None:
        """Say how far the sample is and what it tells."""
        check = self._check
        problem = f'<p class="notice" role="alert">{safe.text(self._problem)}</p>' if self._problem else ""
        if check is None:
            self._head.html, self._result.html = f"{problem}<p>There is no line to check.</p>", ""
            return
        size = len(check.inner_ids())
        reader = (
            '<p class="quiet">This server is read-only: samples are judged where the dataset is kept.</p>'
            if self._state.read_only
            else '<p class="quiet">A random sample of what the query matches, of what nearly matches and of '
            "the rest. Give your name, draw it, and judge with the keys.</p>"
        )
        self._head.html = problem + (reader if self._state.read_only or not size else "")
        self._result.html = self._results(check) if size else ""
        self._tables.panel.visible = bool(size) and bool(self._place.objects)

    def _results(self, check: Check) -> str:
        by_coder = check.agreement()
        coders = table(
            ("Coders", "Articles", "Same", "Krippendorff's α", "Cohen's κ"),
            [
                (
                    safe.text(row.coders),
                    formats.count(row.articles),
                    *map(_number, (row.same, row.alpha, row.kappa)),
                )
                for row in by_coder.itertuples()
            ],
            numbers=(1, 2, 3, 4),
        )
        agreement = f"<h2>Agreement</h2>{coders}" if len(by_coder) > 1 else ""
        return (_values(check) if check.variable else self._accuracy(check)) + agreement

    def _accuracy(self, check: Check) -> str:
        of, half_width = check.accuracy(), self._half_width.value
        more = {name: n for name, n in more_needed(of, half_width).items() if n}
        if of.precision.n == 0 and of.recall.n == 0:
            return ""
        cards = "".join(
            f'<div class="card"><span class="quiet">{name}</span><b>{safe.text(str(each).split(", ")[0])}</b>'
            f'<span class="quiet">{formats.quantity(each.n, "article")} judged</span></div>'
            for name, each in (("Precision", of.precision), ("Recall", of.recall))
        )
        need = ", ".join(f"{formats.count(n)} {_STRATA[name]}" for name, n in more.items())
        points = f"{half_width * 100:.0f} points"
        enough = (
            f"About so many more are to be judged until both are known to within {points}: {need}."
            if more
            else f"Both are known to within {points}: that is enough."
            if of.is_within(half_width)
            else f"Nothing is left to judge that would make both known to within {points}."
        )
        lacking = 0 if self._state.read_only else sum(check.lacking(half_width).values())
        draw_more = button(f"Draw {formats.count(lacking)} more", "draw", classes="act") if lacking else ""
        terms = check.terms().query("judged > 0").head(_MAX_ROWS)
        rows = [
            (
                safe.text(row.term),
                formats.count(row.judged),
                formats.count(row.false),
                _number(row.precision),
                f"{formats.count(row.alone_false)} of {formats.count(row.alone)}",
            )
            for row in terms.itertuples()
        ]
        head = ("Term", "Judged", "False", "Precision", "False by it alone")
        brings = table(head, rows, numbers=(1, 2, 3, 4))
        return (
            f'<h2>How good the query is</h2><div class="cards">{cards}</div>'
            f'<p class="quiet" role="status">{enough}</p><div class="row">{draw_more}</div>'
            f"<h2>Which terms bring the false ones</h2>{brings}"
            f"{button('Which words do the missed ones share?', 'missed')}{self._missed_words(check)}"
        )

    def _missed_words(self, check: Check) -> str:
        if not self._wanted_missed:
            return ""
        words = check.missed(self._state.loaded.dataset.read, _MAX_ROWS)
        if words.empty:
            return '<p class="quiet">Nothing that was missed has been seen yet.</p>'
        rows = [
            (safe.text(row.term), formats.count(row.n_first), formats.count(row.n_second), f"{row.z:.1f}")
            for row in words.itertuples()
        ]
        return table(("Word", "Missed articles with it", "Others", "z"), rows, numbers=(1, 2, 3))

    def _go(self, action: str, _: Any) -> None:
        if action == "draw":
            self._draw_articles(lambda check: check.draw_more(self._half_width.value))
        elif action == "missed":
            self._wanted_missed = not self._wanted_missed
            self._tell()


def _values(check: Check) -> str:
    """How many articles have each value of a variable, as most of their coders say."""
    names = [name for name in check.answers if name != "?"]
    counts = consensus(check.codes(), names).value_counts()
    rows = [(safe.text(check.answers[name]), formats.count(counts.get(name, 0))) for name in names]
    return f"<h2>What was coded</h2>{table(('Value', 'Articles'), rows, numbers=(1,))}" if len(counts) else ""


def _number(value: formats.Cell) -> str:
    return "" if value != value else f"{value:.2f}".removeprefix("0")
