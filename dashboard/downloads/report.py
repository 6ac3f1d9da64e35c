"""A report of the current view: one HTML file that works offline and asks no other host for anything."""

from __future__ import annotations

from pathlib import Path

from dashboard.components import safe
from dashboard.components.charts.library import library_base64
from dashboard.components.charts.snippet import POLICY
from dashboard.components.chips import removals
from dashboard.downloads.citation import citation, queries, rule
from dashboard.session.state import State
from dashboard.views import events, outlets, overview, volume
from dashboard.views.words import distinctive as terms
from pressgauge import figures

_ASSETS = Path(__file__).parent.parent / "assets"
_EVENTS = 25


def report(state: State, address: str = "") -> str:
    """The view as a self-contained HTML document; `address` is the link that reopens it in the app."""
    summary = overview.summary_of(state)
    lead = overview.sentence(state, summary) if summary else "No dated article is left under these filters."
    limits = "".join(f'<span class="chip">{safe.text(label)}</span>' for label, _ in removals(state))
    synthetic = '<p class="notice"><b>Demo data (synthetic).</b> Nothing here is real coverage.</p>'
    css = (_ASSETS / "markup.css").read_text(encoding="utf-8") + (_ASSETS / "report.css").read_text(
        encoding="utf-8"
    )
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
  content="{POLICY}">
<title>Pressgauge report</title>
<style>{css}</style>
</head>
<body class="markup">
<main>
{synthetic if state.loaded.synthetic else ""}
<h1>{lead}</h1>
<p class="row">{limits}</p>
<p class="quiet">{safe.text(state.scope.sentence)} {_queries(state)}</p>
<h2>Volume</h2>
{_chart(volume.figure(state))}
<p class="quiet">{volume.undated(state, linked=False)} {rule(state)}</p>
<h2>Outlets</h2>
{_of_outlets(state)}
{_chart(outlets.figure(state))}
{_chart(outlets.lean_figure(state)) if len(state.series) > 1 else ""}
{_words(state)}
<h2>What happened</h2>
{events.event_list(state, _EVENTS, linked=False)}
<p class="quiet">{safe.text(citation(state, address))}</p>
</main>
<script id="plotly" type="application/gzip">{library_base64()}</script>
<script type="module">
{(_ASSETS / "unpack.js").read_text(encoding="utf-8")}
{(_ASSETS / "report.js").read_text(encoding="utf-8")}</script>
</body>
</html>
"""


def _queries(state: State) -> str:
    """What each line asks of an article."""
    return "".join(f"<br>{safe.text(query)}" for query in queries(state))


def _of_outlets(state: State) -> str:
    """What the charts of outlets count where they ignore the filter of one outlet."""
    scope = outlets.scope(state)
    return "" if scope == state.scope else f'<p class="quiet">{safe.text(scope.sentence)}</p>'


def _words(state: State) -> str:
    """The terms that tell the first two lines apart, when they have been read."""
    table = terms.table(state)
    if table.empty:
        return ""
    first, second = state.series[:2]
    sides, colors = (first.label, second.label), (first.color, second.color)
    chart = figures.distinctive.json(
        table, sides=sides, base=state.scope.base, colors=colors, dark=state.dark
    )
    return f'<h2>Words</h2>{_chart(chart)}<p class="quiet">{terms.OWN_WORDS}</p>'


def _chart(figure: str) -> str:
    """The figure's JSON beside the place where it is drawn; no `<` in it can end the script element."""
    data = figure.replace("<", "\\u003c")
    return f'<div class="chart"><script type="application/json">{data}</script></div>'
