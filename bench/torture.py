"""`python -m bench.torture`: do to the software, many times, what must not harm it, and keep what came of it.

A module `bench.torture_NAME` has `run(budget_seconds, seed) -> rows`; a row has figure, wanted, got, events
(how often the fault really happened) and note. Each module is one section of bench/RELIABILITY.md; a run
replaces its own sections and leaves the others.

Those of RESUMED count on from the last run: `run(budget_seconds, seed, before) -> (rows, counts)`, where
`before` are the counts of all runs so far (values of JSON, kept in bench/RELIABILITY.json; {} at first).
"""

from __future__ import annotations

import importlib
import json
import re
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from bench.__main__ import machine

MODULES = ("network", "parsing", "operation", "server", "storage", "long")
RESUMED = ("parsing", "storage")
COUNTS = Path(__file__).parent / "RELIABILITY.json"
RESULTS = Path(__file__).parent / "RELIABILITY.md"
HEADING = """# Reliability

What was done to the software on purpose, how often it really happened, and what came of it. Loopback only.
Made by `make torture` (MINUTES=30 by default); short forms of all of it run in `make test`. Times are of a
shared machine, where other work can weigh on one run of two: read the ratios, and CPU before the clock.
"""
COLUMNS = ("figure", "wanted", "got", "events", "note")
HEADER = f"| {' | '.join(COLUMNS)} |\n{'|---' * len(COLUMNS)}|"


@click.command()
@click.option("--only", type=click.Choice(MODULES), multiple=True, help="Run these modules only.")
@click.option("--minutes", type=click.FloatRange(min=0.1), default=30.0, show_default=True, help="For all.")
@click.option("--seed", default=1, show_default=True, help="What is drawn at random is the same for a seed.")
@click.option("--anew", is_flag=True, help="Forget the counts of earlier runs in place of adding to them.")
def main(only: tuple[str, ...], minutes: float, seed: int, anew: bool) -> None:
    """Torture the software for so many minutes, and write bench/RELIABILITY.md.

    \b
    Example:
      python -m bench.torture --only parsing --minutes 5
    """
    chosen = only or MODULES
    for name in chosen:
        click.echo(f"\n## {name}\n\n{HEADER}")
        started, module = time.monotonic(), importlib.import_module(f"bench.torture_{name}")
        if name in RESUMED:
            before = {} if anew else counts().get(name, {})
            runs = int(before.get("runs", 0))
            rows, after = module.run(60 * minutes / len(chosen), seed + 1_000_000 * runs, before)
            remember(name, after | {"runs": runs + 1})
        else:
            rows = module.run(60 * minutes / len(chosen), seed)
        lines = [f"| {' | '.join(str(row[column]) for column in COLUMNS)} |" for row in rows]
        click.echo("\n".join(lines))
        keep(name, lines, time.monotonic() - started, seed)


def counts() -> dict[str, dict[str, Any]]:
    """What all runs so far have counted, by module."""
    found: dict[str, dict[str, Any]] = json.loads(COUNTS.read_text()) if COUNTS.exists() else {}
    return found


def remember(name: str, of_module: dict[str, Any]) -> None:
    """Keep the counts of one module."""
    COUNTS.write_text(json.dumps(counts() | {name: of_module}, indent=1, sort_keys=True) + "\n")


def keep(name: str, lines: Iterable[str], seconds: float, seed: int) -> None:
    """Write one module's section; the file is read again first, so that two runs do not undo each other."""
    said = f"{datetime.now(UTC):%Y-%m-%d}, {seconds / 60:.1f} minutes, seed {seed}, {machine()}."
    sections = dict(_sections(RESULTS.read_text(encoding="utf-8"))) if RESULTS.exists() else {}
    sections[name] = "\n".join([said, "", HEADER, *lines])
    RESULTS.write_text(_document(sections), encoding="utf-8")


def _sections(text: str) -> Iterable[tuple[str, str]]:
    for section in re.split(r"^## ", text, flags=re.M)[1:]:
        title, _, content = section.partition("\n")
        yield title.strip(), content.strip()


def _document(sections: Mapping[str, str]) -> str:
    ordered = [name for name in MODULES if name in sections]
    return "\n".join([HEADING, "\n\n".join(f"## {name}\n\n{sections[name]}" for name in ordered), ""])


if __name__ == "__main__":
    main()
