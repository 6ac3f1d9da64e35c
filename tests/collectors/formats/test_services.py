"""Agencies' formats, JSON of services, lists and pages."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from hashlib import blake2b

import pytest

from tests.collectors.formats.exports import BODY, SENTENCE, read

TEXT = "\n".join(BODY)
DAY = datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)


def nitf(title: str) -> str:
    paragraphs = "".join(f"<p>{line}</p>" for line in BODY)
    return (
        '<nitf><head><docdata><doc-id id-string="x1" regsrc="HPA"/><date.issue '
        'norm="20240102T030405Z"/></docdata></head>'
        f"<body><body.head><hedline><hl1>{title}</hl1></hedline><byline>By Ann Lee<byttl>Harbour "
        f"Writer</byttl></byline></body.head>"
        f"<body.content><media><media-caption>A "
        f"ferry</media-caption></media>{paragraphs}<p>hh/ph/ts</p></body.content></body></nitf>"
    )


def test_nitf_gives_its_text_without_captions_and_initials() -> None:
    [record], notices = read('<?xml version="1.0"?>' + nitf("Ferry stays"))
    assert notices == []
    assert (record.title, record.outlet, record.authors, record.text) == (
        "Ferry stays",
        "HPA",
        ("Ann Lee",),
        TEXT,
    )
    assert (record.published, record.document) == (DAY, "x1")


def test_newsml_g2_leaves_out_what_is_not_for_publication() -> None:
    body = "".join(f"<p>{line}</p>" for line in BODY)
    xml = (
        '<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet><newsItem guid="urn:1" '
        'xml:lang="en"><itemMeta>'
        '<itemClass qcode="ninat:text"/><provider '
        'qcode="nprov:HPA"/><versionCreated>2024-01-02T03:04:05Z</versionCreated>'
        "<edNote>Call the desk.</edNote></itemMeta><contentMeta><headline>Ferry stays</headline>"
        '<headline role="hld:subHeadline">Council votes</headline></contentMeta><contentSet><inlineXML><html '
        f'xmlns="http://www.w3.org/1999/xhtml"><body><header><h1>Ferry stays</h1></header>{body}'
        '<section class="np-nonpublic"><p>Desk: +49 30 '
        "1</p></section></body></html></inlineXML></contentSet></newsItem>"
        '<newsItem guid="urn:2"><itemMeta><itemClass '
        'qcode="ninat:picture"/></itemMeta></newsItem></itemSet></newsMessage>'
    )
    [record], notices = read(xml)
    assert (record.title, record.outlet, record.text) == ("Ferry stays", "HPA", TEXT)
    assert record.details["subtitle"] == "Council votes"
    assert [notice.reason for notice in notices] == ["not_text"]


def test_wire_text_between_control_characters() -> None:
    lines = "\r\n".join(
        ["Leith (hpa) - The harbour council voted on Tuesday to keep the old", "ferry running.", "", BODY[1]]
    )
    wire = (
        f"\x01eca0003 3 i 380  hpa 0045\r\n\r\nFerry/\r\n\x02REFILE\r\n1ST LEAD\r\nFerry "
        f"stays\r\nBy Ann Lee =\r\n\r\n{lines}\r\n\r\n"
        "# Notebook\r\n## Editorial contacts\r\n- Reporting by: Bo Ek\r\n\x03212322 GMT Nov 18\r\n\x04"
    )
    [record], _ = read(wire)
    assert (record.title, record.outlet, record.authors) == ("Ferry stays", "hpa", ("Ann Lee",))
    assert record.published == datetime(2018, 11, 21, 23, 22, tzinfo=UTC)
    assert (
        record.text
        == f"Leith (hpa) - The harbour council voted on Tuesday to keep the old ferry running.\n{BODY[1]}"
    )


GUARDIAN = {
    "webTitle": "Ferry stays",
    "webUrl": "https://guardian.example/1",
    "webPublicationDate": "2024-01-02T03:04:05Z",
}
SERVICES = {
    "guardian": ({"response": {"results": [GUARDIAN]}}, "The Guardian", None, "title_only"),
    "newsapi": (
        {
            "articles": [
                {
                    "source": {"name": "Post"},
                    "title": "Ferry stays",
                    "url": "https://post.example/1",
                    "publishedAt": "2024-01-02T03:04:05Z",
                    "content": f"{BODY[0]} Its… [+1200 chars]",
                }
            ]
        },
        "Post",
        f"{BODY[0]} Its",
        "excerpt",
    ),
    "webz": (
        {
            "posts": [
                {
                    "uuid": "u1",
                    "thread": {"site_full": "post.example"},
                    "url": "http://omgili.com/r/x",
                    "title": "Ferry stays",
                    "published": "2024-01-02T03:04:05.000Z",
                    "text": TEXT,
                    "language": "english",
                }
            ]
        },
        "post.example",
        TEXT,
        None,
    ),
    "ninjs": (
        {
            "guid": "g1",
            "type": "text",
            "headline": "Ferry stays",
            "firstcreated": "2024-01-02T03:04:05Z",
            "source": "HPA",
            "body_html": "".join(f"<p>{line}</p>" for line in BODY),
        },
        "HPA",
        TEXT,
        None,
    ),
}


@pytest.mark.parametrize("name", SERVICES)
def test_the_answer_of_a_service(name: str) -> None:
    answer, outlet, text, partial = SERVICES[name]
    [record], notices = read(json.dumps(answer))
    assert notices == []
    assert (record.title, record.outlet, record.published) == ("Ferry stays", outlet, DAY)
    assert (record.text, record.partial) == (text, partial)


def newsapi(number: int) -> dict:
    """An entry of NewsAPI."""
    return {
        "source": {"name": "Post"},
        "title": f"T{number}",
        "url": f"https://post.example/{number}",
        "publishedAt": "2024-01-02T03:04:05Z",
    }


ANSWERS = [{"status": "ok", "articles": [newsapi(number)]} for number in (1, 2)]
SHAPES = {
    "a list of answers": json.dumps(ANSWERS),
    "an answer a line": "\n".join(map(json.dumps, ANSWERS)),
    "answers one after another": "\n".join(json.dumps(one, indent=1) for one in ANSWERS),
    "lists by topic": json.dumps({"ferry": [newsapi(1)], "bridge": [newsapi(2)]}),
    "objects by number": json.dumps({"1": newsapi(1), "2": newsapi(2)}),
    "hits of a search engine": json.dumps(
        {"hits": {"hits": [{"_id": "a", "_source": newsapi(n)} for n in (1, 2)]}}
    ),
    "a frame that pandas wrote": json.dumps(
        {
            "title": {"0": "T1", "1": "T2"},
            "media_name": {"0": "Post", "1": "Post"},
            "url": {"0": "https://post.example/1", "1": "https://post.example/2"},
            "date": {"0": "2024-01-02T03:04:05Z", "1": "2024-01-02T03:04:05Z"},
        }
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_all_articles_of_json_are_read_however_they_are_put_together(name: str) -> None:
    records, notices = read(SHAPES[name])
    assert notices == []
    assert [(one.title, one.outlet, one.url, one.published) for one in records] == [
        (f"T{n}", "Post", f"https://post.example/{n}", DAY) for n in (1, 2)
    ]


def test_a_source_that_is_an_address_names_no_outlet() -> None:
    row = {"title": "Ferry", "source": "https://post.example/1", "hostname": "post.example", "text": SENTENCE}
    [record], _ = read(json.dumps([row]))
    assert (record.url, record.outlet, record.domain) == ("https://post.example/1", None, "post.example")


def test_signs_of_less_than_are_no_markup_and_tags_are() -> None:
    head = "title,outlet,text\n"
    plain = f'"Oil <SRD> & gas","Post","Prices < 5 & > 3 at A&B. {SENTENCE}"\n'
    marked = '"<b>Oil</b> &amp; gas","Post","<p>One.</p><p>Two<br>three.</p>"\n'
    records, _ = read(head + plain + marked)
    assert [record.title for record in records] == ["Oil <SRD> & gas", "Oil & gas"]
    assert [record.text for record in records] == [
        f"Prices < 5 & > 3 at A&B. {SENTENCE}",
        "One.\nTwo\nthree.",
    ]


def test_when_a_page_was_saved_is_no_date_of_publication() -> None:
    saved = "2024-10-29T16:30:11.000Z"
    entry = {"url": "https://post.example/1", "title": "Ferry", "savedAt": saved, "publishedAt": saved}
    bookmark = {"href": "https://post.example/2", "description": "Ferry", "time": saved}
    pocket = "title,url,time_added,tags,status\nFerry,https://post.example/3,1600322788,,unread\n"
    for export in (json.dumps([entry]), json.dumps([bookmark]), pocket):
        [record], _ = read(export)
        assert (record.title, record.published) == ("Ferry", None)
        assert record.details["saved"]


def test_references_of_zotero_in_three_forms() -> None:
    ris = (
        "TY  - NEWS\nTI  - Ferry stays\nAU  - Lee, Ann\nT2  - The Harbour Post\nDA  - "
        "2024/01/02/\nUR  - https://a.example/1\nER  - \n"
    )
    bib = (
        '@article{lee, title = {{Ferry} stays}, author = {Lee, Ann}, journal = "The Harbour Post", '
        "date = {2024-01-02}}"
    )
    csl = [
        {
            "type": "article-newspaper",
            "title": "Ferry stays",
            "container-title": "The Harbour Post",
            "author": [{"family": "Lee", "given": "Ann"}],
            "issued": {"date-parts": [[2024, 1, 2]]},
        }
    ]
    for export in (ris, bib, json.dumps(csl)):
        [record], _ = read(export)
        assert (record.title, record.outlet, record.authors) == (
            "Ferry stays",
            "The Harbour Post",
            ("Ann Lee",),
        )
        assert record.published == datetime(2024, 1, 2, tzinfo=UTC)


def test_posts_of_wordpress_are_articles_and_its_pages_are_not() -> None:
    def item(kind: str, status: str) -> str:
        return (
            f"<item><title>Ferry stays</title><link>https://blog.example/{kind}</link><content:encoded><![CDATA[<p>{SENTENCE}</p>]]>"
            f"</content:encoded><wp:post_date_gmt>2024-01-02 "
            f"03:04:05</wp:post_date_gmt><wp:status>{status}</wp:status>"
            f"<wp:post_type>{kind}</wp:post_type></item>"
        )

    wxr = (
        '<?xml version="1.0"?><rss xmlns:wp="http://wordpress.org/export/1.2/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel><title>Harbour "
        f"blog</title>{item('post', 'publish')}{item('page', 'publish')}{item('post', 'draft')}"
        "</channel></rss>"
    )
    [record], notices = read(wxr)
    assert (record.title, record.outlet, record.text, record.published) == (
        "Ferry stays",
        "Harbour blog",
        SENTENCE,
        DAY,
    )
    assert [notice.reason for notice in notices] == ["not_an_article", "not_published"]


PAGE = (
    '<html lang="en"><head><title>Ferry stays</title><link rel="canonical" '
    'href="https://post.example/2024/ferry">'
    '<meta property="article:published_time" '
    'content="2024-01-02T03:04:05Z"></head><body><article><h1>Ferry stays</h1>'
    + "".join(f"<p>{line} {SENTENCE}</p>" for line in BODY * 2)
    + "</article></body></html>"
)


def warc_record(url: str, page: str) -> bytes:
    http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{page}"
    return (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\n"
        "Content-Type: application/http;msgtype=response\r\n"
        "WARC-Record-ID: <urn:uuid:38f87378-08e3-11eb-9da5-542696d5febd>\r\nWARC-Date: "
        f"2024-01-02T03:04:05Z\r\nContent-Length: {len(http)}\r\n\r\n{http}\r\n\r\n"
    ).encode()


def test_pages_saved_as_html_mhtml_and_in_a_web_archive() -> None:
    warc = warc_record("https://post.example/2024/ferry", PAGE)
    mhtml = (
        "From: <Saved by Blink>\nSnapshot-Content-Location: "
        "https://post.example/2024/ferry\nMIME-Version: 1.0\n"
        f'Content-Type: multipart/related; boundary="x"\n\n--x\nContent-Type: text/html\n\n{PAGE}\n--x--\n'
    )
    for export in (PAGE.encode(), mhtml.encode(), warc, gzip.compress(warc)):
        [record], notices = read(export, "page.warc")
        assert notices == []
        assert (record.title, record.url, record.published) == (
            "Ferry stays",
            "https://post.example/2024/ferry",
            DAY,
        )
        assert SENTENCE in (record.text or "")


def test_p15_of_a_damaged_web_archive_what_is_whole_is_read_and_the_rest_named() -> None:
    records = [
        warc_record(f"https://post.example/{n}", PAGE.replace("/2024/ferry", f"/{n}")) for n in range(4)
    ]
    packed = b"".join(gzip.compress(one) for one in records)
    for export in (b"".join(records)[:-400], packed[:-200]):
        read_records, notices = read(export, "pages.warc")
        assert [one.url for one in read_records] == [f"https://post.example/{n}" for n in range(3)]
        [notice] = notices
        assert (notice.reason, notice.counts) == ("bad_warc", True)
        assert "damaged at byte" in notice.detail


def test_p15_of_a_gzip_file_that_is_cut_short_the_rows_before_are_read_and_the_damage_named() -> None:
    rows = [
        f'"Headline {n} of the day",https://post.example/{n},2024-01-02,"{blake2b(b"%d" % n).hexdigest()}"'
        for n in range(2_000)
    ]
    table = "title,url,published,text\n" + "\n".join(rows)
    read_records, notices = read(gzip.compress(table.encode())[:-50_000], "table.csv.gz")
    assert 500 < len(read_records) < 2_000
    assert [record.title for record in read_records] == [
        f"Headline {n} of the day" for n in range(len(read_records))
    ]
    assert [notice.reason for notice in notices] == ["bad_gzip"]


def test_a_saved_page_that_gives_no_address_is_an_article_without_one() -> None:
    page = PAGE.replace('<link rel="canonical" href="https://post.example/2024/ferry">', "").replace(
        '<meta property="article:published_time" content="2024-01-02T03:04:05Z">', ""
    )
    assert "post.example" not in page
    [record], notices = read(page)
    assert (record.title, record.url, notices) == ("Ferry stays", None, [])
