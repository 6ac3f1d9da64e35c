"""`pressgauge doctor`: is the dataset on disk whole, and if not, repair it."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command("doctor")
@click.option("--data", type=click.Path(path_type=Path), help="Dataset folder.  [default: data/coverage]")
@click.option("--repair", is_flag=True, help="Repair what is wrong; damaged files go to quarantine/.")
def command(data: Path | None, repair: bool) -> None:
    """Check every file of the dataset against its checksum, and the search index and state beside it.

    Ends with 0 when all is well (or was repaired), with 1 when something is wrong.

    \b
    Example:
      pressgauge doctor
      pressgauge doctor --repair
    """
    import pressgauge
    from collectors import state
    from pressgauge.settings import paths
    from pressgauge.store import doctor

    dataset = pressgauge.open(data or paths.default_dataset()).require()
    remembered = dataset.path / "state.sqlite"
    found = doctor.repair(dataset) if repair else doctor.examine(dataset)
    if not state.sound(remembered):
        remedy = "set aside; collecting begins anew, and nothing is stored twice"
        found.append(doctor.Finding(remembered, "what the collectors remember is damaged", remedy))
        if repair:
            remembered.replace(remembered.with_suffix(".damaged"))
    for finding in found:
        click.echo(f"{finding.where}: {finding.problem} -> {finding.remedy}")
    if not found:
        click.echo(f"All is well: version {dataset.version}, {len(dataset):,} articles.")
    elif not repair:
        click.echo("Run `pressgauge doctor --repair`.")
    sys.exit(0 if repair or not found else 1)
