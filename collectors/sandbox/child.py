"""The program of a worker process: reads what came from outside from stdin, writes what it says to stdout,
and has no other way out.

Started by `collectors.sandbox.pool` as `python -P -m collectors.sandbox.child MEMORY CPU_SECONDS PARSER...`.
"""

from __future__ import annotations

import logging
import os
import resource
import sys
from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

from collectors.errors import CollectError
from collectors.sandbox.garbage import collect_garbage_seldom
from collectors.sandbox.protocol import READY, dump_refusal, dump_value, load_request

PARSERS = {
    "page": "collectors.sandbox.page:parse_page",
    "feed": "collectors.listings.feed_parser:parse_feed",
    "sitemap": "collectors.listings.sitemap_parser:parse_sitemap",
    "links": "collectors.listings.links:parse_links",
    "site": "collectors.listings.site_parser:parse_site",
    "export": "collectors.formats.batches:read_batch",
}
"""What a worker can read: functions of the bytes and keyword arguments, from and to values of JSON.

Those that a pool names are loaded at its start, others when they are asked for: that of pages takes 0.4 s.
"""
START_SECONDS = 60
"""Seconds of CPU time for the imports; they take 0.4."""
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
    usage = resource.getrusage(resource.RUSAGE_SELF)
    resource.setrlimit(
        resource.RLIMIT_CPU, (int(usage.ru_utime + usage.ru_stime) + 1 + seconds, resource.RLIM_INFINITY)
    )


@cache
def load(name: str) -> Callable[..., Any]:
    """The parser of that name, ready for its first body."""
    module, _, function = PARSERS[name].partition(":")
    imported = import_module(module)
    if warm := getattr(imported, "warm", None):
        warm()
    parser: Callable[..., Any] = getattr(imported, function)
    return parser


def main(memory: int, cpu_seconds: int, names: list[str]) -> None:
    requests = sys.stdin.buffer
    # Libraries print: only this program may write to the pipe.
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    logging.disable(logging.CRITICAL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    allow_cpu(START_SECONDS)
    for name in names:
        load(name)
    collect_garbage_seldom()
    forbid_network_and_programs()
    limit_memory(memory)
    replies.write(READY)
    replies.flush()
    while line := requests.readline():
        name, length, options = load_request(line)
        body = requests.read(length)
        parser = load(name)
        allow_cpu(cpu_seconds)
        replies.write(_answer(parser, body, options))
        replies.flush()


def _answer(parser: Callable[..., Any], body: bytes, options: dict[str, Any]) -> bytes:
    try:
        return dump_value(parser(body, **options))
    except CollectError as error:
        return dump_refusal(error.reason, error.detail)
    except MemoryError:
        return dump_refusal("parser_memory")
    except Exception as error:  # noqa: BLE001 - the libraries below raise anything; the outcome is recorded
        return dump_refusal(f"parser_error:{type(error).__name__}")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
