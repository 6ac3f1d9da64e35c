"""What spreadsheets make of a table of codes is read as it was meant, or refused with its row."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pandas as pd
import pytest

from pressgauge.errors import DatasetError
from pressgauge.validation import sheets
from pressgauge.validation.codes import ANSWERS
from pressgauge.validation.sheets import read_codes, sheet
from tests.workbooks import xlsx

BIG = 7873061538007952274
SAMPLE = pd.DataFrame(
    {
        "id": [BIG, -BIG],
        "outlet": ["Süddeutsche", "=1+1"],
        "title": ["Eine Zeile\nund noch eine; mit „Zeichen“", "b"],
        "text": ["x" * 40_000, None],
        "value": ["y", None],
    }
)


def read(path: Path, content: bytes | str, coder: str = "ana") -> list[tuple[int, str, str]]:
    file = path / "coded.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_codes(file, coder, ANSWERS)


def test_a_sample_survives_a_spreadsheet_of_any_country(tmp_path: Path) -> None:
    table = pd.read_csv(StringIO(sheet(SAMPLE)), dtype=str)
    assert table["text"].str.len().max() < 32_767, "what is longer runs into the next cell"
    table["value"] = ["Y", "No"]
    expected = [(BIG, "y", "ana"), (-BIG, "n", "ana")]
    for separator in ",;\t|":
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
            for end in ("\n", "\r\n"):
                text = table.to_csv(index=False, sep=separator, lineterminator=end)
                assert read(tmp_path, text.encode(encoding)) == expected, (separator, encoding, end)
    assert read(tmp_path, "sep=;\r\n" + table.to_csv(index=False, sep=";")) == expected


def test_a_workbook_is_read_with_ids_that_are_text_or_exact_numbers(tmp_path: Path) -> None:
    file = tmp_path / "coded.xlsx"
    file.write_bytes(xlsx([["ID ", "Value"], [f"'{BIG}", "unsure"], [12, "Yes"], [13, ""]]))
    assert read_codes(file, "ana", ANSWERS) == [(BIG, "?", "ana"), (12, "y", "ana")]
    file.write_bytes(xlsx([["id", "value"], [float(BIG), "y"]]))
    with pytest.raises(DatasetError, match=r"row 2 of coded.xlsx: the id .* was rounded by the spreadsheet"):
        read_codes(file, "ana", ANSWERS)


@pytest.mark.parametrize("last", ["XFD1048576", "AAA40000"])
def test_a_workbook_with_a_cell_far_out_ends_no_process_but_its_readers(tmp_path: Path, last: str) -> None:
    with pytest.raises(DatasetError, match=r"cannot read .*too large for a table of codes"):
        read(tmp_path, xlsx([["id", "value"], ["1", "y"]], last))
    assert read(tmp_path, xlsx([["id", "value"], ["1", "y"]], "E9")) == [(1, "y", "ana")]


@pytest.mark.parametrize(
    "content",
    [
        b"id,value" + b"," * 2_000_000 + b"\n1,y\n",
        b"id,value\n" + b"\n" * 8_000_000,
        b"id,value\r" + b"\r" * 8_000_000,
        b"id,value" + b",x" * 500 + b"\n1,y" * 20_000,
        b'"a\nb",id,value' + b"," * 2_000_000 + b"\n1,y\n",
        b'id,value\nx""' + b"\n" * 8_000_000 + b'""',
    ],
    ids=["wide", "long", "long with old ends", "both", "wide behind a mark", "long between marks in a cell"],
)
def test_p16_a_table_made_to_take_the_memory_is_refused_before_it_is_laid_out(
    tmp_path: Path, content: bytes
) -> None:
    with pytest.raises(DatasetError, match="too many rows or columns for a table of codes"):
        read(tmp_path, content)


def test_the_export_of_many_texts_of_many_lines_is_read(tmp_path: Path) -> None:
    """Its lines are cells of a table, not rows: were they, there would be more cells than are read."""
    text = 'He said "no".\n' * 300
    sample = pd.DataFrame({"id": range(1_600), **{f"column {n}": "x" for n in range(9)}, "text": text})
    rows = read(tmp_path, sheet(sample.assign(value="y")))
    assert 12 * 300 * len(sample) > sheets._MOST_CELLS
    assert rows == [(number, "y", "ana") for number in range(1_600)]


def test_p16_a_table_that_is_refused_is_told_what_it_has_and_what_is_read(tmp_path: Path) -> None:
    told = "3 columns in 2,000,002 rows; at most 1,000 columns and 5,000,000 cells are read"
    with pytest.raises(DatasetError, match=told):
        read(tmp_path, b"id,value,x\n" + b"\n" * 2_000_000)


def test_p16_without_the_bound_every_column_is_laid_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wide = b"id,value" + b"," * 2_000 + b"\n1,y\n"
    with pytest.raises(DatasetError):
        read(tmp_path, wide)
    monkeypatch.setattr(sheets, "_MOST_COLUMNS", 1_000_000)
    assert read(tmp_path, wide) == [(1, "y", "ana")]


def test_a_table_whose_lines_end_as_on_old_machines_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, b"sep=;\rid;value\r1;y\r2;n\r") == [(1, "y", "ana"), (2, "n", "ana")]


def test_every_text_is_cut_to_what_a_cell_holds() -> None:
    table = pd.read_csv(StringIO(sheet(SAMPLE.assign(title="t" * 40_000))), dtype=str)
    assert table["title"].str.len().max() < 32_767


def test_an_answer_counts_as_it_is_written_before_it_counts_in_any_case(tmp_path: Path) -> None:
    file = tmp_path / "coded.csv"
    answers = {"risk_a": "Risk", "risk_b": "risk"}
    file.write_text("id,value\n1,risk\n2,Risk\n")
    assert read_codes(file, "ana", answers) == [(1, "risk_b", "ana"), (2, "risk_a", "ana")]
    file.write_text("id,value\n1,RISK\n")
    with pytest.raises(
        DatasetError, match=r"row 2 of coded.csv: a code 'RISK', which may be risk_a or risk_b"
    ):
        read_codes(file, "ana", answers)


def test_a_text_of_several_lines_is_no_row(tmp_path: Path) -> None:
    assert read(tmp_path, 'id,value,text\n1,y,"one\n2 of us, no\n\n3, they say"\n') == [(1, "y", "ana")]


def test_columns_may_stand_in_any_order_and_name_the_coder(tmp_path: Path) -> None:
    content = "Coder,note,VALUE,id\nben,,y,1\n ,x, N ,2.0\ncyd,,,3\n"
    assert read(tmp_path, content) == [(1, "y", "ben"), (2, "n", "ana")]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("id,value\n7,87306E+18,y\n", "cannot read"),
        ("id;value\n7,87306E+18;y\n", "row 2 of coded.csv: the id '7,87306E.18' was rounded"),
        ("id,value\n1,y\n\n1,n\n", "row 4 of coded.csv: the article has the value 'y' in row 2 and 'n' here"),
        ("id,value\n1,maybe\n", "row 2 of coded.csv: a code 'maybe'; expected y, n, ?"),
        ("id,value,VALUE\n1,y,n\n", "coded.csv has two columns value"),
        ('id,value,text\n1,y,"a open\n2,n,"b\n3,y,c\n', "row 2 of coded.csv: a cell holds the rows that"),
        ('id,text,value\n1,"a open,y\n2,b,n\n3,c",y\n', "row 2 of coded.csv: a cell holds the rows that"),
        ("id,value,coder\n1,y,Jörg\n".encode("mac_roman"), "row 2 of coded.csv: the coder 'Jšrg' may have"),
        ("article,value\n1,y\n", "no column id"),
        ("", "cannot read"),
        (b"PK\x03\x04 and no more", "cannot read"),
        (b"\xd0\xcf\x11\xe0 and no more", "cannot read"),
    ],
)
def test_what_is_not_clear_is_an_error_with_its_row(
    tmp_path: Path, content: str | bytes, problem: str
) -> None:
    with pytest.raises(DatasetError, match=problem.replace("?", r"\?")):
        read(tmp_path, content)


def test_values_of_a_codebook_count_by_name_or_label(tmp_path: Path) -> None:
    (tmp_path / "coded.csv").write_text("id,value\n1,favourable\n2,Very critical\n")
    answers = {"favourable": "Favourable", "critical": "Very critical"}
    assert [value for _, value, _ in read_codes(tmp_path / "coded.csv", "ana", answers)] == [*answers]
