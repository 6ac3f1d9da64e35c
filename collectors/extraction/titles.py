"""The headline: of what the page declares and shows, what looks most like it.

Candidates are what JSON-LD, OpenGraph, other meta tags and the title element declare, whole and in their
parts between bars and dashes, and the headings that the page shows. Decision trees
(`bench/train_titles.py`) judge them by where they stand, which others agree, and the words of the address. A
headline that readers see goes before one that was written for search engines where both look alike.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from itertools import islice, pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import numpy as np
from lxml import etree
from lxml.html import HtmlElement

from collectors.extraction.boilerplate import key
from collectors.extraction.extracted import Extracted
from collectors.extraction.page.metadata import Metadata, text_of, types
from collectors.extraction.page.outline import NAME_BITS, TAGS, Block
from collectors.extraction.page.page import Page
from collectors.extraction.trees.forest import Forest

MODEL = Path(__file__).parent / "trees" / "titles.npz"
MAX_LENGTH = 500
_MAX_HEADINGS = 16
_MAX_FIRST, _MAX_LOWER, _MAX_LINES = 9, 6, 4
"""Of these as many forms of first and of lower headings and as many lines named like one."""
_MAX_PIECES = 20
_MAX_CLASSES = 200
_SHOWN_AND_SHARED, _GIVEN_TO_READERS, _SHOWN_AS_HEADING = 0.985, 0.98, 0.97
_POSSIBLE = 0.05
"""What the trees think less likely than this is no headline, whoever declares it; nor is the site's name."""
_HARDLY_POSSIBLE = 0.02
_UNSURE = 0.3
_LOWER_SOURCES = frozenset(("h2", "text"))
_LABEL_END = re.compile(r"[:/|–—]\s*$")
_SEPARATOR = re.compile(r"(?=[\s|｜ㅣ_»:-])(?:\s+[|–—·•»«:/~-]+\s+|\s*[|｜ㅣ_»]\s*|:\s+|--+)")
_TAIL = re.compile(r"(?:\s+[|–—·•»«:/~-]+\s+|\s*[|｜ㅣ_»：]\s*)(?=[^|｜ㅣ_»：]{2,60}$)")
_CHINESE_SITE = re.compile(
    r"(?<=.{10})(?:\s*(?:--|[-_|｜—])\s*[\u4e00-\u9fff]{2,8}){0,3}\s*(?:--|[-_|｜])\s*[\u4e00-\u9fff]{1,8}"
    r"(?:网|网站|新闻|在线|日报|晚报|晨报|时报|門戶|门户|论坛|博客|頻道|频道)$"
)
"""What a Chinese title element ends with: rubrics and the site's name ('--时政--人民网')."""
_SHORTEST = 10
"""Characters of a headline before the site's name."""
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200e\u200f\u2060\ufeff"))
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")
_ANCHORS = frozenset("#¶§🔗")
"""What a heading's link to itself shows."""
_BREAK = re.compile(r"<br\s*/?>", re.I)
_ELLIPSIS = re.compile(r"\s*\[?(?:…|\.\.\.+)\]?$")
_WORDS = re.compile(r"\w+")
_SLUG = re.compile(r"[^\W_]+")
_DECLARED = ("json-ld", "opengraph", "meta")
_LINES = (
    r"dachzeile|spitzmarke|kicker|eyebrow|(?:over|roof|top|sub|tag)[-_]?line"
    r"|(?:super|pre|sub|over|roof)[-_]?(?:title|head(?:line|ing|er)?)|^(?!.*(?:head|title)).*small|(?:^|[_-])date"
    r"|badge|comments?-?(?:count|number|link)"
)
_BEFORE, _BEHIND = re.compile(rf"{_LINES}|topic|label|categor|rubri", re.I), re.compile(_LINES, re.I)
_WRAPPER = re.compile(r"sr-only|screen-?reader|visually-?hidden|permalink|header-?link", re.I)
"""Words for screen readers and a heading's link to itself: beside the headline, or all of it."""
_READABLE = etree.XPath("descendant-or-self::*[not(self::style or self::script)]/text()")
_HEADLINE = re.compile(r"head(?:line|ing)|title", re.I)
"""What the classes in a heading's elements call lines beside the headline, and the headline itself."""
SOURCES = ("json-ld", "opengraph", "meta", "title", "h1", "h2", "text")
"""Where candidates are read: 'h2' is any lower heading, 'text' a line named like a headline."""
_HEADING_TAGS = {TAGS.index(f"h{level}") + 1: level for level in range(1, 5)}


def clean(text: str | None) -> str | None:
    """One line without tags, entities and invisible characters, at most MAX_LENGTH characters; None if
    nothing is left.
    """
    if not text:
        return None
    text = html.unescape(html.unescape(text[: 4 * MAX_LENGTH]))
    if "<" in text:
        text = html.unescape(_TAG.sub("", _BREAK.sub(" ", text)))
    return " ".join(text.translate(_INVISIBLE).split())[:MAX_LENGTH].lstrip(" :|»–").rstrip(" |«") or None


@dataclass(slots=True)
class Candidate:
    """A possible headline: its text, and by source whether it is the whole of it (1) or a part (0.5)."""

    text: str
    shares: dict[str, float] = field(default_factory=dict)
    heading: int = -1
    """The number of the block that shows it, -1 for none."""


def all_titles(page: Page, metadata: Metadata, hint: str | None) -> list[str]:
    """Every form of the headline that the page declares or heads itself with, or the feed has."""
    declarations = [text for _, text in _declarations(page, metadata)]
    headings = [block.text for block in page.outline.blocks if _level(page, block) == 1][:3]
    return [text for raw in (*declarations, *headings, hint) if (text := clean(raw))]


def title(
    page: Page, metadata: Metadata, hint: str | None, text_blocks: tuple[int, ...]
) -> Extracted[str] | None:
    """The most likely headline, with that likelihood. The feed's title (`hint`) confirms one of the page's,
    or stands in where the page has none that is likely. `text_blocks` are the numbers of the blocks that are
    the article's text.
    """
    candidates = collect_candidates(page, metadata)
    feed_title = clean(hint)
    if not candidates:
        return Extracted(feed_title, "feed", 0.7) if feed_title else None
    chances = forest().chances(features(page, metadata, candidates, text_blocks))
    if any("News" in kind for kind in types(metadata.article)):
        sites = _sites(page, metadata)
        possible = (chances >= _POSSIBLE) & np.array([key(each.text) not in sites for each in candidates])
        for applies, chance in (
            (_is_shown, _SHOWN_AS_HEADING),
            (_is_for_readers, _GIVEN_TO_READERS),
            (_is_shown_and_shared, _SHOWN_AND_SHARED),
        ):
            so = possible & np.array(list(map(applies, candidates)))
            chances = np.where(so, np.maximum(chances, chance), chances)
    chances = _without_name_of_host(chances, candidates, page.url)
    if feed_title:
        same = [number for number, each in enumerate(candidates) if key(each.text) == key(feed_title)]
        if same and chances[same[0]] >= 0.1:
            return Extracted(candidates[same[0]].text, _source(candidates[same[0]]), 0.95)
    best = int(np.argmax(chances))
    if feed_title and chances[best] < _UNSURE:
        return Extracted(feed_title, "feed", 0.7)
    chosen = _longer_heading(candidates[best], candidates)
    source = _source(chosen)
    if chances[best] < _UNSURE and source in _LOWER_SOURCES and (named := _beside_site(page, metadata)):
        return Extracted(named, "title", _UNSURE)
    text = None if source in _DECLARED else _without_lines_beside(page, chosen, candidates)
    text = _declared_end(chosen, candidates) or text
    if text is None:
        shown = _without_site(chosen.text, page, metadata)
        text = _whole(shown, chosen, candidates)
    text = _without_site(text, page, metadata)
    if source == "title":
        text = _CHINESE_SITE.sub("", text)
    return Extracted(text, source, round(float(chances[best]), 2))


@cache
def forest() -> Forest:
    with np.load(MODEL, allow_pickle=False) as arrays:
        return Forest.of(arrays, "titles")


def _source(candidate: Candidate) -> str:
    return next(source for source in SOURCES if source in candidate.shares)


def _is_for_readers(candidate: Candidate) -> bool:
    """Whether the page gives it to those who share it and other words to search engines, as its title: on a
    news page it is then the headline, even where the heading has other words.
    """
    shares = candidate.shares
    return shares.get("opengraph") == shares.get("meta") == 1 and shares.get("title") != 1


def _is_shown(candidate: Candidate) -> bool:
    """Whether what JSON-LD declares as the headline stands on the page as a heading: on a news page it is
    then the article's, and a larger heading with other words is for search engines.
    """
    shares = candidate.shares
    return shares.get("json-ld") == 1 and 1 in (shares.get("h1"), shares.get("h2"))


def _is_shown_and_shared(candidate: Candidate) -> bool:
    """Whether JSON-LD, a meta tag and a heading have the same words: three against OpenGraph and its twin."""
    return _is_shown(candidate) and candidate.shares.get("meta") == 1


def _without_name_of_host(chances: np.ndarray, candidates: list[Candidate], url: str) -> np.ndarray:
    """The chances where below a site's first page its host's name is no headline, if what is likeliest
    besides it may be one and is declared or a first heading: a box has a heading, too.
    """
    parts = urlsplit(url)
    if not parts.path.strip("/"):
        return chances
    names = _host_names(url)
    named = np.array([key(each.text) in names for each in candidates])
    others = np.where(named, 0, chances)
    best = int(np.argmax(others))
    if others[best] < _HARDLY_POSSIBLE or _LOWER_SOURCES.issuperset(candidates[best].shares):
        return chances
    return others


def _declared_end(best: Candidate, candidates: list[Candidate]) -> str | None:
    """What JSON-LD and a meta tag declare, where nobody declares the heading and it only has a label before
    that ('Plans of the council: Bridge stays open').
    """
    if any(best.shares.get(source) == 1 for source in (*_DECLARED, "title")):
        return None
    ends = (each.text for each in candidates if each.shares.get("json-ld") == each.shares.get("meta") == 1)
    return next((text for text in ends if len(text) >= _SHORTEST and _is_behind_label(text, best.text)), None)


def _is_behind_label(text: str, heading: str) -> bool:
    return heading.endswith(text) and _LABEL_END.search(heading[: -len(text)]) is not None


def _without_lines_beside(page: Page, best: Candidate, candidates: list[Candidate]) -> str | None:
    """The headline without what stands beside it in its heading and is named as something else: the line
    above it, the subtitle, a label, the day. None where nothing is, or nothing else would remain.

    Where a declaration has these words as well, the line above is a part of the headline. A link to the
    article, or words for screen readers, that hold more than all else are the headline.
    """
    if best.heading < 0:
        return None
    around = page.outline.around(page.outline.blocks[best.heading].holder)
    element = next((each.element for each in around if each.tag in _HEADING_TAGS), None)
    while (
        element is not None
        and len(element) == 1
        and not f"{element.text or ''}{element[0].tail or ''}".strip()
    ):
        element = element[0]
    if element is None:
        return None
    lines = [line for line in _lines(element) if line[0].strip()]
    letters = sum(len(key(text)) for text, _ in lines)
    wrappers = [text for text, each in lines if _has_name(each, _WRAPPER)]
    longest = max(wrappers, key=len, default="")
    if 2 * len(key(longest)) > letters and "title" not in best.shares:
        return clean(longest)
    declared = {
        key(each.text)
        for each in candidates
        if "title" in each.shares or any(each.shares.get(source) == 1 for source in _DECLARED)
    }

    def is_beside(line: tuple[str, HtmlElement | None], names: re.Pattern[str]) -> bool:
        text, element = line
        if _has_name(element, _WRAPPER):
            return 2 * len(key(text)) < letters and key(text) not in declared
        return _is_beside(element, names)

    first, end = 0, len(lines)
    while first < end and is_beside(lines[first], _BEFORE):
        first += 1
    while end > first and is_beside(lines[end - 1], _BEHIND):
        end -= 1
    if first < end and lines[first][0].lstrip()[0].islower():
        # Behind a topic the sentence goes on.
        first = next((n for n in range(first) if not _is_beside(lines[n][1], _BEHIND)), first)
    # A named element in the midst of the headline is a part of it, and so is a topic that ends its sentence.
    headline = clean(" ".join(text for text, _ in lines[first:end])) if end - first < len(lines) else None
    return headline if headline and len(_WORDS.findall(headline)) > 1 else None


def _lines(heading: HtmlElement) -> list[tuple[str, HtmlElement | None]]:
    """What a heading is made of: texts, and the element of each that is not the heading's own."""
    lines: list[tuple[str, HtmlElement | None]] = [(heading.text or "", None)]
    rest = list(reversed(heading))
    while rest:
        child = rest.pop()
        if child.tag == "wbr":  # The parser puts what follows it into it.
            text, element = lines[-1]
            lines[-1] = (text + (child.text or ""), element)
            rest += reversed(child)
        else:
            lines.append(("".join(_READABLE(child)), child))
        lines.append((child.tail or "", None))
    return lines


def _is_beside(element: HtmlElement | None, names: re.Pattern[str]) -> bool:
    """Whether an element of a heading has one of the `names` of what stands beside the headline. In a
    compound name the last word counts: `post-label-title` is a title, `headline__kicker` a kicker.
    """
    return element is not None and (element.tag in ("small", "time") or _has_name(element, names))


def _has_name(element: HtmlElement | None, names: re.Pattern[str]) -> bool:
    if element is None:
        return False
    classes = [name.partition("--")[0] for name in (element.get("class") or "")[:_MAX_CLASSES].split()]
    ends = [(_last_end(names, name), _last_end(_HEADLINE, name)) for name in classes]
    is_headline = any(headline > beside for beside, headline in ends)
    return not is_headline and any(beside > 0 for beside, _ in ends)


def _last_end(pattern: re.Pattern[str], name: str) -> int:
    return max((match.end() for match in pattern.finditer(name)), default=0)


def _longer_heading(best: Candidate, candidates: list[Candidate]) -> Candidate:
    """The first heading that ends with a mere part of the title element, behind a colon that belongs to it
    ("Mayor: The bridge stays open"), or else the candidate itself.
    """
    if max(best.shares.values()) == 1:
        return best
    headings = (each for each in candidates if "h1" in each.shares and each.text != best.text)
    return next((each for each in headings if re.fullmatch(rf".+:\s{re.escape(best.text)}", each.text)), best)


def _beside_site(page: Page, metadata: Metadata) -> str | None:
    """What stands in the title element beside the site's name ("Example.com: The bridge stays open")."""
    text = clean(_title_element(page)) or ""
    sites = _sites(page, metadata)
    for cut in list(_SEPARATOR.finditer(text))[:6]:
        for name, rest in (
            (text[: cut.start()], text[cut.end() :]),
            (text[cut.end() :], text[: cut.start()]),
        ):
            if key(name) in sites and len(rest) >= _SHORTEST:
                return rest
    return None


def _without_site(text: str, page: Page, metadata: Metadata) -> str:
    """The headline without the site's name behind its last bar, dash or colon."""
    tail = next(reversed(list(_TAIL.finditer(text))), None)
    if not tail or tail.start() < _SHORTEST or key(text[tail.end() :]) not in _sites(page, metadata):
        return text
    return text[: tail.start()]


def _whole(text: str, best: Candidate, candidates: list[Candidate]) -> str:
    """The text of the best candidate, or the longer one that it was cut from: with an ellipsis, or, where it
    stands in attributes alone, at a quotation mark that ended these.
    """
    start = key(_ELLIPSIS.sub("", text))
    if len(start) < 25:
        return text
    is_cut = _ELLIPSIS.search(text) is not None
    is_attribute = all(source in ("opengraph", "meta") for source, share in best.shares.items() if share == 1)
    longer = (
        each.text
        for each in candidates
        if len(each.text) > len(text)
        and 1 in each.shares.values()
        and key(each.text).startswith(start)
        and not (is_cut and each.text.startswith(text))
        and (is_cut or (is_attribute and each.text.startswith((f'{text} "', f'{text}"'))))
    )
    return next((whole for whole in longer if not _ELLIPSIS.search(whole)), text)


def collect_candidates(page: Page, metadata: Metadata) -> list[Candidate]:
    """What may be the headline, each text (by its letters) once."""
    candidates: dict[str, Candidate] = {}

    def add(text: str, source: str, share: float, heading: int = -1) -> None:
        if not (name := key(text)):
            return
        candidate = candidates.setdefault(name, Candidate(text))
        candidate.shares[source] = max(candidate.shares.get(source, 0.0), share)
        if heading >= 0 and candidate.heading < 0:
            # How the page shows it, but not in capitals or with a blank before the colon that a declaration
            # has not.
            candidate.heading = heading
            if not text.isupper() and (" :" not in text or " :" in candidate.text):
                candidate.text = text

    for source, raw in _declarations(page, metadata):
        if text := clean(raw):
            add(text, source, 1.0)
            for part in _parts(text):
                add(part, source, 0.5)
    for number, _, source, raw in _headings(page):
        if text := clean(raw):
            add(text, source, 1.0, number)
    return list(candidates.values())


def _parts(text: str) -> list[str]:
    """What stands before and behind each bar or dash, and between two."""
    cuts = list(islice(_SEPARATOR.finditer(text), 6))
    parts = []
    for cut in cuts:
        parts += [text[: cut.start()], text[cut.end() :]]
    parts += [text[one.end() : other.start()] for one, other in pairwise(cuts)]
    return [part.strip() for part in parts if part.strip()]


def _declarations(page: Page, metadata: Metadata) -> list[tuple[str, str | None]]:
    article = metadata.article
    return [
        ("json-ld", text_of(article.get("headline"))), ("json-ld", text_of(article.get("name"))),
        ("opengraph", metadata.first("og:title")), ("meta", metadata.first("twitter:title")),
        *(("meta", metadata.first(name)) for name in _META), ("title", _title_element(page)),
    ]  # fmt: skip


def _title_element(page: Page) -> str | None:
    return next((element.text for element in page.declarations if element.tag == "title"), None)


_META = (
    "parsely-title",
    "dc.title",
    "dcterms.title",
    "sailthru.title",
    "headline",
    "citation_title",
    "title",
)


def _level(page: Page, block: Block) -> int:
    return _HEADING_TAGS.get(page.outline.containers[block.holder].tag, 0)


def _headings(page: Page) -> list[tuple[int, int, str, str]]:
    """(first block, block after the last, source, text) of what could show the headline: headings, whole and
    in the blocks that they are made of, and lines named like a headline.
    """
    outline = page.outline
    first: list[tuple[int, int, str, str]] = []
    lower: list[tuple[int, int, str, str]] = []
    lines: list[tuple[int, int, str, str]] = []
    for container in outline.containers:
        level = _HEADING_TAGS.get(container.tag, 0)
        if not level or container.start == container.end:
            continue
        source, entries, most = ("h1", first, _MAX_FIRST) if level == 1 else ("h2", lower, _MAX_LOWER)
        if len(entries) >= most:
            continue
        texts = [block.text.replace("\n", " ") for block in outline.blocks[container.start : container.end]]
        anchor = _anchor(container.element)
        pieces = list(islice(container.element.itertext(), _MAX_PIECES + 1))
        # Of more pieces they are letters, or words parted for a line's end.
        spaced = (" ".join(" ".join(pieces).split()),) if len(pieces) <= _MAX_PIECES else ()
        for text in dict.fromkeys((*texts, " ".join(texts), *spaced)):
            entries.append((container.start, container.end, source, text.rstrip().removesuffix(anchor)))
    for number, block in enumerate(outline.blocks):
        if len(lines) == _MAX_LINES:
            break
        if outline.containers[block.holder].names & NAME_BITS["title"] and 8 <= len(block.text) <= 250:
            lines.append((number, number + 1, "text", block.text.replace("\n", " ")))
    return sorted(first[:_MAX_FIRST] + lower[:_MAX_LOWER] + lines)[:_MAX_HEADINGS]


def _anchor(heading: HtmlElement) -> str:
    """What the link to itself behind a heading shows, empty for none."""
    texts = ("".join(_READABLE(link)).strip() for link in heading.iterdescendants("a"))
    return next((text for text in texts if text in _ANCHORS), "")


def features(
    page: Page, metadata: Metadata, candidates: list[Candidate], text_blocks: tuple[int, ...]
) -> np.ndarray:
    """A row a candidate, in float32."""
    outline = page.outline
    sites = _sites(page, metadata)
    slug = _slug(page.url)
    first_text = next(
        (number for number in text_blocks if len(outline.blocks[number].text) >= 80),
        text_blocks[0] if text_blocks else -1,
    )
    bags = [set(_WORDS.findall(each.text.casefold())) for each in candidates]
    whole = [words for each, words in zip(candidates, bags, strict=True) if 1 in each.shares.values()]
    headings = [each.heading for each in candidates if "h1" in each.shares]
    nearest = max((each.heading for each in candidates if 0 <= each.heading < first_text), default=-1)
    keys = [key(each.text) for each in candidates]
    whole_of = {
        source: next(
            (name for each, name in zip(candidates, keys, strict=True) if each.shares.get(source) == 1), ""
        )
        for source in ("json-ld", "opengraph", "h1")
    }
    kinds = types(metadata.article)
    about_page = (
        any("News" in kind for kind in kinds),
        bool(kinds),
        bool(whole_of["json-ld"]),
        bool(whole_of["opengraph"]),
        bool(whole_of["h1"]),
        whole_of["json-ld"] == whole_of["opengraph"],
        whole_of["json-ld"] == whole_of["h1"],
        whole_of["opengraph"] == whole_of["h1"],
    )
    rows = []
    for each, words, name in zip(candidates, bags, keys, strict=True):
        holder = outline.containers[outline.blocks[each.heading].holder] if each.heading >= 0 else None
        names = holder.names if holder else 0
        around = 0
        inside = holder
        tags = 0
        while inside is not None and inside.parent >= 0:
            inside = outline.containers[inside.parent]
            around |= inside.names
            tags |= _FRAME_TAGS.get(inside.tag, 0)
        agreement = [len(words & other) / max(1, len(words | other)) for other in whole]
        declared_whole = sum(
            each.shares.get(source, 0) == 1 for source in ("json-ld", "opengraph", "meta", "title")
        )
        rows.append((
            *(each.shares.get(source, 0.0) for source in SOURCES), declared_whole, len(each.shares),
            len(words), len(each.text), each.text.isupper(), each.text[-1:] in ".:…",
            bool(_ELLIPSIS.search(each.text)),
            len(words & slug) / max(1, len(slug)), len(words & slug) / max(1, len(words)), len(slug),
            name in sites, any(site in name for site in sites if len(site) > 4),
            bool(_SEPARATOR.search(each.text)),
            sum(agreement) / max(1, len(whole)), sorted(agreement)[-2] if len(agreement) > 1 else 0.0,
            len(whole),
            each.heading >= 0, each.heading == nearest,
            (first_text - each.heading) if each.heading >= 0 and first_text >= 0 else -99,
            each.heading / max(1, len(outline.blocks)),
            sum(0 <= other < each.heading for other in headings), len(headings),
            bool(names & NAME_BITS["title"]), bool(names & NAME_BITS["article"]),
            bool(around & NAME_BITS["related"]), bool(around & NAME_BITS["side"]),
            bool(around & NAME_BITS["navigation"]),
            bool(around & NAME_BITS["frame"]), bool(around & NAME_BITS["comment"]),
            *((tags >> bit) & 1 for bit in range(5)),
            _level(page, outline.blocks[each.heading]) if each.heading >= 0 else 0,
            outline.blocks[each.heading].link_length / max(1,
            len(outline.blocks[each.heading].text)) if each.heading >= 0 else 0,
            *about_page,
            sum(name in other and name != other for other in keys),
            sum(other in name and name != other for other in keys),
        ))  # fmt: skip
    return np.array(rows, dtype=np.float32)


_FRAME_TAGS = {
    TAGS.index(tag) + 1: 1 << bit for bit, tag in enumerate(("article", "main", "header", "nav", "aside"))
}


def _slug(url: str) -> set[str]:
    """The words of the address's longest part."""
    parts = [unquote(part).casefold() for part in urlsplit(url).path.split("/")]
    longest = max(parts, key=lambda part: len(_SLUG.findall(part)), default="")
    return {word for word in _SLUG.findall(longest) if len(word) > 1 and word not in ("html", "htm", "php")}


def _sites(page: Page, metadata: Metadata) -> set[str]:
    """Names of the site, as keys: declared, and its host's."""
    names: Iterable[str | None] = (
        metadata.first("og:site_name"), metadata.first("application-name"),
        text_of(metadata.article.get("publisher")),
    )  # fmt: skip
    return {name for raw in names if raw and (name := key(raw))} | _host_names(page.url)


def _host_names(url: str) -> set[str]:
    host = re.sub(r"^https?://(?:www\.)?([^/:?#]*).*$", r"\1", url, flags=re.S)
    return {name for raw in (host, *host.split(".")[:-1]) if (name := key(raw))}
