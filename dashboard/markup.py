"""Markup on the page whose buttons report to the session. What goes in must come from `dashboard.safe`."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, ClassVar

import panel as pn
import param

from dashboard import safe

_ESM = """
export function render({model}) {
  const div = document.createElement("div")
  div.className = "markup"
  const show = () => {
    const at = div.getRootNode().activeElement?.dataset?.go
    div.innerHTML = model.html
    if (at) div.querySelector(`[data-go="${CSS.escape(at)}"]`)?.focus()
  }
  div.addEventListener("click", (event) => {
    const button = event.target.closest("[data-go]")
    if (button) model.send_msg(button.dataset.go)
  })
  model.on("html", show)
  show()
  return div
}
"""

_CSS = """
:host { color: var(--panel-on-background-color); font: 400 15px/1.5 var(--bokeh-base-font);
  --quiet: color-mix(in srgb, var(--panel-on-background-color) 72%, var(--panel-surface-color));
  --tint: color-mix(in srgb, var(--panel-on-background-color) 5%, var(--panel-surface-color));
  --line: color-mix(in srgb, var(--panel-on-background-color) 14%, var(--panel-surface-color)); }
.markup { width: 100%; overflow-wrap: anywhere; }
h1, h2, h3, p { margin: 0; }
h1 { font-size: clamp(1.15rem, 0.9rem + 1.1vw, 1.6rem); font-weight: 450; line-height: 1.35; max-width: 62rem; }
h2 { font-size: 1.05rem; font-weight: 600; }
h3 { font-size: 0.95rem; font-weight: 600; }
.quiet { color: var(--quiet); font-size: 0.86rem; }
a { color: inherit; text-underline-offset: 2px; }
button { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; text-align: left; }
button:hover { text-decoration: underline; }
button:focus-visible, a:focus-visible { outline: 2px solid #0072B2; outline-offset: 2px; border-radius: 3px; }
mark { background: #F0E442; color: #111; padding: 0 2px; border-radius: 2px; }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; }
th { text-align: left; font-weight: 600; color: var(--quiet); border-bottom: 1px solid var(--line); padding: 6px 10px 6px 0; }
td { border-bottom: 1px solid var(--line); padding: 7px 10px 7px 0; vertical-align: top; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
tr.on td { background: var(--tint); }
.dot { display: inline-block; width: 0.62em; height: 0.62em; border-radius: 50%; margin-right: 0.4em; }
.row { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
.chip { display: inline-flex; gap: 7px; align-items: center; border: 1px solid var(--line); border-radius: 99px;
  padding: 2px 11px; font-size: 0.86rem; background: var(--tint); }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(165px, 1fr)); gap: 12px; }
.card { border: 1px solid var(--line); border-radius: 10px; padding: 12px 14px; }
.card > * { display: block; }
.act { background: #0B3954; color: #fff; border-radius: 6px; padding: 4px 12px; font-weight: 500; }
.card b { display: block; font-size: 1.55rem; font-weight: 550; line-height: 1.25; font-variant-numeric: tabular-nums; }
.notice { border: 1px solid #E69F00; border-left-width: 5px; border-radius: 6px; padding: 8px 12px; }
.body p { margin: 0 0 0.7em; max-width: 46rem; }
@media (max-width: 599px) { .wide { display: none; } .cards { grid-template-columns: 1fr 1fr; } }
"""


class Markup(pn.custom.JSComponent):
    """Shows `html`; a click on an element made by `button` calls `on_go(action, value)`."""

    html = param.String(default="")

    _esm = _ESM
    _stylesheets: ClassVar[list[str]] = [_CSS]

    def __init__(self, html: str = "", on_go: Callable[[str, Any], None] | None = None, **params: Any) -> None:
        params.setdefault("sizing_mode", "stretch_width")
        super().__init__(html=html, **params)
        self._on_go = on_go

    def _handle_msg(self, data: Any) -> None:
        """Act on a message of the page; one that no button of ours sends is nothing to act on."""
        if self._on_go is None or not isinstance(data, str):
            return
        try:
            action, value = json.loads(data)
        except (ValueError, TypeError):
            return
        self._on_go(action, value)


def button(label: str, action: str, value: Any = None, *, title: str = "", classes: str = "") -> str:
    """A button around `label` (markup) that sends `action` with `value` (JSON) to the Markup it stands in."""
    go = safe.text(json.dumps([action, value]))
    named = f' title="{safe.text(title)}" aria-label="{safe.text(title)}"' if title else ""
    return f'<button type="button" class="{classes}" data-go="{go}"{named}>{label}</button>'


def dot(color: str) -> str:
    """A spot in a series' colour."""
    return f'<span class="dot" style="background:{safe.text(color)}"></span>'
