"""What can be said of a page's blocks in numbers: a row a block, a column a feature.

Shallow text features (length, links, punctuation), the vocabulary of tags and class names around a block,
what its neighbours and the elements around it hold, and where it stands on the page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from collectors.extraction.boilerplate import CLOSING_WORDS, closes, key, leads_elsewhere
from collectors.extraction.page.outline import INVISIBLE, NAME_BITS, POSITIVE, TAGS, Outline

_SHORT, _OPENING = 300, 200
"""Characters that a short text has fewer than, and of a text's opening, by which a repetition is known."""
_PARAGRAPH = 80
"""A block of so many characters that is not mostly links is one of the page's paragraphs, for counting."""
_HOLDS_THE_ARTICLE = 0.3
"""What the class of an element that holds more than this share of the paragraphs says against it is
ignored.
"""
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|\d\d?:\d\d")
_SMALL_PRINT = (
    "cookie", "consent", "gdpr", "dsgvo", "privacy", "personal data", "our partners", "opt-out", "opt out",
    "javascript", "subscri", "newsletter", "sign up", "log in", "login", "zustimm", "einwillig",
    "datenschutz",
    "externe", "abonn", "aceptar", "suscr", "toestemming", "samtykke", "copyright", "all rights", "terms of",
    "disclaimer", "advertis", "commission", "©",
)  # fmt: skip
"""Words of notices about consent, subscription and rights."""
_ENDS = frozenset('.!?…»”"。！？」।')
_AROUND = (
    "article",
    "main",
    "header",
    "footer",
    "nav",
    "aside",
    "form",
    "figure",
    "table",
    "ul",
    "ol",
    "blockquote",
)
_TAG_BIT = {TAGS.index(tag) + 1: 1 << number for number, tag in enumerate(_AROUND)}
_NUMBER = {tag: number + 1 for number, tag in enumerate(TAGS)}
_HEADINGS = {_NUMBER[f"h{level}"]: level for level in range(1, 7)}
_ONE_HOT = [
    _NUMBER[tag]
    for tag in (
        "div",
        "p",
        "li",
        "td",
        "dd",
        "dt",
        "blockquote",
        "pre",
        "figcaption",
        "section",
        "article",
        "address",
    )
]
_ALL_NAMES = np.array([*NAME_BITS.values(), INVISIBLE])

Array = NDArray[np.float32]


def features(outline: Outline, titles: Collection[str], declared_text: str = "") -> Array:
    """A float32 matrix; `titles` are the keys of the page's headline in all its forms, `declared_text` that
    of the text that the page declares (JSON-LD's articleBody), empty where it declares none.
    """
    blocks, containers = outline.blocks, outline.containers
    n = len(blocks)
    texts = [block.text for block in blocks]
    keys = [key(text[:_OPENING]) for text in texts]
    own = _own(texts, keys, titles)
    chars = own[:, 0].copy()
    raw = np.array(
        [(b.link_length, b.links, b.bold, b.breaks, b.holder, b.italic) for b in blocks], dtype=np.int64
    )
    link_share = (raw[:, 0] / chars).astype(np.float32)
    is_paragraph = (chars >= _PARAGRAPH) & (link_share < 0.3)
    paragraph_chars = np.where(is_paragraph, chars, 0)
    sums = {
        "chars": _running_sums(chars),
        "linked": _running_sums(raw[:, 0]),
        "paragraphs": _running_sums(paragraph_chars),
        "count": _running_sums(is_paragraph),
    }
    whole = max(float(sums["paragraphs"][-1]), 1.0)

    shape = np.array(
        [(c.tag, c.parent, c.depth, c.names, c.start, c.end) for c in containers], dtype=np.int64
    )
    start, end = shape[:, 4], shape[:, 5]
    paragraph_shares = (sums["paragraphs"][end] - sums["paragraphs"][start]) / whole
    names_around, tags_around = _around(outline, paragraph_shares)
    holder = raw[:, 4]
    at = np.arange(n)

    columns: list[NDArray] = [
        np.log1p(own[:, :2]), own[:, 2:], link_share[:, None], np.log1p(raw[:, 1:2]),
        (raw[:, 2] / chars)[:, None], (raw[:, 5] / chars)[:, None], np.minimum(raw[:, 3:4], 20),
    ]  # fmt: skip
    tag = shape[holder, 0]
    columns.append(np.stack([tag == number for number in _ONE_HOT], axis=1))
    heading = np.zeros(n, dtype=np.int64)
    for number, level in _HEADINGS.items():
        heading[tag == number] = level
    columns.append(heading[:, None])
    columns.append((tags_around[holder][:, None] >> np.arange(len(_AROUND))) & 1)
    columns.append((shape[holder, 3][:, None] & _ALL_NAMES) > 0)
    columns.append((names_around[holder][:, None] & _ALL_NAMES) > 0)
    columns.append(shape[holder, 2][:, None])

    # The elements around the block: its holder, the two around that, and the first that holds more than it.
    parent = np.maximum(shape[:, 1], 0)
    larger = _larger(outline, holder, start, end)
    own_chain, larger_chain = (holder, parent[holder], parent[parent[holder]]), (larger, parent[larger])
    chain = (*own_chain, *larger_chain, parent[parent[larger]])
    columns += [_of_container(container, start, end, sums, paragraph_shares, at) for container in chain]

    columns.append(_of_best(shape, start, end, sums, paragraph_shares, at))
    columns.append(_of_neighbours(chars, link_share, is_paragraph, heading, holder))
    columns.append(_of_position(paragraph_chars, is_paragraph, sums, at, whole))
    columns.append(_of_headline(outline, own[:, _EQUALS_TITLE] > 0, heading, at, sums))
    columns.append(_of_kind(outline, holder, paragraph_chars, link_share, whole))
    columns.append(_of_text(texts, keys, declared_text))
    page = np.array([
        np.log1p(sums["chars"][-1]), np.log1p(n), np.log1p(whole), sums["linked"][-1] / sums["chars"][-1],
        np.log1p(sums["count"][-1]), float(paragraph_chars[tag == _NUMBER["p"]].sum()) / whole,
    ], dtype=np.float32)  # fmt: skip
    columns.append(np.broadcast_to(page, (n, len(page))))
    return np.concatenate([column.astype(np.float32, copy=False) for column in columns], axis=1)


_EQUALS_TITLE = 11


def _own(texts: list[str], keys: list[str], titles: Collection[str]) -> Array:
    """What each text looks like, whatever is around it."""
    length = np.array(list(map(len, texts)))
    words = np.array([text.count(" ") for text in texts]) + 1
    commas = [text.count(",") + text.count("、") + text.count("，") for text in texts]
    short = length < _SHORT
    digits = _digits(texts, length) * short
    note = np.zeros(len(texts), dtype=bool)
    closing_numbers = set(
        np.nonzero(_word_presence([text[:_SHORT] for text in texts], CLOSING_WORDS))[0].tolist()
    )
    is_title = note.copy()
    for number in np.flatnonzero(short).tolist():
        text = texts[number]
        note[number] = leads_elsewhere(text) or (number in closing_numbers and closes(text))
        is_title[number] = (keys[number] if len(text) <= _OPENING else key(text)) in titles
    return np.stack([
        length, words, length / words, [text[-1] in _ENDS for text in texts],
        [text[-1] == ":" for text in texts], [text[0].isupper() for text in texts], commas / words,
        digits / length,
        short & [text.isupper() for text in texts],
        note,
        [many and _YEAR.search(text) is not None for many, text in zip(digits > 2, texts, strict=True)],
        is_title,
        ["|" in text for text in texts], [text[0].isdigit() for text in texts],
        [text[0] in '"“„«»‘「' for text in texts],
    ], axis=1).astype(np.float32)  # fmt: skip


def _digits(texts: list[str], length: NDArray) -> NDArray:
    """How many of each text's characters are ASCII digits; no text is empty."""
    characters = np.frombuffer("".join(texts).encode("ascii", "replace"), dtype=np.uint8)
    return np.add.reduceat((characters - ord("0")) < 10, np.cumsum(length) - length, dtype=np.int64)


def _word_presence(texts: list[str], words: Collection[str]) -> NDArray[np.bool_]:
    """Row by text, column by word, whether the word (in lower case) stands in it. One search a word."""
    lower = [text.lower() for text in texts]
    ends = np.cumsum([len(text) + 1 for text in lower])
    whole = "\0".join(lower)
    presence = np.zeros((len(texts), len(words)), dtype=bool)
    for number, word in enumerate(words):
        places = []
        at = whole.find(word)
        while at >= 0:
            places.append(at)
            at = whole.find(word, at + 1)
        if places:
            presence[np.searchsorted(ends, places, side="right"), number] = True
    return presence


def _running_sums(values: NDArray) -> NDArray:
    return np.concatenate(([0], np.cumsum(values)))


def _around(outline: Outline, paragraph_shares: NDArray) -> tuple[NDArray, NDArray]:
    """For each container the bits of the names and of the tags of itself and what is around it."""
    names: list[int] = []
    tags: list[int] = []
    for container, share in zip(outline.containers, paragraph_shares.tolist(), strict=True):
        own = container.names if share < _HOLDS_THE_ARTICLE else container.names & POSITIVE
        bit = _TAG_BIT.get(container.tag, 0)
        if container.parent >= 0:
            own |= names[container.parent]
            bit |= tags[container.parent]
        names.append(own)
        tags.append(bit)
    return np.array(names, dtype=np.int64), np.array(tags, dtype=np.int64)


def _larger(outline: Outline, holder: NDArray, start: NDArray, end: NDArray) -> NDArray:
    """For each block the innermost container that holds others, too."""
    size, parents = (end - start).tolist(), [container.parent for container in outline.containers]
    result = []
    for number in holder.tolist():
        while size[number] < 2 and parents[number] >= 0:
            number = parents[number]
        result.append(number)
    return np.array(result, dtype=np.int64)


def _of_container(
    container: NDArray,
    start: NDArray,
    end: NDArray,
    sums: dict[str, NDArray],
    paragraph_shares: NDArray,
    at: NDArray,
) -> Array:
    first, last = start[container], end[container]
    chars = sums["chars"][last] - sums["chars"][first]
    link_length = sums["linked"][last] - sums["linked"][first]
    count = last - first
    return np.stack([
        np.log1p(chars), link_length / np.maximum(chars, 1), np.log1p(count), paragraph_shares[container],
        (at - first) / np.maximum(count, 1), sums["count"][last] - sums["count"][first],
    ], axis=1)  # fmt: skip


def _of_best(
    shape: NDArray,
    start: NDArray,
    end: NDArray,
    sums: dict[str, NDArray],
    paragraph_shares: NDArray,
    at: NDArray,
) -> Array:
    """Where the block stands to the element that holds most of the paragraphs in least other text."""
    chars = sums["chars"][end] - sums["chars"][start]
    link_length = sums["linked"][end] - sums["linked"][start]
    paragraphs = sums["paragraphs"][end] - sums["paragraphs"][start]
    columns = []
    for power in (1.0, 3.0):
        score = paragraphs * (paragraphs / np.maximum(chars + link_length, 1)) ** power
        # The innermost of equals.
        best = len(score) - 1 - int(np.argmax(score[::-1]))
        first, last = start[best], end[best]
        outside = np.maximum(first - at, 0) + np.maximum(at - last + 1, 0)
        columns += [
            (at >= first) & (at < last), np.log1p(outside) * np.sign(at - first), np.full(len(at),
            paragraph_shares[best]),
            (at - first) / max(last - first, 1),
        ]  # fmt: skip
    return np.stack(columns, axis=1).astype(np.float32)


def _shift(values: NDArray, by: int) -> NDArray:
    result = np.zeros_like(values)
    if by > 0:
        result[by:] = values[:-by]
    else:
        result[:by] = values[-by:]
    return result


def _of_neighbours(
    chars: NDArray, link_share: NDArray, is_paragraph: NDArray, heading: NDArray, holder: NDArray
) -> Array:
    columns = []
    for by in (-3, -2, -1, 1, 2, 3):
        columns += [np.log1p(_shift(chars, by)), _shift(link_share, by)]
        if abs(by) < 3:
            columns += [_shift(heading, by), _shift(holder + 1, by) == holder + 1]
    return np.stack(columns, axis=1).astype(np.float32)


def _of_position(
    paragraph_chars: NDArray, is_paragraph: NDArray, sums: dict[str, NDArray], at: NDArray, whole: float
) -> Array:
    n = len(at)
    last = np.maximum.accumulate(np.where(is_paragraph, at, -1000))
    following = np.minimum.accumulate(np.where(is_paragraph, at, n + 1000)[::-1])[::-1]
    before = sums["paragraphs"][:-1]
    after = sums["paragraphs"][-1] - sums["paragraphs"][1:]
    near = [
        sums["paragraphs"][np.minimum(at + width + 1, n)] - sums["paragraphs"][np.maximum(at - width, 0)]
        for width in (2, 6, 15)
    ]
    return np.stack([
        at / n, np.log1p(at), np.log1p(n - at), np.log1p(at - last), np.log1p(following - at),
        before / whole, after / whole, np.log1p(before), np.log1p(after), *map(np.log1p, near),
    ], axis=1).astype(np.float32)  # fmt: skip


def _of_headline(
    outline: Outline, equals: NDArray, heading: NDArray, at: NDArray, sums: dict[str, NDArray]
) -> Array:
    """How far the block stands from the headline, and how much text is in between."""
    candidates = np.flatnonzero(equals & (heading == 1))
    if not len(candidates):
        candidates = np.flatnonzero(equals & (heading > 0))
    if not len(candidates):
        candidates = np.flatnonzero(heading == 1)
    if not len(candidates):
        candidates = np.flatnonzero(equals)
    if not len(candidates):
        return np.zeros((len(at), 4), dtype=np.float32)
    top = int(candidates[0])
    distance = at - top
    between = np.abs(sums["paragraphs"][at] - sums["paragraphs"][top])
    return np.stack(
        [
            np.ones(len(at)),
            np.sign(distance),
            np.log1p(np.abs(distance)) * np.sign(distance),
            np.log1p(between),
        ],
        axis=1,
    ).astype(np.float32)


def _kinds(outline: Outline) -> list[int]:
    """For each container a number that those of the same tag and class share."""
    numbers: dict[str, int] = {}
    return [numbers.setdefault(container.signature, len(numbers)) for container in outline.containers]


def _of_kind(
    outline: Outline, holder: NDArray, paragraph_chars: NDArray, link_share: NDArray, whole: float
) -> Array:
    """What the blocks in elements of the same tag and class, and in the same kind of place, have in
    common.
    """
    own = _kinds(outline)
    places: dict[tuple[int, int], int] = {}
    inside = [
        places.setdefault((own[max(container.parent, 0)], container.tag), len(places))
        for container in outline.containers
    ]
    columns = []
    for kinds in (own, inside):
        kind = np.array(kinds)[holder]
        count = np.bincount(kind)
        share = np.bincount(kind, weights=paragraph_chars) / whole
        links = np.bincount(kind, weights=link_share) / np.maximum(count, 1)
        columns += [np.log1p(count[kind]), share[kind], links[kind]]
    return np.stack(columns, axis=1).astype(np.float32)


def _of_text(texts: list[str], keys: list[str], declared_text: str) -> Array:
    """Whether the page declares the block's text as the article's (-1: it declares none), whether the same
    text stands on the page twice, and how much it reads like small print.
    """
    beginnings = [each[:60] for each in keys]
    times = Counter(beginnings)
    earlier: set[str] = set()
    rows = []
    for each in beginnings:
        is_declared = float(each in declared_text) if declared_text else -1.0
        rows.append((is_declared, min(times[each], 5), each in earlier))
        earlier.add(each)
    small_print = _word_presence([text[:_SHORT] for text in texts], _SMALL_PRINT).sum(axis=1)
    return np.column_stack([np.array(rows, dtype=np.float32), small_print])


def surroundings(outline: Outline, chance: NDArray) -> Array:
    """Columns for a second look: what a first one (`chance`, by block) said of the neighbours and of the
    elements around each block.
    """
    n = len(chance)
    at = np.arange(n)
    chars = np.array([len(block.text) for block in outline.blocks], dtype=np.float32)
    text_sums, char_sums = _running_sums(chance * chars), _running_sums(chars)
    whole = max(float(text_sums[-1]), 1.0)
    columns = [chance, *(_shift(chance, by) for by in (-4, -3, -2, -1, 1, 2, 3, 4))]
    for width in (3, 8, 20):
        low, high = np.maximum(at - width, 0), np.minimum(at + width + 1, n)
        columns.append((text_sums[high] - text_sums[low]) / np.maximum(char_sums[high] - char_sums[low], 1))
        columns.append((text_sums[at] - text_sums[low]) / np.maximum(char_sums[at] - char_sums[low], 1))
        columns.append(
            (text_sums[high] - text_sums[at + 1]) / np.maximum(char_sums[high] - char_sums[at + 1], 1)
        )
    columns += [text_sums[:-1] / whole, (text_sums[-1] - text_sums[1:]) / whole, np.full(n, np.log1p(whole)),
                np.full(n, whole / max(float(char_sums[-1]), 1.0))]  # fmt: skip
    sure = (chance > 0.6) & (chars >= 40)
    last = np.maximum.accumulate(np.where(sure, at, -1000))
    following = np.minimum.accumulate(np.where(sure, at, n + 1000)[::-1])[::-1]
    columns += [np.log1p(at - last), np.log1p(following - at)]
    holder = np.array([block.holder for block in outline.blocks])
    start = np.array([container.start for container in outline.containers])
    end = np.array([container.end for container in outline.containers])
    parent = np.maximum(np.array([container.parent for container in outline.containers]), 0)
    larger = _larger(outline, holder, start, end)
    for container in (holder, parent[holder], larger, parent[larger], parent[parent[larger]]):
        first, after = start[container], end[container]
        mine = text_sums[after] - text_sums[first]
        columns += [mine / np.maximum(char_sums[after] - char_sums[first], 1), mine / whole]
    kind = np.array(_kinds(outline))[holder]
    weight = np.bincount(kind, weights=chars)
    columns.append((np.bincount(kind, weights=chance * chars) / np.maximum(weight, 1))[kind])
    return np.stack(columns, axis=1).astype(np.float32)
