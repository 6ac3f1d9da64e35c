"""`pressgauge export`: the articles as a file for other programs."""

from __future__ import annotations

from pathlib import Path

import click

from dashboard.commands import of_dataset
from pressgauge.errors import quantity


@click.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@of_dataset
@click.option("--query", help="Only the articles that match.")
def command(file: Path, data: str | Path | None, query: str | None) -> None:
    """Write the articles to FILE: .csv (safe in a spreadsheet), .jsonl or .parquet.

    A datapackage.json beside it says what the columns mean, how many articles there are, of which days and
    of which dataset version.

    \b
    Example:
      pressgauge export out/deepseek.csv --query 'deepseek published:2025-01'
    """
    import pressgauge
    from pressgauge.settings import paths

    package = pressgauge.open(data or paths.default_dataset()).require().export(file, query)
    resource = package["resources"][0]
    click.echo(
        f"{file}: {quantity(resource['rowcount'], 'article')} of dataset version {package['version']}, "
        f"{resource['bytes']:,} bytes",
        err=True,
    )
