"""`pressgauge export`: the articles as a file for other programs."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--data", type=click.Path(path_type=Path), help="Dataset folder.  [default: data/coverage]")
@click.option("--query", help="Only the articles that match.")
def command(file: Path, data: Path | None, query: str | None) -> None:
    """Write the articles to FILE: .csv (safe in a spreadsheet), .jsonl or .parquet.

    A datapackage.json beside it says what the columns mean, how many articles there are, of which days and
    of which dataset version.

    \b
    Example:
      pressgauge export out/deepseek.csv --query 'deepseek published:2025-01'
    """
    import pressgauge
    from pressgauge import paths

    package = pressgauge.open(data or paths.default_dataset()).export(file, query)
    resource = package["resources"][0]
    click.echo(
        f"{file}: {resource['rowcount']:,} articles of dataset version {package['version']}, "
        f"{resource['bytes']:,} bytes",
        err=True,
    )
