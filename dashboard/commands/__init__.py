"""One file a command; each module offers `command`, a click command."""

from __future__ import annotations

from pathlib import Path

import click


class _Place(click.ParamType):
    name = "folder or url"

    def convert(self, value: str, param: click.Parameter | None, context: click.Context | None) -> str | Path:
        return value if "://" in value else Path(value)


of_dataset = click.option(
    "--data",
    type=_Place(),
    metavar="FOLDER|URL",
    help="Dataset, also at an object store.  [default: data/coverage]",
)
"""The option that names a dataset; keys of a URL come from the environment (AWS_ACCESS_KEY_ID ...)."""
