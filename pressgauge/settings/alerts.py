"""Alerts: what somebody wants to be told of after a refresh, and by which channels."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from pressgauge.errors import ConfigError, QueryError
from pressgauge.settings import editing
from pressgauge.settings.toml import IDENTIFIER, Entry, entries, unique_entries

Kind = Literal["articles", "burst", "share", "silence", "report"]
KINDS = ("articles", "burst", "share", "silence", "report")
Every = Literal["day", "week", "month"]
EVERY = ("day", "week", "month")
_KEYS = (
    *("name", "kind", "topic", "query", "speaker", "event", "source", "about", "above", "below", "days"),
    *("every", "view", "deliver", "local"),
)
_SUBJECTS: dict[str, tuple[str, ...]] = {
    "articles": ("topic", "query", "speaker", "event"),
    "burst": ("topic", "query"),
    "share": ("topic", "query"),
    "silence": ("source",),
    "report": (),
}
_EXAMPLE = "deepseek_bursts"
_ADDRESS = re.compile(r"[^@\s<>,;\"]{1,64}@[^@\s<>,;\"]{1,190}")
_VARIABLE = re.compile("[A-Z][A-Z0-9_]{0,60}")
_FILE = re.compile(r"[\w-][\w.-]{0,100}")
_MOST_DAYS = 366
_LONGEST_VIEW = 4_000


@dataclass(frozen=True, slots=True)
class Alert:
    """What to be told of: `name` identifies it, `kind` says what happens.

    "articles": new articles of a `topic` (by name), a `query`, that quote a `speaker`, or of an `event` (its
    number). "burst": a burst of a topic or query begins. "share": the share of a topic or query in the latest
    `days` passes a line, `above` or `below`. "silence": a `source` (None: any) has brought nothing for longer
    than it ever paused. "report": what a page says of the whole day, week or month (`every`) that has ended;
    `view` is what stands behind the "?" of a link to it. `about` counts articles about the subject only.
    `deliver` are channels, "feed",
    "mail:ADDRESS", "webhook:NAME" or "file:NAME"; `local` lets webhooks go to private addresses.
    """

    name: str
    kind: Kind
    topic: str | None = None
    query: str | None = None
    speaker: str | None = None
    event: int | None = None
    source: str | None = None
    about: bool = False
    above: float | None = None
    below: float | None = None
    days: int = 7
    every: Every | None = None
    view: str = ""
    deliver: tuple[str, ...] = ("feed",)
    local: bool = False

    @property
    def condition(self) -> tuple[Any, ...]:
        """What is looked for, whatever the alert is called and wherever it is delivered."""
        of = (self.topic, self.query, self.speaker, self.event, self.source)
        report = (self.every, self.view) if self.kind == "report" else ()
        return (self.kind, *of, self.about, self.above, self.below, self.days, *report)


def load_alerts(path: str | Path) -> list[Alert]:
    """The alerts of an `alerts.toml`, in order; none where there is no such file.

    Raises ConfigError with file, line and what was expected at the first entry that cannot be used.
    """
    return unique_entries(path, "alert", _parse_alert) if Path(path).exists() else []


def save_alert(path: str | Path, alert: Alert) -> None:
    """Add the alert to the file, or replace the one of its name; comments and all else stay as they are.

    The file is replaced in one step. Raises ConfigError when it cannot be read, or the alert is none, and
    PressgaugeError where what it is about is no text of one line.
    """
    import tomlkit

    file = Path(path)
    if not alert.name.isidentifier():
        raise ConfigError(file, None, f"name = {alert.name!r}", IDENTIFIER + _EXAMPLE)
    for key in ("topic", "speaker", "source"):
        if (text := getattr(alert, key)) is not None:
            editing.single_line(text, f"{key} is a text")
    with editing.locked(file):
        names = [entry.values.get("name") for entry in entries(file, "alert")] if file.exists() else []
        document = tomlkit.parse(editing.text(file))
        table = tomlkit.table()
        for key in _KEYS:
            value = getattr(alert, key)
            if key in ("name", "kind") or value != Alert.__dataclass_fields__[key].default:
                table[key] = list(value) if isinstance(value, tuple) else value
        if alert.name in names:
            document["alert"][names.index(alert.name)] = table
        else:
            editing.append(document, "alert", table)
        editing.write(file, tomlkit.dumps(document))


def delete_alert(path: str | Path, name: str) -> None:
    """Take the alert of that name out of the file; comments and all else stay as they are.

    Raises ConfigError when the file cannot be read or has no such alert.
    """
    editing.remove(Path(path), "alert", name)


def _parse_alert(entry: Entry) -> Alert:
    entry.only(_KEYS)
    name, kind = entry.identifier("name", _EXAMPLE), entry.get("kind", str)
    if kind not in KINDS:
        raise entry.error(f"kind = {kind!r}", " or ".join(f'"{each}"' for each in KINDS), "kind")
    _check_subject(entry, kind)
    above, below = _parse_share(entry, "above"), _parse_share(entry, "below")
    if (kind == "share") != (sum(line is not None for line in (above, below)) == 1):
        expected = "either above or below" if kind == "share" else 'above and below with kind = "share" only'
        raise entry.error(f"the line of a {kind} alert", expected)
    days = entry.get("days", int, 7)
    if not 1 <= days <= _MOST_DAYS:
        raise entry.error(f"days = {days}", f"a number from 1 to {_MOST_DAYS}", "days")
    return Alert(
        name=name,
        kind=cast("Kind", kind),
        topic=entry.name("topic", None),
        query=entry.get("query", str, None),
        speaker=entry.name("speaker", None),
        event=entry.get("event", int, None),
        source=entry.name("source", None),
        about=entry.get("about", bool, False),
        above=above,
        below=below,
        days=days,
        every=_parse_every(entry, kind),
        view=_parse_view(entry, kind),
        deliver=_parse_channels(entry),
        local=entry.get("local", bool, False),
    )


def _check_subject(entry: Entry, kind: str) -> None:
    """Raises ConfigError unless the alert says what it is about, once and by a key of its kind."""
    from pressgauge.search.query import parse

    keys = [key for key in _SUBJECTS["articles"] + _SUBJECTS["silence"] if key in entry.values]
    may = _SUBJECTS[kind]
    enough = len(keys) == 1 or (kind in ("silence", "report") and not keys)
    if not enough or any(key not in may for key in keys):
        problem = f"{' and '.join(keys) or 'nothing to look for'} given for kind = {kind!r}"
        expected = f"one of {', '.join(may)}" if may else "a view: what stands behind the ? of a link"
        raise entry.error(problem, expected, (keys or ["kind"])[0])
    if "query" in keys:
        try:
            parse(entry.get("query", str))
        except QueryError as error:
            raise entry.error(str(error), "a query as described in docs/topics.md", "query") from error


def _parse_share(entry: Entry, key: str) -> float | None:
    value = entry.get(key, float, None)
    if value is not None and not 0 < value < 1:
        raise entry.error(f"{key} = {value}", "a share between 0 and 1, such as 0.2", key)
    return value


def _parse_every(entry: Entry, kind: str) -> Every | None:
    every = entry.get("every", str, None)
    if (every is not None) != (kind == "report") or every not in (None, *EVERY):
        expected = " or ".join(f'"{each}"' for each in EVERY) + ' with kind = "report", and only with it'
        raise entry.error(f"every = {every!r}", expected, "every" if every is not None else "kind")
    return cast("Every | None", every)


def _parse_view(entry: Entry, kind: str) -> str:
    view = entry.get("view", str, "")
    if view and (kind != "report" or len(view) > _LONGEST_VIEW):
        raise entry.error(
            f"view = {view[:40]!r}", 'what stands behind the ? of a link, with kind = "report"', "view"
        )
    return view


def _parse_channels(entry: Entry) -> tuple[str, ...]:
    channels = entry.texts("deliver", ["feed"])
    for channel in channels:
        kind, _, of = channel.partition(":")
        sound = {
            "feed": not of,
            "mail": _ADDRESS.fullmatch(of) is not None,
            "webhook": _VARIABLE.fullmatch(of) is not None,
            # What is kept beside the settings is no line of an alert's.
            "file": _FILE.fullmatch(of) is not None and not of.lower().endswith((".toml", ".lock")),
        }
        if not sound.get(kind):
            expected = '"feed", "mail:ada@example.org", "webhook:NAME" (capitals) or "file:alerts.jsonl"'
            raise entry.error(f"{channel!r} is no channel", expected, "deliver")
    return channels
