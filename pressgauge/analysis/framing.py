"""Framing: whom an article calls open or closed, whom it praises or criticises, and the sentences that say
so.

A lexicon (`pressgauge.analysis.cues`) and rules light on syntax: a cue belongs to the nearest company before
it in the sentence, negation turns it round, comparison and contrast give the other company the opposite, and
modal verbs make it a move rather than a state. Nothing is learned, so every answer can be checked against its
sentence. How often it is right is measured in bench/FRAMING.md. English only: other languages are unknown,
not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from pressgauge.analysis import cues
from pressgauge.search.sentences import sentences as split

_LONGEST = 1_000
_END = re.compile(r"[.!?…][\"'”’)\]]*$")
_BETWEEN = re.compile(r"^[\s,]*(?:and|or|&|,)?[\s,]*(?:its |the )?$", re.IGNORECASE)
_CLAUSE = re.compile(r"[;:—–]|,? (?:but|whereas|yet|although|though) |, (?:while|and) ")
_APPOSITION = re.compile(
    r" [\w -]{0,30}?(?:companies|firms|labs|rivals|players|developers|makers|models) "
    r"(?:like|such as|including|from|by) "
)
_NEAR = re.compile(r"\W*(?:[\w'’-]+\W+){0,4}$")
"""Between a cue and the company after it: what is further off is said of something else."""
_CITED = re.compile(r" (?:claims?|says?|said|suggests?|admits?)\b")
_SIDE = {"open": 1.0, "toward open": 0.5, "closed": -1.0, "toward closed": -0.5}
_OPPOSITE = {"open": "closed", "closed": "open"}
CALLS = (*_SIDE, "praised", "criticised")
Calls = list[tuple[str, str, str]]
Evidence = list[tuple[str, str, str, str]]


@dataclass(frozen=True)
class Framing:
    """What `framing` finds.

    `articles`: id, lean ("open", "proprietary", "mixed", "unclear"; null unless English), score (float64 in
    [-1, 1], 1 when only openness is ascribed, -1 when only closedness, 0 for both alike, NaN without
    evidence), tone (float64 in [-1, 1], mean VADER compound of the sentences, Hutto and Gilbert 2014; NaN
    unless English). The score says what is ascribed, not what is endorsed. `companies`: id, company,
    sentences (int64 that name it), called ("open", "closed", "mixed", "unclear"; null unless English), toward
    ("open", "closed", "mixed" or null: a move that is asked for, announced or possible), praised, criticised
    (int64 sentences). `evidence`: id, company, call (one of CALLS), cue (the words), sentence.
    """

    articles: pd.DataFrame
    companies: pd.DataFrame
    evidence: pd.DataFrame


def framing(articles: pd.DataFrame, *, companies: Mapping[str, tuple[str, ...]] = cues.COMPANIES) -> Framing:
    """Read each article (needs id, title, text, language). `companies` maps a company to the names it goes
    by, with case.

    It reads sentences one by one, about 1 ms an article: made for the articles of a selection, not for each
    redraw.
    """
    names = _name_patterns(companies)
    summary, about, evidence = [], [], []
    rows = zip(articles["id"], articles["title"], articles["text"], articles["language"], strict=True)
    for identity, title, text, language in rows:
        article_sentences = sentences(
            *(None if pd.isna(value) else value for value in (text, title, language))
        )
        english = language == "en"
        mentions: dict[str, int] = {}
        calls_found: Evidence = []
        before: list[str] = []
        for sentence in article_sentences:
            names_here = [name for group in _mention_groups(sentence, names) for name in group[2]]
            for name in dict.fromkeys(names_here):
                mentions[name] = mentions.get(name, 0) + 1
            if english:
                calls_found += [(*call, sentence) for call in _calls_in(sentence, names, before)]
            before = _last_companies(sentence, names) or before
        evidence += [(identity, *each) for each in calls_found]
        calls = [call for _, call, _ in dict.fromkeys((*each[:2], each[3]) for each in calls_found)]
        score = _score_of(calls)
        tone = _tone_of(article_sentences) if english else np.nan
        summary.append((identity, _lean_of(calls, score) if english else None, score, tone))
        about += [
            (identity, name, n, *_company_row(calls_found, name, english)) for name, n in mentions.items()
        ]
    return Framing(
        pd.DataFrame(summary, columns=["id", "lean", "score", "tone"]),
        pd.DataFrame(
            about, columns=["id", "company", "sentences", "called", "toward", "praised", "criticised"]
        ),
        pd.DataFrame(evidence, columns=["id", "company", "call", "cue", "sentence"]),
    )


def sentences(text: str | None, title: str | None = None, language: str | None = None) -> list[str]:
    """The title and the sentences of a text. A paragraph that does not end like a sentence is a heading or
    furniture."""
    result = [title.strip()] if title and title.strip() else []
    for paragraph in (text or "").split("\n"):
        line = paragraph.strip()
        if _END.search(line):
            result += [sentence[:_LONGEST] for sentence in split(line, language)]
    return result


def calls(
    sentence: str, *, companies: Mapping[str, tuple[str, ...]] = cues.COMPANIES
) -> list[tuple[str, str, str]]:
    """What one English sentence says of companies: (company, call of CALLS, the words that say it).

    >>> calls("Mistral is more open than Google.")
    [('Mistral', 'open', 'more open'), ('Google', 'closed', 'more open')]
    """
    return _calls_in(sentence, _name_patterns(companies), [])


def _name_patterns(companies: Mapping[str, tuple[str, ...]]) -> list[tuple[str, re.Pattern[str]]]:
    return [
        (company, re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, names))})(?:['’]s)?(?!\w)"))
        for company, names in companies.items()
    ]


def _mention_groups(
    sentence: str, names: list[tuple[str, re.Pattern[str]]]
) -> list[tuple[int, int, list[str]]]:
    """Mentions in order, those joined by commas and "and" as one: (start, end, companies)."""
    mentions = sorted(
        (hit.start(), hit.end(), name) for name, form in names for hit in form.finditer(sentence)
    )
    groups: list[tuple[int, int, list[str]]] = []
    for start, end, name in mentions:
        between = sentence[groups[-1][1] : start] if groups else "."
        foil = "," in between and cues.CONTRAST.search(sentence[: groups[-1][0]])
        if _BETWEEN.match(between) and not foil:
            groups[-1] = (groups[-1][0], end, [*groups[-1][2], name])
        else:
            groups.append((start, end, [name]))
    return groups


def _last_companies(sentence: str, names: list[tuple[str, re.Pattern[str]]]) -> list[str]:
    """Whom "the company" or "they" in the next sentence means: the last group, or the subject when they are
    several."""
    groups = _mention_groups(sentence, names)
    if not groups:
        return []
    return groups[-1][2] if len(groups[-1][2]) > 1 else groups[0][2]


def _calls_in(sentence: str, names: list[tuple[str, re.Pattern[str]]], before: list[str]) -> Calls:
    groups = _mention_groups(sentence, names)
    if before and (back := cues.BACK.match(sentence)):
        plural = back[0].lower().endswith(("they", "their", "companies"))
        groups = [(0, back.end(), before if plural else before[:1]), *groups]
    if not groups:
        return []
    return list(dict.fromkeys([*_side_calls(sentence, groups), *_judgements(sentence, groups)]))


def _side_calls(sentence: str, groups: list[tuple[int, int, list[str]]]) -> Iterator[tuple[str, str, str]]:
    hits = [("closed", hit) for hit in cues.CLOSED.finditer(sentence)]
    closed_spans = [hit.span() for _, hit in hits]
    hits += [
        ("open", hit)
        for hit in cues.OPEN.finditer(sentence)
        if not any(start < hit.end() and hit.start() < end for start, end in closed_spans)
    ]
    for side, hit in sorted(hits, key=lambda each: each[1].start()):
        head = sentence[: hit.start()]
        practice = hit[0].lower().endswith("ing")  # "its policy of withholding code" is what it does
        if (cues.SUBJECT.search(head) and not practice) or _of_others(head, hit[0], sentence[hit.end() :]):
            continue
        group = _owner_of(sentence, groups, hit.start(), hit.end())
        if group is None:
            continue
        own_side = side
        start = group[1] if group[1] <= hit.start() else _clause_start(sentence, hit.start())
        span = sentence[start : hit.start()]
        if (
            cues.NEGATION.search(span)
            or re.match(r"less\b", hit[0], re.IGNORECASE)
            or re.search(r"\bless $", span)
        ):
            own_side = _OPPOSITE[own_side]
        moving = cues.TOWARD.search(span) is not None
        call = f"toward {own_side}" if moving else own_side
        yield from ((company, call, hit[0]) for company in group[2])
        if moving:
            continue
        for other in _compared_groups(sentence, groups, group, hit.end()):
            yield from ((company, _OPPOSITE[own_side], hit[0]) for company in other[2])


def _of_others(head: str, cue: str, tail: str) -> bool:
    """Whether a cue, by the words before and after it, is said of the field or of somebody's rivals."""
    if cues.FIELD.match(tail) or cues.OF_RIVALS.match(tail) or cues.OTHERS.search(head[-200:]):
        return True
    to = cues.TO.search(head[-200:])
    if to is None or cues.COMMITMENT.search(to["before"]):
        return False
    return bool(cues.THING.match(tail) or cues.THING.match(" " + re.split("[ -]", cue)[-1]))


def _owner_of(
    sentence: str, groups: list[tuple[int, int, list[str]]], start: int, end: int
) -> tuple[int, int, list[str]] | None:
    """The mention that a cue belongs to: the nearest before it that is not the foil of a contrast, else the
    next after."""
    subjects = [group for group in groups if not cues.CONTRAST.search(sentence[: group[0]])]
    earlier = [group for group in subjects if group[1] <= start]
    for group in subjects:
        if group[0] >= end and _APPOSITION.fullmatch(sentence, end, group[0]):
            return group
    if earlier:
        return earlier[-1]
    for group in subjects:
        if group[0] >= end and _NEAR.match(sentence, end, group[0]):
            return None if cues.APART.search(sentence[end : group[0]]) else group
    return None


def _compared_groups(
    sentence: str,
    groups: list[tuple[int, int, list[str]]],
    owner: tuple[int, int, list[str]],
    end: int,
) -> Iterator[tuple[int, int, list[str]]]:
    """Those compared with the owner: after "more open than", or after "unlike"."""
    for group in groups:
        if group is owner:
            continue
        contrast = cues.CONTRAST.search(sentence[: group[0]])
        compared = group[0] >= end and re.match(
            r"\s*(?:\w+ ){0,2}than\b[^,;.]{0,20}$", sentence[end : group[0]]
        )
        if contrast or (compared and not _CITED.match(sentence, group[1])):
            yield group


def _judgements(sentence: str, groups: list[tuple[int, int, list[str]]]) -> Iterator[tuple[str, str, str]]:
    for call, verbs, words in (
        ("praised", cues.PRAISE, cues.PRAISED),
        ("criticised", cues.BLAME, cues.BLAMED),
    ):
        for hit in verbs.finditer(sentence):
            earlier = [group for group in groups if group[1] <= hit.start()]
            later = [group for group in groups if group[0] >= hit.end()]
            passive = cues.PASSIVE.search(sentence[: hit.start()])
            target = earlier[-1] if passive and earlier else later[0] if later and not passive else None
            if target and not cues.NEGATION.search(sentence[: hit.start()]):
                yield from ((company, call, hit[0]) for company in target[2])
        for hit in words.finditer(sentence):
            earlier = [group for group in groups if group[1] <= hit.start()]
            if earlier and not cues.NEGATION.search(sentence[earlier[-1][1] : hit.start()]):
                yield from ((company, call, hit[0]) for company in earlier[-1][2])


def _clause_start(sentence: str, at: int) -> int:
    return max((hit.end() for hit in _CLAUSE.finditer(sentence, 0, at)), default=0)


def _score_of(calls: list[str]) -> float:
    weights = [_SIDE[call] for call in calls if call in _SIDE]
    return sum(weights) / sum(map(abs, weights)) if weights else np.nan


def _lean_of(calls: list[str], score: float) -> str:
    if not any(call in _SIDE for call in calls):
        return "unclear"
    return "open" if score > 1 / 3 else "proprietary" if score < -1 / 3 else "mixed"


def _company_row(evidence: Evidence, name: str, english: bool) -> tuple[str | None, str | None, int, int]:
    if not english:
        return None, None, 0, 0
    calls = [
        call
        for company, call, _ in dict.fromkeys((*each[:2], each[3]) for each in evidence)
        if company == name
    ]
    toward = _majority(calls.count("toward open"), calls.count("toward closed"))
    own_side = _majority(calls.count("open"), calls.count("closed")) or "unclear"
    return own_side, toward, calls.count("praised"), calls.count("criticised")


def _majority(n_open: int, n_closed: int) -> str | None:
    """The side with at least three quarters of the calls; "mixed" when there is none, None without calls."""
    if not n_open + n_closed:
        return None
    share = n_open / (n_open + n_closed)
    return "open" if share >= 0.75 else "closed" if share <= 0.25 else "mixed"


@cache
def _sentiment_reader() -> Any:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()


def _tone_of(article_sentences: list[str]) -> float:
    if not article_sentences:
        return np.nan
    return float(
        np.mean([_sentiment_reader().polarity_scores(sentence)["compound"] for sentence in article_sentences])
    )
