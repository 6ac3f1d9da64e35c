"""`pressgauge refresh`: collect new articles."""

from __future__ import annotations

import asyncio
import re
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dashboard.commands import of_dataset
from dashboard.commands.init import on_first_use

if TYPE_CHECKING:
    from collectors.ledger import Report
    from collectors.refresh.progress import Progress
    from collectors.source import Source
    from pressgauge.store.dataset import Dataset

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class Interval(click.ParamType):
    """A length of time such as 30m, 1h or 1d, as seconds; at least a minute."""

    name = "interval"

    def convert(self, value: str, param: click.Parameter | None, context: click.Context | None) -> float:
        match = re.fullmatch(r"(\d{1,6})([smhd])", value.strip())
        if not match or (seconds := int(match[1]) * _UNITS[match[2]]) < 60:
            self.fail(f"{value!r} is no length of time; give for example 30m, 1h or 1d.", param, context)
        return float(seconds)


@click.command("refresh")
@of_dataset
@click.option(
    "--sources",
    "file",
    type=click.Path(path_type=Path),
    help="Settings of the sources.  [default: data/sources.toml]",
)
@click.option("--source", "names", multiple=True, metavar="NAME", help="Only this source; may be repeated.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only what was published from this day on.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Only what was published before this day.")
@click.option("--limit", type=click.IntRange(min=1), help="At most so many new pages of each source.")
@click.option("--dry-run", is_flag=True, help="Say what is new and fetch none of it.")
@click.option("--json", "as_json", is_flag=True, help="Write the report as JSON.")
@click.option(
    "--progress",
    type=click.Choice(["bar", "jsonl", "none"]),
    help="How to show progress on stderr.  [default: bar on a terminal]",
)
@click.option(
    "--cluster", metavar="ADDRESS", help="Read archives on a Dask cluster; 'local' for this machine."
)
@click.option("--alerts", is_flag=True, help="Afterwards evaluate data/alerts.toml and deliver what is new.")
@click.option("--every", type=Interval(), help="Refresh again and again, such as 1h, until stopped.")
def command(
    data: str | Path | None,
    file: Path | None,
    names: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    limit: int | None,
    dry_run: bool,
    as_json: bool,
    progress: str | None,
    cluster: str | None,
    alerts: bool,
    every: float | None,
) -> None:
    """Collect new articles from data/sources.toml into the dataset.

    Ends with 0 when anything could be collected (nothing new is fine), with 1 when no source gave anything.
    Ctrl-C stops it and keeps what is complete. Set PRESSGAUGE_CONTACT to your e-mail address, so that
    publishers can reach you.

    \b
    Example:
      pressgauge refresh
      pressgauge refresh --source Wired --since 2025-01-01
      pressgauge refresh --every 1h --alerts
    """
    if since and until and since >= until:
        raise click.UsageError("--since must be before --until.")
    if cluster and dry_run:
        raise click.UsageError("--dry-run reads nothing: leave out --cluster.")
    if alerts and dry_run:
        raise click.UsageError("--dry-run brings nothing to be told of: leave out --alerts.")
    from collectors.refresh.allocators import keep_little

    keep_little()  # before the imports, which allocate
    import pressgauge
    from collectors.candidate import Window
    from collectors.cluster.cluster import connected
    from collectors.refresh.progress import Progress
    from collectors.sandbox.garbage import collect_garbage_seldom
    from pressgauge.settings import paths

    if file is None:
        on_first_use()
    settings = file or paths.sources_file()
    sources = _sources_to_ask(settings, names)
    window = Window(since and since.replace(tzinfo=UTC), until and until.replace(tzinfo=UTC))
    display = Progress(progress or ("bar" if sys.stderr.isatty() else "none"))
    dataset = pressgauge.open(data or paths.default_dataset())
    with connected(cluster) if cluster else nullcontext() as client:
        options = {
            "window": window,
            "limit": limit,
            "dry_run": dry_run,
            "insist": bool(names),
            "client": client,
        }
        job = _Job(
            dataset, lambda: _sources_to_ask(settings, names), options, as_json, display, alerts=alerts
        )
        collect_garbage_seldom()
        success = asyncio.run(job.run(sources, every))
    sys.exit(0 if success else 1)


def _sources_to_ask(file: Path, names: Sequence[str]) -> list[Source]:
    """The sources to ask: those named, or all that are enabled. What is wrong in the file goes to stderr."""
    from collectors.settings import load_sources
    from pressgauge.errors import PressgaugeError

    sources, errors = load_sources(file)
    for error in errors:
        click.echo(f"pressgauge: {error}", err=True)
    if unknown_names := set(names) - {source.name for source in sources}:
        examples = ", ".join(source.name for source in sources[:8])
        raise click.UsageError(f"{file} has no source {sorted(unknown_names)[0]!r}; it has {examples} ...")
    selection = [source for source in sources if (source.name in names if names else source.enabled)]
    if not selection:
        advice = "mend the entries named above" if errors else "add one, see docs/collectors.md"
        raise PressgaugeError(f"{file} has no source to collect from; {advice}")
    return selection


class _Job:
    """One refresh, or one after another, with signals that stop it."""

    def __init__(
        self,
        dataset: Dataset,
        choose: Callable[[], list[Source]],
        options: dict[str, Any],
        as_json: bool,
        progress: Progress,
        *,
        alerts: bool = False,
    ) -> None:
        self._alerts = alerts
        self._dataset, self._choose, self._options = dataset, choose, options
        self._as_json, self._progress = as_json, progress

    async def run(self, sources: list[Source], every: float | None) -> bool:
        """Whether anything could be collected, the last time."""
        from pressgauge.errors import PressgaugeError

        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        while True:
            success = False
            try:
                success = await self._once(sources, stop)
            except PressgaugeError as error:
                # A service outlives one refresh that could not be; anything else ends with the message.
                if every is None:
                    raise
                click.echo(f"pressgauge: {error}", err=True)
            if every is None or stop.is_set():
                return success
            try:
                async with asyncio.timeout(every):
                    await stop.wait()
                return success
            except TimeoutError:
                sources = self._renewed(sources)

    def _renewed(self, sources: list[Source]) -> list[Source]:
        """The sources as the settings have them now; `sources` while those cannot be used."""
        from pressgauge.errors import PressgaugeError

        try:
            return self._choose()
        except (PressgaugeError, click.UsageError) as error:
            click.echo(f"pressgauge: {error}; the settings of before are used", err=True)
            return sources

    async def _once(self, sources: list[Source], stop: asyncio.Event) -> bool:
        from collectors.refresh.refresh import refresh

        with self._progress as progress:
            report = await refresh(
                self._dataset, sources, on_progress=progress.show, stop=stop, **self._options
            )
        click.echo(report.to_json() if self._as_json else report.table())
        for line in _remarks(report):
            click.echo(line, err=True)
        if self._alerts and not stop.is_set():
            await self._tell()
        return report.collected

    async def _tell(self) -> None:
        """Evaluate the alerts; what is broken there is told, and is no failure of the refresh."""
        from collectors.alerts.watch import watch
        from dashboard.downloads.scheduled import Reports
        from pressgauge.errors import PressgaugeError

        try:
            outcome = await watch(self._dataset, enclose=Reports(self._dataset))
        except PressgaugeError as error:
            click.echo(f"pressgauge: no alert was evaluated: {error}", err=True)
            return
        for problem in outcome.problems:
            click.echo(f"pressgauge: {problem}", err=True)
        if outcome.notices or outcome.delivered:
            click.echo(f"Alerts: {outcome.notices} new, {outcome.delivered} delivered.", err=True)


def _remarks(report: Report) -> list[str]:
    remarks = {
        "Stopped before the end; what is complete is kept.": report.interrupted,
        "No network: no source was charged with it, and the dataset is as it was.": report.event == "offline",
        "A log-in page answers for the whole web: log in to the network first. The dataset is as it was.": (
            report.event == "captive_portal"
        ),
        f"pressgauge: {report.problem}": report.problem,
    }
    return [line for line, holds in remarks.items() if holds]
