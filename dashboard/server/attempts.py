"""Log-ins that failed: how many are borne from an address and for a user before they have to wait."""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict, deque
from collections.abc import Callable

WINDOW_S = 15 * 60
BY_ADDRESS = 10
BY_USER = 20
"""Failed log-ins in a window.

Where a user has logged in before, only the address counts, so that no stranger locks one out."""
_MOST = 10_000
"""Addresses and users that are remembered: the longest unused are forgotten first."""


class Attempts:
    """Failures of the last quarter of an hour by address (an IPv6 network of 64 bits) and by user."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures: OrderedDict[tuple[str, str], deque[float]] = OrderedDict()
        self._own: OrderedDict[tuple[str, str], None] = OrderedDict()

    def wait(self, address: str, user: str) -> int:
        """Seconds until this address may try this user, 0 for now."""
        network = network_of(address)
        waits = [self._wait(("address", network), BY_ADDRESS)]
        if (network, user) not in self._own:
            waits.append(self._wait(("user", user), BY_USER))
        return max(waits)

    def record_failure(self, address: str, user: str) -> None:
        network = network_of(address)
        for key, most in ((("address", network), BY_ADDRESS), (("user", user), BY_USER)):
            self._failures.setdefault(key, deque(maxlen=most)).append(self._clock())
            self._failures.move_to_end(key)
        while len(self._failures) > _MOST:
            self._failures.popitem(last=False)

    def succeeded(self, address: str, user: str) -> None:
        key = (network_of(address), user)
        self._own[key] = None
        self._own.move_to_end(key)
        while len(self._own) > _MOST:
            self._own.popitem(last=False)

    def _wait(self, key: tuple[str, str], most: int) -> int:
        failures = self._failures.get(key)
        if failures is None or len(failures) < most:
            return 0
        return max(0, int(failures[0] + WINDOW_S - self._clock()) + 1)


def network_of(address: str) -> str:
    """What one visitor has to himself: an IPv4 address, or the first 64 bits of an IPv6 one."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return str(ip.ipv4_mapped)
        return str(ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)


def client_address(peer: str, forwarded: str, proxies: frozenset[str]) -> str:
    """Who asks: `peer`, or the one for whom a trusted proxy asks by X-Forwarded-For.

    Read from the right, where our proxies write: what a client put there itself stands further left. A header
    that holds no address says nothing. (Tornado's own reading trusts every peer, and X-Real-Ip.)
    """
    address = _plain(peer)
    for hop in reversed(forwarded.split(",")) if forwarded else ():
        if address not in proxies:
            break
        try:
            address = _plain(str(ipaddress.ip_address(hop.strip())))
        except ValueError:
            break
    return address


def _plain(address: str) -> str:
    return address.removeprefix("::ffff:")
