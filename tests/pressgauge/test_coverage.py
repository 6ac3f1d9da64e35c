"""Searches are DataFrames that can be measured, measures DataFrames that draw themselves."""

from __future__ import annotations

import pickle
from collections import Counter
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

import pressgauge
from pressgauge.coverage import Coverage, Measure
from pressgauge.errors import DatasetError, PressgaugeError, QueryError
from pressgauge.offers import offered
from pressgauge.schema import METADATA
from pressgauge.settings.topics import Topic, save_topic
from pressgauge.store.dataset import Dataset

HOSTILE = "<img src=x onerror=alert(1)>"
PRESS = (
    # outlet, language, published, title
    ("Wired", "en", "2025-01-20", "Open weights for all"),
    ("BBC", "en", "2025-01-21", "Open weights, says ChatGPT"),
    ("Le Monde", "fr", "2025-01-22", "ChatGPT en France"),
    ("Wired", "en", "2025-01-28", f"Open weights {HOSTILE}"),
    ("Wired", "en", None, "Open weights, some day"),
    ("BBC", "en", "2025-02-04", "The weather"),
)


def frame() -> pd.DataFrame:
    outlet, language, published, title = zip(*PRESS, strict=True)
    return pd.DataFrame({
        "url": [f"https://press.example/{number}" for number in range(len(PRESS))],
        "outlet": outlet,
        "language": language,
        "published": pd.to_datetime(pd.Series(published), utc=True),
        "title": title,
        "text": [f"{line} {number}" for number, line in enumerate(title)],
    })  # fmt: skip


@pytest.fixture
def cov(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dataset:
    monkeypatch.setenv("PRESSGAUGE_DATA", str(tmp_path))
    save_topic(tmp_path / "topics.toml", Topic("open_side", "Open AI", "open", '"open weights"', "#0072B2"))
    save_topic(tmp_path / "topics.toml", Topic("closed_side", "Closed AI", "proprietary", "chatgpt"))
    dataset = pressgauge.open(tmp_path / "coverage")
    dataset.append(frame())
    return dataset


def test_a_search_is_a_frame_of_articles_the_newest_first_and_undated_last(cov: Dataset):
    found = cov.search('"open weights"')
    assert isinstance(found, pd.DataFrame)
    assert tuple(found.columns) == (*METADATA, "event")
    assert found["title"].tolist() == [PRESS[number][3] for number in (3, 1, 0, 4)]


def test_a_measure_counts_what_the_search_found_in_all_that_was_collected(cov: Dataset):
    weekly = cov.search('"open weights"').volume("W")
    weeks = Counter(pd.Timestamp(day).to_period("W").start_time for _, _, day, _ in PRESS if day)
    assert weekly["n"].tolist() == [2, 1, 0]
    assert weekly["collected"].tolist() == [weeks[week] for week in sorted(weeks)]
    assert weekly["undated"].unique().tolist() == [1]


def test_what_pandas_selects_is_what_is_counted(cov: Dataset):
    found = cov.search('"open weights"')
    chosen = found[found["outlet"] == "Wired"]
    assert isinstance(chosen, Coverage)
    assert chosen.volume("W")["n"].tolist() == [1, 1, 0]
    assert found.query("outlet == 'BBC'").sort_values("title").head().volume("W")["n"].sum() == 1


def test_shares_are_of_what_the_search_was_within(cov: Dataset):
    of_english = cov.search("chatgpt", within="language:en").volume("W")
    assert of_english["n"].tolist() == [1, 0, 0]
    assert of_english["collected"].tolist() == [2, 1, 1]
    assert cov.search("weather", within="open_side").empty


def test_a_word_that_is_also_a_topics_name_is_searched_as_a_word(cov: Dataset):
    assert cov.search("open_side").empty
    assert cov.search("open_side", within="language:en").empty
    assert len(cov.compare("open_side")) == 4


def test_compared_series_are_bool_columns_under_the_names_they_were_given(cov: Dataset):
    both = cov.compare("open_side", "chatgpt")
    assert both["title"][both["open_side"] & both["chatgpt"]].tolist() == [PRESS[1][3]]
    assert sorted(both.outlets()["series"].cat.categories) == ["chatgpt", "open_side"]
    assert both.outlets().set_index(["outlet", "series"])["n"].to_dict() == {
        ("Wired", "open_side"): 3, ("Wired", "chatgpt"): 0, ("BBC", "open_side"): 1, ("BBC", "chatgpt"): 1,
        ("Le Monde", "open_side"): 0, ("Le Monde", "chatgpt"): 1,
    }  # fmt: skip


def test_figures_name_a_topic_by_its_label_in_its_colour(cov: Dataset):
    bar = cov.compare("open_side", "chatgpt").outlets().plot().data[0]
    assert (bar.name, bar.marker.color) == ("Open AI", "#0072B2")


def test_a_table_draws_itself_as_long_as_it_has_all_its_columns(cov: Dataset):
    weekly = cov.search("chatgpt").volume("W", share=True)
    later = weekly[weekly["period"] > "2025-01-25"]
    assert isinstance(later, Measure)
    assert later.plot().layout.title.text == weekly.plot().layout.title.text
    assert "Share" in weekly.plot().layout.title.text
    assert "Number" in weekly.plot(share=False).layout.title.text
    assert type(weekly[["period", "n"]]) is pd.DataFrame


def test_lean_and_words_are_of_two_sides(cov: Dataset):
    both = cov.compare("open_side", "closed_side")
    assert both.lean().set_index("outlet")["n_first"].to_dict() == {"Wired": 3, "BBC": 1, "Le Monde": 0}
    assert "Open AI" in str(both.lean().plot().layout)
    with pytest.raises(PressgaugeError, match="compare"):
        cov.search("chatgpt").lean()


def test_bursts_are_explained_under_their_own_series(cov: Dataset):
    found = cov.compare("open_side", "chatgpt")
    assert found.bursts().empty
    day = pd.Timestamp("2025-01-20", tz="UTC")
    why = found.explain({"series": "chatgpt", "start": day, "end": day + pd.Timedelta(days=3)})
    assert why.outlets.set_index("outlet")["n"].to_dict() == {"BBC": 1, "Le Monde": 1}


def test_a_frame_without_ids_says_what_it_lacks(cov: Dataset):
    assert type(cov.search("chatgpt").drop(columns="id")) is pd.DataFrame
    found = cov.search("chatgpt")
    del found["id"]
    with pytest.raises(PressgaugeError, match="column id"):
        found.volume()


def test_searches_put_together_with_pandas_are_not_counted_as_the_first_of_them(cov: Dataset):
    joined = pd.concat([cov.search("chatgpt"), cov.search("weather")])
    assert joined.head(2)["title"].notna().all()
    assert "ChatGPT" in joined._repr_html_()
    with pytest.raises(PressgaugeError, match="compare"):
        joined.volume()


def test_results_travel_to_other_processes_as_plain_frames(cov: Dataset):
    found = cov.search("chatgpt")
    for frame_ in (found, found.volume()):
        travelled = pickle.loads(pickle.dumps(frame_))
        assert type(travelled) is pd.DataFrame
        pd.testing.assert_frame_equal(travelled, pd.DataFrame(frame_))


@pytest.mark.parametrize("measure", ["volume", "outlets", "lean", "terms"])
def test_where_nothing_is_left_the_picture_says_so(cov: Dataset, measure: str):
    nothing = cov.compare("open_side", "closed_side", within="xyzzy")
    table = getattr(nothing, measure)()
    assert table.empty
    said = " ".join(note.text for note in table.plot().layout.annotations)
    assert "No " in said or "too few" in said


def test_what_cannot_be_compared_is_refused_with_a_way_out(cov: Dataset):
    with pytest.raises(QueryError):
        cov.search("open AND")
    with pytest.raises(ValueError, match="nothing to compare"):
        cov.compare()
    with pytest.raises(ValueError, match=r"write the query as \(title\)"):
        cov.compare("title", "chatgpt")
    assert "(title)" in cov.compare("(title)", "chatgpt")


def test_a_notebook_sees_titles_and_queries_as_text_never_as_markup(cov: Dataset):
    shown = cov.search(f"weights OR {HOSTILE.replace('(1)', '')!r}".replace("'", '"'))._repr_html_()
    assert "<b>4 articles</b>" in shown
    assert "<img" not in shown
    assert "&lt;img" in shown


def test_a_dataset_shows_its_size_version_and_place(cov: Dataset, tmp_path: Path):
    assert "<b>6 articles</b>, version 0" in cov._repr_html_()
    odd = pressgauge.open(tmp_path / "<b>odd")
    assert "Empty dataset" in odd._repr_html_()
    assert "<b>odd" not in odd._repr_html_()


def test_a_frame_of_ones_own_is_counted_as_a_dataset_of_it_would_be(cov: Dataset):
    mine = frame()
    found = mine.coverage.compare("open_side", "chatgpt")
    pd.testing.assert_frame_equal(
        pd.DataFrame(found.outlets()), pd.DataFrame(cov.compare("open_side", "chatgpt").outlets())
    )
    assert len(mine.coverage.search("weather")) == 1
    assert found.terms().columns[0] == "term"


def test_the_words_of_the_queries_are_told_only_when_they_are_wanted(cov: Dataset):
    found = cov.compare("open_side", "chatgpt")
    words, everything = (set(found.terms(query_words=wanted)["term"]) for wanted in (False, True))
    assert everything - words == {"open", "weight"}


def test_a_frame_of_ones_own_names_what_it_cannot_use(cov: Dataset):
    with pytest.warns(UserWarning, match=r"1 rows are no articles and left out: 2 \(bad_url\)"):
        assert len(frame().assign(url=lambda f: f["url"].where(f.index != 2)).coverage.search("*")) == 5
    with pytest.raises(DatasetError, match="url"):
        _ = frame().drop(columns="url").coverage.search("*")


def test_what_no_installed_package_offers_is_said_so():
    with pytest.raises(PressgaugeError, match="no installed package offers teleport"):
        offered("teleport")


def test_about_counts_what_articles_are_about_in_every_measure(cov: Dataset) -> None:
    rest = " ".join(["word"] * 300)
    cov.append(
        pd.DataFrame(
            {
                "url": ["https://press.example/long"],
                "outlet": ["BBC"],
                "published": pd.to_datetime(["2025-01-21"], utc=True),
                "title": ["Something else"],
                "text": [f"{rest} chatgpt {rest}"],
            }
        )
    )
    assert len(cov.search("chatgpt")) == 3
    about = cov.search("chatgpt", about=True)
    assert len(about) == 2
    assert about.volume("M")["n"].sum() == 2
    assert about.volume("M")["collected"].sum() == 6, "shares stay shares of all dated articles"
    both = cov.compare("open_side", "closed_side", about=True)
    assert (int(both["open_side"].sum()), int(both["closed_side"].sum())) == (4, 2)
    assert "that mention" in cov.search("chatgpt")._repr_html_()
    assert "articles</b> about" in about._repr_html_()


def test_a_search_shows_its_words_in_context(cov: Dataset) -> None:
    table = cov.search("weather").kwic(width=10)
    assert table[["left", "match", "right", "outlet", "part"]].values.tolist() == [
        ["The ", "weather", "", "BBC", "title"],
        ["The ", "weather", " 5", "BBC", "text"],
    ]
    both = cov.compare("open_side", "closed_side").kwic(sort="right", limit=None)
    assert set(both["match"].str.lower()) == {"open weights", "chatgpt"}


def test_contexts_are_only_of_articles_that_were_found(cov: Dataset) -> None:
    others = cov.search("weather").assign(id=lambda found: found["id"] + 1)
    with pytest.raises(PressgaugeError, match="ids of other articles"):
        others.kwic()


def test_prominence_is_told_for_the_articles_of_a_search(cov: Dataset) -> None:
    table = cov.compare("open_side", "closed_side").prominence("closed_side")
    assert table["outlet"].tolist() == ["Le Monde", "BBC"]
    assert table["others"].tolist() == [0, 1]
    assert table["about"].all()
    with pytest.raises(PressgaugeError, match="not among the series"):
        cov.search("weather").prominence("meta")


def test_a_selection_merged_with_ones_own_table_is_counted(cov: Dataset) -> None:
    found = cov.search('"open weights"')
    kinds = pd.DataFrame({"outlet": ["Wired"], "kind": ["magazine"]})
    for merged in (
        found.merge(kinds, on="outlet"),
        found.set_index("outlet").join(kinds.set_index("outlet")),
    ):
        magazines = merged[merged["kind"] == "magazine"]
        assert magazines.volume("W")["n"].tolist() == [1, 1, 0]


def test_what_a_search_found_is_searched_again_in_its_texts_also_merged(cov: Dataset) -> None:
    found = cov.search('"open weights"')
    kinds = pd.DataFrame({"outlet": ["Wired", "BBC", "BBC"], "kind": ["magazine", "radio", "television"]})
    assert found.coverage.search("text:ChatGPT")["outlet"].tolist() == ["BBC"]
    merged = found.merge(kinds, on="outlet")
    assert merged.coverage.search("text:weights").volume("M")["n"].tolist() == [3]
    assert len(merged[merged["kind"] == "magazine"].coverage.search("text:ChatGPT")) == 0


def test_a_measure_read_again_from_a_file_is_drawn_as_before(cov: Dataset, tmp_path: Path) -> None:
    weekly = cov.search('"open weights"').volume("W")
    weekly.to_csv(tmp_path / "weekly.csv", index=False)
    again = pressgauge.figures.volume(pd.read_csv(tmp_path / "weekly.csv"))
    before = pressgauge.figures.volume(pd.DataFrame(weekly))
    assert repr([list(each.y) for each in again.data]) == repr([list(each.y) for each in before.data])


@pytest.mark.parametrize(
    ("mistake", "words"),
    [
        (lambda cov: cov.search(None), "a query is a text, not NoneType"),
        (lambda cov: cov.compare(["a", "b"]), r"write compare\(\*queries\)"),
        (lambda cov: cov.search("open", within=3), r"write within="),
        (lambda cov: cov.export("all.csv", 3), r"write export\(path, "),
        (lambda cov: cov.read(["a"]), "whole numbers: those of the column id"),
        (lambda cov: cov.load([1]), "no such column: 1"),
        (lambda cov: cov.search("open").volume(tz="Mars"), "tz is 'Mars'; expected a time zone"),
        (lambda cov: cov.search("open").volume().plot(kind="bar"), "give its table to plotly.express"),
        (lambda cov: pressgauge.figures.volume(cov.load()), "the one given lacks"),
        (lambda cov: pressgauge.figures.outlets([1]), "draws the table of a measure, not a list"),
        (lambda cov: cov.append(cov.search("open")), r'take dataset.read\(frame\["id"\]\)'),
        (lambda cov: cov.load("title"), r"write columns=\['title'\]"),
        (lambda cov: cov.read([1], "title"), r"write columns=\['title'\]"),
        (lambda cov: cov.read([1], ["titel"]), "no such column: titel; expected are id"),
        (lambda cov: cov.has("https://example.org/1"), "whole numbers: those of the column id"),
        (lambda cov: cov.search("open").kwic(width=-1), "width is -1; expected a whole number, 0 or more"),
        (lambda cov: cov.search("open").kwic(limit=-1), "limit is -1; expected a whole number"),
        (lambda cov: cov.search("open").kwic(sort="middle"), 'sort is .middle.; expected "left" or "right"'),
        (lambda cov: cov.search("open").terms(ngrams=0), "ngrams is 0; expected a whole number, 1 or more"),
        (lambda cov: cov.search("open").events(-1), "limit is -1; expected"),
        (lambda cov: cov.search("open").volume().plot.bar(), "give its table to plotly.express"),
        (lambda cov: cov.search("open").volume().plot("period", "n"), "give its table to plotly.express"),
        (lambda cov: cov.search("open").volume().hist(), "give its table to plotly.express"),
        (lambda cov: cov.search("open").boxplot(), r'volume\("W"\)\.plot\(\)'),
        (lambda cov: cov.search("open").plot.hist(), r'volume\("W"\)\.plot\(\)'),
        (lambda cov: cov.search("open").volume(tz=None), "tz is None; expected a time zone"),
        (lambda cov: cov.search("open").volume_by(limit=0), "limit is 0; expected a whole number, 1 or more"),
        (lambda cov: cov.search("open").prominence(limit=-3), "limit is -3; expected"),
        (lambda cov: cov.search("open").quotes(-1), "most is -1; expected"),
        (lambda cov: cov.search("open").explain(0), r"write found\.explain\(bursts\.iloc\[0\]\)"),
        (lambda cov: cov.compare(), "expected names of topics or queries"),
        (lambda cov: cov.search("open").volume("ME"), 'freq is .ME.; expected "D", "W"'),
        (lambda cov: cov.search("open").volume(unit="words"), "expected .articles., .stories. or .events."),
        (lambda cov: cov.search("open").volume().plot(panels="x"), 'expected "same" or "own"'),
        (lambda cov: cov.search("open").contrast("2025"), r"write Filters\(since=\.\.\.\), or None"),
        (lambda cov: cov.event(12), "there is no event 12; expected a value of the column event"),
        (lambda cov: cov.validate("open", n="10"), "n is '10'; expected a whole number, 1 or more"),
        (
            lambda cov: pressgauge.keep(cov, pressgauge.Filters()),
            r"write keep\(dataset\.snapshot\(\), filters",
        ),
        (lambda cov: pressgauge.keep(cov.snapshot(), "open"), r"write keep\(snapshot, Filters\("),
        (lambda cov: pressgauge.open(cov.load()), r"ask frame\.coverage"),
        (lambda cov: pressgauge.topics(cov.load()), r"or topics\(frame\.coverage\)"),
        (lambda cov: pressgauge.read(cov.path), r"it is a folder; open a dataset with open\(folder\)"),
        (lambda cov: pressgauge.read("https://a.example/all.csv"), "only files are read; download it first"),
        (lambda cov: pressgauge.spans("open", None), "text is a NoneType, not a str"),
        (lambda cov: pressgauge.similar_outlets(cov.load(["outlet"])), "missing: domain"),
        (lambda cov: pressgauge.cluster_events(cov.load(["outlet"])), "missing: title"),
        (
            lambda cov: cov.append(pd.DataFrame({"link": ["https://example.org/1"], "date": ["2025-01-20"]})),
            r"rename\(columns=\{'link': 'url', 'date': 'published'\}\)",
        ),
        (
            lambda cov: pressgauge.figures.outlets(cov.search("open").volume()),
            "the one given lacks voice",
        ),
        (lambda cov: cov.search("open").plot(), r'volume\("W"\)\.plot\(\)'),
        (
            lambda cov: cov.search("open").outlets(by="author"),
            'expected "outlet", "country", "language", ',
        ),
        (lambda cov: cov.search("open", within="open_sdie"), "did you mean 'open_side'"),
        (lambda cov: cov.compare("open_side", "closedside"), "did you mean 'closed_side'"),
        (
            lambda cov: pd.concat([cov.search("open").volume()] * 2).plot(),
            "draw it with a function of",
        ),
    ],
)
def test_a_usual_mistake_is_answered_with_what_to_write(cov: Dataset, mistake, words: str) -> None:
    with pytest.raises(PressgaugeError, match=words):
        mistake(cov)


def test_words_that_resemble_a_topics_name_are_searched_where_they_find_something(cov: Dataset) -> None:
    assert len(cov.search("weather", within="open OR weather")) == 1
    assert len(cov.compare("open weights", "chatgpt")) == 5


def test_a_missing_dataset_is_no_empty_one(cov: Dataset, tmp_path: Path) -> None:
    missing = pressgauge.open(tmp_path / "coverge")
    with pytest.raises(DatasetError, match=r"there is no dataset at .*coverge; did you mean .*coverage\?"):
        missing.require()
    for reading in (
        missing.load,
        partial(missing.search, "open"),
        partial(missing.compare, "open"),
        partial(missing.export, tmp_path / "all.csv"),
        partial(missing.read, [1]),
        partial(missing.event, 1),
        partial(missing.validate, "open"),
    ):
        with pytest.raises(DatasetError, match="did you mean"):
            reading()
    assert not missing.path.exists()
    assert not (tmp_path / "all.csv").exists()
    assert cov.require() is cov


def test_a_frame_is_read_once_and_again_when_a_value_has_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    reads = []
    prepare = pressgauge.store.dataset.prepare
    monkeypatch.setattr("pressgauge.store.dataset.prepare", lambda *given: reads.append(1) or prepare(*given))
    mine = frame().assign(authors=[["Ada"]] * len(PRESS))
    assert len(mine.coverage.search("weather")) == len(mine.coverage.search("weather NOT open")) == 1
    assert len(reads) == 1
    mine.loc[5, "title"] = "The climate"
    assert len(mine.coverage.search("title:weather")) == 0
    assert len(reads) == 2


def test_a_plot_has_no_other_names_than_those_of_pandas(cov: Dataset) -> None:
    assert not hasattr(cov.search("open").volume().plot, "_repr_html_")
