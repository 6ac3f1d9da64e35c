"""What a word is: the analyzers that articles and queries both go through, so that both sides agree."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple, Protocol

import pyarrow as pa
import pyarrow.compute as pc
from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from pressgauge.unicode import valid_text

FORMAT = 8
"""Raised whenever an analyzer or the index schema changes: an index of another format is rebuilt."""

# Scripts written without spaces: each character is a word of its own, so that a phrase finds any substring
# and "OpenAI" is found in "OpenAI发布". Hangul is among them because its particles are glued to the noun.
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_SPACED = rf"[[\p{{Alphabetic}}\p{{M}}\p{{N}}]--[{_UNSPACED}]]"
_WORD = rf"{_SPACED}+|[{_UNSPACED}]"


_UNSEEN = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
"""Characters that have no width: soft hyphens, joiners, marks of direction. No word ends at them."""
_WORD_WITH_UNSEEN = rf"{_SPACED}(?:[{_UNSEEN}]*{_SPACED})*|[{_UNSPACED}]"


def _one_letter() -> dict[int, str | None]:
    """Character -> what it is searched as, where a script writes one letter in several ways; None is nothing.

    Greek and Cyrillic lose their accents (й and ї are letters of their own), final sigma and ё become sigma
    and е. Arabic, Persian and Hebrew are as Lucene's normalizers have them: without vowel points and tatweel,
    one alef, yeh, kaf and heh. Devanagari loses the nukta (its nasals are
    `_NASAL`). Latin accents are the analyzers' business.
    """
    letters: dict[int, str | None] = {ord("İ"): "I", ord("ς"): "σ", ord("Ё"): "Е", ord("ё"): "е", ord("ँ"): "ं"}
    for code in (*range(0x0370, 0x0400), *range(0x1F00, 0x2000)):
        bare = "".join(
            each for each in unicodedata.normalize("NFD", chr(code)) if unicodedata.category(each) != "Mn"
        )
        if bare and bare != chr(code) and bare.isalpha():
            letters[code] = bare.replace("ς", "σ")
    letters |= {
        ord(each): to for of, to in (("آأإٱ", "ا"), ("ىیے", "ي"), ("ک", "ك"), ("ةۀە", "ه")) for each in of
    }
    unwritten = (
        (0x0300, 0x036F),  # accents that no composed letter has
        (0x0591, 0x05BD), (0x05BF, 0x05BF), (0x05C1, 0x05C2), (0x05C4, 0x05C5), (0x05C7, 0x05C7),  # Hebrew
        (0x0610, 0x061A), (0x0640, 0x0640), (0x064B, 0x065F), (0x0670, 0x0670), (0x06D6, 0x06ED),  # Arabic
        (0x093C, 0x093C),  # nukta
    )  # fmt: skip
    letters |= {code: None for first, last in unwritten for code in range(first, last + 1)}
    return letters


_LETTERS = _one_letter()
_FOLDABLE = re.compile(f"[{_UNSEEN}{''.join(map(re.escape, map(chr, _LETTERS)))}]")

_VIRAMA = "्"
_NASAL = re.compile(
    f"(?:ङ{_VIRAMA}(?=[क-घ])|ञ{_VIRAMA}(?=[च-झ])|ण{_VIRAMA}(?=[ट-ढ])|न{_VIRAMA}(?=[त-ध])|म{_VIRAMA}(?=[प-भ]))"
)
"""A nasal before a consonant of its own class, which Devanagari also writes as a dot: हिन्दी is हिंदी."""


# Where Arrow's regular expressions and the analyzers' know the same words: Latin, Greek and Cyrillic with
# punctuation, signs and emoji. A test compares them on every character of these.
_COMMON = r"^[\x{0}-\x{52F}\x{2000}-\x{214F}\x{2190}-\x{245F}\x{2500}-\x{2BFF}\x{1F300}-\x{1FAFF}]*$"
_BETWEEN = r"[^\p{L}\p{M}\p{N}\x00-\x7F]+"
_SPACES = bytes(code if code >= 128 or chr(code).isalnum() else ord(" ") for code in range(256))
"""UTF-8 to the same with a space for what is neither letter nor digit of ASCII: this is most of what stands
between words, and found without a regular expression it takes a twentieth of the time."""
_ASCII_SPACES = _SPACES[:128].decode("ascii")


def _build_analyzer(tokenizer: Tokenizer, *filters: Filter) -> TextAnalyzer:
    builder = TextAnalyzerBuilder(tokenizer)
    for each in filters:
        builder = builder.filter(each)
    return builder.build()


def _build_analyzers(tokenizer: Tokenizer) -> dict[str, TextAnalyzer]:
    return {
        "folded": _build_analyzer(tokenizer, Filter.lowercase(), Filter.ascii_fold()),
        "cased": _build_analyzer(tokenizer, Filter.ascii_fold()),
        "exact": _build_analyzer(Tokenizer.raw(), Filter.lowercase()),
    }


ANALYZERS = _build_analyzers(Tokenizer.regex(_WORD))
"""`folded`: words without case and accents; `cased`: with case; `exact`: the whole value without case."""
OF_SPACED = _build_analyzers(Tokenizer.whitespace())
"""The same for what `spaced` gives, several times faster."""
_AS_WRITTEN = _build_analyzer(Tokenizer.regex(_WORD))
_WITH_UNSEEN = _build_analyzer(Tokenizer.regex(_WORD_WITH_UNSEEN))


def spaced(texts: list[str]) -> list[str]:
    """Texts with spaces between their words and no other characters: `OF_SPACED` finds in them the words
    that ANALYZERS find in `texts`, which must be `normal`.

    >>> spaced(["open-source, OpenAI发布"])
    ['open source OpenAI 发 布']
    >>> spaced(["well, open-source"])
    ['well  open source']
    """
    results = [text.translate(_ASCII_SPACES) if text.isascii() else "" for text in texts]
    other = [at for at, text in enumerate(texts) if not text.isascii()]
    if not other:
        return results
    column = pa.array([texts[at] for at in other], pa.large_string())
    is_common = pc.match_substring_regex(column, _COMMON).to_pylist()
    _, ends, characters = column.buffers()
    plain = pa.py_buffer(characters.to_pybytes().translate(_SPACES))
    column = pa.LargeStringArray.from_buffers(len(other), ends, plain)
    parted = pc.replace_substring_regex(column, _BETWEEN, " ").to_pylist()
    for at, common, text in zip(other, is_common, parted, strict=True):
        results[at] = text if common else " ".join(_AS_WRITTEN.analyze(texts[at]))
    return results


OPENING_SHARE, OPENING_LEAST, OPENING_MOST = 0.1, 60, 550


def opening(words: int) -> int:
    """How many of a text's words are its opening, the `lead:` of a query: a tenth, 60 at least, 550 at most.

    >>> opening(100), opening(800), opening(20_000)
    (60, 80, 550)
    """
    return min(max(math.ceil(words * OPENING_SHARE), OPENING_LEAST), OPENING_MOST)


class Token(Protocol):
    """Where a word stands in its text: its characters [from, to)."""

    @property
    def char_offset_from(self) -> int: ...

    @property
    def char_offset_to(self) -> int: ...


class Place(NamedTuple):
    """A word of a text, with the characters [start, end) that it was read from."""

    word: str
    start: int
    end: int


def normal(text: str) -> str:
    """Text as it is indexed: accents composed (Unicode NFC), one character for each letter of a script,
    nothing that cannot be seen, a question mark for what is no character.

    >>> normal("Η ΚΥΒΕΡΝΗΣΗ, κυβέρνηση; пар\u00adтнёр")
    'Η ΚΥΒΕΡΝΗΣΗ, κυβερνηση; партнер'
    """
    if text.isascii():
        return text
    composed = unicodedata.normalize("NFC", valid_text(text))
    plain = _FOLDABLE.sub(lambda each: _LETTERS.get(ord(each[0])) or "", composed)
    return _NASAL.sub("ं", plain) if _VIRAMA in plain else plain


def words(text: str, analyzer: str) -> tuple[str, ...]:
    """The words of a text, in order.

    >>> words("Café: open-source, OpenAI发布", "folded")
    ('cafe', 'open', 'source', 'openai', '发', '布')
    """
    return tuple(ANALYZERS[analyzer].analyze(normal(text)))


def located(text: str, analyzer: str) -> tuple[list[str], Sequence[Token]]:
    """The words of a text, in order, and a token of each, which knows where it was read from.

    A token tells its place only when it is asked: of the hundreds of words of a text few are.
    """
    if normal(text) == text:
        tokens = ANALYZERS[analyzer].pre_tokenize(text).tokens
        return [token.text for token in tokens], tokens
    pairs = [
        (word, token)
        for token in _WITH_UNSEEN.pre_tokenize(valid_text(text)).tokens
        if (word := "".join(words(token.text, analyzer)))
    ]
    return [word for word, _ in pairs], [token for _, token in pairs]


def places(text: str, analyzer: str) -> list[Place]:
    """The words of a text and where they stand in it."""
    forms, tokens = located(text, analyzer)
    return [
        Place(form, token.char_offset_from, token.char_offset_to)
        for form, token in zip(forms, tokens, strict=True)
    ]
