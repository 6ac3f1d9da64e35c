"""After a refresh: evaluate every alert once, and deliver what it tells. Only what happens in which order."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from collectors.alerts.channels import Enclosure, deliver
from collectors.alerts.outbox import Delivery, Outbox
from collectors.refresh.health import dataset_health
from collectors.web.fetch import Fetcher
from pressgauge.alerts.evaluate import Evidence, evaluate
from pressgauge.alerts.notice import Notice
from pressgauge.errors import PressgaugeError
from pressgauge.settings import paths
from pressgauge.settings.alerts import Alert, load_alerts

if TYPE_CHECKING:
    from pressgauge.store.dataset import Dataset

Enclose = Callable[[Notice], Enclosure | None]


@dataclass(frozen=True, slots=True)
class WatchReport:
    """What the alerts of a dataset did: how many notices are new, how many deliveries arrived, and what is
    broken, a sentence each."""

    notices: int = 0
    delivered: int = 0
    problems: tuple[str, ...] = ()


async def watch(
    dataset: Dataset,
    alerts: list[Alert] | None = None,
    *,
    now: datetime | None = None,
    environ: Mapping[str, str] | None = None,
    fetcher: Callable[[], Fetcher] = Fetcher,
    enclose: Enclose | None = None,
) -> WatchReport:
    """Evaluate the alerts, those of alerts.toml by default, on the newest version and deliver what they tell.

    `enclose` makes what goes with a notice, in a thread of its own. Whatever is broken, an alert or a
    channel, is kept in the outbox, told and tried again after the next refresh; it stops no other. Raises
    ConfigError when alerts.toml cannot be used, PressgaugeError when the outbox cannot.
    """
    active = load_alerts(paths.alerts_file()) if alerts is None else alerts
    folder = Path(dataset.path)
    if not active and not (folder / "alerts.sqlite").exists():
        return WatchReport()
    moment = now or datetime.now(UTC)
    with Outbox(folder) as outbox:
        notices = _evaluate(dataset, active, outbox, moment) if active else 0
        outbox.forget([alert.name for alert in active])
        post = _Post(outbox, dict(os.environ if environ is None else environ), moment, enclose)
        arrived = await post.deliver(fetcher)
        outbox.prune(moment)
        return WatchReport(notices, arrived, tuple(outbox.problems()))


def _evaluate(dataset: Dataset, alerts: list[Alert], outbox: Outbox, now: datetime) -> int:
    def articles_quoting(speaker: str) -> np.ndarray:
        table = dataset.voices().quotations
        return table.loc[(table["name"] == speaker).to_numpy(), "id"].unique()

    evidence = Evidence(dataset.snapshot(), now, articles_quoting, lambda: dataset_health(dataset))
    count = 0
    for alert in alerts:
        try:
            knowledge, notices = evaluate(alert, outbox.memory(alert.name), evidence)
        except PressgaugeError as error:
            outbox.keep_problem(alert.name, str(error))
        else:
            outbox.keep(alert, knowledge, notices, now)
            count += len(notices)
    return count


@dataclass(frozen=True, slots=True)
class _Post:
    """The way of what waits in an outbox to its channels."""

    outbox: Outbox
    environ: Mapping[str, str]
    now: datetime
    enclose: Enclose | None

    async def deliver(self, fetcher: Callable[[], Fetcher]) -> int:
        """Try every delivery that waits, one after the other for each channel, channels beside each other;
        returns how many arrived."""
        waiting = self.outbox.waiting()
        if not waiting:
            return 0
        async with fetcher() as fetch:
            ends = await asyncio.gather(
                *(
                    self._channel([each for each in waiting if each.channel == channel], fetch)
                    for channel in dict.fromkeys(delivery.channel for delivery in waiting)
                )
            )
        return sum(ends)

    async def _channel(self, deliveries: list[Delivery], fetch: Fetcher) -> int:
        """How many of a channel's deliveries arrived; after the first that did not, the rest waits."""
        arrived = 0
        for delivery in deliveries:
            if (notice := delivery.notice) is None:
                self.outbox.delivered(delivery, self.now)
                continue
            try:
                enclosure = await asyncio.to_thread(self.enclose, notice) if self.enclose else None
                await deliver(
                    notice,
                    delivery.channel,
                    fetch=fetch,
                    environ=self.environ,
                    folder=paths.data_dir(),
                    local=delivery.local,
                    enclosure=enclosure,
                )
            except PressgaugeError as error:
                self.outbox.delivered(delivery, self.now, str(error))
                return arrived
            self.outbox.delivered(delivery, self.now)
            arrived += 1
        return arrived
