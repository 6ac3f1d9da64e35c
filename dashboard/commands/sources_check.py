"""`pressgauge sources check`: ask every source once, and say which fail."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pressgauge.errors import PressgaugeError, one_line

if TYPE_CHECKING:
    from collectors.discovery.check import Checked
    from collectors.source import Source


@click.command("check")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--all", "disabled", is_flag=True, help="Ask those that are disabled, too.")
@click.option("--json", "as_json", is_flag=True, help="Write one object of JSON a source.")
@click.pass_obj
def command(file: Path | None, names: tuple[str, ...], disabled: bool, as_json: bool) -> None:
    """Ask all sources, or those named, and say which fail, why, and what their site announces instead.

    No article is fetched and nothing is kept or changed. Hosts are asked at the pace of a refresh, so many
    sources take minutes. Ends with 1 when one fails.

    \b
    Example:
      pressgauge sources check
      pressgauge sources check Wired "The Verge"
    """
    from collectors.settings import load_sources
    from pressgauge.settings import paths

    file = file or paths.sources_file()
    sources, errors = load_sources(file)
    for error in errors:
        click.echo(f"pressgauge: {error}", err=True)
    if unknown := set(names) - {source.name for source in sources}:
        raise click.UsageError(f"{file} has no source {sorted(unknown)[0]!r}")
    wanted = [one for one in sources if (one.name in names if names else one.enabled or disabled)]
    if not wanted:
        raise PressgaugeError(f"{file} has no source to ask")
    failed = asyncio.run(_check(wanted, as_json))
    if not as_json:
        click.echo(f"{len(wanted) - failed} of {len(wanted)} sources answer", err=True)
    raise SystemExit(1 if failed or errors else 0)


async def _check(sources: list[Source], as_json: bool) -> int:
    """Print each as it answers -> how many fail."""
    from collectors.discovery.check import check_sources

    asked = failed = 0
    async for checked in check_sources(sources):
        asked += 1
        failed += checked.reason is not None
        if as_json:  # for the page that started it
            told = {"source": checked.source, "asked": asked, "of": len(sources)}
            click.echo(json.dumps(told, ensure_ascii=False), err=True)
        for line in [json.dumps(checked.to_dict(), ensure_ascii=False)] if as_json else _lines(checked):
            click.echo(line if as_json else one_line(line))
    return failed


def _lines(checked: Checked) -> list[str]:
    from collectors.reasons import reason_of
    from dashboard.components.formats import counted

    if checked.reason:
        sentence = f"{reason_of(checked.reason).sentence} {checked.detail}".strip()
        lines = [f"FAILS  {checked.source}: {sentence}"]
    else:
        newest = f", the newest of {checked.newest:%Y-%m-%d}" if checked.newest else ""
        doubt = f"  but {checked.detail}" if checked.detail else ""
        lines = [f"ok     {checked.source}: {counted(checked.articles, 'article')}{newest}{doubt}"]
    return lines + [f"       its site offers: {url}" for url in checked.proposed]
