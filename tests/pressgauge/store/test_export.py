"""What is exported is safe to open anywhere, comes back as it was, and says truly what it is."""

from __future__ import annotations

import csv as plain_csv
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import pressgauge
from pressgauge.errors import DatasetError, QueryError
from pressgauge.schema import CATEGORICAL, COLUMNS, NAMES
from pressgauge.store.dataset import Dataset
from pressgauge.store.export import csv, export, from_csv
from pressgauge.store.rows.clean import prepare
from tests.examples import examples

LIVE = ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://x")', "'=1", "''+1")
DEAD = ("plain", "'quoted'", "a=1", "1-1", "", "'", 'a, "b"\nc', "🙂", "'a")


def cells(text: str) -> list[list[str]]:
    return list(plain_csv.reader(io.StringIO(text, newline="")))


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    dataset = pressgauge.open(tmp_path_factory.mktemp("coverage"))
    hostile = [*LIVE, *DEAD]
    frame = pd.DataFrame(
        {"url": [f"https://press.example/{n}" for n in range(len(hostile))], "title": hostile}
    )
    frame["outlet"] = frame["source"] = [f"{each} Press" for each in hostile]
    frame["authors"] = [[each, "Ada Byron"] for each in hostile]
    frame["text"] = [f"{each} and a body with number{n}" for n, each in enumerate(hostile)]
    day = pd.Timestamp("2025-01-20 09:30", tz="UTC")
    frame["published"] = [day + pd.Timedelta(days=n) if n % 5 else pd.NaT for n in range(len(hostile))]
    dataset.append(frame[:7])
    dataset.append(frame[7:])
    return dataset


@pytest.mark.parametrize("cell", LIVE)
@pytest.mark.parametrize("kind", ["str", "category", "object"])
def test_u08_no_cell_is_a_formula_in_texts_labels_or_names(cell: str, kind: str) -> None:
    column = pd.Series([[cell]] if kind == "object" else [cell], dtype=kind)
    assert cells(csv(pd.DataFrame({"x": column})))[1] == ["'" + cell]


@pytest.mark.parametrize("cell", LIVE[:7])
def test_u08_without_the_mark_a_cell_is_a_formula(cell: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pressgauge.store.export._FORMULA", r"\b\B()")
    assert cells(csv(pd.DataFrame({"x": [cell]})))[1] == [cell]


@pytest.mark.parametrize("cell", DEAD)
def test_other_cells_are_as_they_were(cell: str) -> None:
    assert cells(csv(pd.DataFrame({"x": [cell], "y": [1]})))[1] == [cell, "1"]


def test_numbers_and_moments_are_no_texts_and_the_unknown_is_empty() -> None:
    frame = pd.DataFrame(
        {
            "n": pd.array([-1, None], dtype="Int32"),
            "at": pd.Series([pd.Timestamp("2025-01-20", tz="UTC"), pd.NaT]),
            "label": pd.Categorical([None, "=x"]),
            "text": pd.Series([None, "-y"], dtype="str"),
            "names": pd.Series([[], None], dtype=object),
        }
    )
    assert cells(csv(frame))[1:] == [
        ["-1", "2025-01-20 00:00:00+00:00", "", "", ""],
        ["", "", "'=x", "'-y", ""],
    ]


@pytest.mark.parametrize("large", [10**15, 8_912_345_678_901_234_567, -(10**15)])
def test_numbers_that_a_spreadsheet_would_round_are_text_and_come_back(large: int) -> None:
    frame = pd.DataFrame({"id": pd.array([large, 7, None], dtype="Int64"), "n": [1, 2, 10**15 - 1]})
    written = csv(frame)
    assert cells(written)[1:] == [[f"'{large}", "1"], ["7", "2"], ["", "999999999999999"]]
    read = pd.read_csv(io.StringIO(written), dtype="str", keep_default_na=False)
    assert from_csv(read["id"]).tolist() == [str(large), "7", ""]


def test_a_file_says_by_its_mark_that_it_is_utf_8(dataset: Dataset, tmp_path: Path) -> None:
    dataset.export(tmp_path / "all.csv")
    assert (tmp_path / "all.csv").read_bytes()[:6] == b'\xef\xbb\xbf"id'
    assert pressgauge.read(tmp_path / "all.csv")["id"].tolist() == dataset.load()["id"].tolist()


@given(st.lists(st.text(alphabet="'=+-@\t\r\n\",;aé🙂 0", max_size=8), min_size=1))
def test_u08_every_text_comes_back_as_it_was(texts: list[str]) -> None:
    written = csv(pd.DataFrame({"x": pd.Series(texts, dtype="str"), "y": 0}))
    read = pd.read_csv(io.StringIO(written, newline=""), dtype="str", keep_default_na=False)
    assert from_csv(read["x"]).tolist() == texts
    assert not any(cell[:1] in tuple("=+-@\t\r") for cell in read["x"])


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_an_export_holds_every_article_and_says_so(dataset: Dataset, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / "new" / f"articles.{suffix}"
    said = dataset.export(path)
    assert said == json.loads((path.parent / "datapackage.json").read_text())
    assert sorted(each.name for each in path.parent.iterdir()) == sorted([path.name, "datapackage.json"])
    expected = dataset.load().sort_values("id", ignore_index=True)
    if suffix == "csv":
        found = pd.read_csv(path, dtype="str", keep_default_na=False)
        found["title"] = from_csv(found["title"])
        for name in ("id", "story"):
            assert set(found[name].str[0]) == {"'"}, "a spreadsheet takes it for text"
            found[name] = from_csv(found[name]).astype("int64")
        assert list(found) == list(NAMES)
    elif suffix == "jsonl":
        found = pd.DataFrame([json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()])
        moments = pd.to_datetime(found.sort_values("id")["collected"], utc=True)
        assert moments.tolist() == expected["collected"].tolist()
    else:
        found = pq.read_table(path).to_pandas()
        assert pq.read_schema(path).names == list(NAMES)
        assert found.sort_values("id")["published"].tolist() == expected["published"].tolist()
    found = found.sort_values("id", ignore_index=True)
    assert found["id"].tolist() == expected["id"].tolist()
    assert found["title"].fillna("").tolist() == expected["title"].fillna("").tolist()
    assert found["story"].tolist() == expected["story"].tolist()

    [resource] = said["resources"]
    dated = expected["published"].dropna()
    assert said["temporal"] == {"start": f"{dated.min():%Y-%m-%d}", "end": f"{dated.max():%Y-%m-%d}"}
    assert said["version"] == str(dataset.version)
    assert f"{len(expected)} articles" in said["description"]
    assert f"{expected['published'].isna().sum()} of them without a date" in said["description"]
    assert (resource["path"], resource["format"]) == (path.name, suffix)
    assert resource["rowcount"] == len(expected)
    assert resource["bytes"] == path.stat().st_size
    assert resource["hash"] == "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()
    fields = resource["schema"]["fields"]
    assert [(each["name"], each["description"]) for each in fields] == [(c.name, c.meaning) for c in COLUMNS]
    kinds = {each["name"]: each["type"] for each in fields}
    assert (kinds["id"], kinds["published"], kinds["title"], kinds["words"]) == (
        "string" if suffix == "csv" else "integer",
        "datetime",
        "string",
        "integer",
    )


def test_a_query_chooses_what_is_exported(dataset: Dataset, tmp_path: Path) -> None:
    said = dataset.export(tmp_path / "some.csv", "number3 OR number9")
    assert said["resources"][0]["rowcount"] == 2
    found = pressgauge.read(tmp_path / "some.csv")
    assert sorted(found["id"]) == sorted(dataset.index().ids("number3 OR number9"))
    with pytest.raises(QueryError):
        dataset.export(tmp_path / "none.csv", "(")
    assert not (tmp_path / "none.csv").exists()


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_nothing_is_exported_as_an_empty_file_with_all_columns(tmp_path: Path, suffix: str) -> None:
    emptied = pressgauge.open(tmp_path / "coverage")
    emptied.append(pd.DataFrame({"url": ["https://press.example/1"]}))
    emptied.restore(-1)
    said = emptied.export(tmp_path / f"none.{suffix}")
    assert (said["resources"][0]["rowcount"], said["temporal"], said["version"]) == (0, None, "1")
    assert [field["name"] for field in said["resources"][0]["schema"]["fields"]] == list(NAMES)
    assert (tmp_path / f"none.{suffix}").exists()


def test_a_failed_export_keeps_the_file_that_was_there(dataset: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "all.csv"
    path.write_text("before")
    (tmp_path / "datapackage.json").mkdir()
    with pytest.raises(DatasetError, match="cannot export"):
        dataset.export(path)
    with pytest.raises(DatasetError, match=r"\.csv, \.jsonl or \.parquet"):
        dataset.export(tmp_path / "all.xlsx")
    assert path.read_text() == "before"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["all.csv", "datapackage.json"]


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_what_was_exported_is_read_as_it_was_and_appended_without_a_change(tmp_path: Path, kind: str) -> None:
    dataset = pressgauge.open(tmp_path / "coverage")
    dataset.append(
        pd.DataFrame(
            {
                "url": [f"https://press.example/{n}" for n in range(4)],
                "title": ["=1+1", "Null", "NA", None],
                "text": ['A line\nand another, "quoted"', "None", "-", None],
                "authors": [["C D", "E F"], [], ["@ada"], None],
                "published": pd.to_datetime(
                    ["2025-01-20T09:30:00.123456Z", "1785-01-01", None, None], format="ISO8601", utc=True
                ),
                "language": ["en", None, "de", "de"],
                "outlet": ["The Post", "The Post", "007", "Times"],
                "words": [None, None, None, 300],
                "published_from": ["json-ld", "url", None, None],
                "published_confidence": [97, 0, None, None],
            }
        )
    )
    dataset.export(tmp_path / f"all.{kind}")
    again = pressgauge.read(tmp_path / f"all.{kind}").sort_values("id", ignore_index=True)
    before = dataset.load().sort_values("id", ignore_index=True)
    pd.testing.assert_frame_equal(
        again, before.assign(authors=before["authors"].map(list)), check_categorical=False
    )
    for name in CATEGORICAL:
        assert again[name].cat.categories.dtype == before[name].cat.categories.dtype == "str", name
    done = dataset.append(again)
    assert (done.added, done.updated, done.unchanged, done.rejected) == (0, 0, 4, ())


HOSTILE = st.text(
    st.sampled_from("'\"=+-@;,\\ \t\r\n\x0b\x1c\x85\u2028\ufeff🙂éa0[]{}") | st.characters(), max_size=12
)
MOMENTS = st.datetimes(datetime(1700, 1, 1), datetime(2025, 1, 1), timezones=st.just(UTC))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=examples(50))
@given(st.lists(st.tuples(HOSTILE, HOSTILE, HOSTILE, st.lists(HOSTILE, max_size=3), MOMENTS), max_size=4))
def test_any_articles_come_back_from_a_file_as_they_were(
    tmp_path: Path, rows: list[tuple[str, str, str, list[str], datetime]]
) -> None:
    given = pd.DataFrame(rows, columns=["title", "text", "outlet", "authors", "published"], dtype=object)
    given["url"] = [f"https://press.example/{n}" for n in range(len(rows))]
    stored = prepare(given, datetime(2025, 1, 2, tzinfo=UTC)).articles
    stored = stored.assign(story=stored["id"])[list(NAMES)].astype(dict.fromkeys(CATEGORICAL, "category"))
    for kind in ("csv", "jsonl", "parquet"):
        export([stored], tmp_path / f"all.{kind}", version=0)
        again = pressgauge.read(tmp_path / f"all.{kind}")
        pd.testing.assert_frame_equal(again, stored, check_categorical=False)


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
def test_the_lines_for_r_in_the_documentation_read_every_article(tmp_path: Path) -> None:
    page = Path(__file__).resolve().parents[3] / "docs" / "dataset.md"
    [lines] = [
        each for each in re.findall(r"```r\n(.*?)```", page.read_text("utf-8"), re.S) if "read.csv" in each
    ]
    dataset = pressgauge.open(tmp_path / "coverage")
    dataset.append(
        pd.DataFrame(
            {
                "url": [f"https://press.example/{n}" for n in range(3)],
                "title": ['Größe, "so"', "=1+1", "NA"],
                "text": ["one\ntwo", None, "three"],
                "published": ["1912-04-15T09:30:00Z", "2025-01-20", None],
            }
        )
    )
    dataset.export(tmp_path / "articles.csv")
    told = 'nrow(articles), sort(articles$id), sum(articles$title == "Größe, \\"so\\"")'
    shown = f'{lines}\ncat({told}, sep = "\\n")'
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        ["Rscript", "-e", shown], cwd=tmp_path, capture_output=True, text=True, timeout=120, env=environment
    )
    assert done.returncode == 0, done.stderr
    table, numbers = done.stdout.split("\n3\n")
    assert table.split() == ["1912-04", "2025-01", "<NA>", "1", "1", "1"]
    assert numbers.split() == [*sorted(map(str, dataset.load()["id"])), "1"]


def test_an_export_of_a_release_without_confidences_is_read(tmp_path: Path) -> None:
    dataset = pressgauge.open(tmp_path / "coverage")
    dataset.append(pd.DataFrame({"url": ["https://press.example/1"], "title": ["One"]}))
    older = dataset.load().drop(columns=["title_confidence", "published_confidence"])
    older.to_csv(tmp_path / "old.csv", index=False)
    assert pressgauge.read(tmp_path / "old.csv")["title"].tolist() == ["One"]


@pytest.mark.parametrize("sure", [101, -1, "high", 0.97])
def test_a_confidence_that_is_no_percentage_is_refused_by_row(tmp_path: Path, sure: object) -> None:
    rows = pd.DataFrame(
        {
            "url": ["https://press.example/1", "https://press.example/2"],
            "title_confidence": pd.Series([sure, 100], dtype=object),
        }
    )
    done = pressgauge.open(tmp_path / "coverage").append(rows)
    assert (done.added, done.rejected) == (1, ((0, "bad_title_confidence"),))


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with pytest.raises(DatasetError, match="no export of articles: it has a column a"):
        pressgauge.read(tmp_path / "other.csv")
    with pytest.raises(DatasetError, match=r"cannot read .*absent\.csv"):
        pressgauge.read(tmp_path / "absent.csv")


def test_s18_an_export_never_takes_the_place_of_what_others_wrote(dataset: Dataset, tmp_path: Path) -> None:
    theirs = tmp_path / "datapackage.json"
    theirs.write_text('{"name": "rainfall-1990"}')
    with pytest.raises(DatasetError, match="describes other data"):
        dataset.export(tmp_path / "articles.csv")
    assert theirs.read_text() == '{"name": "rainfall-1990"}'
    assert not (tmp_path / "articles.csv").exists()
    theirs.unlink()
    dataset.export(tmp_path / "articles.csv")
    dataset.export(tmp_path / "again.csv")


@pytest.mark.parametrize("name", ["articles.csv", "datapackage.json"])
def test_s18_an_export_follows_no_link(dataset: Dataset, tmp_path: Path, name: str) -> None:
    (tmp_path / "target").write_text("somebody else's")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / name).symlink_to(tmp_path / "target")
    with pytest.raises(DatasetError, match="is a link"):
        dataset.export(tmp_path / "out" / "articles.csv")
    assert (tmp_path / "target").read_text() == "somebody else's"
    assert (tmp_path / "out" / name).is_symlink()


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_u08_a_real_spreadsheet_shows_an_export_as_it_is_and_runs_nothing_of_it(tmp_path: Path) -> None:
    titles = ["Zürich, Übermut", '=HYPERLINK("https://evil.example","x")', "+1+cmd|' /C calc'!A0", "@SUM(1)"]
    titles += ["12345678901234567890", "日本語の見出し", "-2+3", 'naïve, "quoted"']
    urls = [f"https://a.example/{number}" for number in range(len(titles))]
    dataset = pressgauge.open(tmp_path / "coverage")
    dataset.append(pd.DataFrame({"url": urls, "title": titles, "outlet": "Ä", "text": "word " * 60}))
    dataset.export(tmp_path / "all.csv")
    command = ["soffice", "--headless", "--infilter=CSV:44,34,76,1", "--convert-to", "xlsx", "--outdir", "."]
    subprocess.run(
        [*command, "all.csv"], cwd=tmp_path, env=os.environ | {"HOME": str(tmp_path)}, check=True, timeout=120
    )
    sheet = pd.read_excel(tmp_path / "all.xlsx", dtype=object, engine="calamine")
    shown = dict(zip(from_csv(sheet["id"]).astype("int64"), from_csv(sheet["title"]), strict=True))
    articles = dataset.load()
    assert shown == dict(zip(articles["id"], articles["title"], strict=True))
    with zipfile.ZipFile(tmp_path / "all.xlsx") as parts:
        assert b"<f" not in parts.read("xl/worksheets/sheet1.xml")
