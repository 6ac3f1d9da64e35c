"""Terms are counted as a naive reader would, and what tells two sides apart follows Monroe et al."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pressgauge.analysis import changing, distinctive, terms, volume
from pressgauge.search.highlight import asked_words
from tests.examples import examples


def articles(*texts: str | None, language: str | None = "en") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "title": [None] * len(texts),
            "text": list(texts),
            "language": pd.Categorical([language] * len(texts)),
        }
    )


@settings(max_examples=examples(40))
@given(
    st.lists(
        st.lists(st.sampled_from(["falcon", "weight", "copper", "violin"]), max_size=12),
        min_size=1,
        max_size=8,
    )
)
def test_counts_of_words_and_pairs_agree_with_a_naive_reference(texts):
    found = terms(articles(*(" ".join(text) for text in texts)), ngrams=2)
    made = {
        (int(r), found.vocabulary[t]): int(u)
        for r, t, u in zip(found.row, found.term, found.uses, strict=True)
    }
    naive: dict[tuple[int, str], int] = {}
    for row, text in enumerate(texts):
        for term in [*text, *(f"{a} {b}" for a, b in pairwise(text))]:
            naive[row, term] = naive.get((row, term), 0) + 1
    assert made == naive


def test_stop_words_numbers_and_inflection_are_seen_through():
    found = terms(articles("The companies of 2025 and the Company's models", None, ""))
    assert found.vocabulary.tolist() == ["company", "model"]
    assert found.uses.tolist() == [2, 1]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Open weights and free models by Microsoft", "en", ["open weight", "free model", "microsoft"]),
        ("AI research under the AI Act", "en", ["ai", "research", "ai act"]),
        ("die offenen Gewichte", "de", ["offen gewicht"]),
        ("des modèles ouverts", "fr", ["modèle ouvert"]),
    ],
)
def test_words_that_matter_here_are_terms_though_the_stop_lists_have_them(text, language, expected):
    assert set(expected) <= set(terms(articles(text, language=language), ngrams=2).vocabulary)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The model and its weights are open to all", {"model", "weights", "open"}),
        ("El modelo de la empresa", {"modelo", "empresa"}),
        ("AI war", {"ai", "war"}),  # a stop word of French, and one of German: no article of either
    ],
)
def test_an_article_of_unknown_language_has_the_stop_words_of_the_language_with_most_of_them(
    text: str, expected: set[str]
) -> None:
    assert set(terms(articles(text, language=None)).vocabulary) == expected


def test_a_stop_word_of_one_language_is_a_word_of_another():
    both = pd.concat([articles("under the MIT licence"), articles("mit der Lizenz", language="de")])
    found = terms(both.astype({"language": "category"}))
    assert found.membership(["mit"])["mit"].tolist() == [True, False]


@pytest.mark.parametrize("texts", [("violin falcon", "copper"), ("Falcon.\nCopper",), ("Falcon? Copper",)])
def test_a_sequence_of_words_does_not_run_into_the_next_article_or_sentence(texts):
    assert "falcon copper" not in terms(articles(*texts), ngrams=3).vocabulary


def test_names_of_companies_and_their_models_are_left_as_they_are():
    assert terms(articles("Gemini and Claude")).vocabulary.tolist() == ["claude", "gemini"]


def test_single_words_are_counted_as_spelled_when_lemmas_are_off():
    assert terms(articles("falcons"), lemmas=False).vocabulary.tolist() == ["falcons"]


def test_words_of_other_languages_have_their_own_stop_words_and_lemmas():
    assert "und" not in terms(articles("Katzen und Hunde", language="de")).vocabulary
    assert "katze" in terms(articles("Katzen und Hunde", language="de")).vocabulary
    assert "开源" in terms(articles("模型开源发布", language="zh")).vocabulary


def test_the_dictionary_of_a_language_with_few_of_the_words_is_not_read() -> None:
    titles = ["open models win again"] * 200 + ["modelos abiertos"]
    articles = pd.DataFrame({"title": titles, "text": "", "language": ["en"] * 200 + ["es"]})
    result = terms(articles)
    assert result.inflected == {"en"}
    assert {"model", "modelos", "abiertos"} <= set(result.vocabulary)
    assert result.membership(["modelos"])["modelos"].sum() == 1
    assert terms(articles.iloc[-1:]).inflected == {"es"}


def test_words_of_many_languages_are_looked_up_language_by_language(monkeypatch) -> None:
    import simplemma

    asked: list[str] = []
    lemmatize = simplemma.lemmatize
    monkeypatch.setattr(
        simplemma, "lemmatize", lambda word, lang: asked.append(lang) or lemmatize(word, lang=lang)
    )
    articles = pd.DataFrame(
        {
            "title": ["open models", "modelos abiertos", "offene Modelle"] * 3,
            "text": [f"text{letter} texts{letter}" for letter in "abcdefghi"],
            "language": ["en", "es", "de"] * 3,
        }
    )
    terms(articles)
    assert len(asked) > 6
    assert [one for one, before in zip(asked, ["", *asked], strict=False) if one != before] == [
        "en",
        "es",
        "de",
    ]


def test_a_term_s_membership_is_what_volume_takes_and_an_unknown_term_is_nowhere():
    table = terms(articles("open falcon", "copper")).membership(["falcon", "unheard"])
    assert table.to_dict("list") == {"falcon": [True, False], "unheard": [False, False]}


def test_a_german_noun_is_found_in_lower_case_and_in_any_case_of_its_declension():
    found = terms(articles("Gewichte", "mit den Gewichten", "das Gewicht", language="de"))
    assert found.membership(["gewichte"])["gewichte"].all()


def test_a_term_is_found_however_it_is_spelled_and_inflected():
    frame = articles("New OPEN-WEIGHT model", "the open weights of it", "weights that open", None)
    found = terms(frame, ngrams=2)
    for asked in ("open weights", "Open-Weight", "open weight"):
        assert found.membership([asked])[asked].tolist() == [True, True, False, False]


@pytest.mark.parametrize("asked", ["open weights licence", "weights of", "the", "2025", ""])
def test_a_term_that_cannot_be_counted_is_an_error_rather_than_nowhere(asked):
    with pytest.raises(ValueError, match="is not counted"):
        terms(articles("the open weights of 2025"), ngrams=2).membership([asked])


def test_document_frequency_over_time_is_the_volume_of_a_term():
    frame = articles("falcon falcon", "copper", "falcon", "copper").assign(
        day=np.array([20_000, 20_000, 20_001, 20_002], dtype=np.int32)
    )
    table = volume(frame, terms(frame).membership(["falcon"]), freq="D")
    assert table[["n", "collected"]].to_numpy().tolist() == [[1, 2], [1, 1], [0, 1]]


def test_the_log_odds_follow_the_formula_written_out():
    found = terms(articles(*["falcon copper"] * 6, *["violin copper"] * 4))
    first = np.arange(10) < 6
    table = distinctive(found, first, ~first, prior=10.0).set_index("term")
    # eq. 15 and 20 with 12 and 8 words, prior 10 words spread as 6, 4 and 10 of 20
    log = np.log((6 + 3) / (12 + 10 - 6 - 3)) - np.log((0 + 3) / (8 + 10 - 0 - 3))
    assert table.loc["falcon", "log_odds"] == pytest.approx(log)
    assert table.loc["falcon", "z"] == pytest.approx(log / np.sqrt(1 / 9 + 1 / 3))
    assert table.loc["falcon", ["n_first", "n_second"]].tolist() == [6, 0]
    assert table.index.tolist() == ["falcon", "copper", "violin"]


@pytest.mark.parametrize(
    ("query", "text", "language", "left"),
    [
        ('"open weights"', "Open weights, an open weight of copper", "en", {"copper"}),
        ("copp* OR NOT violin", "copper coppersmith violin", "en", {"violin"}),
        ('title:"modèles ouverts"', "Des modèles ouverts, un MODÈLE de cuivre", "fr", {"cuivre"}),
        ("outlet:copper", "copper", "en", {"copper"}),
        ("开源模型", "开源模型发布", "zh", {"型发", "发布"}),
        ("open AI", "open AI by OpenAI", "en", {"openai"}),
        ("data base", "data base database", "en", {"database"}),
    ],
)
def test_the_words_of_the_queries_can_be_left_out_in_any_inflection(query, text, language, left):
    found = terms(articles(*[text] * 3, *["else"] * 3, language=language))
    first = np.arange(6) < 3
    table = distinctive(found, first, ~first, without=asked_words(query))
    assert set(table["term"]) - {"else"} == left
    everything = distinctive(found, first, ~first).set_index("term")
    pd.testing.assert_frame_equal(table.set_index("term"), everything.loc[table["term"]])


def test_a_term_of_several_words_is_left_out_where_all_of_them_are_of_the_query():
    found = terms(articles(*["open source license"] * 3, *["copper"] * 3), ngrams=3)
    first = np.arange(6) < 3
    table = distinctive(found, first, ~first, without=["open", "source"])
    assert set(table["term"]) == {"license", "source license", "open source license", "copper"}


def test_rising_terms_are_on_top_and_falling_ones_last():
    found = terms(articles(*["violin copper"] * 20, *["falcon copper"] * 20))
    table = changing(found, np.r_[np.full(20, 10), np.full(20, 15)], days=5)
    assert (table["term"].iloc[0], table["term"].iloc[-1]) == ("falcon", "violin")


def test_no_article_has_no_terms():
    assert not len(terms(articles().astype({"language": "category"})).vocabulary)
    assert not len(terms(articles(None, "...")).vocabulary)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("eine 'süße' Idee", "de", {"süße", "idee"}),
        ("Ankara'sı büyüdü", "tr", {"ankara", "sı", "büyüdü"}),
        ("OpenAI's rivals’ ideas", "en", {"openai", "rivals", "ideas"}),
        ("the Gesamt\u00adkonzept", "en", {"gesamtkonzept"}),
    ],
)
def test_words_end_at_letters_of_every_alphabet(text: str, language: str, expected: set[str]) -> None:
    frame = pd.DataFrame({"title": [None], "text": [text], "language": [language]})
    assert set(terms(frame, lemmas=False).vocabulary) == expected


@pytest.mark.parametrize(
    ("one", "other"), [("no", "nb"), ("tl", "fil"), ("hr", "sr"), ("hr", "bs"), ("ku", "ckb")]
)
def test_a_language_keeps_its_stop_words_and_dictionary_forms_under_any_of_its_codes(
    one: str, other: str
) -> None:
    text = (
        "Regjeringen vil kutte i budsjettene og den på og. Ang mga bata ay naglalaro sa bahay. "
        "Djeca su se i ona igrala u kućama. di her ji bo."
    )
    frame = pd.DataFrame({"title": [None, None], "text": [text, text], "language": [one, other]})
    found = terms(frame)
    assert set(found.term[found.row == 0]) == set(found.term[found.row == 1])


def test_norwegian_has_stop_words_and_dictionary_forms() -> None:
    frame = pd.DataFrame({"title": [None], "text": ["Budsjettene og partiene"], "language": ["no"]})
    assert set(terms(frame).vocabulary) == {"budsjett", "parti"}
