"""Add a source: paste a site's address, see what it offers, write what is chosen into the settings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import panel as pn
import panel_material_ui as pmui

from collectors.discovery.offer import Offer, Sample, Site
from collectors.reasons import reason_of
from collectors.sources_file import Additions, add_source
from dashboard.commands.init import sources_to_change
from dashboard.components import formats, safe
from dashboard.components.heartbeat import Heartbeat
from dashboard.components.markup import Markup, button, table
from dashboard.session.site_job import SiteJob
from pressgauge.errors import PressgaugeError


class AddSource:
    """The part of the Sources view that makes a source of an address; `on_added` hears of each."""

    def __init__(self, path: str | Path, on_added: Callable[[], None]) -> None:
        self._job, self._on_added = SiteJob(path), on_added
        self._heartbeat = Heartbeat(self._job, self._hear)
        self._site: Site | None = None
        self._address = pmui.TextInput(
            label="Add a source: its site, section or feed", width=340, margin=(10, 16, 10, 0)
        )
        self._look = pmui.Button(label="Look at it", variant="outlined", margin=(18, 16, 10, 0))
        self._look.on_click(self._begin)
        self._name, self._country, self._language = (
            pmui.TextInput(label=label, width=width, margin=(10, 16, 10, 0))
            for label, width in (("Name", 260), ("Country (such as US)", 160), ("Language (such as en)", 160))
        )
        self._status, self._offers = Markup(), Markup(on_go=self._go)
        self._fields = pn.FlexBox(self._name, self._country, self._language, visible=False)
        self.panel = pn.Column(
            pn.FlexBox(self._address, self._look),
            self._status,
            self._fields,
            self._offers,
            sizing_mode="stretch_width",
        )

    async def _begin(self, _: Any) -> None:
        if not (address := self._address.value.strip()):
            self._say("Paste an address first, such as https://www.example.org.", role="alert")
            return
        self._site, self._offers.html, self._fields.visible = None, "", False
        self._job.look(address)
        self._heartbeat.follow()

    def _hear(self) -> None:
        """Show where the look is, and at its end what the site offers."""
        job = self._job
        self._look.disabled = job.running
        self._say(job.message)
        if job.running:
            return
        if job.report is not None:
            self._show(Site.from_dict(job.report))

    def _show(self, site: Site) -> None:
        self._site = site
        self._name.value, self._country.value = site.name, site.country or ""
        self._language.value = site.language or ""
        self._fields.visible = bool(site.offers)
        notes = "".join(f"<p>{safe.text(note)}</p>" for note in (site.robots, *site.notes))
        try:
            additions = Additions(sources_to_change(None))
        except PressgaugeError as error:
            self._offers.html = f'<p class="notice">{safe.text(error)}</p>'
            return
        offers = [
            _offer(number, offer, additions.source_at(offer.url), site.samples if number == 0 else ())
            for number, offer in enumerate(site.offers)
        ]
        self._offers.html = notes + "".join(offers)

    def _go(self, action: str, value: Any) -> None:
        site = self._site
        if action != "add" or site is None or not isinstance(value, int) or not 0 <= value < len(site.offers):
            return
        values = {
            "name": self._name.value.strip(),
            "country": self._country.value.strip(),
            "language": self._language.value.strip(),
        }
        try:
            source = add_source(sources_to_change(None), site.settings(site.offers[value], **values))
        except PressgaugeError as error:
            self._say(str(error), role="alert")
            return
        self._site, self._offers.html, self._fields.visible = None, "", False
        self._address.value = ""
        self._say(f"Added {source['name']}: the next refresh collects it, too.")
        self._on_added()

    def _say(self, text: str, role: str = "status") -> None:
        self._status.html = f'<p role="{role}" data-look="{self._job.status}"><b>{safe.text(text)}</b></p>'


def _offer(number: int, offer: Offer, source: str | None, samples: tuple[Sample, ...]) -> str:
    """An offer with its newest entries, and what the reader makes of two of them."""
    act = f"<p>It is collected already, by the source {safe.text(source)}.</p>"
    if source is None:
        act = f'<div class="row">{button("Add this source", "add", number, classes="act")}</div>'
    entries = [
        (safe.text((entry.published or "no date")[:10]), safe.link(entry.url, entry.title or entry.url))
        for entry in offer.entries
    ]
    title = f"{offer.kind}: {offer.title or offer.url}"
    place = f"{offer.url} ({offer.where}; {formats.count(offer.total)} entries)"
    preview = ""
    if samples:
        head = ("Article", "Date", "Authors", "Language", "Characters", "Beginning of the text")
        preview = (
            f"<p>What the reader makes of two articles</p>{table(head, map(_sample, samples), numbers=(4,))}"
        )
    newest = table(("Date", "Newest entries"), entries) if entries else "<p>It has no entry today.</p>"
    return f"<h2>{safe.text(title)}</h2><p>{safe.text(place)}</p>{act}{newest}{preview}"


def _sample(sample: Sample) -> tuple[str, ...]:
    text = reason_of(sample.refused).sentence if sample.refused else sample.beginning
    return (
        safe.link(sample.url, sample.title or sample.url),
        safe.text((sample.published or "unknown")[:10]),
        safe.text(", ".join(sample.authors)),
        safe.text(formats.language(sample.language) if sample.language else "unknown"),
        formats.count(sample.characters),
        safe.text(text),
    )
