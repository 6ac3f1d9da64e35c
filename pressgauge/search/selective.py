"""What of a query says what is looked for, and what only says where: `"open source" AND (AI OR LLM)`, asked
of coverage of AI, looks for "open source"."""

from __future__ import annotations

from pressgauge.search.highlight import asked_words
from pressgauge.search.index import Index
from pressgauge.search.nodes import And, Everything, Node, Or
from pressgauge.search.query import parse

COMMON = 0.5
"""The share of the articles within from which on a part of an AND that they match selects none of them."""


def selective(query: str, index: Index, within: str = "") -> Node:
    """The query without the parts of an AND that at least half the articles `within` (a query; all by
    default) match, unless all of its parts are such. It finds more articles: it is for showing what a query
    looks for in those that the whole of it found. Raises QueryError.
    """
    inside = parse(within) if within else Everything()
    total = index.count(inside)

    def is_common(part: Node) -> bool:
        return index.count(And((part, inside))) >= COMMON * max(total, 1)

    def reduced(node: Node) -> Node:
        match node:
            case Or(parts):
                return Or(tuple(map(reduced, parts)))
            case And(parts):
                worded = [part for part in parts if asked_words(part)]
                rare = [part for part in worded if not is_common(part)]
                kept = [part for part in parts if part in rare or part not in worded]
                return And(tuple(map(reduced, kept if rare else parts)))
        return node

    return reduced(parse(query))
