"""Checks of what people write at a prompt: each names the argument, what was given and what is expected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from numbers import Real
from os import PathLike

import pandas as pd

from pressgauge.errors import ArgumentError


def check_number(name: str, value: object, least: int = 0) -> None:
    """Raises ArgumentError where `value` is no whole number from `least` on."""
    if isinstance(value, bool) or not pd.api.types.is_integer(value) or int(str(value)) < least:
        raise ArgumentError(f"{name} is {value!r}; expected a whole number, {least} or more")


def check_limit(name: str, value: object, least: int = 0) -> None:
    """Raises ArgumentError where `value` is neither None, for all, nor a whole number from `least` on."""
    if value is not None:
        check_number(name, value, least)


def check_share(name: str, value: object) -> None:
    """Raises ArgumentError where `value` is no number between 0 and 1."""
    # compared first: a fraction may be too large for a float, or so small that it is 0 as one
    if (
        isinstance(value, bool)
        or not isinstance(value, Real)
        or not value < 1
        or value < 0
        or not float(value)
    ):
        raise ArgumentError(f"{name} is {value!r}; expected a number between 0 and 1, such as .05")


def check_choice(name: str, value: object, choices: Sequence[str]) -> None:
    """Raises ArgumentError where `value` is none of the choices."""
    if not isinstance(value, str) or value not in choices:
        *others, last = (f'"{choice}"' for choice in choices)
        raise ArgumentError(f"{name} is {value!r}; expected {', '.join(others)} or {last}")


def check_type(name: str, value: object, kind: type, how: str) -> None:
    """Raises ArgumentError where `value` is not of its kind, with `how` to write it."""
    if not isinstance(value, kind):
        raise ArgumentError(f"{name} is a {type(value).__name__}, not a {kind.__name__}; {how}")


def check_query(query: object, how: str) -> None:
    """Raises ArgumentError where a query is no text, with `how` to write it."""
    if not isinstance(query, str):
        raise ArgumentError(f"a query is a text, not {type(query).__name__}; write {how}")


def check_path(path: object, how: str) -> None:
    """Raises ArgumentError where `path` is no path of a file, with `how` to write several of them."""
    if not isinstance(path, (str, PathLike)):
        raise ArgumentError(f"a file is named by its path, not by a {type(path).__name__}; write {how}")


def check_columns(function: str, table: object, needed: Iterable[str], how: str = "") -> None:
    """Raises ArgumentError where `table` is no DataFrame, or lacks columns that a function needs."""
    if not isinstance(table, pd.DataFrame):
        raise ArgumentError(f"{function} takes a DataFrame, not a {type(table).__name__}")
    if missing := [name for name in needed if name not in table]:
        raise ArgumentError(
            f"{function} needs the columns {', '.join(needed)}; missing: {', '.join(missing)}{how}"
        )
