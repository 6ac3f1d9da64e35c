"""What of the text that a list gives with a title is the article's: not a publishing system's own lines."""

from __future__ import annotations

import re
from collections.abc import Iterable

_LABELLED = re.compile(
    r"(?:(?:#\s*)?(?:[^\W\d_]+\s+){0,2}[^\W\d_]+\s*:\s*(?:https?://\S+|[\d.,]+)(?:\s+|$))+"
)
"""Labels with addresses and numbers, such as "Comments URL: https://... Points: 3"."""
_FOOTER = 160
"""Characters that may follow the title in a last sentence that names title and outlet."""
_OPENING = re.compile(r"\b(?:[^\W\d_a-z]\w*\s+\w+|[^\W\d_a-z]['’]\w+)\s+$")
"""The words before the title there: "The post", "Der Beitrag", "L'articolo"."""


def own_text(text: str | None, title: str | None, outlets: Iterable[str | None]) -> str | None:
    """The text without the sentence that a publishing system adds, and None when only labels are there.

    WordPress ends what it puts into feeds with a sentence of the title and the outlet ("The post TITLE
    appeared first on OUTLET."), in the site's language; it is known by these two, whatever its words. Where
    it names another outlet than one of `outlets` (names or domains) it credits that one, and stays.

    >>> own_text("Out now. The post Open models win appeared first on Wire.", "Open models win", ["Wire"])
    'Out now.'
    >>> own_text("Comments URL: https://a.example/1 Points: 3 # Comments: 0", "Open wins", []) is None
    True
    """
    if not text or _LABELLED.fullmatch(text):
        return None
    return text[: _footer_start(text, title, outlets)].rstrip() or None


def _footer_start(text: str, title: str | None, outlets: Iterable[str | None]) -> int:
    """Where the sentence of title and outlet begins that ends the text, else the text's end."""
    # a title of a word or two, as of a series, stands in sentences of the article, too
    is_telling = title is not None and (len(title.split()) > 2 or (len(title) > 7 and not title.isascii()))
    at = text.rfind(title, max(0, len(text) - len(title) - _FOOTER)) if title and is_telling else -1
    if at < 0 or not title or not _ends_with_one(text[at + len(title) :].split(), outlets):
        return len(text)
    opening = _OPENING.search(text[max(0, at - 60) : at])
    return at - len(opening[0]) if opening else len(text)


def _ends_with_one(words: list[str], outlets: Iterable[str | None]) -> bool:
    """Whether the words end with an outlet's name, as it is written or as its domain has it."""
    ends = {_letters("".join(words[-count:])) for count in range(1, min(6, len(words)) + 1)} - {""}
    own = {name for outlet in outlets if (name := _outlet_letters(outlet))}
    return not ends.isdisjoint(own)


def _outlet_letters(outlet: str | None) -> str:
    """The letters of an outlet's name without article, or of the name in its domain."""
    name = (outlet or "").removeprefix("www.").removeprefix("The ")
    return _letters(name if " " in name else name.split(".")[0])


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()
