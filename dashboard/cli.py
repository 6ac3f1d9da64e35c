"""The `pressgauge` command. Heavy imports stay inside the commands, so that `--help` answers at once."""

from __future__ import annotations

import importlib
import keyword
import sys

import click

import pressgauge
from pressgauge.errors import PressgaugeError

COMMANDS = (
    "init", "refresh", "import", "serve", "demo", "sources", "why", "search", "digest", "versions", "export",
    "count", "doctor",
)  # fmt: skip


class Commands(click.Group):
    """One file a command in `dashboard/commands/`, loaded when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = f"{name}_" if keyword.iskeyword(name) else name
        return importlib.import_module(f"dashboard.commands.{module}").command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(pressgauge.__version__, prog_name="pressgauge")
def cli() -> None:
    """Measure how the press covers a subject.

    \b
    Example:
      pressgauge refresh        collect new articles from data/sources.toml
      pressgauge serve          open the dashboard on http://localhost:5006
    """


def main() -> None:
    """Run the command; an expected error is one message on stderr and exit code 1, wrong usage is 2."""
    try:
        cli()
    except PressgaugeError as error:
        click.echo(f"pressgauge: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
