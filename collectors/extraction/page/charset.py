"""Bytes -> text: the character set as declared, unless the bytes contradict it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from charset_normalizer import from_bytes
from resiliparse.parse.encoding import detect_encoding

_HEAD = 4096
_SAMPLE = 200_000
_META_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}?charset\s{0,5}=\s{0,5}["']?\s{0,5}([A-Za-z0-9_.:-]{2,40})""", re.I
)
_XML_ENCODING = re.compile(rb"""<\?xml[^>]{0,100}?encoding\s{0,5}=\s{0,5}["']([A-Za-z0-9_.:-]{2,40})""", re.I)
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# The WHATWG Encoding Standard's list, by Python's codec names. Anything else (punycode, idna, utf-7, ...) is
# slow, raises or hides markup, and no browser honours it.
_ALLOWED_CODECS = frozenset(
    codecs.lookup(name).name
    for name in [
        "utf-8",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "ascii",
        "cp866",
        "iso8859-1",
        "iso8859-2",
        "iso8859-3",
        "iso8859-4",
        "iso8859-5",
        "iso8859-6",
        "iso8859-7",
        "iso8859-8",
        "iso8859-10",
        "iso8859-13",
        "iso8859-14",
        "iso8859-15",
        "iso8859-16",
        "koi8-r",
        "koi8-u",
        "mac-roman",
        "cp874",
        "cp1250",
        "cp1251",
        "cp1252",
        "cp1253",
        "cp1254",
        "cp1255",
        "cp1256",
        "cp1257",
        "cp1258",
        "gbk",
        "gb2312",
        "gb18030",
        "big5",
        "euc-jp",
        "iso2022-jp",
        "shift-jis",
        "euc-kr",
    ]
)
# Browsers read these labels as their supersets, and so are the pages written.
_SUPERSET = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "utf-16": "utf-16-le",
}


_JAPANESE = re.compile(rb"\x1b\$[@B][!-~]{2}")
_BEYOND_ASCII = re.compile("[^\x00-\x7f]")
_VALID_PER_STRAY = 3
STRAYS_AS_WINDOWS = "pressgauge-windows-1252"
"""The name of the error handler that reads stray bytes as Windows-1252."""


def _read_as_windows(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error(STRAYS_AS_WINDOWS, _read_as_windows)


def decode(html: bytes, charset: str | None = None) -> str:
    """Text of a page: BOM, then what is UTF-8 but for strays, then the declared character set, then what the
    bytes look like.

    `charset` is one declared outside the page, which counts before the page's own.

    Valid UTF-8 goes before the declaration because other character sets' texts are hardly ever valid UTF-8 by
    accident, whereas pages often declare the wrong one. Never raises; undecodable bytes become U+FFFD.
    """
    for bom, name in BOMS:
        if html.startswith(bom):
            return html[len(bom) :].decode(name, "replace")
    if wide := _utf16_without_bom(html):
        return html.decode(wide, "replace")
    # One byte is looked for in a thirtieth of the time that two take.
    if b"\x1b" in html and _JAPANESE.search(html):
        # All of its bytes are ASCII, and so valid UTF-8; the escapes stand in no other page.
        return html.decode("iso2022_jp", "replace")
    try:
        return html.decode("utf-8")
    except UnicodeDecodeError:
        pass
    text = html.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    # Other character sets' texts hold hardly a sequence that is valid UTF-8: where most are, the rest are
    # strays, of a reader's comment or an advertisement, that a template put in as they came.
    if len(_BEYOND_ASCII.findall(text)) - bad >= _VALID_PER_STRAY * bad:
        return html.decode("utf-8", STRAYS_AS_WINDOWS)
    for name in filter(None, (allowed_codec(charset) if charset else None, declared_charset(html))):
        text = html.decode(name, "replace")
        if text.count("\ufffd") <= len(text) // 1000 and (name != "utf-8" or "\ufffd" not in text):
            return text
    for name in guesses(html[:_SAMPLE]):
        if codec := allowed_codec(name):
            return html.decode(codec, "replace")
    return html.decode("cp1252", "replace")


def guesses(sample: bytes) -> Iterator[str]:
    """What the bytes look like: uchardet first. (Some Korean pages it calls UTF-8, which is ruled out.)"""
    if (name := detect_encoding(sample, from_html_meta=False)) and name != "utf-8":
        yield name
    if best := from_bytes(sample).best():
        yield best.encoding


def declared_charset(html: bytes) -> str | None:
    """The declared character set as a codec name, if a browser would honour it."""
    head = html[:_HEAD]
    match = _META_CHARSET.search(head) or _XML_ENCODING.search(head)
    return allowed_codec(match[1].decode("ascii")) if match else None


def allowed_codec(label: str) -> str | None:
    """The codec that a browser reads a declared label by; None for one that no browser honours."""
    try:
        name = codecs.lookup(label.strip(" \"'")).name
    except (LookupError, ValueError):
        return None
    if name not in _ALLOWED_CODECS and name not in _SUPERSET and name not in _SUPERSET.values():
        return None
    return _SUPERSET.get(name, name)


def _utf16_without_bom(html: bytes) -> str | None:
    head = html[:_HEAD]
    if len(head) < 8 or head.count(b"\0") < len(head) // 4:
        return None
    return "utf-16-le" if head[1::2].count(b"\0") > head[::2].count(b"\0") else "utf-16-be"
