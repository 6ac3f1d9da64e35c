"""Which addresses a fetch may connect to: only public unicast ones, by an explicit table of what is not.

The table follows the IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890 and its successors), to
which it adds what carries another address inside (a way round any check), what was returned or deprecated,
and addresses that clouds answer on inside their own networks. `ipaddress.is_global` is not asked: it lets
several of these pass.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

_TABLE = """
0.0.0.0/8            this network
10.0.0.0/8           private
100.64.0.0/10        carrier-grade NAT
127.0.0.0/8          loopback
168.63.129.16/32     cloud host service
169.254.0.0/16       link-local
172.16.0.0/12        private
192.0.0.0/24         protocol assignments
192.0.2.0/24         documentation
192.31.196.0/24      AS112
192.52.193.0/24      AMT
192.88.99.0/24       6to4 relay
192.168.0.0/16       private
192.175.48.0/24      AS112
198.18.0.0/15        benchmarking
198.51.100.0/24      documentation
203.0.113.0/24       documentation
224.0.0.0/4          multicast
240.0.0.0/4          reserved
255.255.255.255/32   broadcast
::/128               unspecified
::1/128              loopback
::/96                IPv4-compatible
::ffff:0:0/96        IPv4-mapped
::ffff:0:0:0/96      IPv4-translated
64:ff9b::/96         NAT64
64:ff9b:1::/48       local NAT64
100::/64             discard
100:0:0:1::/64       dummy prefix
200::/7              OSI NSAP
400::/7              IPX
2001::/23            protocol assignments
2001::/32            Teredo
2001:1::1/128        port control anycast
2001:1::2/128        TURN anycast
2001:1::3/128        DNS-SD anycast
2001:2::/48          benchmarking
2001:3::/32          AMT
2001:4:112::/48      AS112
2001:10::/28         ORCHID
2001:20::/28         ORCHIDv2
2001:30::/28         drone remote id
2001:db8::/32        documentation
2002::/16            6to4
2620:4f:8000::/48    AS112
3ffe::/16            6bone
3fff::/20            documentation
5f00::/16            segment routing
fc00::/8             private
fd00::/8             private
fe80::/10            link-local
fec0::/10            site-local
ff00::/8             multicast
"""
REFUSED_NETWORKS: tuple[tuple[IPv4Network | IPv6Network, str], ...] = tuple(
    (ip_network(line.split(None, 1)[0]), line.split(None, 1)[1]) for line in _TABLE.strip().splitlines()
)
"""Every refused network and its kind."""
LOCAL_KINDS = ("loopback", "private")
"""Of the refused kinds, those that a local source may ask."""
_UNICAST = ip_network("2000::/3")


@lru_cache(1_024)
def refusal(address: str, *, local: bool = False) -> str | None:
    """Why this IP address may not be connected to, or None. `local` lets by loopback and private ones.

    Link-local stays refused for local sources too: clouds keep their keys there.

    >>> refusal("169.254.169.254", local=True)
    'link-local'
    >>> refusal("127.0.0.1", local=True) is None
    True
    """
    try:
        # A zone ("%eth0") would make an address of a link.
        ip: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:
        return "no address"
    kinds = {n.prefixlen: kind for n, kind in REFUSED_NETWORKS if n.version == ip.version and ip in n}
    if not kinds:
        return None if ip.version == 4 or ip in _UNICAST else "unassigned"
    kind = kinds[max(kinds)]
    return None if local and kind in LOCAL_KINDS else kind
