"""Words of a sentence around quotations, and the noun phrases among them.

No parser: subjects are found from the closed classes of a language (determiners, pronouns, prepositions),
which tell where a noun phrase begins and ends. That is enough to know who is credited, and far faster.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from pressgauge.voices.languages import Cues

Span = tuple[int, int]
MASK = "\x01"
_TOKEN = re.compile(rf"{MASK}+|[^\W_](?:[\w'’.&-]*\w)?|[,;:()\[\]—–…-]|[\"“”„«»‹›]|[.!?]")
_DASH = {"–": "—", "―": "—", "-": "—", "[": "(", "]": ")"}
_LONGEST = 16


class Token(NamedTuple):
    """A word ("w", with a capital "C"), a quotation ("Q"), or a sign, which is its own kind."""

    kind: str
    start: int
    end: int
    word: str
    """In lower case."""


def tokens(masked: str, low: int, high: int, offset: int, quotes: dict[int, int], cues: Cues) -> list[Token]:
    """The tokens of masked[low:high], whose first character stands at `offset` of the text. `quotes` maps
    where quotations begin to where they end; they are masked but for the sign that ends them."""
    result: list[Token] = []
    whole_words, also_names = cues.whole, cues.also_names
    has_also_names = False
    end = -1
    new = tuple.__new__  # a third of the time of Token(...)
    for hit in _TOKEN.finditer(masked, low, high):
        begin = hit.start() + offset
        if begin < end:
            continue
        word = hit[0]
        first = word[0]
        if first == MASK:
            end = quotes[begin]
            result.append(new(Token, ("Q", begin, end, "")))
        elif first.isalnum():
            lower = word.lower()
            if "’" in lower:
                lower = lower.replace("’", "'")
            if whole_words and lower not in whole_words:
                lower = lower.rpartition("'")[2]
            has_also_names |= lower in also_names
            result.append(new(Token, ("w" if first.islower() else "C", begin, begin + len(word), lower)))
        else:
            result.append(new(Token, (_DASH.get(first, first), begin, begin + 1, first)))
    if has_also_names:
        for at, token in enumerate(result):
            if token.kind == "C" and token.word in cues.also_names:
                after = result[at + 1].word if at + 1 < len(result) else ""
                if at or after in cues.verbs:
                    result[at] = token._replace(word=token.word.title())
    return result


class Phrases:
    """Finds noun phrases in the tokens of one language's sentences."""

    def __init__(self, cues: Cues) -> None:
        self.cues = cues

    def skipped(self, token: Token) -> bool:
        """Whether a word may stand between a subject and its verb: an auxiliary or an adverb."""
        cues = self.cues
        return token.kind == "w" and (token.word in cues.skipped or token.word.endswith(cues.adverbs))

    def bars(self, token: Token) -> bool:
        """Whether no noun phrase begins with a token."""
        return token.kind not in "wC" or (
            token.word in self.cues.closed and token.word not in self.cues.determiners
        )

    def verb(self, tokens: list[Token], at: int, *, near: bool = False) -> bool:
        """Whether a token is a verb of saying. `near` a quotation those that often say nothing are, too."""
        token, cues = tokens[at], self.cues
        if token.kind != "w" and not (token.kind == "C" and at == 0):
            return False
        if token.word not in cues.verbs and not (near and token.word in cues.weak):
            return False
        before = tokens[at - 1] if at else None
        if token.word in cues.with_object:
            return at + 1 < len(tokens) and tokens[at + 1].word in cues.with_object[token.word]
        if before is None or not token.word.endswith(cues.plurals):
            return True
        return before.word not in cues.determiners and not before.word.endswith(("'s", "s'"))

    def forward(self, tokens: list[Token], at: int) -> Span | None:
        """The noun phrase that begins at a token, without what follows its first comma."""
        cues = self.cues
        if at >= len(tokens) or self.bars(tokens[at]):
            return None
        first = tokens[at]
        if first.word in cues.pronouns:
            return first.start, first.end
        end = at + 1
        while end < len(tokens) and tokens[end].kind in "wC." and end - at < _LONGEST:
            token = tokens[end]
            if token.kind == ".":  # of an abbreviation: "Rep. Jeffries"
                if end + 1 < len(tokens) and tokens[end - 1].kind == tokens[end + 1].kind == "C":
                    end += 1
                    continue
                break
            if token.kind == "w" and tokens[end - 1].kind == "C" and token.word.endswith(cues.gerunds):
                break  # "Lee reacted"
            if token.word in cues.relative or (token.kind == "w" and self.verb(tokens, end, near=True)):
                break
            if (
                token.word in cues.determiners
                and token.word not in cues.genitive
                and tokens[end - 1].word not in cues.inside
            ):
                break
            if token.word in cues.closed and not self._joins_phrase(tokens, end):
                break
            end += 1
        return first.start, tokens[end - 1].end

    def _joins_phrase(self, tokens: list[Token], at: int) -> bool:
        """Whether a preposition or "and" belongs to the noun phrase around it."""
        word = tokens[at].word
        if word in self.cues.genitive:
            return True
        between = tokens[at - 1].kind == "C" and at + 1 < len(tokens) and tokens[at + 1].kind == "C"
        return word in self.cues.inside and between

    def subject(self, tokens: list[Token], verb: int, low: int) -> Span | None:
        """The subject of the verb at a token, which stands before it and not before the token `low`."""
        cues = self.cues
        at = verb - 1
        while at >= low and (self.skipped(tokens[at]) or tokens[at].word in cues.passive):
            at -= 1
        if at < low or tokens[at].word in cues.subordinating:
            return None  # "when asked"
        token = tokens[at]
        if token.word in cues.joining:
            return self.first(tokens[low:verb])
        if token.kind in ",)—":
            return self._before_insertion(tokens, at, low)
        if token.kind not in "wC":
            return None
        if token.word in cues.relative and token.word in cues.pronouns:
            head = self.backward(tokens, at - 1, low) if at > low and tokens[at - 1].kind in "wC" else None
            return head or (token.start, token.end)
        if token.word in cues.pronouns:
            return token.start, token.end
        span = self.backward(tokens, at, low)
        before = next((n for n in range(at, low, -1) if span and tokens[n].start < span[0]), low)
        if before > low and tokens[before].word in cues.inside - cues.genitive - cues.joining:
            prior = tokens[before - 1]  # "who in the past described", "and, in a low voice, said"
            if self.skipped(prior) or prior.word in cues.relative:
                return self.subject(tokens, before, low)
            if prior.kind == "," and before - 2 >= low and tokens[before - 2].word in cues.joining:
                return self.first(tokens[low:verb])
        return span

    def backward(self, tokens: list[Token], last: int, low: int) -> Span | None:
        """The noun phrase that ends with a token."""
        cues, at = self.cues, last
        while at >= low and tokens[at].kind in "wC." and last - at < _LONGEST:
            token = tokens[at]
            if token.kind == ".":  # of an initial: "Harry M. Reid"
                if at > low and at < last and tokens[at - 1].kind == tokens[at + 1].kind == "C":
                    at -= 1
                    continue
                break
            if token.word in cues.relative and token.word != "that":
                return self.backward(tokens, at - 1, low) if at > low else None
            if token.word in cues.determiners:
                at -= 1
                is_linked = at > low and tokens[at].word in cues.inside and tokens[at - 1].kind in "wC"
                if is_linked and not self.verb(tokens, at - 1):
                    continue
                break
            if token.word in cues.pronouns or (token.kind == "w" and self.verb(tokens, at)):
                break
            if token.word in cues.closed and (token.word not in cues.inside or at == low):
                break
            at -= 1
        at += 1
        while at < last and self.bars(tokens[at]):
            at += 1
        if at > last or tokens[last].word in cues.closed or tokens[last].word in cues.determiners:
            return None
        return tokens[at].start, tokens[last].end

    def _before_insertion(self, tokens: list[Token], at: int, low: int) -> Span | None:
        """The noun phrase in front of an insertion that ends with the comma, bracket or dash at a token."""
        opening = {")": "("}.get(tokens[at].kind, tokens[at].kind)
        listed: Span | None = None
        for _ in range(5):
            at -= 1
            while at >= low and tokens[at].kind != opening:
                at -= 1
            if at <= low:
                return listed
            token = tokens[at - 1]
            if token.kind == ")":
                at, opening = at - 1, "("
            elif token.word in self.cues.joining:
                return self.first(tokens[low : at - 1])  # "took her arm and, in a low voice, said"
            elif token.word in self.cues.pronouns:
                return token.start, token.end
            elif token.kind in "wC" and not token.word.isdigit():
                span = self.backward(tokens, at - 1, low)
                if span and (token.kind == "C" or not (listed or self._ends_list(tokens, at))):
                    return span
                listed = span or listed
        return listed

    def _ends_list(self, tokens: list[Token], at: int) -> bool:
        """Whether the comma at a token stands in front of the last of a list, where no insertion begins: "Lea
        Kern, director for trade, industry and growth, said"."""
        behind = next((n for n in range(at + 1, len(tokens)) if tokens[n].kind in ",Q"), at)
        return any(token.word in self.cues.joining for token in tokens[at + 2 : behind])

    def _skip_adverbial(self, tokens: list[Token], at: int) -> int:
        """Where what stands in front of a subject ends, if such begins here: "Two months later, "."""
        cues = self.cues
        comma = next((n for n in range(at, len(tokens)) if tokens[n].kind == ","), None)
        if comma is None or comma == at or comma + 1 == len(tokens):
            return 0
        word = tokens[at].word
        begins = word in cues.introducing or (tokens[at].kind == "C" and word.endswith(cues.adverbs))
        if begins or (comma - at <= 5 and tokens[comma - 1].word in cues.times):
            return comma + 1
        return 0

    def first(self, tokens: list[Token]) -> Span | None:
        """The first noun phrase of a sentence that can be its subject."""
        cues, at = self.cues, 0
        while at < len(tokens):
            if end := self._skip_adverbial(tokens, at):
                at = end
            elif tokens[at].kind in "wC" and self._leads_in(tokens, at):
                comma = next((n for n in range(at, len(tokens)) if tokens[n].kind == ","), None)
                if comma is None:
                    return None
                at = comma + 1
            elif tokens[at].kind not in "wC" or tokens[at].word in cues.joining or self.skipped(tokens[at]):
                at += 1
            else:
                break
        return self.forward(tokens, at)

    def _leads_in(self, tokens: list[Token], at: int) -> bool:
        """Whether no subject begins at a word: "In Paris, ...", "Asked about it, ..."."""
        token = tokens[at]
        if token.word in self.cues.joining or self.skipped(token):
            return False
        has_name = at + 1 < len(tokens) and tokens[at + 1].kind == "C"
        return self.bars(token) or (token.word.endswith(self.cues.gerunds) and not has_name)
