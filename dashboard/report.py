"""A report of the current view: one HTML file that works offline and asks no other host for anything."""

from __future__ import annotations

import base64
import gzip
from functools import cache
from pathlib import Path

import panel
import plotly.graph_objects as go

import pressgauge
from dashboard import safe, words
from dashboard.chips import removals
from dashboard.state import State
from dashboard.views import outlets, overview, stories, volume
from pressgauge.analysis.summary import summarize

_PLOTLY = next((Path(panel.__file__).parent / "dist" / "bundled" / "plotlyplot").glob("plotly-*.min.js"))
_ASSETS = Path(__file__).parent / "assets"
_STORIES = 25
# plotly.js travels compressed: the file stays under 2 MB and unpacks itself in the browser.
_START = """
<script id="plotly" type="application/gzip">{library}</script>
<script type="module">
const packed = Uint8Array.from(atob(document.getElementById("plotly").textContent.trim()), (c) =>
c.charCodeAt(0)) const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))
const script = document.createElement("script")
script.textContent = await new Response(unpacked).text()
document.head.append(script)
for (const div of document.querySelectorAll(".chart")) {{
  const figure = JSON.parse(div.querySelector("script").textContent)
  await Plotly.newPlot(div, figure.data, figure.layout, {{responsive: true, displaylogo: false}})
}}
</script>
"""


def report(state: State, address: str = "") -> str:
    """The view as a self-contained HTML document; `address` is the link that reopens it in the app."""
    snapshot = state.loaded.snapshot
    summary = summarize(snapshot.articles, state.membership, keep=state.keep(), unit=state.view.unit)
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
  content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:">
<title>Pressgauge report</title>
<style>{css}</style>
</head>
<body class="markup">
<main>
{synthetic if state.loaded.synthetic else ""}
<h1>{lead}</h1>
<p class="row">{limits}</p>
<h2>Volume</h2>
{_chart(volume.figure(state))}
<p class="quiet">{volume.undated(state)}</p>
<h2>Outlets</h2>
{_chart(outlets.figure(state))}
<h2>Top stories</h2>
{stories.story_list(state, _STORIES, linked=False)}
<p class="quiet">{safe.text(citation(state, address))}</p>
</main>
{_START.format(library=_library())}
</body>
</html>
"""


def citation(state: State, address: str = "") -> str:
    """How to cite the numbers: software, dataset version and the view."""
    snapshot = state.loaded.snapshot
    what = "synthetic demo dataset" if state.loaded.synthetic else "dataset"
    where = f" View: {address}" if address else ""
    return (
        f"Pressgauge {pressgauge.__version__}, {what} version {snapshot.version}, "
        f"{words.counted(len(snapshot.articles), 'article')}.{where}"
    )


def _chart(figure: go.Figure) -> str:
    """The figure's data beside the place where it is drawn; no `<` in it can end the script element."""
    data = figure.to_json().replace("<", "\\u003c")
    return f'<div class="chart"><script type="application/json">{data}</script></div>'


@cache
def _library() -> str:
    return base64.b64encode(gzip.compress(_PLOTLY.read_bytes(), 9)).decode("ascii")
