"""`pressgauge sources`: what is collected from where, and how it is doing."""

from __future__ import annotations

from pathlib import Path

import click


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
    """List the sources with their health; import or export a feed reader's list.

    \b
    Example:
      pressgauge sources
      pressgauge sources --kinds
      pressgauge sources import feeds.opml
      pressgauge sources export > feeds.opml
    """
    from pressgauge import paths

    context.obj = file or paths.sources_file()
    if context.invoked_subcommand is None:
        if kinds:
            _list_kinds()
        else:
            _list_sources(context.obj, data or paths.default_dataset())


@command.command("import")
@click.argument("opml", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def import_(file: Path, opml: Path) -> None:
    """Add the feeds of an OPML file to the sources; those already there stay as they are."""
    from collectors.opml import add_feeds, read_opml

    feeds, rejected = read_opml(opml.read_bytes())
    added, known = add_feeds(file, feeds)
    for feed in added:
        click.echo(f"added  {_plain(feed.name)}  {_plain(feed.url)}")
    for entry in rejected:
        click.echo(f"left out ({entry.reason})  {_plain(entry.url)}", err=True)
    click.echo(f"{len(added)} added, {len(known)} known, {len(rejected)} left out", err=True)


@command.command("export")
@click.pass_obj
def export(file: Path) -> None:
    """Write the feeds among the sources to stdout as OPML, for a feed reader."""
    from collectors.opml import write_opml
    from collectors.sources import load_sources

    sources, errors = load_sources(file)
    for error in errors:
        click.echo(f"pressgauge: {error}", err=True)
    click.echo(write_opml(sources), nl=False)


def _list_kinds() -> None:
    import os

    from collectors.registry import COLLECTORS

    for kind, collector in sorted(COLLECTORS.items()):
        key = ""
        if collector.key:
            key = f"  [key {collector.key}: {'set' if os.environ.get(collector.key) else 'not set'}]"
        click.echo(f"{kind:11} {collector.summary}{key}\n{'':11} cannot: {collector.limits}")


def _list_sources(file: Path, data: Path) -> None:
    import pressgauge
    from collectors.health import dataset_health
    from collectors.sources import load_sources

    sources, errors = load_sources(file)
    known = dataset_health(pressgauge.open(data)).set_index("source")
    width = max((len(_plain(source.name)) for source in sources), default=0)
    for source in sources:
        state = "disabled" if not source.enabled else "not asked yet"
        if source.name in known.index:
            row = known.loc[source.name]
            success = row["last_success"]
            last = "never" if success != success else f"{success:%Y-%m-%d %H:%M}"
            state = f"last success {last}, {row['found_per_day']:.1f} new a day"
            state += f"; {row['warning']}" if isinstance(row["warning"], str) else ""
        click.echo(_plain(f"{source.name:{width}}  {source.kind:10}  {state}"))
    for error in errors:
        click.echo(f"pressgauge: {error}", err=True)


def _plain(line: str) -> str:
    """One line, without what would steer the terminal."""
    return "".join(character if character.isprintable() else " " for character in line)
