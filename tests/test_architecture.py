"""Three floors, and imports only go down: dashboard -> collectors -> pressgauge."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ABOVE = {
    "pressgauge": {"collectors", "dashboard"},
    "collectors": {"dashboard"},
    "dashboard": set(),
}
WEB_AND_SCREEN = {
    "aiohttp", "bokeh", "bs4", "courlan", "fastwarc", "feedparser", "htmldate", "httpx", "lxml",
    "newspaper", "panel", "panel_material_ui", "playwright", "protego", "requests", "resiliparse",
    "trafilatura", "urllib3",
}  # fmt: skip
OURS = {*ABOVE, "tests", "bench"}


def modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def imported(path: Path) -> dict[str, int]:
    """Every top-level package that a file imports, anywhere in it, with a line that does so."""
    found: dict[str, int] = {}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0]: node.lineno for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {
                path.relative_to(ROOT).parts[0]
                if node.level
                else (node.module or "").split(".")[0]: node.lineno
            }
    return found


def offences(package: str, forbidden: set[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in modules(package)
        for name, line in imported(path).items()
        if name in forbidden
    ]


@pytest.mark.parametrize("package", ABOVE)
def test_a_floor_imports_nothing_from_the_floors_above_it(package: str) -> None:
    assert modules(package)
    assert offences(package, ABOVE[package] | {"tests", "bench"}) == []


def test_the_ground_floor_knows_neither_the_web_nor_the_screen() -> None:
    assert offences("pressgauge", WEB_AND_SCREEN) == []


def test_the_collectors_know_no_screen() -> None:
    assert offences("collectors", {"panel", "panel_material_ui", "bokeh", "plotly"}) == []


def test_only_fetch_opens_connections_to_the_web() -> None:
    clients = {"aiohttp", "requests", "httpx", "urllib3"}
    # The demo's server answers requests; the fetcher's own parts may make them.
    may = {"collectors/fetch.py", "collectors/addresses.py", "collectors/demo/server.py"}
    found = [offence for offence in offences("collectors", clients) if offence.split(":")[0] not in may]
    assert found == []


def test_no_package_of_ours_is_hidden_at_the_top_level() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages - OURS == set()


def test_the_check_itself_sees_an_import_inside_a_function(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pressgauge").mkdir()
    (tmp_path / "pressgauge" / "bad.py").write_text("def f():\n    from dashboard.app import App\n")
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    assert offences("pressgauge", {"dashboard"}) == ["pressgauge/bad.py:2 imports dashboard"]
