"""The one family of errors. A message names the thing, what was expected, and the next step.

PressgaugeError                 whatever Pressgauge raises on purpose
+-- ArgumentError               a function was given what it cannot use
+-- CellError                   a cell of a frame is no value of its column (pressgauge.store.rows)
+-- MissingError                there is no event or story of the number asked for
+-- ConfigError                 a line of a settings file cannot be used
+-- DatasetError                the dataset on disk cannot be opened, read or written
|   +-- ConflictError           another writer was faster (pressgauge.store.table.delta)
|   +-- DamagedError            a file of the events is not what was written (pressgauge.events)
+-- QueryError                  a query cannot be parsed
+-- RefreshRunningError         another refresh of the dataset is under way (collectors.refresh)
+-- CollectError                a source as a whole gave nothing usable (collectors.errors)
|   +-- FetchError              a request brought nothing usable
|   +-- RefusedError            a process of the sandbox could not read what it was given (collectors.sandbox)
|   +-- ContentError            a file is not what it seems to be (collectors.formats)
+-- WorkerError                 no process of the sandbox can be started (collectors.sandbox)
+-- RefusedPageError            a page is none that can be read (collectors.extraction)
+-- DecodeError                 a Content-Encoding cannot be undone (collectors.web)
+-- PausedError                 a host is left alone for now (collectors.web)
+-- NotYetError                 a chart is being made and is to be had in a moment (dashboard.server)
+-- ChannelError                a channel did not take a notice (collectors.alerts)
+-- BlockedAddressError         a connection would go to an address that is not public (collectors.web)
"""

from __future__ import annotations

from pathlib import Path

_LONGEST_PROBLEM = 500


class PressgaugeError(Exception):
    """Base of every error raised on purpose by Pressgauge."""


class ArgumentError(PressgaugeError, ValueError):
    """An argument that a function cannot use: the message names it, and says what is expected."""


class MissingError(PressgaugeError, KeyError):
    """There is no event or story of the number that was asked for."""

    __str__ = Exception.__str__  # a KeyError shows its message in quotes


class ConfigError(PressgaugeError):
    """A line of a settings file, such as `sources.toml` or `topics.toml`, that cannot be used.

    `file` and `line` (1-based; None when the file as a whole is meant) say where, `expected` what would do.
    A `problem` may quote what stands there: it is cut where that is long, and steers no terminal.
    """

    def __init__(self, file: str | Path, line: int | None, problem: str, expected: str) -> None:
        self.file = Path(file)
        self.line = line
        short = problem if len(problem) <= _LONGEST_PROBLEM else f"{problem[:_LONGEST_PROBLEM]} ..."
        self.problem = "\n".join(map(one_line, short.splitlines()))
        self.expected = expected
        place = f"{self.file}:{line}" if line else str(self.file)
        super().__init__(f"{place}: {self.problem}; expected {expected}")


class DatasetError(PressgaugeError):
    """The dataset on disk cannot be opened, read or written."""


class QueryError(PressgaugeError):
    """A query that cannot be parsed.

    `position` is the 0-based character where parsing stopped, `suggestion` what to write instead.
    """

    def __init__(self, query: str, position: int, problem: str, suggestion: str | None = None) -> None:
        self.query = query
        self.position = position
        self.problem = problem
        self.suggestion = suggestion
        first = max(0, position - 60)
        excerpt = query[first : position + 40].replace("\n", " ")
        lines = [problem, f"  {excerpt}", "  " + " " * (position - first) + "^"]
        if suggestion:
            lines.append(f"  {suggestion}")
        super().__init__("\n".join(lines))


def one_line(text: str) -> str:
    """`text` on one line, without the characters that would steer a terminal: it may quote a stranger."""
    return "".join(character if character.isprintable() else " " for character in text)


_PLURAL = {"story": "stories", "query": "queries", "country": "countries", "company": "companies"}


def quantity(n: int, noun: str) -> str:
    """How many of what, as messages and pages say it: 1 -> '1 article', 1234 -> '1,234 articles'."""
    return f"{n:,} {noun if n == 1 else _PLURAL.get(noun, noun + 's')}"
