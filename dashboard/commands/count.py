"""`pressgauge count`: the daily counts that `serve --counts` opens."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any

import click

from dashboard.commands import of_dataset
from pressgauge.errors import quantity


@click.command("count")
@of_dataset
@click.option("--index", is_flag=True, help="Also keep an index a month, so that a number opens at once.")
@click.option(
    "--cluster", metavar="ADDRESS", help="Count on a Dask cluster; 'local' for workers on this machine."
)
def command(data: str | Path | None, index: bool, cluster: str | None) -> None:
    """Count the articles of each saved topic by day, outlet and language, for `pressgauge serve --counts`.

    Only months that changed are counted anew. Ctrl-C stops it and keeps the months that are done.

    \b
    Example:
      pressgauge count
      pressgauge count --index --cluster tcp://scheduler:8786
    """
    import pressgauge
    from collectors.cluster.cluster import connected, mapped
    from pressgauge.scale import counts, shards
    from pressgauge.settings import paths
    from pressgauge.settings.topics import load_topics

    dataset = pressgauge.open(data or paths.default_dataset()).require()
    topics = load_topics(paths.topics_file())
    with connected(cluster) if cluster else nullcontext() as client:
        run = partial(_with_progress, partial(mapped, client) if client else map)
        try:
            if index:
                shards.refresh_shards(dataset, partial(run, "Indexing"))
            of_month = shards.count_month if index else counts.count_month
            table = counts.count_dataset(dataset, topics, partial(run, "Counting"), of_month)
        except KeyboardInterrupt:
            click.echo("Stopped before the end; the months that are done are kept.", err=True)
            sys.exit(1)
    click.echo(
        f"{quantity(int(table['articles'].sum()), 'article')} of {quantity(len(dataset.months()), 'month')}, "
        f"by day, outlet and language: {quantity(len(table), 'row')} of {quantity(len(topics), 'topic')}."
    )


def _with_progress(
    run: Callable[..., Iterable[Any]], doing: str, function: Callable[..., Any], months: list[str]
) -> Iterator[Any]:
    """What `run` gives, with a bar on a terminal, else a line a month."""
    from tqdm import tqdm

    bar = tqdm(total=len(months), desc=doing, unit=" months", leave=False, disable=not sys.stderr.isatty())
    with bar:
        for month, result in zip(months, run(function, months), strict=True):
            yield result
            bar.update()
            if bar.disable:
                click.echo(f"{doing}: {month}", err=True)
