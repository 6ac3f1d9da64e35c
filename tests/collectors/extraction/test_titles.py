"""Which of the words that a page declares and shows are its headline."""

from __future__ import annotations

import pytest

from collectors.extraction.extract import extract
from tests.collectors.extraction.test_extract import PARAGRAPHS, json_ld, page

NAME = "Northwick council opens its archive"
OTHER = "Old boxes of the planning office find many readers"
ADDRESS = "https://www.northwickpost.example/news/4711"


def title(heading: str, head: str = "", element: str = NAME, url: str = ADDRESS) -> str | None:
    """The headline of a page with this heading, title element and declarations."""
    article = f"<article><h1>{heading}</h1>{PARAGRAPHS}</article>"
    return extract(page(f"<title>{element}</title>{head}", article), url).title


def shared(text: str, *names: str) -> str:
    return "".join(f"<meta property='{name}' content='{text}'>" for name in names)


def test_on_news_pages_three_declarations_go_before_opengraph_and_its_twin() -> None:
    twins = shared(OTHER, "og:title", "twitter:title")
    declared = json_ld(headline=NAME)
    assert title(NAME, declared + twins) == OTHER
    assert title(NAME, declared + twins + shared(NAME, "parsely-title")) == NAME


@pytest.mark.parametrize("label", ["Plans of the council: ", "The council's plans / "])
def test_a_label_in_the_heading_before_what_is_declared_is_no_part_of_the_headline(label: str) -> None:
    declared = json_ld(headline=NAME) + shared(NAME, "twitter:title")
    assert title(label + NAME, declared, f"{NAME} | Post") == NAME
    whole = label + NAME
    assert title(whole, json_ld(headline=NAME) + shared(whole, "og:title"), whole) == whole


def test_a_heading_that_is_the_hosts_name_is_no_headline_below_the_first_page() -> None:
    assert title("Northwick Post", element=f"{NAME} | Northwick Post") == NAME
    boxes = "Northwick Post</h1><h2>Notable Links</h2><h1>"
    assert title(boxes, element="Error | Northwick Post") != "Notable Links"
    first_page = "https://www.northwickpost.example/"
    assert title("Northwick Post", element="Northwick Post", url=first_page) == "Northwick Post"


@pytest.mark.parametrize(
    "beside",
    [
        " <span class='badge'>Live</span>",
        " <span class='sr-only'>(opens in new window)</span>",
        "<span class='comments-count'>12 comments</span>",
        "<a class='headerlink' href='#x'>¶</a>",
        "<a href='#x'>#</a>",
    ],
)
def test_what_stands_for_something_else_behind_a_headline_is_no_part_of_it(beside: str) -> None:
    assert title(NAME + beside) == NAME


LONG = "Old bridge over the river stays open for another year"


@pytest.mark.parametrize(
    "heading",
    [
        f"<a class='permalink' href='/news/4711'>{LONG}</a> <span>Updated on Monday</span>",
        f"<a class='entry-permalink' href='/news/4711'>{LONG}</a> <span>What the council decided</span>",
        f"<a class='header-link' href='/news/4711'>{LONG}</a> <em>Letter from Berlin</em>",
        f"<span class='screen-reader-text'>{LONG}</span> <span aria-hidden='true'>Old bridge stays</span>",
    ],
)
@pytest.mark.parametrize("element", ["Northwick Post", f"{LONG} | Northwick Post", LONG])
def test_a_link_that_wraps_the_headline_holds_it(heading: str, element: str) -> None:
    assert title(heading, element=element) == LONG


def test_a_link_around_the_first_words_is_a_part_of_the_headline() -> None:
    heading = f"<a class='permalink' href='/news/4711'>{LONG}</a> <em>in Berlin</em>"
    assert title(heading, element=f"{LONG} in Berlin") == f"{LONG} in Berlin"


@pytest.mark.parametrize("name", ["Microsoft drops support for C #", "What is meant by a pilcrow ¶"])
def test_a_mark_that_no_link_holds_ends_the_headline(name: str) -> None:
    assert title(name, element=name) == name
    assert title(f"{name} <a href='#x'>#</a>", element=f"{name} | Post") == name


def test_a_heading_goes_before_its_part_behind_a_colon() -> None:
    html = page(
        "<title>Mayor: The old bridge of Northwick stays open - Example! News</title>",
        f"<div><h1>Mayor: The old bridge of Northwick stays open</h1>{PARAGRAPHS}</div>",
    )
    assert extract(html, "https://news.example.org/s/ap/bridge").title == (
        "Mayor: The old bridge of Northwick stays open"
    )


def test_where_no_heading_is_likely_the_title_element_without_the_sites_name_is_the_headline() -> None:
    head = "<title>Northwick.com: Two Bridges On Many Rivers</title>"
    box = "<div class='nav-title'>Jump | Free Trial Issue</div>" + "<p>More</p>" * 9
    html = page(head, f"{box}<div>{PARAGRAPHS}</div>")
    assert extract(html, "https://www.northwick.com:80/2005/x.html").title == "Two Bridges On Many Rivers"


def test_a_chinese_title_element_ends_before_rubric_and_site() -> None:
    text = "".join(
        f"<p>{'北镇议会星期二投票决定向公众开放规划办公室的档案馆，工作将于秋天开始。' * 2}</p>"
        for _ in range(3)
    )
    html = page("<title>北镇议会星期二决定向公众开放档案馆--时政--北镇网</title>", f"<div>{text}</div>")
    assert extract(html, "https://www.example.cn/a").title == "北镇议会星期二决定向公众开放档案馆"


@pytest.mark.parametrize("cut", ["...", "…", " […]", " [...]"])
def test_a_headline_that_is_cut_before_the_sites_name_is_completed_by_the_heading(cut: str) -> None:
    whole = "Northwick council opens the archive of its planning office to the public after two years"
    short = f"{whole[:58]}{cut}"
    twins = shared(short, "og:title") + "<meta property='og:site_name' content='Northwick Post'>"
    assert title(whole, twins, f"{short} | Northwick Post") == whole
