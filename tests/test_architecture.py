"""Three floors, and imports only go down: dashboard -> collectors -> pressgauge."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
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


@cache
def parsed(text: str) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(text)))


def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Whatever a file holds, the whole of it first; read once for all rules."""
    return parsed(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module", autouse=True)
def forgotten() -> Iterator[None]:
    """Lets go of what was read: a million objects that no other test asks for."""
    yield
    parsed.cache_clear()


def imported(path: Path) -> dict[str, int]:
    """Every top-level package that a file imports, anywhere in it, with a line that does so."""
    found: dict[str, int] = {}
    for node in nodes(path):
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


# Whatever can open a connection or start a program, and the only files that may use it.
CLIENTS = {
    "_socket", "aiohttp", "ftplib", "http.client", "http.server", "httpx", "imaplib", "poplib", "pycurl",
    "requests", "smtplib", "socket", "socketserver", "ssl", "telnetlib", "tornado.httpclient",
    "tornado.tcpclient", "urllib.request", "urllib3", "websockets", "xmlrpc",
}  # fmt: skip
CONNECTS = {
    "create_connection", "create_datagram_endpoint", "create_server", "download", "fetch_url", "getaddrinfo",
    "open_connection", "sock_connect", "start_server", "urlopen", "urlretrieve",
}  # fmt: skip
PROGRAMS = {
    "Popen", "check_call", "check_output", "create_subprocess_exec", "create_subprocess_shell", "execv",
    "fork", "popen", "posix_spawn", "spawnv", "subprocess_exec", "system",
}  # fmt: skip
MAY_CONNECT = {
    "collectors/alerts/channels.py": "hands mail to the server that the environment names",
    "collectors/web/fetch.py": "the one client",
    "collectors/demo/server.py": "answers requests on loopback",
    "collectors/extraction/newspaper.py": "hands newspaper3k a page: its download() is given the HTML",
    "dashboard/screenshots.py": "photographs the app on loopback",
    "dashboard/server/serve.py": "asks itself for its first page",
}
MAY_START = {
    "collectors/sandbox/pool.py": "our own workers",
    "dashboard/session/refresh_job.py": "our own command",
    "dashboard/screenshots.py": "our own server",
    "pressgauge/validation/workbook.py": "itself, to read a workbook under a bound of memory",
}


def connections(path: Path) -> list[str]:
    """What in a file could open a connection: imports of clients, by their full names, and calls."""
    found = []
    for node in nodes(path):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        found += [name for name in names if any(f"{name}.".startswith(f"{client}.") for client in CLIENTS)]
    return found + [name for name in called(path) if name in CONNECTS]


def called(path: Path) -> list[str]:
    """The last name of everything that a file calls."""
    calls = [node.func for node in nodes(path) if isinstance(node, ast.Call)]
    named = [call.id if isinstance(call, ast.Name) else getattr(call, "attr", "") for call in calls]
    return [name for name in named if name]


def test_only_fetch_opens_connections_to_the_web() -> None:
    users = {
        str(path.relative_to(ROOT)) for package in ABOVE for path in modules(package) if connections(path)
    }
    assert users == set(MAY_CONNECT)


def test_only_our_own_programs_are_started_and_none_that_fetches() -> None:
    starting = {
        str(path.relative_to(ROOT))
        for package in ABOVE
        for path in modules(package)
        if PROGRAMS & set(called(path)) or "subprocess" in imported(path)
    }
    assert starting == set(MAY_START)
    for file in starting:
        text = (ROOT / file).read_text(encoding="utf-8")
        assert "sys.executable" in text, "a program that is not this Python"
        assert not re.search(r"shell=True|[\"'](?:\S*/)?(?:curl|wget|nc|ssh)[\"' ]", text)


def test_only_few_files_know_the_parsers_that_can_fetch_by_themselves() -> None:
    """Both would fetch an address themselves: few files know them, and those are read with that in mind."""
    knowing = {
        str(path.relative_to(ROOT))
        for path in modules("collectors")
        if {"feedparser", "newspaper"} & set(imported(path))
    }
    assert knowing == {
        "collectors/listings/feed_parser.py",
        "collectors/extraction/newspaper.py",
        "collectors/listings/links.py",
    }


@pytest.mark.parametrize(
    "careless",
    [
        "import socket",
        "def f():\n    from http import client",
        "import urllib.request as r",
        "from urllib import request",
        "import aiohttp.client",
        "import asyncio\nasyncio.open_connection('a.example', 80)",
        "from trafilatura import fetch_url\nfetch_url('x')",
        "from urllib3 import PoolManager",
    ],
)
def test_the_check_itself_sees_every_way_to_a_connection(tmp_path: Path, careless: str) -> None:
    file = tmp_path / "bad.py"
    file.write_text(careless)
    assert connections(file)
    file.write_text("import asyncio\nfrom urllib.parse import urlsplit\nfrom http import HTTPStatus")
    assert not connections(file)


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


def named_modules(path: Path) -> set[str]:
    """Every module of ours that a file names in an import, anywhere in it, annotations' imports included."""
    names: set[str] = set()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def circles(imports: dict[str, set[str]]) -> set[frozenset[str]]:
    """The groups of modules that can reach each other (Tarjan's strongly connected components)."""
    found: set[frozenset[str]] = set()
    reach: dict[str, set[str]] = {}
    for start in imports:
        seen: set[str] = set()
        todo = [start]
        while todo:
            for name in imports[todo.pop()] - seen:
                seen.add(name)
                todo.append(name)
        reach[start] = seen
    for name, seen in reach.items():
        if name in seen:
            found.add(frozenset(other for other in seen if name in reach[other]))
    return found


def imports_within(package: str) -> dict[str, set[str]]:
    by_name = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in modules(package)
    }

    def module_of(name: str) -> str | None:
        """The module that a name is of, or is: `from a.b import c` may mean either."""
        return name if name in by_name else name.rpartition(".")[0] if "." in name else None

    return {
        name: ({module_of(other) for other in named_modules(path)} & set(by_name)) - {name}
        for name, path in by_name.items()
    }


@pytest.mark.parametrize("package", ABOVE)
def test_no_circle_inside_a_floor_not_even_for_annotations_or_in_a_function(package: str) -> None:
    # The face of a package imports what it offers, when it is asked for: nothing below may look back at it.
    imports = imports_within(package)
    imports.pop(package)
    assert circles({name: {*seen} - {package} for name, seen in imports.items()}) == set()


def test_a_circle_would_be_seen() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == {frozenset("abc")}


MOST = 15
"""Modules that a folder may hold, beside its `__init__`."""


@pytest.mark.parametrize("package", ABOVE)
def test_no_folder_holds_more_modules_than_one_can_take_in(package: str) -> None:
    folders = Counter(
        str(path.parent.relative_to(ROOT)) for path in modules(package) if path.stem != "__init__"
    )
    assert {folder: n for folder, n in folders.items() if n > MOST} == {}


@pytest.mark.parametrize("folder", ["components", "session"])
def test_what_views_are_built_of_imports_no_view(folder: str) -> None:
    looking_up = {
        str(path.relative_to(ROOT)): name
        for path in modules(f"dashboard/{folder}")
        for name in named_modules(path)
        if name.startswith("dashboard.views")
    }
    assert looking_up == {}


def imports_at_once(path: Path) -> set[str]:
    """What a file imports when it is loaded, by full names: nothing inside a function or for types alone."""
    names: set[str] = set()
    todo: list[ast.AST] = [nodes(path)[0]]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            todo += node.orelse
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            todo += ast.iter_child_nodes(node)
    return names


def loaded_with(start: str) -> set[str]:
    """The packages that are loaded with a module of ours, directly or by what it imports."""
    by_name = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for package in ABOVE
        for path in modules(package)
    }
    seen: set[str] = set()
    todo, packages = {start}, set()
    while todo:
        name = todo.pop()
        parents = {name.rsplit(".", n)[0] for n in range(name.count(".") + 1)}
        packages.add(name.split(".")[0])
        new = {each for each in parents if each in by_name} - seen
        seen |= new
        todo |= {other for each in new for other in imports_at_once(by_name[each])}
    return packages


def test_a_server_listens_without_what_pages_need_and_neither_needs_what_a_refresh_does() -> None:
    ready, pages = loaded_with("dashboard.server.serve"), loaded_with("dashboard.server.pages")
    assert {"panel", "pandas", "tantivy"} < ready
    assert "panel_material_ui" in pages - ready
    assert (ready | pages) & {"aiohttp", "scipy", "lxml", "protego", "dask", "newspaper"} == set()


def defined(path: Path) -> list[str]:
    """The functions, classes and constants that a file defines at its top level, and its methods."""
    tree = nodes(path)[0]
    assert isinstance(tree, ast.Module)
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    names = [
        node.name
        for node in [*tree.body, *(each for one in classes for each in one.body)]
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    ]
    targets = [
        target
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
    ]
    return [*names, *(target.id for target in targets if isinstance(target, ast.Name))]


CALLED_BY_OTHERS = {
    "list_commands": "click", "get_command": "click", "convert": "click", "import_": "click",
    "transform_first_chunk": "Tornado", "log_exception": "Tornado", "get_modified_time": "Tornado",
    "_patch_datamodel_ref": "Panel", "get_user_async": "Panel",
    "readinto": "io.RawIOBase",
    "as_markdown": "makes docs/reasons.md", "write_archive": "makes archives for bench and tests",
}  # fmt: skip
"""What no file of ours names a second time, and who calls it."""


def test_nothing_is_defined_that_neither_a_floor_nor_the_documentation_names() -> None:
    files = [path for package in ABOVE for path in modules(package)]
    words = Counter(word for path in files for word in re.findall(r"\w+", path.read_text(encoding="utf-8")))
    offers = [ROOT / "pyproject.toml", *(ROOT / "docs").rglob("*.md"), *(ROOT / "notebooks").glob("*.ipynb")]
    words.update(word for path in offers for word in re.findall(r"\w+", path.read_text(encoding="utf-8")))
    unused = {
        name: str(path.relative_to(ROOT))
        for path in files
        for name in defined(path)
        if words[name] < 2 and not name.startswith("__") and name not in CALLED_BY_OTHERS
    }
    assert unused == {}


ONE_PLACE = {
    "names of zones": (r"[\"']CEST[\"']", "collectors/shared/zones.py"),
    "codecs by their labels": (r"codecs\.lookup\(|register_error\(", "collectors/extraction/page/charset.py"),
    "codes of languages": (
        r"(?i)lang\w*\b.*\[:2\]|get_language_name|language_aliases",
        "pressgauge/languages.py",
    ),
    "what an outlet without a name is called": (r"hostname.*removeprefix\(\"www", "pressgauge/urls.py"),
    "which events concern a line": (r"isdisjoint\((?:topics|of)\)", "pressgauge/settings/events.py"),
    "characters that steer what shows them": (r"0x2066", "pressgauge/unicode.py"),
    "what a topic's name asks for": (
        r"\.query for \w+ in .*, key\)",
        "pressgauge/settings/topics.py",
    ),
    "what is in Parquet": (r"ParquetFile\(file\)", "collectors/shared/records.py"),
}
"""A rule, what its code cannot do without, and the only file that may have it."""


@pytest.mark.parametrize("rule", ONE_PLACE)
def test_a_rule_is_in_one_place(rule: str) -> None:
    sign, place = ONE_PLACE[rule]
    having = {
        str(path.relative_to(ROOT))
        for package in ABOVE
        for path in modules(package)
        if re.search(sign, path.read_text(encoding="utf-8"))
    }
    assert having == {place}


def test_who_else_asks_whether_an_address_is_of_the_web_does_more_than_that() -> None:
    sign = r"scheme (?:not )?in \(\"http|startswith\(\(?\"https?://"
    having = {
        str(path.relative_to(ROOT)): path
        for package in ABOVE
        for path in modules(package)
        if re.search(sign, path.read_text(encoding="utf-8"))
    }
    assert having.keys() == {
        "pressgauge/urls.py",  # the rule
        "collectors/web/fetch.py",  # whom we connect to
        "dashboard/components/safe.py",  # what a browser may be given as a link
        "dashboard/server/embeds.py",  # what an Origin header is
    }
