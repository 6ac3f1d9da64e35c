"""No connection goes to an address that is not public, however it is written and however it was reached."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from ipaddress import ip_address, ip_network

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from hypothesis import given
from hypothesis import strategies as st

from collectors.errors import FetchError
from collectors.source import Source
from collectors.web.fetch import Fetcher
from collectors.web.ip_guard import REFUSED_NETWORKS, refusal
from tests.loopback import Loopback

PUBLIC = Source(name="public", kind="feed", url="x", outlet="x", delay=0.0)


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("0.0.0.0", "this network"),
        ("0.1.2.3", "this network"),
        ("10.0.0.1", "private"),
        ("10.255.255.255", "private"),
        ("100.64.0.1", "carrier-grade NAT"),
        ("100.127.255.255", "carrier-grade NAT"),
        ("100.100.100.200", "carrier-grade NAT"),
        ("127.0.0.1", "loopback"),
        ("127.255.255.254", "loopback"),
        ("168.63.129.16", "cloud host service"),
        ("169.254.169.254", "link-local"),
        ("172.16.0.1", "private"),
        ("172.31.255.255", "private"),
        ("192.0.0.170", "protocol assignments"),
        ("192.0.2.1", "documentation"),
        ("192.31.196.1", "AS112"),
        ("192.52.193.1", "AMT"),
        ("192.88.99.1", "6to4 relay"),
        ("192.168.1.1", "private"),
        ("192.175.48.1", "AS112"),
        ("198.18.0.1", "benchmarking"),
        ("198.19.255.255", "benchmarking"),
        ("198.51.100.1", "documentation"),
        ("203.0.113.1", "documentation"),
        ("224.0.0.1", "multicast"),
        ("239.255.255.250", "multicast"),
        ("240.0.0.1", "reserved"),
        ("255.255.255.255", "broadcast"),
        ("::", "unspecified"),
        ("::1", "loopback"),
        ("::127.0.0.1", "IPv4-compatible"),
        ("::ffff:127.0.0.1", "IPv4-mapped"),
        ("::ffff:8.8.8.8", "IPv4-mapped"),
        ("::ffff:0:7f00:1", "IPv4-translated"),
        ("64:ff9b::7f00:1", "NAT64"),
        ("64:ff9b:1::1", "local NAT64"),
        ("100::1", "discard"),
        ("100:0:0:1::1", "dummy prefix"),
        ("200::1", "OSI NSAP"),
        ("2001::1", "Teredo"),
        ("2001:1::1", "port control anycast"),
        ("2001:1::2", "TURN anycast"),
        ("2001:1::3", "DNS-SD anycast"),
        ("2001:2::1", "benchmarking"),
        ("2001:3::1", "AMT"),
        ("2001:4:112::1", "AS112"),
        ("2001:10::1", "ORCHID"),
        ("2001:20::1", "ORCHIDv2"),
        ("2001:30::1", "drone remote id"),
        ("2001:db8::1", "documentation"),
        ("2002:7f00:1::", "6to4"),
        ("2620:4f:8000::1", "AS112"),
        ("3ffe::1", "6bone"),
        ("3fff::1", "documentation"),
        ("4000::1", "unassigned"),
        ("5f00::1", "segment routing"),
        ("fc00::1", "private"),
        ("fd12:3456::1", "private"),
        ("fe80::1", "link-local"),
        ("fe80::1%eth0", "link-local"),
        ("fec0::1", "site-local"),
        ("ff02::1", "multicast"),
        ("127.1", "no address"),
        ("0x7f000001", "no address"),
        ("", "no address"),
    ],
)
def test_n11_an_address_that_is_not_public_is_refused_by_its_kind(address: str, kind: str) -> None:
    assert refusal(address) == kind


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111"])
def test_a_public_address_is_not_refused(address: str) -> None:
    assert refusal(address) is None


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.1.2.3", "192.168.0.7", "fd00::1"])
def test_a_local_source_reaches_its_own_machine_and_network(address: str) -> None:
    assert refusal(address, local=True) is None


@pytest.mark.parametrize(
    "address", ["169.254.169.254", "fe80::1", "0.0.0.0", "::ffff:127.0.0.1", "224.0.0.1"]
)
def test_n11_a_local_source_reaches_nothing_else(address: str) -> None:
    assert refusal(address, local=True) is not None


@given(st.ip_addresses())
def test_n11_whatever_python_calls_not_global_is_refused(address: object) -> None:
    parsed = ip_address(str(address))
    if not parsed.is_global or parsed.is_multicast:
        assert refusal(str(parsed)) is not None


def test_n11_the_table_names_more_than_40_kinds_of_networks_once_each() -> None:
    networks = [network for network, _ in REFUSED_NETWORKS]
    assert len(set(networks)) == len(networks) >= 40
    assert ip_network("0.0.0.0/0") not in networks


SPELLINGS = [
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "017700000001",
    "0",
    "0.0.0.0",
    "127.0.0.1.",
    "localhost",
    "localhost.",
    "LOCALHOST",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[0:0:0:0:0:0:0:1]",
    "[64:ff9b::7f00:1]",
    "１２７.０.０.１",
    "127。0。0。1",
    "①②⑦.⓪.⓪.①",
    "user@127.0.0.1",
    "example.org@127.0.0.1",
    "example.org:80@127.0.0.1",
]


async def test_a_refused_address_says_what_would_allow_it(web: Loopback) -> None:
    async with Fetcher() as fetch:
        with pytest.raises(
            FetchError, match=r"127\.0\.0\.1 \(loopback\); only `local = true` in the settings"
        ):
            await fetch(web.url("/"), source=PUBLIC)
        with pytest.raises(FetchError, match=r"\(link-local\)$"):
            await fetch("http://169.254.169.254/", source=PUBLIC)


@pytest.mark.parametrize("host", SPELLINGS)
async def test_n09_no_spelling_of_loopback_reaches_it(web: Loopback, host: str) -> None:
    async with Fetcher() as fetch:
        with pytest.raises(FetchError) as caught:
            await fetch(f"http://{host}:{web.port}/", source=PUBLIC)
    assert caught.value.reason in ("blocked_address", "bad_url", "dns")
    assert web.requests == []


async def test_n09_without_the_guard_the_same_request_arrives(
    web: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.page("/", "secret")
    monkeypatch.setattr("collectors.web.fetch.refusal", lambda address, local: None)
    async with Fetcher() as fetch:
        assert (await fetch(web.url("/"), source=PUBLIC)).body == b"secret"


@pytest.mark.parametrize(
    "target",
    ["http://127.0.0.2:{port}/", "http://[::1]:{port}/", "http://169.254.169.254/", "http://10.0.0.1/"],
)
async def test_n08_a_redirect_to_a_private_address_is_not_followed(
    web: Loopback, local: Callable[..., Source], target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """127.0.0.1 plays the public host here: it alone is let by."""
    web.page("/", "secret", host="127.0.0.2")
    web.redirect("/out", target.format(port=web.port), host="127.0.0.1")
    monkeypatch.setattr(
        "collectors.web.fetch.refusal",
        lambda address, local: None if address == "127.0.0.1" else refusal(address),
    )
    async with Fetcher() as fetch:
        with pytest.raises(FetchError) as caught:
            await fetch(web.url("/out"), source=PUBLIC)
    assert caught.value.reason == "blocked_address"
    assert {request.host for request in web.requests} == {"127.0.0.1"}


class Rebinding(AbstractResolver):
    """A name server that changes its answers: each look-up takes the next of `answers`."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def resolve(self, host: str, port: int = 0, family: int = socket.AF_INET) -> list[ResolveResult]:
        addresses = self.answers[min(self.asked, len(self.answers) - 1)]
        self.asked += 1
        return [
            ResolveResult(
                hostname=host, host=address, port=port, proto=0, flags=0,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
            )
            for address in addresses
        ]  # fmt: skip

    async def close(self) -> None:
        await asyncio.sleep(0)


@pytest.mark.parametrize(
    "answers",
    [
        [["127.0.0.1"]],
        [["127.0.0.1", "127.0.0.2"]],
        [["::1", "127.0.0.1"]],
        [["::ffff:127.0.0.1"]],
        [["169.254.169.254", "127.0.0.1"]],
    ],
)
async def test_n10_a_name_that_resolves_to_a_private_address_is_refused(
    web: Loopback, answers: list[list[str]]
) -> None:
    resolver = Rebinding(*answers)
    async with Fetcher(resolver=resolver) as fetch:
        with pytest.raises(FetchError) as caught:
            await fetch(f"http://news.example:{web.port}/", source=PUBLIC)
    assert caught.value.reason == "blocked_address"
    assert resolver.asked >= 1
    assert web.requests == []


async def test_n10_the_address_that_was_vetted_is_the_one_that_is_used(
    web: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    """127.0.0.1 plays the public address; the next look-up would say 127.0.0.2."""
    web.page("/", "public", host="news.example")
    vetted: list[str] = []

    def watched(address: str, *, local: bool) -> str | None:
        vetted.append(address)
        return None if address == "127.0.0.1" else refusal(address, local=local)

    monkeypatch.setattr("collectors.web.fetch.refusal", watched)
    resolver = Rebinding(["127.0.0.1"], ["127.0.0.2"])
    async with Fetcher(resolver=resolver) as fetch:
        assert (await fetch(f"http://news.example:{web.port}/", source=PUBLIC)).body == b"public"
    assert set(vetted) == {"127.0.0.1"}


async def test_n10_of_mixed_records_only_the_public_one_is_ever_connected_to(
    web: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.page("/", "public", host="news.example")
    connected: list[str] = []

    def watched(address: str, *, local: bool) -> str | None:
        refused = None if address == "127.0.0.1" else refusal(address, local=local)
        if refused is None:
            connected.append(address)
        return refused

    monkeypatch.setattr("collectors.web.fetch.refusal", watched)
    async with Fetcher(resolver=Rebinding(["127.0.0.2", "127.0.0.1", "10.0.0.1"])) as fetch:
        assert (await fetch(f"http://news.example:{web.port}/", source=PUBLIC)).body == b"public"
    assert set(connected) == {"127.0.0.1"}


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"])
async def test_n13_a_proxy_of_the_environment_is_not_used(
    web: Loopback, local: Callable[..., Source], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.page("/", "direct", host="127.0.0.1")
    monkeypatch.setenv(name, web.url("/", "127.0.0.2"))
    async with Fetcher() as fetch:
        assert (await fetch(web.url("/"), source=local())).body == b"direct"
    assert {request.host for request in web.requests} == {"127.0.0.1"}
