"""The statements of a TOML text with their lines, which no TOML reader for Python keeps."""

from __future__ import annotations

import io
import re
import tomllib
from collections.abc import Iterator
from typing import Any

_TOKEN = re.compile(r"""\"{3}|'{3}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|\#.*|[\[\]{}]""")
"""What decides whether a statement goes on in the next line: texts, comments and brackets."""
_REST = {
    '"""': re.compile(r'(?:[^"\\]|\\.|"(?!""))*("{3,5})?', re.DOTALL),
    "'''": re.compile(r"(?:[^']|'(?!''))*('{3,5})?"),
}
"""What a line still holds of a text of several lines, and the marks that end it."""


def split_statements(text: str) -> Iterator[tuple[int, dict[str, Any] | None]]:
    """(first line, content) of each header and each key of a TOML text, in order.

    The content is None for the first that cannot be read, after which there is nothing more.
    """
    lines: list[str] = []
    depth, quote = 0, ""
    for number, line in enumerate(io.StringIO(text), 1):
        lines.append(line)
        depth, quote = _after(line, depth, quote)
        if depth <= 0 and not quote:
            statement = _load("".join(lines))
            yield number - len(lines) + 1, statement
            if statement is None:
                return
            lines, depth = [], 0
    if lines:
        yield number - len(lines) + 1, None


def _after(line: str, depth: int, quote: str) -> tuple[int, str]:
    """(how many brackets are open, the marks of an open text of several lines) behind a line."""
    at = 0
    while True:
        if quote:
            rest = _REST[quote].match(line, at)
            if rest is None or not rest[1]:
                return depth, quote
            at, quote = rest.end(), ""
        token = _TOKEN.search(line, at)
        if token is None:
            return depth, ""
        at = token.end()
        if token[0] in _REST:
            quote = token[0]
        else:
            depth += (token[0] in "[{") - (token[0] in "]}")


def _load(text: str) -> dict[str, Any] | None:
    """The content of a statement; None where it is no TOML."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):  # more digits, or lists within lists, than Python reads
        return None
