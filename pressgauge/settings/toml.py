"""Settings in TOML, with the line of every entry and key, so that a mistake is found where it was made."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

from pressgauge.errors import ArgumentError, ConfigError
from pressgauge.languages import stated_code
from pressgauge.settings.statements import split_statements
from pressgauge.unicode import control_in

T = TypeVar("T")
_NO_DEFAULT: Any = object()
_MOST = 2**63
"""TOML's whole numbers are below it; one of 5,000 digits cannot even be printed by Python."""
_CODES = {
    "language": 'two letters of ISO 639-1, such as "en"',
    "country": 'two letters of ISO 3166-1, such as "GB"',
}
IDENTIFIER = "letters, digits and _ only, as in "
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
        value = self.value(key, kind)
        if kind is float and type(value) is int:
            value = float(value)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.error(f"{key} = {value!r}", _NAMES.get(kind, kind.__name__), key)
        return value

    def value(self, key: str, kind: type = object) -> Any:
        """The value of a key as it stands. Raises ConfigError for a whole number that is none of TOML's."""
        if not _numbers_fit(self.values[key]):
            expected = _NAMES.get(kind, "one that 64 bits hold")
            raise self.error(f"{key} holds a whole number larger than 64 bits hold", expected, key)
        return self.values[key]

    def texts(self, key: str, default: Any = _NO_DEFAULT) -> tuple[str, ...]:
        """A list of texts. Raises ConfigError as `get` does."""
        values = self.get(key, list, default)
        if not all(isinstance(value, str) for value in values):
            raise self.error(
                f"{key} holds something else than texts", "a list of texts in quotation marks", key
            )
        return tuple(values)

    def name(self, key: str, default: Any = _NO_DEFAULT) -> str:
        """What something is called, as it stands: others are compared with it, and who shows it sees to it
        that it is one line. Raises ConfigError as `get` does, and for what would steer a terminal."""
        text = self.get(key, str, default)
        if key in self.values and (control := control_in(text)):
            raise self.error(f"{key} holds the control character {control}", "a text without any", key)
        return text

    def identifier(self, key: str, example: str) -> str:
        """A name of letters, digits and _, by which others know the entry. Raises ConfigError as `get`."""
        text = self.get(key, str)
        if not text.isidentifier():
            raise self.error(f"{key} = {text!r}", IDENTIFIER + example, key)
        return text

    def code(self, key: str) -> str | None:
        """The code of the language or country that stands at the key of that name; None where none does.

        Raises ConfigError for what is none.
        """
        label = self.get(key, str, "")
        try:
            return stated_code(key, label)
        except ArgumentError as error:
            raise self.error(f"{key} = {label!r}", _CODES[key], key) from error

    def only(self, keys: Collection[str]) -> None:
        """Raises ConfigError at the first key that is not one of `keys`, with the one it resembles."""
        for key in self.values:
            if key not in keys:
                close = difflib.get_close_matches(key, keys, 1) or sorted(keys)
                raise self.error(f"unknown key {key}", " or ".join(close), key)

    def error(self, problem: str, expected: str, key: str | None = None) -> ConfigError:
        """The error to raise about this entry, at the line of `key` when it is given."""
        return ConfigError(self.file, self.lines.get(key or "", self.line), problem, expected)


def _numbers_fit(value: Any) -> bool:
    """Whether every whole number in a value is one of TOML's."""
    if isinstance(value, dict | list):
        return all(map(_numbers_fit, value.values() if isinstance(value, dict) else value))
    return not isinstance(value, int) or -_MOST <= value < _MOST


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
    text = _text_of(file, table)
    statements = list(split_statements(text))
    document = _load(file, text, statements)
    places: list[tuple[int, dict[str, int]]] = []
    for line, statement in statements:
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


def _text_of(file: Path, table: str) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(
            file, None, "the file does not exist", f"a TOML file with [[{table}]] entries"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            file, None, f"the file cannot be read ({error})", "a readable TOML file in UTF-8"
        ) from error


def _load(file: Path, text: str, statements: list[tuple[int, dict[str, Any] | None]]) -> dict[str, Any]:
    """The document of a TOML text. Raises ConfigError with the line of what is none."""
    try:
        return tomllib.loads(text)
    except (
        ValueError,
        RecursionError,
    ) as error:  # also more digits, or lists within lists, than Python reads
        line = next((line for line, statement in statements if statement is None), None)
        place = re.search(r"\(at line (\d+)", str(error))
        line = line or (int(place[1]) if place else None)
        problem = f"this is not TOML: {error}"
        raise ConfigError(file, line, problem, "TOML as described on https://toml.io") from None
