"""One family of errors, drawn as a tree, and one table of reasons that says what each word means."""

from __future__ import annotations

import ast
import builtins
import importlib
import pkgutil
import re
from pathlib import Path

import collectors
import dashboard
import pressgauge
from collectors.errors import CollectError, FetchError
from collectors.reasons import REASONS, as_markdown, reason_of
from pressgauge import errors
from pressgauge.errors import PressgaugeError


def family(root: type[BaseException]) -> set[str]:
    return {root.__name__}.union(*(family(child) for child in root.__subclasses__()))


def test_the_tree_names_every_error_that_is_raised_on_purpose() -> None:
    for package in (pressgauge, collectors, dashboard):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    assert set(re.findall(r"\b\w+Error\b", errors.__doc__ or "")) == family(PressgaugeError)


PROTOCOLS = {"AttributeError", "AssertionError", "NotImplementedError", "SystemExit", "PermissionError"}
"""What Python asks of `__getattr__`, an audit hook, what cannot be reached and what a subclass adds."""


def builtin(node: ast.expr | None) -> type[BaseException] | None:
    """The exception of Python's that an expression names, if it does."""
    named = node.func if isinstance(node, ast.Call) else node
    each = getattr(builtins, named.id, None) if isinstance(named, ast.Name) else None
    return each if isinstance(each, type) and issubclass(each, BaseException) else None


def caught(tree: ast.Module) -> tuple[type[BaseException], ...]:
    """The exceptions of Python's that some handler of a file takes."""
    handlers = [node.type for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)]
    types = [each for one in handlers for each in (one.elts if isinstance(one, ast.Tuple) else [one])]
    return tuple(error for each in types if (error := builtin(each)))


def test_an_error_of_python_s_own_is_raised_only_where_the_same_file_catches_it() -> None:
    astray = []
    for package in (pressgauge, collectors, dashboard):
        for file in Path(package.__path__[0]).rglob("*.py"):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            for node in ast.walk(tree):
                error = builtin(node.exc) if isinstance(node, ast.Raise) else None
                if error and error.__name__ not in PROTOCOLS and not issubclass(error, caught(tree)):
                    astray.append(f"{file}:{node.lineno}: {error.__name__}")
    assert astray == []


def test_a_request_that_fails_is_a_source_that_fails_and_names_its_address_without_keys() -> None:
    error = FetchError("http_404", "https://a.example/feed?key=s3cret", "a.example answered 404")
    assert isinstance(error, CollectError)
    assert str(error) == "http_404: https://a.example/feed?key=***: a.example answered 404"


def test_a_reason_with_a_detail_and_any_status_is_found_in_the_table() -> None:
    assert reason_of("parser_error:ValueError") is REASONS["parser_error"]
    assert reason_of("http_418").passes is False
    assert reason_of("http_599").passes is True


PLACE_OF_REASON = {
    "CollectError": 0,
    "FetchError": 0,
    "RefusedError": 0,
    "ContentError": 0,
    "RefusedPageError": 0,
}
PLACE_OF_REASON |= {"Rejected": 1, "of": 3}
"""Which argument of a call is a reason; `of` makes an `Outcome`."""


def reasons(file: Path) -> dict[str, int]:
    """The reasons that a file gives by name, with a line each."""
    given: dict[str, int] = {}
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            word = node.args[place] if len(node.args) > (place := PLACE_OF_REASON.get(name, 99)) else None
            if isinstance(word, ast.Constant) and isinstance(word.value, str):
                given[word.value.partition(":")[0]] = node.lineno
    return given


def test_every_reason_that_is_given_stands_in_the_table_and_none_stands_there_in_vain() -> None:
    files = [*Path(collectors.__path__[0]).rglob("*.py")]
    astray = {f"{file.name}:{line}": word for file in files for word, line in reasons(file).items()
              if word not in REASONS}  # fmt: skip
    assert astray == {}
    text = "".join(file.read_text(encoding="utf-8") for file in files if file.name != "reasons.py")
    assert [word for word in REASONS if f'"{word}' not in text and not word.startswith("http_")] == []


def test_every_sentence_is_one() -> None:
    assert all(re.fullmatch(r"[A-Z].*\.", reason.sentence) for reason in REASONS.values())


def test_the_page_of_reasons_is_the_table() -> None:
    page = Path(__file__).resolve().parent.parent / "docs" / "reasons.md"
    assert as_markdown() in page.read_text(encoding="utf-8")
