"""The voices of a dataset lie beside it: read once, brought up to date by what changed, rebuilt in doubt."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import pressgauge
from pressgauge.errors import ConfigError, QueryError
from pressgauge.search.tokens import words
from pressgauge.settings.people import NameRule, load_people
from pressgauge.store.dataset import Dataset
from pressgauge.voices import store
from pressgauge.voices.people import bodies, merges, resolve_names
from pressgauge.voices.tables import _spaced_words, voices_of

TEXTS = {
    "a": "OpenAI CEO Sam Altman spoke. “We were on the wrong side of history,” he said.",
    "b": "“We will open it soon,” said Ann Lee, a professor. A source added: “Nobody believes it here.”",
    "c": "Mr. Altman said that Meta had “no idea at all of it.”",
}


def articles(names: str, **texts: str) -> pd.DataFrame:
    held = TEXTS | texts
    return pd.DataFrame(
        {
            "url": [f"https://{name}.example/{name}" for name in names],
            "title": [f"Title {name}" for name in names],
            "text": [held[name] for name in names],
            "language": "en",
            "outlet": list(names),
            "published": pd.to_datetime([f"2025-01-0{1 + at}" for at in range(len(names))], utc=True),
        }
    )


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    made = pressgauge.open(tmp_path / "data")
    made.append(articles("ab"))
    return made


def quoted(tables) -> set[tuple[str | None, str]]:
    frame = tables.quotations
    names = frame["name"].astype(object).where(frame["name"].notna(), None)
    return set(zip(names, frame["words"].str.strip(), strict=True))


def counting(monkeypatch) -> list[int]:
    """How many articles each reading read."""
    read: list[int] = []
    whole = store.tables

    def counted(frame, *rest):
        read.append(len(frame))
        return whole(frame, *rest)

    monkeypatch.setattr(store, "tables", counted)
    return read


FIRST = {
    ("Sam Altman", "we were on the wrong side of history"),
    ("Ann Lee", "we will open it soon"),
    (None, "nobody believes it here"),
}


def test_voices_are_read_once_and_only_what_changed_is_read_again(dataset, monkeypatch):
    read = counting(monkeypatch)
    assert quoted(store.update(dataset)) == FIRST
    assert quoted(store.update(dataset)) == FIRST and read == [2]
    dataset.append(articles("c"))
    assert quoted(store.update(dataset)) == {*FIRST, ("Altman", "no idea at all of it")} and read == [2, 1]
    assert store.behind(dataset) == 0


def test_an_updated_article_replaces_what_it_said_before(dataset):
    store.update(dataset)
    longer = TEXTS["a"] + " “It is late now,” said Ann Lee, a professor at the University of Iowa, on Monday."
    dataset.append(articles("a", a=longer * 3))
    found = store.update(dataset).quotations
    of_a = found[found["id"] == dataset.search("title:a")["id"].iloc[0]]
    assert len(of_a) == 6 and len(found) == 8


@pytest.mark.parametrize("harm", ["missing", "cut", "state", "reader", "bodies"])
def test_what_is_missing_damaged_or_of_another_reader_is_made_anew(dataset, monkeypatch, harm):
    store.update(dataset)
    read, folder = counting(monkeypatch), dataset.path / "voices"
    file = next(folder.glob("*.quotations.parquet"))
    if harm == "missing":
        file.unlink()
    elif harm == "cut":
        file.write_bytes(file.read_bytes()[:-9] + bytes(9))
    elif harm == "state":
        (folder / "state.json").write_text('{"reader"')
    elif harm == "reader":
        monkeypatch.setattr(store, "READER", 0)
    assert quoted(store.update(dataset, frozenset({"Acme"} if harm == "bodies" else ()))) == FIRST
    assert read == [2]


def test_many_parts_become_one_and_stay_the_same(dataset, monkeypatch):
    monkeypatch.setattr(store, "_PARTS", 2)
    for name in "defg":
        dataset.append(articles(name, **{name: TEXTS["c"].replace("no idea", f"no idea {name}")}))
        found = store.update(dataset)
    parts = json.loads((dataset.path / "voices" / "state.json").read_text())["parts"]
    assert len(parts) <= 2 and len(list((dataset.path / "voices").glob("*.quotations.parquet"))) == len(parts)
    assert len(found.quotations) == 7 and quoted(store.update(dataset)) == quoted(found)


def test_progress_tells_how_many_of_how_many(dataset):
    told: list[tuple[int, int]] = []
    store.update(dataset, progress=lambda done, of: told.append((done, of)))
    assert told == [(2, 2)]


def test_where_nothing_can_be_written_voices_are_read_in_memory(dataset, monkeypatch):
    monkeypatch.setattr(store, "is_writable", lambda folder: False)
    store.read(dataset)
    assert quoted(store.update(dataset)) == FIRST and not (dataset.path / "voices").exists()


def test_names_roles_and_sources_of_hostile_length_are_not_kept_whole():
    long = "A" + "b" * 10_000
    text = f"{long} {long} left. “It is far too late,” said the {'c' * 9_000}. "
    text += f"Ann Lee, a {'d' * 9_000} lawyer, left."
    found = voices_of(pd.DataFrame({"id": [1], "text": [text], "language": ["en"]}))
    kept = [*found.names["name"], *found.names["role"].dropna(), *found.quotations["source"]]
    assert kept and max(map(len, kept)) <= 160


def test_speakers_and_quotations_are_fields_of_a_query(dataset):
    assert dataset.search("speaker:altman")["outlet"].tolist() == ["a"]
    assert dataset.search('speaker:"sam altman" quote:"Wrong side of history"')["outlet"].tolist() == ["a"]
    assert dataset.search("quote:believ*")["outlet"].tolist() == ["b"]
    assert dataset.search('quote:"history side"~4')["outlet"].tolist() == ["a"]
    assert set(dataset.search("speaker:*")["outlet"]) == {"a", "b"}
    assert dataset.search("speaker:* NOT speaker:lee")["outlet"].tolist() == ["a"]
    assert dataset.search("quote:professor").empty and dataset.search("speaker:nobody").empty
    with pytest.raises(QueryError, match="speakers"):
        dataset.search("speakers:altman")


def test_a_frame_of_ones_own_has_voices_as_well():
    cov = articles("ab").coverage.search("speaker:lee")
    assert cov.quotes()["speaker"].tolist()[0] == "Ann Lee" and len(cov.quotes()) == 2
    assert cov.speakers()["speaker"].tolist() == ["Ann Lee"]


def test_quotes_have_the_words_as_they_stand_and_where(dataset):
    table = dataset.search("speaker:altman").quotes()
    row = table.iloc[0]
    assert (row["speaker"], row["source"], row["role"]) == ("Sam Altman", "he", "OpenAI CEO")
    assert row["quote"] == "“We were on the wrong side of history,”" and row["direct"]
    text = dataset.read([row["id"]], ["text"])["text"][0]
    assert text[row["start"] : row["end"]] == row["quote"]


# People across articles


def spoken(*names: str) -> pd.DataFrame:
    texts = [f"{name}, a professor, spoke. “It is far too late,” {name.split()[-1]} said." for name in names]
    return pd.DataFrame({"id": range(len(texts)), "text": texts, "language": "en"})


def test_a_last_name_alone_is_the_only_person_of_that_name_whom_several_articles_know():
    texts = spoken("Ann Lee", "Ann Lee", "Ann Lee")
    texts.loc[3] = [3, "Mr. Lee left. “It is far too late,” Lee said.", "en"]
    found = voices_of(texts)
    assert merges(found.names) == {"Lee": "Ann Lee"}
    assert set(resolve_names(found).quotations["name"]) == {"Ann Lee"}


def test_a_last_name_of_two_people_or_of_a_rarely_named_one_stays_as_it_is():
    last = [9, "Mr. Lee left. “It is far too late,” Lee said.", "en"]
    for names in (("Ann Lee", "Ann Lee", "Ann Lee", "Bob Lee"), ("Ann Lee",)):
        texts = spoken(*names)
        texts.loc[len(texts)] = last
        assert merges(voices_of(texts).names) == {}


def test_a_middle_initial_makes_nobody_else_and_two_different_ones_do():
    assert merges(voices_of(spoken("Ann Lee", "Ann Lee", "Ann B. Lee")).names) == {"Ann B. Lee": "Ann Lee"}
    assert merges(voices_of(spoken("Ann C. Lee", "Ann Lee", "Ann B. Lee")).names) == {}


def test_people_toml_merges_splits_and_hides(tmp_path):
    file = tmp_path / "people.toml"
    file.write_text(
        '[[voice]]\nname = "Ann Lee"\nalso = ["Anne Leigh"]\n'
        '[[voice]]\nname = "Bob Ray (senator)"\nalso = ["Bob Ray"]\nrole = ["senator"]\n'
        '[[voice]]\nname = "Cy Fox"\nhide = true\n'
    )
    texts = spoken("Ann Lee", "Anne Leigh", "Bob Ray", "Cy Fox")
    texts.loc[4] = [4, "Bob Ray, a senator, spoke. “It is far too late,” Ray said.", "en"]
    found = resolve_names(voices_of(texts), load_people(file))
    names = found.quotations["name"].astype(object).where(found.quotations["name"].notna(), None)
    assert names.tolist() == ["Ann Lee", "Ann Lee", "Bob Ray", None, "Bob Ray (senator)"]
    assert "Cy Fox" not in set(found.names["name"])


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ('[[voice]]\nname = ""', 2, "name is empty"),
        ('[[voice]]\nname = "A"\nkind = "firm"', 3, '"person" or "organisation"'),
        ('[[voice]]\nname = "A"\n[[voice]]\nname = "B"\nalso = ["A"]', 5, "under one entry"),
        ('[[voice]]\nname = "A"\nhidden = true', 3, "hide"),
    ],
)
def test_a_mistake_in_people_toml_is_told_with_its_line(tmp_path, text, line, expected):
    file = tmp_path / "people.toml"
    file.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load_people(file)
    assert caught.value.line == line and expected in str(caught.value)


def test_the_tracked_people_toml_names_organisations_and_no_file_is_no_rules():
    rules = load_people(Path(__file__).parents[3] / "data" / "people.toml")
    assert {"OpenAI", "Mistral"} <= bodies(rules) and "Getty Images" not in bodies(rules)
    assert load_people("/nowhere/people.toml") == []
    assert bodies([NameRule("A", ("B",), "organisation"), NameRule("C", kind="person")]) == {"A", "B"}


def test_the_ids_of_voices_are_those_of_articles(dataset):
    found = dataset.voices()
    assert dataset.has(np.unique(found.quotations["id"])).all() and dataset.has(found.names["id"]).all()


def test_the_words_of_quotations_are_those_that_a_search_looks_for() -> None:
    quotations = ["“It’s a café, not OpenAI发布!”", "soft\u00adware", "“Straße” — 3.5 %", "", "«»"]
    assert _spaced_words(quotations) == [f" {' '.join(words(each, 'folded'))} " for each in quotations]
