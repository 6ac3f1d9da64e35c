"""`pressgauge demo`: a synthetic press on this machine, collected by the real collectors."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collectors.demo.server import PressServer


@click.command("demo")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8765,
    show_default=True,
    help="Port of the press; 0 takes a free one.",
)
@click.option("--collect/--serve-only", default=True, help="Collect from the press, or only serve it.")
@click.option(
    "--data", type=click.Path(path_type=Path), help="Dataset folder.  [default: data/demo-collected]"
)
@click.option(
    "--limit", type=click.IntRange(min=1), default=10, show_default=True, help="New pages of each outlet."
)
def command(port: int, collect: bool, data: Path | None, limit: int) -> None:
    """Serve an invented press on this machine and collect from it over real HTTP.

    Its 30 outlets have feeds, sitemaps and pages of five kinds. What was collected is compared with what the
    press knows to be true. All of it is synthetic. Ends with 1 when nothing could be collected.

    \b
    Example:
      pressgauge demo                   collect 10 articles of each outlet and check them
      pressgauge demo --serve-only      serve until Ctrl-C, to read or to collect from by hand
      pressgauge serve --data data/demo-collected
    """
    from collectors.demo.press import DEMO_NOTICE, press
    from collectors.demo.server import PressServer
    from pressgauge.errors import PressgaugeError
    from pressgauge.settings import paths

    click.echo(DEMO_NOTICE, err=True)
    folder = data or paths.data_dir() / "demo-collected"

    async def run() -> bool:
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        async with contextlib.AsyncExitStack() as stack:
            try:
                server = await stack.enter_async_context(PressServer(press(), port=port))
            except OSError as error:
                raise PressgaugeError(
                    f"cannot serve the press on port {port}: {error.strerror}; try --port {port + 1}"
                ) from error
            return await (_collect(server, folder, limit, stop) if collect else _serve(server, folder, stop))

    sys.exit(0 if asyncio.run(run()) else 1)


async def _serve(server: PressServer, folder: Path, stop: asyncio.Event) -> bool:
    server.write_sources(folder / "sources.toml")
    for source in server.sources("homepage"):
        click.echo(f"{source.url}  {source.outlet}")
    click.echo(
        f"Collect from it with: pressgauge refresh --sources {folder / 'sources.toml'} --data {folder}"
    )
    click.echo("Ctrl-C stops it.")
    await stop.wait()
    return True


async def _collect(server: PressServer, folder: Path, limit: int, stop: asyncio.Event) -> bool:
    import pressgauge
    from collectors.demo.check import compare, summary
    from collectors.refresh.progress import Progress
    from collectors.refresh.refresh import refresh

    dataset = pressgauge.open(folder)
    with Progress("bar" if sys.stderr.isatty() else "none") as progress:
        report = await refresh(dataset, server.sources(), limit=limit, on_progress=progress.show, stop=stop)
    click.echo(report.table())
    truth = {server.url(piece): piece for piece in server.press.pieces}
    articles = dataset.load()
    comparison = compare(articles[articles["url"].isin(list(truth))], truth)
    if len(comparison):
        click.echo(f"\nRight in {len(comparison):,} stored articles, by kind of page (text: overlap):")
        click.echo(summary(comparison).map(_cell).to_string())
    return report.collected


def _cell(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:.1%}"
