"""`pressgauge why`: what became of an address."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collectors.outcome import Outcome

_MEANING = {
    "stored": "stored: it is in the dataset",
    "duplicate": "duplicate: the article was already known",
    "rejected": "rejected: no article that is wanted, or one that we may not read",
    "quarantined": "quarantined: the page broke or held up its reader",
    "failed": "failed: it could not be obtained",
}


@click.command("why")
@click.argument("url")
@click.option("--data", type=click.Path(path_type=Path), help="Dataset folder.  [default: data/coverage]")
def command(url: str, data: Path | None) -> None:
    """Say why the article at URL is, or is not, in the dataset.

    Ends with 0 when it is there, with 1 when it is not.

    \b
    Example:
      pressgauge why https://www.wired.com/story/some-article/
    """
    import sys

    import pressgauge
    from collectors.reasons import reason_of
    from collectors.state import State
    from pressgauge.errors import one_line
    from pressgauge.schema import article_id
    from pressgauge.settings import paths
    from pressgauge.urls import canonicalize

    try:
        canonical = canonicalize(url)
    except ValueError:
        canonical = None
    dataset = pressgauge.open(data or paths.default_dataset())
    file = Path(dataset.path) / "state.sqlite"
    outcomes, labels = [], []
    if file.exists():
        with State(file) as state:
            outcomes = state.outcomes_of(url, canonical or url)
            labels = state.labels_of(canonical or url)
    if canonical is None and not outcomes:
        raise click.BadParameter(
            f"{url!r} is no address; give one that begins with https://", param_hint="URL"
        )
    if data is not None and not file.exists():
        dataset.require()  # a folder that was named and holds neither books nor articles is mistyped
    addresses = {canonical, *(outcome.canonical for outcome in outcomes)}
    there = bool(dataset.has(article_id(address) for address in addresses if address).any())
    click.echo("It is in the dataset." if there else "It is not in the dataset.")
    for outcome in outcomes:
        reason = f" ({outcome.reason})" if outcome.reason else ""
        click.echo(f"{outcome.at:%Y-%m-%d %H:%M} UTC  {outcome.source}  {_meaning(outcome)}{reason}")
        if outcome.reason:
            click.echo(f"    {reason_of(outcome.reason).sentence}")
        if outcome.outcome in ("stored", "duplicate") and outcome.canonical not in (None, url):
            click.echo(f"    its article is {outcome.canonical}")
    for source, label in labels:
        click.echo(f"{source} gives it to {one_line(label)}; the outlet that it was first given to stays.")
    if not outcomes and not there:
        click.echo("No source has announced this address; `pressgauge sources` lists what is asked.")
    sys.exit(0 if there else 1)


def _meaning(outcome: Outcome) -> str:
    """What an outcome means; of a page that may come later also what the next refreshes do about it."""
    from collectors.reasons import reason_of
    from collectors.retries import REMEMBERED

    meaning = _MEANING[outcome.outcome]
    if outcome.due is None and outcome.outcome not in ("failed", "quarantined"):
        is_there = outcome.outcome in ("stored", "duplicate")
        return f"{meaning}; it is not read again, even if it is corrected" if is_there else meaning
    now = datetime.now(UTC)
    until = (outcome.at or now) + REMEMBERED
    if outcome.due is not None and outcome.due <= now:
        is_lasting = outcome.reason is not None and not reason_of(outcome.reason).passes
        after = "the next refreshes try again" + (", in case it was a mistake" if is_lasting else "")
    elif outcome.due is not None:
        after = f"attempt {outcome.attempts + 1} in the first refresh after {outcome.due:%Y-%m-%d %H:%M} UTC"
    elif until <= now:
        after = "it is asked for again when a source announces it"
    else:
        after = f"given up after {outcome.attempts} attempts, left alone until {until:%Y-%m-%d %H:%M} UTC"
    return f"{meaning}; {after}"
