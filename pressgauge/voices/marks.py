"""Quotation marks of the languages collected: which stretches of a text stand between a pair of them."""

from __future__ import annotations

import re
from typing import NamedTuple

LONGEST = 5_000
"""Characters of one pair; more than that is two marks that do not belong together."""
# each begins with a character or a set of them, by which a regular expression is searched for fastest
_MARK = re.compile(r"[\"＂“”„‟«»‹›「」『』｢｣〝〞〟《》\n](?:(?<=\n)\s*|)")
_TYPED = re.compile(_MARK.pattern + r"|(?<!')'{2,3}(?!')|``|(?<![^\s(]),,(?=\w)")
"""The same with those that people type by two signs: ''...'', ``...'' and ,,...''."""
_CLOSERS: dict[str, tuple[str, ...] | str] = {
    '"': '"”',
    "“": '”"“',
    "”": "”",
    "„": '“”"„',
    "‟": "”",
    "«": "»",
    "»": "«»",
    "‹": "›",
    "›": "‹",
    "「": "」",
    "『": "』",
    "｢": "｣",
    "〝": "〞〟",
    "＂": "＂",
    "''": ("''",),
    "``": ("''", '"'),
    ",,": ("''", '"', "“", "”"),
}
_NO_SPACES = "\u3040"
"""Letters from here on are written without spaces, so that a mark behind one may open."""
_ALWAYS = frozenset(["„", "「", "『", "｢", "〝", "``", ",,"])
"""Marks that only ever open."""
_SINGLE = re.compile(r"‘(?<![\w'’‘].)(?=\w)([^‘\n]{1,2000}?)(?<=[\w.,?!…\-—])’(?!\w)")
_LOW = re.compile(r"‚(?=\w)((?:[^‚‘’\n]|’(?=\w)){1,2000})[‘’](?!\w)")
_STRAIGHT = re.compile(r"'(?<![\w'].)(?=\w)((?:[^'\n]|(?<=\w)'(?=\w)){1,2000}?)(?<=[.,?!…])'(?!\w)")
_OPENING_SIDE = frozenset(" \t\xa0\u202f\u2009\n([{—–-/:;,.>|“\"«„‘'¿¡")
_CLOSING_SIDE = frozenset(" \t\xa0\u202f\u2009\n)]}—–-/:;,.!?…<|”\"»’'")


class QuotedSpan(NamedTuple):
    """A stretch between marks: [start, end) with the marks, [inner, stop) without them and their spaces.

    `open` says that the paragraph ended before the closing mark: the quotation goes on in the next one.
    """

    start: int
    end: int
    inner: int
    stop: int
    open: bool = False


def quoted_spans(text: str) -> list[QuotedSpan]:
    """Every stretch of `text` between quotation marks, outermost ones, in order, in linear time.

    Marks: “ ”, straight ", „ “, « », » «, ‹ ›, 「 」, 『 』, 〝 〟, those typed by two signs ('' '', `` '',
    ,, ''), and single ones (‘ ’, ‚ ‘, straight ') in a text that uses them instead of double ones. 《 》 are
    the marks of titles.
    A quotation that runs over several paragraphs, each with an opening mark, is one stretch a paragraph.

    >>> text = "He said “no way, not me” and left."
    >>> [text[found.inner : found.stop] for found in quoted_spans(text)]
    ['no way, not me']
    """
    double = _double_marks(text)
    single: list[QuotedSpan] = []
    if max(text.count("‘"), text.count("‚")) > len(double):
        single = _marked_spans(_LOW if "‚" in text else _SINGLE, text)
    if not single and not double and "'" in text and "''" not in text:
        single = _marked_spans(_STRAIGHT, text)
    return single if len(single) > len(double) else double


def _marked_spans(form: re.Pattern[str], text: str) -> list[QuotedSpan]:
    return [QuotedSpan(hit.start(), hit.end(), hit.start(1), hit.end(1)) for hit in form.finditer(text)]


def _double_marks(text: str) -> list[QuotedSpan]:
    spans: list[QuotedSpan] = []
    form = _TYPED if "''" in text or "``" in text or ",," in text else _MARK
    at, mark = -1, ""
    for hit in form.finditer(text):
        place, end = hit.span()
        sign = "''" if hit[0][0] == "'" else hit[0]
        if sign[0] == "\n":
            if mark and mark != "»" and text.startswith(mark, end):
                spans.append(_span_inside(text, at, place, len(mark), 0))
            mark = ""
        elif mark and sign in _CLOSERS[mark] and _can_close(text, mark, sign, place, end):
            if place + 1 - at <= LONGEST:
                spans.append(_span_inside(text, at, end, len(mark), end - place))
            mark = ""
        elif sign in _CLOSERS and (not mark or sign == mark) and _can_open(text, sign, place, end):
            at, mark = place, sign
    return spans


def _span_inside(text: str, start: int, end: int, opening: int, closing: int) -> QuotedSpan:
    """The stretch between marks of so many signs; without a closing one it goes on."""
    inner, stop = start + opening, end - closing
    while inner < stop and text[inner].isspace():
        inner += 1
    while stop > inner and text[stop - 1].isspace():
        stop -= 1
    return QuotedSpan(start, end, inner, stop, not closing)


def _can_close(text: str, mark: str, sign: str, at: int, end: int) -> bool:
    """Whether a mark that can close does so here: some open as well, which their neighbours tell."""
    if (mark, sign) in (("“", "”"), ("«", "»"), ("„", "“"), ("„", "”"), ("‟", "”")) or sign in "」』｣〞〟":
        return True
    return text[at - 1] not in " \t\xa0([" or text[end : end + 1] in _CLOSING_SIDE or end == len(text)


def _can_open(text: str, sign: str, at: int, end: int) -> bool:
    if sign in _ALWAYS:
        return True
    after = text[end : end + 1]
    if sign == "«":
        return after != ""
    before = text[at - 1] if at else " "
    if not after or after.isspace():
        return False
    return before in _OPENING_SIDE or not before.isalnum() or before >= _NO_SPACES
