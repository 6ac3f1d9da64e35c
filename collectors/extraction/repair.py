"""Put back what a library dropped from an article: paragraphs beside those it took."""

from __future__ import annotations

from collections import Counter, defaultdict

from lxml.html import HtmlElement

from collectors.extraction.boilerplate import is_boilerplate, key, link_share, text_of_element

_MIN_LENGTH = 40
_OUTSIDE = frozenset(
    {"figure", "figcaption", "aside", "footer", "header", "nav", "form", "table", "blockquote", "li"}
)


def with_lost_paragraphs(tree: HtmlElement, lines: list[str]) -> list[str]:
    """`lines` with the paragraphs of `tree` that stand among the taken ones but were not taken, in page
    order.

    A parent (or a class of parents, where a page cuts its body into chunks) most of whose paragraphs were
    taken is the article's body; a library that leaves some of them out has stumbled over markup, not found
    furniture. A line that lost words (links, mostly) against its paragraph is replaced by the paragraph.
    """
    positions = {key(line): number for number, line in enumerate(lines)}
    whole = "".join(positions)
    paragraphs = [
        (element, text, key(text))
        for element in tree.iter("p")
        if (text := text_of_element(element))
        and not any(up.tag in _OUTSIDE for up in element.iterancestors())
    ]
    are_taken = [bool(name) and name in whole for _, _, name in paragraphs]
    tallies: dict[object, Counter[bool | None]] = defaultdict(Counter)
    for (element, text, _), was_taken in zip(paragraphs, are_taken, strict=True):
        for group in _groups(element):
            tallies[group][was_taken] += len(text)
            tallies[group][None] += was_taken
    additions: dict[int, list[str]] = defaultdict(list)
    replacements: dict[int, str] = {}
    orphans = _orphans(lines, {name for _, _, name in paragraphs})
    position = -1
    for (element, text, name), was_taken in zip(paragraphs, are_taken, strict=True):
        if was_taken:
            position = positions.get(name, position)
            continue
        if not any(
            tallies[group][None] >= 2 and 3 * tallies[group][True] >= tallies[group][False]
            for group in _groups(element)
        ):
            continue
        if len(text) < _MIN_LENGTH or is_boilerplate(text) or link_share(element) > 0.5:
            continue
        if (number := _mangled_line(text, orphans)) is not None:
            replacements[number] = text
            position = number
        else:
            additions[position].append(text)
    result = list(additions[-1])
    for number, line in enumerate(lines):
        result.append(replacements.get(number, line))
        result.extend(additions[number])
    return result


def _groups(element: HtmlElement) -> list[object]:
    parent = element.getparent()
    if parent is None:
        return []
    name = parent.get("class")
    return [parent, (parent.tag, name)] if name else [parent]


def _orphans(lines: list[str], names: set[str]) -> dict[int, Counter[str]]:
    return {
        n: Counter(line.split())
        for n, line in enumerate(lines)
        if len(line) >= _MIN_LENGTH and key(line) not in names
    }


def _mangled_line(text: str, orphans: dict[int, Counter[str]]) -> int | None:
    """The line of which this paragraph is the unharmed form: at least 70 % of either's words are shared."""
    words = Counter(text.split())
    for number, line in orphans.items():
        shared = (words & line).total()
        if shared >= 0.7 * line.total() and shared >= 0.6 * words.total():
            return number
    return None
