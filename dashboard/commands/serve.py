"""`pressgauge serve`: open the dashboard."""

from __future__ import annotations

import gc
from pathlib import Path

import click

from dashboard.commands import of_dataset
from dashboard.commands.init import on_first_use


@click.command("serve")
@of_dataset
@click.option(
    "--port", type=click.IntRange(1, 65535), default=5006, show_default=True, help="Port to listen on."
)
@click.option("--address", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--base-url", default="", help="Path below which the app is served, e.g. /press.")
@click.option(
    "--allow-origin", multiple=True, metavar="HOST[:PORT]", help="Also answer for this public host."
)
@click.option(
    "--basic-auth", metavar="PASSWORD|FILE", help="Ask for a password, or for users of a JSON file."
)
@click.option(
    "--oauth-provider", metavar="NAME", help="Log in with google, github, azure, okta ... (Panel's OAuth)."
)
@click.option("--oauth-key", envvar="PRESSGAUGE_OAUTH_KEY", help="Client id at the provider.")
@click.option("--oauth-secret", envvar="PRESSGAUGE_OAUTH_SECRET", help="Client secret at the provider.")
@click.option("--oauth-redirect-uri", metavar="URL", help="Public address of the app, for the provider.")
@click.option("--cookie-secret", envvar="PRESSGAUGE_COOKIE_SECRET", help="Secret that signs log-in cookies.")
@click.option("--access-log", metavar="FILE", help="Append a line a request to this file; - is stdout.")
@click.option("--read-only", is_flag=True, help="No refresh and no topic edits from the page.")
@click.option("--demo", is_flag=True, help="Show the synthetic demo press even when there is real coverage.")
@click.option(
    "--counts", is_flag=True, help="Open what `pressgauge count` made: for more than fits in memory."
)
@click.option("--refresh-every", type=click.IntRange(min=5), metavar="MINUTES", help="Refresh by itself.")
@click.option("--no-browser", is_flag=True, help="Do not open a browser window.")
def command(
    data: str | Path | None,
    port: int,
    address: str,
    base_url: str,
    allow_origin: tuple[str, ...],
    basic_auth: str | None,
    oauth_provider: str | None,
    oauth_key: str | None,
    oauth_secret: str | None,
    oauth_redirect_uri: str | None,
    cookie_secret: str | None,
    access_log: str | None,
    read_only: bool,
    demo: bool,
    counts: bool,
    refresh_every: int | None,
    no_browser: bool,
) -> None:
    """Open the dashboard on http://localhost:5006.

    With an empty dataset it shows the demo, a synthetic press, until the first refresh has brought real
    articles.

    \b
    Example:
      pressgauge serve --port 5999
      pressgauge serve --counts
      pressgauge serve --address 0.0.0.0 --allow-origin press.example.org --read-only
    """
    if (basic_auth or oauth_provider) and not cookie_secret:
        raise click.UsageError("A log-in needs --cookie-secret (or PRESSGAUGE_COOKIE_SECRET).")
    if oauth_provider and not (oauth_key and oauth_secret):
        raise click.UsageError("--oauth-provider needs --oauth-key and --oauth-secret.")
    if counts and refresh_every:
        raise click.UsageError(
            "--counts shows what was counted: let `refresh --every` and `count` run beside it."
        )
    prefix = f"/{base_url.strip('/')}" if base_url.strip("/") else ""
    if oauth_provider and prefix and not oauth_redirect_uri:
        # Panel would name the provider the server's root, where nothing answers.
        raise click.UsageError("--oauth-provider below a --base-url needs --oauth-redirect-uri.")
    login = {
        "basic_auth": basic_auth,
        "oauth_provider": oauth_provider,
        "oauth_key": oauth_key,
        "oauth_secret": oauth_secret,
        "oauth_redirect_uri": oauth_redirect_uri,
        "cookie_secret": cookie_secret,
    }
    # What modules make stays: to look for garbage among it again and again takes a sixth of the start.
    gc.disable()
    from dashboard.server.serve import serve

    on_first_use()

    gc.freeze()
    gc.enable()
    serve(
        data,
        port=port,
        address=address,
        prefix=prefix,
        origins=allow_origin,
        login=login,
        access_log=access_log,
        read_only=read_only,
        demo=demo,
        refresh_every=refresh_every,
        browser=not no_browser,
        counts=counts,
    )
