"""`sources.toml` -> Source."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from collectors.kinds.registry import COLLECTORS
from collectors.source import COMMON_SETTINGS, LONGEST_SOURCE_NAME, Source
from pressgauge.errors import ConfigError
from pressgauge.settings import paths
from pressgauge.settings.toml import Entry, entries
from pressgauge.unicode import seen_line
from pressgauge.urls import is_web

log = logging.getLogger(__name__)


def load_sources(path: str | Path) -> tuple[list[Source], list[ConfigError]]:
    """The sources of a `sources.toml`, in order, and what is wrong in it, with file and line.

    An entry that cannot be used is left out and reported; the others load. A file that is absent or no TOML
    is one error and no source. Settings that no source has are the kind's own: the collector checks them.
    """
    try:
        tables = entries(path, "source")
    except ConfigError as error:
        return [], [error]
    sources: dict[str, Source] = {}
    errors: list[ConfigError] = []
    for entry in tables:
        try:
            source = parse_source(entry)
            if source.name in sources:
                raise entry.error(
                    f'name = "{source.name}" is taken', "a name that no other source has", "name"
                )
        except ConfigError as error:
            errors.append(error)
        else:
            sources[source.name] = source
    return list(sources.values()), errors


def enabled_sources() -> list[Source]:
    """The sources that the settings in use (`paths.sources_file()`) enable; what is wrong there is logged."""
    sources, errors = load_sources(paths.sources_file())
    for error in errors:
        log.warning("%s", error)
    return [source for source in sources if source.enabled]


def parse_source(entry: Entry) -> Source:
    """The source that an entry of the settings describes; raises ConfigError saying what was expected."""
    name, url = entry.name("name").strip(), entry.get("url", str).strip()
    kind = entry.get("kind", str, "feed")
    solid = name.replace(" ", "")  # the name as it stands is what cursors and outcomes are kept by
    if not 0 < len(name) <= LONGEST_SOURCE_NAME or seen_line(solid) != solid:
        expected = f"a name of 1 to {LONGEST_SOURCE_NAME} printable characters"
        raise entry.error(f"name = {name!r}", expected, "name")
    if kind not in COLLECTORS:
        raise entry.error(f'kind = "{kind}"', f"one of {', '.join(sorted(COLLECTORS))}", "kind")
    if not COLLECTORS[kind].takes_path and not is_web(url):
        raise entry.error(f'url = "{url}"', "an address that begins with https:// or http://", "url")
    return Source(
        name=name,
        kind=kind,
        url=url,
        outlet=entry.name("outlet", name),
        domain=entry.get("domain", str, "").lower() or None,
        country=entry.code("country"),
        language=entry.code("language"),
        local=entry.get("local", bool, False),
        enabled=entry.get("enabled", bool, True),
        max_items=_at_least(entry, "max_items", int, 1),
        concurrency=_at_least(entry, "concurrency", int, 1),
        delay=_at_least(entry, "delay", float, 0),
        fetch=entry.get("fetch", bool, True),
        note=entry.get("note", str, "").strip() or None,
        options={key: entry.value(key) for key in entry.values if key not in COMMON_SETTINGS},
        lines=entry.lines,
    )


def _at_least(entry: Entry, key: str, kind: type, least: int) -> Any:
    value: Any = entry.get(key, kind, None)
    if value is not None and not least <= value <= 1_000_000:
        raise entry.error(f"{key} = {value}", f"a number of {least} or more", key)
    return value
