"""Text of articles reaches the page through `Markup` and `Chart` only: panes that read text as HTML or
Markdown are not used at all."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

DASHBOARD = Path(__file__).resolve().parents[2] / "dashboard"
# Layouts, and widgets that were seen to show their text as text. Not here, and not to be added: Markdown,
# HTML, Str, Alert, StaticText, Typography, Card, Number, Tabulator (its formatters), notifications.
SAFE = {
    "pn": {"Column", "Row", "FlexBox", "config", "custom", "state", "extension", "viewable"},
    "pmui": {
        "Page", "Tabs", "Accordion", "Button", "DatePicker", "FileDownload", "IntInput", "MultiChoice",
        "RadioButtonGroup", "Select", "Switch", "TextAreaInput", "TextInput",
    },
}  # fmt: skip


def used(tree: ast.AST) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in SAFE:
            yield node.value.id, node.attr


def test_u01_no_pane_that_reads_text_as_markup_is_used() -> None:
    found = {
        (name, attribute)
        for file in DASHBOARD.rglob("*.py")
        for name, attribute in used(ast.parse(file.read_text(encoding="utf-8")))
    }
    assert {each for each in found if each[1] not in SAFE[each[0]]} == set()
    assert ("pmui", "TextInput") in found


def test_u01_a_pane_that_reads_text_as_markup_would_be_seen() -> None:
    assert set(used(ast.parse("pn.pane.Markdown(title)"))) == {("pn", "pane")}
    assert "pane" not in SAFE["pn"]


def test_u01_only_markup_sets_inner_html() -> None:
    setting = {
        file.name
        for file in (DASHBOARD / "assets").glob("*.js")
        if re.search(r"(inner|outer)HTML\s*\+?=[^=]|insertAdjacent", file.read_text(encoding="utf-8"))
    }
    assert setting == {"markup.js"}
