#!/bin/sh
# FileMetaData.schema makes a cycle with the metadata: pyarrow 26.0.1.
#
# One would guess: what a program read of a Parquet file is freed when it lets go of it. Seen: once the schema was
# asked for, metadata and schema refer to each other, and the memory behind them (60 kB for 20 columns) waits for
# Python's garbage collector, which sees two small objects and is in no hurry: after 1,000 files it was 57 MB.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet pyarrow==26.0.1
"$folder/env/bin/python" - <<'PYTHON'
import gc
import io

import pyarrow as pa
import pyarrow.parquet as pq

file = io.BytesIO()
pq.write_table(pa.table({"a": [1]}), file)
gc.disable()


def left(use):
    for _ in range(100):
        use(pq.read_metadata(file))
    return sum(isinstance(each, pq.FileMetaData) for each in gc.get_objects())


print("pyarrow", pa.__version__)
print("metadata left by 100 files:", left(lambda metadata: metadata.num_rows))
kept = left(lambda metadata: metadata.schema)
print("where the schema was asked for:", kept)
raise SystemExit(0 if kept == 100 else "the metadata is freed now")
PYTHON
