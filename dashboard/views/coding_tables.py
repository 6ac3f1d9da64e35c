"""A sample that is coded elsewhere: taken along as a table, brought back with its answers."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import panel as pn
import panel_material_ui as pmui

from dashboard.components import formats, safe
from dashboard.components.drop import Drop
from dashboard.components.markup import Markup
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
        self._save = pmui.FileDownload(
            label="Sample (CSV)",
            filename="pressgauge-sample.csv",
            callback=self._content,
            variant="text",
            size="small",
            margin=2,
        )
        self.panel = pn.Column(
            Markup(
                '<h2>Code elsewhere</h2><p class="quiet">Fill the column “value” of the table in a '
                "spreadsheet and bring it back. A column “coder” says who coded, where it was not you.</p>"
            ),
            self._save,
            self._drop,
            self._outcome,
            sizing_mode="stretch_width",
            margin=(0, 12),
            visible=False,
        )

    def _content(self) -> io.BytesIO:
        self._save.data = None  # the page saves what changes: the same file again would not be saved
        sample = self._sample()
        return io.BytesIO(b"" if sample is None else sheet(sample).encode(ENCODING))

    def _read(self, files: list[Path]) -> None:
        sample = self._sample()
        if sample is None:
            return
        lines = []
        for file in files:
            try:
                kept = f"{formats.quantity(sample.read(file), 'new answer')} kept from {file.name}."
                lines.append(f'<p role="status">{safe.text(kept)}</p>')
            except PressgaugeError as error:
                lines.append(f'<p class="notice" role="alert">{safe.text(f"Nothing kept: {error}")}</p>')
        self._drop.clear()
        self._outcome.html = "".join(lines)
        self._on_codes()
