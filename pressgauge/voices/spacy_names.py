"""Names by the spaCy pipelines that are installed, one a language."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import version
from typing import Any

from pressgauge.errors import PressgaugeError

_KINDS = {
    "PERSON": "person",
    "PER": "person",
    "persName": "person",
    "ORG": "organisation",
    "orgName": "organisation",
}
"""What the pipelines of different languages call people and organisations."""
_UNUSED = [
    "parser",
    "senter",
    "tagger",
    "morphologizer",
    "attribute_ruler",
    "lemmatizer",
    "trainable_lemmatizer",
]
"""Parts of a pipeline that no name depends on."""


class SpacyNames:
    """The `NameReader` called "spacy". Of several pipelines of a language the last by name reads.

    Raises PressgaugeError where no pipeline is installed, ImportError without spaCy.
    """

    def __init__(self) -> None:
        self._spacy: Any = import_module("spacy")
        packages = sorted(self._spacy.util.get_installed_models())
        if not packages:
            raise PressgaugeError("no spaCy pipeline is installed: python -m spacy download en_core_web_sm")
        self._packages = {package.partition("_")[0]: package for package in packages}
        self._pipelines: dict[str, Any] = {}
        made_of = ("spacy", *self._packages.values())
        self.version = ", ".join(f"{package} {version(package)}" for package in made_of)

    def __call__(self, text: str, language: str | None) -> Iterator[tuple[int, int, str]] | None:
        pipeline = self._pipeline(language or "")
        return None if pipeline is None else self._names(pipeline, text)

    def _pipeline(self, language: str) -> Any:
        if language in self._packages and language not in self._pipelines:
            self._pipelines[language] = self._spacy.load(self._packages[language], exclude=_UNUSED)
        return self._pipelines.get(language)

    @staticmethod
    def _names(pipeline: Any, text: str) -> Iterator[tuple[int, int, str]]:
        for name in pipeline(text[: pipeline.max_length]).ents:
            if name.label_ in _KINDS:
                yield name.start_char, name.end_char, _KINDS[name.label_]
