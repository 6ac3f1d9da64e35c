"""`pressgauge search`: which articles match a query."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from dashboard.commands import of_dataset
from pressgauge.errors import one_line

_COLUMNS = ["published", "outlet", "title", "url"]


@click.command("search")
@click.argument("query")
@of_dataset
@click.option("--limit", type=click.IntRange(min=0), help="Give at most so many, the newest first.")
@click.option("--csv", "form", flag_value="csv", help="Write CSV, safe to open in a spreadsheet.")
@click.option("--json", "form", flag_value="json", help="Write one JSON object a line.")
def command(query: str, data: str | Path | None, limit: int | None, form: str | None) -> None:
    """List the articles that match QUERY, the newest first.

    A space means AND; also OR, NOT, parentheses, "a phrase", begin*, "two words"~5, title:, text:, outlet:,
    author:, domain:, country:, language:, source:, speaker:, quote:, cased:Meta and
    published:[2025-01-20 TO 2025-02-03].

    \b
    Example:
      pressgauge search '"open source" AND (openai OR deepseek) NOT meta' --limit 10
      pressgauge search 'cased:Meta published:2025' --csv > meta.csv
    """
    import pressgauge
    from pressgauge.settings import paths
    from pressgauge.store.export import csv

    dataset = pressgauge.open(data or paths.default_dataset()).require()
    matches = dataset.search(query)
    ids = matches["id"].head(len(matches) if limit is None else limit)
    articles = dataset.read(ids, _COLUMNS)
    if form == "json":
        articles.to_json(sys.stdout, orient="records", lines=True, date_format="iso", force_ascii=False)
    elif form == "csv":
        click.echo(csv(articles), nl=False)
    else:
        for published, outlet, title, url in articles.itertuples(index=False):
            day = "no date   " if published != published else f"{published:%Y-%m-%d}"
            click.echo(one_line(f"{day}  {outlet}  {title}  {url}"))
        click.echo(f"{len(matches):,} of {len(dataset):,} articles match", err=True)
        if not len(matches):
            click.echo("Try fewer words, OR between them, or a beginning such as open*.", err=True)
