"""What a run of words with a capital is by itself, whatever stands around it: the words of names."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from pressgauge.voices.languages import CUES
from pressgauge.voices.languages.cues import words

_UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢİĪĮĶĹĻŁŃŅŇŌŐŒŔŘŚŞŠȘŢŤȚŪŮŰŲŹŻŽ"
_PARTICLE = "de|del|della|der|den|di|da|dos|du|la|le|van|von|zu|zur|bin|ibn|al|el|ten|ter|af|av"
_ABBREVIATED = "Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Col|Lt|Sgt|St|Rev|Sr|Sra|Hr|Capt"
_REST = rf"[\w-]*(?:['’][{_UPPER}]\w+|['’]\w{{3,}})?"
_WORD = rf"(?:(?:[{_UPPER}]|{_ABBREVIATED})\.|[{_UPPER}]{_REST}|[a-z]{{1,2}}[A-Z]\w+)"
_NO_START = r"(?<![\w@#/.-])"
_TAIL = "|".join(rf"(?<={word[0]}){word[1:]}" for word in _ABBREVIATED.split("|"))
# begins with a set of characters, which a regular expression is searched for fastest by; the small letters
# of "iPhone" and "xAI" are put in front afterwards
RUN = re.compile(
    rf"[{_UPPER}](?:(?<![\w@#/.-].)(?:\.|(?:{_TAIL})\.|{_REST})"
    rf"|(?:(?<={_NO_START}[a-z].)|(?<={_NO_START}[a-z][a-z].))\w+)"
    rf"(?:(?:[ ](?:(?:{_PARTICLE})[ ]){{0,2}}|[ ]&[ ]){_WORD})*"
    rf"(?=(?:['’]s\b)?[ ](?:\([^)\n]{{1,30}}\)[ ])?([^\W\d_][\w-]*)|)"
)
"""A run of words with a capital; its group is the next word, where only a space, an 's or a bracket stands
between."""
OF = re.compile(rf"[ ](?:of|for|de|du|del|für|der|des)[ ](?:the[ ]|la[ ])?({_WORD}(?:[ ]{_WORD}){{0,3}})")
"""What "of" joins to the name of an organisation."""
_LONGEST = 8  # words of one run; more is a heading

_OFFICES = words("ceo cto cfo coo cio cmo ciso evp svp vp")
"""Offices by their initials."""
_TITLES = (
    words("""mr mrs ms miss mx dr prof professor sir dame lord lady sen
    senator rep representative congressman congresswoman gov governor gen general col colonel lt
    lieutenant capt captain sgt sergeant cmdr adm admiral president chancellor minister premier mayor
    secretary speaker king queen prince princess pope rev reverend judge justice ambassador
    commissioner chairman chairwoman chair chief director herr frau m mme mlle
    monsieur madame sr sra señor señora don doña hr ministre président présidente presidente
    presidenta ministro ministra präsident präsidentin minister ministerin kanzler kanzlerin
    bundeskanzler bundeskanzlerin bundespräsident professorin professeur profesor profesora detective
    officer attorney rabbi imam sheriff sheikh coach deputy vice former ex-president
    """)
    | _OFFICES
)
ROLES = (
    words("""spokesman spokeswoman spokesperson founder co-founder
    cofounder executive director manager analyst researcher professor scientist minister senator
    lawyer attorney economist author engineer president chief head leader adviser advisor strategist
    journalist reporter editor chairman chairwoman chair secretary commissioner governor mayor
    lawmaker congressman congresswoman historian critic columnist activist expert fellow partner
    investor entrepreneur developer representative officer official judge prosecutor detective doctor
    physician student teacher professor-emeritus writer poet artist actor actress singer director-
    general boss candidate nominee pollster host anchor consultant designer programmer
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
    | _OFFICES
)
SPEAKING_FOR = words(
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
HEADS = words("""bank university institute department ministry house court
    bureau office board council school college committee commission association federation society
    union museum universität université universidad ministère ministerio instituto comisión
    """)
_LONE_BODIES = words("congress senate parliament pentagon kremlin bundestag")
"""Bodies whose one word is their name."""
_NOT_BODIES = (
    words("""ai us uk eu u.s u.k usa tv pc it ok pm am
    id gpu cpu api gdp i ii iii iv vi vii viii ix xi un dna
    """)
    | _OFFICES
)
CALENDAR = words(
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
_MARKED = CALENDAR | _PEOPLES | _TITLES | ROLES | _BODIES
_CAPITALS = re.compile(r"(?<![^\W_])[^\W\d_a-zß-ÿ]{2,}(?![^\W_])")
_OF_CLAN = re.compile(r"(?:Mc|Mac|De|Le|La|Van|Di|Fitz)[A-Z]")


_FAMILIES = words("""kim lee park choi chung jung jeong kang cho yoon jang chang lim im han oh seo shin
    kwon hwang ahn song yoo hong chey moon wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo
    gao lin luo zheng liang xie tang xi deng feng cao zeng xiao cheng cai pan yuan dong yu su lu jiang wei jia
    ding ren tan fang fan tsai hsu chiang chu nguyen tran pham
    """)
"""Family names, in Latin letters, that stand in front of the given one: Korean, Chinese, Vietnamese."""
_TWO_SYLLABLES = re.compile(r"[A-Z][a-z]+ [A-Z][a-z]+-[a-z]+")


def is_family_first(name: str) -> bool:
    """Whether a full name begins with that of the family, as "Chey Tae-won" and "Xi Jinping" do."""
    return name.partition(" ")[0].lower() in _FAMILIES or _TWO_SYLLABLES.fullmatch(name) is not None


@cache
def closed_words(language: str) -> frozenset[str]:
    """Words of a language that are no names, whatever their capital."""
    cues = CUES.get(language)
    return cues.closed | cues.determiners | cues.pronouns | cues.skipped if cues else frozenset()


Shape = Literal["none", "alone", "head", "body", "code", "capitals", "word"]


@lru_cache(maxsize=1 << 15)
def word_shape(word: str, language: str) -> Shape:
    """What a word with a capital can be by itself, whatever stands around it: no name, a body that one word
    names, the head of a body's name, another word of such names, an acronym or a word with capitals inside,
    capitals that name nobody, or any other word."""
    lower = word.lower()
    if lower in closed_words(language) or lower in CALENDAR or lower in _TITLES or lower in _PEOPLES:
        return "none"
    if lower in _LONE_BODIES:
        return "alone"
    if lower in _BODIES:
        return "head" if lower in HEADS else "body"
    if _is_acronym(word) or _is_camel(word):
        is_body = lower not in _NOT_BODIES and (len(word) <= 5 or not word.isupper())
        return "code" if is_body else "capitals"
    return "word"


class Run(NamedTuple):
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
def parse_run(run: str) -> Run | None:
    """What the words of a run say, whatever stands around it; None for what is no name."""
    if "." not in run and _MARKED.isdisjoint(lower := run.lower().split(" ")):  # most are
        if len(lower) > _LONGEST:
            return None
        return Run("single" if len(lower) == 1 else _by_capitals(run.split(" ")), 0, len(run), len(lower))
    words = run.split(" ")
    lower = [word.lower() for word in words]
    while words and lower[-1] in CALENDAR:
        del words[-1], lower[-1]
    start, end = 0, len(" ".join(words))
    if len(words) > 1 and lower[0] in _PEOPLES and lower[-1] not in _BODIES:
        start = len(words[0]) + 1
        del words[0], lower[0]
    count = len(words)
    if count == 1:
        return Run("single", start, end, 1)
    if not words or count > _LONGEST:
        return None
    lower = [word.rstrip(".") for word in lower]
    lower[1:] = ["" if word == "m" else word for word in lower[1:]]  # "Edward M. Kennedy" is no monsieur
    if lower[-1] in _TITLES and words[-1].isupper():
        return Run("code", start, end - len(words[-1]) - 1, count - 1)  # "OpenAI CEO"
    title = next((at for at in range(count - 2, -1, -1) if lower[at] in _TITLES or lower[at] in ROLES), -1)
    if not _BODIES.isdisjoint(lower[title + 1 :]):
        return Run("body", start, end, count)
    if title < 0:
        return Run(_by_capitals(words), start, end, count)
    owned = title and words[title].isupper() and lower[0] not in _TITLES
    person = " ".join(words[title + 1 :])
    is_person = count - title <= 5 and not _CAPITALS.search(person)
    first = end - len(person) if is_person else 0
    return Run("titled", start, end, count, first, len(" ".join(words[:title])) if owned else 0)


def _by_capitals(words: list[str]) -> Literal["code", "nobody", "plain"]:
    """An organisation where a name has an acronym in it: "DARPA", but not "THE NEW YORK TIMES" or "US"."""
    if not _CAPITALS.search(" ".join(words)):
        return "plain"
    is_body = words[-1].lower() not in _NOT_BODIES and not all(word.isupper() for word in words)
    return "code" if is_body else "nobody"


def _is_acronym(word: str) -> bool:
    return len(word) > 1 and word.isupper() and word.isalpha()


def _is_camel(word: str) -> bool:
    """Whether a word has capitals inside, as names of firms do and those of the McCarthys do otherwise."""
    inside = word[1:]
    return inside != inside.lower() and not word.isupper() and word.isalnum() and not _OF_CLAN.match(word)
