"""Faults that users of this and of kindred tools report of pages, each kind with its variants."""

from __future__ import annotations

import pytest
from lxml import html

from collectors.extraction import body
from collectors.extraction.boilerplate import drop
from collectors.extraction.dates import printed_date
from collectors.extraction.extract import Article, extract
from collectors.extraction.page.metadata import read_metadata
from collectors.extraction.page.page import parse
from tests.cost import costs_linear_time

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


def page_of_data(data: str) -> str:
    """The data from which a page is drawn."""
    return f'<script type="application/json">{data}</script>'


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


@pytest.mark.parametrize(
    ("before", "head", "body", "end"),
    [
        ("", "</head></html>", "<body>", "</body>"),  # the end of the page stands behind its head
        ("", "</head><body></body></html>", "<div>", "</div>"),
        ("", "</head><body><div>Menu</div></body></html>", "<html><body>", "</body></html>"),
        # An element that is none of HTML's is still open when the body begins.
        ("<script>1</script>", "<cms:style></cms></head>", "<body>", "</body></html>"),
    ],
)
def test_what_follows_an_early_end_of_the_page_is_read_as_browsers_do(
    before: str, head: str, body: str, end: str
) -> None:
    article = f"<h1>{HEADLINE}</h1><p class='byline'>By Ada Hollis</p>{TEXT}"
    html = f"{before}<html><head><title>{HEADLINE}</title>{head}{body}{article}{end}"
    page = extract(html.encode(), URL)
    assert (page.title, page.authors) == (HEADLINE, ("Ada Hollis",))
    assert page.text is not None and page.text.count("\n") == 2


def test_a_notice_that_ends_the_page_early_is_not_its_article() -> None:
    notice = "<p>We and our partners keep and read what your device holds, as you allow us to.</p>" * 5
    article = f"<h1>{HEADLINE}</h1><p class='byline'>By Ada Hollis</p>{TEXT * 3}"
    html = f"<html><head><title>{HEADLINE}</title></head><body>{notice}</body></html>{article}"
    page = extract(html.encode(), URL)
    assert (page.title, page.authors) == (HEADLINE, ("Ada Hollis",))
    assert page.text is not None and page.text.count("\n") >= 8


@pytest.mark.parametrize("times", [1, 300])
def test_a_page_behind_an_article_is_not_part_of_it(times: int) -> None:
    article = (
        f"<html><head><title>{HEADLINE}</title><meta name='author' content='Ada Hollis'></head>"
        f"<body><h1>{HEADLINE}</h1>{TEXT}{TEXT.replace('scan', 'copi')}</body></html>"
    )
    advert = (
        "<html><head><title>Advert network</title><meta name='author' content='Ad Seller'></head>"
        f"<body><h1>Buy this</h1>{'<p>Buy this product, of which the whole town speaks, today.</p>' * 20}"
        "</body></html>"
    )
    alone, followed = (extract((article + behind).encode(), URL) for behind in ("", advert * times))
    assert alone.text is not None and followed == alone


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


@pytest.mark.parametrize(
    "elsewhere",
    [
        "<aside><h3>Published</h3><p><time datetime='2024-03-05T12:00:00Z'>March 5, 2024</time></p></aside>",
        "<div class='footnotes'><p>Posted by BeauHD on Tuesday March 5, 2024 from the town dept.</p></div>",
        "<ul class='history'><li>5 Mar 2024 | Originally published</li></ul>",
        "<section><div class='dateline'>5 Mar 2024</div></section>",
    ],
    ids=["label", "sentence", "word behind", "alone"],
)
def test_the_only_day_that_a_page_says_it_was_published_on_is_the_articles(elsewhere: str) -> None:
    published = read(after=TEXT * 3 + elsewhere).published
    assert published is not None
    assert published.date().isoformat() == "2024-03-05"


def test_two_days_of_publication_on_one_page_are_none() -> None:
    both = "<p>Published 5 March 2024</p>" + TEXT * 3 + "<p>Published 7 May 2023</p>"
    assert read(after=TEXT * 3 + both + TEXT * 3).published is None


@pytest.mark.parametrize(
    "opening",
    [
        "5.3.2024 - ",
        "(5 March 2024) ",
        "NORTHWICK, March 5, 2024 (Reuters) - ",
        "NORTHWICK, March 5, 2024 /PRNewswire/ -- ",
    ],
)
def test_the_day_that_opens_a_report_is_its_date(opening: str) -> None:
    published = read(before=f"<p>{opening}{TEXT[3:]}").published
    assert published is not None
    assert published.date().isoformat() == "2024-03-05"


def test_a_day_that_would_lie_ahead_is_read_the_other_way_round(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printed_date, "_today", lambda: (2024, 3, 20))
    published = read(before="<span class='date'>12/03/2024</span>", lang="en-US").published
    assert published is not None
    assert published.date().isoformat() == "2024-03-12"


@pytest.mark.parametrize(
    ("lang", "written", "day"),
    [
        ("en-US", "Published on 03/05/24", "2024-03-05"),
        ("en-GB", "05/03/24", "2024-03-05"),
        ("de", "05.03.24, 10:15", "2024-03-05"),
        ("ko", "24.03.05", None),
        ("en-US", "Updated on 03/05/24", None),
        ("en-US", "03/05/99", None),
        ("de", "Version 10.11.12 von heute", None),
    ],
)
def test_a_line_that_is_a_date_with_two_figures_for_the_year_is_read(
    lang: str, written: str, day: str | None
) -> None:
    published = read(before=f"<div class='date'>{written}</div>", lang=lang).published
    assert (published and published.date().isoformat()) == day


@pytest.mark.parametrize(
    "written",
    [
        "<div class='date'><span>Mar</span> <span>05</span><span>2024</span></div>",
        "<span class='date'>Mar 05 09:34 2024</span>",
        "<span class='date'>Tue Mar 05 09:34:00 CET 2024</span>",
        "<table><tr><td>05 | 03 | 2024</td></tr></table>",
        "<p>05 / 03 / 2024</p>",
    ],
)
def test_a_date_in_several_elements_of_unix_or_between_bars_is_read(written: str) -> None:
    published = read(before=written, lang="de").published
    assert published is not None
    assert published.date().isoformat() == "2024-03-05"


@pytest.mark.parametrize(
    "written",
    ["Pages: 1 | 2 | 2024", "1 | 2 | 2024", "Pages: 01 | 02 | 2024", "1 / 2 / 2024", "01 | 02 | 2024 | 2025"],
)
def test_numbers_between_bars_that_may_be_pages_are_no_date(written: str) -> None:
    assert read(before=f"<p>{written}</p>", lang="de").published is None


@pytest.mark.parametrize(
    ("lang", "part", "day"),
    [
        ("de", "/news/05-03-2024", "2024-03-05"),
        ("de", "/news/05.03.2024.html", "2024-03-05"),
        ("en-US", "/news/03-05-2024/", "2024-03-05"),
        ("en-US", "/news/25-03-2024/", "2024-03-25"),
        ("de", "/news/05-03-2024-treffen", None),
        ("en", "/news/03-05-2024/", None),
        ("en", "/news/25-03-2024/", "2024-03-25"),
        ("en", "/news/05-05-2024/", "2024-05-05"),
        ("en", "/news/05.03.2024/", "2024-03-05"),
        ("de", "/notes/1.2.2024/changes", None),
        ("de", "/docs/01.02.2024/notes", None),
        ("de", "/v1/01.02.2024/notes", None),
        ("de", "/events/05-03-2024", None),
        ("de", "/veranstaltungen/2024-03-05/lesung", None),
        ("de", "/calendar?date=2024-03-05", "2024-03-05"),
    ],
)
def test_a_part_of_the_address_that_is_a_day_is_read_in_the_order_of_its_readers(
    lang: str, part: str, day: str | None
) -> None:
    published = read(lang=lang, url=f"https://www.northwickpost.example{part}").published
    assert (published and published.date().isoformat()) == day


def test_the_date_is_looked_for_below_the_headline_and_not_below_another_heading_or_on_top_of_the_site() -> (
    None
):
    teasers = "<div>14/02/2024</div><h3>Another story of the town</h3><div>01/02/2024</div>"
    top = f"<header><h1>The Northwick Post</h1><p>7 May 2024</p>{teasers}</header><p>{TEXT[3:]}"
    page = (
        f"<html lang='en-GB'><head><title>{HEADLINE}</title></head><body>{top}"
        f"<h2>{HEADLINE}</h2><p>The Post<br>5 March 2024</p><div>{TEXT * 2}</div></body></html>"
    )
    published = extract(page.encode(), URL).published
    assert published is not None
    assert published.date().isoformat() == "2024-03-05"


def test_a_headline_that_is_named_a_comment_is_one_of_opinion_and_dates_the_article() -> None:
    page = (
        f"<html lang='en'><head><title>{HEADLINE}</title></head><body><main>"
        f"<div class='comment-header'><h1 class='comment-headline'>{HEADLINE}</h1>"
        f"<div class='comment-date'>5 March 2024</div></div><div>{TEXT}</div></main></body></html>"
    )
    published = extract(page.encode(), URL).published
    assert published is not None
    assert published.date().isoformat() == "2024-03-05"


def test_the_day_that_opens_the_paragraph_below_a_summary_is_the_reports_but_not_one_of_a_chronicle() -> None:
    summary = (
        "<p>The council of Northwick has opened the archive of its planning office after a long debate.</p>"
    )
    opening = summary + "<p>By Ada Hollis</p><p>5.3.2024 - " + TEXT[3:]
    published = read(before=opening).published
    assert published is not None
    assert published.date().isoformat() == "2024-03-05"
    assert read(before=opening + "<p>9.3.2024 - " + TEXT[3:]).published is None
    assert read(after="<p>14 May 1998: a flood closed the archive, " + TEXT[7:]).published is None


def test_a_line_below_the_text_that_says_when_it_was_published_dates_it_however_long_it_is() -> None:
    line = (
        "<p class='postmetadata'>This entry was posted on Tuesday, March 5th, 2024 at 9:30 am and is filed "
        "under Planning. You can follow any responses to this entry through the feed. Both comments and "
        "pings are closed for now.</p>"
    )
    published = read(after=TEXT * 3 + line).published
    assert published is not None
    assert published.date().isoformat() == "2024-03-05"
    told = "<p>A study that was published on 5 March 2019 said so, and " + TEXT[7:]
    assert read(after=f"<div class='post category-town tag-archive'>{told}{TEXT}</div>").published is None


FOUNDER = (
    "<!--enpproperty <articleid>1</articleid><date>2024-03-05 16:26:07:0</date><author>刘涛</author>"
    "<title>Northwick council opens its archive</title><keyword></keyword>/enpproperty-->"
)


@pytest.mark.parametrize("after", ["", FOUNDER.replace("2024", "1999").replace("刘涛", "马俊峰")])
def test_what_the_publishing_system_of_founder_writes_into_its_first_comment_is_read(after: str) -> None:
    article = read(before=FOUNDER, after=after, lang="zh")
    assert str(article.published) == "2024-03-05 16:26:07+00:00"
    assert article.authors == ("刘涛",)


@pytest.mark.parametrize(
    "place",
    [
        '<script>var page = "{}"</script>',
        "<textarea>{}</textarea>",
        "<p title='{}'>A note</p>",
        "<!--enpproperty -->{}",
    ],
    ids=["script", "textarea", "attribute", "not the first"],
)
def test_what_looks_like_founders_comment_elsewhere_says_nothing_of_the_article(place: str) -> None:
    article = read(before=place.format(FOUNDER), lang="zh")
    assert (article.published, article.authors) == (None, ())


@pytest.mark.parametrize("opening", ["<!--enpproperty ", "<!--enpproperty -->"], ids=["open", "closed"])
def test_many_comments_like_founders_cost_linear_time(opening: str) -> None:
    def read_comments(count: int) -> None:
        markup = f"<html><body><p>A page</p>{opening * count}{TEXT}</body></html>"
        read_metadata(parse(markup.encode(), URL))

    assert costs_linear_time(read_comments, 1_500)


def test_of_declarations_that_contradict_each_other_the_one_whose_day_the_page_shows_is_taken() -> None:
    declared = script(ADA) + "<meta property='article:published_time' content='2024-03-08T10:00:00+01:00'>"
    shown = read(declared, before="<div class='date'>8 March 2024</div>").published
    assert str(shown) == "2024-03-08 10:00:00+01:00"
    assert str(read(declared).published) == "2024-03-05 09:00:00+01:00"


def test_the_day_of_what_a_heading_announces_is_not_the_articles() -> None:
    announced = "<h3>10 April 2024, 18:00, Rome time: in conversation on the philosophy of money</h3>"
    published = read(before=f"{announced}<div>Mar 05, 2024</div>").published
    assert published is not None
    assert published.date().isoformat() == "2024-03-05"


def test_json_ld_in_a_script_without_type_and_the_language_of_xhtml_are_read() -> None:
    node = '{"@context":"https://schema.org",' + ADA[1:]
    assert read(f"<script>{node}</script>").authors == ("Ada Hollis",)
    dated = f"<h1>{HEADLINE}</h1><span class='date'>05/03/2024</span>{TEXT}"
    page = f"<html xml:lang='en-GB'><body>{dated}</body></html>"
    published = extract(page.encode(), URL).published
    assert published is not None
    assert published.date().isoformat() == "2024-03-05"


def test_the_date_in_a_pages_data_is_read_from_the_object_that_holds_the_headline() -> None:
    other = '{"title":"Another story of the town","publishedAt":"2020-01-01T00:00:00Z"}'
    own = '{"first_publication_date":"2024-03-05T11:55:39+0000","data":{"title":"%s"}}' % HEADLINE  # noqa: UP031
    data = f'{{"props":{{"more":[{other},{other}],"page":{own}}}}}'
    assert str(read(page_of_data(data)).published) == "2024-03-05 11:55:39+00:00"
    in_a_list = f'{{"publishedAt":"2024-01-01","all":["{HEADLINE}",{other}]}}'
    assert read(page_of_data(in_a_list)).published is None


@pytest.mark.parametrize(
    "name",
    [
        "published-date",
        "w-published-date",
        "zdf:publicationDate",
        "published",
        "pdate",
        "originalPublicationDate",
        "cXenseParse:publishtime",
        "bt:pubDate",
        "vr:published-time",
        "publication_date_time",
        "x:firstPublished",
        "last-published-by",
        "lastPublishedDate",
    ],
)
def test_a_systems_own_meta_tag_for_the_day_of_publication_is_read(name: str) -> None:
    published = read(f"<meta name='{name}' content='2024-03-05'>").published
    assert (published is not None) == (
        name not in ("x:firstPublished", "last-published-by", "lastPublishedDate")
    )


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("<div class='byline'>By Dylan Bailey, MS, RD, FAND</div>", ("Dylan Bailey",)),
        ("<div class='byline'>By Liz Kenny, Former McKinsey Consultant</div>", ("Liz Kenny",)),
        ("<div class='byline'>Jesse Porter | Editorial Process</div>", ("Jesse Porter",)),
        ("<h3>By Mike Dennison (MTN News)May 24, 2019</h3>", ("Mike Dennison",)),
        ("<h3>By Popular Demand</h3>", ()),
        ("<h2>By Invitation Only</h2>", ()),
        ("<div class='byline'>No Author</div>", ()),
        ("<div class='byline'>Auteur</div>", ()),
        ("<p><span>By:</span> Ann Lee, Bo Li</p>", ("Ann Lee", "Bo Li")),
        ("<p>北方日报·交汇点记者 徐睿翔</p>", ("徐睿翔",)),
        ("<p>北方河记者马俊峰/文</p>", ("马俊峰",)),
        ("<p>据北方社电（记者 格桑边觉）记者近日了解到。</p>", ("格桑边觉",)),
        ("<p>茉莉：我是怎样卷入八九民运的</p>", ()),
        ("<div class='byline'>Ort Saarbrücken</div>", ()),
        ("<div class='byline'>Location: Lyon</div>", ()),
        ("<div class='byline'>Place New York</div>", ()),
        ("<div class='byline'>Lieu : Paris</div>", ()),
        ("<div class='byline'>By Mary Place</div>", ("Mary Place",)),
    ],
)
def test_a_byline_gives_its_persons_and_nothing_beside_them(byline: str, names: tuple[str, ...]) -> None:
    assert read(before=byline).authors == names


def test_a_name_alone_below_the_headline_is_the_authors_where_the_page_introduces_the_person() -> None:
    introduced = "<p>Julia Gralberg is a travel writer.</p>"
    assert read(before="<p>Julia Gralberg</p>", after=TEXT + introduced).authors == ("Julia Gralberg",)
    assert read(before="<p>Climate Change</p>", after=TEXT).authors == ()


def test_the_last_brackets_of_a_chinese_text_name_its_reporters() -> None:
    assert read(after="<p>一个平安、祥和、温馨、廉洁的新春佳节。（常书香 马丹阳）</p>").authors == (
        "常书香",
        "马丹阳",
    )
    assert read(after="<p>一个平安、祥和、温馨、廉洁的新春佳节。（完）</p>").authors == ()


def test_a_long_round_up_is_read_once_by_the_costly_reader_and_not_by_the_one_that_is_quadratic_in_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(page: object) -> str:
        raise MemoryError

    monkeypatch.setattr(body, "_newspaper", refuse)
    items = "".join(f"<h2>Item {n}</h2>{TEXT}<ul><li>Point {n}</li></ul>" for n in range(body.LONG // 5))
    assert read(after=items).refused is None


@pytest.mark.parametrize(
    "boilerplate", ["<nav>More</nav>", "<div class='share-tools'>Share</div>", "<form>x</form>"]
)
def test_p09_a_control_character_behind_what_is_left_out_costs_itself_alone(boilerplate: str) -> None:
    article = read(before=f"{boilerplate}&#1; ", after=f"{boilerplate}&#2;{boilerplate}&#x0B;")
    assert article.title == HEADLINE
    assert article.text is not None
    assert "The council of Northwick voted" in article.text


def test_p09_an_element_is_dropped_though_a_control_character_follows() -> None:
    root = html.fromstring("<div>a<nav>n</nav>&#1;b<nav>n</nav>&#2;c</div>")
    for element in root.findall("nav"):
        drop(element)
    assert root.text_content() == "abc"
