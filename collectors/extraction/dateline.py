"""The day that stands in words or figures beside the headline, for pages that declare no date."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain

from babel import Locale, UnknownLocaleError
from babel.dates import get_month_names
from lxml import etree
from lxml.html import HtmlElement

_AFTER, _BEFORE = 40, 15
"""Elements looked at after and before the headline."""
_LONGEST = 60
_FRAME = frozenset({"nav", "footer", "aside", "header"})
_NO_TEXT = frozenset({"script", "style", "option", "meta", "link", "title"})
_DMY = re.compile(r"(?<!\d)(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>(?:19|20)\d\d)(?!\d)")
_YMD = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)")
_DAY_NAME = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th|er|º)?\.?\s(?:de\s|of\s)?(?P<month>[^\W\d]{3,12})\.?,?"
    r"\s(?:de\s)?(?P<year>(?:19|20)\d\d)(?!\d)"
)
_NAME_DAY = re.compile(
    r"(?P<month>[^\W\d]{3,12})\.?\s(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s(?P<year>(?:19|20)\d\d)(?!\d)"
)
_CHANGED = re.compile(
    r"updated|modified|aktualisiert|geändert|bearbeitet|stand|mis à jour|actualizad|atualizad|aggiornat", re.I
)


def dateline(tree: HtmlElement, language: str | None) -> str | None:
    """YYYY-MM-DD (not checked to exist) of the first short text near the headline that holds a whole date.

    Texts below it go before those above; those in the site's frame or that speak of a change do not count.

    `language` is a tag like 'de' or 'pt-BR', in whose month names, or English ones, the date may be written.
    """
    elements = [each for each in tree.iter(etree.Element) if each.tag not in _NO_TEXT]
    headings = (n for n, each in enumerate(elements) if each.tag == "h1" and each.text_content().strip())
    top = next(headings, None)
    if top is None:
        return None
    below, above = elements[top : top + _AFTER], elements[max(0, top - _BEFORE) : top]
    months = _months("en") | _months(re.split("[-_]", language or "en", maxsplit=1)[0].lower())
    near = (each for each in (*below, *reversed(above)) if not _in_frame(each, elements[top]))
    texts = chain.from_iterable((each.text, each.tail) for each in near)
    for text in texts:
        text = " ".join((text or "").split())
        if len(text) <= _LONGEST and not _CHANGED.search(text) and (day := _day(text, months)):
            return day
    return None


def _in_frame(element: HtmlElement, heading: HtmlElement) -> bool:
    """Whether it stands in the site's frame, where today's date often does, and not around the heading."""
    around = {heading, *heading.iterancestors()}
    return any(up.tag in _FRAME and up not in around for up in (element, *element.iterancestors()))


def _day(text: str, months: dict[str, int]) -> str | None:
    for pattern in (_DMY, _YMD, _DAY_NAME, _NAME_DAY):
        for match in pattern.finditer(text):
            month = match["month"]
            number = int(month) if month.isdecimal() else months.get(month.lower())
            if number:
                return f"{match['year']}-{number:02}-{int(match['day']):02}"
    return None


@lru_cache(maxsize=64)
def _months(language: str) -> dict[str, int]:
    """Month names and their abbreviations, lower case -> 1..12; empty for a language that has none here."""
    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError, TypeError):
        return {}
    return {
        name.lower().rstrip("."): number
        for width in ("wide", "abbreviated")
        for context in ("format", "stand-alone")
        for number, name in get_month_names(width, context, locale).items()
    }
