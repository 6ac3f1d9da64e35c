"""What lists of references hold beside articles: books, chapters, theses, laws, films."""

from __future__ import annotations

import re

from collectors.formats.record import Notice

_WORDS = (
    "book ebook edbook chap echap thes conf cpaper comp unpb pat case bill stat hear legal map music sound"
    " video advs art data dbase"  # RIS
    " incollection inbook booklet inproceedings proceedings conference collection phdthesis mastersthesis"
    " thesis manual patent software dataset unpublished"  # BibTeX
    " chapter paperconference legalcase legislation song motionpicture entrydictionary entryencyclopedia"
    " manuscript personalcommunication speech figure graphic treaty standard musicalscore performance"
    " hearing regulation"  # CSL
    " booksection conferencepaper computerprogram audiorecording videorecording film artwork statute letter"
    " presentation encyclopediaarticle dictionaryentry email instantmessage note attachment"  # Zotero
)
_KINDS = frozenset(_WORDS.split())
_SIGNS = re.compile(r"[\W_]+")


def is_other_work(kind: str | None) -> bool:
    """Whether a kind, as RIS, BibTeX, CSL and Zotero write it, is that of another work than an article."""
    return _SIGNS.sub("", kind or "").lower() in _KINDS


def other_work(kind: str, name: str) -> Notice:
    """The notice of one such reference of a file."""
    return Notice(
        "not_article", f"a reference of {name} is to another work than an article: {kind}", counts=True
    )
