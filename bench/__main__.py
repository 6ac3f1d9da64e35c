"""`python -m bench`: run the bench modules, print their table and keep it in bench/RESULTS.md, or in
RESULTS-N.md where N is not the usual number of articles."""

from __future__ import annotations

import importlib
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

MODULES = (
    "dataset",
    "search",
    "filter",
    "terms",
    "stories",
    "voices",
    "validation",
    "refresh",
    "import",
    "ui",
)
SLOW = ("cluster",)
"""Run only when they are named."""
USUAL = 100_000
NO_PEER = "no peer"
"""What stands where nobody else does the same job."""
HEADER = "| measure | ours | theirs | ratio | note |\n|---|---|---|---|---|"


def machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    python = platform.python_version()
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}, Python {python}"


@click.command()
@click.option("--articles", default=USUAL, show_default=True, help="Size of the synthetic corpus.")
@click.option("--only", type=click.Choice([*MODULES, *SLOW]), multiple=True, help="Run these modules only.")
@click.option(
    "--save/--no-save", default=True, show_default=True, help="Write bench/RESULTS.md, or RESULTS-N.md of N."
)
def main(articles: int, only: tuple[str, ...], save: bool) -> None:
    """Time the hot paths beside what a user would write in pandas, in one run.

    \b
    Example:
      python -m bench --articles 100000 --only search
    """
    sections = []
    for name in only or MODULES:
        click.echo(f"\n## {name}\n{HEADER}")
        lines = []
        for row in importlib.import_module(f"bench.bench_{name}").rows(articles):
            row = {**row, "theirs": row["theirs"] or NO_PEER}
            line = "| {measure} | {ours} | {theirs} | {ratio} | {note} |".format(**row)
            click.echo(line)
            sys.stdout.flush()
            lines.append(line)
        sections.append("\n".join([f"## {name}", "", HEADER, *lines]))
    if save:
        heading = (
            "# Timings\n\nRead the ratios: the machines are shared. The corpus is synthetic.\n\n"
            f"{datetime.now(UTC):%Y-%m-%d}, {articles:,} articles, {machine()}. Made by `make bench`.\n"
        )
        name = "RESULTS.md" if articles == USUAL else f"RESULTS-{articles}.md"
        (Path(__file__).parent / name).write_text(
            "\n".join([heading, "\n\n".join(sections), ""]), encoding="utf-8"
        )


if __name__ == "__main__":
    main()
