"""Topics: saved queries, asked of the index whenever they are needed and never stored with an article."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from pressgauge.errors import ConfigError, QueryError
from pressgauge.settings import editing
from pressgauge.settings.toml import IDENTIFIER, Entry, entries, unique_entries

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

Side = Literal["open", "proprietary"]
FIELD = "ai"
"""The topic that is the whole field: what shares are shares of, unless everything is counted."""
_EXAMPLE = "open_source"
_KEYS = ("name", "label", "side", "query", "terms", "color")


@dataclass(frozen=True, slots=True)
class Topic:
    """A saved query: `name` identifies it, `label` is shown, `side` is its camp, `color` #rrggbb or None."""

    name: str
    label: str
    side: Side | None
    query: str
    color: str | None = None


def load_topics(path: str | Path) -> list[Topic]:
    """The topics of a `topics.toml`, in its order.

    Raises ConfigError with file, line and what was expected at the first entry that cannot be used.
    """
    return unique_entries(path, "topic", _parse_topic)


def save_topic(path: str | Path, topic: Topic) -> None:
    """Add the topic to the file, or replace the one of its name; comments and all else stay as they are.

    The file is replaced in one step, so that a crash leaves the old or the new one, and by one writer at a
    time, so that nobody's topic is lost. Raises QueryError when the query cannot be read, PressgaugeError for
    a label that is none, ConfigError when the file cannot be read.
    """
    import tomlkit

    from pressgauge.search.query import parse

    parse(topic.query)
    file = Path(path)
    if not topic.name.isidentifier():
        raise ConfigError(file, None, f"name = {topic.name!r}", IDENTIFIER + _EXAMPLE)
    topic = replace(topic, label=editing.single_line(topic.label, "a topic needs a label"))
    with editing.locked(file):
        names = [entry.values.get("name") for entry in entries(file, "topic")] if file.exists() else []
        document = tomlkit.parse(editing.text(file))
        _write_topic(document, topic, names)
        editing.write(file, tomlkit.dumps(document))


def _write_topic(document: TOMLDocument, topic: Topic, names: list[str | None]) -> None:
    """Write a topic into a document that has topics of these names, in this order."""
    import tomlkit

    table: Any
    if topic.name in names:
        table = cast("Any", document["topic"])[names.index(topic.name)]
    else:
        table = tomlkit.table()
        editing.append(document, "topic", table)
    if "terms" in table and _join_terms(table["terms"]) != topic.query:
        del table["terms"]
    values = {"name": topic.name, "label": topic.label, "side": topic.side, "color": topic.color}
    if "terms" not in table:
        values["query"] = topic.query
    for key, value in values.items():
        if value is None:
            table.pop(key, None)
        elif table.get(key) != value:
            table[key] = value


def delete_topic(path: str | Path, name: str) -> None:
    """Take the topic of that name out of the file; comments and all else stay as they are.

    Raises ConfigError when the file cannot be read or has no such topic.
    """
    editing.remove(Path(path), "topic", name)


def _parse_topic(entry: Entry) -> Topic:
    entry.only(_KEYS)
    name = entry.identifier("name", _EXAMPLE)
    side = entry.get("side", str, None)
    if side not in (None, "open", "proprietary"):
        raise entry.error(f"side = {side!r}", '"open" or "proprietary", or no side', "side")
    color = entry.get("color", str, None)
    if color is not None and not re.fullmatch("#[0-9a-fA-F]{6}", color):
        raise entry.error(f"color = {color!r}", 'a colour such as "#0072B2"', "color")
    return Topic(name, entry.name("label", name), cast("Side | None", side), _query_of(entry), color)


def query_of(topics: Iterable[Topic], key: str) -> str:
    """The query of the topic of that name; a key that is no topic's name is a query already."""
    return next((topic.query for topic in topics if topic.name == key), key)


def _query_of(entry: Entry) -> str:
    from pressgauge.search.query import parse

    keys = [key for key in ("terms", "query") if key in entry.values]
    if len(keys) != 1:
        raise entry.error(f"{' and '.join(keys) or 'no query'} given", "either terms or query")
    key = keys[0]
    query = entry.get("query", str) if key == "query" else _join_terms(entry.texts("terms"))
    if not query.strip():
        raise entry.error(f"{key} is empty", "at least one word", key)
    try:
        parse(query)
    except QueryError as error:
        raise entry.error(str(error), "a query as described in pressgauge.search.query", key) from error
    return query


def _join_terms(terms: Iterable[str]) -> str:
    """One query for the terms. AND binds tighter than OR, so a fragment needs no parentheses."""
    return " OR ".join(map(_term_query, terms))


def _term_query(term: str) -> str:
    """A term as it stands when it uses the query language, in quotation marks when it is plain words."""
    if re.search(r'["():*\[]|\b(AND|OR|NOT)\b', term):
        return term
    return term if term.isalnum() and term.lower() not in ("and", "or", "not") else f'"{term}"'
