"""A sample that is coded elsewhere: taken along as a table, brought back with its answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path

import panel as pn

from dashboard.components import formats, safe
from dashboard.components.browser.drop import Drop
from dashboard.components.markup import Markup
from dashboard.downloads.button import download_button
from pressgauge.errors import PressgaugeError
from pressgauge.store.export import ENCODING
from pressgauge.validation.frame import Validation
from pressgauge.validation.sheets import sheet


class CodingTables:
    """A button that saves the sample as CSV, and a place to drop what comes back.

    `sample` gives the sample of whoever is coding, None without one; `on_codes` is called when codes were
    kept.
    """

    def __init__(self, sample: Callable[[], Validation | None], on_codes: Callable[[], None]) -> None:
        self._sample, self._on_codes = sample, on_codes
        self._drop = Drop(self._read, invitation="Drop coded tables here, or choose them: CSV, XLSX, ODS")
        self._outcome = Markup()
        save = download_button("Sample (CSV)", "pressgauge-sample.csv", self._content)
        self.panel = pn.Column(
            Markup(
                '<h2>Code elsewhere</h2><p class="quiet">Fill the column “value” of the table in a '
                "spreadsheet and bring it back. A column “coder” says who coded, where it was not you.</p>"
            ),
            save,
            self._drop,
            self._outcome,
            sizing_mode="stretch_width",
            margin=(0, 12),
            visible=False,
        )

    def _content(self) -> bytes:
        sample = self._sample()
        return b"" if sample is None else sheet(sample).encode(ENCODING)

    def _read(self, files: list[Path]) -> None:
        sample = self._sample()
        if sample is not None:
            self._outcome.html = '<p role="status">Reading …</p>'
            pn.state.execute(partial(self._keep, sample, files))

    async def _keep(self, sample: Validation, files: list[Path]) -> None:
        """Read the files in a thread, which large ones keep busy for seconds."""
        lines = []
        for file in files:
            try:
                n = await asyncio.to_thread(sample.read, file)
                kept = f"{formats.quantity(n, 'new answer')} kept from {file.name}."
                lines.append(f'<p role="status">{safe.text(kept)}</p>')
            except PressgaugeError as error:
                lines.append(f'<p class="notice" role="alert">{safe.text(f"Nothing kept: {error}")}</p>')
        if self._drop.files == files:  # another drop may have begun
            self._drop.clear()
        self._outcome.html = "".join(lines)
        self._on_codes()
