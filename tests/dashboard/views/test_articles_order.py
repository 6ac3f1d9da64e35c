"""The order of listed articles: its buttons, and the seed and size of a random one said beside them."""

from __future__ import annotations

from dashboard.downloads.citation import article_table
from dashboard.session.state import State
from dashboard.views.articles import Articles


def test_a_random_order_says_its_seed_and_another_can_be_drawn(state: State) -> None:
    view = Articles(state)
    view.update()
    assert "Random order" in view._markup.html and "seed" not in view._markup.html
    view._go("order", "random")
    view.update()
    assert "random order, seed 0" in view._markup.html
    view._go("seed", 1)
    view.update()
    assert "random order, seed 1" in view._markup.html
    for strange in (-1, 10**30, "x", None, [1]):
        view._go("seed", strange)
    assert state.view.seed == 1


def test_the_saved_articles_are_those_that_are_listed_in_their_order(state: State) -> None:
    state.go(order="random", seed=3)
    ids = state.loaded.snapshot.articles["id"].to_numpy()[state.list_rows()].tolist()
    assert article_table(state)["id"].tolist() == ids
