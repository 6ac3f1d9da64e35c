"""What a word is: the analyzers that articles and queries both go through, so that both sides agree."""

from __future__ import annotations

import math
import unicodedata
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

FORMAT = 4
"""Raised whenever an analyzer or the index schema changes: an index of another format is rebuilt."""

# Scripts written without spaces: each character is a word of its own, so that a phrase finds any substring
# and "OpenAI" is found in "OpenAI发布". Hangul is among them because its particles are glued to the noun.
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_WORD = rf"[[\p{{Alphabetic}}\p{{M}}\p{{N}}]--[{_UNSPACED}]]+|[{_UNSPACED}]"


# Where Arrow's regular expressions and the analyzers' know the same words: Latin, Greek and Cyrillic with
# punctuation, signs and emoji. A test compares them on every character of these.
_COMMON = r"^[\x{0}-\x{52F}\x{2000}-\x{214F}\x{2190}-\x{245F}\x{2500}-\x{2BFF}\x{1F300}-\x{1FAFF}]*$"
_BETWEEN = r"[^\p{L}\p{M}\p{N}]+"


def _analyzer(tokenizer: Tokenizer, *filters: Filter) -> TextAnalyzer:
    builder = TextAnalyzerBuilder(tokenizer)
    for each in filters:
        builder = builder.filter(each)
    return builder.build()


def _analyzers(tokenizer: Tokenizer) -> dict[str, TextAnalyzer]:
    return {
        "folded": _analyzer(tokenizer, Filter.lowercase(), Filter.ascii_fold()),
        "cased": _analyzer(tokenizer, Filter.ascii_fold()),
        "exact": _analyzer(Tokenizer.raw(), Filter.lowercase()),
    }


ANALYZERS = _analyzers(Tokenizer.regex(_WORD))
"""`folded`: words without case and accents; `cased`: with case; `exact`: the whole value without case."""
OF_SPACED = _analyzers(Tokenizer.whitespace())
"""The same for what `spaced` gives, several times faster."""
_AS_WRITTEN = _analyzer(Tokenizer.regex(_WORD))


def spaced(texts: list[str]) -> list[str]:
    """Texts with a space between their words and no other characters: `OF_SPACED` finds in them the words
    that ANALYZERS find in `texts`, which must be `normal`.

    >>> spaced(["open-source, OpenAI发布"])
    ['open source OpenAI 发 布']
    """
    column = pa.array(texts, pa.large_string())
    made: list[str] = pc.replace_substring_regex(column, _BETWEEN, " ").to_pylist()
    for at in np.flatnonzero(~pc.match_substring_regex(column, _COMMON).to_numpy(zero_copy_only=False)):
        made[at] = " ".join(_AS_WRITTEN.analyze(texts[at]))
    return made


OPENING_SHARE, OPENING_LEAST, OPENING_MOST = 0.1, 60, 550


def opening(words: int) -> int:
    """How many of a text's words are its opening, the `lead:` of a query: a tenth, 60 at least, 550 at most.

    >>> opening(100), opening(800), opening(20_000)
    (60, 80, 550)
    """
    return min(max(math.ceil(words * OPENING_SHARE), OPENING_LEAST), OPENING_MOST)


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
