"""An append: articles that are new, better or as good as what is there, each with its story."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pressgauge.schema import SCHEMA, SKETCH
from pressgauge.store.cache.identities import LEAST, Known, Store
from pressgauge.store.frames import frame_of
from pressgauge.store.places import Places
from pressgauge.store.rows.merge import merge
from pressgauge.store.table.deletions import MOST
from pressgauge.store.table.delta import Storage
from pressgauge.store.table.listing import UNDATED, File, Listing, monthly
from pressgauge.store.table.parquet import fields
from pressgauge.stories.assign import BANDS, assign, halves, sketches

REWRITTEN = 20_000
"""Rows that an update may write anew, so that files stay such as any reader of Parquet can be given. Where
more are in the files that it concerns, the outdated rows are marked (`deletions`)."""
_MARKED_SHARE = 4
"""One in so many rows of a file may be marked; then it is written anew."""
_AT_ONCE = 5_000
"""Rows that become one array of texts, which holds two gigabytes at most."""
_OF_A_ROW = ("id", "story", "published", SKETCH)
"""The columns that each append asks of the articles that are stored."""


@dataclass(frozen=True, slots=True)
class Appended:
    """What an append did: articles `added`, `updated` by a better version, `unchanged` because what was there
    is as good; `rejected` has the frame's label of each row that is no article, with the reason."""

    version: int
    added: int
    updated: int
    unchanged: int
    rejected: tuple[tuple[Hashable, str], ...] = ()


class Append:
    """Appends to one table, whose articles are at `places` and their `identities` kept."""

    def __init__(self, storage: Storage, places: Places, identities: Store) -> None:
        self._storage, self._places, self._identities = storage, places, identities

    def upsert(self, listing: Listing, fresh: pd.DataFrame) -> Appended:
        there = fresh["id"].isin(self._places.among(listing, fresh["id"])).to_numpy()
        updated, replaced = self._better(listing, fresh[there])
        added = int((~there).sum())
        if not added and not len(updated):
            return Appended(listing.version, 0, 0, len(fresh))
        rows = self._with_stories(listing, fresh[~there], updated, replaced)
        marked, holding = self._outdated(list(self._places.places(listing, updated["id"].to_numpy())))
        remaining = (self._without(file, updated["id"].to_numpy()) for file in holding)
        tables = (part for table in chain([rows], remaining) for part in monthly(table))
        facts = {"operation": "append", "added": added, "updated": len(updated)}
        version = self._storage.commit(listing, tables, holding, facts, marked).version
        return Appended(version, added, len(updated), len(fresh) - added - len(updated))

    def _outdated(self, places: list[tuple[File, np.ndarray]]) -> tuple[list[File], list[File]]:
        """Of files with outdated rows: those that are kept with these rows marked, as they shall be, and
        those that are written anew without them."""
        if self._storage.local is None or sum(file.rows for file, _ in places) <= REWRITTEN:
            return [], [file for file, _ in places]
        marked, anew = [], []
        for file, rows in places:
            fewer = file.without(rows)
            dead = fewer.written - fewer.rows
            if dead <= MOST and dead * _MARKED_SHARE <= fewer.written and fewer.written < 2**16:
                marked.append(fewer)
            else:
                anew.append(file)
        return marked, anew

    def _better(self, listing: Listing, again: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
        """What these articles, all of them stored, make better: the merged ones, and as they are stored."""
        before = frame_of(self._places.rows(listing, again["id"].to_numpy(), list(SCHEMA.names)))
        if not len(again):
            return again, before
        before = before.sort_values("collected").drop_duplicates("id", keep="last")
        before = before.set_index("id", drop=False).loc[again["id"]].reset_index(drop=True)
        merged, changed = merge(before, again)
        # Another state of an article has another moment of collection: by that the index knows it.
        later = before["collected"] + pd.Timedelta(1, unit="us")
        merged["collected"] = merged["collected"].where(merged["collected"] > before["collected"], later)
        return merged[changed], before[changed]

    def _with_stories(
        self, listing: Listing, added: pd.DataFrame, updated: pd.DataFrame, replaced: pd.DataFrame
    ) -> pa.Table:
        """The rows to write, each with its sketch and story."""
        frame = pd.concat([added, updated], ignore_index=True)
        sketch = sketches(frame["text"])
        kept = replaced["story"].to_numpy()
        changed = np.concatenate(
            [np.ones(len(added), dtype=bool), _of_another_text_or_date(replaced, updated)]
        )
        when = frame["published"].fillna(frame["collected"])
        known, parts = self._neighbours(listing, when[changed])
        others = np.unique(known.loc[known["story"] != known["id"], "story"])
        # An article that others copied keeps its story; a changed text that nobody copied is judged anew.
        fixed = (kept != replaced["id"].to_numpy()) | np.isin(kept, others)
        judged = changed & np.concatenate([np.ones(len(added), dtype=bool), ~fixed])
        outdated = known["id"].isin(frame.loc[changed, "id"]).to_numpy()
        story = np.concatenate([added["id"].to_numpy(), kept]).astype(np.int64)
        story[judged] = assign(
            frame[judged].reset_index(drop=True),
            sketch[judged],
            known,
            _blanked(parts, outdated),
            lambda ids: self._texts(listing, ids),
        )
        frame["story"] = story
        frame[SKETCH] = [row.tobytes() for row in sketch.astype("<u4")]
        schema = fields(SCHEMA.names)
        rows = np.arange(len(frame))
        some = (frame[schema.names].take(rows[at : at + _AT_ONCE]) for at in rows[::_AT_ONCE])
        return pa.concat_tables(pa.Table.from_pandas(part, schema, preserve_index=False) for part in some)

    def _neighbours(self, listing: Listing, moments: pd.Series) -> tuple[pd.DataFrame, list[np.ndarray]]:
        """What is known of the articles of the same and the adjoining months, and of undated ones:
        (id, story, published; the halves of their sketches, file by file)."""
        months = pd.PeriodIndex(moments.dt.tz_localize(None).dt.to_period("M").unique())
        near = {str(month + step) for month in months for step in (-1, 0, 1)} | {UNDATED}
        files = [file for file in listing.files if file.month in near]
        self._identities.keep_only(file.path for file in listing.files)
        self._hold_small(files)
        parts = [self._known_of(file) for file in files] or [_known(self._storage.read([], _OF_A_ROW))]
        known = pd.DataFrame(
            {
                "id": np.concatenate([part.id for part in parts]),
                "story": np.concatenate([part.story for part in parts]),
                "published": np.concatenate([part.published for part in parts]),
            }
        )
        known["published"] = known["published"].dt.tz_localize("UTC")
        return known, [part.sketch for part in parts]

    def _hold_small(self, files: Iterable[File]) -> None:
        """Read what is known of files that are too small to be kept all at once: appends leave many."""
        small = [
            File(file.path, file.written)
            for file in files
            if file.written < LEAST and not self._identities.holds(file.path)
        ]
        known, end = _known(self._storage.read(small, _OF_A_ROW)), 0
        for file in small:
            start, end = end, end + file.rows
            own = Known(*(each[..., start:end] for each in known))
            self._identities.hold(file.path, own)

    def _known_of(self, file: File) -> Known:
        """What is known of the articles of a file."""
        whole = File(file.path, file.written)
        known = self._identities.known(
            file.path, file.written, lambda: _known(self._storage.read([whole], _OF_A_ROW))
        )
        if not file.gone:
            return known
        alive = file.numbers
        return Known(known.id[alive], known.story[alive], known.published[alive], known.sketch[:, :, alive])

    def _texts(self, listing: Listing, ids: np.ndarray) -> pd.Series:
        """File by file, for a row group of texts is large; the ids are some of the listing's."""
        parts = [self._places.some([place], ["id", "text"]) for place in self._places.places(listing, ids)]
        return frame_of(pa.concat_tables(parts)).set_index("id")["text"]

    def _without(self, file: File, ids: np.ndarray) -> pa.Table:
        table = self._storage.read([file], SCHEMA.names)
        stay = ~pd.Index(table["id"].to_numpy()).isin(ids)
        return table.filter(pa.array(stay))


def _of_another_text_or_date(old: pd.DataFrame, new: pd.DataFrame) -> np.ndarray:
    """Which articles changed in what their story is judged by: the text, and when they were published."""
    same = np.ones(len(old), dtype=bool)
    for name in ("text", "published"):
        before, after = old[name].reset_index(drop=True), new[name].reset_index(drop=True)
        same &= ((before == after) | (before.isna() & after.isna())).to_numpy(dtype=bool)
    return ~same


def once_each(articles: pd.DataFrame) -> pd.DataFrame:
    """Articles that came twice in one frame, merged."""
    again = articles["id"].duplicated()
    once, rest = articles[~again].reset_index(drop=True), articles[again]
    while len(rest):
        again = rest["id"].duplicated()
        at = pd.Index(once["id"]).get_indexer(rest.loc[~again, "id"])
        merged, _ = merge(once.iloc[at], rest[~again])
        once = pd.concat([once.drop(index=at), merged], ignore_index=True)
        rest = rest[again]
    return once


def _known(table: pa.Table) -> Known:
    """What is known of stored articles, from the columns _OF_A_ROW."""
    published = frame_of(table.select(["published"]))["published"].dt.tz_convert(None).to_numpy()
    ids, story = (table[name].to_numpy() for name in ("id", "story"))
    return Known(ids, story, published.astype("<M8[us]"), halves(_sketches(table)))


def _blanked(parts: Iterable[np.ndarray], rows: np.ndarray) -> Iterator[np.ndarray]:
    """The halves of sketches, file by file, with zeros, which resemble nothing, in some rows of all."""
    before = 0
    for part in parts:
        here = rows[before : before + part.shape[2]]
        before += part.shape[2]
        if here.any():
            part = part.copy()
            part[:, :, here] = 0
        yield part


def _sketches(table: pa.Table) -> np.ndarray:
    """The sketches of a table's rows; zeros, which resemble nothing, where an older release wrote none."""
    column, size = table[SKETCH].combine_chunks(), 4 * BANDS
    good = pc.fill_null(pc.equal(pc.binary_length(column), size), False)
    whole = pc.if_else(good, column, pa.scalar(bytes(size), column.type)).cast(pa.binary(size))
    return np.frombuffer(whole.buffers()[1], "<u4", len(whole) * BANDS, size * whole.offset).reshape(
        -1, BANDS
    )
