"""Every kind of source there is: one line each."""

from __future__ import annotations

from collectors.collector import Collector
from collectors.kinds.ccnews import CcNews
from collectors.kinds.feeds import Feeds
from collectors.kinds.files import Files
from collectors.kinds.gdelt import Gdelt
from collectors.kinds.gkg import Gkg
from collectors.kinds.guardian import Guardian
from collectors.kinds.hackernews import HackerNews
from collectors.kinds.homepages import Homepages
from collectors.kinds.mediacloud import MediaCloud
from collectors.kinds.sitemaps import Sitemaps
from collectors.kinds.wayback import Wayback

COLLECTORS: dict[str, Collector] = {
    collector.kind: collector
    for collector in (
        Feeds(),
        Sitemaps(),
        Homepages(),
        Gdelt(),
        Gkg(),
        HackerNews(),
        MediaCloud(),
        Guardian(),
        Wayback(),
        CcNews(),
        Files(),
    )
}
