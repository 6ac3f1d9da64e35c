"""What a worker of a cluster read of one archive, as a Parquet file that waits for its commit."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.fs as pa_fs
import pyarrow.parquet as pq

from collectors.candidate import Candidate, Rejected
from collectors.extraction.article import Article
from collectors.sandbox.protocol import load_article
from pressgauge.store.table.object_store import files_at
from pressgauge.unicode import valid_text

_SURE = pa.struct([(name, pa.float64()) for name in ("title", "text", "authors", "published", "language")])
_TEXTS = (
    *("title", "text", "published", "published_precision", "language", "credit", "canonical_url", "partial"),
    *("title_from", "text_from", "authors_from", "published_from", "refused"),
)
_ARTICLE = pa.struct(
    [
        *((name, pa.string()) for name in _TEXTS),
        *(("authors", pa.list_(pa.string())), ("confidence", _SURE), ("reader_version", pa.int32())),
    ]
)
_SCHEMA = pa.schema([("url", pa.string()), ("rejected", pa.string()), ("article", _ARTICLE)])
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Staging:
    """The staged files below `location`, a folder or an object store's URL that driver and workers share.

    `options` are those of `pressgauge.open`. A file has the name of the task that wrote it.
    """

    location: str
    options: dict[str, str] | None = field(default=None, repr=False)

    def has(self, key: str) -> bool:
        """Whether a whole file is there; one that was cut short is not."""
        try:
            with self._files().open_input_file(_name(key)) as stream:
                return bool(pq.read_schema(stream).equals(_SCHEMA))
        except (OSError, pa.ArrowException):
            return False

    def write(self, key: str, file: IO[bytes]) -> None:
        """Put a file made by `Writer` there."""
        file.seek(0)
        with self._files().open_output_stream(_name(key)) as stream:
            while piece := file.read(_PIECE):
                stream.write(piece)

    def read(self, key: str) -> Iterator[Candidate | Rejected]:
        """What the archive held, in its order; the file is read and verified before this returns.

        Raises OSError or pa.ArrowException when it is not there whole.
        """
        with self._files().open_input_file(_name(key)) as stream:
            table = pq.read_table(stream, schema=_SCHEMA, page_checksum_verification=True)
        return (_item(row) for batch in table.to_batches(64) for row in batch.to_pylist())

    def discard(self, keys: Iterable[str]) -> None:
        files = self._files()
        for key in keys:
            with contextlib.suppress(FileNotFoundError):
                files.delete_file(_name(key))

    def _files(self) -> pa_fs.FileSystem:
        if "://" not in self.location:
            Path(self.location).mkdir(parents=True, exist_ok=True)
        return files_at(self.location, self.options)


class Writer:
    """Writes what was found into a file on this machine's disk, a batch at a time."""

    def __init__(self, file: IO[bytes]) -> None:
        self._parquet = pq.ParquetWriter(file, _SCHEMA, compression="zstd", write_page_checksum=True)

    def add(self, items: Iterable[tuple[Candidate | Rejected, Article | None]]) -> None:
        """Append candidates, each with what its page says, and what was rejected, which says nothing."""
        self._parquet.write_table(pa.Table.from_pylist([_row(*each) for each in items], _SCHEMA))

    def close(self) -> None:
        self._parquet.close()


def _row(item: Candidate | Rejected, article: Article | None) -> dict[str, Any]:
    values = None
    if article is not None:
        values = asdict(article) | {"published": article.published and article.published.isoformat()}
    row = {"url": item.url, "rejected": getattr(item, "reason", None), "article": values}
    mended: dict[str, Any] = _mended(row)
    return mended


def _mended(value: Any) -> Any:
    """The value without lone surrogates, which Parquet cannot hold; the dataset would replace them, too."""
    match value:
        case str():
            return valid_text(value)
        case dict():
            return {name: _mended(each) for name, each in value.items()}
        case list() | tuple():
            return [_mended(each) for each in value]
    return value


def _item(row: dict[str, Any]) -> Candidate | Rejected:
    if row["rejected"] is not None:
        return Rejected(row["url"], row["rejected"])
    # The page itself stayed with the worker: there is nothing left to fetch or to read.
    return Candidate(row["url"], html=b"", article=load_article(row["article"]))


def _name(key: str) -> str:
    return f"{key}.parquet"
