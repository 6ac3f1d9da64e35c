"""An append: articles that are new, better or as good as what is there, each with its story."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pressgauge.schema import SCHEMA, SKETCH
from pressgauge.store.cache.identities import LEAST, Identities, Store
from pressgauge.store.frames import frame_of
from pressgauge.store.places import Places, where_among
from pressgauge.store.rows.merge import merge
from pressgauge.store.table.deletions import MOST
from pressgauge.store.table.delta import Storage
from pressgauge.store.table.listing import UNDATED, File, Listing, by_month, monthly, newest_first
from pressgauge.stories.assign import assign, sketches
from pressgauge.stories.keys import BANDS, StoredKeys, halves

REWRITTEN = 20_000
"""Rows that an update may write anew, so that files stay such as any reader of Parquet can be given. Where
more are in the files that it concerns, the outdated rows are marked (`deletions`)."""
_MARKED_SHARE = 4
"""One in so many rows of a file may be marked; then it is written anew."""
_AT_ONCE = 5_000
"""Rows that become one array of texts, which holds two gigabytes at most."""
_TEXT_FILES = 4
"""Files whose texts are read at once, however many cores there are."""
_OF_A_ROW = ("id", "story", "published", SKETCH)
"""The columns that each append asks of the articles that are stored."""
_NO_IDS, _NO_TIMES = np.empty(0, np.int64), np.empty(0, "<M8[us]")


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
        is_stored = fresh["id"].isin(self._places.among(listing, fresh["id"])).to_numpy()
        updates, replaced = self._find_better(listing, fresh[is_stored])
        added = int((~is_stored).sum())
        if not added and not len(updates):
            return Appended(listing.version, 0, 0, len(fresh))
        additions = fresh[~is_stored] if is_stored.any() else fresh
        rows = self._with_stories(listing, additions.reset_index(drop=True), updates, replaced)
        marked_files, rewritten_files = self._mark_outdated(
            list(self._places.places(listing, updates["id"].to_numpy()))
        )
        remainders = (self._rows_without(file, updates["id"].to_numpy()) for file in rewritten_files)
        tables = (part for table in chain([rows], remainders) for part in monthly(table))
        facts = {"operation": "append", "added": added, "updated": len(updates)}
        after = self._storage.commit(listing, tables, rewritten_files, facts, marked_files)
        if after.version == listing.version + 1:  # else another writer's files may be among them
            self._hold_written(rows, set(after.files) - set(listing.files) - set(marked_files))
        return Appended(after.version, added, len(updates), len(fresh) - added - len(updates))

    def _hold_written(self, rows: pa.Table, files: Iterable[File]) -> None:
        """Keep what is known of the articles just written, which the next append would have to unpack."""
        files_of = by_month(files)
        for part in monthly(rows.select(_OF_A_ROW)):
            identities = _identities_from(pa.concat_tables(part.tables))
            month_files = files_of.get(part.month, [])
            if [file.rows for file in month_files] == [len(identities.id)]:  # else they are in several
                self._identities.keep(month_files[0].path, identities)

    def _mark_outdated(self, places: list[tuple[File, np.ndarray]]) -> tuple[list[File], list[File]]:
        """Of files with outdated rows: those that are kept with these rows marked, as they shall be, and
        those that are written anew without them."""
        if self._storage.local is None or sum(file.rows for file, _ in places) <= REWRITTEN:
            return [], [file for file, _ in places]
        marked_files, rewritten_files = [], []
        for file, rows in places:
            fewer = file.without(rows)
            dead = fewer.physical_rows - fewer.rows
            if dead <= MOST and dead * _MARKED_SHARE <= fewer.physical_rows and fewer.physical_rows < 2**16:
                marked_files.append(fewer)
            else:
                rewritten_files.append(file)
        return marked_files, rewritten_files

    def _find_better(self, listing: Listing, fresh: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
        """What these articles, all of them stored, make better: the merged ones, and as they are stored."""
        if not len(fresh):
            return fresh, fresh.assign(story=fresh["id"])
        before = frame_of(self._places.rows(listing, fresh["id"].to_numpy(), list(SCHEMA.names)))
        before = before.sort_values("collected").drop_duplicates("id", keep="last")
        before = before.set_index("id", drop=False).loc[fresh["id"]].reset_index(drop=True)
        merged_rows, is_changed = merge(before, fresh)
        # Another state of an article has another moment of collection: by that the index knows it.
        later_moment = before["collected"] + pd.Timedelta(1, unit="us")
        merged_rows["collected"] = merged_rows["collected"].where(
            merged_rows["collected"] > before["collected"], later_moment
        )
        return merged_rows[is_changed], before[is_changed]

    def _with_stories(
        self, listing: Listing, additions: pd.DataFrame, updates: pd.DataFrame, replaced: pd.DataFrame
    ) -> pa.Table:
        """The rows to write, each with its sketch and story."""
        frame = pd.concat([additions, updates], ignore_index=True) if len(updates) else additions.copy()
        sketch = sketches(frame["text"])
        old_stories, updated_ids = replaced["story"].to_numpy(), replaced["id"].to_numpy()
        is_new = np.ones(len(additions), dtype=bool)
        is_updated = _of_another_text_or_date(replaced, updates)
        is_changed = np.concatenate([is_new, is_updated])
        moments = frame["published"].fillna(frame["collected"])
        neighbours = self._neighbours(listing, moments[is_changed])
        # An article that others copied keeps its story; a changed text that nobody copied is judged anew.
        keeps_story = (old_stories != updated_ids) | neighbours.are_copied(old_stories)
        needs_story = np.concatenate([is_new, is_updated & ~keeps_story])
        story = np.concatenate([additions["id"].to_numpy(), old_stories]).astype(np.int64)
        story[needs_story] = assign(
            frame.loc[needs_story, ["id", "text", "published"]].reset_index(drop=True),
            sketch[needs_story],
            neighbours.some,
            neighbours.keys_without(updated_ids[is_updated]),
            lambda ids: self._read_texts(listing, ids),
        )
        frame["story"] = story
        frame[SKETCH] = [row.tobytes() for row in sketch.astype("<u4")]
        rows = newest_first(frame["published"])
        some = (frame[SCHEMA.names].take(rows[at : at + _AT_ONCE]) for at in range(0, len(rows), _AT_ONCE))
        return pa.concat_tables(pa.Table.from_pandas(part, SCHEMA, preserve_index=False) for part in some)

    def _neighbours(self, listing: Listing, moments: pd.Series) -> _Neighbours:
        """The articles of the same and the adjoining months, and undated ones."""
        months = pd.PeriodIndex(moments.dt.tz_localize(None).dt.to_period("M").unique())
        near = {str(month + step) for month in months for step in (-1, 0, 1)} | {UNDATED}
        files = [file for file in listing.files if file.month in near]
        self._identities.keep_only(file.path for file in listing.files)
        self._hold_small(files)
        parts = [self._identities_of(file) for file in files]
        self._identities.note_checked()
        return _Neighbours(parts)

    def _hold_small(self, files: Iterable[File]) -> None:
        """Read what is known of files that are too small to be kept all at once: appends leave many."""
        small = [
            File(file.path, file.physical_rows)
            for file in files
            if file.physical_rows < LEAST and not self._identities.holds(file.path)
        ]
        identities, end = _identities_from(self._storage.read(small, _OF_A_ROW)), 0
        for file in small:
            start, end = end, end + file.rows
            self._identities.keep(file.path, identities.some(slice(start, end)))

    def _identities_of(self, file: File) -> Identities:
        """What is known of the articles of a file."""
        full_file = File(file.path, file.physical_rows)
        identities = self._identities.load(
            file.path,
            file.physical_rows,
            lambda: _identities_from(self._storage.read([full_file], _OF_A_ROW)),
        )
        return identities.some(file.numbers) if file.deleted else identities

    def _read_texts(self, listing: Listing, ids: np.ndarray) -> pd.Series:
        """Texts by id, of a few files at a time, for a row group of texts is large; the ids are some of the
        listing's."""
        places = list(self._places.places(listing, ids))
        parts = [
            self._places.some(places[at : at + _TEXT_FILES], ["id", "text"])
            for at in range(0, len(places), _TEXT_FILES)
        ]
        return frame_of(pa.concat_tables(parts)).set_index("id")["text"]

    def _rows_without(self, file: File, ids: np.ndarray) -> pa.Table:
        table = self._storage.read([file], SCHEMA.names)
        stay = ~pd.Index(table["id"].to_numpy()).isin(ids)
        return table.filter(pa.array(stay))


class _Neighbours:
    """What is known of the articles of some files, which are counted through."""

    def __init__(self, parts: Sequence[Identities]) -> None:
        self._parts = parts
        self._starts = np.cumsum([0, *(len(part.id) for part in parts)])

    def some(self, numbers: np.ndarray) -> pd.DataFrame:
        """Id, story and published of some articles by their numbers, ascending."""
        ends = np.searchsorted(numbers, self._starts)
        places = [
            (self._parts[part], numbers[ends[part] : ends[part + 1]] - self._starts[part])
            for part in np.flatnonzero(np.diff(ends)).tolist()
        ]
        frame = pd.DataFrame(
            {
                "id": np.concatenate([_NO_IDS, *(part.id[rows] for part, rows in places)]),
                "story": np.concatenate([_NO_IDS, *(part.story[rows] for part, rows in places)]),
                "published": np.concatenate([_NO_TIMES, *(part.published[rows] for part, rows in places)]),
            }
        )
        return frame.assign(published=frame["published"].dt.tz_localize("UTC"))

    def are_copied(self, stories: np.ndarray) -> np.ndarray:
        """Which of some stories others of these articles than the original belong to."""
        copied = [_NO_IDS]
        for part in self._parts if len(stories) else ():
            rows = where_among(stories, part.story)
            copied.append(part.story[rows[part.story[rows] != part.id[rows]]])
        return np.isin(stories, np.concatenate(copied))

    def keys_without(self, ids: np.ndarray) -> Iterator[StoredKeys]:
        """The sketches, file by file, with zeros, which resemble nothing, for some articles."""
        for part in self._parts:
            rows, keys = where_among(ids, part.id), part.keys
            if len(rows):
                keys = keys._replace(halves=keys.halves.copy())
                keys.halves[:, :, rows] = 0
            yield keys


def _of_another_text_or_date(old: pd.DataFrame, new: pd.DataFrame) -> np.ndarray:
    """Which articles changed in what their story is judged by: the text, and when they were published."""
    same = np.ones(len(old), dtype=bool)
    for name in ("text", "published"):
        before, after = old[name].reset_index(drop=True), new[name].reset_index(drop=True)
        same &= ((before == after) | (before.isna() & after.isna())).to_numpy(dtype=bool)
    return ~same


def once_each(articles: pd.DataFrame) -> pd.DataFrame:
    """Articles that came twice in one frame, merged."""
    is_repeat = articles["id"].duplicated()
    if not is_repeat.any():  # a copy would be one of all texts
        return articles
    once, repeats = articles[~is_repeat].reset_index(drop=True), articles[is_repeat]
    while len(repeats):
        is_repeat = repeats["id"].duplicated()
        at = pd.Index(once["id"]).get_indexer(repeats.loc[~is_repeat, "id"])
        merged_rows, _ = merge(once.iloc[at], repeats[~is_repeat])
        once = pd.concat([once.drop(index=at), merged_rows], ignore_index=True)
        repeats = repeats[is_repeat]
    return once


def _identities_from(table: pa.Table) -> Identities:
    """What is known of stored articles, from the columns _OF_A_ROW."""
    ids, story, published = (table[name].to_numpy() for name in ("id", "story", "published"))
    return Identities(ids, story, published.astype("<M8[us]"), halves(_sketches_of(table)))


def _sketches_of(table: pa.Table) -> np.ndarray:
    """The sketches of a table's rows; zeros, which resemble nothing, where an older release wrote none."""
    column, size = table[SKETCH].combine_chunks(), 4 * BANDS
    good = pc.fill_null(pc.equal(pc.binary_length(column), size), False)
    padded = pc.if_else(good, column, pa.scalar(bytes(size), column.type)).cast(pa.binary(size))
    return np.frombuffer(padded.buffers()[1], "<u4", len(padded) * BANDS, size * padded.offset).reshape(
        -1, BANDS
    )
