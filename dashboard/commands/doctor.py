"""`pressgauge doctor`: is the dataset on disk whole, and if not, repair it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

_BESIDE = {
    "state.sqlite": (
        "what the collectors remember is damaged",
        "set aside; collecting begins anew, and nothing is stored twice",
    ),
    "alerts.sqlite": ("what alerts know and told is damaged", "set aside; alerts begin anew"),
}


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
    from collectors.database import is_damaged, set_aside
    from pressgauge.settings import paths
    from pressgauge.store import doctor

    dataset = pressgauge.open(data or paths.default_dataset()).require()
    damaged = {name: what for name, what in _BESIDE.items() if is_damaged(dataset.path / name)}
    findings = doctor.repair(dataset) if repair else doctor.examine(dataset)
    for name, (problem, remedy) in damaged.items():
        findings.append(doctor.Finding(dataset.path / name, problem, remedy))
        if repair:
            set_aside(dataset.path / name)
    for finding in findings:
        click.echo(f"{finding.where}: {finding.problem} -> {finding.remedy}")
    if not findings:
        click.echo(f"All is well: version {dataset.version}, {len(dataset):,} articles.")
    elif not repair:
        click.echo("Run `pressgauge doctor --repair`.")
    sys.exit(0 if repair or not findings else 1)
