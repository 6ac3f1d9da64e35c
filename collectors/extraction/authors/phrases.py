"""What the words of a byline say: who wrote, who did something else, and what is no byline at all."""

from __future__ import annotations

import re
from functools import lru_cache

from collectors.extraction.authors.names import (
    HAN_WRITERS,
    TEXT_AND_PICTURES,
    TEXT_BY,
    WRITERS,
    is_agency,
    is_full,
    key,
    split,
)

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
    r"(?:^|[\s(（【|·•,.–—；;\])）-])(?:"
    r"(?:[Bb]y|BY|[Vv]on|VON|[Pp]ar|PAR|[Pp]or|POR|[Dd]i|[Dd]oor|[Oo]leh|[Aa]f|[Aa]v)(?:\s*:)?\s+"
    r"(?=[^\W\d_])"
    # Names begin so, too: 'AV Club', 'DI Kommando'.
    r"|(?:DI|DOOR|OLEH|AV)(?:\s*:)?\s+(?=[^\W\d_a-zß-ÿ]{2,}\s[^\W\d_a-zß-ÿ]{2})"
    rf"|(?i:(?:{WRITERS}|written|posted|reviewed|published|created|story|words"
    r"|text(?:e|o|os)?(?:\s?(?:/|&|and|und|et|y|och|og|e)\s?(?:photos?|fotos?|foton|bild(?:er)?|pictures))?"
    r"|redaktion|themenstarter|geschrieben|verfasst|verfasser(?:in)?)\s*(?:by|von|par|por)?\s*[:：]\s*)"
    rf"|(?:{HAN_WRITERS})\s?[:：●/／｜|丨＝=]\s?|(?:本报|特约|通讯)?记者\s?(?=[\u4e00-\u9fff])"
    r"|由\s?(?=[^\s\d]{2,12}\s?(?:发表|發表|张贴|張貼|发布|發佈|撰写|撰寫))"
    r"|(?:[Ss]critto|[Rr]edatto) da\s(?=[^\W\d_]))"
    rf"|^(?i:(?:{TEXT_BY})\s*[:：]\s*|(?:بقلم|מאת)\s+|автор\s[—–]\s|(?:{TEXT_AND_PICTURES})\s+|文・"
    r"|dal (?:nostro )?(?:inviato|corrispondente)\s+|aus (?:\S+\s){1,3}?berichte[tn]\s+)"
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
    r"^(?:(?:written|interview) by|by|von|par|por|text|作者"
    r"|verfasst von|geschrieben von"
    r"|(?:écrit|rédigé) par|escrito por|scritto da|geschreven door|skrivet av|skrevet av"
    rf"|napisane przez|posted by|story by|[记記]者|執筆者|著者|投稿者|{WRITERS})\s*[:：]?$"
    rf"|^(?:{HAN_WRITERS})[:：]$",
    re.I,
)
HEADING_OF_BYLINE = re.compile(
    rf"(?:{LABEL.pattern})|^(?:by|von|par|por)\s.{{3,60}}(?:19|20)\d\d$",
    re.I,
)
"""A heading that names an author: a label, or with a date."""
_PICTURES = (
    r"(?:cover |lead |top |main )?(?:photo(?:s|graph(?:s|y|ed|ers?)?)?|fotos?|fotograf(?:ie|ía|ia|ar|en)?"
    r"|bild(?:er)?|pictures?|images?|illustrat(?:ed|ions?|ionen)|graphics?|grafik|video|zdjęcia|fotoğraf|фото"
    r"|تصوير)"
)
OTHER_ROLE = re.compile(
    # Only where a word begins is anything else looked at.
    r"(?:\b(?=\w)|(?=[\u30a0-\ud7ff]))"
    r"(?<!\band )(?<!\bund )(?<!\bet )(?<!\by )(?<!\boch )(?<!\bog )(?<!\be )(?<![&＆] )(?<![&＆/／·・])"
    r"(?:\b(?:(?:peer|medically|clinically|legally|scientifically|expert)[\s-]reviewed|fact[\s-]?check(?:ed)?"
    r"|edit(?:ed|ing)|redigiert|lektoriert|translat(?:ed|ion)|übersetzt|traduit|traducido|tradotto"
    rf"|{_PICTURES})\s*:?\s+(?:by|von|par|por|di|door|av|af)\b"
    rf"|\b(?:{_PICTURES}|edit(?:or|ed|ing)|editör|redaktor(?:ka)?|редактор|редакция|translat(?:or|ion)|übersetzung"
    r"|traduc(?:tion|ción)|traduzione|tradução|tłumaczenie|перевод|تحرير|ترجمة)\s*[:：]"
    r"|(?:责任编辑|責任編輯|责编|責編|编\s?辑|編輯|編集|校对|校對|[图圖]片?|[摄攝]影|写真|撮影|翻[译訳譯]|[译譯]者|编译"
    r"|监制|审[核校]|[监監]修|イラスト"
    r"|(?:사진|영상|그래픽|그림|촬영|일러스트)(?:[·・/,]\s?(?:사진|영상|그래픽))*(?:\s?제공)?|편집)(?:\s?[:：/／｜|丨＝=●]|\s))",
    re.I,
)
"""What else than writing somebody is named for; who writes and takes the pictures, too, is the author."""
_BEHIND_NAMES = re.compile(
    r"\s[|•·]\s|\s\bunder\b\s|,\s+in\s|\son:?\s(?=(?:\w+,?\s){0,3}\d)"
    r"|(?:,|\s[-–—])\s(?=(?:mon|tues|wednes|thurs|fri|satur|sun)day\b.{0,20}\d)",
    re.I,
)
"""What parts the names of a byline from its date, rubric or place."""
_CLAUSE = re.compile(
    r",\s+(?!the (?:associated|canadian) press)"
    r"(?:that|this|it|there|we|they|the|he|she|das|es|wir|der|die)\s",
    re.I,
)
_ONE_WORD = re.compile(r"(?:di|de|da|av|af)\s\S+")
"""A word behind another ('Articolo di Legge') and no name of two."""
_SET_PHRASE = re.compile(
    r"popular demand|any \w+|contrast|and large|way of \w+|invitation only|hand|design|chance\b.*|accident"
    r"|(\w+) zu \1|conséquent|hasard|avion|ici\b.*|fin|lo \w+|primera vez|enquanto|isso|que não|de week"
    r"|dik en dun",
    re.I,
)
"""All that stands behind 'By' in set phrases; single words of these are names, too."""
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
        start, end = label.span() if label else (0, 0)
        names = _BEHIND_NAMES.split(text[end:], maxsplit=1)[0]
        result.append(f"{text[start:end].lstrip(' (（【|·•,.–—；;])）-')}{names}")
    return result


@lru_cache(maxsize=1024)
def of_writers(text: str) -> str:
    """The text without those whom it names for anything but writing."""
    at = 0
    while role := OTHER_ROLE.search(text, at):
        before = text[at : role.start()].rstrip(" ;.,|–—-")
        writer = BY.search(text, role.end())
        if writer is None or BY.search(before) or only_names(before):
            return before
        at = writer.start()
    return text[at:].strip() if at else text


def is_plausible(texts: list[str]) -> bool:
    """Whether what stands behind 'By' in running text can be a name."""
    names = [name for text in texts for name in split(text) if not is_agency(name)]
    words = {word.casefold() for name in names for word in re.findall(r"\w+", name)}
    return (
        words.isdisjoint(_FUNCTION)
        and not any(map(_CLAUSE.search, texts))
        and not any(_ONE_WORD.fullmatch(name) or _SET_PHRASE.fullmatch(name) for name in names)
    )


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
