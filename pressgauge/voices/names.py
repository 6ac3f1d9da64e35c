"""People and organisations that an article names, and which of the names mean the same one.

Names are read as they are written: runs of words with a capital. What they are is told by what stands next
to them: a title or a role ("Sen.", "chief executive"), a verb of saying, a second mention by the last word
alone, a word such as "University" or "Inc.". A name of which nothing tells what it is remains without a kind.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

from pressgauge.errors import PressgaugeError
from pressgauge.voices.languages import CUES
from pressgauge.voices.readers import NameReader
from pressgauge.voices.runs import (
    CALENDAR,
    HEADS,
    OF,
    ROLES,
    RUN,
    SPEAKING_FOR,
    closed_words,
    is_family_first,
    parse_run,
    word_shape,
)

Kind = Literal["person", "organisation"]

_MOST = 120
"""Characters of one name."""
_AFTER_ROLE = re.compile(r"[ ]?,[ ](?:(?:aged[ ]|[JS]r\.,?[ ])?(?:\d{1,3},[ ])?)?((?:\w[\w’'&-]*[ ]?){1,12})")
_CLAUSE = re.compile(r"[ ](?:who|whose|that|which|whom|and|will|was|is|has|had)[ ].*")
_ARTICLE = re.compile(r"^(?:an?|the|der|die|das|le|la|el|un|une|una) ")
_AGE = re.compile(r",[ ]\d{2},[ ]")
_NEXT = re.compile(r"(?:['’]s\b)?[ ](?:\([^)\n]{1,30}\)[ ])?([^\W\d_][\w-]*)")
_CREDITING = tuple(",”\"“»’'」』")
"""What stands before a verb that credits the one behind it."""
_OF_OFFICE = ("ecretary of ", "inister of ")
_REACH = 70
"""Characters before a name in which its role stands."""
_FEW = 40
"""Words looked for in a text before it is cut into its words."""


@dataclass(slots=True)
class Mention:
    """One name in a text: [start, end) without a title and without 's. `form` is the name as it stands there,
    `name` the fullest form by which the article calls the same one, `role` the title or role next to
    it here."""

    start: int
    end: int
    form: str
    name: str
    kind: Kind | None = None
    role: str | None = None
    speaks: bool = False
    """Whether a verb of saying stands next to it."""


def mentions(
    text: str,
    language: str | None = None,
    bodies: Container[str] = frozenset(),
    reader: NameReader | None = None,
) -> list[Mention]:
    """The people and organisations named in a text, in order; takes linear time.

    `bodies` are names known to be organisations. "Altman", "Mr. Altman" and "Sam Altman" are one where the
    text has one full name that ends so. Where it has several, "Clinton" is none of them. With a `reader` the
    names of its languages are those that it reads, whose roles and forms are told by the same rules; raises
    PressgaugeError when it gives what is no place of the text.

    >>> text = "OpenAI CEO Sam Altman spoke. Mr. Altman said no."
    >>> [(mention.form, mention.name, mention.role) for mention in mentions(text, "en")]
    [('OpenAI', 'OpenAI', None), ('Sam Altman', 'Sam Altman', 'OpenAI CEO'), ('Altman', 'Sam Altman', 'Mr.')]
    """
    names = _Names(text, language, bodies)
    places = reader(text, language) if reader else None
    if places is None:
        names.read()
    else:
        names.take(places)
    return names.merged()


class _Names:
    """The names of one text; lives as long as they are being read."""

    def __init__(self, text: str, language: str | None, bodies: Container[str]) -> None:
        self.text, self.bodies = text, bodies
        self.language = language or ""
        cues = CUES.get(self.language)
        self.verbs = cues.verbs if cues else frozenset[str]()
        self.closed_words = closed_words(self.language)
        self.sure: dict[str, list[Mention]] = {}
        """By form: organisations, people with a title, and names of several words."""
        self.words: dict[str, list[tuple[int, str]]] = {}
        """Names of one word that may be anybody's: where each stands, and the word behind it. Most turn out
        to be nobody's, so that what stands around them is looked at last."""
        self.lookups = 0

    def read(self) -> None:
        """Go through the text once and keep every name in it, without a look at the others."""
        text, language, words = self.text, self.language, self.words
        for run in RUN.finditer(text):
            start, end = run.span()
            if start and text[start - 1].islower():  # "iPhone"
                start -= 2 if text[start - 2 : start - 1].islower() else 1
            name, after = text[start:end], run[1] or ""
            if " " in name:
                self.run(start, name, after)
            elif name in words and after not in SPEAKING_FOR:
                words[name].append((start, after))
            elif word_shape(name, language) != "none":
                self.single(start, name, after)

    def take(self, places: Iterable[tuple[int, int, str]]) -> None:
        """Add the names that a reader finds, without those that overlap one before."""
        last = 0
        for start, end, kind in sorted(places, key=lambda place: (place[0], -place[1])):
            if not (0 <= start < end <= len(self.text) and kind in get_args(Kind)):
                raise PressgaugeError(
                    f"the reader of names gave ({start!r}, {end!r}, {kind!r}) for a text of {len(self.text)} "
                    f"characters; expected a start, an end behind it and one of {', '.join(get_args(Kind))}"
                )
            if start < last or end - start > _MOST:
                continue
            last = end
            if kind == "organisation":
                self.body(start, end)
            else:
                before = self.precedes(start)
                role = self.role_before(start, before) or self.role_after(end)
                self.mention(start, end, "person", role)

    @cached_property
    def spaced(self) -> str:
        """The text with a plain space for each space, tab and line break."""
        return f" {self.text} ".replace("\n", " ").replace("\xa0", " ").replace("\t", " ")

    @cached_property
    def ordinary(self) -> frozenset[str]:
        """Its words as they are written."""
        return frozenset(self.spaced.split(" "))

    def has_word(self, word: str) -> bool:
        """Whether the text has a word between spaces. A few words are looked for in the text, which is faster
        than to cut it; many in the set of its words, so that any text costs linear time."""
        self.lookups += 1
        return f" {word} " in self.spaced if self.lookups < _FEW else word in self.ordinary

    def run(self, start: int, run: str, after: str | None) -> None:
        """Add the names in a run of several capitalised words, behind which the word `after` stands."""
        if len(run) > _MOST:
            return
        stop = start + len(run)
        first, _, rest = run.partition(" ")
        while rest and self.is_ordinary(start, first):
            start, run = start + len(first) + 1, rest
            first, _, rest = run.partition(" ")
        name = parse_run(run)
        if name and name.words > 1 and self.text.endswith(_OF_OFFICE, 0, start + name.start):
            skip = run.index(" ", name.start) + 1  # "Secretary of State Hillary Clinton"
            start, run = start + skip, run[skip:]
            name = parse_run(run)
        if name is None:
            return
        start, end, first_name = start + name.start, start + name.end, start + name.first
        after = after if end == stop else None
        if name.form == "plain":
            if self.bodies and self.text[start:end] in self.bodies:
                self.body(start, self.extended(start, end))
            else:
                self.person(start, end, name.words, after)
        elif name.form == "single":
            self.single(start, self.text[start:end], after)
        elif name.form == "titled":
            if name.owner:
                self.body(start, start + name.owner)
            if name.first:
                self.mention(first_name, end, "person", self.text[start : first_name - 1])
        elif name.form == "body" or self.text[start:end] in self.bodies:
            self.body(start, self.extended(start, end))
        elif name.form == "code":
            self.body(start, end)

    def single(self, start: int, word: str, after: str | None) -> None:
        """Add a name of one word."""
        shape = word_shape(word, self.language)
        if shape == "none":
            return
        end = start + len(word)
        if shape == "word" and word not in self.bodies:
            after = self.follows(end) if after is None else after
            if after not in SPEAKING_FOR:
                self.words.setdefault(word, []).append((start, after))
                return
        if self.opens_sentence(start, word):
            return
        if shape == "head" and word not in self.bodies:
            if (longer := self.extended(start, end)) > end:
                self.body(start, longer)
        elif shape in ("alone", "code", "word") or word in self.bodies:
            self.add(Mention(start, end, word, word, "organisation"))

    def is_ordinary(self, at: int, word: str) -> bool:
        """Whether a first word is one of the language, with a capital because its sentence begins there."""
        lower = word.lower()
        return lower in self.closed_words or lower in CALENDAR or self.opens_sentence(at, word)

    def opens_sentence(self, at: int, word: str) -> bool:
        """Whether a word may have its capital only because a sentence begins with it.

        That is so where the text has it in small letters, too.
        """
        return self.begins_sentence(at) and not word.isupper() and self.has_word(word.lower())

    def begins_sentence(self, at: int) -> bool:
        text = self.text
        if at > 1 and text[at - 1] == " " and text[at - 2].isalnum():
            return False  # most do not
        before = text[max(0, at - 3) : at].rstrip(" \"'“‘«„(")
        return not before or before[-1] in ".!?:\n—–•"

    def person(self, start: int, end: int, count: int, after: str | None) -> None:
        """Add a name of several words without an organisation's marks: a person's where its surroundings
        tell."""
        before, after = self.precedes(start), self.follows(end) if after is None else after
        role = self.role_before(start, before) or self.role_after(end)
        if not role and count <= 3 and after in SPEAKING_FOR:
            self.body(start, end)
            return
        speaks = self.speaks(start, end, before, after)
        is_person = role or speaks or (self.text.startswith(", ", end) and _AGE.match(self.text, end))
        form = self.text[start:end]
        kind: Kind | None = "person" if is_person and count <= 4 else None
        self.add(Mention(start, end, form, form, kind, role, speaks))

    def extended(self, start: int, end: int) -> int:
        """The end of an organisation's name with what "of" joins to it: "University of Iowa"."""
        if self.text[start:end].rpartition(" ")[2].lower() in HEADS and (more := OF.match(self.text, end)):
            return more.end(1)
        return end

    def add(self, mention: Mention) -> None:
        if mention.form in self.sure:
            self.sure[mention.form].append(mention)
        else:
            self.sure[mention.form] = [mention]

    def body(self, start: int, end: int) -> None:
        form = self.text[start:end]
        self.add(Mention(start, end, form, form, "organisation"))

    def mention(self, start: int, end: int, kind: Kind | None, role: str | None) -> None:
        speaks = self.speaks(start, end, self.precedes(start), self.follows(end))
        form = self.text[start:end]
        self.add(Mention(start, end, form, form, kind, role, speaks))

    def precedes(self, start: int) -> str:
        """The word directly before a name, one space away; empty where something else stands there."""
        if self.text[start - 1 : start] != " ":
            return ""
        at = self.text.rfind(" ", max(0, start - _REACH), start - 1)
        return self.text[at + 1 : start - 1] if at >= 0 or start <= _REACH else ""

    def role_before(self, start: int, word: str) -> str | None:
        """The role in front of a name, whose last word is `word`."""
        if word.rpartition("\n")[2].lower() not in ROLES:
            return None
        before = self.text[max(0, start - _REACH) : start].rpartition("\n")[2].split(" ")[:-1]
        at = len(before) - 1
        while at and len(before) - at < 7 and before[at - 1].lower() not in self.closed_words:
            if before[at - 1].endswith((",", ".", ";", ":", ")", "”", '"')) or before[at - 1] in self.verbs:
                break
            at -= 1
        return " ".join(before[at:])

    def role_after(self, end: int) -> str | None:
        if not self.text.startswith((", ", " , "), end):
            return None
        hit = _AFTER_ROLE.match(self.text, end)
        role = _CLAUSE.sub("", hit[1]).strip() if hit else ""
        if ROLES.isdisjoint(role.lower().split()[:6]):
            return None
        return _ARTICLE.sub("", role)

    def follows(self, end: int) -> str:
        if self.text[end : end + 1] not in (" ", "'", "’"):
            return ""
        hit = _NEXT.match(self.text, end)
        return hit[1] if hit else ""

    def speaks(self, start: int, end: int, before: str, after: str) -> bool:
        """Whether a verb of saying, or "who", stands next to the name; `before` and `after` are the words
        there."""
        if after in self.verbs or after == "who" or self.text.startswith(", who ", end):
            return True
        return before in self.verbs and self.text[start - len(before) - 3 : start].startswith(_CREDITING)

    def merged(self) -> list[Mention]:
        """Each mention under its fullest name, without those of which nothing tells that they are anybody."""
        singles = self.telling_words()
        kinds: dict[str, Kind | None] = {}
        full: dict[str, set[str]] = {}
        for form, group in self.sure.items():
            first, _, rest = form.partition(" ")
            last = rest.rpartition(" ")[2]
            # a second mention by the last word alone makes a person of a full name
            again = last and (last in self.sure or last in singles) and rest.count(" ") < 3
            if again and first not in self.sure and first not in singles:
                for mention in group:
                    mention.kind = mention.kind or "person"
            kinds[form] = kind = next((mention.kind for mention in group if mention.kind), None)
            for mention in group:
                mention.kind = mention.kind or kind
                if last and mention.kind == "person":
                    full.setdefault(last, set()).add(form)
        full_names = {last: fullest(names) for last, names in full.items()}
        for last, fullest_name in full_names.items():
            for form in (last, *full[last]) if fullest_name else ():
                for mention in self.sure.get(form, ()):
                    if mention.kind == "person" and fullest_name:
                        mention.name = fullest_name
        result = [
            mention
            for form, group in self.sure.items()
            for mention in group
            if mention.kind or (mention.speaks and len(group) > 1)
        ]
        family_first = self.family_first(full, singles)
        for word, places in singles.items():
            kind, name = kinds.get(word), full_names.get(word)
            if kind is None and name is None and word in family_first:
                speaking = [place for place in places if self.speaks_alone(word, place)]
                result += self.single_mentions(word, speaking, family_first[word], "person")
            elif name and kind != "organisation":
                result += self.single_mentions(word, places, name, "person")
            elif kind or len(places) > 1:
                result += self.single_mentions(word, places, word, kind)
        result.sort(key=_start)
        return result

    def family_first(self, full: dict[str, set[str]], singles: Container[str]) -> dict[str, str]:
        """Full names by their first word, where that is the family's: "Chey Tae-won", then "Chey". Only where
        one name begins so, and nobody is called by its last word."""
        names: dict[str, set[str]] = {}
        for last, forms in full.items():
            for form in forms:
                names.setdefault(form.partition(" ")[0], set()).add(
                    "" if last in singles or last in self.sure else form
                )
        return {
            first: form
            for first, forms in names.items()
            if len(forms) == 1 and (form := forms.pop()) and is_family_first(form)
        }

    def speaks_alone(self, word: str, place: tuple[int, str]) -> bool:
        """Whether a verb of saying stands next to a name of one word."""
        start, after = place
        return self.speaks(start, start + len(word), self.precedes(start), after)

    def telling_words(self) -> dict[str, list[tuple[int, str]]]:
        """Those of `words` that stand there twice or in a longer name, where they do not just begin a
        sentence."""
        within = set(self.sure)
        for form in self.sure:
            within.add(form.partition(" ")[0])
            within.add(form.rpartition(" ")[2])
        result = {}
        for word, places in self.words.items():
            if len(places) > 1 or word in within:
                left = [place for place in places if not self.opens_sentence(place[0], word)]
                if left:
                    result[word] = left
        return result

    def single_mentions(
        self, word: str, places: list[tuple[int, str]], name: str, kind: Kind | None
    ) -> Iterable[Mention]:
        """The mentions of a name of one word; only where somebody speaks if nothing tells its kind."""
        for start, after in places:
            end, before = start + len(word), self.precedes(start)
            speaks = self.speaks(start, end, before, after)
            if kind or speaks:
                role = self.role_before(start, before) or self.role_after(end)
                yield Mention(start, end, word, name, kind, role, speaks)


def _start(mention: Mention) -> int:
    return mention.start


def fullest(names: Iterable[str]) -> str | None:
    """The fullest of several forms of one person's name; None where they are different people.

    >>> fullest(["Sam Altman", "Sam H. Altman"]), fullest(["Bill Clinton", "Hillary Clinton"])
    ('Sam H. Altman', None)
    """
    longest = max(names, key=lambda name: (len(name.split()), len(name), name))
    first = longest.split()[0]
    same = all(_same_first(name.split()[0], first) for name in names)
    return longest if same else None


def _same_first(one: str, other: str) -> bool:
    return one == other or one.rstrip(".") == other[:1] or other.rstrip(".") == one[:1]
