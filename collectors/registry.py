"""Every kind of source there is: one line each."""

from __future__ import annotations

from collectors.ccnews import CcNews
from collectors.collector import Collector
from collectors.feeds import Feeds
from collectors.files import Files
from collectors.gdelt import Gdelt
from collectors.gkg import Gkg
from collectors.guardian import Guardian
from collectors.hackernews import HackerNews
from collectors.homepages import Homepages
from collectors.mediacloud import MediaCloud
from collectors.sitemaps import Sitemaps
from collectors.wayback import Wayback

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
