"""Whatever stands in a settings file, it is read, or refused in a sentence that names file and line."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import tomlkit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collectors.settings import load_sources
from pressgauge.errors import ConfigError, PressgaugeError
from pressgauge.settings.alerts import Alert, load_alerts, save_alert
from pressgauge.settings.events import load_events
from pressgauge.settings.outlets import Outlet, load_outlets, save_outlet
from pressgauge.settings.people import load_people
from pressgauge.settings.topics import Topic, load_topics, save_topic
from pressgauge.validation.codebook import load_codebook
from tests.examples import examples


def sources(file: Path) -> None:
    _, errors = load_sources(file)
    if errors:
        raise errors[0]


KINDS: dict[str, tuple[str, Callable[[Path], Any], str]] = {
    "topic": ("topic", load_topics, 'name = "a"\nlabel = "A"\nside = "open"\nquery = "x"\ncolor = "#0072B2"'),
    "topic of terms": ("topic", load_topics, 'name = "a"\nterms = ["x"]'),
    "event": (
        "event",
        load_events,
        'date = 2025-01-20\nlabel = "A"\ntopics = ["a"]\nurl = "https://a.example"',
    ),
    "outlet": (
        "outlet",
        load_outlets,
        'name = "A"\ndomains = ["a.example"]\naliases = ["B"]\ncountry = "GB"\nlanguage = "en"',
    ),
    "voice": ("voice", load_people, 'name = "A"\nalso = ["B"]\nkind = "person"\nrole = ["x"]\nhide = true'),
    "variable": (
        "variable",
        load_codebook,
        'name = "a"\nlabel = "A"\nquestion = "A?"\nvalues = [{name = "x"}, {name = "y"}]',
    ),
    "alert": (
        "alert",
        load_alerts,
        'name = "a"\nkind = "articles"\ntopic = "x"\nabout = true\ndeliver = ["feed"]',
    ),
    "alert of a share": (
        "alert",
        load_alerts,
        'name = "a"\nkind = "share"\nquery = "x"\nabove = 0.2\ndays = 7',
    ),
    "alert of a report": ("alert", load_alerts, 'name = "a"\nkind = "report"\nevery = "day"\nview = "x=1"'),
    "source": (
        "source",
        sources,
        'name = "A"\nkind = "feed"\nurl = "https://a.example/"\noutlet = "A"\ndomain = "a.example"'
        '\ncountry = "US"\nlanguage = "en"\nlocal = false\nmax_items = 3\nconcurrency = 2\ndelay = 1.0'
        '\nfetch = true\nnote = "n"',
    ),
}
WORST = {
    "a number of 5,000 digits": "1" + "0" * 5_000,
    "a number that no float holds": "1" + "0" * 400,
    "lists within lists": "[" * 1_100 + "]" * 1_100,
    "tables within tables": "{a=" * 1_100 + "1" + "}" * 1_100,
    "a text of 50,000 characters": '"' + "x" * 50_000 + '"',
    "what steers a terminal": r'"\u001b[31m\u0000\u202e"',
    "no number": "nan",
    "a day before all": "0001-01-01",
    "a moment after all": "9999-12-31T23:59:59-23:59",
    "nothing": '""',
}
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=9)
PLAIN = TEXTS | st.booleans() | st.integers(-(10**30), 10**30) | st.floats() | st.dates() | st.datetimes()
VALUES = st.recursive(
    PLAIN,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=2)
    ),
    max_leaves=5,
)


def with_value(folder: Path, kind: str, key: str, written: str) -> Path:
    """A settings file of that kind whose `key` is what is `written`, at line 3."""
    table, _, body = KINDS[kind]
    rest = [line for line in body.split("\n") if not line.startswith(f"{key} =")]
    file = folder / f"{table}s.toml"
    file.write_text("\n".join([f"[[{table}]]", rest[0], f"{key} = {written}", *rest[1:]]), encoding="utf-8")
    return file


def keys(kind: str) -> list[str]:
    return [line.partition(" =")[0] for line in KINDS[kind][2].split("\n")]


def is_read_or_refused(kind: str, key: str, file: Path) -> bool:
    """Whether the file is read; where it is not, the sentence says where, and is short and plain."""
    try:
        KINDS[kind][1](file)
    except ConfigError as error:
        assert error.file == file
        assert error.line is not None
        assert len(str(error)) < 1_000
        assert all(each.isprintable() or each == "\n" for each in str(error))
        return False
    return True


@pytest.mark.parametrize("kind", KINDS)
def test_the_worst_values_are_refused_with_their_line_at_every_key(kind: str, tmp_path: Path) -> None:
    for key in keys(kind):
        for worst in WORST.values():
            is_read_or_refused(kind, key, with_value(tmp_path, kind, key, worst))


@pytest.mark.parametrize("kind", KINDS)
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=examples(40), deadline=None
)
@given(data=st.data())
def test_any_value_of_any_type_is_read_or_refused_with_its_line(
    kind: str, data: st.DataObject, tmp_path: Path
) -> None:
    key = data.draw(st.sampled_from(keys(kind)))
    written = tomlkit.item(data.draw(VALUES)).as_string()
    is_read_or_refused(kind, key, with_value(tmp_path, kind, key, written))


SHOWN = {"event": "label", "outlet": "name", "voice": "name", "topic": "label", "variable": "label"}


@pytest.mark.parametrize("kind", [*SHOWN, "source"])
@pytest.mark.parametrize("written", [r'"a\u001b[31mb"', r'"b\u009b"'])
def test_a_name_that_steers_a_terminal_is_refused_with_the_sign_that_does(
    kind: str, written: str, tmp_path: Path
) -> None:
    file = with_value(tmp_path, kind, SHOWN.get(kind, "name"), written)
    with pytest.raises(ConfigError, match=r":3: .* control character U\+00(1B|9B); expected"):
        KINDS[kind][1](file)


@pytest.mark.parametrize("kind", SHOWN)
@pytest.mark.parametrize(
    "name", ["\u2066שלום\u2069", "\u202bسلام\u202c", "خبرگزاری\u200cها", "\u200b", "x" * 30_000]
)
def test_a_name_may_have_the_marks_and_joiners_of_its_script_and_any_length(
    kind: str, name: str, tmp_path: Path
) -> None:
    assert name in repr_of(KINDS[kind][1](with_value(tmp_path, kind, SHOWN[kind], f'"{name}"')))


def repr_of(loaded: Any) -> str:
    """What was loaded, with its texts as they are."""
    rows = loaded.to_dict("records") if hasattr(loaded, "to_dict") else [asdict(each) for each in loaded]
    return json.dumps(rows, ensure_ascii=False, default=str)


@pytest.mark.parametrize(
    ("kind", "key", "written"),
    [
        *[(kind, "label", written) for kind in ("topic", "event", "variable") for written in ('""', '" "')],
        *[("outlet", "aliases", '[""]'), ("voice", "also", '[""]'), ("voice", "role", '[""]')],
        *[(kind, "name", "x" * 600) for kind in ("topic", "variable", "alert")],
        ("variable", "values", '[{name = "y"}, {name = "' + "x" * 600 + '"}]'),
    ],
)
def test_what_says_nothing_and_what_is_long_is_no_mistake(
    kind: str, key: str, written: str, tmp_path: Path
) -> None:
    written = f'"{written}"' if written.startswith("x") else written
    assert is_read_or_refused(kind, key, with_value(tmp_path, kind, key, written))


@pytest.mark.parametrize(("kind", "key"), [("source", "name"), ("outlet", "name"), ("voice", "name")])
def test_without_a_name_nothing_can_be_shown(kind: str, key: str, tmp_path: Path) -> None:
    assert not is_read_or_refused(kind, key, with_value(tmp_path, kind, key, '" "'))


@pytest.mark.parametrize("key", ["max_items", "note", "my_option", "columns"])
@pytest.mark.parametrize(
    "written", ["9223372036854775808", "0x1" + "0" * 5_000, "[{a = 0x1" + "0" * 30 + "}]"]
)
def test_a_number_larger_than_64_bits_costs_the_source_that_has_it_and_no_other(
    key: str, written: str, tmp_path: Path
) -> None:
    file = with_value(tmp_path, "source", key, written)
    file.write_text(file.read_text() + '\n[[source]]\nname = "B"\nurl = "https://b.example/"\n')
    found, errors = load_sources(file)
    assert [source.name for source in found] == ["B"]
    assert [(error.line, error.problem) for error in errors] == [
        (3, f"{key} holds a whole number larger than 64 bits hold")
    ]


@pytest.mark.parametrize("kind", ["outlet", "source"])
@pytest.mark.parametrize("tag", ["und", "mul", "mis", "zxx"])
def test_a_tag_for_no_language_is_no_country(kind: str, tag: str, tmp_path: Path) -> None:
    assert is_read_or_refused(kind, "language", with_value(tmp_path, kind, "language", f'"{tag}"'))
    assert not is_read_or_refused(kind, "country", with_value(tmp_path, kind, "country", f'"{tag}"'))


def test_a_source_is_called_as_the_file_has_it_for_its_history_is_kept_by_name(tmp_path: Path) -> None:
    file = with_value(tmp_path, "source", "name", '" x  y "')
    assert [(source.name, source.outlet) for source in load_sources(file)[0]] == [("x  y", "A")]
    file.write_text('[[source]]\nname = "Ouest\u00a0France"\nurl = "https://a.example/"\n')
    assert [error.line for error in load_sources(file)[1]] == [2]  # nor is it changed into another


def test_the_name_of_an_outlet_may_be_written_on_two_lines(tmp_path: Path) -> None:
    file = with_value(tmp_path, "outlet", "name", '"""خبرگزاری\u200cها\n  News"""')
    assert [outlet.name for outlet in load_outlets(file)] == ["خبرگزاری\u200cها News"]


def test_people_whose_names_go_in_a_circle_are_refused_at_the_second(tmp_path: Path) -> None:
    file = tmp_path / "people.toml"
    file.write_text('[[voice]]\nname = "A"\nalso = ["B"]\n\n[[voice]]\nname = "B"\nalso = ["A"]\n')
    with pytest.raises(ConfigError, match=r"people.toml:7: 'B' is already 'A'"):
        load_people(file)


def test_what_the_app_saves_can_be_read_again(tmp_path: Path) -> None:
    for save, what in (
        (save_topic, Topic("a", "A\u001b", None, "x")),
        (save_outlet, Outlet("A\u009b")),
        (save_alert, Alert("a", "articles", speaker="\0")),
    ):
        file = tmp_path / "settings.toml"
        with pytest.raises(PressgaugeError, match=r"of one line.* U\+00"):
            save(file, what)  # type: ignore[operator]
        assert not file.exists()
    save_topic(tmp_path / "topics.toml", Topic("a", "One\n two", None, "x"))
    assert [topic.label for topic in load_topics(tmp_path / "topics.toml")] == ["One two"]
