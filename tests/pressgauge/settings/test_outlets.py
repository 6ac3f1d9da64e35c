"""An outlet is one in every chart, whatever names and domains it was collected under."""

from __future__ import annotations

import os
from itertools import product
from pathlib import Path

import pandas as pd
import pytest

import pressgauge
from pressgauge.errors import ConfigError
from pressgauge.settings.outlets import Outlet, Outlets, load_outlets, save_outlet, similar_outlets
from pressgauge.store.dataset import Dataset

GUARDIAN = Outlet("The Guardian", ("theguardian.com",), ("UK homepage",), "GB", "en")
TAZ = Outlet("taz", ("taz.de",), (), "DE", "de")
KNOWN = Outlets([GUARDIAN, TAZ])


@pytest.mark.parametrize(
    ("outlet", "domain", "found"),
    [
        ("theguardian.com", "theguardian.com", GUARDIAN),
        ("World news", "amp.theguardian.com", GUARDIAN),
        ("UK homepage", "news.example", GUARDIAN),
        ("the guardian", None, GUARDIAN),
        ("The Guardian", "taz.de", TAZ),  # the domain decides
        ("The Guardian Nigeria", "guardian.ng", None),
        ("nottheguardian.com", "nottheguardian.com", None),
        (None, None, None),
    ],
)
def test_an_outlet_is_known_by_its_domain_first_and_else_by_a_name(
    outlet: str | None, domain: str | None, found: Outlet | None
) -> None:
    assert KNOWN.find(outlet, domain) == found


def test_relabelling_changes_names_and_fills_in_countries_and_languages_that_are_unknown() -> None:
    frame = pd.DataFrame(
        {
            "outlet": ["theguardian.com", "UK homepage", "Other", "TAZ"],
            "domain": ["theguardian.com", None, "other.example", "taz.de"],
            "country": ["US", None, None, None],
            "language": [None, "fr", None, None],
        }
    )
    made = KNOWN.relabel(frame)
    assert made["outlet"].tolist() == ["The Guardian", "The Guardian", "Other", "taz"]
    assert made["country"].astype(object).where(made["country"].notna(), None).tolist() == [
        "US",
        "GB",
        None,
        "DE",
    ]
    assert made["language"].astype(object).where(made["language"].notna(), None).tolist() == [
        "en",
        "fr",
        None,
        "de",
    ]
    assert frame["outlet"].tolist() == ["theguardian.com", "UK homepage", "Other", "TAZ"]


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ('[[outlet]]\nname = "A"\ndomains = ["https://a.example/"]', 3, "domain"),
        ('[[outlet]]\nname = "A"\ncountry = "Atlantis"', 3, "country"),
        ('[[outlet]]\nname = "A"\n[[outlet]]\nname = "B"\naliases = ["a"]', 3, "of A, too"),
        ('[[outlet]]\nname = "A"\ndomain = ["a.example"]', 3, "unknown key domain"),
        ('[[outlet]]\ndomains = ["a.example"]', 1, "name is missing"),
    ],
)
def test_a_mistake_in_the_file_is_named_with_its_line(
    tmp_path: Path, text: str, line: int, problem: str
) -> None:
    file = tmp_path / "outlets.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=problem) as caught:
        load_outlets(file)
    assert caught.value.line == line


@pytest.fixture
def dataset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dataset:
    monkeypatch.setenv("PRESSGAUGE_DATA", str(tmp_path))
    dataset = pressgauge.open(tmp_path / "coverage")
    dataset.append(
        pd.DataFrame(
            {
                "url": [f"https://www.post{n % 2}.example/{n}" for n in range(4)],
                "title": [f"Title {n}" for n in range(4)],
                "outlet": ["Post", "Post | Home", "post0.example", "Else"],
                "country": [None, None, "US", None],
                "published": pd.to_datetime("2025-01-20", utc=True),
            }
        )
    )
    return dataset


def edit(folder: Path, text: str) -> None:
    file = folder / "outlets.toml"
    file.write_text(text, encoding="utf-8")
    changed = file.stat().st_mtime_ns + len(text) * 1_000_000
    os.utime(file, ns=(changed, changed))


def test_an_edit_relabels_all_history_and_nothing_that_is_stored(dataset: Dataset, tmp_path: Path) -> None:
    before = {file: file.read_bytes() for file in (dataset.path / "articles").rglob("*.parquet")}
    assert sorted(dataset.snapshot([]).articles["outlet"]) == ["Else", "Post", "Post | Home", "post0.example"]
    edit(
        tmp_path,
        '[[outlet]]\nname = "The Post"\ndomains = ["post0.example"]\naliases = ["Post | Home"]\n'
        'country = "GB"',
    )
    for frame in (
        dataset.load(),
        dataset.load(["outlet"]),
        dataset.snapshot([]).articles,
        dataset.of_month("2025-01", ["outlet"]),
    ):
        assert sorted(frame["outlet"]) == ["Else", "The Post", "The Post", "The Post"]
    ids = dataset.load(["id"])["id"]
    assert sorted(dataset.read(ids, ["outlet"])["outlet"]) == ["Else", "The Post", "The Post", "The Post"]
    assert dataset.load(["country"])["country"].value_counts().to_dict() == {"GB": 2, "US": 1}
    edit(tmp_path, '[[outlet]]\nname = "Post, all of it"\ndomains = ["post0.example", "post1.example"]')
    assert set(dataset.snapshot([]).articles["outlet"]) == {"Post, all of it"}
    assert {file: file.read_bytes() for file in (dataset.path / "articles").rglob("*.parquet")} == before


def test_a_search_knows_outlets_and_countries_as_the_charts_do(dataset: Dataset, tmp_path: Path) -> None:
    edit(
        tmp_path,
        '[[outlet]]\nname = "Daily Mercury"\ndomains = ["post0.example"]\naliases = ["Post | Home"]\n'
        'country = "GB"',
    )
    assert sorted(dataset.search("outlet:mercury")["title"]) == ["Title 0", "Title 1", "Title 2"]
    assert len(dataset.search("outlet:merc*")) == 3
    assert len(dataset.search('outlet:"mercury daily"')) == 0
    assert (
        sorted(dataset.search("country:GB")["title"]) == sorted(dataset.search("country:gb*")["title"]) != []
    )
    assert dataset.search("country:US")["title"].tolist() == ["Title 2"]
    assert len(dataset.search("outlet:post")) == 2  # the names they came under are found, too


def test_a_search_for_a_country_or_language_finds_what_the_charts_count_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESSGAUGE_DATA", str(tmp_path))
    edit(
        tmp_path,
        '[[outlet]]\nname = "Alpha"\ndomains = ["a.example", "c.b.a.example"]\n'
        'country = "GB"\nlanguage = "en"\n'
        '[[outlet]]\nname = "Beta"\ndomains = ["b.a.example"]\naliases = ["The Beta"]\ncountry = "FR"\n'
        '[[outlet]]\nname = "Gamma News"\naliases = ["gamma.example"]\ncountry = "GB"\nlanguage = "nl"\n',
    )
    hosts = ("a.example", "x.a.example", "b.a.example", "c.b.a.example", "other.example", "gamma.example")
    names = ("Alpha", "the beta", "Gamma News", "Else", None)
    cells = list(product(hosts, names, (None, "US", "GB")))
    rows = [
        {"url": f"https://{host}/{n}", "outlet": name, "country": country, "title": "T", "domain": host}
        for n, (host, name, country) in enumerate(cells)
    ]
    dataset = pressgauge.open(tmp_path / "coverage")
    dataset.append(pd.DataFrame(rows))
    shown = dataset.load()

    def found(query: str) -> list[int]:
        return sorted(dataset.search(query)["id"])

    for column in ("country", "language"):
        for code in ("GB", "FR", "US", "en", "nl"):
            assert found(f"{column}:{code}") == sorted(shown.loc[shown[column] == code, "id"]), (column, code)
        assert found(f"{column}:*") == sorted(shown.loc[shown[column].notna(), "id"])
        assert found(f"NOT {column}:*") == sorted(shown.loc[shown[column].isna(), "id"])
    assert found("country:gb*") == found("country:GB") != []
    for name in ("Alpha", "Beta", "Gamma News"):
        came_as = shown["url"].map(lambda url: cells[int(url.rsplit("/", 1)[1])][1] or "").str.lower()
        known = (shown["outlet"] == name) | came_as.str.contains(name.lower())
        assert found(f'outlet:"{name}"') == sorted(shown.loc[known, "id"])


def test_names_that_look_like_one_outlet_are_proposed_and_an_aggregator_is_not_one() -> None:
    rows = [
        *[("techcrunch.com", "techcrunch.com")] * 5,
        *[("AI News | TechCrunch", "techcrunch.com")] * 4,
        ("TechCrunch", "techcrunch.com"),
        *[("The New York Times", "nytimes.com")] * 2,
        ("New York Times", None),
        ("Reuters", "news.example"),
        ("BBC", "news.example"),
        ("a.substack.example", "a.substack.example"),
        ("b.substack.example", "b.substack.example"),
    ]
    frame = pd.DataFrame(rows, columns=["outlet", "domain"])
    found = similar_outlets(frame, Outlets())
    assert found["name"].tolist() == ["TechCrunch", "The New York Times"]
    assert found["outlets"].tolist() == [
        ("techcrunch.com", "AI News | TechCrunch", "TechCrunch"),
        ("The New York Times", "New York Times"),
    ]
    assert found["articles"].tolist() == [10, 3]
    known = Outlets([Outlet("TechCrunch", ("techcrunch.com",))])
    assert similar_outlets(frame, known)["name"].tolist() == ["The New York Times"]


def test_a_domain_that_others_are_on_is_not_proposed_as_the_outlet_s_own() -> None:
    rows = [("Reuters", "reuters.example"), ("REUTERS", "portal.example"), ("Mercury", "portal.example")]
    found = similar_outlets(pd.DataFrame(rows, columns=["outlet", "domain"]), Outlets())
    assert found["outlets"].tolist() == [("REUTERS", "Reuters")]
    assert found["domains"].tolist() == [("reuters.example",)]


def test_the_one_name_beside_a_bare_domain_is_proposed_however_rare_the_domain_is_as_a_name() -> None:
    rows = [*[("heise online", "heise.de")] * 9, ("heise.de", "heise.de")]
    rows += [*[("Reuters", "portal.example")] * 9, ("Mercury", "portal.example"), ("portal.example",) * 2]
    found = similar_outlets(pd.DataFrame(rows, columns=["outlet", "domain"]), Outlets())
    assert found["name"].tolist() == ["heise online"]


def test_an_outlet_is_added_to_the_file_whose_comments_stay(tmp_path: Path) -> None:
    file = tmp_path / "outlets.toml"
    file.write_text('# Mine.\n[[outlet]]\nname = "Post"  # the morning one\ndomains = ["post.example"]\n')
    save_outlet(file, Outlet("Mercury", ("mercury.example",), ("The Mercury", "mercury.example"), "GB"))
    save_outlet(file, Outlet("Post", ("post.example", "post.test"), ("The Post",)))
    save_outlet(file, Outlet("Post", ("post.test",)))
    assert file.read_text().startswith('# Mine.\n[[outlet]]\nname = "Post"  # the morning one\n')
    assert load_outlets(file) == [
        Outlet("Post", ("post.example", "post.test"), ("The Post",)),
        Outlet("Mercury", ("mercury.example",), ("The Mercury",), "GB"),
    ]


@pytest.mark.parametrize("stored", ["Daily  Post", "Ouest\u00a0France", "\u2066שלום\u2069", "L\u0092Express"])
def test_an_alias_is_a_name_as_articles_have_it(tmp_path: Path, stored: str) -> None:
    file = tmp_path / "outlets.toml"
    save_outlet(file, Outlet("Post", aliases=(stored,)))
    known = Outlets(load_outlets(file))
    assert known.find(stored, None) == Outlet("Post", aliases=(stored,))


@pytest.mark.parametrize("stored", ["Daily  Post", "Ouest\u00a0France"])
def test_names_made_one_outlet_are_one_whichever_of_them_it_goes_by(tmp_path: Path, stored: str) -> None:
    file, shown = tmp_path / "outlets.toml", " ".join(stored.split())
    save_outlet(file, Outlet(stored, aliases=(shown, f"{stored} | Home")))
    save_outlet(file, Outlet(stored, domains=("post.example",)))
    known = Outlets(load_outlets(file))
    assert [outlet.name for outlet in known.outlets] == [shown]
    frame = pd.DataFrame({"outlet": [stored, shown, f"{stored} | Home"], "domain": None})
    assert set(known.relabel(frame)["outlet"]) == {shown}


def test_an_outlet_is_written_where_there_is_no_file(tmp_path: Path) -> None:
    save_outlet(tmp_path / "outlets.toml", Outlet("Mercury", ("mercury.example",)))
    assert load_outlets(tmp_path / "outlets.toml") == [Outlet("Mercury", ("mercury.example",))]


def test_a_name_of_another_outlet_is_refused_and_the_file_stays(tmp_path: Path) -> None:
    file = tmp_path / "outlets.toml"
    save_outlet(file, Outlet("Mercury", ("mercury.example",)))
    before = file.read_text()
    with pytest.raises(ConfigError, match="is a name or domain of Mercury"):
        save_outlet(file, Outlet("Post", ("mercury.example",)))
    assert file.read_text() == before


def test_every_listed_source_is_an_outlet_of_the_tracked_file() -> None:
    from collectors.settings import load_sources

    data = Path(__file__).parents[3] / "data"
    known = Outlets(load_outlets(data / "outlets.toml"))
    sources, _ = load_sources(data / "sources.toml")
    for source in sources:
        found = known.find(source.outlet, source.domain)
        assert found is not None, source.name
        assert (found.country, found.language) == (source.country, source.language)
