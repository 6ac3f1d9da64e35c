"""The errors a caller may want to catch. A message names the thing, what was expected, the next step."""

from __future__ import annotations

from pathlib import Path


class PressgaugeError(Exception):
    """Base of every error raised on purpose by Pressgauge."""


class ConfigError(PressgaugeError):
    """A line of `sources.toml`, `topics.toml` or `events.toml` that cannot be used.

    `file` and `line` (1-based; None when the file as a whole is meant) say where, `expected` what would do.
    """

    def __init__(self, file: str | Path, line: int | None, problem: str, expected: str) -> None:
        self.file = Path(file)
        self.line = line
        self.problem = problem
        self.expected = expected
        where = f"{self.file}:{line}" if line else str(self.file)
        super().__init__(f"{where}: {problem}; expected {expected}")


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
        shown = query[first : position + 40].replace("\n", " ")
        lines = [problem, f"  {shown}", "  " + " " * (position - first) + "^"]
        if suggestion:
            lines.append(f"  {suggestion}")
        super().__init__("\n".join(lines))
