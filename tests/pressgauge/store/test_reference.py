"""Reference series are kept beside the dataset, whole and up to date."""

from __future__ import annotations

import pandas as pd
import pytest

from pressgauge.errors import DatasetError
from pressgauge.store.reference import COLUMNS, load_reference, save_reference


def rows(*values: tuple[str, float], source="GDELT") -> pd.DataFrame:
    frame = pd.DataFrame(values, columns=["period", "value"]).assign(
        source=source, series="llama", unit="percent"
    )
    return frame.assign(period=pd.to_datetime(frame["period"], utc=True))


def test_a_dataset_without_reference_series_has_an_empty_table_of_the_same_shape(tmp_path):
    empty = load_reference(tmp_path)
    assert list(empty.columns) == list(COLUMNS)
    save_reference(tmp_path, rows(("2025-01-20", 0.5)))
    assert load_reference(tmp_path).dtypes.astype(str).to_dict() == empty.dtypes.astype(str).to_dict()


def test_a_period_that_comes_again_is_replaced_and_others_are_kept(tmp_path):
    save_reference(tmp_path, rows(("2025-01-21", 0.2), ("2025-01-20", 0.1)))
    save_reference(tmp_path, rows(("2025-01-21", 0.3), ("2025-01-22", 0.4)))
    save_reference(tmp_path, rows(("2025-01-21", 9.0), source="Another"))
    table = load_reference(tmp_path)
    assert table.loc[table["source"] == "GDELT", "value"].tolist() == [0.1, 0.3, 0.4]
    assert table.loc[table["source"] == "Another", "value"].tolist() == [9.0]


def test_a_damaged_file_says_what_to_do(tmp_path):
    (tmp_path / "reference.parquet").write_bytes(b"PAR1 damaged")
    with pytest.raises(DatasetError, match=r"reference\.parquet cannot be read .* delete it"):
        load_reference(tmp_path)


def test_s02_a_write_that_fails_leaves_the_old_series_and_no_other_file(tmp_path, monkeypatch):
    save_reference(tmp_path, rows(("2025-01-20", 0.1)))

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pressgauge.store.disk.os.fsync", full)
    with pytest.raises(DatasetError, match="No space left"):
        save_reference(tmp_path, rows(("2025-01-21", 0.2)))
    assert load_reference(tmp_path)["value"].tolist() == [0.1]
    assert [file.name for file in tmp_path.iterdir()] == ["reference.parquet"]
