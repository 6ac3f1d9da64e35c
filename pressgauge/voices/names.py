"""People and organisations that an article names, and which of the names mean the same one.

Names are read as they are written: runs of words with a capital. What they are is told by what stands next
to them: a title or a role ("Sen.", "chief executive"), a verb of saying, a second mention by the last word
alone, a word such as "University" or "Inc.". A name of which nothing tells what it is remains without a kind.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from pressgauge.voices.languages import CUES
from pressgauge.voices.languages.cues import words

Kind = Literal["person", "organisation"]

_UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢİĪĮĶĹĻŁŃŅŇŌŐŒŔŘŚŞŠȘŢŤȚŪŮŰŲŹŻŽ"
_PARTICLE = "de|del|della|der|den|di|da|dos|du|la|le|van|von|zu|zur|bin|ibn|al|el|ten|ter|af|av"
_WORD = (
    rf"(?:(?:[{_UPPER}]|Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Col|Lt|Sgt|St|Rev|Sr|Sra|Hr|Capt)\."
    rf"|[{_UPPER}][\w-]*(?:['’][{_UPPER}]\w+|['’]\w{{3,}})?|[a-z]{{1,2}}[A-Z]\w+)"
)
_RUN = re.compile(
    rf"(?<![\w@#/.-])(?=[{_UPPER}]|[a-z]{{1,2}}[A-Z]){_WORD}"
    rf"(?:(?:[ ](?:(?:{_PARTICLE})[ ]){{0,2}}|[ ]&[ ]){_WORD})*"
)
_OF = re.compile(rf"[ ](?:of|for|de|du|del|für|der|des)[ ](?:the[ ]|la[ ])?({_WORD}(?:[ ]{_WORD}){{0,3}})")
_PART = re.compile(r"[^ ]+")
_LONGEST = 8  # words of one run; more is a heading
_MOST = 120  # characters

_TITLES = words("""mr mrs ms miss mx dr prof professor sir dame lord lady sen
    senator rep representative congressman congresswoman gov governor gen general col colonel lt
    lieutenant capt captain sgt sergeant cmdr adm admiral president chancellor minister premier mayor
    secretary speaker king queen prince princess pope rev reverend judge justice ambassador
    commissioner ceo cto cfo coo chairman chairwoman chair chief director herr frau m mme mlle
    monsieur madame sr sra señor señora don doña hr ministre président présidente presidente
    presidenta ministro ministra präsident präsidentin minister ministerin kanzler kanzlerin
    bundeskanzler bundeskanzlerin bundespräsident professorin professeur profesor profesora detective
    officer attorney rabbi imam sheriff sheikh coach deputy vice former ex-president
    """)
_ROLES = words("""spokesman spokeswoman spokesperson founder co-founder
    cofounder executive director manager analyst researcher professor scientist minister senator
    lawyer attorney economist author engineer president chief head leader adviser advisor strategist
    journalist reporter editor chairman chairwoman chair secretary commissioner governor mayor
    lawmaker congressman congresswoman historian critic columnist activist expert fellow partner
    investor entrepreneur developer representative officer official judge prosecutor detective doctor
    physician student teacher professor-emeritus writer poet artist actor actress singer director-
    general boss ceo candidate nominee pollster host anchor consultant designer programmer
    mathematician philosopher sociologist psychologist biologist physicist chemist linguist lecturer
    dean principal farmer resident owner organizer organiser coordinator treasurer counsel ambassador
    diplomat general commander premier deputy chancellor legislator delegate billionaire businessman
    businesswoman sprecher sprecherin firmenchef firmenchefin forscher forscherin informatiker
    informatikerin anwältin anwalt analyst analystin gründer gründerin vorstandschef vorstandschefin
    ministerin professorin entwickler entwicklerin abgeordnete abgeordneter chefin chef leiter
    leiterin präsidentin präsident ökonom ökonomin autor autorin journalist journalistin
    geschäftsführer geschäftsführerin directeur directrice fondateur fondatrice chercheur chercheuse
    ministre président présidente économiste porte-parole député députée sénateur sénatrice patron
    patronne développeur développeuse commissaire avocat avocate auteur autrice professeur professeure
    ministra ministro portavoz presidenta presidente fundador fundadora investigador investigadora
    director directora profesor profesora economista analista abogado abogada diputado diputada
    catedrático catedrática consejero consejera autora
    """)
_SPEAKING_FOR = words(
    """spokesman spokeswoman spokesperson executive founder co-
    founder cofounder ceo chief researcher engineer employee analyst sprecher sprecherin chef chefin
    porte-parole portavoz fundador fondateur gründer
    """
)
"""Roles that only an organisation has: "Meta spokesperson"."""
_BODIES = words("""inc corp corporation co ltd llc plc gmbh ag sa se nv group
    holdings company companies bank university college institute institution school academy laboratory
    laboratories lab labs center centre foundation association federation union committee commission
    council court department ministry agency administration bureau office authority board party
    congress senate parliament house government army navy police league club society network alliance
    coalition initiative fund trust partners capital ventures technologies systems software studios
    media news times post journal tribune herald gazette guardian press radio television magazine
    airlines motors hospital church organization organisation campaign team universität hochschule
    institut verband ministerium kommission partei stiftung verlag bundesamt université école
    commissariat assemblée ministère parti fondation universidad ministerio comisión partido fundación
    instituto gobierno collective project
    """)
_HEADS = words("""bank university institute department ministry house court
    bureau office board council school college committee commission association federation society
    union museum universität université universidad ministère ministerio instituto comisión
    """)
_ALONE = words("congress senate parliament pentagon kremlin bundestag")
"""Bodies whose one word is their name."""
_NOT_BODIES = words("""ai us uk eu u.s u.k usa tv pc ceo cto cfo coo it ok pm am
    id gpu cpu api gdp i ii iii iv vi vii viii ix xi un dna
    """)
_CALENDAR = words(
    """monday tuesday wednesday thursday friday saturday sunday
    january february march april may june july august september october november december montag
    dienstag mittwoch donnerstag freitag samstag sonntag januar februar märz mai juni juli oktober
    dezember internet christmas easter
    """
)
_PEOPLES = words(
    """english french german spanish chinese american european
    british russian republican democratic democrat democrats republicans
    """
)
_AFTER_ROLE = re.compile(r"[ ]?,[ ](?:(?:aged[ ]|[JS]r\.,?[ ])?(?:\d{1,3},[ ])?)?((?:\w[\w’'&-]*[ ]?){1,12})")
_CLAUSE = re.compile(r"[ ](?:who|whose|that|which|whom|and|will|was|is|has|had)[ ].*")
_ARTICLE = re.compile(r"^(?:an?|the|der|die|das|le|la|el|un|une|una) ")
_AGE = re.compile(r",[ ]\d{2},[ ]")
_NEXT = re.compile(r"(?:['’]s\b)?[ ](?:\([^)\n]{1,30}\)[ ])?([^\W\d_][\w-]*)")
_CAPITALS = re.compile(r"(?<![^\W_])[^\W\d_a-zß-ÿ]{2,}(?![^\W_])")
_OF_CLAN = re.compile(r"(?:Mc|Mac|De|Le|La|Van|Di|Fitz)[A-Z]")
_REACH = 70
"""Characters before a name in which its role stands."""


@dataclass(slots=True)
class Mention:
    """One name in a text: [start, end) without a title and without 's. `written` is the name as it stands
    there, `name` the fullest form by which the article calls the same one, `role` the title or role next to
    it here."""

    start: int
    end: int
    written: str
    name: str
    kind: Kind | None = None
    role: str | None = None
    speaks: bool = False
    """Whether a verb of saying stands next to it."""


def mentions(text: str, language: str | None = None, bodies: Container[str] = frozenset()) -> list[Mention]:
    """The people and organisations named in a text, in order; takes linear time.

    `bodies` are names known to be organisations. "Altman", "Mr. Altman" and "Sam Altman" are one where the
    text has one full name that ends so. Where it has several, "Clinton" is none of them.

    >>> text = "OpenAI CEO Sam Altman spoke. Mr. Altman said no."
    >>> [(found.written, found.name, found.role) for found in mentions(text, "en")]
    [('OpenAI', 'OpenAI', None), ('Sam Altman', 'Sam Altman', 'OpenAI CEO'), ('Altman', 'Sam Altman', 'Mr.')]
    """
    reader = _Names(text, language, bodies)
    found: list[Mention] = []
    for run in _RUN.finditer(text):
        name = run[0]
        if len(name) <= _MOST and name.lower() not in reader.closed:  # "The", "He"
            reader.run(run.start(), name, found)
    return _merged(found)


@cache
def _closed(language: str) -> frozenset[str]:
    """Words of a language that are no names, whatever their capital."""
    cues = CUES.get(language)
    return cues.closed | cues.determiners | cues.pronouns | cues.skipped if cues else frozenset()


Words = list[tuple[int, str]]


class _Names:
    """Reads the names of one text."""

    def __init__(self, text: str, language: str | None, bodies: Container[str]) -> None:
        self.text, self.bodies = text, bodies
        self.ordinary = set(text.split())
        cues = CUES.get(language or "")
        self.verbs = cues.verbs if cues else frozenset[str]()
        self.closed = _closed(language or "")

    def run(self, start: int, run: str, found: list[Mention]) -> None:
        """Add the names in a run of capitalised words."""
        if " " not in run:
            self.single(start, run, found)
            return
        words = [(hit.start() + start, hit[0]) for hit in _PART.finditer(run)]
        while words and self.is_ordinary(*words[0]):
            del words[0]
        while words and words[-1][1].lower() in _CALENDAR:
            del words[-1]
        if len(words) > 1 and words[0][1].lower() in _PEOPLES and words[-1][1].lower() not in _BODIES:
            del words[0]
        if len(words) < 2:
            for at, word in words:
                self.single(at, word, found)
            return
        if self.text.endswith(("ecretary of ", "inister of "), 0, words[0][0]):
            del words[0]  # "Secretary of State Hillary Clinton"
        if len(words) > _LONGEST:
            return
        lower = [word.lower().rstrip(".") for _, word in words]
        if len(words) > 1 and lower[-1] in _TITLES and words[-1][1].isupper():
            found.append(self.mention(words[:-1], "organisation"))  # "OpenAI CEO"
            return
        titled = len(lower) - 2
        while titled >= 0 and lower[titled] not in _TITLES and lower[titled] not in _ROLES:
            titled -= 1
        if _BODIES.isdisjoint(lower[titled + 1 :]):
            found += self.named(words, False) if titled < 0 else self.titled(words, titled)
        else:
            found += self.named(words, True)

    def single(self, start: int, word: str, found: list[Mention]) -> None:
        """Add a name of one word, which most are."""
        lower = word.lower()
        if lower in _TITLES or lower in _PEOPLES or self.is_ordinary(start, word):
            return
        end = start + len(word)
        if word in self.bodies or lower in _ALONE:
            found.append(Mention(start, end, word, word, "organisation"))
        elif lower in _BODIES:
            if lower in _HEADS and len(words := self.extended([(start, word)])) > 1:
                found.append(self.mention(words, "organisation"))
        elif _is_acronym(word) or _is_camel(word):
            if lower not in _NOT_BODIES and self.is_name([(start, word)], end):
                found.append(Mention(start, end, word, word, "organisation"))
        elif (after := self.follows(end)) in _SPEAKING_FOR:
            found.append(Mention(start, end, word, word, "organisation"))
        else:
            role = self.role_before(start) or self.role_after(end)
            found.append(Mention(start, end, word, word, None, role, self.speaks(start, end, after)))

    def titled(self, words: Words, last: int) -> Iterator[Mention]:
        """A person behind a title, and the organisation whose title it is: "OpenAI CEO Sam Altman"."""
        if words[last][1].isupper() and last and words[0][1].lower() not in _TITLES:
            yield self.mention(words[:last], "organisation")
        person = words[last + 1 :]
        if len(person) <= 4 and not _CAPITALS.search(self.between(person)):
            yield self.mention(person, "person", self.between(words[: last + 1]))

    def is_ordinary(self, at: int, word: str) -> bool:
        """Whether a first word is one of the language, with a capital because its sentence begins there."""
        lower = word.lower()
        if lower in self.closed or lower in _CALENDAR:
            return True
        return lower in self.ordinary and not word.isupper() and self.begins_sentence(at)

    def begins_sentence(self, at: int) -> bool:
        before = self.text[max(0, at - 3) : at].rstrip(" \"'“‘«„(")
        return not before or before[-1] in ".!?:\n—–•"

    def named(self, words: Words, body: bool) -> Iterator[Mention]:
        """A name without a title; of no kind where nothing tells it yet."""
        start, end, count = words[0][0], words[-1][0] + len(words[-1][1]), len(words)
        if body or self.text[start:end] in self.bodies:
            yield self.mention(self.extended(words), "organisation")
        elif self.has_capitals(words):
            if words[-1][1].lower() not in _NOT_BODIES and self.is_name(words, end):
                yield self.mention(words, "organisation")
        elif role := self.role_before(start) or self.role_after(end):
            yield self.mention(words, "person" if 2 <= count <= 4 else None, role)
        elif count <= 3 and self.follows(end) in _SPEAKING_FOR:
            yield self.mention(words, "organisation")
        elif 2 <= count <= 4 and (self.speaks(start, end, self.follows(end)) or _AGE.match(self.text, end)):
            yield self.mention(words, "person")
        else:
            yield self.mention(words, None)

    def has_capitals(self, words: Words) -> bool:
        """Whether a name has an acronym in it, or is a word with capitals inside: "DeepSeek"."""
        if len(words) == 1:
            return _is_acronym(words[0][1]) or _is_camel(words[0][1])
        return _CAPITALS.search(self.between(words)) is not None

    def is_name(self, words: Words, end: int) -> bool:
        """Whether capitals are those of a name, not of a heading or the place in front of a report."""
        if len(words) > 1:
            return not all(word.isupper() for _, word in words)
        return len(words[0][1]) <= 5 or not words[0][1].isupper()

    def extended(self, words: Words) -> Words:
        """With what "of" joins to it: "University of Iowa"."""
        if words[-1][1].lower() in _HEADS and (
            more := _OF.match(self.text, words[-1][0] + len(words[-1][1]))
        ):
            return [*words, (more.start(1), more[1])]
        return words

    def mention(self, words: Words, kind: Kind | None, role: str | None = None) -> Mention:
        start, end = words[0][0], words[-1][0] + len(words[-1][1])
        written = self.text[start:end]
        speaks = kind != "organisation" and self.speaks(start, end, self.follows(end))
        return Mention(start, end, written, written, kind, role, speaks)

    def between(self, words: Words) -> str:
        return self.text[words[0][0] : words[-1][0] + len(words[-1][1])]

    def role_before(self, start: int) -> str | None:
        last = self.text[max(0, start - _REACH) : start - 1].rpartition(" ")[2].rpartition("\n")[2]
        if self.text[start - 1 : start] != " " or last.lower() not in _ROLES:
            return None
        before = self.text[max(0, start - _REACH) : start].rpartition("\n")[2].split(" ")[:-1]
        at = len(before) - 1
        while at and len(before) - at < 7 and before[at - 1].lower() not in self.closed:
            if before[at - 1].endswith((",", ".", ";", ":", ")", "”", '"')) or before[at - 1] in self.verbs:
                break
            at -= 1
        return " ".join(before[at:])

    def role_after(self, end: int) -> str | None:
        if not self.text.startswith((", ", " , "), end):
            return None
        hit = _AFTER_ROLE.match(self.text, end)
        role = _CLAUSE.sub("", hit[1]).strip() if hit else ""
        if _ROLES.isdisjoint(role.lower().split()[:6]):
            return None
        return _ARTICLE.sub("", role)

    def follows(self, end: int) -> str:
        hit = _NEXT.match(self.text, end)
        return hit[1] if hit else ""

    def speaks(self, start: int, end: int, after: str) -> bool:
        """Whether a verb of saying, or "who", stands next to the name; `after` is the word that follows."""
        if after in self.verbs or after == "who" or self.text.startswith(", who ", end):
            return True
        before, _, verb = self.text[max(0, start - 20) : start].rstrip(" ").rpartition(" ")
        return verb in self.verbs and before.endswith((",", "”", '"', "“", "»"))


def _is_acronym(word: str) -> bool:
    return len(word) > 1 and word.isupper() and word.isalpha()


def _is_camel(word: str) -> bool:
    """Whether a word has capitals inside, as names of firms do and those of the McCarthys do otherwise."""
    inside = word[1:]
    return inside != inside.lower() and not word.isupper() and word.isalnum() and not _OF_CLAN.match(word)


def _merged(found: list[Mention]) -> list[Mention]:
    """Each mention under its fullest name, without those of which nothing tells that they are anybody."""
    often = Counter(mention.written for mention in found)
    alone = {mention.written for mention in found if " " not in mention.written}
    kinds: dict[str, Kind] = {}
    for mention in found:  # a second mention by the last word alone makes a person of a full name
        if mention.kind is None and " " in mention.written:
            words = mention.written.split()
            if len(words) <= 4 and words[-1] in alone and words[0] not in alone:
                mention.kind = "person"
        if mention.kind:
            kinds.setdefault(mention.written, mention.kind)
    full: dict[str, set[str]] = {}
    for mention in found:
        mention.kind = mention.kind or kinds.get(mention.written)
        if mention.kind == "person" and " " in mention.written:
            full.setdefault(mention.written.rpartition(" ")[2], set()).add(mention.written)
    whole = {last: fullest(names) for last, names in full.items()}
    for mention in found:
        last = mention.written.rpartition(" ")[2]
        name = whole.get(last)
        if name and mention.kind != "organisation" and (" " not in mention.written or mention.kind):
            mention.name, mention.kind = name, "person"
    return [mention for mention in found if mention.kind or (mention.speaks and often[mention.written] > 1)]


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
