"""`pressgauge serve`: open the dashboard."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("serve")
@click.option("--data", type=click.Path(path_type=Path), help="Dataset folder.  [default: data/coverage]")
@click.option("--port", type=click.IntRange(1, 65535), default=5006, show_default=True)
@click.option("--address", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--base-url", default="", help="Path below which the app is served, e.g. /press.")
@click.option(
    "--allow-origin", multiple=True, metavar="HOST[:PORT]", help="Also answer for this public host."
)
@click.option(
    "--basic-auth", metavar="PASSWORD|FILE", help="Ask for a password, or for users of a JSON file."
)
@click.option("--cookie-secret", envvar="PRESSGAUGE_COOKIE_SECRET", help="Secret that signs log-in cookies.")
@click.option("--read-only", is_flag=True, help="No refresh and no topic edits from the page.")
@click.option("--demo", is_flag=True, help="Show the synthetic demo press even when there is real coverage.")
@click.option("--refresh-every", type=click.IntRange(min=5), metavar="MINUTES", help="Refresh by itself.")
@click.option("--no-browser", is_flag=True, help="Do not open a browser window.")
def command(
    data: Path | None,
    port: int,
    address: str,
    base_url: str,
    allow_origin: tuple[str, ...],
    basic_auth: str | None,
    cookie_secret: str | None,
    read_only: bool,
    demo: bool,
    refresh_every: int | None,
    no_browser: bool,
) -> None:
    """Open the dashboard on http://localhost:5006.

    With an empty dataset it shows the demo, a synthetic press, until the first refresh has brought real
    articles.
    """
    if basic_auth and not cookie_secret:
        raise click.UsageError("--basic-auth needs --cookie-secret (or PRESSGAUGE_COOKIE_SECRET).")
    from dashboard.serving import serve

    serve(
        data,
        port=port,
        address=address,
        prefix=base_url,
        origins=allow_origin,
        basic_auth=basic_auth,
        cookie_secret=cookie_secret,
        read_only=read_only,
        demo=demo,
        refresh_every=refresh_every,
        browser=not no_browser,
    )
