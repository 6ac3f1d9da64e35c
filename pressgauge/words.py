"""What a word is: the analyzers that articles and queries both go through, so that both sides agree."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

FORMAT = 2
"""Raised whenever an analyzer or the index schema changes: an index of another format is rebuilt."""

# Scripts written without spaces: each character is a word of its own, so that a phrase finds any substring
# and "OpenAI" is found in "OpenAI发布". Hangul is among them because its particles are glued to the noun.
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_WORD = rf"[[\p{{Alphabetic}}\p{{M}}\p{{N}}]--[{_UNSPACED}]]+|[{_UNSPACED}]"


def _analyzer(tokenizer: Tokenizer, *filters: Filter) -> TextAnalyzer:
    builder = TextAnalyzerBuilder(tokenizer)
    for each in filters:
        builder = builder.filter(each)
    return builder.build()


ANALYZERS: dict[str, TextAnalyzer] = {
    "folded": _analyzer(Tokenizer.regex(_WORD), Filter.lowercase(), Filter.ascii_fold()),
    "cased": _analyzer(Tokenizer.regex(_WORD), Filter.ascii_fold()),
    "exact": _analyzer(Tokenizer.raw(), Filter.lowercase()),
}
"""`folded`: words without case and accents; `cased`: with case; `exact`: the whole value without case."""


class Place(NamedTuple):
    """A word of a text, with the characters [start, end) that it was read from."""

    word: str
    start: int
    end: int


def normal(text: str) -> str:
    """Text as it is indexed: accents composed (Unicode NFC), a question mark for what is no character."""
    return unicodedata.normalize("NFC", _encodable(text))


def words(text: str, analyzer: str) -> tuple[str, ...]:
    """The words of a text, in order.

    >>> words("Café: open-source, OpenAI发布", "folded")
    ('cafe', 'open', 'source', 'openai', '发', '布')
    """
    return tuple(ANALYZERS[analyzer].analyze(normal(text)))


def places(text: str, analyzer: str) -> list[Place]:
    """The words of a text and where they stand in it."""
    tokens = ANALYZERS[analyzer].pre_tokenize(_encodable(text)).tokens
    composed = unicodedata.is_normalized("NFC", text)
    return [
        Place(
            token.text if composed else "".join(words(token.text, analyzer)),
            token.char_offset_from,
            token.char_offset_to,
        )
        for token in tokens
    ]


def _encodable(text: str) -> str:
    """The text with a question mark for every lone surrogate, which UTF-8 cannot carry."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
