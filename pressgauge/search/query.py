"""The one query language of the app, the topics and the notebooks, as Lucene and Media Cloud write them.

    openai deepseek            both words: a space means AND
    openai OR deepseek         at least one; AND binds tighter than OR
    openai NOT meta, -meta     without; a query may consist of NOT alone
    "open source"              phrase; also finds "open-source" and "Open Source"
    open*  "open so"*          words, or last words of a phrase, that begin so; "open so*" is the same
    "open model"~5             two words at most five moves from being that phrase, in either order
    title:llama text:llama     in one part of the article
    lead:llama                 in the opening of its text: the first tenth, at least 60 and at most 550 words
    atleast3:llama             three times or more; atleast5:(llama OR "meta ai") adds up the alternatives
    outlet: author: source:    words of the name; domain: the whole value
    country:US language:en     the code or the English name; author:* language:* any that is known
    cased:Meta                 as capitalised here
    speaker:"sam altman"       someone of that name is quoted; speaker:* anybody
    quote:"wrong side of"      between quotation marks
    published:[2025-01-20 TO 2025-02-03]   both days included, UTC; also 2025, 2025-01, 2025-01-20T09:30 and *

Case, accents and hyphens make no difference, nor do vowel points (Hebrew, Arabic) and the letters that a
script writes in two ways (Greek sigma, Russian ё, Arabic alef; `pressgauge.search.tokens`). Scripts without
spaces are searched by character. What the language cannot do is a QueryError that says what to write.

The grammar is Lark's (LALR). Tantivy's own parser was tried first: in its strict form it says only "Syntax
Error", in its lenient form it reads the AND of `openai AND` as a word, and neither says where in the query
a date or field stands. luqum stands on PLY, unmaintained since 2018, has no phrase prefix and lets OR bind
tighter than a space.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from lark import Lark, Token, UnexpectedCharacters, UnexpectedToken

from pressgauge.errors import QueryError
from pressgauge.languages import country_code, language_code
from pressgauge.search.nodes import And, AtLeast, Everything, HasValue, Node, Not, Or, Published, Words
from pressgauge.search.tokens import words

MAX_LENGTH = 20_000
"""Characters of a query; about a thousand terms."""
MAX_DEPTH = 50
"""Parentheses and NOTs inside one another."""
MAX_SLOP = 1_000
MAX_PREFIXES = 100
"""Each costs about a millisecond to prepare."""
MAX_TIMES = 1_000
"""How often a word can be asked for with `atleast`."""

FIELDS: dict[str, tuple[tuple[str, ...], str]] = {
    "title": (("title",), "folded"),
    "text": (("text",), "folded"),
    "lead": (("lead",), "folded"),
    "cased": (("title_cased", "text_cased"), "cased"),
    "outlet": (("outlet",), "folded"),
    "author": (("author",), "folded"),
    "source": (("source",), "folded"),
    "speaker": (("speaker",), "folded"),
    "quote": (("quote",), "folded"),
    "domain": (("domain",), "exact"),
    "country": (("country",), "exact"),
    "language": (("language",), "exact"),
}
"""Field as written -> the index fields it looks in, and the analyzer of its words."""
VOICE_FIELDS = frozenset({"speaker", "quote"})
"""Those that no index holds: they are looked up in the voices of the articles."""
_ANYWHERE = (("title", "text"), "folded")
_CODES = {"language": language_code, "country": country_code}
"""Fields whose values are stored as codes; a query may name them."""


@lru_cache(maxsize=200)
def parse(query: str) -> Node:
    """The meaning of a query. An empty query is every article.

    Raises QueryError with the position of the first mistake and how to mend it.

    >>> parse('"Open-Source" NOT title:Meta')
    And(parts=(Words(fields=('title', 'text'), words=('open', 'source'), slop=0, prefix=False), \
Not(part=Words(fields=('title',), words=('meta',), slop=0, prefix=False))))
    """
    if len(query) > MAX_LENGTH:
        problem = f"the query has {len(query):,} characters, more than {MAX_LENGTH:,}"
        raise QueryError(query[:60] + "…", 60, problem, "Split it into topics.")
    plain = query.translate(_TYPOGRAPHY)
    if not plain.strip():
        return Everything()
    if single := _SINGLE_QUOTED.search(plain):
        at, inner = single.start(1), single[1]
        raise QueryError(query, at, "single quotation marks make no phrase", f'Write "{inner[1:-1]}".')
    try:
        tree = _PARSER.parse(plain)
    except UnexpectedCharacters as error:
        raise _unexpected_character(query, error.column - 1) from None
    except UnexpectedToken as error:
        raise _unexpected_token(query, error) from None
    return _Reader(query).node(tree, None, 0)


# As word processors and East Asian keyboards write them; one for one, so that positions stay.
_TYPOGRAPHY = str.maketrans(
    dict.fromkeys("“”„‟«»「」『』＂", '"') | dict(zip("（）：＊\n", "():* ", strict=True))
)

_PARSER = Lark(
    r"""
    ?start: either
    ?either: both (_OR both)*
    ?both: unary (_AND? unary)*
    ?unary: (_NOT | _MINUS) unary -> negation
          | FIELD (value | range) -> fielded
          | value
    ?value: WORD -> word
          | PHRASE -> phrase
          | LPAR either RPAR -> group
    range: LSQB BOUND _TO BOUND _RSQB

    _OR: "OR"
    _AND: "AND"
    _NOT: "NOT"
    _TO: "TO"
    _MINUS: /-(?=\S)/
    FIELD.2: /[^\W\d_]\w*:/
    PHRASE: /"[^"]*"(~\d+|\*)?/
    WORD: /(?!-\S)(?:[^\s"():\[\]{}^~]|(?<=\d):(?=\d))+/
    BOUND: /[^\s"()\[\]{}]+/
    LPAR: "("
    RPAR: ")"
    LSQB: "["
    _RSQB: "]"
    %ignore /\s+/
    """,
    parser="lalr",
    propagate_positions=True,
)

_AT_LEAST = re.compile(r"atleast(\d+)", re.ASCII | re.IGNORECASE)
_AT_LEAST_HELP = 'Write atleast3:openai, atleast3:"open source" or atleast3:(openai OR chatgpt).'
_COUNTED_FIELDS = frozenset(("title", "text", "lead", "title_cased", "text_cased"))
_OPERATORS = ("AND", "OR", "NOT")
_SIGNS = {"&&": "AND", "||": "OR", "!": "NOT", "&": "AND", "|": "OR"}
_SINGLE_QUOTED = re.compile(r"""(?<![^\s(])('[^\W\d_][^'"]*[\s][^'"]*\w')(?![^\s)])""")
_NEARNESS = re.compile(r"(?:near|w|n|adj|within)/(\d+)|(?:NEAR|ADJ)(\d+)", re.IGNORECASE)
"""How other databases write a distance."""
_INSIDE = re.compile(r"\*|(?<=\w)\?(?=\w)")
"""A wildcard among letters; a question mark after a word is punctuation."""
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d)?Z?)?)?)?", re.ASCII)
_DATE_HELP = "Write dates as 2025, 2025-01, 2025-01-20 or 2025-01-20T09:30, in UTC."
_RANGE_HELP = "Write published:[2025-01-20 TO 2025-02-03]; * is an open end."


class _Reader:
    """From Lark's tree to nodes; knows the query as typed, for its messages."""

    def __init__(self, query: str) -> None:
        self.query = query
        self.prefixes = 0

    def node(self, tree: Any, field: Token | None, depth: int) -> Node:
        first = tree.children[0]
        if depth > MAX_DEPTH:
            problem = f"more than {MAX_DEPTH} parentheses or NOTs are inside one another"
            raise QueryError(self.query, tree.meta.start_pos, problem, "Use fewer.")
        match tree.data:
            case "word":
                return self.word(first, field)
            case "phrase":
                return self.phrase(first, field)
            case "range":
                bracket, low, high = tree.children
                return self.range(bracket, low, high, field)
            case "negation":
                return Not(self.node(first, field, depth + 1))
            case "group":
                return self.node(tree.children[1], field, depth + 1)
            case "fielded":
                if field is not None:
                    raise self.error(first, f"{first} is inside {field}", "Name one field at a time.")
                if number := _AT_LEAST.fullmatch(first[:-1]):
                    return self.at_least(first, number[1], self.node(tree.children[1], None, depth + 1))
                self.check(first)
                return self.node(tree.children[1], first, depth + 1)
        parts = tuple(self.node(child, field, depth) for child in tree.children)
        return Or(parts) if tree.data == "either" else And(parts)

    def at_least(self, field: Token, number: str, part: Node) -> AtLeast:
        times = int(number[:6])
        if not 1 <= times <= MAX_TIMES:
            raise self.error(field, f"{field} is not between 1 and {MAX_TIMES:,} times", _AT_LEAST_HELP)
        alternatives = tuple(_alternatives(part))
        countable = tuple(each for each in alternatives if each is not None)
        if len(countable) < len(alternatives):
            problem = f"{field} counts words and phrases of title and text, joined by OR"
            raise self.error(field, problem, _AT_LEAST_HELP)
        return AtLeast(times, countable)

    def check(self, field: Token) -> None:
        names = ["published", *FIELDS]
        if field.lower().startswith("atleast"):
            raise self.error(field, f"{_shorten(field)} does not say how many times", _AT_LEAST_HELP)
        if field[:-1] not in names:
            close = difflib.get_close_matches(field[:-1].lower(), names, 1)
            advice = (
                f"Did you mean {close[0]}:?" if close else "To search for it as words, use quotation marks."
            )
            raise self.error(
                field, f"there is no field {_shorten(field)}", f"{advice} Fields: {', '.join(names)}."
            )

    def word(self, word: Token, field: Token | None) -> Node:
        if word in _OPERATORS:
            raise self.error(
                word, f"{word} has nothing before it", f'Delete it, or search for the word: "{word}".'
            )
        if word.upper() in _OPERATORS:
            advice = f'Write {word.upper()}, or search for the word: "{word}".'
            raise self.error(word, f"{word} is no operator: they are written in capitals", advice)
        if _is_field(field, "published"):
            return Published(None, None) if word == "*" else Published(*self.span(word, word))
        if word == "*":
            return HasValue(FIELDS[field[:-1]][0]) if field else Everything()
        self.foreign(word)
        stem = word.removesuffix("*")
        if wild := re.search(r"[*?]", stem):
            at = _start_of(word) + wild.start()
            raise QueryError(
                self.query, at, "a wildcard is a * at the end of a word", "Write its beginning: open*"
            )
        return self.words(word, stem, field, prefix=word.endswith("*"))

    def foreign(self, word: Token) -> None:
        """Raises QueryError for what other query languages have and this one has not."""
        if word in _SIGNS:
            raise self.error(word, f"{word} is no operator here", f"Write {_SIGNS[word]}.")
        if sign := re.search(r"&&|\|\|", word):
            first, second = word[: sign.start()], word[sign.end() :]
            advice = f"Write {first} {_SIGNS[sign[0]]} {second}".replace("  ", " ").strip()
            raise self.error(word, f"{sign[0]} is no operator here", advice)
        if re.match(r"!\w", word):
            raise self.error(word, "! is no operator here", f"Write NOT {word[1:]} or -{word[1:]}.")
        if re.match(r"\+[^\W\d]", word):
            advice = f"Write {word[1:]}; join alternatives with OR."
            raise self.error(word, "+ has no meaning here: a space means AND", advice)
        if re.match(r"/.+/", word):
            raise self.error(word, "regular expressions cannot be searched", "Write its beginning: open*")
        if near := _NEARNESS.fullmatch(word):
            advice = f'Write "open model"~{near[1] or near[2]}, with the two words in the quotation marks.'
            raise self.error(word, f"{word} is no operator here", advice)

    def phrase(self, phrase: Token, field: Token | None) -> Node:
        content, _, after = phrase[1:].rpartition('"')
        if _is_field(field, "published"):
            return Published(*self.span(phrase, content))
        if content.endswith("*") and not after:  # "open so*" is another way to write "open so"*
            content, after = content[:-1], "*"
        if wild := _INSIDE.search(content):
            last = wild.start() == len(content) - 1
            advice = (
                f"Write {' AND '.join(content.split())}" if last else 'Only the last word: write "open so"*'
            )
            if content[: wild.end()].split()[-1:] == ["*"]:
                advice = 'For words that are near each other write "open model"~5.'
            problem = (
                "a * and a distance do not go together"
                if last
                else f"{wild[0]} inside a phrase is no wildcard"
            )
            raise QueryError(self.query, _start_of(phrase) + 1 + wild.start(), problem, advice)
        slop = int(after[1:6]) if after.startswith("~") else 0
        if slop > MAX_SLOP:
            advice = "Use AND for words anywhere in the article."
            raise self.error(phrase, f"a distance of more than {MAX_SLOP} words", advice)
        return self.words(phrase, content, field, slop=slop, prefix=after == "*")

    def words(
        self, token: Token, text: str, field: Token | None, *, slop: int = 0, prefix: bool = False
    ) -> Words:
        fields, analyzer = FIELDS[field[:-1]] if field else _ANYWHERE
        if field and not prefix and (code := _CODES.get(field[:-1])):
            text = code(text) or text
        terms = words(text.strip(), analyzer)
        if not any(terms):
            raise self.error(token, f"{_shorten(token)} has no letter or digit to search for", "Delete it.")
        self.prefixes += prefix
        if self.prefixes > MAX_PREFIXES:
            raise self.error(token, f"more than {MAX_PREFIXES} words end in a *", "Split the query.")
        if prefix and len(terms) == 1 and len(terms[0]) < 2 and terms[0].isascii():
            raise self.error(
                token,
                f"{_shorten(token)} would match too many words",
                "Give two letters or more before the *.",
            )
        if (slop and len(terms) != 2) or (slop and terms[0] == terms[1]):
            # the engine measures the distance of two words exactly, of three or of one to itself it does not
            pairs = " AND ".join(
                f'"{first} {second}"~{slop}' for first, second in pairwise(terms) if first != second
            )
            raise self.error(token, "a distance is between two different words", f"Try {pairs or terms[0]}")
        return Words(fields, terms, slop, prefix)

    def range(self, bracket: Token, low: Token, high: Token, field: Token | None) -> Published:
        if not _is_field(field, "published"):
            raise self.error(bracket, "only published: takes a range", _RANGE_HELP)
        since = None if low == "*" else self.span(low, low)[0]
        until = None if high == "*" else self.span(high, high)[1]
        if since is not None and until is not None and since >= until:
            raise self.error(high, "the range ends before it begins", f"Try {field}[{high} TO {low}]")
        return Published(since, until)

    def span(self, token: Token, text: str) -> tuple[int, int]:
        """The microsecond at which a year, month, day, minute or second begins, and that of the next one."""
        if re.match(r"[<>]=?\d", text):
            since = text.lstrip("<>=")
            advice = f"published:[{since} TO *]" if text[0] == ">" else f"published:[* TO {since}]"
            raise self.error(token, f"{text[0]} has no meaning here", f"Write {advice}.")
        if not _DATE.fullmatch(text):
            raise self.error(token, f"{_shorten(text)} is not a date", _DATE_HELP)
        try:
            first = np.datetime64(text.removesuffix("Z"))
        except ValueError:
            raise self.error(token, f"{text} is not in the calendar", _DATE_HELP) from None
        units = np.array([first, first]) + np.arange(2).astype(
            f"timedelta64[{np.datetime_data(first.dtype)[0]}]"
        )
        start, end = units.astype("datetime64[us]").astype(np.int64).tolist()
        return start, end

    def error(self, token: Token, problem: str, suggestion: str) -> QueryError:
        return QueryError(self.query, _start_of(token), problem, suggestion)


def _alternatives(node: Node) -> Iterator[Words | None]:
    """What OR joins, with None for all that is neither a word nor a phrase whose occurrences are counted."""
    if isinstance(node, Or):
        for part in node.parts:
            yield from _alternatives(part)
    elif isinstance(node, Words) and not node.slop and _COUNTED_FIELDS.issuperset(node.fields):
        yield node
    else:
        yield None


def _is_field(field: Token | None, name: str) -> bool:
    return field is not None and field[:-1] == name


def _shorten(text: str) -> str:
    return text if len(text) <= 40 else text[:40] + "…"


def _start_of(token: Token) -> int:
    return token.start_pos or 0


def _unexpected_character(query: str, position: int) -> QueryError:
    character = query.translate(_TYPOGRAPHY)[position]
    if character == '"':
        operator = re.search(r"\s+(?:AND|OR|NOT)\s|\s*[()]|\s+[^\W\d_]\w*:", query[position + 2 :])
        at = position + 2 + operator.start() if operator else len(query)
        return QueryError(
            query, position, "this quotation mark is not closed", f'Try {query[:at]}"{query[at:]}'
        )
    return QueryError(
        query, position, f"{character} has no meaning here", "Delete it, or use quotation marks."
    )


def _unexpected_token(query: str, error: UnexpectedToken) -> QueryError:
    """What is wrong, told from the token that does not fit and from those still open before it."""
    token = error.token
    at = len(query) if token.type == "$END" else _start_of(token)
    tokens = [
        value for value in error.interactive_parser.parser_state.value_stack if isinstance(value, Token)
    ]
    before = tokens[-1] if tokens else Token("$START", "", 0, end_pos=0)
    if any(value.type == "LSQB" for value in tokens):
        return QueryError(query, at, "a range has two ends in brackets", _RANGE_HELP)
    if before.type == "FIELD":
        advice = f'Write {before}openai or {before}"open source".'
        return QueryError(query, at, f"{before} must be followed by a word, a phrase or parentheses", advice)
    if before.type in ("_AND", "_OR", "_NOT", "_MINUS"):
        shorter = query[: _start_of(before)].rstrip() + query[at:]
        advice = f"Try {shorter}" if shorter.strip("() ") else "Add a word after it."
        return QueryError(query, _start_of(before), f"{before} has nothing after it", advice)
    if token.type == "RPAR" and before.type == "LPAR" and before.end_pos == at:
        return QueryError(query, at, "there is nothing between these parentheses", "Delete them.")
    if token.type == "RPAR":
        return QueryError(
            query, at, "this parenthesis was never opened", f"Try {query[:at]}{query[at + 1 :]}"
        )
    if token.type == "$END":
        parenthesis = next(value for value in reversed(tokens) if value.type == "LPAR")
        return QueryError(query, _start_of(parenthesis), "this parenthesis is not closed", f"Try {query})")
    if token.startswith("~"):
        return QueryError(query, at, "~ and a number belong directly after a phrase", 'Write "open model"~5.')
    if token.startswith("^"):
        return QueryError(query, at, "^ has no meaning here: an article matches or it does not", "Delete it.")
    return QueryError(
        query, at, f"{_shorten(token)} has no meaning here", "Delete it, or use quotation marks."
    )
