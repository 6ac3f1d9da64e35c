"""Names that an installed package reads take the place of the rules, where names.toml asks for it."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pandas as pd
import pytest

import pressgauge
from pressgauge.errors import ConfigError, PressgaugeError
from pressgauge.settings import paths
from pressgauge.voices import readers
from pressgauge.voices.names import mentions
from pressgauge.voices.readers import name_reader
from pressgauge.voices.spacy_names import SpacyNames

TEXT = "the firm openai spoke. Then OpenAI CEO Sam Altman said: “We will open it soon.” altman left."
READER = """
import re

class Reader:
    version = "{version}"

    def __call__(self, text, language):
        if language != "en":
            return None
        return [(hit.start(), hit.end(), "organisation" if hit[0] == "openai" else "person")
                for hit in re.finditer("openai|Sam Altman", text)]
"""
Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Installs a package as pip leaves it: a module, and its metadata with an entry point."""
    site = tmp_path / "site"
    monkeypatch.syspath_prepend(site)
    monkeypatch.setenv("PRESSGAUGE_DATA", str(tmp_path / "settings"))
    modules = set(sys.modules)

    def installed(package: str, code: str, group: str, point: str) -> None:
        info = site / f"{package}-1.0.dist-info"
        info.mkdir(parents=True, exist_ok=True)
        (site / f"{package}.py").write_text(code, encoding="utf-8")
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[{group}]\n{point}\n")
        sys.modules.pop(package, None)
        readers._load.cache_clear()

    yield installed
    readers._load.cache_clear()
    for module in set(sys.modules) - modules:
        if (file := getattr(sys.modules[module], "__file__", None)) and str(site) in file:
            del sys.modules[module]


def ask_for(reader: str) -> Path:
    file = paths.names_file()
    file.parent.mkdir(exist_ok=True)
    file.write_text(f'[[reader]]\nname = "{reader}"\n', encoding="utf-8")
    return file


def names_in(dataset: pressgauge.Dataset) -> set[str]:
    return set(dataset.voices().names["name"])


def test_names_are_those_of_the_package_that_names_toml_asks_for(install: Install, tmp_path: Path) -> None:
    install("openreader", READER.format(version="1"), readers.GROUP, "open = openreader:Reader")
    dataset = pressgauge.open(tmp_path / "data")
    dataset.append(
        pd.DataFrame({"url": ["https://a.example/1"], "title": "A", "text": TEXT, "language": "en"})
    )
    assert names_in(dataset) == {"OpenAI", "Sam Altman"}
    ask_for("open")
    assert dataset.voices_behind() is None and names_in(dataset) == {"openai", "Sam Altman"}
    assert dataset.voices().quotations["name"].tolist() == ["Sam Altman"]
    assert dataset.voices_behind() == 0
    # Of another length: within a second, what Python compiled of a file as long would be taken for its own.
    install("openreader", READER.format(version="2.0"), readers.GROUP, "open = openreader:Reader")
    assert dataset.voices_behind() is None, "what another version read is read again"


def test_a_language_that_the_package_does_not_read_is_read_by_the_rules(install: Install) -> None:
    install("openreader", READER.format(version="1"), readers.GROUP, "open = openreader:Reader")
    reader = name_reader(ask_for("open"))
    german = "Firmenchef Arthur Mensch sprach."
    assert mentions(german, "de", reader=reader) == mentions(german, "de") != []


def test_roles_and_forms_of_names_that_a_package_reads_are_told_by_the_rules() -> None:
    text = "Then chairwoman Ann Lee spoke. Lee left."
    places = [(16, 23, "person"), (31, 34, "person"), (16, 19, "person")]
    found = mentions(text, "en", reader=lambda text, language: places)  # type: ignore[arg-type]
    assert [(each.form, each.name, each.role) for each in found] == [
        ("Ann Lee", "Ann Lee", "chairwoman"),
        ("Lee", "Ann Lee", None),
    ]


@pytest.mark.parametrize("place", [(-1, 2, "person"), (3, 3, "person"), (0, 99, "person"), (0, 3, "dog")])
def test_a_name_that_is_none_is_an_error_that_tells_it(place: tuple[int, int, str]) -> None:
    with pytest.raises(PressgaugeError, match="the reader of names gave"):
        mentions("Ann Lee spoke.", "en", reader=lambda text, language: [place])  # type: ignore[arg-type]


def test_what_names_toml_cannot_have_is_told(install: Install) -> None:
    assert name_reader(paths.names_file()) is None
    with pytest.raises(PressgaugeError, match="asks for the reader nobody"):
        name_reader(ask_for("nobody"))
    install("broken", "import nothing_of_that_name\nReader = None", readers.GROUP, "broken = broken:Reader")
    with pytest.raises(PressgaugeError, match="nothing_of_that_name"):
        name_reader(ask_for("broken"))
    file = ask_for("open")
    file.write_text('[[reader]]\nname = "open"\n[[reader]]\nname = "spacy"\n', encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        name_reader(file)
    assert caught.value.line == 4


def test_the_reader_by_spacy_is_offered() -> None:
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text(encoding="utf-8"))
    module, _, name = project["project"]["entry-points"][readers.GROUP]["spacy"].partition(":")
    assert hasattr(import_module(module), name)


PIPELINE = """
import spacy

def load(**options):
    pipeline = spacy.blank("en")
    pipeline.add_pipe("entity_ruler").add_patterns([
        {"label": "PERSON", "pattern": "Sam Altman"}, {"label": "ORG", "pattern": "openai"},
        {"label": "GPE", "pattern": "Rome"},
    ])
    return pipeline
"""


def test_an_installed_pipeline_of_spacy_reads_the_names_of_its_language(install: Install) -> None:
    install("en_two_names", PIPELINE, "spacy_models", "en_two_names = en_two_names")
    # behind the installation, since spaCy asks once for what is installed
    pytest.importorskip("spacy", reason="spaCy is no part of the lock: pip install spacy")
    reader = SpacyNames()
    assert reader.version.startswith("spacy ") and reader.version.endswith("en_two_names 1.0")
    found = mentions(f"{TEXT} Rome slept.", "en", reader=reader)
    assert {(each.form, each.kind, each.role) for each in found} == {
        ("openai", "organisation", None),
        ("Sam Altman", "person", "OpenAI CEO"),
    }
    assert reader("Sam Altman", "de") is None
