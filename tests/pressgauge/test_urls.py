"""One address for each article, and when a page is believed about its own."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from courlan import clean_url
from hypothesis import given
from hypothesis import strategies as st

from pressgauge import urls
from pressgauge.errors import ArgumentError
from pressgauge.schema import article_id
from pressgauge.urls import LONGEST, canonicalize, choose_canonical, registered_domain
from tests.cost import costs_at_most

with (Path(__file__).parent.parent / "data" / "url_pairs.csv").open(encoding="utf-8", newline="") as _file:
    PAIRS = list(csv.DictReader(_file))
"""Pairs of addresses of the same article and of different ones, each with the rule that it shows."""

# What addresses are made of, so that a random one meets the rules.
PIECES = (
    "http:// https:// file:/// www. m. amp. example.org example.co.uk google.com x.cdn.ampproject.org "
    "bücher.example xn--bcher-kva.example [::1] １２７.0.0.1 @ :80 :443 :8080 / // /amp /amp/ /s/ /c/ "
    "/amp_ .amp !amp - /index.html /.. /%2e%2E /a-long-slug-of-words /12345 .html ? & &amp; = amp id=7 "
    "cid=12 utm_source=x source=rss + %20 %2B %61mp %3f % %C3%a9 é # #! #!/ ; ;jsessionid=1 \\ \u200b "
    "\u202e \ud800 👩 ． Ⅷ A ."
)
_PIECES = st.sampled_from([*PIECES.split(), *"\t\n\0 \r"])
ADDRESSES = (
    st.text()
    | st.lists(_PIECES).map("".join)
    | st.lists(_PIECES).map(lambda pieces: "https://x.de" + "".join(pieces))
)
# Names that courlan takes for tracking; it knows many more, such as "gallery", by how they begin.
TRACKING = (
    "dclid fbclid gclid twclid yclid ysclid clickid msclkid partnerid ad_x ads_x mc_cid ga_x gs_x itm_x "
    "mkt_tok ml_x mtm_source oly_enc_id pk_kwd utm_x vero_id aff affi affiliate campaign cid clid eid "
    "ga gl kwd keyword medium ref referer referrer session source uid xtor my_ref ref_src campaign_id"
)


def refused(text: str) -> bool:
    try:
        canonicalize(text)
    except ArgumentError:
        return True
    return False


# P12: one article, one address


@pytest.mark.parametrize(
    "pair", [pair for pair in PAIRS if pair["relation"] == "same"], ids=lambda pair: pair["rule"]
)
def test_p12_two_addresses_of_one_article_become_equal(pair: dict[str, str]) -> None:
    assert canonicalize(pair["first"]) == canonicalize(pair["second"])


@pytest.mark.parametrize(
    "pair", [pair for pair in PAIRS if pair["relation"] == "different"], ids=lambda pair: pair["rule"]
)
def test_p12_addresses_of_two_articles_stay_different(pair: dict[str, str]) -> None:
    assert canonicalize(pair["first"]) != canonicalize(pair["second"])


def parted(relation: str) -> int:
    """How many pairs of that relation have two forms."""
    pairs = [pair for pair in PAIRS if pair["relation"] == relation]
    return sum(canonicalize(pair["first"]) != canonicalize(pair["second"]) for pair in pairs)


@pytest.mark.parametrize(
    ("rule", "without"),
    [
        ("_is_tracking", lambda name, value: False),
        ("_without_amp", lambda segments: segments),
        ("_normal_escape", lambda match: match[0]),
        ("_TWINS", frozenset()),
    ],
)
def test_p12_without_a_rule_one_article_has_several_addresses(
    rule: str, without: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert parted("same") == 0
    monkeypatch.setattr(urls, rule, without)
    urls._parse_site.cache_clear()
    try:
        assert parted("same") >= 5
    finally:
        urls._parse_site.cache_clear()


def test_p12_without_the_doubt_about_parameters_articles_are_merged(monkeypatch: pytest.MonkeyPatch) -> None:
    different = sum(pair["relation"] == "different" for pair in PAIRS)
    assert parted("different") == different
    monkeypatch.setattr(urls, "_is_tracking", lambda name, value: True)
    assert parted("different") <= different - 20


def test_p12_no_two_articles_of_the_whole_list_are_merged() -> None:
    article = {pair[side]: pair[side] for pair in PAIRS for side in ("first", "second")}

    def root(address: str) -> str:
        while article[address] != address:
            address = article[address]
        return address

    for pair in PAIRS:
        if pair["relation"] == "same":
            article[root(pair["first"])] = root(pair["second"])
    articles = defaultdict(set)
    for address in article:
        articles[canonicalize(address)].add(root(address))
    assert {form: found for form, found in articles.items() if len(found) > 1} == {}


def test_p12_the_list_has_at_least_500_pairs_of_both_kinds() -> None:
    kinds = [pair["relation"] for pair in PAIRS]
    assert len(PAIRS) >= 500
    assert min(kinds.count("same"), kinds.count("different")) >= 200
    assert set(kinds) == {"same", "different"}


@pytest.mark.parametrize(
    ("url", "form"),
    [
        ("http://www.Example.org:80/News/A?b=2&a=1&utm_source=x#top", "https://example.org/News/A?a=1&b=2"),
        ("https://example.org", "https://example.org/"),
        ("https://example.org/a/b/", "https://example.org/a/b"),
        ("http://127.0.0.1:8123/a/", "http://127.0.0.1:8123/a"),
        ("https://user:word@example.org/a", "https://example.org/a"),
        ("https://bücher.example/größe?maß=1", "https://xn--bcher-kva.example/gr%C3%B6%C3%9Fe?ma%C3%9F=1"),
        ("https://faß.de/", "https://xn--fa-hia.de/"),
        ("https://example.org/?p=12&amp;utm_medium=rss", "https://example.org/?p=12"),
        ("https://example.org/#!/story/5", "https://example.org/#!/story/5"),
        ("https://www.gov.uk/guidance/a", "https://www.gov.uk/guidance/a"),
        ("https://www.google.com/amp/s/amp.example.org/a-b/amp?x=1", "https://example.org/a-b?x=1"),
        ("https://example-org.cdn.ampproject.org/", "https://example-org.cdn.ampproject.org/"),
        ("file:///my articles.csv/12", "file:///my articles.csv/12"),
    ],
)
def test_p12_the_canonical_form_is_as_documented(url: str, form: str) -> None:
    assert canonicalize(url) == form


@pytest.mark.parametrize("name", TRACKING.split())
def test_p12_a_tracking_parameter_that_courlan_knows_is_dropped_behind_a_slug(name: str) -> None:
    article = "https://example.org/open-model-wins-a-prize"
    assert clean_url(f"{article}?{name}=1234") == article
    assert canonicalize(f"{article}?{name}=1234") == article


SIMPLE = "a Ab 12345 a-long-slug-of-words amp .amp _amp amp_ index.html default.asp / / . .. ~ ! :80"
HOSTS = "x.de www.example.org m.google.com x.cdn.ampproject.org a..b 1.2.3.4 example.org:80"


@given(
    st.sampled_from(["http", "https"]),
    st.sampled_from(HOSTS.split()),
    st.lists(st.sampled_from(SIMPLE.split())).map("".join),
)
def test_p12_a_simple_address_has_the_form_that_all_rules_give_it(scheme: str, host: str, path: str) -> None:
    address = f"{scheme}://{host}/{path}"
    if not refused(address):
        assert canonicalize(address) == urls._clean_form(address)
        assert urls.is_web(address)


@given(ADDRESSES)
def test_p12_the_form_of_a_form_is_itself(text: str) -> None:
    if not refused(text):
        form = canonicalize(text)
        assert canonicalize(form) == form


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/..amp",
        "https://example.org/amp_../a-long-slug",
        "https://example.org/amp_amp_/a-long-slug",
        "https://x.cdn.ampproject.org/amp/c/s/example.org/a-long-slug",
        "http://m.-example.org/",
        "https://google.com/%61mp/s/google.com/amp/example.org/a-b/amp/amp",
    ],
)
def test_p12_taking_one_mark_away_leaves_no_other_to_be_found(url: str) -> None:
    assert canonicalize(canonicalize(url)) == canonicalize(url)


@given(ADDRESSES)
def test_p12_a_web_address_in_canonical_form_is_ascii_without_blanks(text: str) -> None:
    if not refused(text) and not text.startswith("file:"):
        form = canonicalize(text)
        assert form.isascii()
        assert form.isprintable()
        assert " " not in form


@given(
    st.lists(st.sampled_from(["id=7", "utm_source=a", "b=x%20y", "c", "fbclid=1"]), min_size=1),
    st.randoms(use_true_random=False),
)
def test_p12_the_order_of_parameters_of_different_names_says_nothing(pairs: list[str], chance) -> None:
    shuffled = list(pairs)
    chance.shuffle(shuffled)
    one, other = (canonicalize("https://example.org/a?" + "&".join(each)) for each in (pairs, shuffled))
    assert one == other


# P13: hostile text


@given(ADDRESSES)
def test_p13_any_text_has_a_form_or_raises_an_argument_error(text: str) -> None:
    if not refused(text):
        article_id(canonicalize(text))
        registered_domain(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "news",
            "//example.org/a",
            "ftp://example.org/a",
            "javascript:alert(1)",
            "mailto:a@example.org",
        ),
        *(
            "data:text/html,x",
            "http:///a",
            "https://",
            "http://[bad",
            "http://[::1",
            "http://[fe80::1%25eth0]/",
            "http://[::zz]/a",
            "http://[1::2::3]/",
            "http://xn--ü.example/",
        ),
        *("http://example.org:port/", "http://example.org:99999/", "http://example.org:８０/"),
        *("http://exa mple.org/", "http://a\0b.example/", "http://a..example/", "http://.example/"),
        *("http://good.example\\@evil.example/", "http://ex%61mple.org/", "http://" + "a" * 64 + ".example/"),
        *(
            "http://" + "a." * 200 + "example/",
            "http://example.org/\ud800",
            "file://server/a",
            "file:///\udfff",
        ),
        "http://example.org／evil.example/",
    ],
)
def test_p13_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ArgumentError):
        canonicalize(text)


@pytest.mark.parametrize(
    "text",
    [
        "http://example.org/" + "a" * 1_000_000,
        "\n" * 1_000_000,
        "http://example.org/?" + "é" * (LONGEST - 20),
    ],
    ids=["path", "blank", "escapes"],
)
def test_p13_an_address_longer_than_servers_take_is_refused(text: str) -> None:
    with pytest.raises(ArgumentError):
        canonicalize(text)


@pytest.mark.parametrize(
    "repeated",
    [
        "/amp",
        ".amp",
        "/amp_",
        "/index.html",
        "?a&",
        "?cid=1&",
        "/..",
        "a_",
        "%",
        "&amp;",
        ";jsessionid=",
        "_",
        ".",
    ],
)
@pytest.mark.parametrize("start", ["http://example.org/a-1", "http://google.com/amp/google.com", "http://a"])
def test_p13_a_long_hostile_address_takes_no_long_time(start: str, repeated: str) -> None:
    text = (start + repeated * LONGEST)[:LONGEST]
    # Far above what it takes, far below what a quadratic rule would.
    assert costs_at_most(1, lambda: refused(text))


def test_p13_full_width_digits_are_the_address_they_look_like() -> None:
    assert canonicalize("http://１２７.0.0.1/a") == "https://127.0.0.1/a"


def test_p13_invisible_characters_around_an_address_are_no_part_of_it() -> None:
    assert canonicalize("\ufeff\u202ehttps://example.org/a\u200b\r\n") == "https://example.org/a"


# What a page declares

ARTICLE = "https://www.example.org/tech/open-model-wins-prize?utm_source=rss"
OWN = "https://example.org/tech/open-model-wins-prize"


@pytest.mark.parametrize(
    ("declared", "chosen"),
    [
        (
            "https://www.example.org/tech/2025/open-model-wins-prize",
            "https://example.org/tech/2025/open-model-wins-prize",
        ),
        ("/tech/2025/open-model-wins-prize", "https://example.org/tech/2025/open-model-wins-prize"),
        ("//example.org/tech/prize-998877", "https://example.org/tech/prize-998877"),
        ("?id=5", "https://example.org/tech/open-model-wins-prize?id=5"),
        (
            " https://news.example.org/tech/open-model-wins-prize\n",
            "https://news.example.org/tech/open-model-wins-prize",
        ),
    ],
)
def test_a_page_is_believed_about_its_own_site(declared: str, chosen: str) -> None:
    assert choose_canonical(ARTICLE, declared) == chosen


@pytest.mark.parametrize(
    "declared",
    [
        *(None, "", " ", "/", "https://www.example.org", "https://example.org/index.html", "/?utm_source=x"),
        *("/tech", "/tech/", "/news", "/en", "/news/technology", "/tag/open-model-prize", "/author/jane-doe"),
        *("javascript:void(0)", "mailto:a@example.org", "ftp://example.org/a", "data:,x", "file:///news/1"),
        *("http://[bad", "https://", "https://example.org:port/a", "\ud800", "\0", "http://" + "a" * 10_000),
        *("https://example.org:8080/tech/open-model-wins-prize", "http://localhost/tech/open-model-wins-prize"),
        *("http://127.0.0.1/tech/open-model-wins-prize", "http://10.0.0.1/tech/open-model-wins-prize"),
        *("http://example.local/tech/open-model-wins-prize", "http://example/tech/open-model-wins-prize"),
    ],
)  # fmt: skip
def test_a_page_that_declares_no_article_keeps_the_address_it_was_found_under(declared: str | None) -> None:
    assert choose_canonical(ARTICLE, declared) == OWN


def test_a_copy_keeps_its_own_address_even_if_it_names_the_original() -> None:
    copy = "https://www.citypost.com/story/tech/2025/02/03/open-model-wins-prize/78112233007"
    original = "https://www.nationtoday.com/story/tech/2025/02/03/open-model-wins-prize/78112233007"
    assert choose_canonical(copy, original) == canonicalize(copy)


@pytest.mark.parametrize(
    ("url", "declared"),
    [
        ("https://www.bbc.co.uk/news/technology-91827364", "https://www.bbc.com/news/technology-91827364"),
        (
            "https://independent.co.uk/tech/a-b2687431.html",
            "https://www.the-independent.com/tech/a-b2687431.html",
        ),
        ("https://someone.substack.com/p/why-now", "https://www.someone.com/p/why-now"),
        ("https://www.someone.com/p/why-now", "https://someone.substack.com/p/why-now"),
        (
            "https://writer.blogspot.co.uk/2025/01/notes.html",
            "https://writer.blogspot.com/2025/01/notes.html",
        ),
        ("https://herald.com/a/open-model-wins-prize", "https://herald.co.nz/tech/open-model-wins-prize"),
    ],
)
def test_an_outlet_is_believed_about_its_other_domain(url: str, declared: str) -> None:
    assert choose_canonical(url, declared) == canonicalize(declared)


@pytest.mark.parametrize(
    ("url", "declared"),
    [
        ("https://www.bbc.co.uk/news/technology-91827364", "https://www.bbc.com/news/business-10000001"),
        ("https://www.bbc.co.uk/read.php?id=1", "https://www.bbc.com/read.php?id=2"),
        ("https://one.blogspot.com/2025/01/notes.html", "https://two.blogspot.com/2025/01/notes.html"),
        ("https://one.co.uk/news/1", "https://two.co.uk/news/1"),
        ("https://one.com/news/1", "https://the.com/news/1"),
        ("https://news.one.com/a/1", "https://news.two.com/a/1"),
    ],
)
def test_another_outlet_on_the_same_suffix_platform_or_name_is_not_believed(url: str, declared: str) -> None:
    assert choose_canonical(url, declared) == canonicalize(url)


def test_a_script_without_the_parameter_that_names_the_article_is_not_believed() -> None:
    url = "https://example.org/article.php?id=48213"
    assert choose_canonical(url, "https://example.org/article.php") == url
    assert choose_canonical(url, "/article") == url


def test_an_article_behind_a_short_link_is_believed() -> None:
    assert (
        choose_canonical("https://example.org/?p=731", "/2025/02/prize/")
        == "https://example.org/2025/02/prize"
    )


def test_the_address_in_an_amp_cache_is_the_publishers_own() -> None:
    cached = "https://example-org.cdn.ampproject.org/c/s/www.example.org/tech/open-model-wins-prize/amp"
    assert choose_canonical(cached, "https://www.example.org/tech/open-model-wins-prize") == OWN


def test_a_page_on_loopback_is_believed_about_itself_only() -> None:
    url = "http://127.0.0.1:8123/a/1.html?x=1"
    assert choose_canonical(url, "http://127.0.0.1:8123/b/77777.html") == "http://127.0.0.1:8123/b/77777.html"
    assert choose_canonical(url, "http://127.0.0.1:9999/b/77777.html") == canonicalize(url)


def test_a_row_of_a_file_keeps_its_address_whatever_its_page_declares() -> None:
    assert choose_canonical("file:///news/1", "https://example.org/a") == "file:///news/1"


@given(ADDRESSES, ADDRESSES)
def test_p13_the_choice_is_a_canonical_form_whatever_is_declared(url: str, declared: str) -> None:
    if not refused(url):
        chosen = choose_canonical(url, declared)
        assert canonicalize(chosen) == chosen


# Domains


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://www.example.org/a", "example.org"),
        ("https://news.example.co.uk/a", "example.co.uk"),
        ("https://writer.blogspot.com/a", "writer.blogspot.com"),
        ("https://m.github.io/a", "m.github.io"),
        ("https://a.b.unlisted-suffix/a", "b.unlisted-suffix"),
        ("https://новости.рф/a", "новости.рф".encode("idna").decode()),
        ("https://www.gov.uk/a", "www.gov.uk"),
        ("https://gov.uk/a", "gov.uk"),
        ("http://localhost:8080/a", "localhost"),
        ("http://127.0.0.1:8123/a", "127.0.0.1"),
        ("http://[2001:db8::1]/a", "2001:db8::1"),
        ("file:///news/1", None),
    ],
)
def test_the_registered_domain_follows_the_public_suffix_list(url: str, domain: str | None) -> None:
    assert registered_domain(url) == domain


def test_addresses_are_read_without_network_cache_or_pandas(tmp_path: Path) -> None:
    program = """
import socket, sys
def refuse(*_, **__): raise AssertionError("the network was asked")
socket.socket.connect = socket.getaddrinfo = refuse
from pressgauge import urls
from pressgauge.urls import registered_domain
assert registered_domain("https://news.example.co.uk/a") == "example.co.uk"
assert "pandas" not in sys.modules
"""
    home = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path), "TLDEXTRACT_CACHE": str(tmp_path)}
    root = Path(__file__).parent.parent.parent
    subprocess.run([sys.executable, "-c", program], env=home, cwd=root, check=True, timeout=60)
    assert list(tmp_path.iterdir()) == []
