"""The first sheet of a workbook (XLSX, XLS, ODS), read in a process of its own.

The library lays out every cell up to the last one that a file names: a file of a kilobyte can ask for 512 GB
so, and the process that does not get them ends, with whatever else it does (python-calamine 0.9). It is read
by `python -P -m pressgauge.validation.workbook`, from stdin to stdout, under a bound of memory and time.
"""

from __future__ import annotations

import io
import json
import resource
import subprocess
import sys
from typing import Any

from pressgauge.errors import ArgumentError

_MEMORY = 512 * 2**20
_CPU_SECONDS = 30
_WALL_SECONDS = 600
"""By the clock, for a process that is not given a core."""


def workbook_rows(content: bytes) -> list[list[Any]]:
    """The rows of the first sheet, empty ones among them: texts, numbers and bools, dates as texts. Raises
    ArgumentError for what is no workbook or too large for one of codes."""
    command = (sys.executable, "-P", "-m", "pressgauge.validation.workbook")
    try:
        reader = subprocess.run(
            command, input=content, capture_output=True, timeout=_WALL_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise ArgumentError("reading it takes too long for a table of codes") from None
    if reader.returncode:
        raise ArgumentError(
            "it is damaged, or has cells so far out that it is too large for a table of codes"
        )
    reply: dict[str, Any] = json.loads(reader.stdout)
    if "problem" in reply:
        raise ArgumentError(reply["problem"])
    rows: list[list[Any]] = reply["rows"]
    return rows


def main() -> None:
    """Read a workbook from stdin; write its rows, or why it has none, to stdout as JSON."""
    from python_calamine import CalamineError, load_workbook

    content = sys.stdin.buffer.read()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    reply: dict[str, Any]
    try:
        first = load_workbook(io.BytesIO(content)).get_sheet_by_index(0)
        reply = {"rows": first.to_python(skip_empty_area=False)}
    except CalamineError as error:
        reply = {"problem": str(error)[:200]}
    json.dump(reply, sys.stdout, default=str)


if __name__ == "__main__":
    main()
