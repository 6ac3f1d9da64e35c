"""The voices of many articles as tables."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa

from pressgauge.search.tokens import normal, spaced, words
from pressgauge.voices.readers import NameReader
from pressgauge.voices.speakers import Statement, Voices, voices

READER = 8
"""Raised whenever what is read from a text changes: tables of another reader are made anew."""
COLUMNS = ("id", "text", "language")
"""What is read of an article."""
_COURTESY = frozenset(
    {"mr", "mrs", "ms", "miss", "mx", "dr", "herr", "frau", "m", "mme", "mlle", "sr", "sra"}
)
_MOST = 160
"""Characters of a role or source that are kept."""
QUOTATIONS = pa.schema(
    [
        ("id", pa.int64()),
        ("start", pa.int32()),
        ("end", pa.int32()),
        ("name", pa.dictionary(pa.int32(), pa.string())),
        ("kind", pa.dictionary(pa.int32(), pa.string())),
        ("role", pa.dictionary(pa.int32(), pa.string())),
        ("source", pa.string()),
        ("direct", pa.bool_()),
        ("named_before", pa.bool_()),
        ("words", pa.string()),
    ]
)
NAMES = pa.schema(
    [
        ("id", pa.int64()),
        ("name", pa.dictionary(pa.int32(), pa.string())),
        ("kind", pa.dictionary(pa.int32(), pa.string())),
        ("role", pa.dictionary(pa.int32(), pa.string())),
        ("times", pa.int32()),
    ]
)


@dataclass(frozen=True, eq=False)
class Tables:
    """`quotations`: id (of the article), start, end (int32, characters of its text), name, kind, role
    (category: the speaker within the article), source (text: how they are credited), direct (bool: a whole
    statement), named_before (bool), words (text: the quoted words as they are searched, spaces around).
    `names`: id, name, kind, role (category), times (int32). In the order of articles and texts."""

    quotations: pd.DataFrame
    names: pd.DataFrame


def voices_of(
    articles: pd.DataFrame, bodies: Container[str] = frozenset(), reader: NameReader | None = None
) -> Tables:
    """`tables` in memory."""
    quotations, names = tables(articles, bodies, reader)
    return Tables(frame(quotations), frame(names))


def tables(
    articles: pd.DataFrame, bodies: Container[str] = frozenset(), reader: NameReader | None = None
) -> tuple[pa.Table, pa.Table]:
    """The quotations and the names of articles, which need COLUMNS; `bodies` are known organisations; a
    `reader` reads names in place of the rules."""
    quotations: list[tuple[object, ...]] = []
    names: list[tuple[object, ...]] = []
    rows = zip(*(articles[column].tolist() for column in COLUMNS), strict=True)
    for identity, text, language in rows:
        if isinstance(text, str):
            article_voices = voices(text, language if isinstance(language, str) else None, bodies, reader)
            quotations += (
                _quotation_row(identity, text, statement) for statement in article_voices.statements
            )
            names += _name_rows(identity, article_voices)
    plain_words = _spaced_words([str(quotation[-1]) for quotation in quotations])
    quotations = [(*quotation[:-1], words) for quotation, words in zip(quotations, plain_words, strict=True)]
    return _to_table(quotations, QUOTATIONS), _to_table(names, NAMES)


def _spaced_words(quotations: list[str]) -> list[str]:
    """Each quotation's words as they are searched, with a space around each; all at once, for speed."""
    texts = [normal(text) for text in quotations]
    plain = spaced(texts)
    return [
        f" {' '.join(row.lower().split() if row.isascii() else words(text, 'folded'))} "
        for row, text in zip(plain, texts, strict=True)
    ]


def frame(table: pa.Table) -> pd.DataFrame:
    """A table in memory, with categories for what repeats itself."""
    return table.unify_dictionaries().to_pandas(self_destruct=True, split_blocks=True)


def _quotation_row(identity: int, text: str, statement: Statement) -> tuple[object, ...]:
    quote = statement.quotation
    return (
        identity, quote.start, quote.end, statement.name, statement.kind, _telling_role(statement.role),
        statement.source and statement.source[:_MOST], quote.direct, statement.named_before,
        text[quote.start : quote.end],
    )  # fmt: skip


def _name_rows(identity: int, article_voices: Voices) -> Iterable[tuple[object, ...]]:
    """Each name once, with its longest role and how often it stands in the text."""
    times: dict[tuple[str, str | None], int] = {}
    roles: dict[tuple[str, str | None], str] = {}
    for mention in article_voices.mentions:
        key = (mention.name, mention.kind)
        times[key] = times.get(key, 0) + 1
        role = _telling_role(mention.role)
        if role and len(role) > len(roles.get(key, "")):
            roles[key] = role
    return [(identity, *key, roles.get(key), number) for key, number in times.items()]


def _telling_role(role: str | None) -> str | None:
    """A role that says something: "Mr." does not."""
    return None if role is None or len(role) > _MOST or role.lower().rstrip(".") in _COURTESY else role


def _to_table(rows: list[tuple[object, ...]], schema: pa.Schema) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    arrays = []
    for column, field in zip(columns, schema, strict=True):
        if pa.types.is_dictionary(field.type):
            arrays.append(pa.array(column, pa.string()).dictionary_encode())
        else:
            arrays.append(pa.array(column, field.type))
    return pa.Table.from_arrays(arrays, schema=schema)
