"""Whom Chinese, Japanese and Korean texts credit with a quotation.

They are written without capitals and, but for Korean, without spaces, so that there are no tokens to look at:
the words of the same sentence before and behind the marks are matched as they stand. What stands before the
verb of saying or the particle of the subject is the source.
"""

from __future__ import annotations

import re
from typing import NamedTuple

Span = tuple[int, int]
_LOOK = 120
"""Characters before and behind a quotation that are looked at."""


class _Forms(NamedTuple):
    """Expressions that are searched for in the words before a quotation, and
    matched right behind it, each with the groups `source` and `cue`."""

    before: tuple[re.Pattern[str], ...]
    behind: tuple[re.Pattern[str], ...]
    completed: re.Pattern[str] | None = None
    """What stands behind a quotation whose source is found before it, if something has to."""
    is_last: bool = False
    """Whether the last of several matches before a quotation counts: time and matter may be named first."""


_ZH_VERB = (
    "表示|指出|认为|認為|强调|強調|宣布|宣佈|告诉|告訴|解释|解釋|补充|補充|警告|承认|承認|透露|坦言|直言|回应|回應"
    "|抱怨|批评|批評|呼吁|呼籲|写道|寫道|问道|問道|反问|提到|称|稱|说|說|问|問|写|寫"
)
_ZH_END = (
    "周[一二三四五六日]|週[一二三四五六日]|星期|昨|今[天日]|[0-9]|在|对|對|向|于|於|则|則|还|還|也|又|曾|随后"
    "|隨後|接受|近日|日前|继续|繼續|并|並|进一步"
)
"""What ends the source: when, where, to whom."""
_ZH_CLAUSE = "[^，。；：！？“”「」\\s]"
_ZH_SOURCE = (
    rf"(?!{_ZH_END})(?P<source>[^，。、；：！？,;:“”「」\s]{_ZH_CLAUSE}{{0,30}}?)"
    rf"(?:(?:{_ZH_END}){_ZH_CLAUSE}{{0,20}}?)?"
)
_ZH = _Forms(
    before=(
        re.compile(rf"(?:^|[，。；！？\s])(?:据|據|根据|根據){_ZH_SOURCE}(?P<cue>报道|報道|報導|称|稱)"),
        re.compile(rf"(?:^|[，。；！？\s]){_ZH_SOURCE}(?P<cue>{_ZH_VERB})[^，。：“「]{{0,12}}[，：:,]?\s*$"),
    ),
    behind=(re.compile(rf"[，。,]?\s*{_ZH_SOURCE}(?P<cue>{_ZH_VERB})"),),
)
_JA_VERB = (
    "述べ|語|話|説明|発表|警告|強調|指摘|主張|批判|反論|答え|回答|尋ね|訴え|漏ら|明か|明言|コメント|投稿|書|呼びかけ"
    "|見て|みて|考え|振り返|力説|断言|謝罪|応じ|伝え|つづ|綴|いう|言|し(?:た|て|、|。)|する|の見方|の認識|との"
)
_JA_SOURCE = r"(?:^|[、。\s])(?P<source>[^、。「」『』\s]{1,30}?)"
_JA = _Forms(
    before=(
        re.compile(rf"{_JA_SOURCE}(?P<cue>によると|によれば)(?=[、\s])"),
        re.compile(rf"{_JA_SOURCE}(?P<cue>は|も|が)(?=[^はがも。]*$)"),
        re.compile(rf"{_JA_SOURCE}(?P<cue>は)"),
    ),
    behind=(
        re.compile(
            rf"と、?(?P<source>[^、。「」\s]{{1,30}}?)(?P<cue>は|が|も)[^。「」\s]{{0,20}}?(?:{_JA_VERB})"
        ),
    ),
    completed=re.compile(
        rf"(?:など)?(?:と|だと|だという|である?と)[^。「」\s]{{0,25}}?(?:{_JA_VERB})|だという|という"
    ),
)
_KO_SOURCE = r"(?:^|[\s,.])(?P<source>(?:[^\s,.“”\"']+ )?[^\s,.“”\"']+?)"
_KO_STEMS = "있없하되않높많작좋같젊넓깊싶받맞"
"""Ends of verbs and adjectives, which 은 and 는 join to the noun behind them."""
_KO = _Forms(
    before=(
        re.compile(rf"{_KO_SOURCE}(?P<cue>에 따르면|에 의하면|에 따르자면)(?=[\s,])"),
        re.compile(rf"{_KO_SOURCE}(?P<cue>(?<![{_KO_STEMS}])(?:은|는))(?=[\s,])"),
        re.compile(rf"{_KO_SOURCE}(?P<cue>이|가|도)(?=[\s,])"),
    ),
    behind=(
        re.compile(
            r"(?:이?라고|다고|고|이?라며|며|면서)\s"
            r"(?P<source>(?:[^\s,.]+ )?[^\s,.]+?)(?P<cue>은|는|이|가|도)\s"
        ),
    ),
    is_last=True,
    completed=re.compile("이?라고|이?라며|이?라면서|이?라는|다고|냐고|자고|고|며|면서|는|다\\.|이다"),
)
_FORMS = {"zh": _ZH, "ja": _JA, "ko": _KO}
LANGUAGES = frozenset(_FORMS)
_SENTENCE_END = re.compile(r"[。！？\n]|[.!?]\s")


def credit(text: str, start: int, end: int, language: str) -> tuple[Span, Span] | None:
    """(source, cue) of the quotation in [start, end), with its marks; None where its sentence has none."""
    forms = _FORMS[language]
    low = max(0, start - _LOOK)
    for hit in _SENTENCE_END.finditer(text, low, start):
        low = hit.end()
    behind = text[end : end + _LOOK].partition("\n")[0]
    if forms.completed is None or forms.completed.match(behind):
        before = text[low:start]
        for form in forms.before:
            clauses = list(form.finditer(before))
            if clauses:
                return _spans(clauses[-1 if forms.is_last else 0], low)
    for form in forms.behind:
        clause = form.match(behind)
        if clause is not None:
            return _spans(clause, end)
    return None


def _spans(hit: re.Match[str], offset: int) -> tuple[Span, Span]:
    source, cue = hit.span("source"), hit.span("cue")
    return (source[0] + offset, source[1] + offset), (cue[0] + offset, cue[1] + offset)
