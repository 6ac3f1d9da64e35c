"""A chart outside the app: a document that needs nobody, and the element that holds it."""

from __future__ import annotations

import base64
import gzip
import html
import json
import re

import plotly.graph_objects as go
import pytest

from dashboard.components.charts.library import LIBRARY
from dashboard.components.charts.snippet import document, height, iframe, snippet
from pressgauge.palette import DARK, LIGHT

HOSTILE = '</script><img src=x onerror="alert(1)">'
CAPTION = (
    'Counted: 12 articles on AI, all dates.\nOpen <side>: "open & weights"\nPressgauge 1, dataset version 7.'
)


def figure(**layout: object) -> str:
    note = {"name": "note", "text": "Before 2025 <b>two</b> outlets &amp; no more<br>were asked"}
    drawn = go.Figure(go.Scatter(x=[1, 2], y=[1, 3], name=HOSTILE), layout={"annotations": [note], **layout})
    return str(drawn.to_json())


def test_the_document_carries_figure_library_and_words_and_names_no_host():
    made = document(figure(), "Articles a week", CAPTION)
    assert json.loads(re.search('"application/json">(.*?)</script>', made, re.DOTALL)[1])["data"][0]["y"] == [
        1,
        3,
    ]
    packed = re.search('"application/gzip">(.*?)</script>', made)[1]
    assert gzip.decompress(base64.b64decode(packed)) == LIBRARY.read_bytes()
    rest = made.replace(packed, "")
    assert "//" not in re.sub(r"(?m)^\s*// .*$", "", rest)  # comments aside
    assert "default-src 'none'" in made
    assert (
        "Counted: 12 articles on AI, all dates.<br>Open &lt;side&gt;: &quot;open &amp; weights&quot;<br>"
        in made
    )


def test_what_stands_as_a_note_in_the_figure_stands_as_text_below_it_once():
    made = document(figure(), "d", CAPTION)
    assert "<figcaption>Before 2025 two outlets &amp; no more<br>were asked<br>Counted:" in made
    assert made.count("were asked") == 1


def test_no_text_of_an_article_ends_the_script_or_the_frame():
    made = document(figure(), HOSTILE, HOSTILE)
    assert "<img" not in made
    shape = r'<iframe srcdoc="([^"]*)" title="([^"]*)" width="100%" height="\d+" [^<>]*></iframe>'
    held = re.fullmatch(shape, snippet(figure(), HOSTILE, HOSTILE))
    assert held is not None
    assert html.unescape(held[1]) == made
    assert html.unescape(held[2]) == HOSTILE


@pytest.mark.parametrize(("theme", "other"), [(LIGHT, DARK), (DARK, LIGHT)])
def test_the_ground_is_that_of_the_theme_the_figure_was_drawn_for(theme, other):
    made = document(figure(font={"color": theme.ink}), "d", "c")
    assert f"background: {theme.paper}; color: {theme.ink}" in made
    assert other.paper not in made


def test_only_a_web_address_becomes_the_link_to_the_view():
    assert 'href="https://press.example/?tab=volume"' in document(
        figure(), "d", "c", address="https://press.example/?tab=volume"
    )
    assert "<a " not in document(figure(), "d", "c", address="javascript:alert(1)")


def test_the_height_grows_with_figure_and_caption_and_as_the_place_narrows():
    assert height(figure(height=500), CAPTION) - height(figure(height=400), CAPTION) == 100
    assert height(figure(), CAPTION + "\nmore") > height(figure(), CAPTION)
    assert height(figure(), CAPTION, 200) > height(figure(), CAPTION, 900)


def test_a_frame_has_an_address_a_name_and_no_reach():
    made = iframe("https://press.example/embed?chart=a&b", 'Say "so"', 640, 400)
    assert made == (
        '<iframe src="https://press.example/embed?chart=a&amp;b" title="Say &quot;so&quot;" width="640" '
        'height="400" sandbox="allow-scripts allow-popups" loading="lazy" '
        'style="border:0;max-width:100%"></iframe>'
    )
