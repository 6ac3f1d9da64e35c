"""Text of an article on the page is text."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.components import safe


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.seen = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.seen += data


def _parse(markup: str) -> _Tags:
    parser = _Tags()
    parser.feed(markup)
    parser.close()
    return parser


@given(st.text())
def test_u01_no_text_makes_a_tag(text: str) -> None:
    assert _parse(f"<p>{safe.text(text)}</p>").tags == ["p"]


@given(st.text(), st.lists(st.tuples(st.integers(-5, 60), st.integers(-5, 60)), max_size=6))
def test_u01_highlighting_adds_marks_and_nothing_else(text: str, spans: list[tuple[int, int]]) -> None:
    spans = [(max(0, start), min(len(text), end)) for start, end in spans]
    assert set(_parse(safe.highlight(text, spans)).tags) <= {"mark"}


def test_highlighted_ranges_that_overlap_become_one() -> None:
    assert (
        safe.highlight("open weights now", [(0, 4), (2, 12)]) == "<mark>open</mark><mark> weights</mark> now"
    )


def test_u01_without_the_escaping_text_makes_tags(monkeypatch: pytest.MonkeyPatch) -> None:
    attack = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    monkeypatch.setattr(safe.html, "escape", lambda text, quote: text)
    assert _parse(f"<p>{safe.text(attack)}</p>").tags == ["p", "script", "img"]
    assert "img" in _parse(safe.highlight(attack, [(0, 4)])).tags
    assert "img" in _parse(safe.link("https://press.example/", attack)).tags


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)",
        "java\nscript:alert(1)", "\x01javascript:alert(1)", "data:text/html,<script>1</script>", "vbscript:x",
        "file:///etc/passwd", "//evil.example/x", "https:evil", "https://", "http://[::1",
        "https:\\\\evil.example",
        "blob:https://x/1", "", None, float("nan"), 7,
    ],
)  # fmt: skip
def test_u02_only_web_addresses_become_links(url: object) -> None:
    assert safe.web_url(url) is None
    assert safe.link(url, "label") == "label"


def test_u02_without_the_look_at_its_scheme_an_address_becomes_a_link_that_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(safe, "web_url", lambda url: url)
    assert safe.link("javascript:alert(1)", "label").startswith('<a href="javascript:alert(1)"')


def test_u02_a_link_opens_elsewhere_and_tells_nothing() -> None:
    made = safe.link('https://example.org/?a=1&b="2"', "<b>")
    assert made == (
        '<a href="https://example.org/?a=1&amp;b=&quot;2&quot;" target="_blank" '
        'rel="noopener noreferrer nofollow">'
        "&lt;b&gt;</a>"
    )


def test_u01_a_chart_label_holds_no_markup_of_plotly() -> None:
    assert "<" not in safe.plain("<a href='https://evil.example'>x</a><b>")


def test_direction_changing_characters_do_not_reach_the_page() -> None:
    assert safe.text("ab\u202egnp.exe") == "abgnp.exe"
