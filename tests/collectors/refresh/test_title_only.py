"""A source without `fetch`: what it says is kept as it is, and completed by a refresh that fetches."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pandas as pd
import pytest

from collectors.kinds.registry import COLLECTORS
from collectors.refresh.refresh import refresh
from collectors.settings import load_sources
from collectors.source import Source
from pressgauge.store.dataset import Dataset
from tests.collectors.newsroom import FIRST, Outlet, article_page, text_of
from tests.loopback import Loopback


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    return Dataset(tmp_path / "coverage")


async def test_a_table_of_titles_is_kept_without_a_fetch_and_completed_by_a_refresh_that_fetches(
    web: Loopback, dataset: Dataset, tmp_path: Path
) -> None:
    web.page("/there", article_page(1, FIRST))
    table = ["url,title,outlet,date"]
    table += [f"{web.url('/there')},There,The A,2025-01-20", f"{web.url('/gone')},Gone,The B,2025-01-21"]
    table += [f"{web.url('/bare')},,The C,2025-01-22"]
    (tmp_path / "titles.csv").write_text("\n".join(table))
    source = Source("titles", "file", str(tmp_path / "titles.csv"), "titles", local=True, fetch=False)
    for stored in (2, 0):
        ledger = (await refresh(dataset, [source], readers=1)).sources[0]
        assert (ledger.stored, dict(ledger.rejected), ledger.error) == (stored, {"no_title": 1}, None)
    assert web.requests == []
    rows = dataset.load().set_index("title")
    assert set(rows["partial"]) == {"title_only"}
    assert rows["text"].isna().all()
    assert rows.loc["Gone", ["outlet", "published"]].to_list() == [
        "The B",
        pd.Timestamp("2025-01-21", tz=UTC),
    ]
    fetching = replace(source, fetch=True)
    ledger = (await refresh(dataset, [fetching], readers=1)).sources[0]
    assert (ledger.stored, dict(ledger.failed)) == (1, {"http_404": 2})
    rows = dataset.load().set_index("outlet")
    assert len(rows) == 2
    assert pd.isna(rows.loc["The A", "partial"])
    assert rows.loc["The A", "text"].split() == text_of(1).split()
    assert rows.loc["The B", ["title", "partial"]].to_list() == ["Gone", "title_only"]


async def test_titles_that_are_announced_once_are_completed_all_the_same(
    web: Loopback, dataset: Dataset
) -> None:
    outlet = Outlet(web)
    outlet.publish(2)
    outlet.write_feed(headers={"ETag": '"same"'})
    first = await refresh(dataset, [replace(outlet.source, fetch=False)], readers=1)
    assert (first.stored, outlet.asked_pages()) == (2, 0)
    assert (await refresh(dataset, [outlet.source], readers=1)).stored == 2
    assert dataset.load()["partial"].isna().all()
    again = await refresh(dataset, [outlet.source], readers=1)
    assert (again.stored, outlet.asked_pages()) == (0, 2)


def test_every_kind_takes_the_setting(tmp_path: Path) -> None:
    entries = [
        f'[[source]]\nname = "{kind}"\nkind = "{kind}"\nurl = "https://a.example/"\nfetch = false\n'
        for kind in COLLECTORS
    ]
    (tmp_path / "sources.toml").write_text("\n".join(entries))
    sources, errors = load_sources(tmp_path / "sources.toml")
    assert errors == []
    assert {(source.kind, source.fetch) for source in sources} == {(kind, False) for kind in COLLECTORS}
