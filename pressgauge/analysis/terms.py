"""Terms: which words and n-grams articles use, how that changes, and what tells two sets of articles
apart."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pressgauge.analysis.cues import COMPANIES
from pressgauge.analysis.intervals import Z95
from pressgauge.analysis.periods import changes
from pressgauge.arguments import check_number
from pressgauge.errors import ArgumentError
from pressgauge.schema import NO_DAY
from pressgauge.search import tokens

# Scripts without spaces: a single character says little, so that their terms are pairs of neighbours.
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_LETTER = r"\p{L}\p{M}\p{N}"
"""What words are made of. Not \\w and \\b, which Arrow's expressions know in ASCII only."""
_END = "\ue000"
"""Stands for the end of a sentence while text is split into words: a character of private use."""
_LONGEST = 40

_MEANINGFUL: dict[str, set[str]] = {
    "en": {
        "act", "ai", "available", "bill", "computer", "eu", "free", "general", "group", "groups", "important",
        "invention", "member", "members", "microsoft", "ml", "open", "opened", "opening", "opens", "order",
        "orders", "problem", "problems", "research", "right", "system", "uk", "web", "work", "working",
        "world",
    },
    "de": {"mensch", "menschen", "offen", "recht"},
    "fr": {"ouvert", "ouverte", "ouverts"},
    "es": {"estado", "trabajo"},
    "it": {"stato"},
    "pt": {"estado", "grupo", "sistema", "trabalho"},
    "nl": {"vrij"},
    "ru": {"мир"},
}  # fmt: skip
"""Words of the stop lists that say something in reports on technology: without them there is no "open"."""


_STOP_WORDS_OF = {"nb": "no", "nn": "no", "bs": "hr", "sr": "hr", "fil": "tl", "ckb": "ku"}
_FORMS_OF = {"no": "nb", "hr": "hbs", "bs": "hbs", "sr": "hbs", "fil": "tl"}
"""Languages whose stop words (stopwords-iso) and dictionary forms (simplemma) go by another code."""
_INFLECTED = 0.01
"""Share of the words that are of a language from which on its dictionary is read."""
_LIKELY = ("en", "es", "de", "fr", "pt", "it", "nl", "pl", "ru", "tr", "sv", "da", "cs", "ro", "uk", "el")
"""Languages of stop words that are looked for in articles of unknown language; of two alike, the first."""


@dataclass(frozen=True, eq=False)
class Terms:
    """How often each article uses each term.

    `vocabulary` (object array of str, sorted); for each pair of an article and a term in it: `row` (int64,
    the article's position in the frame), `term` (int64, position in the vocabulary), `uses` (int64);
    `articles` is the length of the frame, `ngrams` the most words of a term, `languages` those of the frame
    ("" unknown), `inflected` those of them whose words are counted in dictionary form. `spellings` (pa
    string) are the words of the articles without case and accents, `spelling_forms` (pa string) what each is
    counted as.
    """

    vocabulary: np.ndarray
    row: np.ndarray
    term: np.ndarray
    uses: np.ndarray
    articles: int
    ngrams: int
    languages: tuple[str, ...]
    inflected: frozenset[str]
    spellings: pa.Array
    spelling_forms: pa.Array

    def member(self, term: str) -> np.ndarray:
        """Which articles use the term as it stands in the vocabulary: a bool array, False where it does not
        stand there. Reads no dictionary, unlike `membership`."""
        column = np.zeros(self.articles, dtype=bool)
        column[self.row[(self.vocabulary == term)[self.term]]] = True
        return column

    def forms_of(self, words: Collection[str]) -> set[str]:
        """What these words, as `search.asked_words` gives them, are counted as: in small letters without
        accents, a * at the end of one for all that begin so."""
        matches = pc.is_in(self.spellings, pa.array(list(words), pa.string()))
        for word in words:
            if word.endswith("*"):
                matches = pc.or_(matches, pc.starts_with(self.spellings, word[:-1]))
        return set(self.spelling_forms.filter(matches).to_pylist())

    def membership(self, terms: Sequence[str]) -> pd.DataFrame:
        """Which articles use each term: bool columns as `volume` takes them, so that a term's trend is its
        document frequency.

        A term is found as it stands in the vocabulary and in the dictionary form of each language, so that
        "open weights", "Open-Weight" and "open weight" are one. One that no article uses is a column of
        False. Raises ArgumentError for a term that is not counted: longer than `ngrams` words, or with a stop
        word at an end.
        """
        columns = {}
        for term in terms:
            is_form = np.isin(self.vocabulary, self._forms_of(term))
            column = np.zeros(self.articles, dtype=bool)
            column[self.row[is_form[self.term]]] = True
            columns[term] = column
        return pd.DataFrame(columns, index=range(self.articles))

    def _forms_of(self, term: str) -> list[str]:
        # With capitals too, for a German noun has its dictionary form with one only.
        spellings = pd.MultiIndex.from_product(
            [[term, term.title()], self.languages], names=["text", "language"]
        )
        words = _read_words(spellings.to_frame(index=False).assign(title=None), self.inflected)
        forms = {term.lower()} if term.lower() in self.vocabulary else set()
        for number in range(len(spellings)):
            at = np.flatnonzero(words.row == number)
            if 0 < len(at) <= self.ngrams and not words.weak[at[[0, -1]]].any():
                forms.add(" ".join(words.vocabulary[words.code[at]]))
        if not forms:
            raise ArgumentError(
                f"{term!r} is not counted: a term has 1 to {self.ngrams} words (ngrams of terms) and no "
                "stop word at either end; for any phrase, take the volume of a query instead"
            )
        return sorted(forms)


def terms(articles: pd.DataFrame, *, ngrams: int = 1, lemmas: bool = True) -> Terms:
    """The words of title and text and, up to `ngrams` words long, the sequences of them within a sentence.

    Needs title, text and language. Words are runs of letters and digits in lower case; numbers, single
    letters, and terms that begin or end with a stop word of the article's language (stopwords-iso; where it
    is unknown, of the language with most of them in the article) are left out. `lemmas` turns words but the
    names of companies into their dictionary form (simplemma) where the language has a dictionary and one in a
    hundred words is of it: to read one takes up to four seconds and 350 MB. In scripts without
    spaces a term is two neighbouring characters. It reads some 5,000 articles a second: for the articles of
    a selection, once.
    """
    check_number("ngrams", ngrams, 1)
    words = _read_words(articles, None if lemmas else frozenset())
    parts = [_join_words(words, _term_starts(words, size), size, " ") for size in range(1, ngrams + 1)]
    parts.append(_join_words(words, _starts_of_pairs(words), 2, ""))
    vocabulary = np.concatenate([names for names, *_ in parts])
    order = np.argsort(vocabulary, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    offset = np.cumsum([0, *(len(names) for names, *_ in parts)])
    number = np.concatenate([each + by for (_, each, _), by in zip(parts, offset, strict=False)])
    row = np.concatenate([each for *_, each in parts])
    uses = np.sort(row * len(order) + rank[number])
    first = np.flatnonzero(changes(uses))
    row, term = np.divmod(uses[first], max(len(order), 1))
    return Terms(
        vocabulary[order],
        row,
        term,
        np.diff(np.r_[first, len(uses)]),
        len(articles),
        ngrams,
        tuple(sorted(articles["language"].astype("object").fillna("").unique())),
        words.inflected,
        words.spellings,
        words.spelling_forms,
    )


def distinctive(
    terms: Terms,
    first: np.ndarray,
    second: np.ndarray,
    *,
    without: Collection[str] = (),
    prior: float = 500.0,
    min_articles: int = 3,
) -> pd.DataFrame:
    """The terms that tell two sets of articles (bool arrays) apart: those of the first on top, those of the
    second last.

    term, n_first, n_second (int64, articles with the term), uses_first, uses_second (int64), rate_first,
    rate_second (float64, uses per 1,000 words counted), log_odds (float64, natural log-odds ratio), z
    (log_odds over its standard error) and the 95 % interval low, high of log_odds: weighted log-odds with an
    informative Dirichlet prior of `prior` words, distributed as in both sets together (Monroe, Colaresi and
    Quinn 2008, "Fightin' Words", eq. 15, 20 and 22). Terms in fewer than `min_articles` articles are left
    out, and so are those of which every word is one of `without`, in any inflection: the words by which the
    articles were chosen (`search.asked_words` of a query), which tell their sets apart whatever they say.
    They count among the words all the same.
    """
    size = len(terms.vocabulary)
    sets = [np.asarray(side, dtype=bool)[terms.row] for side in (first, second)]
    n = np.array([np.bincount(terms.term[side], minlength=size) for side in sets])
    uses = np.array([np.bincount(terms.term[side], terms.uses[side], minlength=size) for side in sets])
    either = np.bincount(terms.term[sets[0] | sets[1]], minlength=size)
    total = uses.sum(axis=1)
    alpha = np.maximum(prior * uses.sum(axis=0) / max(total.sum(), 1), 1e-9)
    shrunk = uses + alpha
    odds = shrunk / np.maximum((total + alpha.sum())[:, None] - shrunk, 1e-9)
    log_odds = np.log(odds[0]) - np.log(odds[1])
    error = np.sqrt(1 / shrunk[0] + 1 / shrunk[1])
    table = pd.DataFrame(
        {
            "term": terms.vocabulary,
            "n_first": n[0],
            "n_second": n[1],
            "uses_first": uses[0].astype(np.int64),
            "uses_second": uses[1].astype(np.int64),
            "rate_first": 1000 * uses[0] / max(total[0], 1),
            "rate_second": 1000 * uses[1] / max(total[1], 1),
            "log_odds": log_odds,
            "z": log_odds / error,
            "low": log_odds - Z95 * error,
            "high": log_odds + Z95 * error,
        }
    )
    table = table[either >= min_articles]
    if forms := terms.forms_of(without):
        table = table[~_made_of(table["term"], forms)]
    return table.sort_values("z", ascending=False, kind="stable", ignore_index=True)


def _made_of(terms: pd.Series, forms: set[str]) -> np.ndarray:
    """Which terms are one of the forms, or several of them: with a space between, or none where they are
    characters of a script without spaces."""
    made = terms.isin(forms).to_numpy(copy=True)
    several = np.flatnonzero(
        ~made & (terms.str.contains(" ", regex=False) | (terms.str.len() == 2)).to_numpy()
    )
    for at in several:
        term = terms.iloc[at]
        made[at] = forms.issuperset(term.split(" ") if " " in term else term if term > "\u0e00" else [term])
    return made


def changing(
    terms: Terms, day: np.ndarray, *, days: int = 28, keep: np.ndarray | None = None, min_articles: int = 5
) -> pd.DataFrame:
    """Rising terms on top, falling last: `distinctive` of the latest `days` days against as many before.

    `day` is that of `periods.local_days` (int32, NO_DAY where unknown) for the same articles. Empty without a
    dated kept article.
    """
    rows = (day > NO_DAY) if keep is None else keep & (day > NO_DAY)
    last = int(day[rows].max()) if rows.any() else 0
    latest = rows & (day > last - days)
    before = rows & (day > last - 2 * days) & ~latest
    return distinctive(terms, latest, before, min_articles=min_articles)


@dataclass(frozen=True, slots=True, eq=False)
class _Words:
    """Every word of some articles in order: its code in the vocabulary, its article and its sentence (counted
    through), whether it is too weak to begin or end a term, and whether it is a character of a script without
    spaces; the languages whose words are in dictionary form; and the different words as they are spelled,
    without case and accents, with the form of each."""

    vocabulary: np.ndarray
    code: np.ndarray
    row: np.ndarray
    sentence: np.ndarray
    weak: np.ndarray
    unspaced: np.ndarray
    inflected: frozenset[str]
    spellings: pa.Array
    spelling_forms: pa.Array


def _read_words(articles: pd.DataFrame, inflected: frozenset[str] | None) -> _Words:
    """Columnar throughout, for words are many; each distinct word of a language is looked up once.

    `inflected` are the languages whose words become dictionary forms, by default the common ones.
    """
    words, row, sentence = _split_words(articles)
    encoding = pc.dictionary_encode(words)
    width = max(len(encoding.dictionary), 1)
    spelling = encoding.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    languages = articles["language"].astype("object").fillna("").to_numpy()
    if (unknown := languages == "").any():
        of_unknown = unknown[row]
        pairs = np.unique(row[of_unknown] * width + spelling[of_unknown])
        likely = _likely_stop_lists(pairs // width, pairs % width, encoding.dictionary, len(languages))
        languages = np.where(unknown, likely, languages)
    tongue, tongues = pd.factorize(languages)
    word_number, keys = pd.factorize(tongue[row] * width + spelling)
    spellings = encoding.dictionary.take(pa.array(keys % width)).to_pylist()
    if inflected is None:
        share = np.bincount(tongue[row], minlength=len(tongues)) / max(len(row), 1)
        inflected = _lemma_languages().intersection(tongues[share >= _INFLECTED])
    word_languages = list(zip(spellings, tongues[keys // width], strict=True))
    lemmas = _lemmas_of(word_languages, inflected)
    forms, weak, unspaced = [], [], []
    for (word, language), lemma in zip(word_languages, lemmas, strict=True):
        plain, form = word.lower(), lemma.lower()
        stop = not _stop_words(language).isdisjoint((plain, form))
        forms.append(form)
        unspaced.append(len(word) == 1 and word > "\u0e00" and not stop)
        weak.append(stop or len(word) == 1 or word.isnumeric() or len(word) > _LONGEST)
    number, vocabulary = pd.factorize(np.array([*forms, None], dtype=object)[:-1])
    is_weak, is_unspaced = np.array([weak, unspaced], dtype=bool)[:, word_number]
    names, codes = np.asarray(vocabulary, dtype=object), number[word_number]
    folded = {(_fold(word), form) for word, form in zip(spellings, forms, strict=True)}
    plain, form_of = (pa.array([pair[at] for pair in folded], pa.string()) for at in (0, 1))
    return _Words(names, codes, row, sentence, is_weak, is_unspaced, inflected, plain, form_of)


def _fold(word: str) -> str:
    return word.lower() if word.isascii() else " ".join(tokens.words(word, "folded"))


def _split_words(articles: pd.DataFrame) -> tuple[pa.Array, np.ndarray, np.ndarray]:
    """Every word of the articles in order, the article it is in and the sentence."""
    title, text = (
        articles[name].astype("object").where(articles[name].notna(), "") for name in ("title", "text")
    )
    # pyarrow's utf8_normalize takes 2.5 times as long, and below version 26 its NFC is NFD
    composed = (unicodedata.normalize("NFC", "\n".join(both)) for both in zip(title, text, strict=True))
    texts = pa.array(list(composed), pa.string())
    spaced = pc.replace_substring_regex(texts, rf"([{_UNSPACED}])", r" \1 ")
    plain = pc.replace_substring_regex(spaced, rf"['’]s([^{_LETTER}]|$)", r"\1")
    plain = pc.replace_substring_regex(plain, "[\u00ad\u200b\u2060\ufeff]", "")
    with_ends = pc.replace_substring_regex(plain, r"[.!?…;:]\s|[\n。！？]", f" {_END} ")
    lists = pc.split_pattern_regex(with_ends, rf"[^{_LETTER}{_END}]+")
    words = pc.list_flatten(lists)
    row = pc.list_parent_indices(lists).to_numpy(zero_copy_only=False).astype(np.int64)
    end = pc.equal(words, _END).to_numpy(zero_copy_only=False)
    sentence = np.cumsum(end | changes(row))
    real = pc.greater(pc.binary_length(words), 0).to_numpy(zero_copy_only=False) & ~end
    return pc.filter(words, pa.array(real)), row[real], sentence[real]


def _term_starts(words: _Words, size: int) -> np.ndarray:
    """Where a term of `size` words begins (positions)."""
    count = max(len(words.code) - size + 1, 0)
    end = slice(size - 1, size - 1 + count)
    inside = words.sentence[:count] == words.sentence[end]
    return np.flatnonzero(inside & ~words.weak[:count] & ~words.weak[end])


def _likely_stop_lists(row: np.ndarray, word: np.ndarray, words: pa.Array, size: int) -> np.ndarray:
    """Of `size` articles, given as their distinct words, the language of whose stop words an article has
    most, after a "?"; "" where it has less than two of any.

    Without a list, the "and" and "de" of articles of unknown language become what tells two lines apart.
    """
    best, likely, lower = np.ones(size), np.full(size, "", dtype=object), pc.utf8_lower(words)
    for language in _LIKELY:
        stop = pc.is_in(lower, pa.array(sorted(_stop_words(language)), lower.type)).to_numpy(
            zero_copy_only=False
        )
        hits = np.bincount(row, stop[word], minlength=size)
        likely[hits > best] = f"?{language}"
        best = np.maximum(best, hits)
    return likely


def _starts_of_pairs(words: _Words) -> np.ndarray:
    inside = words.sentence[:-1] == words.sentence[1:]
    return np.flatnonzero(inside & words.unspaced[:-1] & words.unspaced[1:])


def _join_words(
    words: _Words, start: np.ndarray, size: int, glue: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The distinct terms that begin at the positions, the number of each among them, and its article."""
    number, unique = pd.factorize(words.code[start])
    names = words.vocabulary[unique]
    for step in range(1, size):
        width = max(len(words.vocabulary), 1)
        number, unique = pd.factorize(number * width + words.code[start + step])
        names = names[unique // width] + glue + words.vocabulary[unique % width]
    return names, number, words.row[start]


@cache
def _stop_words(language: str) -> frozenset[str]:
    import stopwordsiso

    language = language.removeprefix("?")
    language = _STOP_WORDS_OF.get(language, language)
    if not stopwordsiso.has_lang(language):
        return frozenset()
    return frozenset(stopwordsiso.stopwords(language)) - _MEANINGFUL.get(language, set())


def _lemmas_of(words: Sequence[tuple[str, str]], inflected: frozenset[str]) -> list[str]:
    """The dictionary forms of words, each given with its language; language by language, since simplemma
    keeps eight dictionaries and would read the others again for each word."""
    import simplemma

    lemmas = [word for word, _ in words]
    of_language: dict[str, list[int]] = {}
    for number, (word, language) in enumerate(words):
        if language in inflected and word.isalpha() and word.lower() not in _company_words():
            of_language.setdefault(language, []).append(number)
    for language, numbers in of_language.items():
        for number in numbers:
            lemmas[number] = simplemma.lemmatize(words[number][0], lang=_FORMS_OF.get(language, language))
    return lemmas


@cache
def _company_words() -> frozenset[str]:
    """Words of the companies' names, which are no plurals of others: Gemini is not of "geminus"."""
    return frozenset(word.lower() for names in COMPANIES.values() for name in names for word in name.split())


@cache
def _lemma_languages() -> frozenset[str]:
    """The languages that have dictionary forms, by all their codes."""
    from simplemma.strategies.dictionaries.dictionary_factory import SUPPORTED_LANGUAGES

    return frozenset(SUPPORTED_LANGUAGES) | frozenset(_FORMS_OF)
