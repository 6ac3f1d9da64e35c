#!/bin/sh
# Series.astype("timestamp[us][pyarrow]") overwrites the Series that it converts: pandas 3.0.0 and 3.1.0.
#
# One would guess: a conversion makes a new Series and leaves the old one as it is, as every other astype does.
# Seen: each NaT of the old Series is 1970-01-01 afterwards, and isna() no longer tells it. pandas 3.1.1 does not.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet pandas==3.1.0 pyarrow==21.0.0
"$folder/env/bin/python" - <<'PYTHON'
import pandas as pd
import pyarrow as pa

dates = pd.Series(pd.to_datetime(["2025-01-20", None]))
print("pandas", pd.__version__, "pyarrow", pa.__version__)
print("before:", dates.tolist())
dates.astype("timestamp[us][pyarrow]")
print("after: ", dates.tolist())
raise SystemExit(0 if dates.tolist()[1] == pd.Timestamp(0) else "the Series is unharmed now")
PYTHON
