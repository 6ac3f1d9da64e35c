"""`pressgauge sources add`: a source made of a site's address."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dashboard.commands.init import sources_to_change
from pressgauge.errors import one_line

if TYPE_CHECKING:
    from collectors.discovery.offer import Offer, Sample, Site
    from collectors.sources_file import Additions


@click.command("add")
@click.argument("address", metavar="URL")
@click.option("--choose", type=click.IntRange(min=1), default=1, help="Take the offer of this number.")
@click.option("--name", help="What the source is called.  [default: what the site calls itself]")
@click.option("--country", help="Two letters of ISO 3166-1, such as US.")
@click.option("--language", help="Two letters of ISO 639-1, such as en.")
@click.option("--local", is_flag=True, help="Allow an address on your own machine or network.")
@click.option("--yes", is_flag=True, help="Write it without asking.")
@click.option("--json", "as_json", is_flag=True, help="Write what was found as JSON, and nothing else.")
@click.pass_obj
def command(
    file: Path | None,
    address: str,
    choose: int,
    name: str | None,
    country: str | None,
    language: str | None,
    local: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Add a source by the address of its site, section, feed or sitemap.

    Shows the feeds that the page announces, links to or usually has and its sitemaps, each with its ten
    newest entries, what the reader makes of two articles, and what robots.txt allows; then writes the entry,
    if you say so. Ends with 1 when there is nothing to collect from.

    \b
    Example:
      pressgauge sources add https://www.example.org
      pressgauge sources add https://www.example.org --choose 2 --name "Example Technology" --yes
    """
    from collectors.sources_file import Additions, add_source, has_local, toml_block

    file = sources_to_change(file)
    site = asyncio.run(_site_at(address, local or has_local(file, address), choose, as_json))
    if as_json:
        click.echo(json.dumps(site.to_dict(), ensure_ascii=False))
        return
    for line in _site_lines(site, Additions(file)):
        click.echo(line)
    if not site.offers:
        raise SystemExit(1)
    values = site.settings(site.offers[0], name=name, country=country, language=language)
    click.echo(f"\nFor {file}:\n\n{toml_block(values)}")
    if yes or click.confirm("Write it?"):
        source = add_source(file, values)
        click.echo(f"Added {one_line(source['name'])}: `pressgauge refresh` collects it, too.")


async def _site_at(address: str, local: bool, choose: int, as_json: bool) -> Site:
    from collectors.discovery.site import find_site
    from collectors.sandbox.pool import Workers
    from collectors.web.fetch import Fetcher

    def tell(doing: str) -> None:
        line = json.dumps({"source": address, "doing": doing}) if as_json else one_line(doing)
        click.echo(line, err=True)

    async with Fetcher() as fetch, Workers(1, parsers=("feed", "sitemap", "site", "page")) as workers:
        return await find_site(address, fetch, workers, local=local, choose=choose, tell=tell)


def _site_lines(site: Site, additions: Additions) -> list[str]:
    """The site for a person, line by line."""
    lines = [
        f"{site.name} ({site.domain}), language {site.language or 'unknown'}, "
        f"country {site.country or 'unknown'}",
        site.robots,
        *site.notes,
    ]
    for number, offer in enumerate(site.offers, 1):
        lines += ["", *_offer(number, offer, additions.source_at(offer.url))]
        if number == 1:
            lines += ["   What the reader makes of the first articles:", *map(_sample, site.samples)]
    return [one_line(line) for line in lines]


def _offer(number: int, offer: Offer, source: str | None) -> list[str]:
    titled = f" ({offer.title})" if offer.title else ""
    head = f"{number}. {offer.kind}  {offer.url}{titled}: {offer.where}, {offer.total:,} entries"
    already = [f"   It is collected already, by the source {source}."] if source else []
    entries = [
        f"   {(entry.published or 'no date')[:10]:10}  {entry.title or entry.url}" for entry in offer.entries
    ]
    return [head, *already, *entries]


def _sample(sample: Sample) -> str:
    from collectors.reasons import reason_of

    if sample.refused:
        return f"   {sample.url}: {reason_of(sample.refused).sentence}"
    by = f", by {', '.join(sample.authors)}" if sample.authors else ", no author"
    partial = f", partial ({sample.partial})" if sample.partial else ""
    what = f"{(sample.published or 'no date')[:10]}{by}, {sample.characters:,} characters{partial}"
    return f"   {sample.title or sample.url}: {what}. {sample.beginning[:100]}"
