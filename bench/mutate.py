"""Damaged feeds and pages without end, the same for the same seed: what parsers are shaken with."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from random import Random

_TOKENS = [
    *(b"<", b">", b"&", b"\0", b"\xff\xfe", b"]]>", b"<![CDATA[", b"<!--", b"-->", b"</", b"/>", b"'", b'"'),
    *(b"&#xD800;", b"&#0;", b"&lt;script&gt;", b"<script>alert(1)</script>", b"<svg onload=alert(1)>"),
    *(b"<!DOCTYPE x [<!ENTITY a 'aa'>]>", b"&a;&a;&a;", b"<?xml encoding='punycode'?>", b"charset=utf-7"),
    *(
        b"http://[bad",
        b"javascript:alert(1)",
        b"http://169.254.169.254/",
        b"//x",
        b"\xe2\x80\xae",
        b"\r\n\x1b[2J",
    ),
    *(b"9999-99-99T99:99:99+99:99", b"0001-01-01", b"31 Feb 2025 25:61", b"-1", b"1e309", b"NaN", b"null"),
    *(b"<div>" * 600, b"<b>" * 300, b"a" * 20_000, b"9" * 5_000, b'{"a":' * 2_000, b"[" * 2_000),
    *(
        b"<item><title>x</title></item>" * 500,
        b"<a href=x>y</a>" * 500,
        b"<meta name=author content=a>" * 200,
    ),
    b" ".join(b"a%d=x" % n for n in range(300)),
]


def feeds() -> list[bytes]:
    """Whole feeds to start from, in each format."""
    from collectors.demo import lists
    from collectors.demo.press import press

    written = press(date(2025, 1, 27), date(2025, 1, 29))
    by_format: dict[str, bytes] = {}
    for outlet in written.outlets:
        pieces = [piece for piece in written.pieces if piece.outlet == outlet][:4]
        if pieces:
            by_format.setdefault(outlet.feed, lists.feed(outlet, "https://press.example", pieces))
    odd = {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [{"id": 1, "url": 2, "title": [], "authors": {}}],
    }
    return [*by_format.values(), json.dumps(odd).encode()]


def pages() -> list[bytes]:
    """Whole pages to start from, one of each template."""
    from collectors.demo import pages as rendering
    from collectors.demo.press import press

    written = press(date(2025, 1, 27), date(2025, 1, 29))
    by_template = {piece.outlet.template: piece for piece in written.pieces}
    return [rendering.render(piece, "https://press.example")[0] for piece in by_template.values()]


def mutations(seeds: Sequence[bytes], seed: int) -> Iterator[bytes]:
    """The seeds, damaged one to six times each: bits, cuts, copies, hostile pieces, parts of another."""
    random = Random(seed)
    while True:
        data = bytearray(random.choice(seeds))
        for _ in range(random.randint(1, 6)):
            _damage(data, seeds, random)
        yield bytes(data)


def _damage(data: bytearray, seeds: Sequence[bytes], random: Random) -> None:
    at = random.randrange(len(data) + 1)
    to = min(len(data), at + random.choice((1, 4, 40, 400)))
    match random.randrange(6):
        case 0:
            for n in range(at, to):
                data[n] ^= 1 << random.randrange(8)
        case 1:
            del data[at:to]
        case 2:
            data[at:at] = data[at:to] * random.choice((1, 2, 20))
        case 3 | 4:
            data[at : to if random.random() < 0.5 else at] = random.choice(_TOKENS)
        case 5:
            other = random.choice(seeds)
            start = random.randrange(len(other))
            data[at:to] = other[start : start + random.choice((10, 100, 1_000))]
