"""The documentation of the kinds is complete, and its examples load."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from collectors.candidate import Window
from collectors.collector import Context
from collectors.errors import CollectError
from collectors.kinds.registry import COLLECTORS
from collectors.settings import load_sources
from collectors.source import Source

DOC = Path(__file__).resolve().parents[2] / "docs" / "collectors.md"
SECTIONS = {
    section.split("\n", 1)[0].strip(): section
    for section in re.split(r"^## ", DOC.read_text(), flags=re.M)[1:]
}
EXAMPLES = re.findall(r"^```toml\n(.*?)^```", DOC.read_text(), flags=re.M | re.S)


def test_every_kind_is_documented_and_every_documented_kind_exists():
    assert set(SECTIONS) == set(COLLECTORS)
    table = re.findall(r"^\| `(\w+)` \|", DOC.read_text().split("## ", 1)[0], flags=re.M)
    assert set(table) == set(COLLECTORS)


def test_every_example_loads_and_is_of_its_section(tmp_path):
    assert len(EXAMPLES) == len(COLLECTORS)
    file = tmp_path / "sources.toml"
    file.write_text("\n".join(EXAMPLES))
    sources, errors = load_sources(file)
    assert errors == []
    assert [source.kind for source in sources] == list(SECTIONS)
    assert not any(source.enabled for source in sources)


async def options_of(kind: str) -> set[str]:
    """The names that the kind itself lists when it is given a wrong one."""
    source = Source(name="x", kind=kind, url="/nowhere", outlet="x", options={"no_such_option": 1})
    with pytest.raises(CollectError) as caught:
        async for _ in COLLECTORS[kind].collect(
            source, Window(), Context(fetch=None, cursor=None, workers=None)
        ):
            pass
    assert caught.value.reason == "bad_option"
    return set(re.split(r"\W+", caught.value.detail.split("it knows", 1)[1])) - {"", "none"}


@pytest.mark.parametrize("kind", sorted(set(COLLECTORS) - {"feed"}))
async def test_the_options_of_a_kind_are_those_documented(kind):
    documented = set(re.findall(r"^\| `(\w+)` \| ", SECTIONS[kind], flags=re.M))
    assert documented == await options_of(kind)


@pytest.mark.parametrize("kind", sorted(COLLECTORS))
def test_a_kind_says_what_it_reads_and_cannot_do_in_a_line_each(kind):
    collector = COLLECTORS[kind]
    assert collector.kind == kind
    for line in (collector.summary, collector.limits):
        assert 20 < len(line) < 110 and "\n" not in line
    assert (collector.key or "no") in SECTIONS[kind] or collector.key is None
