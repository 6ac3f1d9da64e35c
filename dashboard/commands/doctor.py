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
    state_file = dataset.path / "state.sqlite"
    findings = doctor.repair(dataset) if repair else doctor.examine(dataset)
    if not state.sound(state_file):
        remedy = "set aside; collecting begins anew, and nothing is stored twice"
        findings.append(doctor.Finding(state_file, "what the collectors remember is damaged", remedy))
        if repair:
            state_file.replace(state_file.with_suffix(".damaged"))
    for finding in findings:
        click.echo(f"{finding.where}: {finding.problem} -> {finding.remedy}")
    if not findings:
        click.echo(f"All is well: version {dataset.version}, {len(dataset):,} articles.")
    elif not repair:
        click.echo("Run `pressgauge doctor --repair`.")
    sys.exit(0 if repair or not findings else 1)
