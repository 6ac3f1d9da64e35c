"""What a user would write: Panel and pandas, the same two charts and filters, no more.
`python -m bench.plain_app FRAME.parquet PORT`."""

from __future__ import annotations

import sys

import pandas as pd
import panel as pn
import plotly.express as px

SERIES = {"Open": "open", "Closed": "closed"}


def page(articles: pd.DataFrame) -> pn.Column:
    """Two charts, redrawn from the frame whenever a filter changes."""
    word = pn.widgets.TextInput(name="Only articles that match")
    outlets = pn.widgets.MultiChoice(name="Outlets", options=sorted(articles["outlet"].unique()))

    def kept(word: str, outlets: list[str]) -> pd.DataFrame:
        some = articles
        if word:
            some = some[some["title"].str.contains(word, case=False, regex=False)]
        return some[some["outlet"].isin(outlets)] if outlets else some

    def volume(word: str, outlets: list[str]) -> pn.pane.Plotly:
        some = kept(word, outlets)
        week = some["published"].dt.tz_localize(None).dt.to_period("W").dt.start_time
        n = pd.concat(
            {name: week[some[column]].value_counts() for name, column in SERIES.items()}, names=["series"]
        )
        drawn = n.rename("articles").rename_axis(["series", "week"]).reset_index().sort_values("week")
        return pn.pane.Plotly(
            px.line(drawn, x="week", y="articles", color="series"), sizing_mode="stretch_width"
        )

    def by_outlet(word: str, outlets: list[str]) -> pn.pane.Plotly:
        some = kept(word, outlets)
        n = pd.concat(
            {name: some.loc[some[column], "outlet"].value_counts() for name, column in SERIES.items()}
        )
        drawn = n.rename("articles").rename_axis(["series", "outlet"]).reset_index()
        figure = px.bar(drawn, x="articles", y="outlet", color="series", barmode="group")
        return pn.pane.Plotly(figure, sizing_mode="stretch_width")

    return pn.Column(word, outlets, pn.bind(volume, word, outlets), pn.bind(by_outlet, word, outlets))


def main() -> None:
    articles = pd.read_parquet(sys.argv[1])
    pn.extension("plotly")
    pn.serve(
        {"/": lambda: page(articles)},
        port=int(sys.argv[2]),
        address="127.0.0.1",
        show=False,
        liveness="health",
    )


if __name__ == "__main__":
    main()
