"""`pressgauge import`: articles from files."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from pathlib import Path

import click

from dashboard.commands import of_dataset
from pressgauge.errors import quantity


@click.command("import")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@of_dataset
@click.option("--dry-run", is_flag=True, help="Say what the files hold and store none of it.")
@click.option("--outlet", metavar="NAME", help="The outlet of articles whose file names none.")
@click.option("--undo", is_flag=True, help="Take back the last import: restore the version before it.")
@click.option("--json", "as_json", is_flag=True, help="Write the report as JSON.")
@click.option(
    "--progress",
    type=click.Choice(["bar", "jsonl", "none"]),
    help="How to show progress on stderr.  [default: bar on a terminal]",
)
def command(
    files: tuple[Path, ...],
    data: str | Path | None,
    dry_run: bool,
    outlet: str | None,
    undo: bool,
    as_json: bool,
    progress: str | None,
) -> None:
    """Store the articles of FILES: exports of Nexis, Factiva, ProQuest, Europresse and other press databases,
    wire formats, tables, reading lists, web archives and saved pages; folders and ZIP archives of them, too.

    A file is recognised by what it holds. What is no article, and what the file lacks of what it announces,
    is said. Ends with 0 when an article was read, with 1 when no file gave any.

    \b
    Example:
      pressgauge import nexis/*.DOCX --dry-run
      pressgauge import factiva.html proquest.txt exports.zip
      pressgauge import --undo
    """
    import pressgauge
    from pressgauge.settings import paths

    if bool(files) == undo:
        raise click.UsageError("name the files to import, or --undo.")
    dataset = pressgauge.open(data or paths.default_dataset())
    if undo:
        from collectors.formats.importing import undo_import

        before, version = undo_import(dataset)
        if as_json:
            click.echo(json.dumps({"restored": before, "version": version}))
        click.echo(
            f"restored version {before} as version {version}: {quantity(len(dataset), 'article')}", err=True
        )
        return
    from collectors.formats.importing import import_files
    from collectors.refresh.progress import Progress

    async def run():
        stop = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, stop.set)
        form = progress or ("bar" if sys.stderr.isatty() else "none")
        with Progress(form) as display:
            return await import_files(
                dataset, files, dry_run=dry_run, outlet=outlet, on_progress=display.show, stop=stop
            )

    report = asyncio.run(run())
    if as_json:
        click.echo(json.dumps(report.to_dict(), ensure_ascii=False))
    else:
        click.echo(report.table())
        if dry_run:
            for one in report.files:
                for row in one.sample:
                    day = (row["published"] or "undated")[:10]
                    click.echo(f"  {day}  {row['outlet'] or '?'}: {row['title'] or row['text'][:60]}")
        verb = "would be new" if dry_run else "new"
        click.echo(f"{quantity(report.stored, 'article')} {verb}, {report.read:,} read", err=True)
    if report.problem:
        click.echo(f"pressgauge: {report.problem}", err=True)
    sys.exit(0 if report.read and report.problem is None else 1)
