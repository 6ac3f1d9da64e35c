"""`pressgauge digest`: what the last days brought, as a mail, HTML or Markdown."""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from dashboard.commands import of_dataset
from dashboard.commands.refresh import Interval


@click.command("digest")
@of_dataset
@click.option("--since", type=Interval(), default="7d", show_default=True, help="How far back, in days.")
@click.option(
    "--html", type=click.Path(path_type=Path), metavar="FILE", help="Write HTML that mail clients show."
)
@click.option("--markdown", type=click.Path(path_type=Path), metavar="FILE", help="Write Markdown.")
@click.option("--mail", multiple=True, metavar="ADDRESS", help="Send it by mail; may be repeated.")
def command(
    data: str | Path | None, since: float, html: Path | None, markdown: Path | None, mail: tuple[str, ...]
) -> None:
    """Say what the last days brought: topics, bursts, events, and what the alerts told.

    Without a file or an address, Markdown is written to the screen. Mail goes through the server that
    PRESSGAUGE_SMTP names, from PRESSGAUGE_MAIL_FROM.

    \b
    Example:
      pressgauge digest --since 7d
      pressgauge digest --since 30d --html digest.html --mail ada@example.org
    """
    import pressgauge
    from collectors.alerts.channels import message, send
    from collectors.alerts.outbox import Outbox
    from pressgauge.alerts.digest import digest
    from pressgauge.errors import PressgaugeError
    from pressgauge.settings import paths

    dataset = pressgauge.open(data or paths.default_dataset()).require()
    now = datetime.now(UTC)
    days = max(1, round(since / 86400))
    notices = []
    if (Path(dataset.path) / "alerts.sqlite").exists():
        with Outbox(Path(dataset.path)) as outbox:
            notices = outbox.notices(since=now - timedelta(days=days))
    until = now.date() - timedelta(days=1)
    summary = digest(dataset.snapshot(), notices, since=until - timedelta(days=days - 1), until=until)
    try:
        for file, text in ((html, summary.html), (markdown, summary.markdown)):
            if file is not None:
                file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise PressgaugeError(f"cannot write {error.filename}: {error.strerror}") from error
    for address in mail:
        identity = hashlib.sha256(f"{address}\n{summary.markdown}".encode()).hexdigest()[:32]
        send(
            message(
                address, summary.title, summary.markdown, summary.html, identity=identity, environ=os.environ
            ),
            os.environ,
        )
    if not (html or markdown or mail):
        click.echo(summary.markdown, nl=False)
