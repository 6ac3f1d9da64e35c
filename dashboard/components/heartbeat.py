"""What a view shows of a job while it runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import panel as pn

from dashboard.session.refresh_job import Job

_HEARTBEAT_MS = 400


class Heartbeat:
    """Calls `hear` again and again while a job of the page runs, and once more when it has ended."""

    def __init__(self, job: Job, hear: Callable[[], None]) -> None:
        self._job, self._hear = job, hear
        self._beat: Any = None

    def follow(self) -> None:
        """Hear at once, and go on where the job runs."""
        if self._beat is None and self._job.running:
            self._beat = pn.state.add_periodic_callback(self._tick, _HEARTBEAT_MS)
        self._hear()

    def _tick(self) -> None:
        if not self._job.running:
            self._beat.stop()
            self._beat = None
        self._hear()
