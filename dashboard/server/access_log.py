"""The access log: one line a request, in the Common Log Format with the time it took."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from tornado.web import RequestHandler

from collectors.errors import scrub


def access_log(file: str) -> Callable[[RequestHandler], None]:
    """A `log_function` for tornado that appends to `file`; "-" is stdout. Raises OSError."""
    log = logging.getLogger("pressgauge.access")
    log.setLevel(logging.INFO)
    log.propagate = False
    handler = logging.StreamHandler(sys.stdout) if file == "-" else logging.FileHandler(Path(file))
    handler.setFormatter(logging.Formatter("%(message)s"))
    log.handlers = [handler]

    def write(handler: RequestHandler) -> None:
        request = handler.request
        at = datetime.now(UTC).strftime("%d/%b/%Y:%H:%M:%S +0000")
        # What a client sends may hold line ends and quotes: it must not be able to write a line of its own.
        request_line = f"{request.method} {scrub(request.uri or '')} {request.version}".encode(
            "unicode_escape"
        ).decode("ascii")
        size = handler._headers.get("Content-Length", "-")
        took = 1000 * request.request_time()
        request_line = request_line.replace('"', "%22")
        log.info(
            '%s - - [%s] "%s" %d %s %.1fms',
            request.remote_ip,
            at,
            request_line,
            handler.get_status(),
            size,
            took,
        )

    return write
