"""What a visitor takes along."""

from __future__ import annotations

import ast
import io
import json
import re
from datetime import date

import pandas as pd
import pytest

import pressgauge
from dashboard.components import safe
from dashboard.downloads.citation import article_table
from dashboard.downloads.notebook import notebook
from dashboard.downloads.report import report
from dashboard.downloads.tables import FORMATS
from dashboard.session.state import State
from dashboard.session.store import Store
from dashboard.session.view import Selection


def test_u08_parquet_brings_every_value_back_as_it_was() -> None:
    frame = pd.DataFrame({"title": ["=1+1", "\ttab", "plain"]})
    assert pd.read_parquet(io.BytesIO(FORMATS["parquet"](frame))).equals(frame)


def test_a_report_asks_no_other_host_and_stays_small(state: State) -> None:
    made = report(state)
    assert len(made) < 5_000_000
    assert not re.search(r'(?:src|href)\s*=\s*["\']?(?:https?:)?//', made)
    assert "default-src 'none'" in made


def test_u01_a_report_holds_hostile_labels_as_text(state: State) -> None:
    state.go(terms=("</script><script>alert(1)</script>",), query="<img src=x onerror=alert(1)>")
    made = report(state)
    assert "<script>alert(1)" not in made
    assert "<img" not in made


def test_u01_without_the_escaping_a_report_runs_its_labels(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(safe, "text", str)
    state.go(query="<img src=x onerror=alert(1)>")
    assert "<img" in report(state)


def test_a_report_says_what_it_was_limited_to_and_how_to_cite_it(state: State) -> None:
    state.go(outlets=("BBC",))
    made = report(state, "http://localhost:5006/?outlets=BBC")
    assert '<span class="chip">BBC</span>' in made
    assert "dataset version 3, 8 articles. View: http://localhost:5006/?outlets=BBC" in made


def test_a_notebook_carries_the_filters_and_lines_as_code(state: State) -> None:
    state.go(topics=("rules",), terms=('"open weights"',), outlets=("BBC",), freq="M", share=True)
    made = json.loads(notebook(state, "data/coverage"))
    code = "\n".join(cell["source"] for cell in made["cells"] if cell["cell_type"] == "code")
    compile(code, "notebook", "exec")
    for part in (
        "pg.open('data/coverage')",
        "Filters(outlets=('BBC',))",
        "['rules']",
        "freq='M'",
        "share=True",
    ):
        assert part in code


HOSTILE = '\'))\nraise SystemExit  # """ \\'


def test_u07_a_notebook_holds_hostile_words_as_text(state: State) -> None:
    state.go(terms=(HOSTILE,), outlets=(HOSTILE,), everything=True)
    made = json.loads(notebook(state, HOSTILE))
    code = ast.parse("\n".join(cell["source"] for cell in made["cells"] if cell["cell_type"] == "code"))
    texts = [node.value for node in ast.walk(code) if isinstance(node, ast.Constant)]
    assert HOSTILE in texts
    assert not [node for node in ast.walk(code) if isinstance(node, ast.Raise)]


def test_a_file_of_articles_says_in_each_row_how_they_were_chosen_and_from_which_dataset(
    state: State,
) -> None:
    state.go(outlets=("Wired",), everything=True)
    state.go(selection=Selection("closed_side", date(2025, 1, 20), date(2025, 1, 26)))
    made = pd.read_csv(io.BytesIO(FORMATS["csv"](article_table(state))))
    assert made["title"].tolist() == ["ChatGPT grows"]
    (row,) = made.to_dict("records")
    assert row["counted"] == (
        "Listed: Proprietary AI · 20 Jan 2025 to 26 Jan 2025. "
        "Counted: collected articles by Wired, all dates. Counted wherever headline or text mention it."
    )
    assert row["lines"] == "Proprietary AI: chatgpt"
    assert "dataset version 3" in row["dataset"]


def test_a_file_of_articles_has_their_authors_where_the_schema_has_them(store: Store, announced) -> None:
    named = announced(100).head(1).assign(title="Signed", text="Signed open weights", language="en")
    pressgauge.open(store.path).append(named.assign(authors=[["Ann Lee", "Bo Xu"]]))
    made = article_table(State(loaded=Store(store.path).current))
    assert list(made)[: list(made).index("published")] == [
        *("id", "canonical_url", "outlet", "domain", "country", "language", "title", "authors"),
    ]
    assert set(made["authors"].map(len)) == {0, 2}
    read = pd.read_csv(io.BytesIO(FORMATS["csv"](made)), index_col="title")
    assert read.loc["Signed", "authors"] == "Ann Lee; Bo Xu"


def test_a_file_of_a_random_sample_says_so_with_its_seed(state: State) -> None:
    state.go(selection=Selection("open_side"))
    state.go(order="random", sample=20, seed=7)
    assert article_table(state)["counted"].str.contains("Open-source AI, a random sample with seed 7.").all()
