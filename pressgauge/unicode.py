"""Text that every store can hold, and what is known of a character."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

import numpy as np

_CODE_POINTS = 0x110000
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
STEERING = frozenset(
    map(chr, (*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
)
"""The control characters, and those that turn the direction of a text: no part of what is written."""
_UNSEEN = STEERING.union(
    map(
        chr,
        (0xAD, 0x61C, 0x180E, 0x200B, 0x200E, 0x200F, *range(0x2060, 0x2066), *range(0x206A, 0x2070), 0xFEFF),
    )
)
"""Those, and what takes no room; the joiners by which Persian, or a family of emoji, is written are seen."""


class ByCharacter:
    """A number for each character by `rule`, from its code point; asked once for each that is met.

    There are a million code points, and a text has some hundred different ones. Called with an array of code
    points it gives an array of `dtype` as long, whose greatest value no character has.
    """

    def __init__(self, rule: Callable[[int], int], dtype: type[np.unsignedinteger]) -> None:
        self._rule = rule
        self._inverse = np.zeros(_CODE_POINTS, dtype)  # of zeros, memory holds only what was written to

    def __call__(self, codes: np.ndarray) -> np.ndarray:
        inverse = self._inverse.take(codes)  # twice as fast as an index, as which it is the same
        is_unknown = inverse == 0
        if is_unknown.any():
            fresh = np.unique(codes[is_unknown])
            values = np.array([self._rule(code) for code in fresh.tolist()], self._inverse.dtype)
            self._inverse[fresh] = ~values
            inverse = self._inverse.take(codes)
        return np.invert(inverse, out=inverse)


def valid_text(text: str) -> str:
    """The text with a question mark for every lone surrogate, which UTF-8 cannot carry.

    JSON may name one ("\\ud800"), and a header of HTTP with a byte that is no UTF-8 comes as one.
    """
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def without_controls(text: str) -> str:
    """Text without the control characters that XML has no place for.

    lxml's parser of HTML reads them from references such as "&#1;", and what it has read so it refuses to set
    as the text of an element (lxml 6.1.3: ValueError).
    """
    return _CONTROLS.sub("", text)


def seen_line(text: str) -> str:
    """What is seen of a text, its white space made single spaces: a name on one line."""
    return _line_without(text, _UNSEEN)


def steady_line(text: str) -> str:
    """A text on one line, its white space made single spaces, without what would steer what shows it."""
    return _line_without(text, STEERING)


def _line_without(text: str, left_out: frozenset[str]) -> str:
    line = " ".join(text.split())
    if line.isprintable():  # nearly all are, and these hold none of either
        return line
    return " ".join("".join(each for each in line if each not in left_out).split())


def control_in(text: str) -> str | None:
    """The first control character of a text as Unicode writes it, such as "U+001B"; white space is none."""
    controls = (each for each in text if unicodedata.category(each) == "Cc" and not each.isspace())
    return next((f"U+{ord(each):04X}" for each in controls), None)


def without_accents(text: str) -> str:
    """Text without accents, and with one form of each letter (Unicode NFKD): for names that are looked up.

    >>> without_accents("Côte d’Ivoire, ﬁn février")
    'Cote d’Ivoire, fin fevrier'
    """
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(each for each in decomposed if not unicodedata.combining(each))
