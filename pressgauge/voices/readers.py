"""Names that another installed package reads in a text, in place of the rules of `names`.

A package offers such a reader as an entry point of the group `pressgauge.names`: something that is called
without arguments, once, and gives a `NameReader`. It is used when `names.toml` asks for it by name:

    [[reader]]
    name = "spacy"
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Protocol

from pressgauge.errors import PressgaugeError
from pressgauge.settings.toml import entries

GROUP = "pressgauge.names"


class NameReader(Protocol):
    """Reads the names of people and organisations in a text."""

    @property
    def version(self) -> str:
        """Another text whenever other names would be read: what is kept of voices is then read again."""

    def __call__(self, text: str, language: str | None) -> Iterable[tuple[int, int, str]] | None:
        """Of each name [start, end) in characters of `text`, without title, and its kind, "person" or
        "organisation". None where the reader does not know the language: the rules read that text."""


def name_reader(file: Path) -> NameReader | None:
    """The reader that a `names.toml` asks for; None where there is no such file, or no entry in it.

    Raises ConfigError, with the line, for an entry that cannot be used, and PressgaugeError where no
    installed package offers that reader, or the package cannot load it.
    """
    if not file.exists():
        return None
    reader_entries = entries(file, "reader")
    for entry in reader_entries:
        entry.only(("name",))
    if len(reader_entries) > 1:
        raise reader_entries[1].error("a second reader", "one [[reader]], which reads all names", "name")
    return _load(reader_entries[0].name("name")) if reader_entries else None


@cache
def _load(name: str) -> NameReader:
    """The reader of an entry point, made once a process: a pipeline takes seconds to load."""
    for point in entry_points(group=GROUP, name=name):
        try:
            reader: NameReader = point.load()()
        except ImportError as error:
            raise PressgaugeError(
                f"names.toml asks for the reader {name}, which needs more: {error}"
            ) from error
        if not isinstance(reader.version, str):
            raise PressgaugeError(f"the reader {name} of {point.value} has no version, which is a text")
        return reader
    names = ", ".join(sorted(point.name for point in entry_points(group=GROUP))) or "none"
    raise PressgaugeError(f"names.toml asks for the reader {name}; those of installed packages: {names}")
