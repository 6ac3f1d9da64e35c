"""A chart outside the app: one document that asks no host for anything, and one element that holds it."""

from __future__ import annotations

import html
import json
import math
import re
from functools import cache
from pathlib import Path
from typing import Any

from dashboard.components import safe
from dashboard.components.charts.library import library_base64
from pressgauge.palette import DARK, LIGHT

_ASSETS = Path(__file__).parents[2] / "assets"
POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"
"""What the document may load: nothing."""
WIDTH = 900
_HEIGHT = 360
"""Of a figure that says none, as the app draws it."""
_LINE, _MARGIN, _LETTER = 18, 40, 6.2
"""Pixels of a line of the caption, around everything, and of a letter of the caption in the mean."""
_TAG = re.compile("<[^<>]{0,200}>")


def document(figure: str, description: str, caption: str, *, address: str = "") -> str:
    """The figure (its JSON) as a page of its own, with `caption` below: a line each, after the notes that
    stand in the figure. `address` is where the view can be opened."""
    spec = json.loads(figure)
    lines = [*_notes(spec), *caption.split("\n")]
    link = f"<br>{safe.link(address, 'Open in Pressgauge')}" if address else ""
    ground, ink = (DARK.paper, DARK.ink) if is_dark(spec) else (LIGHT.paper, LIGHT.ink)
    data = json.dumps(_without_notes(spec)).replace("<", "\\u003c")
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<title>{safe.text(description)}</title>
<style>
body {{ margin: 0; background: {ground}; color: {ink}; font: 400 15px/1.5 system-ui, sans-serif; }}
figure {{ margin: 0; padding: 8px; break-inside: avoid; }}
.chart {{ overflow-x: auto; overflow-y: hidden; }}
figcaption {{ font-size: 12px; line-height: {_LINE}px; overflow-wrap: anywhere; }}
a {{ color: inherit; }}
</style>
</head>
<body>
<figure>
<div class="chart" role="img" aria-label="{safe.text(description)}">
<script type="application/json">{data}</script></div>
<figcaption>{"<br>".join(map(safe.text, lines))}{link}</figcaption>
</figure>
<script id="plotly" type="application/gzip">{library_base64()}</script>
<script type="module">
{_script("unpack.js", "narrow.js", "embed.js")}</script>
</body>
</html>
"""


def snippet(figure: str, description: str, caption: str) -> str:
    """One element to be pasted into a page: a frame that holds the document, and needs no server."""
    source = html.escape(document(figure, description, caption), quote=True)
    return _frame(f'srcdoc="{source}"', description, height(figure, caption))


def is_dark(spec: dict[str, Any]) -> bool:
    """Whether a figure was drawn for a dark page, as its ink tells."""
    return spec.get("layout", {}).get("font", {}).get("color") == DARK.ink


def iframe(address: str, description: str, width: int | None, height: int) -> str:
    """One element that shows the document that a server has at `address`."""
    return _frame(f'src="{safe.text(address)}"', description, height, width)


def height(figure: str, caption: str, width: int = WIDTH) -> int:
    """Pixels that the document takes at a width, as near as can be said without drawing it."""
    spec = json.loads(figure)
    letters = max(20, math.floor((width - 16) / _LETTER))
    lines = sum(math.ceil(max(1, len(line)) / letters) for line in [*_notes(spec), *caption.split("\n"), ""])
    return int(spec.get("layout", {}).get("height") or _HEIGHT) + _LINE * lines + _MARGIN


def _frame(source: str, description: str, height: int, width: int | None = None) -> str:
    # In a sandbox nothing of the page around it is within its reach.
    wide = f'width="{width}"' if width else 'width="100%"'
    return (
        f'<iframe {source} title="{safe.text(description)}" {wide} height="{height}" '
        'sandbox="allow-scripts allow-popups" loading="lazy" style="border:0;max-width:100%"></iframe>'
    )


def _notes(spec: dict[str, Any]) -> list[str]:
    """What stands in the figure as a note, as plain lines."""
    notes = [
        each.get("text", "") for each in spec.get("layout", {}).get("annotations") or [] if _is_note(each)
    ]
    return [html.unescape(_TAG.sub("", line)) for note in notes for line in re.split("<br ?/?>", note)]


def _without_notes(spec: dict[str, Any]) -> dict[str, Any]:
    layout = spec.get("layout", {})
    annotations = [each for each in layout.get("annotations") or [] if not _is_note(each)]
    return {**spec, "layout": {**layout, "annotations": annotations}}


def _is_note(annotation: dict[str, Any]) -> bool:
    return annotation.get("name") == "note"


@cache
def _script(*names: str) -> str:
    return "\n".join((_ASSETS / name).read_text(encoding="utf-8") for name in names)
