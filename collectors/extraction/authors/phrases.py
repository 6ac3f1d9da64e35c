"""What the words of a byline say: who wrote, who did something else, and what is no byline at all."""

from __future__ import annotations

import re
from functools import lru_cache

from collectors.extraction.authors.names import is_full, key, split

SURE_LABELS = frozenset(
    f"{label}{end}"
    for label in (
        "author", "authors", "autor", "autorin", "autoren", "auteur", "auteurs", "autore", "autores",
        "written by", "verfasst von", "geschrieben von", "écrit par", "rédigé par", "escrito por",
        "scritto da", "作者", "记者",
    )
    for end in (("", ":", " :", "：") if " " in label else (":", " :", "："))
)  # fmt: skip
"""Lines that, wherever beside a text they stand, label its author."""
BY = re.compile(
    r"(?:^|[\s(（【|·•,.–—-])(?:(?:[Bb]y|BY|[Vv]on|VON|[Pp]ar|PAR|[Pp]or|POR|[Dd]i|[Dd]oor|[Oo]leh|[Aa]f|[Aa]v)(?:\s*:)?\s+"
    r"(?=[^\W\d_])"
    r"|(?i:(?:written|posted|reviewed|published|created|author|authors|autor(?:in|en|es|a)?|auteurs?|autore|автор|text|texte?|story"
    r"|words|redaktion|themenstarter|geschrieben|verfasst|verfasser(?:in)?)\s*(?:by|von|par|por)?\s*:\s*)"
    r"|(?:作者|撰文|著者|责编|責編|责任编辑|编辑|编\s?辑|記者|记者|文)\s?[:：●/／]\s?|(?:本报|特约|通讯)?记者\s?(?=[\u4e00-\u9fff]))"
)
STATEMENT = re.compile(
    r"(?:^|\b(?:article|post|story|piece|report|guide|text|beitrag|artikel) (?:was|is|has been|wurde) )"
    r"(?:originally |first )?(?:written|posted|published|created|submitted|geschrieben|verfasst|erstellt)"
    r"(?:\s+(?:on|am)\s[^.]{1,40}?)?\s+(?:by|von)\s",
    re.I,
)
"""What begins a line or a sentence that tells who wrote the article."""
AUTHOR_BEFORE = re.compile(
    r"(?:(?:guest|contributing|staff|gast)[\s-]?)?(?:author|writer|reporter|contributor|autor(?:in)?)\s+(?=[^\W\d_])",
    re.I,
)
CREDENTIALS = re.compile(
    r",\s*(?:(?:MD|RN|RD|JD|BA)\b|(?=[A-Za-z.]*[A-Z][A-Za-z.]*[A-Z])[A-Za-z.]{3,8}\b)(?:\s\([^()]{2,30}\))?"
)
"""What stands behind a name for what somebody has learnt: 'Ann Lee, MD, PhD'."""
_WORD_BEFORE = re.compile(r"[^\W\d_]\s*$")
_DEED_BEFORE = re.compile(
    r"(?:written|posted|published|created|reviewed|reported|story|words|text|article|interview|analysis|opinion"
    r"|beitrag|artikel|bericht|geschrieben|verfasst|erstellt|eingestellt|veröffentlicht|écrit|publié|escrito"
    r"|publicado|scritto|skrevet)\s*$",
    re.I,
)
"""What may stand right before the 'by' of a byline."""
LABEL = re.compile(
    r"^(?:(?:written|interview) by|by|von|par|por|text|autor(?:in|en|es|a)?|authors?|auteurs?|autore"
    r"|verfasst von|geschrieben von"
    r"|(?:écrit|rédigé) par|escrito por|scritto da|geschreven door|skrivet av|skrevet av"
    r"|napisane przez|posted by|story by|作者|记者)\s*[:：]?$",
    re.I,
)
HEADING_OF_BYLINE = re.compile(
    rf"(?:{LABEL.pattern})|^(?:by|von|par|por)\s.{{3,60}}(?:19|20)\d\d$",
    re.I,
)
"""A heading that names an author: a label, or with a date."""
OTHER_ROLE = re.compile(
    r"(?<!\band )(?<!\bund )(?<!\bet )(?<!\by )(?<!& )"
    r"\b(?:(?:peer|medically|clinically|legally|scientifically|expert)[\s-]reviewed|fact[\s-]?check(?:ed)?"
    r"|edit(?:ed|ing)|redigiert|lektoriert|translat(?:ed|ion)|übersetzt|traduit|traducido|tradotto"
    r"|(?:cover |lead |top |main )?(?:photo(?:s|graph(?:s|y|ed)?)?|fotos?|fotografie|bild(?:er)?"
    r"|pictures?|images?|illustrat(?:ed|ions?)|graphics?|video))"
    r"\s*:?\s+(?:by|von|par|por|di|door|av|af)\b",
    re.I,
)
"""What else than writing somebody is named for; who writes and takes the pictures, too, is the author."""
_BEHIND_NAMES = re.compile(
    r"\s[|•·]\s|\s\bunder\b\s|,\s+in\s|\son:?\s(?=(?:\w+,?\s){0,3}\d)"
    r"|(?:,|\s[-–—])\s(?=(?:mon|tues|wednes|thurs|fri|satur|sun)day\b.{0,20}\d)",
    re.I,
)
"""What parts the names of a byline from its date, rubric or place."""
_CLAUSE = re.compile(r",\s+(?:that|this|it|there|we|they|the|he|she|das|es|wir|der|die)\s", re.I)
_FUNCTION = frozenset((
    "the", "a", "an", "from", "that", "this", "these", "is", "are", "was", "has", "have", "no", "not",
    "its", "their", "his",
    "her", "our", "your", "my", "how", "what", "why", "when", "who", "where", "with", "without", "at",
    "on", "to", "than",
    "then", "now", "far", "all", "every", "using", "default", "email", "phone", "mail", "monday",
    "tuesday", "wednesday",
    "thursday", "friday", "saturday", "sunday", "morning", "anfang", "bis", "auf", "aus", "mit", "zur",
    "zum", "wegen", "für",
    "ist", "sich", "wir", "uns", "ihnen", "ihrer", "ailleurs", "contre", "exemple", "rapport", "une",
    "les", "ses", "otra",
    "otro", "parte", "ejemplo", "favor", "supuesto", "esto", "eso", "ello", "una", "uno", "più", "solito",
    "nuovo",
))  # fmt: skip
"""Words that stand behind 'By', 'von', 'par', 'por' where no name does."""


def is_of_a_sentence(line: str) -> bool:
    """Whether words stand before the 'by' that belong to no byline: 'the choir of St. John' in German."""
    label = BY.search(of_writers(line))
    before = of_writers(line)[: label.start()] if label else ""
    return bool(_WORD_BEFORE.search(before)) and not _DEED_BEFORE.search(before)


def author_parts(texts: list[str]) -> list[str]:
    """The texts, each from the word on that says who wrote, and up to a bar or date behind or to who checked
    it, took its pictures or the like.
    """
    result = []
    for text in texts:
        text = of_writers(text)
        label = BY.search(text)
        text = text[label.start() :].lstrip(" (（【|·•,.–—-") if label else text
        result.append(_BEHIND_NAMES.split(text, maxsplit=1)[0])
    return result


@lru_cache(maxsize=1024)
def of_writers(text: str) -> str:
    """The text without those whom it names for anything but writing."""
    parts, at = [], 0
    while role := OTHER_ROLE.search(text, at):
        parts.append(text[at : role.start()].rstrip(" ;.,|–—-"))
        writer = BY.search(text, role.end())
        at = writer.start() if writer else len(text)
    return " ".join(filter(None, (*parts, text[at:].strip()))) if at else text


def is_plausible(texts: list[str]) -> bool:
    """Whether what stands behind 'By' in running text can be a name."""
    words = {word.casefold() for text in texts for name in split(text) for word in re.findall(r"\w+", name)}
    return words.isdisjoint(_FUNCTION) and not any(map(_CLAUSE.search, texts))


def only_names(text: str) -> bool:
    """Whether the text is of persons' full names and what joins them."""
    names = split(text)
    return (
        all(map(is_full, names))
        and not text.endswith(":")
        and sum(len(key(name)) for name in names) >= 0.9 * len(key(text)) > 0
    )


def names_somebody(texts: list[str]) -> bool:
    return any(is_full(name) and not name.islower() for text in texts for name in split(text))
