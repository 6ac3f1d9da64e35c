"""RTF as text, with marks where bold and centred runs begin.

striprtf reads it (pure Python, 20 kB): it leaves out headers, footers, pictures and objects, which nothing
here opens.
"""

from __future__ import annotations

import re

from collectors.formats.syntax.content import Content

BOLD, CENTRED = "\ue010", "\ue011"
_MARKS = re.compile(f"[{BOLD}{CENTRED}]")
_SWITCH = re.compile(r"(\\b|\\qc)(?=[\\ {}\r\n])")
_FIELD = re.compile(r"\{\\\*\\fldinst\b[^{}]{0,4000}(?:\{[^{}]{0,4000}\}[^{}]{0,4000}){0,20}\}")


def is_rtf(content: Content) -> bool:
    return content.head.lstrip(b"\xef\xbb\xbf \r\n")[:5] == b"{\\rtf"


def marked_text(content: Content) -> str:
    """The text, a line a paragraph; raises ContentError beyond what is read at once."""
    from striprtf.striprtf import rtf_to_text

    raw = _FIELD.sub("", content.data().decode("latin-1"))  # striprtf writes a link's address after its text
    switches = _SWITCH.sub(lambda match: match[1] + ("\\u57360?" if match[1] == "\\b" else "\\u57361?"), raw)
    return rtf_to_text(switches, errors="replace").replace("\r", "")


def unmarked(text: str, *, keep: bool = False) -> str:
    """`text` without marks; with `keep` each becomes a space, so that places stay."""
    return _MARKS.sub(" " if keep else "", text)


def lines_head(content: Content) -> str:
    """The beginning of the text, to recognise a format by."""
    from striprtf.striprtf import rtf_to_text

    head = content.head.decode("latin-1")
    try:
        return rtf_to_text(head, errors="replace")
    except (ValueError, IndexError, KeyError, LookupError):
        return ""
