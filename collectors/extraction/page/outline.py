"""One walk over a page: its blocks of text, in order, and the elements that hold them.

A block is the longest run of text that no block element and no blank line (two `<br>`) interrupts, as in
Kohlschütter et al., "Boilerplate Detection using Shallow Text Features" (WSDM 2010). Everything that reads a
page reads its outline instead of walking the tree again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree
from lxml.html import HtmlElement

_SKIPPED = frozenset((
    "script", "style", "noscript", "template", "svg", "iframe", "object", "embed", "canvas", "audio", "video",
    "select", "option", "textarea", "button", "input", "map", "head", "meta", "link", "title", "applet",
))  # fmt: skip
"""What a reader does not read: code, controls and what stands for something else."""
_HOLDS_AN_ARTICLE = etree.XPath("boolean(.//article or .//main or count(.//p) > 3)")
"""True of a button whose end the page has forgotten: the parser then puts all that follows into it."""
_MAX_LEFT_OPEN = 5
DECLARING = ("title", "meta", "link", "script")
"""In these a page speaks about itself, wherever they stand."""
_INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i",
    "img", "ins", "kbd", "label", "mark", "nobr", "q", "rp", "rt", "ruby", "s", "samp", "small", "span",
    "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "picture", "source",
    "amp-img", "g", "path",
))  # fmt: skip

TAGS = (
    "div", "p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "dd", "dt", "blockquote", "pre",
    "figcaption", "article", "section", "main", "header", "footer", "nav", "aside", "form", "figure", "table",
    "ul", "ol", "tr", "address", "body", "center",
)  # fmt: skip
_TAG_NUMBERS = {tag: number + 1 for number, tag in enumerate(TAGS)}
"""0 is any other block element."""

LINK, BOLD, ITALIC = 1, 2, 4
_PLAIN, _LINE_BREAK, _SKIP, _BLOCK = 8, 16, 32, 64
_KINDS: dict[str, int] = (
    dict.fromkeys(_SKIPPED, _SKIP)
    | dict.fromkeys(_INLINE, _PLAIN)
    | {"a": LINK, "b": BOLD, "strong": BOLD, "em": ITALIC, "i": ITALIC, "br": _LINE_BREAK}
)
"""What an element is to the walk; all others are block elements."""

NAMES = {
    "comment": "comment disqus -reply -replies respond kommentar komentar commenti comentari yorum reacties"
    " -responses leserbrief leserpost reader-letter readers-letter letters-to pinglun",
    "related": "related recommend outbrain taboola more-from more-on morestories more-stories more-news"
    " also-like trending popular most-read mostread most-viewed most-shared read-more readmore read-also"
    " read-next see-also lire-aussi verwandt relacionad correlat gerelateerd powiazan relaterad relatert"
    " teaser linkbox link-box link-list linklist -card- -cards- upnext up-next",
    "share": "share sharing social toolbar follow -tools- -tool-",
    "newsletter": "newsletter subscri signup sign-up -cta- call-to-action donat membership",
    "navigation": "-nav navi menu breadcrumb pagina -tab- -tabs- -pager skip- prev-next",
    "frame": "footer -foot- -header- masthead copyright legal disclaimer colophon topbar sitename branding",
    "side": "sidebar side-bar aside widget -rail- column-right col-right complementary",
    "author": "author byline -by- journalist -bio- biobox writer contributor reporter redakteur"
    " autor auteur verfasser",
    "meta": "meta -date time- -time publish -info- -tag- -tags- kicker categor -topic eyebrow rubri",
    "media": "caption twitter instagram credit figure photo image -img gallery video media-"
    " -media player slide carousel legend",
    "promotion": "-ad- -ads- advert adsense sponsor banner promo anzeige werbung commercial affiliate -shop",
    "overlay": "cookie consent gdpr modal popup overlay paywall login register dialog alert toast",
    "body": "article-body articlebody story-body storybody post-body entry-body content-body article-content"
    " articlecontent story-content post-content postcontent entry-content entrycontent page-content"
    " main-content maincontent content-main article-text articletext story-text post-text content-text"
    " article-copy body-copy bodycopy body-text bodytext body-content rich-text richtext -prose text-body"
    " text-content paragraph -para- article-main single-content news-content blog-content news-body",
    "article": "article story -post- entry content main artikel single -text- -news-",
    "hidden": "hidden -hide embed external sr-only screen-reader visually print-only no-print invisible",
    "title": "title headline heading",
    "summary": "summary -lead- -lede- intro standfirst abstract -dek- -deck- excerpt subtitle"
    " subhead sub-head"
    " chapeau description",
    "box": "factbox fact-box fakta infobox info-box highlight key-points takeaways timeline correction"
    " editor-note -box- -note- pullquote pull-quote",
    "list": "-list archive -grid -feed- index latest recent -item block",
}
"""What the words in a class or id say of an element: a general vocabulary, no publisher's."""
_WORD_BITS = [
    (word, 1 << (number + 3)) for number, words in enumerate(NAMES.values()) for word in words.split()
]
_BEGINNING: dict[tuple[str, ...], list[tuple[str, int]]] = {}
"""The words by their first three characters: only those are looked for of which a class has these."""
for _part, _bit in _WORD_BITS:
    _BEGINNING.setdefault(tuple(_part[:3]), []).append((_part, _bit))
_BEGINNINGS = frozenset(_BEGINNING)
NAME_BITS = {name: 1 << (number + 3) for number, name in enumerate(NAMES)}
_AUTHOR, _META = NAME_BITS["author"], NAME_BITS["meta"]
_ITEMS = {
    "author": _AUTHOR, "creator": _AUTHOR, "datePublished": _META, "dateCreated": _META,
    "dateModified": _META,
}  # fmt: skip
_PROFILE = re.compile(
    r"/(?:authors?|autor(?:en|es)?|auteurs?|autore|reporters?|journalists?|contributors?|profiles?|staff|by)/"
)
"""Searched in addresses in lower case, which takes less time than re.I does."""
POSITIVE = NAME_BITS["body"] | NAME_BITS["article"] | NAME_BITS["title"] | NAME_BITS["summary"]
INVISIBLE = 1 << (len(NAMES) + 3)
"""Set where markup hides an element."""
_LONGEST_NAME = 300
_HIDES = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BREAK = "\x0b"
"""Stands for `<br>` while a block is gathered; pages hold none, they are parsed without control
characters.
"""


@dataclass(slots=True)
class Block:
    """A run of text, in which a newline stands for each `<br>`. `link_length`, `bold` and `italic` are how
    many of its characters are linked, bold and italic; `holder` is the number of the container that directly
    holds it.
    """

    text: str
    link_length: int
    bold: int
    italic: int
    holder: int


@dataclass(slots=True)
class Container:
    """A block element: its blocks are `outline.blocks[start:end]`, those of its descendants included."""

    element: HtmlElement
    tag: int
    parent: int
    depth: int
    names: int
    signature: str
    start: int
    end: int = 0


@dataclass(slots=True)
class Mark:
    """An element that is named or marked like a byline or a date; `block` is the number of the first block
    that it holds or is part of, `holder` of the container around it.
    """

    element: HtmlElement
    block: int
    holder: int


@dataclass(slots=True)
class Outline:
    """`bylines` and `stamps` are the elements marked as authors and as dates, `declarations` those of
    DECLARING.
    """

    blocks: list[Block] = field(default_factory=list)
    containers: list[Container] = field(default_factory=list)
    bylines: list[Mark] = field(default_factory=list)
    stamps: list[Mark] = field(default_factory=list)
    declarations: list[HtmlElement] = field(default_factory=list)

    def around(self, holder: int) -> Iterator[Container]:
        """A container and those around it, from the inside."""
        while holder >= 0:
            container = self.containers[holder]
            yield container
            holder = container.parent


@lru_cache(maxsize=16384)
def name_bits(words: str) -> int:
    """The bits of NAME_BITS whose words stand in a class or id."""
    bits = 0
    for word in words.split():
        bits |= _word_bits(word)
    return bits


@lru_cache(maxsize=65536)
def _word_bits(word: str) -> int:
    if not word.islower():
        word = _CAMEL.sub("-", word).lower()
    word = f"-{word.replace('_', '-')}-"
    bits = 0
    for beginning in _BEGINNINGS.intersection(zip(word, word[1:], word[2:], strict=False)):
        for part, bit in _BEGINNING[beginning]:
            if part in word:
                bits |= bit
    return bits


def root_of(tree: HtmlElement) -> HtmlElement:
    """What of a page is walked: its body, where it has one."""
    body = tree.find("body")
    return tree if body is None else body


def outline(tree: HtmlElement) -> Outline:
    """The blocks of a parsed page. Linear in its size."""
    root = root_of(tree)
    result = Outline()
    blocks, containers = result.blocks, result.containers
    bylines, stamps = result.bylines, result.stamps
    pieces: list[str] = []
    linked = bold = italic = 0
    has_breaks = False
    holder = -1
    flags = 0
    left_open = 0
    text: str | None
    # Of each open element the flags and the holder around it; of one that is no container no holder.
    around: list[tuple[int, int | None]] = []

    # One long loop: each element of each page comes through here, and a call costs as much as all the rest.
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        names = kind = 0
        if event == "start":
            tag = element.tag
            kind = _KINDS.get(tag, _BLOCK)
            if kind == _SKIP:
                # A few are enough, and looking into each of very many nested ones would take quadratic time.
                if tag == "button" and left_open < _MAX_LEFT_OPEN and _HOLDS_AN_ARTICLE(element):
                    left_open += 1
                    kind = _BLOCK
                else:
                    if tag in DECLARING:
                        result.declarations.append(element)
                    elif len(element):
                        result.declarations += element.iter(*DECLARING)
                    around.append((flags, None))
                    walker.skip_subtree()
                    continue
            is_end = kind == _BLOCK
            if kind == _LINE_BREAK:
                is_end = bool(pieces) and not "".join(pieces[_after_break(pieces) :]).strip()
                if pieces and not is_end:
                    pieces.append(_BREAK)
                    has_breaks = True
        else:
            flags, holder_around = around.pop()
            is_end = holder_around is not None
        if is_end and pieces:
            raw = pieces[0] if len(pieces) == 1 else "".join(pieces)
            pieces.clear()
            if has_breaks:
                lines = (line for part in raw.split(_BREAK) if (line := " ".join(part.split())))
                text = "\n".join(lines)
            else:
                text = " ".join(raw.split())
            if text:
                if linked or bold or italic:
                    n = len(text)
                    linked, bold, italic = min(linked, n), min(bold, n), min(italic, n)
                blocks.append(Block(text, linked, bold, italic, holder))
            linked = bold = italic = 0
            has_breaks = False
        if event == "end":
            if holder_around is not None:
                containers[holder].end = len(blocks)
                holder = holder_around
            text = element.tail if element is not root else None
        elif kind == _LINE_BREAK:
            around.append((flags, None))
            continue
        else:
            attributes = element.keys()
            if kind == _BLOCK:
                around.append((flags, holder))
                name = element.get("class", "") if "class" in attributes else ""
                words = f"{name} {element.get('id')}" if "id" in attributes else name
                if words and element is not root:
                    names = name_bits(words[:_LONGEST_NAME])
                if (
                    ("style" in attributes and _HIDES.search(element.get("style", "")))
                    or "hidden" in attributes
                    or ("aria-hidden" in attributes and element.get("aria-hidden") == "true")
                ):
                    names |= INVISIBLE
                number = _TAG_NUMBERS.get(tag, 0)
                signature = f"{tag}.{name}"
                containers.append(
                    Container(element, number, holder, len(around), names, signature, len(blocks))
                )
                holder = len(containers) - 1
            else:
                around.append((flags, None))
                if "class" in attributes:
                    names = name_bits(element.get("class", "")[:_LONGEST_NAME])
                if kind != _PLAIN:
                    flags |= kind
                    if kind == LINK:
                        profile = "href" in attributes and _PROFILE.search(element.get("href", "").lower())
                        if profile or ("rel" in attributes and element.get("rel") == "author"):
                            names |= _AUTHOR
            marks = names
            if "itemprop" in attributes:
                marks |= _ITEMS.get(element.get("itemprop", ""), 0)
            if marks & _AUTHOR or tag == "byline":
                bylines.append(Mark(element, len(blocks), holder))
            if marks & _META or tag == "time":
                stamps.append(Mark(element, len(blocks), holder))
            text = element.text
        if text and (pieces or not text.isspace()):
            pieces.append(text)
            if flags and not text.isspace():
                length = len(text)
                if flags & LINK:
                    linked += length
                if flags & BOLD:
                    bold += length
                if flags & ITALIC:
                    italic += length
    return result


def _after_break(pieces: list[str]) -> int:
    """The place after the last line break in the pieces."""
    at = len(pieces)
    while at and pieces[at - 1] != _BREAK:
        at -= 1
    return at
