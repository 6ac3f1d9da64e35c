"""Where the sentences of a text end.

One regular expression finds every mark that may end a sentence; the word before it (an abbreviation, an
initial, an ordinal) and the one after it decide. Rules as in Kiss and Strunk, "Unsupervised multilingual
sentence boundary detection" (2006), with lists of abbreviations instead of learned ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# begins with a set of characters, by which a regular expression is searched for fastest
_END = re.compile(
    r"[.!?…。！？\n](?:(?<=[.!?…])(?<![.!?…].)(?P<more>[.!?…]*+)(?P<close>[\"'”’»›)\]]*(?:\s»)?)"
    r"(?=(?P<gap>\s+[\"'“‘„«‹(\[¿¡—–-]*\s?)(?P<next>\S))|(?<=[。！？])[。！？]*[」』”’）]*|(?<=\n)\n*)",
    re.DOTALL,
)
_BRACKETS = "\"'“”‘’„«»()[]/—–-"

_FIRST = re.compile(r"[\w'’]+")


def _word_set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TITLES = (
    "mr mrs ms mx dr prof rev hon st sr jr gen col lt sgt capt cmdr adm gov sen rep reps sens pres supt det"
)
_BEFORE_NAMES: dict[str, str] = {
    "": f"{_TITLES} vs cf al approx eds mt",
    "en": "messrs mmes asst assn dept",
    "de": "bzw ca dipl evtl ggf hr hrn frau inkl insb ing mio mrd sog tel z.b u.a d.h v.a i.d.r vgl z",
    "fr": "m mm mme mmes mlle mlles me mgr env av cf c.-à-d",
    "es": "d dª dña sra srta sres dra avda ee uu p.ej gral",
    "it": "sig sigg dott ing avv on",
    "pt": "sra dra exmo",
    "nl": "dhr mevr mw drs ir ing bijv d.w.z o.a",
}
"""Language -> what is abbreviated in front of a name, so that no sentence ends after it."""
_BEFORE_NUMBERS = _word_set("""no nos nr núm fig figs vol pp p pág págs pag abs art chap
    cap kap bd aufl jh jhd s str max min ca circa jan feb mar apr jun jul aug sep sept oct nov dec
    """)
"""What is abbreviated in front of a number; elsewhere such a word ends its sentence."""
_OFTEN = _word_set("""inc corp co ltd llc llp plc bros u.s u.k u.n e.u u.s.a d.c
    a.m p.m etc ph.d m.d b.a m.a est usw ca sa s.a s.l
    """)
"""Abbreviations that end a sentence or do not: the next word tells."""
_STARTS = _word_set("""a an and another as at after all although because before
    but by despite each even every for from he her here his how however i if in instead it its last
    many meanwhile more most my no not now of on once one only or other our she since so some still
    such that the their then there these they this those though to under until we what when where
    whether which while who why with yet you your
    """)
_FORMS = {language: _word_set(f"{_BEFORE_NAMES['']} {own}") for language, own in _BEFORE_NAMES.items()}
_ORDINALS = frozenset({"de", "da", "no", "nb", "fi", "cs", "sk", "sl", "hr", "hu", "pl"})
"""Languages that write an ordinal number with a full stop: "am 3. Oktober"."""


def spans(text: str, language: str | None = None) -> Iterator[tuple[int, int]]:
    """[start, end) of each sentence, without the space around it. A line break ends a sentence.

    `language` is an ISO 639-1 code; an unknown one has the abbreviations that all have in common.

    >>> text = "Mr. Altman of OpenAI Inc. spoke in the U.S. on Monday. It rained."
    >>> [text[start:end] for start, end in spans(text, "en")]
    ['Mr. Altman of OpenAI Inc. spoke in the U.S. on Monday.', 'It rained.']
    """
    start = 0
    for end in (*ends(text, language), len(text)):
        left, right = start, end
        while left < right and text[left].isspace():
            left += 1
        while right > left and text[right - 1].isspace():
            right -= 1
        if left < right:
            yield left, right
        start = end


def sentences(text: str, language: str | None = None) -> list[str]:
    """The sentences of a text, in order: what `spans` delimits."""
    return [text[start:end] for start, end in spans(text, language)]


def ends(text: str, language: str | None = None) -> Iterator[int]:
    """Where a sentence ends before the end of the text, ascending."""
    forms = _FORMS.get(language or "", _FORMS[""])
    for hit in _END.finditer(text):
        if hit["more"] is None or _is_end(text, hit, forms, language):
            yield hit.end()


def _is_end(text: str, hit: re.Match[str], forms: frozenset[str], language: str | None) -> bool:
    after = hit["next"]
    if after.islower():
        return False
    at = hit.start()
    if text[at] != "." or hit["more"] or hit["close"]:
        return True
    words = text[max(0, at - 24) : at].split()
    word = words[-1].strip(_BRACKETS) if words else ""
    if not word:
        return True
    before = word.lower()
    if before in forms or (after.isdigit() and before in _BEFORE_NUMBERS):
        return False
    if before.isdigit():
        return not (language in _ORDINALS and len(before) <= 2)
    if before in _OFTEN or (before[-1].isalpha() and before[-2:-1] in ("", ".")):
        return _begins_sentence(text, hit, word)
    return True


def _begins_sentence(text: str, hit: re.Match[str], before: str) -> bool:
    """Whether what follows an abbreviation or an initial begins a sentence, by its first word."""
    if before == "I":
        return True
    word = _FIRST.match(text, hit.end() + len(hit["gap"]))
    return word is not None and len(word[0]) > 1 and word[0].lower() in _STARTS
