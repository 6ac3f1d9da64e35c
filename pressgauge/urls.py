"""One address for each article: clean-up of URLs, and whose word about them is taken.

Two addresses that differ only in what readers, trackers and caches add become equal; whatever may tell two
articles apart stays. Where a rule cannot be sure it keeps the difference: an article counted twice is
found and repaired by its text, two articles merged are lost. Nothing here asks the network.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from ipaddress import IPv6Address, ip_address
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple
from urllib.parse import SplitResult, urljoin, urlsplit

import idna
from publicsuffixlist import PSLFILE, PublicSuffixList

from pressgauge.errors import ArgumentError
from pressgauge.unicode import valid_text

LONGEST = 8192
"""Characters of the longest address taken; servers refuse longer ones too, and it bounds the work."""

# Names of parameters, in lower case.
_TRACKING = re.compile(
    r"(?:ads?|at|bsft|cx|fb|ga|gaa|gs|guce|hsa|itm|mc|mkt|ml|mtm|ns|oly|piwik|pk|sc|soc|trk|utm|vero|wt)_.+"
    r"|(?:d|fb|g|tt|tw|wt|y|ys)clid|(?:_branch_match|campaign|click|gad_campaign|irclick|mibext|wicked)_?id"
    r"|igsh|igshid|gbraid|wbraid|msclkid|li_fat_id|rdt_cid|srsltid|zanpid|s_kwcid|s_cid"
    r"|_gl|_hsenc|_hsmi|_openstat|__hs(?:fp|ssc|tc)|__s|__tn__|__twitter_impression|_bta_tid|_ga|_ke"
    r"|ck_subscriber_id|cmpid|cndid|dicbo|echobox|epik|esrc|feed(?:name|type)|ftag|gad_source|gclsrc"
    r"|gdffi|gdfms|gdftrk|guccounter|hsctatracking|int_?cmp|intcid|jsessionid|leadsource|mkt_tok"
    r"|nr_email_referer|phpsessid|redir_esc|ref_?(?:src|url)|referringsource|reflink|rfsn|smid|smtyp|sms_ss"
    r"|sr_share|sref|srnd|tpcc|traffic_source|trk(?:campaign|contact|msg)?|usqp|wt\.[a-z_]+|wtmc|xtcr|xtor"
)
"""Only ever say how a reader came."""
_DOUBTFUL = re.compile(
    r"(?:.*[_.-])?(?:aff|affi|affiliate|campaign|cid|clid|eid|ga|gl|kwd|keyword|medium|partner|ref|referr?er"
    r"|session|source|uid)(?:[_.-].*|id)?"
    r"|bxid|ceid|cmp|emc|from|icid|iid|ito|m|mbid|mobile|mod|ncid|nl|nlid|oc|ocid|origin|otc|rss|scm|sh"
    r"|share[ds]?|si|sid|smn?|spm|src|taid|te|ueid|via"
)
"""Mostly say so, but number the articles of some sites: dropped only where the rest names the article."""
_CAME_FROM = frozenset(("from", "medium", "origin", "ref", "referer", "referrer", "source", "src", "via"))
_CHANNELS = frozenset(
    ("app", "email", "facebook", "fb", "feed", "home", "homepage", "hp", "instagram", "linkedin", "mail")
) | frozenset(("newsletter", "push", "reddit", "rss", "share", "social", "telegram", "twitter", "whatsapp"))
_AMP = frozenset(("amp", "_amp", "amp_gsa", "amp_js_v", "amp_markup", "amphtml"))
_VERSION = frozenset(("format", "layout", "mode", "output", "outputtype", "platform", "type", "view"))
"""Ask for the AMP version if their value is "amp"."""
_IDENTITY = re.compile(r".*(?:id|no|article|story|news|item|doc|post)|p")

_TWINS = frozenset(("www", "m", "mobile", "mobil", "touch", "wap", "amp"))
"""Labels before a registered domain that name a twin of the same site."""
_HOST = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\Z")
_PRIVATE = (".internal", ".invalid", ".lan", ".local", ".localhost", ".home.arpa")
_AMP_CACHE = re.compile(r"(?:.+\.)?(?:cdn\.ampproject\.org|bing-amp\.com)\Z")
_GOOGLE = re.compile(r"google\.(?:com|com?\.[a-z]{2}|[a-z]{2})\Z")

_PLAIN = r"A-Za-z0-9._~!$'()*,:@\-"
_UNESCAPE = re.compile(f"[{_PLAIN}]")
_ODD = re.compile(f"%([0-9A-Fa-f]{{2}})|[^{_PLAIN}/?&=+;]")
_SIMPLE = re.compile(r"(https?)://([a-z0-9.-]+)((?:/[A-Za-z0-9_~!$'()*,:@-][A-Za-z0-9._~!$'()*,:@-]*)*)/?\Z")
_MARKS = ("amp", "ndex.", "efault.")
"""An address of this form has nothing to clean but its host, unless its path has one of these."""
_ENDS = "".join(
    map(chr, (*range(0x21), 0x7F, 0xA0, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), 0x2060, 0xFEFF))
)
"""Blanks, controls and invisible characters that copying leaves at the ends."""

_SESSION = re.compile(r";(?:jsessionid|phpsessid)=[^/]*", re.IGNORECASE)
_INDEX = re.compile(r"(?:[Ii]ndex\.(?:s?html?|php|aspx?|jsp)|[Dd]efault\.(?:aspx?|html?))\Z")
_AMP_FILE = re.compile(r"(?<=[A-Za-z0-9])(?:[.!]amp)+(?=\.html?\Z|\Z)")
_SCRIPT = re.compile(r"\.(?:php\d?|aspx?|jspx?|cgi|cfm|do|pl|dll|exe|nsf)\Z", re.IGNORECASE)
_SLUG = re.compile(r"\d{5}|[^_-][_-]+[^_-]+[_-]+[^_-]")
_LONG_SLUG = re.compile(r"\d{5}|[^_-][_-]+[^_-]+[_-]+[^_-]+[_-]+[^_-]")
_PLACEHOLDER = re.compile(
    r"[\s{}<>\[\]|^`\"]|%7B|^(?:undefined|null|none|nan|false|true|n/a)$|^(?:javascript|data|about):", re.I
)
"""What templates leave where an address should be."""
_LISTS = frozenset(("author", "authors", "category", "section", "tag", "tags", "topic", "topics"))
"""Segments after which a list of articles is named, not an article."""


def canonicalize(url: str) -> str:
    """The one form of an article's address, in ASCII; the same for every address known to lead to it.

    Scheme https (unless a port is named, which speaks one protocol), host in lower case and punycode without
    `www.`, `m.` and other twins, no userinfo, default port, dot segments, `index.html`, trailing slash, AMP
    marks or tracking parameters; the other parameters sorted by name; escapes only where needed (RFC 3986,
    section 6.2). A fragment stays only if it is a route (`#!`, `#/`) and nothing else names the article.
    The case of the path stays. `file:///NAME/DIGEST` is its own form.

    Raises ArgumentError for what is no http, https or file address, and for one of more than LONGEST
    characters.

    >>> canonicalize("http://m.example.org:80/2025/A-day/amp/?utm_source=x&id=7#top")
    'https://example.org/2025/A-day?id=7'
    """
    if not isinstance(url, str):
        raise ArgumentError(
            f"an address is a text, not {type(url).__name__}; of a column: urls.map(canonicalize)"
        )
    if len(url) > LONGEST:
        raise ArgumentError(f"an address of {len(url)} characters; at most {LONGEST} are taken")
    try:
        url.encode()  # a lone surrogate is no character
        form = url if url.startswith("file:///") else _web_form(url)
    except ArgumentError:
        raise
    except ValueError as error:  # of a host or port that urllib or idna cannot read
        raise ArgumentError(f"{url!r} is no address: {error}") from error
    if len(form) > LONGEST:
        raise ArgumentError(f"an address of {len(form)} escaped characters; at most {LONGEST} are taken")
    return form


def _web_form(url: str) -> str:
    """The canonical form of an address of the web."""
    if (simple := _SIMPLE.match(url)) and not any(mark in simple[3] for mark in _MARKS):
        site = _parse_site(simple[1], simple[2])
        if not _is_cache(site.host):
            return site.base + simple[3][1:]
    return _clean_form(url)


def _clean_form(url: str) -> str:
    """The same of any address of the web."""
    site, segments, parts = _split_url(url)
    while cached := _inner_address(site.host, segments):
        site, segments, parts = _split_url(f"https://{'/'.join(cached)}?{parts.query}")
    if not _is_cache(site.host):
        segments = _without_amp(segments)
    query, fragment = _article_parameters(parts.query, segments), ""
    if parts.fragment[:1] in ("!", "/") and not _names_article(segments, query):
        fragment = _normal_escapes(parts.fragment).rstrip("!/")
    parameters = "&".join(f"{name}={value}" if value else name for name, value in query)
    return (
        site.base
        + "/".join(segments)
        + ("?" + parameters if parameters else "")
        + ("#" + fragment if fragment else "")
    )


def choose_canonical(url: str, declared: str | None) -> str:
    """The canonical form of `declared`, a page's rel=canonical, if it deserves trust; else that of `url`.

    It does not when it is no web address, names a private host or another port, a home page, a section or
    the page's own script without the parameters that name the article. Another registered domain is trusted
    only for the same outlet (bbc.co.uk and bbc.com, name.substack.com and name.com) and the same path or
    slug: a copy keeps its own address, even if it names the original, because who published is counted.

    Raises ArgumentError when `url` itself has no canonical form.
    """
    here_form = canonicalize(url)
    if not declared or here_form.startswith("file:"):
        return here_form
    try:
        other = canonicalize(absolute(url, declared) or url)
    except ValueError:
        return here_form
    here_parts, there_parts = urlsplit(here_form), urlsplit(other)
    if (
        there_parts.scheme == "file"
        or here_parts.port != there_parts.port
        or _is_front(there_parts, here_parts)
    ):
        return here_form
    if here_parts.hostname == there_parts.hostname:
        return other
    if _is_private(there_parts.hostname or ""):
        return here_form
    if registered_domain(here_form) == registered_domain(other):
        return other
    return (
        other if _same_outlet(here_parts, there_parts) and _same_slug(here_parts, there_parts) else here_form
    )


def absolute(url: str, declared: str) -> str | None:
    """The address that a page at `url` declares, in full; None for what is none, as a template's placeholder.

    An address that lacks only its scheme ("www.example.org/a" on a page of example.org) is no relative one.

    >>> absolute("https://www.example.org/2025/a", "example.org/2025/b")
    'https://example.org/2025/b'
    """
    url, declared = url.strip(_ENDS), declared.strip(_ENDS)
    if not declared or _PLACEHOLDER.search(declared):
        return None
    try:
        host = re.split("[/?#]", declared, maxsplit=1)[0].lower()
        domain = _registered_part(_parse_host(urlsplit(url).hostname or ""))
        if "." in host.strip(".") and "/" in declared and _registered_part(host) == domain:
            return f"https://{declared}"
        return urljoin(url, declared)
    except ValueError:
        return None


def registered_domain(url: str) -> str | None:
    """The domain under which the host of `url` was registered (eTLD+1); None for a `file:` address.

    By the Public Suffix List, private suffixes included: NAME.blogspot.com is one outlet, blogspot.com is
    none. A host without one (an IP address, localhost, a suffix) is its own answer.

    Raises ArgumentError as canonicalize does.

    >>> registered_domain("https://news.example.co.uk/a")
    'example.co.uk'
    """
    host = urlsplit(canonicalize(url)).hostname
    return (_registered_part(host) or host) if host else None


def domain_of(url: str | None) -> str | None:
    """The `registered_domain`, None for what is no address.

    >>> domain_of("https://[broken/a") is None
    True
    """
    try:
        return registered_domain(url) if url else None
    except ValueError:
        return None


def host_of(url: str | None) -> str | None:
    """The host of an address without its "www.", as an outlet without a name is called; None for what has
    none.

    >>> host_of("https://www.example.org/1")
    'example.org'
    """
    try:
        return (urlsplit(url or "").hostname or "").removeprefix("www.") or None
    except ValueError:
        return None


class _Site(NamedTuple):
    """A host in canonical form, and the address of its home page."""

    host: str
    base: str


def _split_url(url: str) -> tuple[_Site, list[str], SplitResult]:
    """An address as its site, the segments of its path, and all its parts as they were given."""
    parts = urlsplit(url.strip(_ENDS))
    if parts.scheme not in ("http", "https"):
        raise ArgumentError("no http, https or file address")
    return _parse_site(parts.scheme, parts.netloc), _path_segments(parts.path), parts


# Host


@lru_cache(maxsize=65536)
def _parse_site(scheme: str, netloc: str) -> _Site:
    if "\\" in netloc:
        # Programs disagree on where such a host ends.
        raise ArgumentError("a backslash in the host")
    parts = SplitResult(scheme, netloc, "", "", "")
    host, port = _parse_host(parts.hostname or ""), parts.port
    if port is None or port == (80 if scheme == "http" else 443):
        return _Site(host, f"https://{host}/")
    return _Site(host, f"{scheme}://{host}:{port}/")


def _parse_host(name: str) -> str:
    if ":" in name:
        if "%" in name:
            raise ArgumentError("an address with a zone belongs to one machine")
        return f"[{IPv6Address(name).compressed}]"
    if len(name) <= 254 and not name.isascii():
        name = idna.encode(name, uts46=True).decode()
    name = name.lower().removesuffix(".")
    if len(name) > 253 or not _HOST.match(name):
        raise ArgumentError("no host name")
    registered = _registered_part(name)
    if not registered or name == registered:
        return name
    labels = name.removesuffix("." + registered).split(".")
    while labels and labels[0] in _TWINS:
        labels.pop(0)
    return ".".join([*(label for label in labels if label != "m"), registered])


@lru_cache(maxsize=65536)
def _registered_part(host: str) -> str:
    """The registered domain of a host, "" for an IP address and a public suffix."""
    return "" if _is_number(host) else _public_suffixes("xn--" in host).privatesuffix(host) or ""


@cache
def _public_suffixes(encoded: bool) -> PublicSuffixList:
    """The list; without `encoded` only its rules in ASCII, of which hosts in ASCII without punycode are. To
    encode the other rules takes longer than to read all."""
    if encoded:
        return PublicSuffixList()
    with Path(PSLFILE).open("rb") as file:
        return PublicSuffixList([line for line in file if line.isascii()], accept_encoded_idn=False)


def _is_number(host: str) -> bool:
    """Whether a host is an IP address, in whatever notation."""
    return ":" in host or host.rpartition(".")[2].isdigit()


def _is_private(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return "." not in host or _is_number(host) or host.endswith(_PRIVATE)


# AMP


@lru_cache(maxsize=65536)
def _is_cache(host: str) -> bool:
    return bool(_AMP_CACHE.match(host) or _GOOGLE.match(host))


def _inner_address(host: str, segments: list[str]) -> list[str]:
    """Host and path that an AMP cache's path names: /amp/s/HOST/PATH, /c/s/HOST/PATH; empty if none."""
    if not segments or not _is_cache(host):
        return []
    if not (segments[0] == "amp" if _GOOGLE.match(host) else len(segments[0]) == 1):
        return []
    inner = segments[2:] if segments[1:2] == ["s"] else segments[1:]
    return inner if inner and "." in inner[0].strip(".") else []


def _without_amp(segments: list[str]) -> list[str]:
    """Path segments without the marks of AMP and without `index.html`."""
    while segments:
        last = segments[-1]
        if _INDEX.match(last):
            segments = segments[:-1]
        elif last in ("amp", "amphtml") and len(segments) > 1 and re.search(r"[\d_-]", segments[-2]):
            # Behind a slug or number it is a mark; "/dictionary/amp" and "/tag/amp" are pages of their own.
            segments = segments[:-1]
        elif (plain := _AMP_FILE.sub("", last)) != last:
            segments = [*segments[:-1], plain]
        else:
            break
    if any(segment[:3] == "amp" for segment in segments[:-1]) and _SLUG.search(segments[-1]):
        before = (re.sub(r"^(?:amp_)+(?=[a-z])", "", segment) for segment in segments[:-1])
        return [*(segment for segment in before if segment != "amp"), segments[-1]]
    return segments


# Path and query


def _normal_escapes(text: str) -> str:
    """Text with escapes in upper case and only where needed, so that equal addresses have one spelling."""
    return _ODD.sub(_normal_escape, text)


def _normal_escape(match: re.Match[str]) -> str:
    digits = match[1]
    if not digits:
        return "".join(f"%{byte:02X}" for byte in match[0].encode())
    character = chr(int(digits, 16))
    return character if _UNESCAPE.match(character) else match[0].upper()


def _path_segments(path: str) -> list[str]:
    segments: list[str] = []
    for segment in _SESSION.sub("", _normal_escapes(path)).split("/"):
        if segment == "..":
            del segments[-1:]
        elif segment not in ("", "."):
            segments.append(segment)
    return segments


def _article_parameters(query: str, segments: list[str]) -> list[tuple[str, str]]:
    """The parameters that may name the article, sorted by name."""
    if not query:
        return []
    sure: list[tuple[str, str]] = []
    doubtful: list[tuple[str, str]] = []
    for part in query.replace("+", "%20").split("&"):
        name, _, value = part.partition("=")
        # "&amp;" comes from feeds that escaped twice.
        name, value = re.sub(r"^(?:amp;)+", "", _normal_escapes(name)), _normal_escapes(value)
        if (name or value) and not _is_tracking(name.lower(), value.lower()):
            (doubtful if _DOUBTFUL.fullmatch(name.lower()) else sure).append((name, value))
    if doubtful and not _names_article(segments, sure):
        sure += doubtful
    return sorted(dict.fromkeys(sure), key=itemgetter(0))


def _is_tracking(name: str, value: str) -> bool:
    return (
        name in _AMP
        or (name in _VERSION and value == "amp")
        or (name in _CAME_FROM and value in _CHANNELS)
        or _TRACKING.fullmatch(name) is not None
    )


def _names_article(segments: list[str], query: list[tuple[str, str]]) -> bool:
    """Whether the address alone tells the article: a slug of four words or a number of five digits."""
    if segments and _LONG_SLUG.search(segments[-1]) and not _SCRIPT.search(segments[-1]):
        return True
    return any(_LONG_SLUG.search(value) and _IDENTITY.fullmatch(name.lower()) for name, value in query)


# Trust


def _path_parts(parts: SplitResult) -> list[str]:
    return [segment for segment in parts.path.split("/") if segment]


def _has_slug(path: list[str]) -> bool:
    return bool(path) and _SLUG.search(path[-1]) is not None and not _SCRIPT.search(path[-1])


def _is_front(there: SplitResult, here: SplitResult) -> bool:
    """Whether `there` is a home page, a list of articles or a bare script, seen from the page `here`."""
    front, own = _path_parts(there), _path_parts(here)
    if there.query or there.fragment:
        return False
    if front == own:
        return bool(here.query) and not _has_slug(front)
    if not front or (front[-2:-1] != own[-2:-1] and not _LISTS.isdisjoint(front[-2:-1])):
        return True
    return not _has_slug(front) and (_has_slug(own) or len(front) < len(own) + bool(own and here.query))


def _same_outlet(here: SplitResult, there: SplitResult) -> bool:
    """Whether two domains have one name, or one is named like the other's room on a platform."""
    (name, room), (other, other_room) = _host_names(here.hostname or ""), _host_names(there.hostname or "")
    return other in (name, room) or name == other_room


def _host_names(host: str) -> tuple[str, str]:
    """The names in a host of its domain and of what is before it, "The" and hyphens aside."""
    domain = _registered_part(host) or host
    room = host.removesuffix(domain).rstrip(".")
    return _plain_name(domain.split(".")[0]), _plain_name(room)


def _plain_name(name: str) -> str:
    name = name.replace("-", "")
    return name.removeprefix("the") or name


def _same_slug(here: SplitResult, there: SplitResult) -> bool:
    if here.path == there.path:
        return here.query == there.query
    return _path_parts(here)[-1:] == _path_parts(there)[-1:] and _has_slug(_path_parts(here))


def is_web(address: str) -> bool:
    """Whether an address begins with http:// or https://, in any case, names a host, and can be written."""
    if _SIMPLE.match(address):
        return True
    if not address[:8].lower().startswith(("http://", "https://")) or valid_text(address) != address:
        return False
    try:
        return bool(urlsplit(address).hostname)
    except ValueError:
        return False
