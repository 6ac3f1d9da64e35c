"""Quotation marks of the languages collected: which stretches of a text stand between a pair of them."""

from __future__ import annotations

import re
from typing import NamedTuple

LONGEST = 5_000
"""Characters of one pair; more than that is two marks that do not belong together."""
# each begins with a character or a set of them, by which a regular expression is searched for fastest
_MARK = re.compile(r"[\"“”„‟«»‹›「」『』《》\n](?:(?<=\n)\s*|)")
_CLOSERS = {
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
}
_ALWAYS = frozenset("„「『")
"""Marks that only ever open."""
_SINGLE = re.compile(r"‘(?<![\w'’‘].)(?=\w)([^‘\n]{1,2000}?)(?<=[\w.,?!…\-—])’(?!\w)")
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

    Marks: “ ”, straight ", „ “, « », » «, ‹ ›, 「 」, 『 』, and single ones (‘ ’, straight ') in a text that
    uses them instead of double ones; where two apostrophes ('') are its marks, single ones are within those.
    A quotation that runs over several paragraphs, each with an opening mark, is one stretch a paragraph.

    >>> text = "He said “no way, not me” and left."
    >>> [text[found.inner : found.stop] for found in quoted_spans(text)]
    ['no way, not me']
    """
    double = _double_marks(text)
    single = _marked_spans(_SINGLE, text) if text.count("‘") > len(double) else []
    if not single and not double and "'" in text and "''" not in text:
        single = _marked_spans(_STRAIGHT, text)
    return single if len(single) > len(double) else double


def _marked_spans(form: re.Pattern[str], text: str) -> list[QuotedSpan]:
    return [QuotedSpan(hit.start(), hit.end(), hit.start(1), hit.end(1)) for hit in form.finditer(text)]


def _double_marks(text: str) -> list[QuotedSpan]:
    spans: list[QuotedSpan] = []
    at, mark = -1, ""
    for hit in _MARK.finditer(text):
        sign, place = hit[0], hit.start()
        if sign[0] == "\n":
            if mark and text[hit.end() : hit.end() + 1] == mark and mark not in "»":
                spans.append(_span_inside(text, at, place, True))
            mark = ""
        elif mark and sign in _CLOSERS[mark] and _can_close(text, mark, sign, place):
            if place + 1 - at <= LONGEST:
                spans.append(_span_inside(text, at, place + 1, False))
            mark = ""
        elif sign in _CLOSERS and (not mark or sign == mark) and _can_open(text, sign, place):
            at, mark = place, sign
    return spans


def _span_inside(text: str, start: int, end: int, goes_on: bool) -> QuotedSpan:
    inner, stop = start + 1, end if goes_on else end - 1
    while inner < stop and text[inner].isspace():
        inner += 1
    while stop > inner and text[stop - 1].isspace():
        stop -= 1
    return QuotedSpan(start, end, inner, stop, goes_on)


def _can_close(text: str, mark: str, sign: str, at: int) -> bool:
    """Whether a mark that can close does so here: some open as well, which their neighbours tell."""
    if (mark, sign) in (("“", "”"), ("«", "»"), ("„", "“"), ("„", "”"), ("‟", "”")) or sign in "」』":
        return True
    return text[at - 1] not in " \t\xa0([" or text[at + 1 : at + 2] in _CLOSING_SIDE or at + 1 == len(text)


def _can_open(text: str, sign: str, at: int) -> bool:
    if sign in _ALWAYS:
        return True
    after = text[at + 1 : at + 2]
    if sign == "«":
        return after != ""
    before = text[at - 1] if at else " "
    return bool(after) and not after.isspace() and (before in _OPENING_SIDE or not before.isalnum())
