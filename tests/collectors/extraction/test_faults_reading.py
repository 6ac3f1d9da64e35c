"""Faults that users of this and of kindred tools report of pages, each kind with its variants."""

from __future__ import annotations

import pytest

from collectors.extraction.extract import Article, extract

URL = "https://www.northwickpost.example/news/archive-vote"
HEADLINE = "Northwick council opens its archive"
TEXT = (
    "<p>The council of Northwick voted on Tuesday to open the archive of its planning office to the public.</p>"  # noqa: E501
    "<p>Officials said the work would begin in the autumn and that the first boxes would be scanned soon.</p>"
    "<p>Several speakers at the meeting asked who would pay for the storage of the scans in the cellar.</p>"
)
NODE = '{"@type":"NewsArticle","headline":"Northwick council opens its archive","datePublished":"2024-03-05T09:00:00+01:00",%s}'  # noqa: E501
ADA = NODE % '"author":{"@type":"Person","name":"Ada Hollis"}'


def read(head: str = "", before: str = "", after: str = "", lang: str = "en", url: str = URL) -> Article:
    page = (
        f"<!doctype html><html lang='{lang}'><head><meta charset='utf-8'><title>{HEADLINE}</title>{head}</head>"  # noqa: E501
        f"<body><main><article><h1>{HEADLINE}</h1>{before}{TEXT}{after}</article></main></body></html>"
    )
    return extract(page.encode(), url)


def script(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


@pytest.mark.parametrize(
    "elsewhere",
    [
        '<script>window.__DATA__={"related":[{"datePublished":"2020-03-05T10:00:00Z"}]}</script>',
        '<ul class="related"><li><a href="/o">Other</a> <time datetime="2019-06-01">1 June 2019</time></li></ul>',  # noqa: E501
        '<div class="comments"><div><span class="date">12 June 2019</span> Nice piece</div></div>',
        '</article><aside><a href="/o">Other</a> <span class="date">2019-06-12</span></aside><article>',
        "<p>The archive was closed on 14 May 1998 after a flood.</p>",
        "<p>Last edited: <time class='modified' datetime='2024-03-09'>9 March 2024</time></p>",
    ],
    ids=["script", "related", "comment", "aside", "prose", "change"],
)
def test_the_date_of_something_else_is_not_the_articles(elsewhere: str) -> None:
    assert read(after=elsewhere).published is None


@pytest.mark.parametrize(
    "slug", ["api-2019-07-01-changes", "riots-of-1992-04-29-taught", "of-20010911-opens"]
)
def test_a_date_in_the_middle_of_a_slug_is_not_the_articles(slug: str) -> None:
    assert read(url=f"https://www.northwickpost.example/{slug}").published is None


@pytest.mark.parametrize(
    ("lang", "written"), [("en-US", "03/05/2024"), ("en-CA", "Published 03/05/2024"), ("en-GB", "05/03/2024")]
)
def test_a_printed_date_with_slashes_is_read_as_the_pages_readers_do(lang: str, written: str) -> None:
    published = read(before=f"<span class='date'>{written}</span>", lang=lang).published
    assert published is not None
    assert published.date().isoformat() == "2024-03-05"


@pytest.mark.parametrize("value", ["1709632800", "1709632800000"])
def test_a_unix_time_is_read(value: str) -> None:
    published = read(f"<meta property='article:published_time' content='{value}'>").published
    assert published is not None
    assert published.isoformat() == "2024-03-05T10:00:00+00:00"


@pytest.mark.parametrize(
    "written",
    [
        f"<!-- start -->\n{ADA}\n<!-- end -->", f"/* schema */ {ADA}", f"// schema\n{ADA}", f"{ADA};",
        '{"@type":"Organization","name":"X"}\n' + ADA, ADA.replace("council", r"council\'s"),
        ADA.replace('"', "&quot;"), f"//<![CDATA[\n{ADA}\n//]]>", ADA[:-1] + ',"image":undefined}',
    ],
)  # fmt: skip
def test_json_ld_is_read_as_leniently_as_search_engines_do(written: str) -> None:
    article = read(script(written))
    assert (article.authors, article.published_precision) == (("Ada Hollis",), "second")


@pytest.mark.parametrize(
    "name",
    ["Van Anh Le", "Von Miller", "Da Lin Xu", "Par Lindh", "Grace More", "Christopher Guest", "Ann Desk"],
)
def test_the_name_of_a_declared_person_is_kept_whole(name: str) -> None:
    assert read(script(NODE % f'"author":{{"@type":"Person","name":"{name}"}}')).authors == (name,)


def test_a_person_may_be_declared_by_given_and_family_name() -> None:
    author = '"author":{"@type":"Person","givenName":"Ada","familyName":"Hollis"}'
    assert read(script(NODE % author)).authors == ("Ada Hollis",)


@pytest.mark.parametrize(
    "line",
    [
        "<p>By Monday Morning, everything was ready.</p>", "<h2>By The Numbers</h2>", "<p>By Law, No.</p>",
        "<h3>By Train From Marlow</h3>", "<p>By Northwick Standards, That Is Early</p>", "<p>Von Anfang An</p>",  # noqa: E501
        "<p>Par Ailleurs</p>", "<p>Por Otra Parte</p>",
    ],
)  # fmt: skip
def test_words_after_by_that_name_nobody_are_no_author(line: str) -> None:
    assert read(before=line).authors == ()


@pytest.mark.parametrize(
    "teaser",
    [
        '<div class="related"><p class="byline">By Zed Other</p></div>',
        '</article><aside><p class="byline">By Zed Other</p></aside><article>',
        '<div class="comment-list"><span class="author">Zed Other</span> nice</div>',
    ],
)
def test_the_byline_of_a_teaser_or_comment_is_not_the_articles(teaser: str) -> None:
    assert read(after=teaser).authors == ()


def test_names_and_dates_in_neighbouring_elements_stay_apart() -> None:
    assert read(before="<div class=author>By<span>Luke Kim</span><span>December 5</span></div>").authors == (
        "Luke Kim",
    )


@pytest.mark.parametrize("written", ["opens &lt;em&gt;its&lt;/em&gt; archive", "opens its ar&shy;chive"])
def test_a_title_is_without_tags_and_soft_hyphens(written: str) -> None:
    assert read(f"<meta property='og:title' content='Northwick council {written}'>").title == HEADLINE


@pytest.mark.parametrize("strays", [1, 2])
def test_stray_bytes_do_not_garble_a_page_in_utf_8(strays: int) -> None:
    text = "<p>Der Rat beschloss am Dienstag, das Archiv öffentlich zu machen – „endlich“, heißt es.</p>" * 9
    page = f"<html><head><meta charset='utf-8'><title>Nordwick öffnet Archiv</title></head><body><h1>Nordwick öffnet Archiv</h1>{text}"  # noqa: E501
    html = (
        page.encode() + "<div>Schöne Übung, größte Güte</div>".encode("cp1252") * strays + b"</body></html>"
    )
    article = extract(html, URL, charset="utf-8")
    assert article.title == "Nordwick öffnet Archiv"
    assert "öffentlich zu machen – „endlich“" in (article.text or "")


def test_iso_2022_jp_is_read() -> None:
    text = "北町議会は火曜日、二年間にわたる議論の末、都市計画課の文書館を一般に公開することを決めた。" * 3
    page = (
        f"<html lang='ja'><body><article><h1>北町議会は文書館を公開</h1><p>{text}</p></article></body></html>"
    )
    assert extract(page.encode("iso2022_jp"), URL, charset="iso-2022-jp").title == "北町議会は文書館を公開"


def test_lists_between_the_paragraphs_are_text() -> None:
    lists = (
        "<ol><li>the harbour records from 1880 to 1910 in four volumes</li><li>the building permits</li></ol>"
    )
    page = (
        f"<html><body><h1>{HEADLINE}</h1>{TEXT}{lists}{TEXT.replace('Northwick', 'Southwick')}</body></html>"
    )
    text = extract(page.encode(), URL).text or ""
    assert "the harbour records from 1880" in text
    assert "the building permits" in text
