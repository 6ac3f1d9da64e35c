"""A check of a query: a sample that is kept, codes that are only added to, and what they tell."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import pressgauge
from pressgauge.arguments import check_share
from pressgauge.coverage import Coverage
from pressgauge.errors import ArgumentError, ConfigError, DatasetError, PressgaugeError
from pressgauge.search.query import parse
from pressgauge.settings.topics import Topic, save_topic
from pressgauge.store.dataset import Dataset
from pressgauge.store.export import from_csv
from pressgauge.validation import codes as codes_module
from pressgauge.validation.check import query_text
from pressgauge.validation.codes import Code, Codes
from pressgauge.validation.sampling import STRATA, allocation, draw, nearly

N = 600
CODEBOOK = """
[[variable]]
name = "frame"
label = "Frame"
question = "Which frame is the article's?"
values = [
  { name = "risk", label = "Risk", description = "what may go wrong" },
  { name = "progress", label = "Progress" },
]
"""


def text(number: int) -> str:
    """Of 600 articles a fifth are on the wind, a fifth on the company; some of these by its nickname."""
    match number % 10:
        case 0 | 1:
            return f"The company Mistral AI trains a language model, number {number}"
        case 2:
            return f"A mistral blew over the coast, storm number {number}"
        case 3:
            return f"Le champion français trains a chatbot in Paris, number {number}"
        case 4:
            return f"Mistralian winds and weather, number {number}"
    return f"Football and gardens, number {number}"


def relevant(number: int) -> bool:
    return number % 10 in (0, 1, 3)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("press")
    frame = pd.DataFrame(
        {
            "url": [f"https://press.example/{number}" for number in range(N)],
            "outlet": [f"Outlet {number % 7}" for number in range(N)],
            "language": "en",
            "published": pd.date_range("2025-01-01", periods=N, freq="12h", tz="UTC"),
            "title": [f"Headline {number}" for number in range(N)],
            "text": [text(number) for number in range(N)],
        }
    )
    pressgauge.open(folder / "coverage").append(frame)
    return folder


@pytest.fixture
def cov(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dataset:
    """The press, whose codes are kept in a folder of the test's own."""
    monkeypatch.setenv("PRESSGAUGE_DATA", str(tmp_path))
    save_topic(tmp_path / "topics.toml", Topic("mistral", "Mistral AI", "open", "mistral"))
    (tmp_path / "codebook.toml").write_text(CODEBOOK)
    dataset = pressgauge.open(folder / "coverage")
    dataset.path = tmp_path
    return dataset


def truth(frame: pd.DataFrame) -> pd.Series:
    numbers = frame["title"].str.removeprefix("Headline ").astype(int)
    return numbers.map(lambda number: "y" if relevant(number) else "n")


def test_a_sample_is_kept_and_grows_by_what_is_lacking_only(cov: Dataset) -> None:
    first = cov.validate("mistral", n=60)
    assert len(first) == 60
    assert first["value"].isna().all()
    assert cov.validate("mistral", n=60)["id"].tolist() == first["id"].tolist()
    more = cov.validate("mistral", n=90)
    assert more["id"].tolist()[:60] == first["id"].tolist()
    assert (len(more), more["id"].is_unique) == (90, True)


def test_a_seed_gives_the_same_sample_again(cov: Dataset, tmp_path: Path) -> None:
    first = cov.validate("mistral", n=50, seed=7)["id"].tolist()
    (tmp_path / "validation" / "samples.jsonl").unlink()
    assert cov.validate("mistral", n=50, seed=7)["id"].tolist() == first
    (tmp_path / "validation" / "samples.jsonl").unlink()
    assert cov.validate("mistral", n=50, seed=8)["id"].tolist() != first


def test_a_judged_sample_tells_precision_and_recall(cov: Dataset) -> None:
    frame = cov.validate("mistral", n=300)
    frame["value"] = truth(frame)
    assert frame.save() == 300
    assert frame.save() == 0, "nothing new"
    of = frame.accuracy()
    # matched: 120 on the company and 60 on the wind; 60 relevant ones do not name it
    assert of.precision.low <= 120 / 180 <= of.precision.high
    assert of.recall.low <= 120 / 180 <= of.recall.high
    assert of.relevant.low <= 180 <= of.relevant.high
    assert of.recall.high - of.recall.low < 0.25
    assert [each.name for each in of.strata] == list(STRATA)
    assert sum(frame.more_needed(0.2).values()) == 0 < sum(frame.more_needed(0.01).values())


def test_a_changed_query_is_judged_by_the_codes_that_exist_and_asks_for_few_more(
    cov: Dataset, tmp_path: Path
) -> None:
    frame = cov.validate("mistral", n=200)
    frame["value"] = truth(frame)
    frame.save()
    save_topic(tmp_path / "topics.toml", Topic("mistral", "Mistral AI", "open", '"mistral ai" OR champion'))
    again = cov.validate("mistral", n=200)
    assert again["value"].notna().sum() == 200
    assert 0 <= len(again) - 200 < 100
    of = again.accuracy()
    assert of.precision.value == 1
    assert of.precision.low > 0.9
    assert of.recall.value == pytest.approx(1)


def test_coders_are_blind_to_one_another_and_their_agreement_is_told(cov: Dataset) -> None:
    ana, ben = (cov.validate("mistral", n=40, coder=name) for name in ("ana", "ben"))
    ana["value"] = truth(ana)
    ana.save()
    assert cov.validate("mistral", n=40, coder="ben")["value"].isna().all()
    ben["value"] = truth(ben)
    ben.loc[:3, "value"] = ben.loc[:3, "value"].map({"y": "n", "n": "y"})
    ben.save()
    table = ben.agreement()
    assert table["coders"].tolist() == ["all", "ana, ben"]
    assert table["same"].tolist() == [0.9, 0.9]
    assert cov.agreement()["alpha"].tolist()[0] == pytest.approx(table["alpha"].tolist()[0])
    assert ben.accuracy().precision.n == (ben["id"].isin(cov.search("mistral")["id"]) & (ben.index > 3)).sum()


def test_a_code_is_taken_back_without_being_lost(cov: Dataset, tmp_path: Path) -> None:
    frame = cov.validate("mistral", n=10, coder="ana")
    first, second = frame["id"][:2]
    frame.code(first, "y")
    frame.code(second, "?")
    assert frame.check.todo("ana").tolist() == frame["id"].tolist()[2:]
    assert frame.undo() == second
    assert frame.undo() == first
    assert frame.undo() is None
    assert frame["value"].isna().all()
    lines = (tmp_path / "validation" / "codes.jsonl").read_text().splitlines()
    assert [json.loads(line)["value"] for line in lines] == ["y", "?", None, None]
    assert {"coder", "at", "version", "query", "concept", "variable", "id"} <= set(json.loads(lines[0]))
    with pytest.raises(DatasetError, match="expected y, n, "):
        frame.code(first, "maybe")
    with pytest.raises(DatasetError, match="not in the sample"):
        frame.code(12, "y")


def test_which_terms_bring_the_false_ones_and_which_words_the_missed_share(cov: Dataset) -> None:
    frame = cov.validate('"language model" OR mistral', n=300)
    frame["value"] = truth(frame)
    frame.save()
    terms = frame.terms().set_index("term")
    assert terms.index.tolist() == ["mistral", '"language model"']
    assert terms.loc["mistral", "false"] == terms.loc["mistral", "alone_false"] > 0
    assert terms.loc['"language model"', ["false", "alone"]].tolist() == [0, 0]
    assert "champion" in frame.missed(limit=6)["term"].tolist()


def test_codes_come_back_from_people_who_code_elsewhere(cov: Dataset, tmp_path: Path) -> None:
    frame = cov.validate("mistral", n=20, coder="ana")
    frame.export(tmp_path / "sample.csv")
    sheet = pd.read_csv(tmp_path / "sample.csv", dtype=str)
    assert from_csv(sheet["id"]).tolist() == frame["id"].astype(str).tolist()
    sheet["value"] = truth(frame)
    sheet.loc[19, "value"] = None
    sheet.to_csv(tmp_path / "coded.csv", index=False)
    assert frame.read(tmp_path / "coded.csv") == 19
    assert frame.read(tmp_path / "coded.csv") == 0
    assert frame["value"].tolist()[:19] == truth(frame).tolist()[:19]
    sheet.loc[3, "value"] = "perhaps"
    sheet.to_csv(tmp_path / "wrong.csv", index=False)
    with pytest.raises(DatasetError, match=r"row 5 of wrong\.csv: a code 'perhaps'; expected y, n"):
        frame.read(tmp_path / "wrong.csv")
    sheet.loc[3, ["id", "value"]] = ["12", "y"]
    sheet.to_csv(tmp_path / "wrong.csv", index=False)
    with pytest.raises(DatasetError, match=r"wrong\.csv has 1 article not in this sample, such as 12"):
        frame.read(tmp_path / "wrong.csv")
    sheet.loc[3, "id"] = "first"
    sheet.to_csv(tmp_path / "wrong.csv", index=False)
    with pytest.raises(DatasetError, match=r"row 5 of wrong.csv: the id 'first'"):
        frame.read(tmp_path / "wrong.csv")
    with pytest.raises(DatasetError, match="no column value"):
        (tmp_path / "wrong.csv").write_text("id\n1\n")
        frame.read(tmp_path / "wrong.csv")
    with pytest.raises(DatasetError, match="cannot read"):
        frame.read(tmp_path / "nowhere.csv")


def test_coded_tables_come_back_after_the_query_was_changed(cov: Dataset, tmp_path: Path) -> None:
    frame = cov.validate("mistral", n=40, variable="frame", coder="ana")
    table = pd.DataFrame({"id": frame["id"].astype(str), "value": "risk"})
    table.to_csv(tmp_path / "coded.csv", index=False)
    save_topic(tmp_path / "topics.toml", Topic("mistral", "Mistral AI", "open", "mistral AND storm"))
    narrowed = cov.validate("mistral", n=10, variable="frame", coder="ana")
    assert len(narrowed) < len(frame)
    assert narrowed.read(tmp_path / "coded.csv") == len(frame), "what was drawn once is coded"
    assert len(cov.codes("frame")) == len(frame)


def test_a_code_that_is_added_while_the_others_are_read_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    codes, is_code = Codes(None), codes_module._is_code
    for number in (1, 2):
        codes.add([Code("mistral", "relevant", number, "ana", "y")])

    def is_code_and_one_comes(record: dict[str, object]) -> bool:
        monkeypatch.setattr(codes_module, "_is_code", is_code)
        codes.add([Code("mistral", "relevant", 3, "ana", "y")])
        return is_code(record)

    monkeypatch.setattr(codes_module, "_is_code", is_code_and_one_comes)
    codes.current()
    codes.add([Code("mistral", "relevant", 4, "ana", "y")])
    assert codes.current()["id"].tolist() == codes.history()["id"].tolist() == [1, 2, 3, 4]
    assert len(codes) == 4


@pytest.mark.filterwarnings("error")
def test_what_another_program_wrote_is_no_code_and_its_numbers_are_no_times(tmp_path: Path) -> None:
    codes = Codes(tmp_path)
    codes.add([Code("mistral", "relevant", 1, "ana", "y")])
    line = json.loads((tmp_path / "codes.jsonl").read_text())
    with (tmp_path / "codes.jsonl").open("a") as stream:
        for other in ({**line, "at": 1_700_000_000}, {**line, "id": 2, "at": "yesterday"}, {"id": 3}):
            stream.write(json.dumps(other) + "\n")
    assert codes.history()["at"].isna().tolist() == [False, True, True]
    assert len(codes) == len(codes.history()) == 3


def test_nothing_is_enough_for_a_query_that_matches_nothing(cov: Dataset) -> None:
    frame = cov.validate("zeppelin", n=10)
    frame["value"] = "n"
    frame.save()
    assert not any(frame.more_needed(0.05).values())
    assert not frame.check.is_known(0.05)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"question": ["mistral"]}, "a query is a text, not list"),
        ({"question": None}, "a query is a text, not NoneType"),
        ({"within": ["mistral"]}, "a query is a text, not list"),
        ({"coder": None}, "coder is a NoneType, not a str"),
        ({"seed": -1}, "seed is -1; expected a whole number, 0 or more"),
        ({"variable": ["frame"]}, r"no variable \['frame'\]"),
    ],
)
def test_what_cannot_be_asked_is_told_with_advice(
    cov: Dataset, arguments: dict[str, object], problem: str
) -> None:
    with pytest.raises(PressgaugeError, match=problem):
        cov.validate(**{"question": "mistral", **arguments})  # type: ignore[arg-type]


def test_a_share_is_any_real_number_between_0_and_1(cov: Dataset) -> None:
    sample = cov.validate("mistral", n=10, half_width=Fraction(1, 20))  # type: ignore[arg-type]
    sample["value"] = truth(sample)
    sample.save()
    assert sum(sample.more_needed(1e-300).values()) > 0
    assert len(cov.validate("mistral", n=10, half_width=1e-300)) > 10
    for wrong in (1j, "0.05", True, None, float("nan"), 0, 1, -0.1, Fraction(10**400), Fraction(1, 10**400)):
        with pytest.raises(ArgumentError, match=r"expected a number between 0 and 1, such as \.05"):
            check_share("half_width", wrong)


def test_with_a_width_as_many_are_drawn_as_it_takes(cov: Dataset) -> None:
    frame = cov.validate("mistral", n=40, half_width=0.08)
    assert len(frame) == 40
    for _ in range(6):
        frame["value"] = truth(frame)
        frame.save()
        frame = cov.validate("mistral", n=40, half_width=0.08)
    of = frame.accuracy()
    assert 40 < len(frame) < N
    assert max(of.precision.half_width, of.recall.half_width) <= 0.08
    assert cov.validate("mistral", n=40, half_width=0.08)["id"].tolist() == frame["id"].tolist()
    with pytest.raises(ArgumentError, match=r"half_width is 5; expected a number between 0 and 1"):
        cov.validate("mistral", half_width=5)
    with pytest.raises(PressgaugeError, match="did you mean 'mistral'"):
        cov.validate("mistral_")


def test_a_half_written_line_is_no_code_and_the_next_one_is_whole(cov: Dataset, tmp_path: Path) -> None:
    frame = cov.validate("mistral", n=10)
    frame.code(frame["id"][0], "y")
    file = tmp_path / "validation" / "codes.jsonl"
    with file.open("a") as stream:
        stream.write('{"concept": "mistral", "variable": "rel')
    frame.code(frame["id"][1], "n")
    with file.open("a") as stream:
        stream.write('[1]\n{"concept": 1}\n')
    codes = cov.records.codes
    assert codes.current("mistral")["value"].tolist() == ["y", "n"]
    assert codes.damaged == (2, 4)


def test_articles_are_coded_by_the_codebook_and_counted_by_it(cov: Dataset) -> None:
    frame = cov.validate("mistral", n=100, variable="frame", coder="ana")
    assert set(frame["id"]) <= set(cov.search("mistral")["id"])
    frame["value"] = ["risk" if "storm" in line else "progress" for line in frame["text"]]
    frame.save()
    coded = cov.codes("frame")
    assert isinstance(coded, Coverage)
    assert len(coded) == len(frame)
    assert int(coded["risk"].sum()) == frame["text"].str.contains("storm").sum()
    assert coded.volume("M")["collected"].sum() / 2 == len(frame), "shares are of the coded articles"
    assert cov.validate("mistral", n=100)["value"].isna().all(), "a frame says nothing of relevance"
    with pytest.raises(DatasetError, match="expected risk, progress"):
        frame.code(frame["id"][0], "y")
    with pytest.raises(PressgaugeError, match="no variable 'tone'; it has frame"):
        cov.codes("tone")


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ('name = "frame"\nvalues = [{ name = "risk" }]', "1 values"),
        ('name = "a b"\nvalues = []', "a b"),
        ('name = "frame"\nvalues = [{ name = "risk" }, { name = "risk" }]', "second value"),
        ('name = "frame"\nvalues = ["risk", "hope"]', "a value is 'risk'"),
        ('name = "frame"\nvalues = [{ name = "risk", color = "red" }]', "color"),
        ('name = "relevant"\nvalues = [{ name = "y" }, { name = "n" }]', "relevant"),
    ],
)
def test_a_codebook_that_cannot_be_used_is_named_with_its_line(
    cov: Dataset, tmp_path: Path, body: str, problem: str
) -> None:
    (tmp_path / "codebook.toml").write_text(f"[[variable]]\n{body}\n")
    with pytest.raises(ConfigError, match=problem) as caught:
        cov.codes("frame")
    assert caught.value.line is not None


def test_a_frame_of_ones_own_is_checked_in_memory() -> None:
    frame = pd.DataFrame(
        {"url": [f"https://example.org/{n}" for n in range(20)], "title": ["Open weights", "Other"] * 10}
    )
    sample = frame.coverage.validate('"open weights"', n=20)
    sample["value"] = sample["title"].map({"Open weights": "y", "Other": "n"})
    sample.save()
    assert (
        str(frame.coverage.validate('"open weights"', n=20).accuracy().precision)
        == "1.00 (1.00-1.00), n = 10"
    )


def test_outlets_and_months_are_in_a_sample_in_proportion() -> None:
    articles = pd.DataFrame(
        {"outlet": pd.Categorical(["A"] * 800 + ["B"] * 200), "day": np.tile(np.arange(0, 200), 5)}
    )
    rows = draw(articles, np.arange(1_000), 100, np.random.default_rng(0))
    assert len(set(rows)) == 100
    assert (articles["outlet"][rows] == "A").sum() == 80
    chance = np.zeros(1_000)
    for seed in range(2_000):
        chance[draw(articles, np.arange(1_000), 100, np.random.default_rng(seed))] += 1 / 2_000
    assert np.abs(chance - 0.1).max() < 0.04


def test_what_one_stratum_lacks_the_others_give() -> None:
    assert allocation(np.array([1_000, 1_000, 1_000]), 200).tolist() == [100, 60, 40]
    assert allocation(np.array([10, 0, 1_000]), 200).tolist() == [10, 0, 190]
    assert allocation(np.array([10, 5, 5]), 200).tolist() == [10, 5, 5]


@pytest.mark.parametrize(
    ("query", "near", "not_near"),
    [
        ("mistral", "mistralian", "wind"),
        ('"open source"', "sources that are open", "open"),
        ("mistral paris", "a mistral", "london"),
        ("title:mistral", "mistral", "wind"),
        ("mistral NOT wind", "mistral wind", "wind"),
        ("a1 b1 c1", "a1 c1", "a1"),
        ("atleast3:mistral", "mistral", "wind"),
    ],
)
def test_what_nearly_matches_lacks_one_condition(query: str, near: str, not_near: str) -> None:
    from pressgauge.search.index import in_memory

    wider = nearly(parse(query))
    assert wider is not None
    index = in_memory(pd.DataFrame({"id": [1, 2], "text": [near, not_near]}))
    assert index.ids(wider).tolist() == [1]


def test_terms_are_told_as_they_are_written() -> None:
    for query in (
        "openai",
        '"open source"',
        "open*",
        'title:"open so"*',
        "cased:Meta",
        '"open model"~5',
        "开源模型",
        "title:오픈",
        '"开源"*',
        "生成ai",
        "lead:x1",
    ):
        node = parse(query)
        assert query_text(node) == query  # type: ignore[arg-type]


def test_a_count_is_corrected_for_what_the_sample_tells(cov: Dataset) -> None:
    frame = cov.validate("mistral", n=300)
    with pytest.raises(PressgaugeError, match=r"mistral was not judged; .* validate\('mistral'\)"):
        cov.compare("mistral").volume("M", corrected=True)
    frame["value"] = truth(frame)
    frame.save()
    found = cov.compare("mistral")
    table = found.volume("M", corrected=True)
    # 60 on the wind and not on the company are taken in, 60 that do not name it are missed
    assert table["n"].sum() == 180
    assert table["corrected"].sum() == pytest.approx(180, rel=0.15)
    assert (
        (table["corrected_low"] <= table["corrected"]) & (table["corrected"] <= table["corrected_high"])
    ).all()
    assert "corrected" not in found.volume("M")
    drawn = table.plot()
    assert "corrected" in drawn.layout.title.text
    assert sum(trace.line.dash == "dash" for trace in drawn.data) == 1
    assert str(found.accuracy().precision).endswith(f"n = {found.accuracy().strata[0].judged}")
    with pytest.raises(PressgaugeError, match="not of stories"):
        found.volume(unit="stories", corrected=True)
