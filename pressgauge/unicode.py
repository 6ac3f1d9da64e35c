"""Text that every store can hold, and what is known of a character."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

import numpy as np

_CODE_POINTS = 0x110000
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class ByCharacter:
    """A number for each character by `rule`, from its code point; asked once for each that is met.

    There are a million code points, and a text has some hundred different ones. Called with an array of code
    points it gives an array of `dtype` as long.
    """

    def __init__(self, rule: Callable[[int], int], dtype: type[np.unsignedinteger]) -> None:
        self._rule = rule
        self._values = np.zeros(_CODE_POINTS, dtype)
        self._is_known = np.zeros(_CODE_POINTS, bool)

    def __call__(self, codes: np.ndarray) -> np.ndarray:
        is_known = self._is_known[codes]
        if not is_known.all():
            fresh = np.unique(codes[~is_known])
            self._values[fresh] = [self._rule(code) for code in fresh.tolist()]
            self._is_known[fresh] = True  # last: another thread may be reading
        return self._values[codes]


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


def without_accents(text: str) -> str:
    """Text without accents, and with one form of each letter (Unicode NFKD): for names that are looked up.

    >>> without_accents("Côte d’Ivoire, ﬁn février")
    'Cote d’Ivoire, fin fevrier'
    """
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(each for each in decomposed if not unicodedata.combining(each))
