"""`pressgauge doctor`: is the dataset on disk whole, and if not, repair it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pressgauge.errors import quantity

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

    Ends with 0 when all is well (or was repaired), with 1 when something is wrong or
    cannot be looked at.

    \b
    Example:
      pressgauge doctor
      pressgauge doctor --repair
    """
    import pressgauge
    from collectors.database import is_damaged, set_aside
    from pressgauge.errors import PressgaugeError
    from pressgauge.settings import paths
    from pressgauge.store import doctor

    dataset = pressgauge.open(data or paths.default_dataset()).require()
    findings = doctor.repair(dataset) if repair else doctor.examine(dataset)
    unsettled = []
    for name, (problem, remedy) in _BESIDE.items():
        file = dataset.path / name
        try:
            if is_damaged(file):
                if repair:
                    set_aside(file)
                findings.append(doctor.Finding(file, problem, remedy))
        except PressgaugeError as error:  # another program may keep it, which says nothing of the rest
            unsettled.append(str(error))
    for finding in findings:
        click.echo(f"{finding.where}: {finding.problem} -> {finding.remedy}")
    if not findings:
        what = "All else" if unsettled else "All"
        click.echo(f"{what} is well: version {dataset.version}, {quantity(len(dataset), 'article')}.")
    elif not repair:
        click.echo("Run `pressgauge doctor --repair`.")
    for problem in unsettled:
        click.echo(problem)
    sys.exit(1 if unsettled or (findings and not repair) else 0)
