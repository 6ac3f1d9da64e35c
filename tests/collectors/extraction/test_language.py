"""The language of a text by its most frequent words."""

from __future__ import annotations

import pytest

from collectors.extraction.language import by_frequent_words


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "sv",
            "Regeringen har i dag lagt fram ett förslag som ska göra det enklare för kommunerna att "
            "bygga nya bostäder. Det är en del av den nya planen, och det har varit mycket diskussion "
            "om vad som krävs för att den ska bli antagen av riksdagen med en majoritet av de partier "
            "som stöder den.",
        ),
        (
            "ru",
            "Правительство представило сегодня предложение, которое должно облегчить муниципалитетам "
            "строительство нового жилья. Это часть нового плана, и о нем много говорили, так как не "
            "ясно, что нужно для того, чтобы он был принят парламентом большинством партий, которые "
            "его поддерживают, и вступил в силу с начала года.",
        ),
        (
            None,
            "Regjeringen har i dag lagt fram et forslag som skal gjøre det enklere for kommunene å "
            "bygge nye boliger. Det er en del av den nye planen, og det har vært mye diskusjon om hva "
            "som skal til for at den skal bli vedtatt av Stortinget med et flertall av partiene som "
            "støtter den.",
        ),
        (
            None,
            "Правителството представи днес предложение, което ще улесни общините да строят нови "
            "жилища. То е част от новия план и за него се говори много, защото не е ясно какво е "
            "нужно, за да бъде прието от парламента с мнозинството на партиите, които го подкрепят, и "
            "да влезе в сила от началото на годината.",
        ),
    ],
    ids=["Swedish", "Russian", "Norwegian", "Bulgarian"],
)
def test_frequent_words_tell_a_language_from_neighbours_that_share_many_of_them(
    language: str | None, text: str
) -> None:
    assert by_frequent_words(text) == language
