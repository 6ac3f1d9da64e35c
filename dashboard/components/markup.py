"""Markup on the page whose buttons report to the session. What goes in must come from `safe`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from html import unescape
from pathlib import Path
from typing import Any, ClassVar
from unicodedata import category

import param

from dashboard.components import formats, safe
from dashboard.components.browser.component import Component

_ASSETS = Path(__file__).parent.parent / "assets"
_TAG = re.compile("<[^>]*>")


class Markup(Component):
    """Shows `html`; a click on an element made by `button` calls `on_go(action, value)`, and where `keys` is
    set so does the key that a button has."""

    html = param.String(default="")
    keys = param.Boolean(default=False)

    _esm = _ASSETS / "markup.js"
    _stylesheets: ClassVar[list[str]] = [(_ASSETS / "markup.css").read_text(encoding="utf-8")]

    def __init__(
        self, html: str = "", on_go: Callable[[str, Any], None] | None = None, **params: Any
    ) -> None:
        params.setdefault("sizing_mode", "stretch_width")
        super().__init__(html=html, **params)
        self._on_go = on_go

    def _handle_msg(self, data: Any) -> None:
        """Act on a message of the page; one that no button of ours sends is nothing to act on."""
        if self._on_go is None or not isinstance(data, str):
            return
        try:
            action, value = json.loads(data)
        except (ValueError, TypeError, RecursionError):
            return
        self._on_go(action, value)


def button(
    label: str, action: str, value: Any = None, *, title: str = "", classes: str = "", key: str = ""
) -> str:
    """A button around `label` (markup) that sends `action` with `value` (JSON) to the Markup it stands in,
    also when `key` is pressed outside any field. Its accessible name holds the words that it shows, so that
    whoever speaks them finds it (WCAG 2.5.3), and what `title` adds."""
    go = safe.text(json.dumps([action, value]))
    text = "".join(sign for sign in unescape(_TAG.sub("", label)) if category(sign) != "So").strip()
    name = title if text.casefold() in title.casefold() else f"{text}: {title}"
    title_html = f' title="{safe.text(title)}" aria-label="{safe.text(name)}"' if title else ""
    key_html = f' data-key="{safe.text(key)}" aria-keyshortcuts="{safe.text(key)}"' if key else ""
    return f'<button type="button" class="{classes}" data-go="{go}"{title_html}{key_html}>{label}</button>'


def pager(page: int, pages: int, back: str, on: str) -> str:
    """Where in a list the page number `page` (from 0) is, between buttons that are labelled `back` and `on`
    and send 'page' with a number; nothing where there is one page."""
    if pages < 2:
        return ""
    before = button(back, "page", page - 1) if page else ""
    after = button(on, "page", page + 1) if page + 1 < pages else ""
    where = f'<span class="quiet">page {formats.count(page + 1)} of {formats.count(pages)}</span>'
    return f'<div class="row pager">{before}{where}{after}</div>'


def table(
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    numbers: Collection[int] = (),
    current_row: int | None = None,
    classes: str = "",
) -> str:
    """A table of markup cells; the columns `numbers` are set flush right, the row number `current_row` is
    shaded. On a phone a row is a paragraph, in which each cell says its own head."""
    kinds = [' class="n"' if column in numbers else "" for column in range(len(head))]
    head_attributes = [f' data-head="{_TAG.sub("", name)}"' for name in head]

    def cells(row: Sequence[str]) -> str:
        return "".join(
            f"<td{kind}{name}>{cell}</td>"
            for kind, name, cell in zip(kinds, head_attributes, row, strict=True)
        )

    body = (
        f"<tr{' class=on' if number == current_row else ''}>{cells(row)}</tr>"
        for number, row in enumerate(rows)
    )
    top = "".join(f'<th scope="col"{kind}>{name}</th>' for kind, name in zip(kinds, head, strict=True))
    return f'<table class="{classes}"><thead><tr>{top}</tr></thead><tbody>{"".join(body)}</tbody></table>'


def dot(color: str) -> str:
    """A spot in a series' colour."""
    return f'<span class="dot" style="background:{safe.text(color)}"></span>'


def sparkline(values: Iterable[float], color: str) -> str:
    """The course of a number as small bars on a zero base, for the eye only: the number stands beside it."""
    heights = list(values)
    top = max([*heights, 1])
    bars = "".join(f'<i style="height:{100 * value / top:.0f}%"></i>' for value in heights)
    return f'<span class="spark" aria-hidden="true" style="color:{safe.text(color)}">{bars}</span>'


def copier(label: str) -> str:
    """A button that puts the address of the page on the visitor's clipboard."""
    return f'<button type="button" class="quiet copy" data-copy>{label}</button>'
