"""`pressgauge sources`: what is collected from where, and how it is doing."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dashboard.commands import sources_add, sources_check
from dashboard.commands.init import sources_to_change
from pressgauge.errors import one_line, quantity

if TYPE_CHECKING:
    from collectors.source import Source


@click.group("sources", invoke_without_command=True)
@click.option(
    "--sources",
    "file",
    type=click.Path(path_type=Path),
    help="Settings of the sources.  [default: data/sources.toml]",
)
@click.option("--data", type=click.Path(path_type=Path), help="Dataset folder.  [default: data/coverage]")
@click.option("--kinds", is_flag=True, help="List the kinds of sources there are instead.")
@click.pass_context
def command(context: click.Context, file: Path | None, data: Path | None, kinds: bool) -> None:
    """List the sources with their health; add one, ask all, import or export a feed reader's list.

    \b
    Example:
      pressgauge sources
      pressgauge sources add https://www.example.org
      pressgauge sources check
      pressgauge sources --kinds
      pressgauge sources import feeds.opml
      pressgauge sources export > feeds.opml
    """
    from pressgauge.settings import paths

    context.obj = file
    if context.invoked_subcommand is None:
        if kinds:
            _list_kinds()
        else:
            _list_sources(file or paths.sources_file(), data or paths.default_dataset())


command.add_command(sources_add.command)
command.add_command(sources_check.command)


@command.command("history")
@click.argument("number", type=click.IntRange(min=1), required=False)
@click.option("--data", type=click.Path(path_type=Path), help="Dataset folder.  [default: data/coverage]")
def history(number: int | None, data: Path | None) -> None:
    """List the past refreshes, newest first, or show the ledger of one by its number.

    \b
    Example:
      pressgauge sources history
      pressgauge sources history 1
    """
    from collectors.ledger import past_reports
    from pressgauge.errors import PressgaugeError
    from pressgauge.settings import paths

    reports = past_reports((data or paths.default_dataset()) / "reports")
    if number is not None:
        if number > len(reports):
            raise PressgaugeError(f"there are {len(reports)} past refreshes, and none of the number {number}")
        click.echo(reports[number - 1].table())
        return
    for place, report in enumerate(reports, 1):
        failures = sum(one.error is not None for one in report.sources)
        ends = ", stopped before its end" if report.interrupted else ""
        click.echo(
            f"{place:3}  {report.started:%Y-%m-%d %H:%M}  {report.stored:,} new, "
            f"{quantity(len(report.sources), 'source')}, {failures} failed{ends}"
        )


@command.command("import")
@click.argument("opml", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def import_(file: Path | None, opml: Path) -> None:
    """Add the feeds of an OPML file to the sources; those already there stay as they are.

    \b
    Example:
      pressgauge sources import feeds.opml
    """
    from collectors.opml import add_feeds, read_opml

    feeds, unread = read_opml(opml.read_bytes())
    new, duplicates, refusals = add_feeds(sources_to_change(file), feeds)
    rejections = [*unread, *refusals]
    for feed in new:
        click.echo(f"added  {one_line(feed.name)}  {one_line(feed.url)}")
    for entry in rejections:
        click.echo(one_line(f"left out ({entry.reason})  {entry.url}"), err=True)
    click.echo(f"{len(new)} added, {len(duplicates)} known, {len(rejections)} left out", err=True)


@command.command("export")
@click.pass_obj
def export(file: Path | None) -> None:
    """Write the feeds among the sources to stdout as OPML, for a feed reader.

    Ends with 1, and writes nothing, when the settings hold no source that can be used.

    \b
    Example:
      pressgauge sources export > feeds.opml
    """
    from collectors.opml import write_opml
    from pressgauge.settings import paths

    click.echo(write_opml(_load_sources(file or paths.sources_file())), nl=False)


def _load_sources(file: Path) -> list[Source]:
    """The sources of the settings. What is wrong there goes to stderr, and is the end if it leaves none."""
    from collectors.settings import load_sources

    sources, errors = load_sources(file)
    for error in errors:
        click.echo(f"pressgauge: {error}", err=True)
    if errors and not sources:
        sys.exit(1)
    return sources


def _list_kinds() -> None:
    import os

    from collectors.kinds.registry import COLLECTORS

    for kind, collector in sorted(COLLECTORS.items()):
        key = ""
        if collector.key:
            key = f"  [key {collector.key}: {'set' if os.environ.get(collector.key) else 'not set'}]"
        click.echo(f"{kind:11} {collector.summary}{key}\n{'':11} cannot: {collector.limits}")


def _list_sources(file: Path, data: Path) -> None:
    import pressgauge
    from collectors.refresh.health import dataset_health
    from collectors.state import State

    sources = _load_sources(file)
    dataset = pressgauge.open(data)
    health = dataset_health(dataset).set_index("source")
    state_file = Path(dataset.path) / "state.sqlite"
    with State(state_file if state_file.exists() else None) as state:
        left_alone = {source.name: state.backoff(source.name)[1] for source in sources}
    width = max((len(one_line(source.name)) for source in sources), default=0)
    for source in sources:
        doing = "disabled" if not source.enabled else "not asked yet"
        if source.name in health.index:
            doing = _doing(health.loc[source.name], left_alone[source.name])
        if source.note:
            doing += f". {source.note}"
        click.echo(one_line(f"{source.name:{width}}  {source.kind:10}  {doing}"))


def _doing(row: Any, until: datetime | None) -> str:
    """How a source is doing, by its row of health and the moment until which it is left alone."""
    attempt, success, warning = row["last_asked"], row["last_success"], row["warning"]
    last = "never" if success != success else f"{success:%Y-%m-%d %H:%M}"
    rate = row["found_per_day"]
    parts = [f"last success {last}" + (f", {rate:.1f} new a day" if rate == rate else "")]
    if isinstance(warning, str):
        parts.append(warning)
    # A failure that is new is no warning yet.
    if attempt != success and row["failures"] not in str(warning):
        parts.append(f"failed {attempt:%Y-%m-%d %H:%M}: {row['failures']}")
    if until and until > datetime.now(UTC):
        parts.append(f"left alone until {until:%Y-%m-%d %H:%M} UTC")
    return "; ".join(parts)
