"""newspaper3k, imported once and only ever handed pages that our own fetcher brought.

Its own downloading is never used: it follows every image and redirect. It is slow on long pages (20,000
paragraphs take 24 s) and raises on control characters, so callers run it in a child process
(`collectors.sandbox.pool`).
"""

from __future__ import annotations

import warnings

import tldextract.tldextract

from pressgauge.errors import ArgumentError

with warnings.catch_warnings():
    # Its string escapes are invalid since Python 3.12.
    warnings.simplefilter("ignore", SyntaxWarning)
    import newspaper

# newspaper3k calls tldextract's shared instance, which would fetch a suffix list: the bundled one serves.
tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


def configuration() -> newspaper.Config:
    """A configuration under which newspaper3k makes no request."""
    config = newspaper.Config()
    config.fetch_images = False
    config.memoize_articles = False
    config.follow_meta_refresh = False
    return config


def read_article(html: str, url: str) -> newspaper.Article:
    """newspaper3k's reading of a fetched page. Raises whatever newspaper3k raises; on an empty page
    ArgumentError.
    """
    if not html:
        raise ArgumentError("newspaper3k would go to the network for an empty page")
    article = newspaper.Article(url or "http://localhost/", config=configuration())
    article.download(input_html=html)
    article.parse()
    return article
