"""Quotations and whom an article credits with them."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from pressgauge.search.sentences import ends
from pressgauge.voices import east_asian
from pressgauge.voices.clauses import MASK, Phrases, Span, Token, tokens
from pressgauge.voices.languages import CUES, Cues
from pressgauge.voices.marks import QuotedSpan, quoted_spans

FEWEST_WORDS = 3
"""Words of a quotation at least: fewer are terms, titles and nicknames more often than speech."""
_FEWEST_SIGNS = 5
"""The same for scripts that are written without spaces."""
_WINDOW = 80
"""Words around a quotation that are looked at."""
_REACH = 30
"""So many words after a quotation the verb that credits it is looked for."""
_LOOK = 300
_SKIPPED = 8
"""Adverbs and dashes between a quotation and the verb that credits it, at most."""
"""And so many characters."""
_CLAUSE = re.compile(r"[^,.;:\n”\"»“„]*")
_THAT = re.compile(r"\s*(?:\S+\s+){0,4}?(that|que|qu['’]\S+|dass)\b")
_SIGNED = re.compile(
    r"\s*[―—–-]+\s*(?=[^\W\d_a-zß-ÿ])((?:[^\n.,;:“\"]|(?<=\b[^\W\d_])\.){3,60}?)[.,]?\s*(?:\n|$)"
)
_INTERRUPTED = ",?!…—–-"
_DIALOGUE = re.compile(r"^[—–―][ \xa0]?(?=\S)[^\n]{10,2000}$", re.MULTILINE)
"""A line that begins with a dash, which in some languages opens direct speech, and in all of them a list."""
_DIALOGUE_LANGUAGES = frozenset({"es", "fr", "it", "pt", "ru"})


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words of someone, as an article quotes them. Places are characters of its text, [start, end).

    `start` and `end` include the marks, and the words of the article between two parts of one quotation
    ("...," he said, "..."). `source` is who is credited, as written there, and `cue` the words that credit;
    None when the article does not say. `share` is the part, by characters, of all words credited that stands
    within marks: 1.0 for a whole sentence, 0.2 where most of the clause is the article's own. `direct` says
    whether it is a whole statement rather than a name for something or words inside the article's sentence.
    """

    start: int
    end: int
    source: Span | None = None
    cue: Span | None = None
    share: float = 1.0
    direct: bool = True


_DIRECT = 0.72
"""The least share of a whole statement that begins with a capital."""
_FRAGMENT = 0.75
"""And of one that goes on in the article's own sentence, so that its own words count for less."""
_FRAGMENT_WORDS = 6


def quotations(text: str, language: str | None = "en") -> list[Quotation]:
    """The quotations of a text, in order. `language` is an ISO 639-1 code; in one without rules they have no
    source. Takes linear time.

    >>> text = 'The model is "free for everyone," said Mark Zuckerberg, its maker.'
    >>> [(text[q.start : q.end], text[slice(*q.source)]) for q in quotations(text)]
    [('"free for everyone,"', 'Mark Zuckerberg')]
    """
    cues = CUES.get(language or "")
    spans = [
        span
        for span in quoted_spans(text)
        if _may_be_speech(text[span.inner : span.stop])
        or (language != "en" and text.startswith(",", span.end) and span.inner < span.stop)
    ]
    has_dialogue = _has_dialogue(text, language)
    if cues is None or not (spans or has_dialogue):
        spans = [span for span in spans if _is_speech(text[span.inner : span.stop])]
        if language not in east_asian.LANGUAGES:
            return [Quotation(span.start, span.end) for span in spans]
        credits = (east_asian.credit(text, span.start, span.end, language) for span in spans)
        return [
            Quotation(span.start, span.end, *(credit or ()))
            for span, credit in zip(spans, credits, strict=True)
        ]
    return _Article(text, language, cues, spans).quotations()


def _has_dialogue(text: str, language: str | None) -> bool:
    return language in _DIALOGUE_LANGUAGES and (
        "\n—" in text or "\n–" in text or "\n―" in text or text.startswith(("—", "–", "―"))
    )


def _is_speech(words: str) -> bool:
    if len(words.split()) >= FEWEST_WORDS:
        return True
    return (
        len(words) >= _FEWEST_SIGNS and sum("\u3040" <= sign <= "\ud7ff" for sign in words) >= _FEWEST_SIGNS
    )


def _may_be_speech(words: str) -> bool:
    """Whether words can be part of a quotation: a short one is by its punctuation: "No," he said; outside
    English that may stand behind the marks."""
    return bool(words) and (words[-1] in ".,!?…" or _is_speech(words))


def _is_statement(words: str, share: float) -> bool:
    if words[0].islower():
        return share >= _FRAGMENT and len(words.split()) >= _FRAGMENT_WORDS
    return share >= _DIRECT


def _is_title(words: str) -> bool:
    """Whether words look like the title of a work: all but the small ones with a capital."""
    if words[-1:] in "!?" or words.isupper():
        return False
    large = (word for word in words.split() if len(word) > 3)
    first = next(large, None)
    return first is not None and first[0].isupper() and all(word[0].isupper() for word in large)


def _quotation_windows(sentence: list[Token]) -> Iterator[tuple[list[Token], int, Token]]:
    """Each quotation of a sentence in the words around it, so that a long one costs no more than a short."""
    for at, token in enumerate(sentence):
        if token.kind == "Q":
            low = max(0, at - _WINDOW)
            yield sentence[low : at + _WINDOW], at - low, token


class _Credit(NamedTuple):
    quote: QuotedSpan
    source: Span | None = None
    cue: Span | None = None
    on: bool = False
    """Goes on from the quotation before."""
    lead: int = 0
    """Characters of the article's own words in front of it in its sentence."""


class _Article:
    """The quotations of one text; lives as long as they are being found."""

    def __init__(self, text: str, language: str | None, cues: Cues, spans: list[QuotedSpan]) -> None:
        self.text, self.language, self.cues, self.spans = text, language, cues, spans
        self.ends = {span.start: span.end for span in spans}
        self.by_start = {span.start: span for span in spans}
        self.phrases = Phrases(cues)

    def quotations(self) -> list[Quotation]:
        groups: list[list[_Credit]] = []
        for credit in self.credits():
            if credit.on and groups:
                groups[-1].append(credit)
            else:
                groups.append([credit])
        quotations = [quotation for quotation in map(self.quotation, groups) if quotation is not None]
        if _has_dialogue(self.text, self.language):
            quotations = sorted([*quotations, *self.dialogue()], key=lambda quotation: quotation.start)
        return quotations

    def dialogue(self) -> Iterator[Quotation]:
        """Lines that a dash opens and in which somebody is credited: — Je ne sais pas, dit Marie."""
        starts = [span.start for span in self.spans]
        for line in _DIALOGUE.finditer(self.text):
            start, end = line.span()
            at = bisect_right(starts, start)
            if (at and self.spans[at - 1].end > start) or (at < len(starts) and starts[at] < end):
                continue  # it has marks of its own
            source = self.incise(QuotedSpan(start, end, start + 1, end), behind=",—?!…")
            if source and _is_speech(self.text[start + 1 : end]):
                yield Quotation(start, end, *source)

    def quotation(self, parts: list[_Credit]) -> Quotation | None:
        first, last = parts[0], parts[-1]
        words = " ".join(self.text[part.quote.inner : part.quote.stop] for part in parts)
        if not _is_speech(words):
            return None
        if first.source is None or first.cue is None:
            return None if _is_title(words) else Quotation(first.quote.start, last.quote.end)
        if _is_title(words) and not self.spoken(first):
            return None
        start, end = first.quote.start, last.quote.end
        within = sum(part.quote.end - part.quote.start for part in parts)
        around = self.unmarked(first, last) if first.cue[1] <= start else first.lead + self.gap(last, first)
        share = within / (end - start + around)
        if first.cue[0] > start:  # "...," he said, and whatever else of himself, "..."
            between = itertools.pairwise(parts)
            around -= sum(after.quote.start - before.quote.end for before, after in between)
        return Quotation(
            start, end, first.source, first.cue, share, _is_statement(words, within / (end - start + around))
        )

    def spoken(self, first: _Credit) -> bool:
        """Whether words that look like a title are a statement all the same: "Let Freedom Ring," he said."""
        assert first.cue is not None
        if first.cue[0] >= first.quote.end:
            return self.text[first.quote.stop - 1] in ",!?"
        lead = self.text[first.cue[1] : first.quote.start].strip()
        return lead in ("", ",", ":") and self.text[slice(*first.cue)].lower() not in self.cues.naming

    def unmarked(self, first: _Credit, last: _Credit) -> int:
        """How many characters of what somebody said stand outside the quotation marks.

        They are those between the verb and the first mark, and those between the last mark and the end of the
        clause. It is 0 where a whole sentence follows in marks.
        """
        assert first.cue is not None
        lead = self.text[first.cue[1] : first.quote.start].strip()
        that = _THAT.match(lead)
        is_sentence = not self.text[first.quote.inner].islower()
        if lead.endswith((",", ":")) and is_sentence and not that:
            return 0  # "told the paper in a statement,"
        around = len(lead) - (that.start(1) if that else 0)
        if self.text[last.quote.stop - 1] not in ".?!,":
            clause = _CLAUSE.match(self.text, last.quote.end)
            around += len(clause[0].strip()) if clause else 0
        return around

    def gap(self, last: _Credit, first: _Credit) -> int:
        """Characters of a sentence credited after it that stand between its marks and who is credited."""
        if first.cue is None or first.source is None or self.text[last.quote.stop - 1] in ".,?!…—–-":
            return 0
        return max(0, min(first.cue[0], first.source[0]) - last.quote.end)

    def credits(self) -> Iterator[_Credit]:
        at, last, behind = 0, None, -1
        while at < len(self.spans):
            start = self.text.rfind("\n", 0, self.spans[at].start) + 1
            stop = self.text.find("\n", self.spans[at].start)
            stop = len(self.text) if stop < 0 else stop
            here = at
            while at < len(self.spans) and self.spans[at].start < stop:
                at += 1
            fresh = True
            onward = last is not None and self.goes_on(last, behind, stop, self.spans[here:at])
            behind = stop
            for sentence in self.sentences(start, stop, self.spans[here:at]):
                for words, number, token in _quotation_windows(sentence):
                    if token.kind == "Q" and (
                        credit := self.credit(words, number, last, fresh and not onward)
                    ):
                        last, fresh = credit, False
                        yield credit

    def goes_on(self, last: _Credit, behind: int, stop: int, spans: list[QuotedSpan]) -> bool:
        """Whether a paragraph goes on with the quotation before it: its mark was not closed, or the paragraph
        follows at once and has no words of the article that could say who else speaks."""
        if last.source is None or last.quote.open:
            return last.quote.open
        edges = [behind, *(edge for span in spans for edge in (span.start, span.end)), stop]
        outside = (self.text[low:high] for low, high in zip(edges[::2], edges[1::2], strict=True))
        return self.text[last.quote.stop - 1] != "?" and not any(
            piece.strip(" \n\r\t\xa0.") for piece in outside
        )

    def sentences(self, start: int, stop: int, spans: list[QuotedSpan]) -> Iterator[list[Token]]:
        """The tokens of each sentence of a paragraph that has a quotation."""
        pieces, at = [], start
        for span in spans:
            keep = max(span.start + 1, min(span.stop - 1, span.end - 1))
            pieces += [self.text[at : span.start], MASK * (keep - span.start), self.text[keep : span.end]]
            at = span.end
        masked = "".join([*pieces, self.text[at:stop]])
        low = 0
        for high in [*ends(masked, self.language), len(masked)]:
            if masked.find(MASK, low, high) >= 0:
                yield tokens(masked, low, high, start, self.ends, self.cues)
            low = high

    # One quotation

    def credit(self, words: list[Token], at: int, last: _Credit | None, fresh: bool) -> _Credit | None:
        """Who is credited with the quotation at a token; None for the name of a broadcast or a book in the
        words that credit another. `fresh`: it is the first of a paragraph that does not go on with `last`."""
        quote = self.by_start[words[at].start]
        sign = self.text[quote.stop - 1]
        leads = sign in _INTERRUPTED or (at + 1 < len(words) and words[at + 1].kind in ",—")
        for side in (self.right, self.left) if leads else (self.left, self.right):
            if source := side(words, at):
                is_same_cue = last is not None and not fresh and last.cue == source[1]
                if is_same_cue and self.is_aside(last, words, at):
                    return None
                return _Credit(quote, *source, on=is_same_cue, lead=self.lead(words[:at]))
        if self.cues.incise and (source := self.incise(quote)):
            return _Credit(quote, *source)
        if sign in "?!…—–-," and (source := self.next_sentence(quote)):
            return _Credit(quote, *source)
        if source := self.signed(quote):
            return _Credit(quote, *source)
        if at == 0 and last is not None and last.source and not fresh:
            return _Credit(quote, last.source, last.cue, on=True)
        if at == 0 and fresh and (source := self.announced(quote)):
            return _Credit(quote, *source)
        return _Credit(quote)

    @staticmethod
    def lead(before: list[Token]) -> int:
        """Characters of the article's own words in front of a quotation, since the last colon."""
        if not before or before[-1].kind == ":" or any(word.kind == "Q" for word in before):
            return 0
        start = next((word.end for word in reversed(before) if word.kind == ":"), before[0].start)
        return before[-1].end - start

    @staticmethod
    def is_aside(last: _Credit | None, words: list[Token], at: int) -> bool:
        """Whether a quotation stands in the words that credit another: "...," he said on "60 Minutes"."""
        if last is None or last.cue is None:
            return False
        return last.cue[0] >= last.quote.end and words[at - 1].kind not in ",:—"

    def right(self, words: list[Token], at: int) -> tuple[Span, Span] | None:
        """Who is credited after a quotation."""
        phrases, low = self.phrases, at + 1
        while low < len(words) and (words[low].kind in ",—" or phrases.skipped(words[low])):
            low += 1
        if low >= len(words):
            return None
        if source := self.according(words, low) or self.clitic(words, low):
            return source
        if phrases.verb(words, low, near=True) and words[low].word not in self.cues.transitive:
            return self.inverted(words, low)
        if phrases.bars(words[low]):
            return None
        for number in range(low + 1, min(low + _REACH, len(words))):
            if words[number].kind in ";:Q":
                return None
            if phrases.verb(words, number, near=True):
                subject = phrases.subject(words, number, low)
                return (subject, (words[number].start, words[number].end)) if subject else None
        return None

    def left(self, words: list[Token], at: int) -> tuple[Span, Span] | None:
        """Who is credited before a quotation."""
        if not at:
            return None
        phrases, cues = self.phrases, self.cues
        for number in range(at - 1, -1, -1):
            token = words[number]
            if token.kind not in "wC":
                continue
            near = all(word.kind not in "wC" for word in words[number + 1 : at])
            cue = token.start, token.end
            if phrases.verb(words, number, near=near):
                if number and words[number - 1].word in cues.passive:
                    continue
                if number and words[number - 1].word == cues.particle:
                    if subject := phrases.first(words[:number]):
                        return subject, cue
                    continue
                opening = phrases.bars(words[0]) or words[0].word in cues.skipped
                turned = cues.verb_second and opening and words[0].kind in "wC"
                if turned and (source := self.inverted(words, number)):
                    return source
                if subject := phrases.subject(words, number, 0):
                    return subject, cue
                if token.word not in cues.transitive and (source := self.inverted(words, number)):
                    return source
            elif token.word in cues.participles or (
                token.word in cues.bare and number and words[number - 1].word == cues.particle
            ):
                if subject := phrases.first(words[:number]):
                    return subject, cue
            elif source := self.according(words, number):
                return source
        if words[at - 1].kind == ":":
            return self.before_colon(words[:at])
        return None

    def before_colon(self, words: list[Token]) -> tuple[Span, Span] | None:
        """The first one named before a colon where no verb says who speaks: "Perez keeps at it: ..."."""
        subject = self.phrases.first(words)
        if subject is None:
            return None
        first = next(word for word in words if word.start == subject[0])
        has_name = any(word.kind == "C" for word in words if subject[0] < word.start < subject[1])
        proper = first.kind == "C" and first.word not in self.cues.determiners | self.cues.closed
        if has_name or proper or first.word in self.cues.pronouns:
            return subject, (words[-1].start, words[-1].end)
        return None

    def inverted(self, words: list[Token], verb: int) -> tuple[Span, Span] | None:
        """The subject behind its verb."""
        at = verb + 1
        while at < len(words) and self.phrases.skipped(words[at]):
            at += 1
        if at + 2 < len(words) and words[at].word in self.cues.addressed:
            at += 2
        span = self.phrases.forward(words, at)
        return (span, (words[verb].start, words[verb].end)) if span else None

    def according(self, words: list[Token], at: int) -> tuple[Span, Span] | None:
        if words[at].word not in self.cues.crediting:
            return None
        for form in self.cues.according:
            if words[at].word != form[0]:
                continue
            end = at + len(form)
            if tuple(word.word for word in words[at:end]) == form and (
                span := self.phrases.forward(words, end)
            ):
                return span, (words[at].start, words[end - 1].end)
        if words[at].word in self.cues.postposed and at and (span := self.phrases.backward(words, at - 1, 0)):
            return span, (words[at].start, words[at].end)
        if not at and words[at].word in self.cues.opening and (span := self.phrases.forward(words, 1)):
            return span, (words[at].start, words[at].end)
        owned = words[at].word in self.cues.possessed and at and words[at - 1].word.endswith(("'s", "s'"))
        if owned and (span := self.phrases.backward(words, at - 1, 0)):
            before = next((word.word for word in reversed(words[:at]) if word.start < span[0]), "")
            return (span, (words[at].start, words[at].end)) if before in self.cues.inside else None
        return None

    def clitic(self, words: list[Token], at: int) -> tuple[Span, Span] | None:
        """A pronoun that a hyphen joins to the verb: "a-t-il déclaré"."""
        token = words[at]
        stem, hyphen, pronoun = token.word.rpartition("-")
        if not hyphen or pronoun not in self.cues.clitics:
            return None
        verb = stem.removesuffix("-t")
        if verb in self.cues.verbs or verb in self.cues.skipped:
            return (token.end - len(pronoun), token.end), (token.start, token.end)
        return None

    def incise(self, quote: QuotedSpan, behind: str = ",") -> tuple[Span, Span] | None:
        """Who is named between commas inside the marks: « Je ne crois pas, explique Anne Bouverot, que… »."""
        inside = self.text[quote.inner : quote.stop]
        bounds = [quote.inner, *(quote.inner + end for end in ends(inside, self.language)), quote.stop]
        for low, high in itertools.pairwise(bounds):
            words = tokens(self.text, low, high, 0, {}, self.cues)
            for at in range(1, len(words)):
                if words[at - 1].kind in behind and (source := self.incise_at(words, at)):
                    return source
        return None

    def incise_at(self, words: list[Token], at: int) -> tuple[Span, Span] | None:
        """Who is credited by a verb at a token and its subject behind it."""
        if source := self.clitic(words, at):
            return source
        number, end = at, min(len(words), at + _SKIPPED)
        while number < end and (self.phrases.skipped(words[number]) or words[number].kind == "—"):
            number += 1
        speaks = number < len(words) and self.phrases.verb(words, number)
        return self.inverted(words, number) if speaks else None

    def next_sentence(self, quote: QuotedSpan) -> tuple[Span, Span] | None:
        """Who is credited where a question or exclamation seems to end the sentence: "Why?" Smith asked."""
        words = self.outside(quote.end, min(len(self.text), quote.end + _LOOK), first=True)
        return self.right([Token("Q", quote.start, quote.end, ""), *words], 0)

    def announced(self, quote: QuotedSpan) -> tuple[Span, Span] | None:
        """Who is credited by a paragraph before that ends with a colon."""
        stop = quote.start
        while stop and self.text[stop - 1].isspace():
            stop -= 1
        if not stop or self.text[stop - 1] != ":":
            return None
        words = self.outside(max(self.text.rfind("\n", 0, stop) + 1, stop - _LOOK), stop, first=False)
        return self.left([*words, Token("Q", quote.start, quote.end, "")], len(words))

    def outside(self, start: int, stop: int, *, first: bool) -> list[Token]:
        """The tokens of the first, or else the last, sentence of a stretch of text that lies outside the
        quotation marks."""
        line = self.text.find("\n", start, stop)
        text = self.text[start : stop if line < 0 else line]
        bounds = [0, *ends(text, self.language), len(text)]
        low, high = (bounds[0], bounds[1]) if first else (bounds[-2], bounds[-1])
        return tokens(text, low, high, start, {}, self.cues)

    def signed(self, quote: QuotedSpan) -> tuple[Span, Span] | None:
        """Who signed a quotation: “...” — Name, at the end of the line."""
        hit = _SIGNED.match(self.text, quote.end)
        return ((hit.start(1), hit.end(1)), (hit.start(1) - 1, hit.start(1))) if hit else None
