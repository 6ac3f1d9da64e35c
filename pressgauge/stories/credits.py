"""Where a story came from: the agency or outlet that an article names.

A reader of pages loads this at its start, and pandas takes it a fifth more: so tables are for `originals`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import islice

_HEAD, _TAIL = 200, 300  # characters; every pattern is bounded within them
_NAME = r"[^\W_][^()\[\]（）【】\n|;:。]{0,48}?"
_DASH = r"\.?\s{0,3}[-–—―:]"
_FIRST = (
    # BERLIN (dpa) -, PARIS, Jan 27 (Reuters) -, (AP) —
    ("(", rf"\W{{0,3}}(?:[^\W_][^()\n]{{1,60}}?\s{{0,3}})?\(({_NAME})\){_DASH}"),
    # 【ワシントン=共同】, [東京 27日 ロイター] -
    ("[ 【", r"\s{0,3}[\[【][^\]】\n]{1,30}[\s=＝]([^\s\]】=＝]{2,20})[\]】]"),
    # 新华社北京1月27日电
    ("社", r"\s{0,3}[（(]?(\w{1,6}社)\w{1,16}[电電讯訊]"),
)
"""Patterns, each after the words of which a text has one where the pattern is worth asking."""
_MARK = r"[\"'”’»«“]?"
_LAST = (
    # This article first appeared in X; Dieser Text erschien zuerst bei X; The post ... appeared first on X
    (
        "first originally",
        rf"(?:first|originally)\s(?:(?:appeared|published)\s)?(?:in|on|by|at)\s{_MARK}({_NAME}){_MARK}\s?(?:[.,;|]|$)",
    ),
    (
        "first originally",
        rf"(?:appeared|published)\s(?:first|originally)\s(?:in|on|by|at)\s{_MARK}({_NAME}){_MARK}\s?(?:[.,;|]|$)",
    ),
    (
        "zuerst",
        rf"\bzuerst\s(?:erschienen\s)?(?:bei|in|im|auf)\s{_MARK}({_NAME}){_MARK}(?:\serschienen)?\s?(?:[.,;|]|$)",
    ),
    (
        "initialement d'abord originalement",
        rf"\b(?:initialement|d'abord|originalement)\s(?:publié|paru)e?\s(?:dans|par|sur)\s{_MARK}({_NAME}){_MARK}\s?(?:[.,;|]|$)",
    ),
    (
        "originalmente primera",
        rf"\b(?:publicad[oa]|apareci[óo])\s(?:originalmente|por\sprimera\svez)\s(?:en|por)\s{_MARK}({_NAME}){_MARK}\s?(?:[.,;|]|$)",
    ),
    # (Reporting by A in Rome; editing by B; Reuters), then the whole line Source: X
    (
        "reporting writing",
        rf"\((?:reporting|writing|additional\sreporting)\sby\s[^()\n]{{1,200}};\s?(?!\w{{1,20}}\sby\s)({_NAME})\)\W{{0,3}}$",
    ),
    (
        ": ：",
        r"^\W{0,3}(?:sources?|quellen?|fuente|fonte|bron|källa|kilde|źródło|出典|出所|来源|來源)\s?[:：]\s?"
        rf"({_NAME})\W{{0,3}}$",
    ),
    ("with", rf"^\W{{0,3}}with\s(?:reporting|files|inputs?|material)\s(?:by|from)\s({_NAME})\W{{0,3}}$"),
    ("mit", rf"^\W{{0,3}}mit\smaterial\svon\s({_NAME})\W{{0,3}}$"),
    # ... he said. (AFP)
    (") ）", rf"(?:^|[.!?。][\"”»」]?)\s{{0,3}}[(（]({_NAME})[)）]\W{{0,3}}$"),
    ("© (c) copyright", rf"^(?:©|\(c\)|copyright)\s(?:©\s)?(?:\d{{4}}\s)?({_NAME})(?:[.,;/|]|$)"),
)
# Jane Doe (AP), Jane Doe | Reuters, Jane Doe / dpa, Jane Doe, AFP; AFP alone
_BYLINE = re.compile(
    rf"(?:by\s)?[^\W\d_][^(),|/\n]{{2,60}}?\s?[(|/]\s?({_NAME})\)?$|[^,\n]{{3,60}},\s?([A-Z]{{2,6}})$|([A-Z]{{2,6}})$",
)
_Patterns = list[tuple[list[str], re.Pattern[str]]]
_FIRST_PATTERNS: _Patterns = [
    (words.split(), re.compile(pattern, re.IGNORECASE)) for words, pattern in _FIRST
]
_LAST_PATTERNS: _Patterns = [
    (words.split(), re.compile(pattern, re.IGNORECASE | re.MULTILINE)) for words, pattern in _LAST
]


def credits(texts: Iterable[object], authors: Iterable[Iterable[str] | None]) -> list[str | None]:
    """The agency or outlet that each article names as its origin, as it is written there; None without one.

    Read from the dateline, else from the last lines, else from the byline, by the forms such lines have in
    several languages and not from a list of names; so a name may be one that nobody bears. It means something
    where it fits an outlet (`originals.originals`). Only the first 200 and the last 300 characters are read.
    """
    return [
        _credit_in_text(text) or _in_byline(names) if isinstance(text, str) else _in_byline(names)
        for text, names in zip(texts, authors, strict=True)
    ]


def _credit_in_text(text: str) -> str | None:
    head, tail = text[:_HEAD], text[-_TAIL:].rstrip()
    match = _first_match(_FIRST_PATTERNS, head, re.Pattern.match)
    match = match or _first_match(_LAST_PATTERNS, tail, re.Pattern.search)
    return " ".join(match[1].split()) if match else None


def _first_match(
    patterns: _Patterns, text: str, ask: Callable[[re.Pattern[str], str], re.Match[str] | None]
) -> re.Match[str] | None:
    lower = text.lower()
    for words, pattern in patterns:
        for word in words:
            if word in lower:
                if match := ask(pattern, text):
                    return match
                break
    return None


def _in_byline(names: Iterable[str] | None) -> str | None:
    if names is None or isinstance(names, float):
        return None
    for name in islice(names, 20):
        if match := _BYLINE.match(str(name)[:100].strip()):
            return next(group for group in match.groups() if group).strip()
    return None
