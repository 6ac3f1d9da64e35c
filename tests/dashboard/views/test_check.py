"""A query is checked on the page: a sample is drawn, judged with the keys, and tells how good it is."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from dashboard.components.coding import Coding
from dashboard.downloads.citation import citation
from dashboard.notebook_app import coding as coding_in_a_cell
from dashboard.session.state import Services, State
from dashboard.session.store import Store
from dashboard.session.view import View
from dashboard.views.check import CheckQuery
from dashboard.views.volume import correction, figure
from pressgauge.validation.codes import Code


@pytest.fixture
def judging(store: Store) -> State:
    return State(loaded=store.current, services=Services(store, None, read_only=False))


def coding(view: CheckQuery) -> Coding:
    """The panel that judges, which the page shows."""
    return view._place.objects[0]._on_go.__self__  # type: ignore[attr-defined]


def begin(state: State, coder: str = "ana", n: int = 8, half_width: float = 0.001) -> CheckQuery:
    view = CheckQuery(state)
    view.update()
    view._half_width.value = half_width
    view._coder.value = coder
    view._n.value = n
    view._draw_sample.clicks += 1
    return view


def test_a_sample_is_judged_one_article_after_the_other(judging: State) -> None:
    view = begin(judging)
    panel = coding(view)
    assert 'data-done="0"' in panel.panel.html
    shown = []
    while panel._at is not None:
        shown.append(panel._at)
        assert re.search(r'data-key="y".*data-key="n".*data-key="\?"', panel.panel.html)
        panel._go("code", [panel._at, "y"])
    assert len(set(shown)) == 8
    assert "That was the whole sample." in panel.panel.html
    assert "precision" not in panel.panel.html
    assert "How good the query is" in view._result.html
    codes = judging.loaded.dataset.records.codes.current("open_side")
    assert codes["value"].tolist() == ["y"] * 8
    assert "Open-source AI: precision 1.00 (1.00-1.00), n = 3." in citation(judging)


def test_an_answer_is_taken_back_and_a_second_press_is_not_one_for_the_next(judging: State) -> None:
    panel = coding(begin(judging))
    first = panel._at
    panel._go("code", [first, "n"])
    second = panel._at
    panel._go("code", [first, "n"])
    assert panel._at == second != first
    panel._go("undo", None)
    assert panel._at == first
    panel._go("code", [first, "perhaps"])
    assert "Not kept" in panel.panel.html
    panel._go("code", "nothing")
    panel._go("code", [[], {}])
    assert panel._at == first


def test_a_coder_sees_nothing_of_what_another_said(judging: State) -> None:
    one = coding(begin(judging, "ana"))
    one._go("code", [one._at, "n"])
    other = coding(begin(judging, "ben"))
    assert 'data-done="0"' in other.panel.html
    assert "ana" not in other.panel.html


def test_a_sample_needs_a_name_and_a_read_only_server_draws_none(judging: State, store: Store) -> None:
    view = begin(judging, coder="  ")
    assert "Give your name first" in view._head.html
    public = CheckQuery(State(loaded=store.current, services=Services(store, None, read_only=True)))
    public.update()
    public._coder.value = "eve"
    public._draw_sample.clicks += 1
    assert "read-only" in public._head.html
    assert public._place.objects == []
    assert not judging.loaded.dataset.records.samples.records()


def test_articles_are_coded_by_a_variable_of_the_codebook(judging: State, store: Store) -> None:
    (store.path.parent / "codebook.toml").write_text(
        '[[variable]]\nname = "tone"\nquestion = "How?"\nvalues = [{ name = "good" }, { name = "<bad>" }]\n'
    )
    view = CheckQuery(judging)
    view.update()
    assert "the name of a value is" in view._head.html
    (store.path.parent / "codebook.toml").write_text(
        '[[variable]]\nname = "tone"\nquestion = "How <i>?"\nvalues = [{ name = "good" }, { name = "bad" }]\n'
    )
    view = begin(judging)
    view._variable.value = "tone"
    panel = coding(view)
    assert "How &lt;i&gt;?" in panel.panel.html
    assert re.search(r'data-key="1".*data-key="2".*data-key="\?"', panel.panel.html)
    panel._go("code", [panel._at, "bad"])
    assert re.search(r"good</td><td[^>]*>0</td>.*bad</td><td[^>]*>1</td>", view._result.html)
    assert store.current.dataset.codes("tone")["bad"].tolist() == [True]


def test_what_hostile_texts_say_stays_text(judging: State) -> None:
    view = begin(judging, coder="<img src=x>")
    assert "<img" not in view._place.objects[0].html
    judging.loaded.dataset.records.codes.add([Code("open_side", "relevant", 1, "<b>x</b>", "y")])
    view._tell()
    assert "<b>x</b>" not in view._result.html


def test_the_page_has_the_next_article_before_it_is_asked_for(judging: State) -> None:
    panel = coding(begin(judging))
    for _ in range(8):
        _, then = panel.panel.html.split('<template data-next="code">')
        heading = re.findall("<h2>(.*?)</h2>", then)[-1:]
        panel._go("code", [panel._at, "y"])
        assert re.findall("<h2>(.*?)</h2>", panel.panel.html.split("<template")[0])[-1:] == heading
    assert "That was the whole sample." in then


def test_coding_stops_where_what_is_asked_for_is_known_and_another_coder_still_judges_the_same(
    judging: State,
) -> None:
    view = begin(judging, n=60, half_width=0.1)
    panel = coding(view)
    while panel._at is not None:
        title = judging.loaded.snapshot.articles.set_index("id").loc[panel._at, "title"]
        panel._go("code", [panel._at, "n" if "law" in title else "y"])
        assert "That was the whole sample." not in panel.panel.html.split("<template")[0]
    assert "That is enough: precision" in panel.panel.html
    assert "both within 10 points." in panel.panel.html
    n = len(view._check.codes())  # type: ignore[union-attr]
    other = coding(begin(judging, "ben", n=60, half_width=0.1))
    assert "That is enough" not in other.panel.html
    panel._go("on", None)
    panel._go("code", [panel._at, "y"])
    assert len(view._check.codes()) == n + 1  # type: ignore[union-attr]


def test_the_few_more_that_are_lacking_are_drawn_with_one_click(judging: State) -> None:
    view = begin(judging, n=4)
    panel = coding(view)
    while panel._at is not None:
        panel._go("code", [panel._at, "yn"[panel._at % 2]])
    lacking = sum(view._check.lacking(0.001).values())  # type: ignore[union-attr]
    assert lacking > 0
    assert f"Draw {lacking} more" in view._result.html
    view._go("draw", None)
    assert len(view._check.inner_ids()) == 4 + lacking  # type: ignore[union-attr]
    assert coding(view)._at is not None


def test_a_sample_is_taken_along_and_brought_back_with_its_answers(judging: State, tmp_path: Path) -> None:
    view = begin(judging)
    assert view._tables.panel.visible
    content = view._tables._content()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = content.decode("utf-8-sig").splitlines()
    file = tmp_path / "<coded>.csv"
    file.write_text("\n".join([rows[0], *(line.rsplit(",", 1)[0] + ',"Y"' for line in rows[1:])]))
    view._tables._read([file])
    assert "8 new answers kept from &lt;coded&gt;.csv." in view._tables._outcome.html
    assert "That was the whole sample." in coding(view).panel.html
    file.write_text("id,value\n1,y\n")
    view._tables._read([file])
    assert "not in this sample" in view._tables._outcome.html
    view._coder.value = ""
    assert view._tables._content() == b""


def test_a_chart_shows_corrected_counts_of_the_lines_that_were_judged(judging: State) -> None:
    view = begin(judging)
    for identity in view._check.inner_ids().tolist():  # type: ignore[union-attr]
        title = judging.loaded.snapshot.articles.set_index("id").loc[identity, "title"]
        view._check.code(identity, "y" if "law" not in title else "n", "ana")  # type: ignore[union-attr]
    assert "corrected" not in json.loads(figure(judging))["layout"]["title"]["text"]
    judging.go(corrected=True)
    drawn = json.loads(figure(judging))
    assert "corrected" in drawn["layout"]["title"]["text"]
    assert sum(trace["line"].get("dash") == "dash" for trace in drawn["data"] if "line" in trace) == 1
    assert "Open-source AI: precision" in correction(judging)
    assert "Not judged yet (see Check): Proprietary AI." in correction(judging)
    judging.go(unit="stories")
    assert "no stories" in correction(judging)
    assert "corrected" not in json.loads(figure(judging))["layout"]["title"]["text"]
    assert View.from_query(judging.view.to_query()).corrected


def test_a_sample_is_judged_in_a_notebook_with_the_same_buttons(judging: State) -> None:
    sample = judging.loaded.dataset.validate("open_side", n=8, coder="ana")
    panel, said = coding_in_a_cell(sample).objects
    judge = panel._on_go.__self__
    while judge._at is not None:
        judge._go("code", [judge._at, "y"])
    assert "precision 1.00 (1.00-1.00), n = 3" in said.html
    assert judging.loaded.dataset.validate("open_side", n=8, coder="ana")["value"].tolist() == ["y"] * 8
