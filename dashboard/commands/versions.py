"""`pressgauge versions`: what the dataset was, commit by commit."""

from __future__ import annotations

from pathlib import Path

import click

from dashboard.commands import of_dataset


@click.command("versions")
@of_dataset
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object a line.")
def command(data: str | Path | None, as_json: bool) -> None:
    """List the versions of the dataset, oldest first.

    Each can be opened again: `pressgauge.open().load(as_of=12)`.

    \b
    Example:
      pressgauge versions
    """
    import pressgauge
    from pressgauge.settings import paths

    table = pressgauge.open(data or paths.default_dataset()).require().versions()
    if as_json:
        click.echo(table.to_json(orient="records", lines=True, date_format="iso"), nl=False)
    else:
        listing = table.assign(at=table["at"].dt.strftime("%Y-%m-%d %H:%M UTC"))
        click.echo(listing.to_string(index=False))
