"""Who said what in one article: its quotations, with the people behind "he" and "Mr. Lee"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Container
from dataclasses import dataclass
from functools import cached_property

from pressgauge.search.sentences import ends
from pressgauge.voices.attribution import Quotation, Span, quotations
from pressgauge.voices.languages import CUES
from pressgauge.voices.languages.cues import words
from pressgauge.voices.names import Kind, Mention, mentions
from pressgauge.voices.readers import NameReader
from pressgauge.voices.runs import ROLES

_SPOKESPEOPLE = words(
    """spokesman spokeswoman spokesperson representative sprecher sprecherin porte-parole portavoz lawyer
    lawyers attorney officials statement spokespeople blog post email
    """
)
"""Nouns that speak for the organisation named behind them."""
_HE = words("he him er il él")
_SHE = words("she her elle ella")
_MALE = words(
    "mr herr hr m monsieur sr señor don sir lord spokesman chairman congressman businessman king prince"
)
_FEMALE = words(
    """mrs ms miss frau mme mlle madame sra señora doña dame lady spokeswoman chairwoman congresswoman
    businesswoman queen princess sprecherin ministerin kanzlerin professorin präsidentin ministra
    """
)
_LOOK = 800
"""Characters before a pronoun in which the one it means is looked for."""
_PARAGRAPH = 300
_PRONOUN = re.compile(r"[hHsS](?<!\w[hHsS])(?:e|is|im|er|he)\b")
_NEAR = 60
"""And before "who"."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A quotation with its speaker: `name` as the article calls them at its fullest, None where no name is
    given; `kind` None where nothing tells it. `source` is how they are credited there ("he", "a spokesman").
    `named_before` says whether the name stands anywhere in front of the quotation."""

    quotation: Quotation
    name: str | None = None
    kind: Kind | None = None
    role: str | None = None
    source: str | None = None
    named_before: bool = False


@dataclass(frozen=True, slots=True)
class Voices:
    """What one article has: its quotations in order, and everyone it names."""

    statements: list[Statement]
    mentions: list[Mention]


def voices(
    text: str,
    language: str | None = None,
    bodies: Container[str] = frozenset(),
    reader: NameReader | None = None,
) -> Voices:
    """Who is quoted and who is named in a text; `bodies` and `reader` as `mentions` takes them. Linear time.

    "He" and "she" are the person that the sentence before names first, unless a title contradicts; "it" and
    "they" are nobody. A spokesman of an organisation who is not named speaks for it.

    >>> found = voices("Sam Altman, chief executive of OpenAI, spoke. “I was wrong,” he said.", "en")
    >>> [(each.name, each.role, each.source) for each in found.statements]
    [('Sam Altman', 'chief executive of OpenAI', 'he')]
    """
    names = mentions(text, language, bodies, reader)
    quotes = quotations(text, language)
    if not quotes:
        return Voices([], names)
    return Voices(_Speakers(text, language, quotes, names).statements(), names)


class _Speakers:
    def __init__(
        self, text: str, language: str | None, quotes: list[Quotation], mentions: list[Mention]
    ) -> None:
        self.text, self.language, self.quotes, self.mentions = text, language, quotes, mentions
        self.starts = [mention.start for mention in mentions]
        self.roles: dict[str, str] = {}
        self.first: dict[str, int] = {}
        self.gender: dict[str, str] = {}
        for mention in mentions:
            self.first.setdefault(mention.name, mention.start)
            if mention.role:
                self.roles[mention.name] = max(self.roles.get(mention.name, ""), mention.role, key=len)
                if gender := _gender_of(mention.role):
                    self.gender[mention.name] = gender
        self.cues = CUES.get(language or "")
        starts = [quote.start for quote in quotes]
        self.outside = [
            mention
            for mention in mentions
            if (mention.kind == "person" or (mention.kind is None and mention.speaks))
            and not self._is_quoted(starts, mention.start)
        ]
        self.outside_starts = [mention.start for mention in self.outside]

    def _is_quoted(self, starts: list[int], at: int) -> bool:
        number = bisect_left(starts, at) - 1
        if number < 0:
            return False
        quote = self.quotes[number]
        if at >= quote.end:
            return False
        return quote.source is None or not quote.source[0] <= at < quote.source[1]

    def statements(self) -> list[Statement]:
        return [self.of(quote) for quote in self.quotes]

    def of(self, quote: Quotation) -> Statement:
        if quote.source is None:
            return Statement(quote)
        source = " ".join(self.text[slice(*quote.source)].split())
        mention = self.speaker(quote.source, source)
        if mention is None:
            name, kind, role = self.bare(source) or (None, None, None)
            before = name is not None and name in self.text[: quote.start]
            return Statement(quote, name, kind, role, source, before)
        role = self.roles.get(mention.name) if mention.kind == "person" else None
        return Statement(
            quote, mention.name, mention.kind, role, source, self.first[mention.name] < quote.start
        )

    def speaker(self, span: Span, source: str) -> Mention | None:
        """Whom the words of a credit mean."""
        lower = source.lower()
        if lower in _HE or lower in _SHE:
            return self.antecedent(span[0], "m" if lower in _HE else "f")
        if self.cues and lower in self.cues.relative:
            at = bisect_left(self.starts, span[0]) - 1
            return self.mentions[at] if at >= 0 and span[0] - self.mentions[at].end < _NEAR else None
        start, end = span
        at = bisect_left(self.starts, start)
        if at and self.mentions[at - 1].end > start:
            at -= 1  # the credit begins inside a name
        body: Mention | None = None
        best: Mention | None = None
        while at < len(self.mentions) and self.starts[at] <= end + 2:
            mention = self.mentions[at]
            at += 1
            if mention.start > end and self.text[end : end + 1] != ".":
                break
            before = self.text[start : mention.start].lower().split()
            owner = self.text[mention.end : mention.end + 2] in ("’s", "'s")
            if self.cues and not self.cues.inside.isdisjoint(before):
                if mention.kind == "organisation" and not _SPOKESPEOPLE.isdisjoint(before):
                    body = body or mention
                break
            if not owner and (mention.kind == "person" or best is None):
                best = mention
            follows = self.text[mention.end : end].lower().split()
            if mention.kind == "organisation" and not _SPOKESPEOPLE.isdisjoint(follows):
                body, best = mention, None if best is mention else best
        return best or body

    def antecedent(self, at: int, gender: str) -> Mention | None:
        """The person that a pronoun means: in the nearest sentence that names one, who speaks there, else the
        first after a clause that begins with "While" or "As"."""
        high = bisect_left(self.outside_starts, at)
        while high and at - self.outside[high - 1].start <= _LOOK:
            low = high - 1
            begin = self.sentence_start(self.outside[low].start)
            while low and self.outside[low - 1].start >= begin:
                low -= 1
            fit = [mention for mention in self.outside[low:high] if self.fits(mention, gender)]
            if fit:
                speaking = [mention for mention in fit if mention.speaks]
                return speaking[-1] if speaking else self.main(fit, begin)
            high = low
        return None

    def main(self, fit: list[Mention], begin: int) -> Mention:
        """The first person of a sentence's main clause."""
        opening = self.text[begin : begin + 30].split(maxsplit=1)
        if self.cues and opening and opening[0].lower() in self.cues.closed:
            comma = self.text.find(", ", begin, fit[-1].start)
            return next((mention for mention in fit if 0 <= comma < mention.start), fit[0])
        return fit[0]

    def fits(self, mention: Mention, gender: str) -> bool:
        """Whether a pronoun can mean a mention: not one that only tells whose something is."""
        after = self.text[mention.end : mention.end + 20]
        owner = after[:2] in ("’s", "'s") or after.split()[:1] in (
            ["campaign"],
            ["spokesman"],
            ["spokeswoman"],
        )
        return self.genders.get(mention.name, gender) == gender and not owner

    @cached_property
    def genders(self) -> dict[str, str]:
        """By name: from titles, else from the pronouns before which only that person is named."""
        votes: dict[str, int] = {}
        for hit in _PRONOUN.finditer(self.text):
            at = bisect_left(self.outside_starts, hit.start())
            near = {
                mention.name
                for mention in self.outside[max(0, at - 4) : at]
                if hit.start() - mention.start < _PARAGRAPH
            }
            if len(near) == 1:
                name = near.pop()
                votes[name] = votes.get(name, 0) + (
                    1 if hit[0][0] in "hH" and hit[0].lower() != "her" else -1
                )
        return {name: "m" if vote > 0 else "f" for name, vote in votes.items() if vote} | self.gender

    def sentence_start(self, at: int) -> int:
        low = max(self.text.rfind("\n", 0, at) + 1, at - _LOOK)
        last = 0
        for end in ends(self.text[low : at + 1], self.language):
            last = end
        return low + last

    def bare(self, source: str) -> tuple[str, Kind | None, str | None] | None:
        """A name that nothing but its credit shows to be one: "81-year-old Parker Eaton", with its role."""
        if self.language == "de" or self.cues is None:
            return None
        hit = _NAME_LAST.search(source)
        if (
            hit is None
            or hit[1].split()[0].lower() in self.cues.determiners | self.cues.closed | self.cues.pronouns
        ):
            return None
        name, role = hit[1], source[: hit.start()].strip()
        if not all(word[0].isupper() for word in name.split()):  # the small letters of other alphabets
            return None
        first = name.split()[0]
        if not self.cues.inside.isdisjoint(role.lower().split()) or f" {first.lower()}" in self.text:
            return None
        if " " in name:
            return name, "person", self.role_of(role)
        return (name, None, None) if not role and self.text.count(first) > 1 else None

    def role_of(self, words: str) -> str | None:
        """What stands in front of a name, without a verb ("said peer"), where a word of it is a role."""
        verbs = self.cues.verbs if self.cues else frozenset()
        role = words.split()
        while role and role[0].lower() in verbs:
            role = role[1:]
        return None if ROLES.isdisjoint(word.lower() for word in role) else " ".join(role)


_NAME_LAST = re.compile(r"(?:^|(?<= ))([^\W\d_a-zß-ÿ][\w-]+(?: [^\W\d_a-zß-ÿ][\w’'-]*\.?){0,2})$")


def _gender_of(role: str) -> str | None:
    parts = {part.strip(".") for part in role.lower().split()}
    if not parts.isdisjoint(_MALE):
        return "m"
    return "f" if not parts.isdisjoint(_FEMALE) else None
