"""Who speaks: the most quoted and the most named, how articles are sourced, and quotations that travel.

`quotations` and `names` are the tables of `pressgauge.voices.tables.Tables`, as `Dataset.voices()` gives
them; `articles` need `id`. Anything by outlet, side or period is a measure of `quoted(...)`, a membership.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from pressgauge.analysis.first import first_outlet
from pressgauge.analysis.intervals import wilson
from pressgauge.analysis.periods import Unit, counted_once, kept_rows

FEWEST_WORDS = 6
"""Words of a quotation that can be said to travel: shorter ones meet by chance."""


def speakers(
    articles: pd.DataFrame,
    quotations: pd.DataFrame,
    *,
    keep: np.ndarray | None = None,
    unit: Unit = "articles",
) -> pd.DataFrame:
    """Who is quoted, the most quoted first.

    One row a named speaker: speaker (text), kind ("person", "organisation" or null), role (text, the most
    frequent beside the name, null where none is), n (int64, kept articles or stories that quote them),
    collected (int64, those that quote anybody by name), share (float64, n/collected: a speaker's share of
    voice) with its 95 % interval low, high (Wilson 1927), quotations, outlets (int64), unit. An article
    quotes several, so shares add up to more than 1.
    """
    rows, code = _kept_rows(articles, quotations, keep)
    return _rank_speakers(articles, quotations.iloc[rows], code, unit, "quotations")


def named_entities(
    articles: pd.DataFrame,
    names: pd.DataFrame,
    *,
    keep: np.ndarray | None = None,
    unit: Unit = "articles",
) -> pd.DataFrame:
    """Who is named, quoted or not, the most named first: the columns of `speakers`, of articles that name
    anybody; times (int64, how often the name stands there) instead of quotations."""
    rows, code = _kept_rows(articles, names, keep)
    return _rank_speakers(articles, names.iloc[rows], code, unit, "times")


def quoted(articles: pd.DataFrame, quotations: pd.DataFrame, speakers: Sequence[str]) -> pd.DataFrame:
    """A membership: a bool column a speaker, whether an article quotes them; for `volume`, `outlets`, `lean`
    and `comentions` (who is quoted together)."""
    at = pd.Index(articles["id"])
    member = {}
    for speaker in speakers:
        ids = quotations.loc[(quotations["name"] == speaker).to_numpy(), "id"].unique()
        member[speaker] = at.isin(ids)
    return pd.DataFrame(member, index=articles.index, columns=list(speakers), dtype=bool)


def sourcing(
    articles: pd.DataFrame,
    quotations: pd.DataFrame,
    *,
    keep: np.ndarray | None = None,
    by: Literal["outlet", "country", "language", "domain", "source"] = "outlet",
    unit: Unit = "articles",
) -> pd.DataFrame:
    """How articles, stories or events use sources, by outlet or another column, the outlet with most first.

    The column of `by` (category); n (int64, kept articles, stories or events with a quotation that is
    credited); single (int64, those in which all quotations, of what the outlet wrote of them, are of one
    source); share (float64, single/n) with low, high (95 %, Wilson 1927); quotations (int64, credited ones);
    unnamed (float64, the share of them whose source has no name) with unnamed_low, unnamed_high; unintroduced
    (float64, of those with a name, the share that the article had not named before it quoted them) with
    unintroduced_low, unintroduced_high; unit.
    """
    credited = quotations[quotations["source"].notna()]
    rows, code = _kept_rows(articles, credited, keep)
    frame = credited.iloc[rows]
    has_name = frame["name"].notna().to_numpy()
    speaker = frame["name"].astype("str").where(has_name, frame["source"].astype("str").str.lower())
    story = counted_once(articles, unit)
    table = pd.DataFrame(
        {
            "group": articles[by].cat.codes.to_numpy()[code],
            "article": code if story is None else story[code],
            "who": pd.factorize(speaker)[0],
            "unnamed": ~has_name,
            "named": has_name,
            "unintroduced": has_name & ~frame["named_before"].to_numpy(dtype=bool),
        }
    )
    table = table[table["group"] >= 0]
    of_article = table.groupby(["group", "article"])["who"].nunique().eq(1).groupby("group")
    sums = table.groupby("group")[["unnamed", "named", "unintroduced"]].sum().astype(np.int64)
    result = pd.DataFrame(
        {
            "n": of_article.size(),
            "single": of_article.sum().astype(np.int64),
            "quotations": sums["unnamed"] + sums["named"],
        }
    )
    result[by] = pd.Categorical.from_codes(result.index.to_numpy(), articles[by].cat.categories)
    columns = [by, "n", "single", "share", "low", "high", "quotations"]
    _add_share(result, result["single"], result["n"], "share", "low", "high")
    for name, base in (("unnamed", result["quotations"]), ("unintroduced", sums["named"])):
        bounds = name, f"{name}_low", f"{name}_high"
        _add_share(result, sums[name], base, *bounds)
        columns += bounds
    result = result.sort_values("n", ascending=False, kind="stable", ignore_index=True)
    return result[columns].assign(unit=unit)


def _add_share(
    result: pd.DataFrame, count: pd.Series, base: pd.Series, share: str, low: str, high: str
) -> None:
    """Add a share with its interval; null where there is nothing that it is a share of."""
    result[share] = count / base.replace(0, np.nan)
    bounds = wilson(count, base)
    for column, bound in zip((low, high), bounds, strict=True):
        result[column] = np.where(base > 0, bound, np.nan)


def travelling(
    articles: pd.DataFrame, quotations: pd.DataFrame, *, keep: np.ndarray | None = None
) -> pd.DataFrame:
    """Quotations that at least two outlets have in the same words, those of most outlets first.

    words (text, as they are searched), speaker (text, null where no article names them, or articles differ),
    outlets, articles, stories, events (int64), first_outlet (category, null where several may be that:
    `first.first_outlet`) and first (datetime64[us, UTC]) of the article published first (null where none has
    a date), last, id, start, end (int64: that article and the
    place of the quotation in its text). Case, accents and punctuation make no difference; quotations of fewer
    than six words are left out.
    """
    rows, code = _kept_rows(articles, quotations, keep)
    long = quotations["words"].str.count(" ").to_numpy()[rows] > FEWEST_WORDS
    rows, code = rows[long], code[long]
    frame = quotations.iloc[rows][["id", "start", "end", "name", "words"]].reset_index(drop=True)
    facts = ["outlet", "story", "event", "published", "published_precision"]
    for name in articles.columns.intersection(facts):
        frame[name] = articles[name].iloc[code].array
    several = frame.groupby("words", sort=False)["outlet"].nunique()
    frame = frame[frame["words"].isin(several.index[several > 1])]
    groups = frame.sort_values("published", kind="stable").groupby("words", sort=False)
    table = groups.agg(
        speaker=("name", _only_value),
        outlets=("outlet", "nunique"),
        articles=("id", "nunique"),
        stories=("story", "nunique"),
        events=("event", "nunique"),
        first=("published", "first"),
        last=("published", "max"),
        id=("id", "first"),
        start=("start", "first"),
        end=("end", "first"),
    ).reset_index()
    first = table["words"].map(first_outlet(frame, "words"))
    table.insert(6, "first_outlet", pd.Categorical(first, articles["outlet"].cat.categories))
    table["words"] = table["words"].str.strip()
    return table.sort_values(["outlets", "articles"], ascending=False, kind="stable", ignore_index=True)


def _only_value(values: pd.Series) -> str | None:
    values_known = values.dropna().unique()
    return values_known[0] if len(values_known) == 1 else None


def _kept_rows(
    articles: pd.DataFrame, voices: pd.DataFrame, keep: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """The rows of a table of voices that belong to kept articles, and the row numbers of these articles."""
    at = pd.Index(articles["id"]).get_indexer(voices["id"])
    is_kept = kept_rows(articles, keep)
    rows = np.flatnonzero((at >= 0) & is_kept[at])
    return rows, at[rows]


def _rank_speakers(
    articles: pd.DataFrame, frame: pd.DataFrame, code: np.ndarray, unit: Unit, counted_column: str
) -> pd.DataFrame:
    story = counted_once(articles, unit)
    group = code if story is None else story[code]
    speaker = frame["name"].cat.codes.to_numpy()
    has_name = speaker >= 0
    table = pd.DataFrame(
        {
            "who": speaker,
            "group": group,
            "outlet": articles["outlet"].cat.codes.to_numpy()[code],
            "times": frame["times"].to_numpy() if counted_column == "times" else 1,
        }
    )[has_name]
    groups = table.groupby("who")
    n = groups["group"].nunique()
    collected = int(table["group"].nunique())
    result = pd.DataFrame(
        {
            "speaker": frame["name"].cat.categories[n.index],
            "kind": _usual_value(frame["kind"][has_name], table["who"]).reindex(n.index),
            "role": _usual_value(frame["role"][has_name], table["who"]).reindex(n.index),
            "n": n,
            "collected": collected,
            "share": n / (collected or np.nan),
            counted_column: groups["times"].sum(),
            "outlets": groups["outlet"].nunique(),
        }
    )
    result.insert(6, "low", 0.0)
    result.insert(7, "high", 0.0)
    result["low"], result["high"] = wilson(result["n"], result["collected"])
    result = result.sort_values(["n", counted_column], ascending=False, kind="stable", ignore_index=True)
    types = {"n": "int64", "collected": "int64", counted_column: "int64", "outlets": "int64"}
    return result.astype(types).assign(unit=unit)


def _usual_value(values: pd.Series, speaker: pd.Series) -> pd.Series:
    """The most frequent known value of each; of equally frequent ones the longer."""
    frame = pd.DataFrame({"who": speaker.to_numpy(), "value": values.astype(object).to_numpy()}).dropna()
    counts = frame.groupby(["who", "value"]).size().rename("times").reset_index()
    counts["length"] = counts["value"].str.len()
    counts = counts.sort_values(["times", "length"], kind="stable").drop_duplicates("who", keep="last")
    return counts.set_index("who")["value"]
