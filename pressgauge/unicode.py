"""Text that every store can hold."""

from __future__ import annotations


def valid_text(text: str) -> str:
    """The text with a question mark for every lone surrogate, which UTF-8 cannot carry.

    JSON may name one ("\\ud800"), and a header of HTTP with a byte that is no UTF-8 comes as one.
    """
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
