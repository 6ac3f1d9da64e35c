"""People and organisations that an article names, and which of the names mean the same one.

Names are read as they are written: runs of words with a capital. What they are is told by what stands next
to them: a title or a role ("Sen.", "chief executive"), a verb of saying, a second mention by the last word
alone, a word such as "University" or "Inc.". A name of which nothing tells what it is remains without a kind.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from pressgauge.voices.languages import CUES
from pressgauge.voices.languages.cues import words

Kind = Literal["person", "organisation"]

_UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢİĪĮĶĹĻŁŃŅŇŌŐŒŔŘŚŞŠȘŢŤȚŪŮŰŲŹŻŽ"
_PARTICLE = "de|del|della|der|den|di|da|dos|du|la|le|van|von|zu|zur|bin|ibn|al|el|ten|ter|af|av"
_ABBREVIATED = "Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Col|Lt|Sgt|St|Rev|Sr|Sra|Hr|Capt"
_REST = rf"[\w-]*(?:['’][{_UPPER}]\w+|['’]\w{{3,}})?"
_WORD = rf"(?:(?:[{_UPPER}]|{_ABBREVIATED})\.|[{_UPPER}]{_REST}|[a-z]{{1,2}}[A-Z]\w+)"
_NO_START = r"(?<![\w@#/.-])"
_TAIL = "|".join(rf"(?<={word[0]}){word[1:]}" for word in _ABBREVIATED.split("|"))
# begins with a set of characters, which a regular expression is searched for fastest by; the small letters
# of "iPhone" and "xAI" are put in front afterwards
_RUN = re.compile(
    rf"[{_UPPER}](?:(?<![\w@#/.-].)(?:\.|(?:{_TAIL})\.|{_REST})"
    rf"|(?:(?<={_NO_START}[a-z].)|(?<={_NO_START}[a-z][a-z].))\w+)"
    rf"(?:(?:[ ](?:(?:{_PARTICLE})[ ]){{0,2}}|[ ]&[ ]){_WORD})*"
)
_OF = re.compile(rf"[ ](?:of|for|de|du|del|für|der|des)[ ](?:the[ ]|la[ ])?({_WORD}(?:[ ]{_WORD}){{0,3}})")
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
_LONE_BODIES = words("congress senate parliament pentagon kremlin bundestag")
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
_CREDITING = tuple(',”"“»')
"""What stands before a verb that credits the one behind it."""
_OF_OFFICE = ("ecretary of ", "inister of ")
_REACH = 70
"""Characters before a name in which its role stands."""


@dataclass(slots=True)
class Mention:
    """One name in a text: [start, end) without a title and without 's. `written` is the name as it stands
    there, `name` the fullest form by which the article calls the same one, `role` the title or role next to
    it here."""

    start: int
    end: int
    form: str
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
    >>> [(mention.form, mention.name, mention.role) for mention in mentions(text, "en")]
    [('OpenAI', 'OpenAI', None), ('Sam Altman', 'Sam Altman', 'OpenAI CEO'), ('Altman', 'Sam Altman', 'Mr.')]
    """
    reader = _Names(text, language, bodies)
    result: list[Mention] = []
    for run in _RUN.finditer(text):
        start, end = run.span()
        if start and text[start - 1].islower():  # "iPhone"
            start -= 2 if text[start - 2 : start - 1].islower() else 1
        name = text[start:end]
        if " " in name:
            reader.run(start, name, result)
        elif _word_shape(name, reader.language) != "none":  # "The", "He"
            reader.single(start, name, result)
    return _merge_mentions(result)


@cache
def _closed_words(language: str) -> frozenset[str]:
    """Words of a language that are no names, whatever their capital."""
    cues = CUES.get(language)
    return cues.closed | cues.determiners | cues.pronouns | cues.skipped if cues else frozenset()


Shape = Literal["none", "alone", "head", "body", "code", "capitals", "word"]


@lru_cache(maxsize=1 << 15)
def _word_shape(word: str, language: str) -> Shape:
    """What a word with a capital can be by itself, whatever stands around it: no name, a body that one word
    names, the head of a body's name, another word of such names, an acronym or a word with capitals inside,
    capitals that name nobody, or any other word."""
    lower = word.lower()
    if lower in _closed_words(language) or lower in _CALENDAR or lower in _TITLES or lower in _PEOPLES:
        return "none"
    if lower in _LONE_BODIES:
        return "alone"
    if lower in _BODIES:
        return "head" if lower in _HEADS else "body"
    if _is_acronym(word) or _is_camel(word):
        is_body = lower not in _NOT_BODIES and (len(word) <= 5 or not word.isupper())
        return "code" if is_body else "capitals"
    return "word"


class _Run(NamedTuple):
    """What a run of capitalised words is by itself, in [start, end) of it."""

    form: Literal["single", "titled", "body", "code", "plain", "nobody"]
    start: int
    end: int
    words: int
    first: int = 0
    """Where a person's name begins behind a title; 0 without one."""
    owner: int = 0
    """Characters of the organisation in front of the title: "OpenAI CEO Sam Altman"."""


@lru_cache(maxsize=1 << 15)
def _parse_run(run: str) -> _Run | None:
    """What the words of a run say, whatever stands around it; None for what is no name."""
    words = run.split(" ")
    lower = [word.lower() for word in words]
    while words and lower[-1] in _CALENDAR:
        del words[-1], lower[-1]
    start, end = 0, len(" ".join(words))
    if len(words) > 1 and lower[0] in _PEOPLES and lower[-1] not in _BODIES:
        start = len(words[0]) + 1
        del words[0], lower[0]
    count = len(words)
    if count == 1:
        return _Run("single", start, end, 1)
    if not words or count > _LONGEST:
        return None
    lower = [word.rstrip(".") for word in lower]
    lower[1:] = ["" if word == "m" else word for word in lower[1:]]  # "Edward M. Kennedy" is no monsieur
    if lower[-1] in _TITLES and words[-1].isupper():
        return _Run("code", start, end - len(words[-1]) - 1, count - 1)  # "OpenAI CEO"
    title = next((at for at in range(count - 2, -1, -1) if lower[at] in _TITLES or lower[at] in _ROLES), -1)
    if not _BODIES.isdisjoint(lower[title + 1 :]):
        return _Run("body", start, end, count)
    if title < 0:
        return _Run(_by_capitals(words), start, end, count)
    owned = title and words[title].isupper() and lower[0] not in _TITLES
    person = " ".join(words[title + 1 :])
    is_person = count - title <= 5 and not _CAPITALS.search(person)
    first = end - len(person) if is_person else 0
    return _Run("titled", start, end, count, first, len(" ".join(words[:title])) if owned else 0)


def _by_capitals(words: list[str]) -> Literal["code", "nobody", "plain"]:
    """An organisation where a name has an acronym in it: "DARPA", but not "THE NEW YORK TIMES" or "US"."""
    if not _CAPITALS.search(" ".join(words)):
        return "plain"
    is_body = words[-1].lower() not in _NOT_BODIES and not all(word.isupper() for word in words)
    return "code" if is_body else "nobody"


class _Names:
    """Reads the names of one text."""

    def __init__(self, text: str, language: str | None, bodies: Container[str]) -> None:
        self.text, self.bodies = text, bodies
        self.ordinary = set(text.split())
        self.language = language or ""
        cues = CUES.get(self.language)
        self.verbs = cues.verbs if cues else frozenset[str]()
        self.closed_words = _closed_words(self.language)

    def run(self, start: int, run: str, result: list[Mention]) -> None:
        """Add the names in a run of several capitalised words."""
        if len(run) > _MOST:
            return
        while " " in run and self.is_ordinary(start, run[: run.index(" ")]):
            start, run = start + run.index(" ") + 1, run[run.index(" ") + 1 :]
        name = _parse_run(run)
        if name and name.words > 1 and self.text.endswith(_OF_OFFICE, 0, start + name.start):
            after = run.index(" ", name.start) + 1  # "Secretary of State Hillary Clinton"
            start, run = start + after, run[after:]
            name = _parse_run(run)
        if name is None:
            return
        start, end, first = start + name.start, start + name.end, start + name.first
        if name.form == "single":
            word = self.text[start:end]
            if _word_shape(word, self.language) != "none":
                self.single(start, word, result)
        elif name.form == "titled":
            if name.owner:
                result.append(self.body(start, start + name.owner))
            if name.first:
                result.append(self.mention(first, end, "person", self.text[start : first - 1]))
        elif name.form == "body" or self.text[start:end] in self.bodies:
            result.append(self.body(start, self.extended(start, end)))
        elif name.form == "code":
            result.append(self.body(start, end))
        elif name.form == "plain":
            result.append(self.person(start, end, name.words))

    def single(self, start: int, word: str, result: list[Mention]) -> None:
        """Add a name of one word, which most are."""
        shape = _word_shape(word, self.language)
        if shape == "none" or self.opens_sentence(start, word):
            return
        end = start + len(word)
        if shape == "alone" or word in self.bodies:
            result.append(Mention(start, end, word, word, "organisation"))
        elif shape == "head":
            if (longer := self.extended(start, end)) > end:
                result.append(self.body(start, longer))
        elif shape == "code":
            result.append(Mention(start, end, word, word, "organisation"))
        elif shape == "word":
            after = self.follows(end)
            if after in _SPEAKING_FOR:
                result.append(Mention(start, end, word, word, "organisation"))
                return
            before = self.precedes(start)
            role = self.role_before(start, before) or self.role_after(end)
            result.append(Mention(start, end, word, word, None, role, self.speaks(start, end, before, after)))

    def is_ordinary(self, at: int, word: str) -> bool:
        """Whether a first word is one of the language, with a capital because its sentence begins there."""
        lower = word.lower()
        return lower in self.closed_words or lower in _CALENDAR or self.opens_sentence(at, word)

    def opens_sentence(self, at: int, word: str) -> bool:
        """Whether a word that the text has in small letters, too, begins a sentence."""
        return word.lower() in self.ordinary and not word.isupper() and self.begins_sentence(at)

    def begins_sentence(self, at: int) -> bool:
        before = self.text[max(0, at - 3) : at].rstrip(" \"'“‘«„(")
        return not before or before[-1] in ".!?:\n—–•"

    def person(self, start: int, end: int, count: int) -> Mention:
        """A name of several words without an organisation's marks: a person's where its surroundings tell."""
        before, after = self.precedes(start), self.follows(end)
        role = self.role_before(start, before) or self.role_after(end)
        if not role and count <= 3 and after in _SPEAKING_FOR:
            return self.body(start, end)
        speaks = self.speaks(start, end, before, after)
        is_person = role or speaks or (self.text.startswith(", ", end) and _AGE.match(self.text, end))
        return self.mention(start, end, "person" if is_person and count <= 4 else None, role, speaks)

    def extended(self, start: int, end: int) -> int:
        """The end of an organisation's name with what "of" joins to it: "University of Iowa"."""
        if self.text[start:end].rpartition(" ")[2].lower() in _HEADS and (more := _OF.match(self.text, end)):
            return more.end(1)
        return end

    def body(self, start: int, end: int) -> Mention:
        return self.mention(start, end, "organisation", None, False)

    def mention(
        self, start: int, end: int, kind: Kind | None, role: str | None, speaks: bool | None = None
    ) -> Mention:
        if speaks is None:
            speaks = self.speaks(start, end, self.precedes(start), self.follows(end))
        form = self.text[start:end]
        return Mention(start, end, form, form, kind, role, speaks)

    def precedes(self, start: int) -> str:
        """The word before a name, if only a space stands between them."""
        if self.text[start - 1 : start] != " ":
            return ""
        at = self.text.rfind(" ", max(0, start - _REACH), start - 1)
        return self.text[at + 1 : start - 1] if at >= 0 or start <= _REACH else ""

    def role_before(self, start: int, word: str) -> str | None:
        """The role in front of a name, whose last word is `word`."""
        if word.rpartition("\n")[2].lower() not in _ROLES:
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
        if _ROLES.isdisjoint(role.lower().split()[:6]):
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


def _is_acronym(word: str) -> bool:
    return len(word) > 1 and word.isupper() and word.isalpha()


def _is_camel(word: str) -> bool:
    """Whether a word has capitals inside, as names of firms do and those of the McCarthys do otherwise."""
    inside = word[1:]
    return inside != inside.lower() and not word.isupper() and word.isalnum() and not _OF_CLAN.match(word)


def _merge_mentions(result: list[Mention]) -> list[Mention]:
    """Each mention under its fullest name, without those of which nothing tells that they are anybody."""
    often = Counter(mention.form for mention in result)
    single_words = {mention.form for mention in result if " " not in mention.form}
    kinds: dict[str, Kind] = {}
    for mention in result:  # a second mention by the last word alone makes a person of a full name
        if mention.kind is None and " " in mention.form:
            words = mention.form.split()
            if len(words) <= 4 and words[-1] in single_words and words[0] not in single_words:
                mention.kind = "person"
        if mention.kind:
            kinds.setdefault(mention.form, mention.kind)
    full: dict[str, set[str]] = {}
    for mention in result:
        mention.kind = mention.kind or kinds.get(mention.form)
        if mention.kind == "person" and " " in mention.form:
            full.setdefault(mention.form.rpartition(" ")[2], set()).add(mention.form)
    full_names = {last: fullest(names) for last, names in full.items()}
    for mention in result:
        last = mention.form.rpartition(" ")[2]
        name = full_names.get(last)
        if name and mention.kind != "organisation" and (" " not in mention.form or mention.kind):
            mention.name, mention.kind = name, "person"
    return [mention for mention in result if mention.kind or (mention.speaks and often[mention.form] > 1)]


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
