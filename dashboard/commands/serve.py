"""`pressgauge serve`: open the dashboard."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

import click

from dashboard.commands import of_dataset
from dashboard.commands.init import on_first_use

_SHORTEST_SECRET = 32


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
    "--basic-auth",
    metavar="FILE|PASSWORD",
    envvar="PRESSGAUGE_BASIC_AUTH",
    help="Ask for users of a JSON file, or for a password.",
)
@click.option(
    "--oauth-provider", metavar="NAME", help="Log in with google, github, azure, okta ... (Panel's OAuth)."
)
@click.option("--oauth-key", envvar="PRESSGAUGE_OAUTH_KEY", help="Client id at the provider.")
@click.option("--oauth-secret", envvar="PRESSGAUGE_OAUTH_SECRET", help="Client secret at the provider.")
@click.option("--oauth-redirect-uri", metavar="URL", help="Public address of the app, for the provider.")
@click.option(
    "--allow-user",
    multiple=True,
    metavar="NAME|@DOMAIN",
    help="Whom of the provider's users to let in; everybody, if not given.",
)
@click.option(
    "--cookie-secret",
    envvar="PRESSGAUGE_COOKIE_SECRET",
    help="Signs what a provider carries, 32 characters or more; made at each start, if not given.",
)
@click.option(
    "--proxy",
    multiple=True,
    metavar="ADDRESS",
    default=("127.0.0.1", "::1"),
    show_default=True,
    help="A reverse proxy, believed about the address for which it asks.",
)
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
    allow_user: tuple[str, ...],
    cookie_secret: str | None,
    proxy: tuple[str, ...],
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
    if basic_auth and oauth_provider:
        raise click.UsageError("Give --basic-auth or --oauth-provider, not both.")
    key, secret = oauth_key or "", oauth_secret or ""
    if oauth_provider and not (key and secret):
        raise click.UsageError("--oauth-provider needs --oauth-key and --oauth-secret.")
    if allow_user and not oauth_provider:
        raise click.UsageError("--allow-user needs --oauth-provider: a users file names its users.")
    if counts and refresh_every:
        raise click.UsageError(
            "--counts shows what was counted: let `refresh --every` and `count` run beside it."
        )
    prefix = f"/{base_url.strip('/')}" if base_url.strip("/") else ""
    if oauth_provider and prefix and not oauth_redirect_uri:
        # Panel would name the provider the server's root, where nothing answers.
        raise click.UsageError("--oauth-provider below a --base-url needs --oauth-redirect-uri.")
    if cookie_secret and len(cookie_secret) < _SHORTEST_SECRET:
        raise click.UsageError(
            f"--cookie-secret needs {_SHORTEST_SECRET} characters or more; without it one is made."
        )
    # What modules make stays: to look for garbage among it again and again takes a sixth of the start.
    gc.disable()
    from dashboard.server.ending import end_process
    from dashboard.server.log_in import Form, LogIns
    from dashboard.server.serve import serve
    from dashboard.server.users import users_of

    log_in: Any = None
    users: Any = None
    if basic_auth:
        log_in, users = Form(), users_of(basic_auth)
    elif oauth_provider:
        from dashboard.server.provider import PROVIDERS, provider

        if oauth_provider not in PROVIDERS:
            raise click.UsageError(f"--oauth-provider is one of {', '.join(PROVIDERS)}.")
        log_in, users = provider(oauth_provider, key, secret, oauth_redirect_uri), None
        if not allow_user:
            click.echo(
                f"pressgauge: whoever has an account at {oauth_provider} may log in; --allow-user says who",
                err=True,
            )

    on_first_use()

    # Of the dataset nothing is loaded yet: a frozen version would stay in memory when newer ones have come.
    gc.freeze()
    gc.enable()
    # A query finds thousands of objects, which live for milliseconds: to look for garbage after each few of
    # them, in the end among all that the sessions hold, takes a tenth of the time, in pauses of 0.2 s.
    gc.set_threshold(100_000, 20, 20)
    serve(
        data,
        port=port,
        address=address,
        prefix=prefix,
        origins=allow_origin,
        log_in=log_in,
        log_ins=LogIns(users, port=port, allow_list=allow_user) if log_in else None,
        cookie_secret=cookie_secret,
        proxies=proxy,
        access_log=access_log,
        read_only=read_only,
        demo=demo,
        refresh_every=refresh_every,
        browser=not no_browser,
        counts=counts,
    )
    end_process()
