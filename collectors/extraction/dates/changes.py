"""Which dates are said to be those of a change, in whatever language: they are not the publication."""

from __future__ import annotations

import re
from itertools import islice

from lxml.html import HtmlElement

from collectors.extraction.page.outline import Mark, Outline

CHANGED = re.compile(
    r"updat|modif|\bedited|\brevis(?:ed|ion|ad[ao]|to)\b|\brévis|reviewed|last review|review date"
    r"|amended|\bcorrect(?:ed|ion)|\bchanged\b|last change|refreshed"
    r"|fact[\s-]?check|\bversion of"
    r"|aktualis|geändert|änderung|bearbeitet|überarbeit|korrigiert|upgedatet"
    r"|mise? à jour|\bmaj\s?(?::|le\b|du\b)|corrigé|a[ck]?tuali[sz]|actualitza|\beditado|^\W*act\.\s"
    r"|aggiorna|bijgewerkt|gewijzigd|aangepast|(?:upp|opp|op)dater|ändrad|endret|ændret|reviderad"
    r"|zmienion|zmian[aey]\b|modyf|upraven|změn|zmen[ae]n|päivitetty|muokattu|muutettu|frissít|módosít"
    r"|güncelle|değiştir|diperba|diubah|direvisi|cập nhật|sửa đổi|chỉnh sửa|ažurira|izm[ij]?en"
    r"|prom[ij]en[aei]|posodob|atnaujin|atjauno|uuenda|muudetud|uppfært"
    r"|обновл[её]н|обновен|измен[её]н|отредактир|оновлен|змінен|актуализ|промен|промян|ажурира|измењен"
    r"|ενημ[έε]ρωσ|ενημερ[ώω]θ|τροποπο|تحديث|تعديل|ح[\u064b-\u0652]?د[\u064b-\u0652]?ث\b|بروزرسانی|به‌روز"
    r"|עודכן|עדכון|अपडेट|अद्यतन|संशोध|আপডেট|হালনাগাদ|อัปเดต|อัพเดต|อัพเดท|แก้ไข|ปรับปรุง"
    r"|更新|修改|修正|修[订訂]|改[订訂定]|訂正|수정|업데이트|개정",
    re.I,
)
PUBLISHED = re.compile(
    r"publish|posted|released|veröffentlicht|erschienen|gepostet|publié|mis en ligne|publicad|pubblicat"
    r"|gepubliceerd|publicera|publisert|udgivet|julkaistu|opublikowan|yayın|опубликован|发布|發布|公開日|掲載|입력|등록",
    re.I,
)
LONGEST_LABEL = 30
_CHANGE_NAME = re.compile(r"modif|updat|last-?mod|revis(?:ed|ion)|edit(?:ed)?[-_]?(?:date|time|on)", re.I)
_NAMED_CHANGED = re.compile(
    r"modif|last-?mod|revis(?:ed|ion)|edit(?:ed)?[-_]?(?:date|time|on)|updated(?!.*publi)", re.I
)
"""An element around a date that is named 'updatetime' holds the time of the first publication as well."""
_SAYS_CHANGED = re.compile(
    r"(?:^|[\s_-])last[-_]?(?:mod|upd)|modified|revis(?:ed|ion)[-_]?date|edit(?:ed)?[-_]?(?:date|time)", re.I
)
"""What names an element inside a line; 'updated' alone does not: hAtom calls every date of an entry so."""
_MOST_ELEMENTS = 60
_WITH_FIGURES = re.compile(r"^.*\d", re.S)
"""What belongs to an earlier date."""
_LONGEST_MARK = 80


def is_change(outline: Outline, mark: Mark) -> bool:
    """Whether a marked date is said to be one of a change: by its own words, by its name or that of the
    element that it fills, or by what stands before it, unless its element declares the publication.
    """
    element = mark.element
    text = mark_text(mark)
    names = " ".join(filter(None, map(element.get, ("itemprop", "class", "id"))))
    words = " ".join(filter(None, (text, element.get("title"), element.get("aria-label"))))
    if _names_a_change(names) or CHANGED.search(words):
        return True
    if "pubdate" in element.attrib or element.get("itemprop") == "datePublished":
        return False
    if mark.block >= len(outline.blocks):
        return False
    if is_named_a_change(outline, mark.block):
        return True
    label = _WITH_FIGURES.sub("", _label_before(outline, mark.block, text))
    changed = max((match.start() for match in CHANGED.finditer(label)), default=-1)
    return changed > max((match.start() for match in PUBLISHED.finditer(label)), default=-1)


def mark_text(mark: Mark) -> str:
    """What a marked element shows, in one line and not more than a date needs."""
    return " ".join(" ".join(islice(mark.element.itertext(), 12)).split())[:_LONGEST_MARK]


def is_named_a_change(outline: Outline, number: int) -> bool:
    """Whether the block is all of an element that is named like a change."""
    holder = outline.containers[outline.blocks[number].holder]
    names = f"{holder.signature} {holder.element.get('id') or ''}"
    return holder.end - holder.start == 1 and _NAMED_CHANGED.search(names) is not None


def without_changes(line: str, holder: HtmlElement) -> str:
    """The line of a block without what elements in its holder that are named like a change show."""
    for element in islice(holder.iterdescendants(), _MOST_ELEMENTS):
        if isinstance(element.tag, str) and (
            _SAYS_CHANGED.search(f"{element.get('class', '')} {element.get('id', '')}")
            or CHANGED.search(f"{element.get('title', '')} {element.get('aria-label', '')}")
        ):
            line = line.replace(" ".join("".join(islice(element.itertext(), 12)).split()), " ")
    return line


def _names_a_change(names: str) -> bool:
    return bool(_CHANGE_NAME.search(names)) and "publi" not in names.lower()


def _label_before(outline: Outline, number: int, text: str) -> str:
    """The words right before a text in its block; where it begins this, a label in the block before."""
    at = outline.blocks[number].text.find(text) if text else -1
    if at != 0:
        return outline.blocks[number].text[max(0, at - 40) : max(0, at)]
    before = outline.blocks[number - 1].text if number else ""
    return before if len(before) < LONGEST_LABEL else ""
