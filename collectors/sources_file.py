"""Adding `[[source]]` entries to a `sources.toml` that a person edits: what is there stays, byte for byte."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import tomlkit

from collectors.settings import load_sources, parse_source
from pressgauge.errors import PressgaugeError
from pressgauge.settings import editing
from pressgauge.settings.toml import Entry, entries
from pressgauge.store import disk
from pressgauge.urls import canonicalize

_BOM = "\ufeff"
_LONGEST = 200
"""Characters of a source's name."""


class Additions:
    """`add` sources in turn, then `write` them behind what the file has.

    A name that is taken gets a number: names of sources are unique. Raises ConfigError when the file cannot
    be read as settings, and leaves it alone.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        present = [entry.values for entry in entries(file, "source")] if file.exists() else []
        self._names = {str(source.get("name")).strip() for source in present}
        self._by_address = {_same(str(source.get("url"))): str(source.get("name")) for source in present}
        self._blocks: list[dict[str, Any]] = []

    def source_at(self, url: str) -> str | None:
        """The name of the source that has this address already."""
        return self._by_address.get(_same(url))

    def add(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Add a source -> its values, the name made unique. Raises ConfigError for what no source can be."""
        name = str(values["name"])[:_LONGEST].strip()
        block = {**values, "name": self._unique(name)}
        parse_source(Entry(self._file, 0, block, {}))
        self._names.add(block["name"])
        self._by_address[_same(str(block["url"]))] = block["name"]
        self._blocks.append(block)
        return block

    def _unique(self, name: str) -> str:
        unique, number = name, 2
        while unique in self._names:
            mark = f" ({number})"
            unique, number = name[: _LONGEST - len(mark)] + mark, number + 1
        return unique

    def write(self) -> None:
        """Write the file, whole or not at all; nothing when nothing was added. Raises PressgaugeError."""
        if not self._blocks:
            return
        try:
            text = self._file.read_bytes().decode("utf-8") if self._file.exists() else ""
            newline = "\r\n" if "\r\n" in text else "\n"
            if text.strip(_BOM) and not text.endswith("\n"):
                text += newline
            for block in self._blocks:
                gap = newline if text.strip(_BOM) else ""
                text += gap + toml_block(block).replace("\n", newline)
            disk.replace(self._file, text.encode())
        except OSError as error:
            raise PressgaugeError(f"{self._file} cannot be written: {error.strerror}") from error


def toml_block(values: Mapping[str, Any]) -> str:
    """The `[[source]]` of these values, as it is written."""
    table = tomlkit.table()
    table.update({key: value for key, value in values.items() if value is not None})
    tables = tomlkit.aot()
    tables.append(table)
    document = tomlkit.document()
    document.append("source", tables)
    return tomlkit.dumps(document)


def add_source(file: Path, values: Mapping[str, Any]) -> dict[str, Any]:
    """Write one more source into the settings -> its values as they are written.

    Raises ConfigError when it cannot be one or the file cannot be read, PressgaugeError when its address is
    there already or the file cannot be written.
    """
    with editing.locked(file):
        additions = Additions(file)
        if (name := additions.source_at(str(values["url"]))) is not None:
            raise PressgaugeError(f"{values['url']} is collected already, by the source {name!r} of {file}")
        block = additions.add(values)
        additions.write()
        return block


def has_local(file: Path, address: str) -> bool:
    """Whether a source of the settings may read private addresses of this host: then a new one may, too."""
    sources, _ = load_sources(file)
    hosts = {_netloc(source.url) for source in sources if source.local}
    return _netloc(address if "://" in address else f"http://{address}") in hosts - {""}


def _netloc(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""


def _same(url: str) -> str:
    """What two ways to write one address have in common."""
    try:
        return canonicalize(url.strip())
    except ValueError:
        return url.strip()
