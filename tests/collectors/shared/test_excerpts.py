"""What a publishing system adds to the text that it gives with a title."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.listings.feed_parser import parse_feed
from collectors.shared.excerpts import own_text
from tests.cost import costs_linear_time

LEAD = "The weights can be downloaded since Monday."
TITLE = "Open models win a round"


@pytest.mark.parametrize(
    ("footer", "outlet"),
    [
        (f"The post {TITLE} appeared first on Model Weekly.", "Model Weekly"),
        (f"The post {TITLE} first appeared on Model Weekly .", "model-weekly.example"),
        (f"The post {TITLE} appeared first on The Model Times.", "modeltimes.example"),
        (f"Der Beitrag {TITLE} erschien zuerst auf Modellblatt.", "Modellblatt"),
        (f"O post {TITLE} apareceu primeiro em Diário Aberto.", "Diário Aberto"),
        (f"La entrada {TITLE} se publicó primero en El Modelo.", "El Modelo"),
        (f"L'articolo {TITLE} proviene da Il Modello.", "Il Modello"),
    ],
)
def test_the_sentence_that_wordpress_adds_is_no_text_of_the_article(footer: str, outlet: str) -> None:
    assert own_text(f"{LEAD} {footer}", TITLE, (None, outlet)) == LEAD
    assert own_text(f"{LEAD}\n{footer}", TITLE, (outlet,)) == LEAD
    assert own_text(footer, TITLE, (outlet,)) is None


@pytest.mark.parametrize(
    "text",
    [
        f"{LEAD} The post {TITLE} appeared first on Another Paper.",  # a credit
        f"{LEAD} Asked whether {TITLE.lower()}, Model Weekly did not answer.",
        f"{TITLE}. {LEAD}",
        f"{LEAD} He told the paper that {TITLE.lower()} for Model Weekly.",
        LEAD,
    ],
)
def test_any_other_sentence_stays(text: str) -> None:
    assert own_text(text, TITLE, ("Model Weekly",)) == text


def test_labels_with_addresses_and_numbers_are_no_text() -> None:
    labels = (
        "Article URL: https://a.example/x Comments URL: https://b.example/item?id=1 Points: 3 # Comments: 0"
    )
    assert own_text(labels, TITLE, ()) is None
    assert own_text(f"{LEAD} {labels}", TITLE, ()) == f"{LEAD} {labels}"


def test_a_feed_s_text_ends_where_the_article_ends() -> None:
    body = " ".join([LEAD] * 40)
    content = (
        f"<p>{body}</p><p>The post <a href='https://m.example/a'>{TITLE}</a> appeared first on M Weekly.</p>"
    )
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "M Weekly",
        "items": [{"id": "1", "url": "https://m.example/a", "title": TITLE, "content_html": content}],
    }
    parsed = parse_feed(json.dumps(feed).encode(), url="https://m.example/feed", limit=1)
    assert parsed["entries"][0]["text"] == body


@given(st.text(max_size=300), st.text(max_size=40), st.lists(st.text(max_size=20), max_size=3))
def test_what_stays_is_a_beginning_of_the_text(text: str, title: str, outlets: list[str]) -> None:
    rest = own_text(text, title, outlets)
    assert rest is None or text.startswith(rest)


def test_a_title_of_one_word_is_no_sign_of_a_footer() -> None:
    text = "He told the paper that Apple had lied to the Guardian"
    assert own_text(text, "Apple", ("The Guardian",)) == text


def test_labels_without_end_cost_linear_time() -> None:
    assert costs_linear_time(lambda size: own_text("a:http://b" * size + " !", TITLE, ()), 500)
