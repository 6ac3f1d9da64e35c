"""Changing a settings file that a person keeps: one writer at a time, and nothing else in it changes."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from filelock import FileLock, Timeout

from pressgauge.errors import ConfigError, PressgaugeError
from pressgauge.settings.toml import entries
from pressgauge.store import disk
from pressgauge.unicode import control_in, seen_line

if TYPE_CHECKING:
    from tomlkit import TOMLDocument
    from tomlkit.items import Table

_PATIENCE = 10.0
"""Seconds to wait for whoever writes the file now: a writer takes a fraction of one."""
_LONGEST_LINE = 20_000
"""Characters: a topic that was kept from the search goes by its query."""


def single_line(text: str, what: str, most: int = _LONGEST_LINE) -> str:
    """What a person named something, on one line, its spaces made single.

    Raises PressgaugeError, which begins with `what`, where nothing of it is seen, it has more than `most`
    characters or holds a control character.
    """
    line = " ".join(text.split())
    control = control_in(line)
    if control or len(line) > most or not seen_line(line):
        problem = f", without the control character {control}" if control else ""
        raise PressgaugeError(f"{what} of one line, at most {most:,} characters{problem}")
    return line


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Be the only one who changes the file, among threads and processes, from reading to writing it.

    May be nested. Raises ConfigError when somebody else does not come to an end, OSError when the folder
    cannot be written.
    """
    target = file.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(target.with_name(f".{target.name}.lock"), timeout=_PATIENCE, is_singleton=True)
    try:
        lock.acquire()
    except Timeout:
        raise ConfigError(
            file, None, "another process keeps the file", "to be the only one who changes it"
        ) from None
    try:
        yield
    finally:
        lock.release()


def remove(file: Path, table: str, name: str) -> None:
    """Take the `[[table]]` entry of that name out of the file; comments and all else stay as they are.

    Raises ConfigError when the file cannot be read or has no such entry, OSError when it cannot be written.
    """
    with locked(file):
        names = [entry.values.get("name") for entry in entries(file, table)]
        if name not in names:
            a = "an" if table[0] in "aeiou" else "a"
            raise ConfigError(
                file, None, f"no {table} is named {name!r}", f"the name of {a} {table} of this file"
            )
        take_out(file, table, names.index(name))


def take_out(file: Path, table: str, number: int) -> None:
    """Take the `[[table]]` entry of that number, counted from 0, out of the file, which the caller has
    `locked` since it read the entries."""
    import tomlkit

    document = tomlkit.parse(text(file))
    array = cast("Any", document[table])
    if len(array) == 1:  # an empty array would be a key outside any entry
        document.remove(table)
    else:
        del array[number]
    write(file, tomlkit.dumps(document))


def add(file: Path, table: str, values: Mapping[str, Any]) -> None:
    """Write a new `[[table]]` entry at the end of the file, which the caller has `locked`; comments and all
    else stay as they are. Raises ConfigError when the file cannot be read, OSError when it cannot be
    written."""
    import tomlkit

    if file.exists():
        entries(file, table)
    document = tomlkit.parse(text(file))
    row = tomlkit.table()
    row.update(values)
    append(document, table, row)
    write(file, tomlkit.dumps(document))


def append(document: TOMLDocument, table: str, row: Table) -> None:
    """Put a `[[table]]` entry at the end of those of a document, which may have none yet."""
    import tomlkit

    if not document.get(table):
        document[table] = tomlkit.aot()
    cast("Any", document[table]).append(row)


def text(file: Path) -> str:
    """The text of the file as a parser wants it, without mark of byte order and with plain line ends; empty
    without a file. Raises OSError, UnicodeDecodeError."""
    return file.read_text(encoding="utf-8-sig") if file.exists() else ""


def write(file: Path, content: str) -> None:
    """Replace the file by `content`, with the mark of byte order and the line ends that it had.

    Mode and link stay too, and a crash leaves the old or the new file. Raises OSError.
    """
    before = file.read_bytes() if file.exists() else b""
    content = content.replace("\r\n", "\n")
    if 2 * before.count(b"\r\n") > before.count(b"\n"):
        content = content.replace("\n", "\r\n")
    mark = codecs.BOM_UTF8 if before.startswith(codecs.BOM_UTF8) else b""
    disk.replace(file, mark + content.encode("utf-8", "replace"))  # a page may send a lone surrogate
