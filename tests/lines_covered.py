"""Say how many of the lines the tests ran, and fail where they are fewer than is kept."""

from __future__ import annotations

import json
import sys
from pathlib import Path


def verdict(summary: dict[str, float], least: float) -> tuple[str, int]:
    """What to say, and the exit status. Test processes that left no data say nothing of the tests."""
    if not summary["covered_lines"]:
        return "Lines covered: unknown, since the processes of the tests left no figures", 0
    covered = summary["percent_covered"]
    if covered < least:
        return f"Lines covered: {covered:.1f} %, fewer than the {least:g} % that are kept", 1
    return f"Lines covered: {covered:.1f} %", 0


if __name__ == "__main__":
    said, status = verdict(json.loads(Path(sys.argv[1]).read_text())["summary"], float(sys.argv[2]))
    print(said)
    sys.exit(status)
