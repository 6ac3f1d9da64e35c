"""HTML -> Article: what a page says, from where, and how sure that is."""

from __future__ import annotations

from datetime import datetime
from itertools import islice

from collectors.extraction import body, language, refusal, titles
from collectors.extraction.article import READER_VERSION, Article, Backend, Confidence
from collectors.extraction.authors import authors
from collectors.extraction.dates import dates
from collectors.extraction.extracted import Extracted
from collectors.extraction.page.metadata import Metadata, read_metadata
from collectors.extraction.page.page import Page, RefusedPageError, parse
from collectors.extraction.page.region import Region
from pressgauge.stories.credits import credits
from pressgauge.urls import absolute


def extract(
    html: bytes,
    url: str,
    *,
    backend: Backend = "auto",
    charset: str | None = None,
    hint_title: str | None = None,
    hint_published: datetime | None = None,
) -> Article:
    """Read one page. Pure apart from the clock (no date lies in the future); safe in threads; never raises.

    `backend` names the reader of the text; 'auto' asks trafilatura first and others where it seems to have
    failed. `charset` is the one that the HTTP header declares. The hints are the feed's own title and date,
    used where the page declares none. Sizes are bounded here; time and memory are bounded by
    `collectors.sandbox.pool`, where hostile pages belong.
    """
    try:
        page = parse(html, url, charset)
        return _article(page, backend, hint_title, hint_published)
    except RefusedPageError as refused:
        return Article(title=titles.clean(hint_title), refused=refused.reason)
    except MemoryError:
        return Article(title=titles.clean(hint_title), refused="parser_memory")
    except Exception as error:  # noqa: BLE001 - the libraries below raise anything; the outcome is recorded
        return Article(title=titles.clean(hint_title), refused=f"parser_error:{type(error).__name__}")


def _article(
    page: Page, backend: Backend, hint_title: str | None, hint_published: datetime | None
) -> Article:
    metadata = read_metadata(page)
    headlines = titles.all_titles(page, metadata, hint_title)
    judgement = body.judge(page, metadata, headlines)
    title = titles.title(page, metadata, hint_title, judgement.text_blocks)
    region = Region(page.outline, judgement.text_blocks, title.value if title else None)
    persons = authors.authors(page, metadata, region)
    names = persons.value if persons else ()
    content = body.body(page, metadata, judgement, backend, headlines, names)
    text = content.text
    published = dates.published(page, metadata, hint_published, region, headlines)
    tongue = language.language(page, metadata, text.value if text else None)
    refusal_reason = refusal.reason(page, metadata, title, text, published)
    partial = refusal.partial(page, metadata, text)
    credit = _credit(content, persons)
    if partial == "consent":
        text = None
    return Article(
        title=title.value if title else None,
        text=text.value if text else None,
        authors=persons.value if persons else (),
        published=published.value[0] if published else None,
        published_precision=published.value[1] if published else None,
        language=tongue.value if tongue else None,
        credit=credit,
        canonical_url=_canonical(page, metadata),
        partial=partial,
        title_from=title.source if title else None,
        text_from=text.source if text else None,
        authors_from=persons.source if persons else None,
        published_from=published.source if published else None,
        confidence=Confidence(
            *(_confidence_of(extracted) for extracted in (title, text, persons, published, tongue))
        ),
        refused=refusal_reason,
        reader_version=READER_VERSION,
    )


def _credit(content: body.Body, persons: Extracted[tuple[str, ...]] | None) -> str | None:
    """What the text or the byline credits, else the first of the lines below the text that does."""
    texts = (content.text.value if content.text else None, *content.closing_lines)
    origins = credits(texts, [persons.value if persons else (), *((),) * len(content.closing_lines)])
    return next(filter(None, origins), None)


def _confidence_of(extracted: Extracted | None) -> float:
    return extracted.confidence if extracted else 0.0


def _canonical(page: Page, metadata: Metadata) -> str | None:
    """The address that the page declares as its own, in full; whether it deserves trust is for
    `pressgauge.urls.choose_canonical` to say.
    """
    links = (element for element in page.declarations if element.tag == "link")
    canonical = (link.get("href") for link in links if "canonical" in (link.get("rel") or "").lower().split())
    addresses = filter(None, (*canonical, *metadata.meta.get("og:url", ())))
    return next(filter(None, (absolute(page.url, address) for address in islice(addresses, 5))), None)
