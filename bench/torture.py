"""`python -m bench.torture`: do to the software, many times, what must not harm it, and keep what came of it.

A module `bench.torture_NAME` has `run(budget_seconds, seed) -> rows`; a row has figure, wanted, got, events
(how often the fault really happened) and note. Each module is one section of bench/RELIABILITY.md; a run
replaces its own sections and leaves the others.

Those of RESUMED count on from the last run, and stop where all that is wanted has been reached:
`run(budget_seconds, seed, before) -> counts`, `reached(counts)` and `rows(counts)`, where counts are those of
all runs so far (values of JSON; {} at first). They are kept in bench/RELIABILITY.json every few minutes, so
that a run can be ended at any moment and loses no more than that.
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
PORTION = 600.0
"""Seconds after which the counts are kept; where the machine is busy, starting takes many of them."""
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
        seconds = 60 * minutes / len(chosen)
        rows = (
            _resumed(name, module, seconds, seed, anew=anew) if name in RESUMED else module.run(seconds, seed)
        )
        lines = [f"| {' | '.join(str(row[column]) for column in COLUMNS)} |" for row in rows]
        click.echo("\n".join(lines))
        keep(name, lines, time.monotonic() - started, seed)


def _resumed(name: str, module: Any, seconds: float, seed: int, *, anew: bool) -> list[dict[str, Any]]:
    """Let a module count on for so long, or until it has reached all; its rows."""
    so_far = {} if anew else counts().get(name, {})
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0 and not module.reached(so_far):
        runs = int(so_far.get("runs", 0))
        so_far = module.run(min(left, PORTION), seed + 1_000_000 * runs, so_far) | {"runs": runs + 1}
        remember(name, so_far)
    rows: list[dict[str, Any]] = module.rows(so_far)
    return rows


def counts() -> dict[str, dict[str, Any]]:
    """What all runs so far have counted, by module."""
    by_module: dict[str, dict[str, Any]] = json.loads(COUNTS.read_text()) if COUNTS.exists() else {}
    return by_module


def remember(name: str, of_module: dict[str, Any]) -> None:
    """Keep the counts of one module."""
    beside = COUNTS.with_suffix(".new")
    beside.write_text(json.dumps(counts() | {name: of_module}, indent=1, sort_keys=True) + "\n")
    beside.replace(COUNTS)


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
