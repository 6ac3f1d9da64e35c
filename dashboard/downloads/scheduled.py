"""Reports on a schedule: what goes with the notice of one that is due."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from collectors.alerts.channels import Enclosure
from dashboard.downloads.report import report
from dashboard.session.state import Services, State
from dashboard.session.store import Store
from dashboard.session.view import View
from pressgauge.alerts.digest import digest
from pressgauge.alerts.evaluate import period_of
from pressgauge.alerts.notice import Notice
from pressgauge.settings import paths
from pressgauge.settings.alerts import load_alerts

if TYPE_CHECKING:
    from pressgauge.store.dataset import Dataset


class Reports:
    """Makes the reports of one version of a dataset, each once however many channels it goes to."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset, self._lock = dataset, threading.Lock()
        self._enclosures: dict[tuple[str, str], Enclosure] = {}

    def __call__(self, notice: Notice) -> Enclosure | None:
        """The report that a notice tells of: as a page to be opened, and as a digest of the same days for a
        mail. None for a notice of something else, and for a report that nobody wants any more.

        Raises PressgaugeError when dataset or settings cannot be read.
        """
        if (days := period_of(notice)) is None:
            return None
        alert = next((each for each in load_alerts(paths.alerts_file()) if each.name == notice.alert), None)
        if alert is None:
            return None
        with self._lock:
            key = (alert.view, notice.key)
            if key not in self._enclosures:
                since, until = days
                view = replace(View.from_query(alert.view), since=since, until=until, selection=None)
                summary = digest(self._dataset.snapshot(), [], since=since, until=until)
                page = report(self._state(view))
                self._enclosures[key] = Enclosure(f"{until}.html", page, summary.markdown, summary.html)
            return self._enclosures[key]

    def _state(self, view: View) -> State:
        store = Store(self._dataset.path, demo=lambda: self._dataset.path)
        loaded = store.current
        loaded.vocabulary.read(loaded.dataset, loaded.snapshot.articles)
        return State(loaded=loaded, view=view, services=Services(store))
