"""What can be said of a page's blocks in numbers: a row a block, a column a feature.

Shallow text features (length, links, punctuation), the vocabulary of tags and class names around a block,
what its neighbours and the elements around it hold, and where it stands on the page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, count
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from collectors.extraction.boilerplate import key
from collectors.extraction.page.outline import INVISIBLE, NAME_BITS, POSITIVE, TAGS, Outline

_BEGINNING = 60
"""Characters of a text's beginning, by which a repetition is known."""
_PARAGRAPH = 80
"""A block of so many characters that is not mostly links is one of the page's paragraphs, for counting."""
_HOLDS_THE_ARTICLE = 0.3
"""What the class of an element that holds more than this share of the paragraphs says against it is
ignored.
"""
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
_LEVELS = np.array([0, *(int(tag[1]) if re.fullmatch("h[1-6]", tag) else 0 for tag in TAGS)])
"""By tag the level of a heading, 0 for what is none."""
_TAG_SHIFTS = np.arange(len(_AROUND))[:, None]
_ONE_HOT = np.array([
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
])[:, None]  # fmt: skip
_ALL_NAMES = np.array([*NAME_BITS.values(), INVISIBLE])[:, None]

Array = NDArray[np.float32]
Columns = dict[str, NDArray]
"""By its name what is said of each block; several things of a kind are one array, a row each, and are called
by the name and their number.
"""


@dataclass(frozen=True, slots=True)
class Layout:
    """An outline in arrays.

    By block: its text, how many `chars` that has and how many of them are `linked`, its `holder` and the
    `larger` container around it, the innermost that holds other blocks, too. By container: `tag`, `parent` (0
    for none), `depth`, `names`, its blocks from `start` to `end`, and `kind`, a number that those of the same
    tag and class share.
    """

    outline: Outline
    texts: list[str]
    chars: Array
    linked: NDArray[np.int64]
    holder: NDArray[np.int64]
    larger: NDArray[np.int64]
    tag: NDArray[np.int64]
    parent: NDArray[np.int64]
    depth: NDArray[np.int64]
    names: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    kind: NDArray[np.int64]

    @classmethod
    def of(cls, outline: Outline) -> Layout:
        texts = [block.text for block in outline.blocks]
        linked, holder = _numbers(outline.blocks, "link_length", "holder")
        tag, parent, depth, names, start, end = _numbers(
            outline.containers, "tag", "parent", "depth", "names", "start", "end"
        )
        larger: list[int] = []
        for number, (size, above) in enumerate(zip((end - start).tolist(), parent.tolist(), strict=True)):
            larger.append(number if size >= 2 or above < 0 else larger[above])
        return cls(
            outline,
            texts,
            np.fromiter(map(len, texts), np.float32, len(texts)),
            linked,
            holder,
            np.array(larger)[holder],
            tag,
            np.maximum(parent, 0),
            depth,
            names,
            start,
            end,
            _kinds([container.signature for container in outline.containers]),
        )


def _numbers(rows: Sequence[object], *names: str) -> NDArray[np.int64]:
    """A row of numbers for each of these attributes."""
    values = chain.from_iterable(map(attrgetter(*names), rows))
    return np.ascontiguousarray(
        np.fromiter(values, np.int64, len(rows) * len(names)).reshape(-1, len(names)).T
    )


def _kinds(values: Collection[Hashable]) -> NDArray[np.int64]:
    """For each value a number that only its equals share."""
    numbers: dict[Hashable, int] = {}
    return np.fromiter(map(numbers.setdefault, values, count()), np.int64, len(values))


def matrix(columns: Columns) -> Array:
    """A row a block, in the order of `names`; of one block or more."""
    values = list(columns.values())
    flat = np.concatenate([np.ravel(each) for each in values], dtype=np.float32, casting="unsafe")
    return flat.reshape(-1, values[0].shape[-1]).T


def names(columns: Columns) -> list[str]:
    """What each column of their `matrix` is called: by these the trees are held to what they learnt from."""
    return [
        name if values.ndim == 1 else f"{name}_{number}"
        for name, values in columns.items()
        for number in range(1 if values.ndim == 1 else values.size // values.shape[-1])
    ]


def features(layout: Layout, titles: Collection[str], declared_text: str = "") -> Columns:
    """What the trees are asked of each block of a page.

    `titles` are the keys of the page's headline in all its forms. `declared_text` is the key of the text that
    the page declares (JSON-LD's articleBody), and empty where it declares none.
    """
    chars, holder, parent, larger = layout.chars, layout.holder, layout.parent, layout.larger
    linked, n = layout.linked, len(chars)
    link_share = (linked / chars).astype(np.float32)
    is_paragraph = (chars >= _PARAGRAPH) & (link_share < 0.3)
    paragraph_chars = np.where(is_paragraph, chars, 0)
    sums = {
        "chars": _running_sums(chars),
        "linked": _running_sums(linked),
        "paragraphs": _running_sums(paragraph_chars),
        "count": _running_sums(is_paragraph),
    }
    whole = max(float(sums["paragraphs"][-1]), 1.0)
    paragraph_shares = (sums["paragraphs"][layout.end] - sums["paragraphs"][layout.start]) / whole
    names_around, tags_around = _around(layout.outline, paragraph_shares)
    at = np.arange(n)
    is_title = _are_titles(layout.texts, titles)

    tag = layout.tag[holder]
    heading = _LEVELS[tag]
    # The elements around the block: its holder, the two around that, and the first that holds more than it.
    containers = np.stack([
        holder, parent[holder], parent[parent[holder]], larger, parent[larger], parent[parent[larger]]
    ])  # fmt: skip
    page = np.array([
        np.log1p(sums["chars"][-1]), np.log1p(n), np.log1p(whole), sums["linked"][-1] / sums["chars"][-1],
        np.log1p(sums["count"][-1]), float(paragraph_chars[tag == _NUMBER["p"]].sum()) / whole,
    ], dtype=np.float32)  # fmt: skip
    return {
        **_own(layout),
        "link_share": link_share,
        "is_of_tag": tag == _ONE_HOT,
        "heading": heading,
        "in_tag": (tags_around[holder] >> _TAG_SHIFTS) & 1,
        "in_named": (names_around[holder] & _ALL_NAMES) > 0,
        "depth": layout.depth[holder],
        "in_container": _of_containers(containers, layout, sums, paragraph_shares, at),
        **_of_best(layout, sums, paragraph_shares, at),
        **_of_neighbours(chars, link_share, heading, holder),
        **_of_position(is_paragraph, sums, at, whole),
        **_of_headline(is_title, heading, at, sums),
        **_of_kind(layout, paragraph_chars, link_share, whole),
        **_of_text(layout.texts, declared_text),
        "page": np.broadcast_to(page[:, None], (len(page), n)),
    }


def _own(layout: Layout) -> Columns:
    """What each text looks like, whatever is around it."""
    texts, length = layout.texts, layout.chars
    words = np.array([text.count(" ") for text in texts], dtype=np.float32) + 1
    return {
        "length": np.log1p(length),
        "words": np.log1p(words),
        "length_of_words": length / words,
        "ends_a_sentence": np.array([text[-1] in _ENDS for text in texts]),
    }


def _are_titles(texts: list[str], titles: Collection[str]) -> NDArray[np.bool_]:
    """Which texts are one of the headline's forms, as keys: of those of about such a length."""
    lengths = [len(title) for title in titles if title]
    shortest, longest = min(lengths, default=0) - 5, 2 * max(lengths, default=-1)
    return np.array([shortest <= len(text) <= longest and key(text) in titles for text in texts])


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


def _of_containers(
    containers: NDArray, layout: Layout, sums: dict[str, NDArray], paragraph_shares: NDArray, at: NDArray
) -> NDArray:
    """What the `containers` (in each row one for each block) hold, and where in them the block is."""
    start, end = layout.start, layout.end
    chars = sums["chars"][end] - sums["chars"][start]
    link_length = sums["linked"][end] - sums["linked"][start]
    size = end - start
    return np.stack([
        np.log1p(chars)[containers], (link_length / np.maximum(chars, 1))[containers],
        np.log1p(size)[containers], paragraph_shares[containers],
        (at - start[containers]) / np.maximum(size, 1)[containers],
        (sums["count"][end] - sums["count"][start])[containers],
    ], axis=1)  # fmt: skip


def _of_best(layout: Layout, sums: dict[str, NDArray], paragraph_shares: NDArray, at: NDArray) -> Columns:
    """Where the block stands to the element that holds most of the paragraphs in least other text."""
    start, end = layout.start, layout.end
    chars = sums["chars"][end] - sums["chars"][start]
    link_length = sums["linked"][end] - sums["linked"][start]
    paragraphs = sums["paragraphs"][end] - sums["paragraphs"][start]
    columns: Columns = {}
    for name, power in (("wide", 1.0), ("narrow", 3.0)):
        score = paragraphs * (paragraphs / np.maximum(chars + link_length, 1)) ** power
        # The innermost of equals.
        best = len(score) - 1 - int(np.argmax(score[::-1]))
        first, last = start[best], end[best]
        outside = np.maximum(first - at, 0) + np.maximum(at - last + 1, 0)
        columns |= {
            f"in_{name}_best": (at >= first) & (at < last),
            f"out_of_{name}_best": np.log1p(outside) * np.sign(at - first),
            f"share_of_{name}_best": np.full(len(at), paragraph_shares[best]),
            f"place_in_{name}_best": (at - first) / max(last - first, 1),
        }
    return columns


_FAR = 4
"""Blocks before and behind a block that are looked at one by one."""


def _shifted(values: NDArray, steps: Iterable[int]) -> list[NDArray]:
    """The values of the blocks that stand so many steps before (behind, if negative), 0 beyond the page."""
    n = len(values)
    padded = np.zeros(n + 2 * _FAR, dtype=values.dtype)
    padded[_FAR : _FAR + n] = values
    return [padded[_FAR - step : _FAR - step + n] for step in steps]


def _of_neighbours(chars: NDArray, link_share: NDArray, heading: NDArray, holder: NDArray) -> Columns:
    steps = (-3, -2, -1, 1, 2, 3)
    columns: Columns = {}
    for step, *values in zip(
        steps,
        *(_shifted(each, steps) for each in (np.log1p(chars), link_share, heading, holder + 1)),
        strict=True,
    ):
        length, links, level, held_by = values
        columns |= {f"length_at_{step}": length, f"link_share_at_{step}": links}
        if abs(step) == 1:
            columns |= {f"heading_at_{step}": level, f"same_holder_at_{step}": held_by == holder + 1}
    return columns


def _of_position(is_paragraph: NDArray, sums: dict[str, NDArray], at: NDArray, whole: float) -> Columns:
    n = len(at)
    last, following = _nearest(is_paragraph)
    before = sums["paragraphs"][:-1]
    after = sums["paragraphs"][-1] - sums["paragraphs"][1:]
    near = {
        width: sums["paragraphs"][np.minimum(at + width + 1, n)]
        - sums["paragraphs"][np.maximum(at - width, 0)]
        for width in (2, 6, 15)
    }
    return {
        "place": at / n,
        "before": np.log1p(at),
        "behind": np.log1p(n - at),
        "to_last_paragraph": np.log1p(at - last),
        "to_next_paragraph": np.log1p(following - at),
        "share_before": before / whole,
        "share_behind": after / whole,
        "text_before": np.log1p(before),
        "text_behind": np.log1p(after),
        **{f"text_within_{width}": np.log1p(values) for width, values in near.items()},
    }


def _nearest(those: NDArray) -> tuple[NDArray, NDArray]:
    """For each block the number of the last of `those` up to it and of the first from it on."""
    n = len(those)
    at = np.arange(n)
    last = np.maximum.accumulate(np.where(those, at, -1000))
    return last, np.minimum.accumulate(np.where(those, at, n + 1000)[::-1])[::-1]


def _of_headline(equals: NDArray, heading: NDArray, at: NDArray, sums: dict[str, NDArray]) -> Columns:
    """How far the block stands from the headline, and how much text is in between."""
    tops = (np.flatnonzero(equals & (heading == 1)), np.flatnonzero(equals & (heading > 0)),
            np.flatnonzero(heading == 1), np.flatnonzero(equals))  # fmt: skip
    top = next((int(each[0]) for each in tops if len(each)), None)
    if top is None:
        return {"headline": np.zeros((4, len(at)))}
    distance = at - top
    between = np.abs(sums["paragraphs"][at] - sums["paragraphs"][top])
    sign = np.sign(distance)
    return {
        "headline": np.stack([
            np.ones(len(at)), sign, np.log1p(np.abs(distance)) * sign, np.log1p(between)
        ])
    }  # fmt: skip


def _of_kind(layout: Layout, paragraph_chars: NDArray, link_share: NDArray, whole: float) -> Columns:
    """What the blocks in elements of the same tag and class, and in the same kind of place, have in
    common.
    """
    places = layout.kind[layout.parent] * (len(TAGS) + 1) + layout.tag
    columns: Columns = {}
    for name, kinds in (("kind", layout.kind), ("kind_of_place", _kinds(places.tolist()))):
        kind = kinds[layout.holder]
        number = np.bincount(kind)
        share = np.bincount(kind, weights=paragraph_chars) / whole
        links = np.bincount(kind, weights=link_share) / np.maximum(number, 1)
        columns |= {
            f"blocks_of_{name}": np.log1p(number)[kind],
            f"share_of_{name}": share[kind],
            f"link_share_of_{name}": links[kind],
        }
    return columns


def _of_text(texts: list[str], declared_text: str) -> Columns:
    """Whether the page declares the block's text as the article's (-1: it declares none), how often the same
    text stands on the page, and whether it stood there before.
    """
    beginnings = [text[:_BEGINNING] for text in texts]
    times = Counter(beginnings)
    first = dict(zip(reversed(beginnings), range(len(texts) - 1, -1, -1), strict=True))
    return {
        "declared": np.array([key(each) in declared_text for each in beginnings])
        if declared_text
        else np.full(len(texts), -1),
        "times": np.minimum(list(map(times.__getitem__, beginnings)), 5),
        "repeated": np.array(list(map(first.__getitem__, beginnings))) < np.arange(len(texts)),
    }


def surroundings(layout: Layout, chance: NDArray) -> Columns:
    """Columns for a second look: what a first one (`chance`, by block) said of the neighbours and of the
    elements around each block.
    """
    n = len(chance)
    at = np.arange(n)
    chars, holder, parent, larger = layout.chars, layout.holder, layout.parent, layout.larger
    text_sums, char_sums = _running_sums(chance * chars), _running_sums(chars)
    whole = max(float(text_sums[-1]), 1.0)
    near = []
    for width in (3, 8, 20):
        low, high = np.maximum(at - width, 0), np.minimum(at + width + 1, n)
        for first, after in ((low, high), (low, at), (at + 1, high)):
            share = text_sums[after] - text_sums[first]
            near.append(share / np.maximum(char_sums[after] - char_sums[first], 1))
    last, following = _nearest((chance > 0.6) & (chars >= 40))
    text = text_sums[layout.end] - text_sums[layout.start]
    share = text / np.maximum(char_sums[layout.end] - char_sums[layout.start], 1)
    containers = np.stack([holder, parent[holder], larger, parent[larger], parent[parent[larger]]])
    kind = layout.kind[holder]
    weight = np.bincount(kind, weights=chars)
    return {
        "chance": chance,
        "chance_at": np.stack(_shifted(chance, (-4, -3, -2, -1, 1, 2, 3, 4))),
        "chance_within": np.stack(near),
        "chance_before": text_sums[:-1] / whole,
        "chance_behind": (text_sums[-1] - text_sums[1:]) / whole,
        "likely_text": np.full(n, np.log1p(whole)),
        "chance_of_page": np.full(n, whole / max(float(char_sums[-1]), 1.0)),
        "to_last_text": np.log1p(at - last),
        "to_next_text": np.log1p(following - at),
        "chance_of_container": share[containers],
        "text_of_container": text[containers] / whole,
        "chance_of_kind": (np.bincount(kind, weights=chance * chars) / np.maximum(weight, 1))[kind],
    }
