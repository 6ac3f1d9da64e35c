"""The objects that a JSON file lists: a list, an answer of a service or several, JSON Lines, the columns of a
frame of pandas, hits of a search engine."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from collectors.formats.syntax.content import Content, ContentError
from collectors.formats.tables.names import guess

_LISTS = (
    ("response", "results"),
    ("response", "docs"),
    ("articles", "results"),
    ("data", "items"),
    ("hits", "hits"),
    ("results",),
    ("articles",),
    ("posts",),
    ("docs",),
    ("stories",),
    ("items",),
    ("entries",),
    ("bookmarks",),
    ("news",),
    ("value",),
    ("data",),
    ("list",),
    ("hits",),
    ("documents",),
    ("records",),
    ("response", "content"),
    ("data", "item"),
    ("content",),
)
_DEPTH = 4
_WRAPPERS = ("item", "_source")
"""Names under which an object of a list is alone with what is known of it."""
IsEntry = Callable[[dict[str, Any]], bool]


def objects(content: Content, is_entry: IsEntry) -> Iterator[Any]:
    """The objects of a JSON file; `is_entry` says of one whether it is known as an article. A line that is no
    JSON gives None. Raises ContentError('bad_json')."""
    if _is_json_lines(content):
        for line in _lines(content):
            yield from _entries(line, is_entry) if isinstance(line, dict) else (line,)
        return
    for document in _documents(content):
        yield from _entries(document, is_entry)


def _is_json_lines(content: Content) -> bool:
    first, _, rest = content.text_head.strip().partition("\n")
    if not (first.startswith("{") and first.rstrip().endswith("}") and rest.lstrip().startswith("{")):
        return False
    return _value(first) is not None


def _lines(content: Content) -> Iterator[Any]:
    rest = ""
    for chunk in content.chunks():
        *lines, rest = (rest + chunk).split("\n")
        yield from (_value(line) for line in lines if line.strip())
    if rest.strip():
        yield _value(rest)


def _value(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _documents(content: Content) -> Iterator[Any]:
    """The document of a file, and those that were joined to it."""
    text = content.text().strip()
    decoder, at = json.JSONDecoder(), 0
    while at < len(text):
        try:
            document, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            raise ContentError("bad_json", f"{content.name} is not JSON: {str(error)[:150]}") from error
        yield document
        while at < len(text) and text[at] in " \t\r\n,":
            at += 1


def _entries(data: Any, is_entry: IsEntry, depth: int = 0) -> Iterator[Any]:
    if isinstance(data, list):
        for one in map(_unwrapped, data):
            if isinstance(one, dict) and not is_entry(one) and depth < _DEPTH and _has_entries(one, is_entry):
                yield from _entries(one, is_entry, depth + 1)
            else:
                yield one
    elif isinstance(data, dict):
        if is_entry(data) or depth >= _DEPTH:
            yield data
        elif rows := _of_columns(data):
            yield from rows
        else:
            yield from _of_answer(data, is_entry, depth)


def _unwrapped(one: Any) -> Any:
    if isinstance(one, dict):
        for name in _WRAPPERS:
            if isinstance(one.get(name), dict) and (len(one) <= 3 or name == "_source"):
                return one[name]
    return one


def _has_entries(one: dict[str, Any], is_entry: IsEntry) -> bool:
    """Whether an object of a list is an answer of its own, with a list of known articles."""
    inner = next(_of_answer(one, is_entry, _DEPTH - 1), None)
    return isinstance(inner, dict) and inner is not one and is_entry(inner)


def _of_columns(data: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of a frame that pandas wrote by its columns, {"title": {"0": "...", "1": "..."}, ...}."""
    columns = {name: cells for name, cells in data.items() if isinstance(cells, dict)}
    if len(columns) < 2 or len(columns) < len(data) or len(guess(columns)) < 2:
        return []
    keys = next(iter(columns.values())).keys()
    if not keys or any(cells.keys() != keys for cells in columns.values()):
        return []
    return [{name: cells[key] for name, cells in columns.items()} for key in keys]


def _of_answer(data: dict[str, Any], is_entry: IsEntry, depth: int) -> Iterator[Any]:
    for path in _LISTS:
        value: Any = data
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        if isinstance(value, list) and any(isinstance(one, dict) for one in value):
            yield from _entries(value, is_entry, depth + 1)
            return
        if isinstance(value, dict) and path[-1] == "list":  # Pocket's answer
            yield from value.values()
            return
        if isinstance(value, dict) and is_entry(value):
            yield value
            return
    values = list(data.values())
    if values and all(isinstance(one, dict) and is_entry(one) for one in values):  # by their numbers
        yield from values
        return
    lists = [one for one in values if isinstance(one, list) and one and isinstance(one[0], dict)]
    known = [one for one in lists if is_entry(_unwrapped(one[0]))]
    if known:  # by topic or by outlet
        for one in known:
            yield from _entries(one, is_entry, depth + 1)
    elif lists:
        yield from _entries(max(lists, key=len), is_entry, depth + 1)
    else:
        yield data
