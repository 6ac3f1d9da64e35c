"""Quotations are found with those who are credited, in marks and word orders of many languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.quotations import LABELS, LANGUAGES, POLNEAR, REPORT, of_labels, of_polnear, read
from pressgauge.voices.attribution import quotations
from pressgauge.voices.marks import quoted_spans
from tests.cost import costs_linear_time


def credited(text: str, language: str | None = "en") -> list[tuple[str, str | None]]:
    """The quotations without their outer marks, and their sources."""
    return [
        (text[q.start : q.end].strip("“”\"„«»‹›「」‘’' \xa0"), text[slice(*q.source)] if q.source else None)
        for q in quotations(text, language)
    ]


def within(text: str) -> list[str]:
    return [text[q.inner : q.stop] for q in quoted_spans(text)]


def test_the_seed_article_quotes_altman(shared):
    text = (shared / "seed" / "article.txt").read_text(encoding="utf-8")
    assert credited(text) == [("on the wrong side of history", "OpenAI CEO Sam Altman")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He said “no way, not me” and left.", ["no way, not me"]),
        ('He said "no way" and "not me".', ["no way", "not me"]),
        ("Er sagte „auf keinen Fall“ und ging.", ["auf keinen Fall"]),
        ("Er sagte »auf keinen Fall« und ging.", ["auf keinen Fall"]),
        ("Il dit «\xa0jamais de la vie\xa0» et part.", ["jamais de la vie"]),
        ("他说「你好吗」。", ["你好吗"]),
        ("Han sade ”aldrig i livet” och gick.", ["aldrig i livet"]),
        ("‘We don’t want it,’ he said. ‘It’s ours.’", ["We don’t want it,", "It’s ours."]),
        ("'We don't want it,' he said.", ["We don't want it,"]),
        ("“I prefer this,\" he said.", ["I prefer this,"]),
        ("the “best in the world“ and the “best in town”", ["best in the world", "best in town"]),
        ("a 6\" screen, 7\" wide, isn't it, dogs' life", []),
        ("‚Das geht’s nicht an‘, sagte er.", ["Das geht’s nicht an"]),
        ("``No way, not me,'' he said.", ["No way, not me,"]),
        ("On rzekł: ,,to jest nasz model''", ["to jest nasz model"]),
        ("他说｢你好吗｣，又说〝再见了〟。", ["你好吗", "再见了"]),
        ("她读了《三体》。", []),
        ("“Never closed\nA new paragraph", []),
        ("“One paragraph.\n\n“And the next.”", ["One paragraph.", "And the next."]),
    ],
)  # fmt: skip
def test_marks_of_many_languages_are_paired(text: str, expected: list[str]) -> None:
    assert within(text) == expected


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("“We will open it soon,” said Ann Lee, a chemist.", "Ann Lee"),
        ("“We will open it soon,” the former minister said.", "the former minister"),
        ("“We will open it soon,” Lee, 52, a chemist, told the paper.", "Lee"),
        ("“We will open it soon,” Lee, head of trade, growth and jobs, said.", "Lee"),
        ("“We will open it soon,” Ann Lee, EVP for steel, trade, growth and jobs, said.", "Ann Lee"),
        ("“We will open it soon,” the head of steel, trade, growth and jobs, said.", "the head of steel"),
        ("Lee told the paper in a statement, “We will open it soon.”", "Lee"),
        ("Lee, who left in May, said it was “far too late for that.”", "Lee"),
        ("According to Meta, the model is “free for everyone who asks.”", "Meta"),
        ("Lee: “We will open it soon.”", "Lee"),
        ("“Will you open it soon?” Lee asked.", "Lee"),
        ("Lee went to Rome and said: “We will open it soon.”", "Lee"),
        ("Asked about it, Lee went on to say that “we will open it soon.”", "Lee"),
        ("Lee spoke in Rome, adding: “We will open it soon.”", "Lee"),
        ("“We will open it soon.” — Ann Lee\n", "Ann Lee"),
        ("Lee was blunt:\n\n“We will open it soon.”", "Lee"),
        ("In Lee's words, “we will open it soon.”", "Lee's"),
        ("Two months later, Lee went to Rome, saying: “We will open it soon.”", "Lee"),
        ("Before the vote in Rome, Lee spoke of it, saying: “We will open it soon.”", "Lee"),
        ("On Monday, after a week of silence, Lee resigned, saying: “We will open it soon.”", "Lee"),
        ("Even as he left, Lee defended it, saying: “We will open it soon.”", "Lee"),
        ("In a statement, Rep. Ann Lee reacted, saying: “We will open it soon.”", "Rep. Ann Lee"),
        ("Lee, who had in the past said that “we will open it soon,” left.", "who"),
        ("Lee grabbed her arm and, in a low voice, said, “We will open it soon.”", "Lee"),
        ("Lee told the court when asked about it: “We will open it soon.”", "Lee"),
        ("As Lee put it, “we will open it soon.”", "Lee"),
        ("“We will open it soon.” — Ann B. Lee\n", "Ann B. Lee"),
        ("“We will open it soon,” Rep. Ann B. Lee said.", "Rep. Ann B. Lee"),
        ("“We will open it soon,” Will wrote.", "Will"),
        ("She read the report, which notes, “We will open it soon.”", "which"),
        ("He put together “the best list of all time.”", None),
        ("Ryan said Lee's words and deeds “will open it soon.”", "Ryan"),
        ("The mood was grim: “We will open it soon.”", None),
    ],
)
def test_the_one_credited_is_found_wherever_the_sentence_names_them(text: str, source: str) -> None:
    assert [found for _, found in credited(text)] == [source]


def test_a_quotation_that_is_only_interrupted_by_its_speaker_is_one() -> None:
    assert credited("“We tried,” Lee said. “It did not work at all.”") == [
        ("We tried,” Lee said. “It did not work at all.", "Lee")
    ]


def test_titles_and_single_terms_are_no_quotations() -> None:
    assert credited("He read a book called “The Art of the Deal” and so-called “open” models.") == []
    assert credited("“It is late,” Lee said on “Meet the Press.” “We left.”")[0][1] == "Lee"


def test_single_marks_within_two_apostrophes_are_no_quotations_of_the_article() -> None:
    text = "''I told her, 'Do not go there at all,''' Lee said. ''She said, 'I will go.' ''"
    assert within(text) == ["I told her, 'Do not go there at all,", "She said, 'I will go.'"]


def test_marks_made_of_two_signs_are_read_as_the_ones_that_they_stand_for(shared: Path) -> None:
    texts = [each["text"] for each in read(POLNEAR)[:400:8]]
    texts = [text for text in texts if "“" in text and "'" not in text and "‘" not in text]
    assert len(texts) > 10
    for text in texts:
        typed = text.replace("“", "''").replace("”", "''")
        expected = [(words.replace("“", "").replace("”", ""), source) for words, source in credited(text)]
        assert [(words.replace("''", ""), source) for words, source in credited(typed)] == expected


def test_without_anyone_credited_the_source_is_unknown() -> None:
    assert credited("“Nobody was named in this sentence.”") == [("Nobody was named in this sentence.", None)]


@pytest.mark.parametrize(
    ("language", "source", "text"),
    [
        ("zh", "公司总裁王小明", "公司总裁王小明周二在北京表示：“这是我们的模型”。"),
        ("zh", "王小明", "“这是我们的模型。”王小明说。"),
        ("ja", "メタの広報担当者", "メタの広報担当者は火曜日、「これは私たちのモデルだ」と述べた。"),
        ("ko", "김민수 대표", '김민수 대표는 "이것이 우리 모델이다"라고 말했다.'),
        (
            "ko",
            "김민수 대표",
            '지난해 높은 성장을 이룬 회사의 김민수 대표는 "이것이 우리 모델이다"라고 말했다.',
        ),
        ("ko", "김민수 대표", '모델을 개발하는 회사의 김민수 대표는 "이것이 우리 모델이다"라고 말했다.'),
    ],
)
def test_scripts_without_spaces_credit_whoever_stands_before_verb_or_particle(
    language: str, source: str, text: str
) -> None:
    assert [each for _, each in credited(text, language)] == [source]
    assert credited(text.replace(source, ""), language)[0][1] is None


@pytest.mark.parametrize(
    ("language", "text", "source"),
    [
        ("fr", "Ils parlent.\n— Je ne sais pas encore, dit Marie. On verra.", "Marie"),
        ("fr", "– Vient-il demain soir ? demande Paul.", "Paul"),
        ("es", "—No lo sé todavía —dijo María—. Mañana veremos.", "María"),
        ("ru", "— Я этого не знаю, — сказала Анна.", "Анна"),
    ],
)
def test_a_line_that_a_dash_opens_is_speech_where_somebody_is_credited_in_it(
    language: str, text: str, source: str
) -> None:
    assert [each for _, each in credited(text, language)] == [source]
    assert credited("— Le prix du modèle, en euros.\n— Les dates, les lieux.", language) == []


def test_who_is_named_between_commas_inside_the_marks_is_the_source() -> None:
    text = "Le débat dure depuis mai. « Je ne crois pas, explique Anne Bouverot, que ce soit utile. »"
    assert [source for _, source in credited(text, "fr")] == ["Anne Bouverot"]


def test_a_short_part_before_a_comma_behind_its_marks_begins_a_quotation() -> None:
    assert credited("„Ja“, sagt Lee. „Das machen wir jetzt.“", "de") == [
        ("Ja“, sagt Lee. „Das machen wir jetzt.", "Lee")
    ]
    assert credited("Sie nennt es „offen“, also frei.", "de") == []


def test_a_language_without_rules_has_quotations_without_sources() -> None:
    assert credited("Powiedział „to jest nasz model”, tak.", "pl") == [("to jest nasz model", None)]
    assert credited("“Three words here” said X.", None) == [("Three words here", None)]


def test_the_part_within_marks_tells_direct_quotations_from_mixed_ones() -> None:
    direct, mixed = quotations(
        "“We will open it soon,” Lee said.\nLee said the old model was “far too late.”"
    )
    assert direct.direct and direct.share > 0.9
    assert not mixed.direct and mixed.share < 0.5


@pytest.mark.parametrize(
    ("text", "direct"),
    [
        ("Lee, who left in May, said the board “will open it soon to all who ask.”", True),
        ("Lee said that the former board of it “will open it soon to all.”", False),
        ("She called it “an evil, hateful act.”", False),
        ("Lee says no matter what the board of the company decides on Monday, “it will open soon.”", False),
        ("“I held and hugged” some grieving members of the families before the service, he said.", False),
        ("She had been silent for forty years in the senate: “We knew,” she said. “We did not ask.”", True),
        ("“We tried it,” said Lee, who has led the company since May and lives in Rome. “It broke.”", True),
    ],
)
def test_a_quotation_is_direct_when_it_is_a_whole_statement(text: str, direct: bool) -> None:
    assert [each.direct for each in quotations(text)] == [direct]


def test_a_paragraph_of_nothing_but_quoted_words_goes_on_with_the_one_before() -> None:
    opening = "“We tried it,” Lee said.\n\n"
    assert credited(opening + "“It did not work.”") == [
        ("We tried it,” Lee said.\n\n“It did not work.", "Lee")
    ]
    assert len(credited(opening + "It rained.\n\n“It did not work.”")) == 2
    assert credited("“Did you try it?” Lee asked.\n\n“It did not work.”")[1][1] is None


@pytest.mark.parametrize("split", ["dev", "test"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_labelled_sentences_are_read_as_well_as_reported_and_no_better(language: str, split: str) -> None:
    made = of_labels(language, split)
    assert made in REPORT.read_text(encoding="utf-8").splitlines(), "run python -m bench.quotations"
    rates = [float(cell.strip(" %")) for cell in made.split("|")[3:-1]]
    assert min(rates) >= 70


def test_the_labelled_sentences_are_different_ones() -> None:
    texts = [each["text"] for each in read(LABELS)]
    assert len(texts) == len(set(texts)) >= 108


def test_real_articles_are_read_as_well_as_reported(shared: Path) -> None:
    reported = REPORT.read_text(encoding="utf-8").splitlines()
    assert of_polnear(1) in reported, "run python -m bench.quotations"


_SCRIPTS = {"他": "zh", "“": "zh", "は": "ja", "가": "ko"}


@pytest.mark.parametrize(
    "piece",
    [
        '"',
        "“",
        "“a",
        ' "a',
        "'a ",
        "‘a ",
        "''",
        "'' ",
        "''a ",
        ",,a ",
        "‚a ",
        "他说“",
        "“他“他说",
        "\n— a, ",
        "\n— a b c, dit A",
        "は「あ」と",
        "가 “가”고 ",
        "« ",
        "„a“ ",
        "“a b c,” he said. ",
        "(",
        "\n“",
        "“a, dit ",
        "who said ",
    ],
)
def test_a_page_full_of_marks_costs_linear_time(piece: str) -> None:
    assert costs_linear_time(
        lambda times: [
            quotations(piece * times, name) for name in ("en", "fr", _SCRIPTS.get(piece[0], "es"))
        ],
        125,
    )


@given(
    st.text(alphabet="“”\"„«»‘’「」' aA,.?!:\n—sid他说は가고", max_size=300),
    st.sampled_from(["en", "de", "fr", "es", "ru", "zh", "ja", "ko", None]),
)
def test_places_are_places_of_the_text_whatever_it_is(text: str, language: str | None) -> None:
    for found in quotations(text, language):
        assert 0 <= found.start < found.end <= len(text)
        assert 0 < found.share <= 1
        if found.source:
            assert 0 <= found.source[0] < found.source[1] <= len(text)


def test_every_labelled_record_names_its_split() -> None:
    assert {each["split"] for each in read(LABELS)} == {"dev", "test"}
