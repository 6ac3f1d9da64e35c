"""What stands around an article's text: link lists, teasers, newsletter boxes, bylines, legal notes.

Two passes, both general rules and never a publisher's: on the tree before a library reads it, and on the
lines after. The first follows the link-density and class-name heuristics of Kohlschütter et al., "Boilerplate
Detection using Shallow Text Features" (WSDM 2010).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from lxml import etree
from lxml.html import HtmlElement

from collectors.extraction.authors.names import key as name_key
from collectors.extraction.authors.names import split
from pressgauge.unicode import without_controls

_LINK_SHARE = 0.8
_HOLDS_THE_ARTICLE = 0.3
"""An element with more than this share of the page's paragraph text is kept, whatever its class is called."""

_CLASS = re.compile(
    r"related|recommend|newsletter|outbrain|taboola|most-?(?:read|popular)|read-?(?:more|also|next)"
    r"|more-?(?:from|on|stories)"
    r"|also-?like|trending|popular|promo(?:tion)?\b|teaser|subscri(?:be|ption)|sign-?up|author-?(?:bio|box"
    r"|info)|bio-?box"
    r"|disclaimer|copyright|cookie|consent|gdpr|modal|popup|overlay|(?:^|[\s_-])(?:share|sharing|social"
    r"|tags?|toolbar|comments?)(?:$|[\s_-])"
    r"|linkbox|link-?list|fact-?box|fakta-?box|info-?box|\bcta\b|call-to-action|correction-?box|print-?only"
    r"|visually-?hidden|sr-only|screen-?reader",
)
# As this one and the other two patterns of a line's beginning it is matched with lower case, which takes less
# than half of the time that re.I does.
SEE_ALSO = re.compile(
    r"^\W{0,4}(?:read (?:more|also|next|now|on)|also read|see also|see more|more (?:from|on|about|stories"
    r"|news)\b|related\b|recommended"
    r"|you (?:may|might) (?:also )?(?:like|be interested)|don.t miss|watch (?:more|now|live)?\s*:"
    r"|click here|sign up|subscribe"
    r"|lesen sie (?:auch|hier|mehr|dazu)|lies auch|mehr (?:zum thema|dazu|lesen|aus|über)|auch interessant"
    r"|das könnte (?:sie|dich)"
    r"|weiterlesen|hier finden sie|zum thema\b|passend dazu"
    r"|leggi anche|per approfondire|potrebbe interessarti|lire aussi|à lire (?:aussi|également)|lisez aussi"
    r"|voir aussi"
    r"|le[ea] (?:también|además|más)|te puede interesar|vea también|ver también|más información"
    r"|leia (?:também|mais)|veja (?:também|mais)"
    r"|lees ook|les også|læs også|läs (?:också|även|mer)|lue myös|czytaj (?:też|także|więcej)|zobacz (?:też"
    r"|także)|читайте (?:также|ещё)"
    r"|читать также|関連|推荐阅读|相关阅读|延伸阅读|관련기사)",
)


_COOKIES = re.compile(
    r"\b(?:we|site|website|page) (?:and our partners )?(?:uses?|stores?) cookies"
    r"|(?:website|seite|wir) (?:verwende[nt]|nutz(?:en|t)|setz(?:en|t)) cookies"
    r"|utilis(?:e|ons) des cookies|(?:usamos|utilizamos|utiliza) cookies"
    r"|(?:usiamo|utilizza|utilizziamo) (?:i )?cookie|(?:gebruiken|gebruikt|använder|bruker|bruger) cookies",
    re.I,
)
_BOXES = frozenset(
    {
        "div",
        "section",
        "aside",
        "article",
        "ul",
        "ol",
        "li",
        "p",
        "h2",
        "h3",
        "h4",
        "header",
        "footer",
        "table",
        "figure",
        "form",
        "dl",
    }
)


_NAMED = etree.XPath("//body//*[@class or @id]")
_PARAGRAPH_TEXTS = etree.XPath("descendant-or-self::p//text()", smart_strings=False)


@lru_cache(maxsize=16_384)
def _names_furniture(name: str) -> bool:
    return _CLASS.search(name.lower()) is not None


def without_boilerplate(tree: HtmlElement) -> HtmlElement:
    """The same tree, changed: without link lists, lone links and boxes named like furniture."""
    etree.strip_elements(tree, "script", "style", "noscript", with_tail=False)
    whole = sum(map(len, _PARAGRAPH_TEXTS(tree))) or 1
    for element in _NAMED(tree):
        if element.tag not in _BOXES:
            continue
        name = f"{element.get('class') or ''} {element.get('id') or ''}"
        if (
            _names_furniture(name)
            and element.getparent() is not None
            and sum(map(len, _PARAGRAPH_TEXTS(element))) < _HOLDS_THE_ARTICLE * whole
        ):
            drop(element)
    for element in list(tree.iter("ul", "ol")):
        if link_share(element) > _LINK_SHARE:
            drop(element)
    for element in list(tree.iter("p", "h2", "h3", "h4", "h5")):
        if next(element.iter("a"), None) is None:
            continue
        text = text_of_element(element)
        if (
            text
            and len(text) < 250
            and (
                (text[-1] not in '.!?…»”"' and link_share(element) > 0.95)
                or (SEE_ALSO.match(text.lower()) and element.find(".//a") is not None)
            )
        ):
            drop(element)
    return tree


def text_of_element(element: HtmlElement) -> str:
    return " ".join("".join(element.itertext()).split())


def link_share(element: HtmlElement) -> float:
    whole = len("".join(text_of_element(element)))
    return sum(len(text_of_element(link)) for link in element.iter("a")) / whole if whole else 0.0


def drop(element: HtmlElement) -> None:
    """Take the element out of its tree, but not the text behind it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        previous = element.getprevious()
        if previous is not None:
            previous.tail = without_controls((previous.tail or "") + element.tail)
        else:
            parent.text = without_controls((parent.text or "") + element.tail)
    parent.remove(element)


_WALL = re.compile(
    r"subscribe (?:now )?to (?:continue|read|unlock|access)|to continue reading|continue reading (?:this"
    r"|with)|already a (?:subscriber|member)"
    r"|(?:log|sign) in to (?:read|continue)|(?:for|exclusive to|only for) (?:our )?subscribers"
    r"|subscriber[- ](?:only|exclusive)"
    r"|this (?:article|content|story) is (?:for|only available|reserved)|jetzt weiterlesen|weiterlesen mit"
    r"|exklusiv für abonnenten"
    r"|nur für abonnenten|(?:abo|plus)[- ]artikel|réservé(?:e)? (?:à nos|aux) abonnés"
    r"|il vous reste .{1,20} (?:de cet article|à lire)"
    r"|(?:contenido )?exclusivo para suscriptores|suscríbete para (?:leer|seguir)|per continuare a leggere"
    r"|contenuto riservato"
    r"|exclusivo para assinantes|alleen voor abonnees|logga in för att läsa|for abonnenter|kun for abonnenter"
    r"|会員限定|有料会員|続きを読むには|订阅.{0,6}阅读全文|구독자 전용",
    re.I,
)
"""What stands where a wall cuts an article off."""
_WALL_WORDS = (
    "subscri", "continue reading", "already a ", " in to ", "this article is", "this content is",
    "this story is", "weiterlesen", "abonn", "artikel", "il vous reste", "suscr", "leggere", "riservato",
    "assinantes", "logga in", "会員", "続きを読む", "订阅", "구독자",
)  # fmt: skip
"""Without one of these, in lower case, no line is one of a wall: they are found in a tenth of the time."""


def is_wall(line: str) -> bool:
    """Whether the line asks to subscribe or to log in for the rest of the article."""
    return _may_hold_a_wall(line) and _WALL.search(line) is not None


def _may_hold_a_wall(text: str) -> bool:
    lower = text.lower()
    return any(word in lower for word in _WALL_WORDS)


def is_boilerplate(line: str) -> bool:
    """A short line that leads elsewhere or closes the page."""
    return len(line) < 300 and bool(SEE_ALSO.match(lower := line.lower()) or _TAIL.match(lower))


_TAIL = re.compile(
    r"^\W{0,4}(?:©|copyright|\(c\)|all rights reserved|alle rechte vorbehalten|our standards:|reporting by"
    r"|writing by|editing by|additional reporting"
    r"|this (?:article|story) (?:(?:was|has been) )?(?:originally|first)|follow (?:us|me|him|her|.{2,40}) on"
    r"|(?:contact|email|write to|reach) (?:us|me|him|her|.{2,40}) at\b"
    r"|get in touch|sign up|subscribe|newsletter|tell us what|share this|comments?$|leave a (?:comment"
    r"|reply)|would you like to comment"
    r"|please read our|join the (?:conversation|discussion)|click here|download (?:our|the) app"
    r"|get .{2,40} on the go|tags?:|topics?:|source:|quelle:|fonte:|fuente:"
    r"|an error (?:has )?occurred|thank you$|advertisement|anzeige$|popular$)",
)


_CLOSING_NOTE = re.compile(
    r"\b(?:delivered|right|straight|sent)\b.{0,40}\b(?:inbox|mailbox|letterbox)\b"
    r"|\bnewsletters?\b.{0,200}\b(?:sign up|subscribe)"
    r"|\b(?:sign(?:ing)? up|subscrib\w+|anmelden|abonnier\w+)\b.{0,120}\bnewsletter"
    r"|\bcontribut(?:ed|ing) (?:reporting\b|to this (?:report|story|article))"
    r"|\bmay (?:get|earn|receive) (?:an? |some )?(?:\w+ )?(?:share|commission)\b|\bmay be reached at\b"
    r"|^(?:write to|reach|contact|follow)\b.{2,80} (?:at|on) (?:\S+@|https?:)",
    re.I,
)
_LABEL = re.compile(
    r"^\W*(?:advertisement|advertising|anzeige|werbung|publicidad|publicidade|publicité|pubblicità|annonse|mainos"
    r"|реклама|広告|광고|广告|(?:article|story) continues (?:below|after).{0,30}"
    r"|(?:read(?:ing)? time|lesezeit|lesedauer|tempo d[ei] le(?:itura|ttura)|temps de lecture"
    r"|tiempo de lectura|leestijd|læsetid|lästid|czas czytania|время чтения)\s*:?.{0,20}"
    r"|\d+[\s-]?min(?:ute[sn]?|utos?|uti|uten|uter)?\.?\s(?:read|reading time|lesezeit|lesedauer|de lecture"
    r"|de lectura|de leitura|di lettura|leestijd|lästid|lesetid)"
    r"|print(?: article)?|text size|font size|order reprints|copy link|click to tweet)\W*$",
)
_OPENING, _END = 4, 2
"""Lines at the start and at the end of a text among which a date or a byline may stand alone."""


def without_boilerplate_lines(lines: list[str], titles: Iterable[str], authors: Iterable[str]) -> list[str]:
    """Lines without the headline, date and byline on top, see-also lines, cookie notices, labels and notes at
    the end.
    """
    keys = {key(title) for title in titles if title}
    longest = 2 * max(map(len, keys), default=0) + 50

    def is_title(line: str) -> bool:
        return len(line) <= longest and key(line) in keys

    top = next((number for number, line in enumerate(lines[:6]) if is_title(line)), None)
    if top is not None and sum(map(len, lines[:top])) < 400:
        lines = lines[top + 1 :]
    lines = [
        line
        for line in lines
        if not is_title(line)
        and not (len(line) < 200 and SEE_ALSO.match(line.lower()))
        and not (len(line) < 400 and "cookie" in line.lower() and _COOKIES.search(line))
        and not (len(line) < 100 and _LABEL.match(line.lower()))
    ]
    persons = set(map(name_key, authors))
    lines = [
        line
        for number, line in enumerate(lines)
        if not (number < _OPENING and _is_date(line))
        and not ((number < _OPENING or number >= len(lines) - _END) and _is_byline(line, persons))
    ]
    short = [number for number, line in enumerate(lines) if len(line) < 200]
    may_hold_wall = _may_hold_a_wall("\n".join(lines[number] for number in short))
    wall = next((number for number in short if is_wall(lines[number])), None) if may_hold_wall else None
    if wall is not None and sum(map(len, lines[wall:])) < 0.5 * sum(map(len, lines)):
        lines = lines[:wall]
    while lines and len(lines[-1]) < 400 and (is_boilerplate(lines[-1]) or _CLOSING_NOTE.search(lines[-1])):
        lines.pop()
    return lines


def _is_date(line: str) -> bool:
    """A year, a day or time, and hardly a word, in any language."""
    return (
        len(line) <= 70
        and line[-1] not in '.?!:"”»。'
        and sum(map(str.isdecimal, line)) >= 5
        and bool(re.search(r"(?<!\d)(?:19|20)\d\d(?!\d)", line))
        and len(re.findall(r"[^\W\d_]{3,}", line)) <= 3
    )


def _is_byline(line: str, persons: set[str]) -> bool:
    """The names of these persons (as keys) and nothing but what stands around names."""
    names = split(line) if len(line) <= 80 and line[-1] not in ".?!:" else []
    return bool(names) and persons.issuperset(map(name_key, names))


_NO_LETTER = re.compile(r"[\W_]+")
_NO_ASCII_LETTER = bytes(code for code in range(128) if not chr(code).isalnum())


def key(text: str) -> str:
    """The letters and digits of a text without case, by which two forms of one headline are the same."""
    # Bytes are translated in a third of the time; only what is no letter beyond ASCII is left.
    letters = text.casefold().encode("utf-8", "surrogatepass").translate(None, _NO_ASCII_LETTER)
    name = letters.decode("utf-8", "surrogatepass")
    return name if name.isalnum() else _NO_LETTER.sub("", name)
