"""What a commit writes into the log: the files that come and go, and what it says of itself."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from deltalake import CommitProperties
from deltalake.transaction import AddAction

from pressgauge.store.table import deletions
from pressgauge.store.table.listing import MONTH, File, Listing
from pressgauge.store.table.parquet import crc

FACTS = "pressgauge"
FACTS_CRC = "pressgauge-crc32"


def statement(files: Sequence[File], facts: dict[str, Any], now: int) -> str:
    """What a commit records about itself, as JSON: `facts`, how many articles its version has, a digest of
    its files, and when it was made (`now`)."""
    listing = Listing(0, tuple(files), {})
    return json.dumps(facts | {"articles": listing.rows, "files": listing.digest, "at": now})


def properties(facts: str) -> CommitProperties:
    """What a commit says of itself, with a checksum."""
    return CommitProperties(
        custom_metadata={FACTS: facts, FACTS_CRC: crc(facts.encode())}, max_commit_retries=0
    )


def additions(sized_files: Sequence[tuple[File, int]], now: int) -> list[AddAction]:
    return [
        AddAction(file.path, size, {MONTH: file.month}, now, True, json.dumps({"numRecords": file.rows}))
        for file, size in sized_files
    ]


def addition(file: File, size: int, now: int) -> dict[str, Any]:
    """The action by which a record adds a file, with the rows that are marked in it."""
    action = {
        "path": file.path,
        "partitionValues": {MONTH: file.month},
        "size": size,
        "modificationTime": now,
        "dataChange": True,
        "stats": json.dumps({"numRecords": file.physical_rows}),
    }
    return {**action, "deletionVector": deletions.vector(file.deleted_rows)} if file.deleted else action


def removal(file: File, now: int) -> dict[str, Any]:
    """The action by which a record takes a file out, with the rows that were marked in it."""
    action = {
        "path": file.path,
        "deletionTimestamp": now,
        "dataChange": True,
        "partitionValues": {MONTH: file.month},
    }
    return {**action, "deletionVector": deletions.vector(file.deleted_rows)} if file.deleted else action
