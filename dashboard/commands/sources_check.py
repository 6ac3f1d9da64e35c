"""`pressgauge sources check`: ask every source once, and say which fail."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pressgauge.errors import PressgaugeError, one_line

if TYPE_CHECKING:
    from collectors.discovery.check import SourceCheck
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
    if unknown_names := set(names) - {source.name for source in sources}:
        raise click.UsageError(f"{file} has no source {sorted(unknown_names)[0]!r}")
    selection = [one for one in sources if (one.name in names if names else one.enabled or disabled)]
    if not selection:
        raise PressgaugeError(f"{file} has no source to ask")
    failures = asyncio.run(_check(selection, as_json))
    if not as_json:
        click.echo(f"{len(selection) - failures} of {len(selection)} sources answer", err=True)
    raise SystemExit(1 if failures or errors else 0)


async def _check(sources: list[Source], as_json: bool) -> int:
    """Print each as it answers -> how many fail."""
    from collectors.discovery.check import check_sources

    number = failures = 0
    async for check in check_sources(sources):
        number += 1
        failures += check.reason is not None
        if as_json:  # for the page that started it
            progress = {"source": check.source, "asked": number, "of": len(sources)}
            click.echo(json.dumps(progress, ensure_ascii=False), err=True)
        for line in [json.dumps(check.to_dict(), ensure_ascii=False)] if as_json else _lines(check):
            click.echo(line if as_json else one_line(line))
    return failures


def _lines(check: SourceCheck) -> list[str]:
    from collectors.reasons import reason_of
    from dashboard.components.formats import quantity

    if check.reason:
        sentence = f"{reason_of(check.reason).sentence} {check.detail}".strip()
        lines = [f"FAILS  {check.source}: {sentence}"]
    else:
        newest = f", the newest of {check.newest:%Y-%m-%d}" if check.newest else ""
        doubt = f"  but {check.detail}" if check.detail else ""
        lines = [f"ok     {check.source}: {quantity(check.articles, 'article')}{newest}{doubt}"]
    return lines + [f"       its site offers: {url}" for url in check.proposed]
