"""The codebook: variables that people code articles by, each with its values and what they mean."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pressgauge.settings.toml import IDENTIFIER, Entry, unique_entries

_KEYS = ("name", "label", "question", "values")
_EXAMPLE = "public_risk"


@dataclass(frozen=True, slots=True)
class Value:
    """One answer: `name` is what is kept, `label` what is shown, `description` when it applies."""

    name: str
    label: str
    description: str


@dataclass(frozen=True, slots=True)
class Variable:
    """What articles are coded by, such as the frame or the genre: a question and its possible answers."""

    name: str
    label: str
    question: str
    values: tuple[Value, ...]


def load_codebook(path: str | Path) -> list[Variable]:
    """The variables of a `codebook.toml`, in its order.

    Raises ConfigError with file, line and what was expected at the first entry that cannot be used.
    """
    return unique_entries(path, "variable", _parse_variable)


def _parse_variable(entry: Entry) -> Variable:
    entry.only(_KEYS)
    name = entry.identifier("name", _EXAMPLE)
    if name == "relevant":
        raise entry.error(f"name = {name!r}", "another name: this one is taken", "name")
    label = entry.name("label", name)
    values: dict[str, Value] = {}
    for item in entry.get("values", list):
        value = _parse_value(entry, item)
        if value.name in values:
            raise entry.error(f"a second value is named {value.name}", "another name", "values")
        values[value.name] = value
    if len(values) < 2:
        raise entry.error(f"{name} has {len(values)} values", "two or more values to choose from", "values")
    return Variable(name, label, entry.get("question", str, label), tuple(values.values()))


def _parse_value(entry: Entry, item: Any) -> Value:
    expected = '{ name = "risk", label = "Risk", description = "what may go wrong" }'
    if not isinstance(item, dict) or not item.keys() <= {"name", "label", "description"}:
        raise entry.error(f"a value is {item!r}", expected, "values")
    name = item.get("name")
    if not isinstance(name, str) or not name.isidentifier():
        raise entry.error(f"the name of a value is {name!r}", IDENTIFIER + _EXAMPLE, "values")
    label, description = item.get("label", name), item.get("description", "")
    if not isinstance(label, str) or not isinstance(description, str):
        raise entry.error(f"{name} has a label or description that is no text", expected, "values")
    return Value(name, label, description)
