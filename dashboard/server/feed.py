"""The Atom feed of alerts, for feed readers: they cannot log in, so that behind a log-in a token opens it."""

from __future__ import annotations

import hmac
from datetime import UTC, datetime
from pathlib import Path

from tornado.web import RequestHandler

from collectors.alerts.outbox import FEED, PATIENCE, Outbox
from pressgauge.alerts.render import atom
from pressgauge.errors import PressgaugeError

NAME = "alerts.atom"
TOKEN = "PRESSGAUGE_FEED_TOKEN"  # noqa: S105 - the name of a variable


class AlertFeed(RequestHandler):
    """`GET /alerts.atom`: what the alerts of the dataset in `folder` told. With `token` it must be given as
    `?token=`; an empty one is never right."""

    def initialize(self, folder: Path, token: str | None) -> None:
        self._folder, self._token = folder, token

    def get(self) -> None:
        token = self.get_query_argument("token", "").encode("utf-8", "surrogatepass")
        if self._token is not None and not (
            self._token and hmac.compare_digest(token, self._token.encode("utf-8"))
        ):
            self.set_status(403)
            self.finish(f"This feed wants the token that the server has in {TOKEN}: ?token=...\n")
            return
        notices = []
        if (self._folder / "alerts.sqlite").exists():
            try:
                with Outbox(self._folder, patience=PATIENCE) as outbox:
                    notices = outbox.notices(limit=FEED)
            except PressgaugeError as error:
                self.set_status(503)
                self.finish(f"{error}\n")
                return
        self.set_header("Content-Type", "application/atom+xml; charset=utf-8")
        address = f"{self.request.protocol}://{self.request.host}{self.request.path}"
        self.finish(atom(notices, updated=datetime.now(UTC), address=address))
