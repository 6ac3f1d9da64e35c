"""`pressgauge init`: settings files of one's own, to read and change."""

from __future__ import annotations

import os
from pathlib import Path

import click


@click.command("init")
def command() -> None:
    """Write the settings files (sources, outlets, topics, events, people, codebook, alerts) into the data
    folder.

    A file that is there stays as it is. The folder is $PRESSGAUGE_DATA, else data/ of the repository, else
    data/ below the current folder. `refresh` and `serve` do the same when they are first used without
    $PRESSGAUGE_DATA.

    \b
    Example:
      pressgauge init
      PRESSGAUGE_DATA=~/press pressgauge init
    """
    from pressgauge.settings import paths

    if not write_missing():
        click.echo(f"All settings files are in {paths.data_dir()} already.")


def on_first_use() -> None:
    """Write what is missing, unless a folder was named: who names one keeps the files there."""
    if "PRESSGAUGE_DATA" not in os.environ:
        write_missing()


def sources_to_change(file: Path | None) -> Path:
    """The file of the sources that a command adds to: the one named, else the user's own."""
    from pressgauge.settings import paths

    if file is None:
        on_first_use()
    return file or paths.sources_file()


def write_missing() -> bool:
    """Copy the settings files that are missing, with a word on stderr; whether any was. Raises
    PressgaugeError."""
    from pressgauge.errors import PressgaugeError
    from pressgauge.settings import paths

    try:
        files = paths.copy_settings()
    except OSError as error:
        raise PressgaugeError(f"cannot write settings in {paths.data_dir()}: {error.strerror}") from error
    if files:
        names = ", ".join(file.name for file in files)
        click.echo(f"Wrote {names} in {paths.data_dir()}: yours to change.", err=True)
    return bool(files)
