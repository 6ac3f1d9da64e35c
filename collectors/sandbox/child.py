"""The program of a worker process: reads what came from outside from stdin, writes what it says to stdout,
and has no other way out.

Started by `collectors.sandbox.pool` as `python -m collectors.sandbox.child MEMORY CPU_SECONDS`.
"""

from __future__ import annotations

import logging
import os
import resource
import sys
from collections.abc import Callable
from typing import Any

from collectors.errors import CollectError
from collectors.extraction.extract import extract
from collectors.listings.feed_parser import parse_feed
from collectors.listings.links import parse_links
from collectors.listings.sitemap_parser import parse_sitemap
from collectors.sandbox.protocol import READY, dump_article, dump_refusal, dump_value, load_request, moment


def _extract(html: bytes, *, hint_published: str | None, **options: Any) -> dict[str, Any]:
    return dump_article(extract(html, hint_published=moment(hint_published), **options))


def _export(body: bytes, **options: Any) -> dict[str, Any]:
    from collectors.formats.batches import read_batch  # thirty formats, which pages have no need of

    return read_batch(body, **options)


PARSERS: dict[str, Callable[..., Any]] = {
    "page": _extract,
    "feed": parse_feed,
    "sitemap": parse_sitemap,
    "links": parse_links,
    "export": _export,
}
"""What a worker can read: functions of the bytes and keyword arguments, from and to values of JSON."""
_FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.system",
    "pty.",
    "urllib.Request",
)


def forbid_network_and_programs() -> None:
    """No parser may open a socket or start a program. An audit hook (PEP 578) cannot be removed."""

    def refuse(event: str, _: tuple[Any, ...]) -> None:
        if event.startswith(_FORBIDDEN):
            raise PermissionError(f"a worker may not: {event}")

    sys.addaudithook(refuse)


def limit_memory(beyond: int) -> None:
    """Bound the address space to what is mapped now plus `beyond` bytes; then malloc fails instead of the
    machine.
    """
    with open("/proc/self/statm", "rb") as file:  # noqa: PTH123 - before any import is needed
        mapped = int(file.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (mapped + beyond, mapped + beyond))


def allow_cpu(seconds: int) -> None:
    """Let the kernel end this process (SIGXCPU) when the next page costs more, even if the parent is gone."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    resource.setrlimit(
        resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + 1 + seconds, resource.RLIM_INFINITY)
    )


def main(memory: int, cpu_seconds: int) -> None:
    requests = sys.stdin.buffer
    # Libraries print: only this program may write to the pipe.
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    logging.disable(logging.CRITICAL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _warm()
    forbid_network_and_programs()
    limit_memory(memory)
    replies.write(READY)
    replies.flush()
    while line := requests.readline():
        parser, length, options = load_request(line)
        body = requests.read(length)
        allow_cpu(cpu_seconds)
        replies.write(_read(parser, body, options))
        replies.flush()


def _read(parser: str, body: bytes, options: dict[str, Any]) -> bytes:
    try:
        return dump_value(PARSERS[parser](body, **options))
    except CollectError as error:
        return dump_refusal(error.reason, error.detail)
    except MemoryError:
        return dump_refusal("parser_memory")
    except Exception as error:  # noqa: BLE001 - the libraries below raise anything; the outcome is recorded
        return dump_refusal(f"parser_error:{type(error).__name__}")


def _warm() -> None:
    """Load what the libraries load at first use, so that the first page is not charged with it."""
    paragraph = (
        "<p>The committee met on Tuesday and decided that the old bridge would stay open for walkers.</p>"
    )
    page = f"<html><body><article><h1>Bridge stays open</h1>{paragraph * 8}</article></body></html>".encode()
    for backend in ("auto", "newspaper3k"):
        extract(page, "https://example.org/2020/01/02/bridge", backend=backend)
    parse_feed(b"<rss version='2.0'><channel><item><title>a</title></item></channel></rss>", url="", limit=1)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
