"""One cell of somebody's frame as a value of the schema: by a stated rule, or refused."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable
from decimal import Decimal
from html import unescape
from typing import Any

import numpy as np
import pandas as pd

from pressgauge.errors import PressgaugeError

_JOINERS = re.compile(r"[\u00ad\u2060\ufeff]|\u200b(?![\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff])")
"""Soft hyphens, word joiners and zero-width spaces; the spaces part words in Thai, Lao, Burmese and Khmer."""
_ELEMENT = re.compile(
    r"<(?:!--[^<>]{0,500}--|/?(?:a|abbr|b|bdi|big|blockquote|br|cite|code|del|div|em|figcaption|font|h[1-6]|i"
    r"|ins|kbd|li|mark|nobr|o:p|p|q|s|small|span|strike|strong|sub|sup|time|tt|u|ul|var|wbr)\b"
    r"(?![^<>]*(?:\bon\w+\s*=|script:))[^<>]*)>",
    re.IGNORECASE,
)
"""Markup of text. An element that would run something stays as it is written: that was no formatting."""
_BLOCK_TAG = re.compile(r"<\s*/?(?:br|p|div|li|h[1-6]|blockquote|ul|figcaption)\b", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]\w{1,31});", re.IGNORECASE)
_LONGEST_LIST = 5_000


class CellError(PressgaugeError, ValueError):
    """A cell that no rule makes a value of its column."""


def missing(value: Any) -> bool:
    """Whether a cell holds one of pandas' signs for nothing."""
    if value is None or value is pd.NA or value is pd.NaT:
        return True
    return isinstance(value, (float, Decimal)) and value != value


def text(value: Any) -> str | None:
    """A text as it is, bytes as UTF-8, a whole number as its digits; without NULs, lone surrogates, soft
    hyphens and zero-width spaces. Raises CellError for anything else."""
    if isinstance(value, str):  # most are
        return clean(value) or None
    if missing(value):
        return None
    if isinstance(value, bytes):
        try:
            value = value.decode("utf-8")
        except UnicodeDecodeError:
            raise CellError from None
        return clean(value) or None
    value = _to_integer(value)
    if not isinstance(value, (int, np.integer)) or isinstance(value, bool):
        raise CellError
    return str(value)


def title(value: Any) -> str | None:
    """A text in one line, without elements of HTML and with its character references read."""
    plain = text(value)
    if plain is None:
        return None
    for _ in range(2):  # markup may have been escaped once more on its way
        if "<" in plain:
            plain = _ELEMENT.sub(lambda each: " " if _BLOCK_TAG.match(each[0]) else "", plain)
        if "&" in plain:
            plain = _REFERENCE.sub(lambda each: unescape(each[0]), plain)
    return " ".join(clean(plain).split()) or None


def names(value: Any) -> list[str]:
    """Names in order: of a list, tuple or array of texts (or of objects with a `name`), of a set in
    alphabetical order, or of one text, where ";" parts them or which is a list in JSON or Python. Raises
    CellError."""
    if missing(value):
        return []
    if isinstance(value, (str, bytes)):
        value = _split_names(text(value) or "")
    elif isinstance(value, (set, frozenset)):
        value = sorted(value, key=str)
    elif isinstance(value, dict):
        value = [value]
    elif not isinstance(value, (list, tuple, np.ndarray, pd.Series)):
        raise CellError
    values = [each.get("name") if isinstance(each, dict) else each for each in value]
    if not all(missing(each) or isinstance(each, (str, bytes)) for each in values):
        raise CellError
    texts = map(text, values)
    return [name for each in texts if each and (name := " ".join(each.split()))]


def details(value: Any) -> str | None:
    """A JSON object: as such a text, or a dict. Raises CellError."""
    if isinstance(value, dict):
        try:
            value = json.dumps(value, ensure_ascii=False)
        except (TypeError, ValueError):
            raise CellError from None
    plain = text(value)
    if plain is None:
        return None
    try:
        content = json.loads(plain)
    except (ValueError, RecursionError):
        raise CellError from None
    if not isinstance(content, dict):
        raise CellError
    return plain if content else None


def one_of(*values: str) -> Callable[[Any], str | None]:
    """The rule of a column that has these values only."""

    def rule(value: Any) -> str | None:
        plain = text(value)
        if plain is not None and plain not in values:
            raise CellError
        return plain

    return rule


def count(value: Any) -> int | None:
    """A whole number of 0 or more, also as a float, a decimal or digits. Raises CellError."""
    if type(value) is int and 0 <= value < 2**31:  # as most are that are there
        return value
    if missing(value):
        return None
    if isinstance(value, str) and re.fullmatch(r"\d{1,9}(?:\.0)?", value, re.ASCII):
        value = float(value)
    value = _to_integer(value)
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or not 0 <= value < 2**31:
        raise CellError
    return int(value)


def percent(value: Any) -> int | None:
    """A whole number from 0 to 100. Raises CellError."""
    number = count(value)
    if number is not None and number > 100:
        raise CellError
    return number


def _to_integer(value: Any) -> Any:
    """A number without decimals as an int; anything else as it is."""
    if isinstance(value, (float, np.floating)):
        return int(value) if float(value).is_integer() else value
    if isinstance(value, Decimal):
        return int(value) if value.is_finite() and value == value.to_integral_value() else value
    return value


def clean(value: str) -> str:
    """Text that UTF-8 and every reader of the dataset can hold, whose words are whole to a search."""
    plain = value.replace("\x00", "")
    return plain if plain.isascii() else _JOINERS.sub("", plain.encode("utf-8", "replace").decode())


def _split_names(value: str) -> list[Any]:
    """The names in a text: CSV has no lists, so programs write them in ways of their own."""
    if value.startswith("[") and value.endswith("]") and len(value) < _LONGEST_LIST:
        for parse in (json.loads, ast.literal_eval):
            try:
                names_read = parse(value)
            except (ValueError, SyntaxError, RecursionError, MemoryError):
                continue
            if isinstance(names_read, list):
                return names_read
    return value.split(";")
