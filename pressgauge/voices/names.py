"""People and organisations that an article names, and which of the names mean the same one.

Names are read as they are written: runs of words with a capital. What they are is told by what stands next to
them: a title or a role ("Sen.", "chief executive"), a verb of saying, a second mention by the last word alone,
a word such as "University" or "Inc.". A name of which nothing tells what it is remains without a kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from pressgauge.voices.languages import CUES

Kind = Literal["person", "organisation"]

_UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢİĪĮĶĹĻŁŃŅŇŌŐŒŔŘŚŞŠȘŢŤȚŪŮŰŲŹŻŽ"
_PARTICLE = "de|del|della|der|den|di|da|dos|du|la|le|van|von|zu|zur|bin|ibn|al|el|ten|ter|af|av"
_WORD = rf"(?:[{_UPPER}][\w-]*(?:['’][{_UPPER}]\w+|['’]\w{{3,}})?(?:\.(?=[ ]?[{_UPPER}]))?|[a-z]{{1,2}}[A-Z]\w+)"
_RUN = re.compile(rf"(?<![\w@#/.-]){_WORD}(?:(?:[ ](?:(?:{_PARTICLE})[ ]){{0,2}}|[ ]&[ ]){_WORD})*")
_LOWER = re.compile(r"(?<![\w'’-])[^\W\d_A-ZÀ-Þ][\w-]*")
_LONGEST = 8  # words of one run; more is a heading

_TITLES = frozenset(
    """mr mrs ms miss mx dr prof professor sir dame lord lady sen senator rep representative congressman congresswoman
 gov governor gen general col colonel lt lieutenant capt captain sgt sergeant cmdr adm admiral president chancellor minister premier
 mayor secretary speaker king queen prince princess pope rev reverend judge justice ambassador commissioner ceo cto cfo coo chairman
 chairwoman chair chief director herr frau m mme mlle monsieur madame sr sra señor señora don doña
 dr. hr ministre président présidente presidente presidenta ministro ministra präsident präsidentin minister
 ministerin kanzler kanzlerin bundeskanzler bundeskanzlerin bundespräsident professorin professeur profesor profesora detective
 officer attorney rabbi imam sheriff sheikh coach deputy vice former ex-president""".split()
)
_ROLES = frozenset(
    """spokesman spokeswoman spokesperson founder co-founder cofounder executive director manager analyst researcher
 professor scientist minister senator lawyer attorney economist author engineer president chief head leader adviser advisor
 strategist journalist reporter editor chairman chairwoman chair secretary commissioner governor mayor lawmaker congressman
 congresswoman historian critic columnist activist expert fellow partner investor entrepreneur developer representative
 officer official judge prosecutor detective doctor physician student teacher professor-emeritus writer poet artist actor
 actress singer director-general boss ceo candidate nominee pollster host anchor consultant designer programmer
 mathematician philosopher sociologist psychologist biologist physicist chemist linguist lecturer dean principal farmer
 resident owner organizer organiser coordinator treasurer counsel ambassador diplomat general commander premier deputy
 chancellor legislator delegate billionaire businessman businesswoman
 sprecher sprecherin firmenchef firmenchefin forscher forscherin informatiker informatikerin anwältin anwalt analyst analystin gründer gründerin
 vorstandschef vorstandschefin ministerin professorin entwickler entwicklerin abgeordnete abgeordneter chefin chef leiter leiterin
 präsidentin präsident ökonom ökonomin autor autorin journalist journalistin geschäftsführer geschäftsführerin
 directeur directrice fondateur fondatrice chercheur chercheuse ministre président présidente économiste porte-parole
 député députée sénateur sénatrice patron patronne développeur développeuse commissaire avocat avocate auteur
 autrice professeur professeure
 ministra ministro portavoz presidenta presidente fundador fundadora investigador investigadora director directora profesor
 profesora economista analista abogado abogada diputado diputada catedrático catedrática consejero consejera autora""".split()
)
_BODIES = frozenset(
    """inc corp corporation co ltd llc plc gmbh ag sa se nv group holdings company companies bank university college institute
 institution school academy laboratory laboratories lab labs center centre foundation association federation union
 committee commission council court department ministry agency administration bureau office authority board party
 congress senate parliament house government army navy police league club society network alliance coalition
 initiative fund trust partners capital ventures technologies systems software studios media news times post
 journal tribune herald gazette guardian press radio television magazine airlines motors hospital church
 organization organisation campaign team universität hochschule institut verband ministerium kommission partei
 stiftung verlag bundesamt université école commissariat assemblée ministère parti fondation universidad
 ministerio comisión partido fundación instituto gobierno collective project""".split()
)
_HEADS = frozenset(
    "bank university institute department ministry house court bureau office board council school college committee commission"
    " association federation society union museum universität université universidad ministère ministerio instituto comisión".split()
)
_NOT_BODIES = frozenset("ai us uk eu u.s u.k usa tv pc ceo cto cfo coo it ok pm am id gpu cpu api gdp i ii iii iv vi vii viii ix xi un dna".split())
_CALENDAR = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
 october november december montag dienstag mittwoch donnerstag freitag samstag sonntag januar februar märz mai juni juli
 oktober dezember english french german spanish chinese american european british russian republican democratic democrat
 democrats republicans internet christmas easter""".split()
)
_AFTER_ROLE = re.compile(r"[ ]?,[ ](?:(?:aged[ ])?\d{1,3},[ ])?((?:\w[\w’'&.-]*[ ]?){1,12})")
_AGE = re.compile(r",[ ]\d{2},[ ]")
_NEXT = re.compile(r"(?:['’]s\b)?[ ](?:\([^)\n]{1,30}\)[ ])?([^\W\d_][\w-]*)")
_BEFORE = re.compile(r"((?:[^\W\d_][\w’'&-]*[ ]){1,6})$")


@dataclass(slots=True)
class Mention:
    """One name in a text: [start, end) without a title and without 's. `name` is the fullest form by which
    the article calls the same one, `role` the title or role next to it here."""

    start: int
    end: int
    written: str
    name: str
    kind: Kind | None = None
    role: str | None = None


def mentions(text: str, language: str | None = None, bodies: Iterable[str] = ()) -> list[Mention]:
    """The people and organisations named in a text, in order; takes linear time.

    `bodies` are names known to be organisations. "Altman", "Mr. Altman" and "Sam Altman" are one where the
    text has one full name that ends so, and two where it has several; so are "OpenAI" and "OpenAI Inc.".

    >>> text = "OpenAI CEO Sam Altman spoke. Mr. Altman said no."
    >>> [(found.written, found.name, found.kind) for found in mentions(text, "en")]
    [('OpenAI', 'OpenAI', 'organisation'), ('Sam Altman', 'Sam Altman', 'person'), ('Altman', 'Sam Altman', 'person')]
    """
    reader = _Names(text, language, frozenset(bodies))
    found = [mention for run in _RUN.finditer(text) for mention in reader.run(run.start(), run[0])]
    return _merged(found)


class _Names:
    def __init__(self, text: str, language: str | None, bodies: frozenset[str]) -> None:
        self.text, self.bodies = text, bodies
        self.ordinary = set(_LOWER.findall(text))
        cues = CUES.get(language or "")
        self.verbs = cues.verbs if cues else frozenset()
        self.closed = (cues.closed | cues.determiners | cues.pronouns | cues.skipped) if cues else frozenset()
        self.nouns_too = language == "de"

    def run(self, start: int, run: str) -> Iterator[Mention]:
        """The names in a run of capitalised words."""
        words = [(hit.start() + start, hit[0]) for hit in re.finditer(r"[^ ]+", run)]
        while words and self.is_ordinary(words[0]):
            words = words[1:]
        while words and words[-1][1].lower() in _CALENDAR:
            words = words[:-1]
        if not words or len(words) > _LONGEST:
            return
        titled = max((n for n, (_, word) in enumerate(words) if _is_title(word)), default=-1)
        body = any(word.lower().strip(".") in _BODIES for _, word in words[titled + 1 :])
        if titled >= 0 and titled + 1 < len(words) and not body:
            yield from self.person(words[titled + 1 :], self.between(words[: titled + 1]))
            before = [word for word in words[:titled] if not _is_title(word[1])]
            if before and before[0] == words[0]:
                yield self.mention(before, "organisation")
        elif titled == len(words) - 1 and titled > 0:
            yield self.mention(words[:titled], "organisation" if words[titled][1].isupper() else None)
        elif titled < 0 or body:
            yield from self.named(words, body)

    def is_ordinary(self, word: tuple[int, str]) -> bool:
        """Whether a first word is one of the language, with a capital because its sentence begins there."""
        lower = word[1].lower()
        if lower in self.closed or lower in _CALENDAR:
            return True
        return lower in self.ordinary and not word[1].isupper() and self.begins_sentence(word[0])

    def begins_sentence(self, at: int) -> bool:
        before = self.text[max(0, at - 3) : at].rstrip(" \"'“‘«„(")
        return not before or before[-1] in ".!?:\n—–•"

    def named(self, words: list[tuple[int, str]], body: bool) -> Iterator[Mention]:
        last, first = words[-1], words[0]
        end = last[0] + len(last[1])
        name = self.between(words)
        if body or name in self.bodies:
            yield self.mention(self.extended(words), "organisation")
            return
        role = self.role_before(first[0]) or self.role_after(end)
        if role and 2 <= len(words) <= 4 and not any(_is_acronym(word) for _, word in words):
            yield self.mention(words, "person", role)
        elif len(words) == 1 and (_is_acronym(last[1]) or _is_camel(last[1])):
            if last[1].lower() not in _NOT_BODIES:
                yield self.mention(words, "organisation")
        elif self.followed_by_role(end) and len(words) <= 3:
            yield self.mention(words, "organisation")
        elif 2 <= len(words) <= 4 and (self.speaks(first[0], end) or _AGE.match(self.text, end)):
            yield self.mention(words, "person")
        else:
            yield self.mention(words, None, role)

    def person(self, words: list[tuple[int, str]], title: str) -> Iterator[Mention]:
        if len(words) <= 4 and not any(_is_acronym(word) for _, word in words):
            yield self.mention(words, "person", title.strip())

    def extended(self, words: list[tuple[int, str]]) -> list[tuple[int, str]]:
        """With what "of" joins to it: "University of Iowa"."""
        if words[-1][1].lower() not in _HEADS:
            return words
        end = words[-1][0] + len(words[-1][1])
        more = re.compile(rf"[ ](?:of|for|de|du|del|für|der|des)[ ](?:the[ ]|la[ ])?({_WORD}(?:[ ]{_WORD}){{0,3}})").match(self.text, end)
        return [*words, (more.start(1), more[1])] if more else words

    def mention(self, words: list[tuple[int, str]], kind: Kind | None, role: str | None = None) -> Mention:
        start, end = words[0][0], words[-1][0] + len(words[-1][1])
        written = self.text[start:end]
        return Mention(start, end, written, written, kind, role)

    def between(self, words: list[tuple[int, str]]) -> str:
        return self.text[words[0][0] : words[-1][0] + len(words[-1][1])]

    def role_before(self, start: int) -> str | None:
        hit = _BEFORE.search(self.text, max(0, start - 70), start)
        if hit is None:
            return None
        words = hit[1].split()
        if words[-1].lower() not in _ROLES:
            return None
        for at in range(len(words) - 1, -1, -1):
            if words[at].lower() in self.closed and at < len(words) - 1:
                return " ".join(words[at + 1 :])
        return " ".join(words)

    def role_after(self, end: int) -> str | None:
        hit = _AFTER_ROLE.match(self.text, end)
        if hit is None or not any(word in _ROLES for word in hit[1].lower().split()[:6]):
            return None
        return re.sub(r"^(?:an?|the|der|die|das|le|la|el|un|une|una) ", "", hit[1].strip())

    def followed_by_role(self, end: int) -> bool:
        hit = _NEXT.match(self.text, end)
        return hit is not None and hit[1] in _ROLES

    def speaks(self, start: int, end: int) -> bool:
        """Whether a verb of saying, or "who", stands next to the name."""
        after = _NEXT.match(self.text, end)
        if after and (after[1] in self.verbs or after[1] == "who"):
            return True
        before = self.text[max(0, start - 20) : start].split()
        return bool(before) and before[-1] in self.verbs


def _is_title(word: str) -> bool:
    return word.lower().strip(".") in _TITLES


def _is_acronym(word: str) -> bool:
    return len(word) > 1 and word.isupper() and word.isalpha()


def _is_camel(word: str) -> bool:
    return any(sign.isupper() for sign in word[1:]) and any(sign.islower() for sign in word) and word.isalnum() and not word.startswith(("Mc", "Mac", "De", "O"))


def _merged(found: list[Mention]) -> list[Mention]:
    """Each mention under its fullest name; those of which nothing tells what they are left out."""
    alone = {mention.written for mention in found if " " not in mention.written}
    for mention in found:  # a second mention by the last word alone makes a person of a full name
        words = mention.written.split()
        if mention.kind is None and 2 <= len(words) <= 4 and words[-1] in alone and words[0] not in alone:
            mention.kind = "person"
    full: dict[str, set[str]] = {}
    for mention in found:
        words = mention.written.split()
        if mention.kind == "person" and len(words) > 1:
            full.setdefault(words[-1], set()).add(mention.written)
    kinds: dict[str, Kind] = {}
    for mention in found:
        if mention.kind:
            kinds.setdefault(mention.written, mention.kind)
    whole = {last: _longest(names) for last, names in full.items()}
    for mention in found:
        last = mention.written.split()[-1]
        name = whole.get(last)
        if mention.kind is None:
            mention.kind = kinds.get(mention.written)
        if name and mention.kind != "organisation" and (mention.written == last or mention.written in full[last]):
            mention.name, mention.kind = name, "person"
    return [mention for mention in found if mention.kind is not None]


def _longest(names: set[str]) -> str | None:
    """The fullest of several forms of one name; None where they are different people."""
    fullest = max(names, key=lambda name: (len(name.split()), name))
    first = fullest.split()[0]
    same = all(_same_first(name.split()[0], first) for name in names)
    return fullest if same else None


def _same_first(one: str, other: str) -> bool:
    return one == other or one.strip(".") == other[:1] or other.strip(".") == one[:1]
