"""Settings in TOML, with the line of every entry and key, so that a mistake is found where it was made."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

from pressgauge.errors import ConfigError

T = TypeVar("T")
_NO_DEFAULT: Any = object()
_END = re.compile(r"[\]}]\s*(?:#.*)?$|\"{3}|'{3}")
"""Without which no line ends a statement of several: a list of 1,900 lines is not read 1,900 times."""
_LONGEST = 100_000  # lines of one statement
_NAMES = {
    str: "a text in quotation marks",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    list: "a list",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One `[[table]]` of a settings file; `line` is where it begins, `lines` where each key is (1-based)."""

    file: Path
    line: int
    values: dict[str, Any]
    lines: dict[str, int]

    def get(self, key: str, kind: type[T], default: Any = _NO_DEFAULT) -> T:
        """The value of a key. Raises ConfigError when it is of another type, or absent without a default."""
        if key not in self.values:
            if default is _NO_DEFAULT:
                raise self.error(f"{key} is missing", f"{key} = {_NAMES.get(kind, kind.__name__)}")
            return default
        value = self.values[key]
        if kind is float and type(value) is int:
            value = float(value)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.error(f"{key} = {value!r}", _NAMES.get(kind, kind.__name__), key)
        return value

    def texts(self, key: str, default: Any = _NO_DEFAULT) -> tuple[str, ...]:
        """A list of texts. Raises ConfigError as `get` does."""
        values = self.get(key, list, default)
        if not all(isinstance(value, str) for value in values):
            raise self.error(
                f"{key} holds something else than texts", "a list of texts in quotation marks", key
            )
        return tuple(values)

    def only(self, keys: Collection[str]) -> None:
        """Raises ConfigError at the first key that is not one of `keys`, with the one it resembles."""
        for key in self.values:
            if key not in keys:
                close = difflib.get_close_matches(key, keys, 1) or sorted(keys)
                raise self.error(f"unknown key {key}", " or ".join(close), key)

    def error(self, problem: str, expected: str, key: str | None = None) -> ConfigError:
        """The error to raise about this entry, at the line of `key` when it is given."""
        return ConfigError(self.file, self.lines.get(key or "", self.line), problem, expected)


class HasName(Protocol):
    """What an entry of a settings file is made into when it has a name of its own."""

    @property
    def name(self) -> str: ...


N = TypeVar("N", bound=HasName)


def unique_entries(path: str | Path, table: str, read: Callable[[Entry], N]) -> list[N]:
    """What `read` makes of the `[[table]]` entries of a TOML file, in order, each of another name.

    Raises ConfigError as `entries` and `read` do, and at the second entry of a name.
    """
    by_name: dict[str, N] = {}
    for entry in entries(path, table):
        one = read(entry)
        if one.name in by_name:
            raise entry.error(f"a second {table} is named {one.name}", "another name", "name")
        by_name[one.name] = one
    return list(by_name.values())


def entries(path: str | Path, table: str) -> list[Entry]:
    """The `[[table]]` entries of a TOML file, in order.

    Raises ConfigError when the file cannot be read or is no TOML (with the line), or holds anything but
    such entries.
    """
    file = Path(path)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(
            file, None, "the file does not exist", f"a TOML file with [[{table}]] entries"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            file, None, f"the file cannot be read ({error})", "a readable TOML file in UTF-8"
        ) from error
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = next((line for line, statement in _split_statements(text) if statement is None), None)
        raise ConfigError(
            file, line, f"this is not TOML: {error}", "TOML as described on https://toml.io"
        ) from None
    places: list[tuple[int, dict[str, int]]] = []
    for line, statement in _split_statements(text):
        if statement == {table: [{}]}:
            places.append((line, {}))
        elif statement and not places:
            raise ConfigError(
                file, line, f"{next(iter(statement))} is outside any entry", f"[[{table}]] above it"
            )
        elif statement and table not in statement:
            for key in statement:
                places[-1][1].setdefault(key, line)
    bodies = document.get(table, [])
    if set(document) - {table} or len(places) != len(bodies):
        raise ConfigError(file, None, "the file holds other tables", f"[[{table}]] entries only")
    return [Entry(file, line, body, lines) for body, (line, lines) in zip(bodies, places, strict=True)]


def _split_statements(text: str) -> Iterator[tuple[int, dict[str, Any] | None]]:
    """(first line, content) of each header and each key of a TOML text; None for what never comes to an end.

    No TOML reader for Python keeps lines. A statement is complete when it can be read alone.
    """
    lines: list[str] = []
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        lines.append(line)
        if len(lines) > 1 and len(lines) < _LONGEST and not _END.search(line):
            continue
        try:
            statement = tomllib.loads("".join(lines))
        except tomllib.TOMLDecodeError:
            if len(lines) < _LONGEST:
                continue
            break
        yield number - len(lines) + 1, statement
        lines = []
    if lines:
        yield number - len(lines) + 1, None
