"""Samples and codes as DataFrames: what `cov.validate` and `cov.codes` give."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import pandas as pd

from pressgauge.errors import DatasetError, quantity
from pressgauge.offers import offered
from pressgauge.store.export import ENCODING
from pressgauge.validation.check import Check, TextReader
from pressgauge.validation.estimates import Accuracy, more_needed
from pressgauge.validation.sheets import read_codes, sheet

_TEXTS = ["url", "title", "text"]


class Validation(pd.DataFrame):
    """The sample of a topic or query, in the order in which it is to be judged: id, outlet, published, url,
    title, text, value (y, n or ?, null where `coder` has not judged it).

    Write values into the frame and `save()` them, press `buttons()`, or `export()` the frame and `read()`
    what comes back. `coder` sees no one else's values. With `half_width` the buttons stop when precision and
    recall are known to within it. What pandas makes of it is a plain DataFrame.
    """

    _metadata: ClassVar[list[str]] = ["check", "coder", "texts", "half_width"]
    check: Check
    coder: str
    texts: TextReader
    half_width: float | None

    def save(self) -> int:
        """Keep the values that are new or changed; how many. Raises DatasetError for what is no answer."""
        old_values = self._own_values()
        answers = self[self["value"].notna()]
        pairs = zip(answers["id"].tolist(), answers["value"], strict=True)
        new = [(key, value, self.coder) for key, value in pairs if old_values.get(key) != value]
        self.check.code_many(new)
        return len(new)

    def code(self, id: int, value: str) -> None:
        """Keep one value: y, n or ?. Raises DatasetError."""
        if id not in set(self["id"]):
            raise DatasetError(f"article {id} is not in the sample")
        self.check.code(id, value, self.coder)
        self.loc[self["id"] == id, "value"] = value

    def undo(self) -> int | None:
        """Take back the value that was given last, and return the id of the article it was given to."""
        last = self.check.undo(self.coder)
        self.loc[self["id"] == last, "value"] = None
        return last

    def buttons(self) -> Any:
        """A panel with one article at a time, its words in context, and buttons and keys y, n, ? and undo."""
        return offered("coding")(self)

    def accuracy(self) -> Accuracy:
        """Precision and recall with their intervals, from the codes of all coders."""
        return self.check.accuracy()

    def more_needed(self, half_width: float = 0.05) -> dict[str, int]:
        """How many more articles of each stratum to judge until precision and recall are known to within
        `half_width`; all 0 when it is enough, and where more would not tell more."""
        return more_needed(self.check.accuracy(), half_width)

    def agreement(self) -> pd.DataFrame:
        """Krippendorff's alpha and Cohen's kappa of the coders."""
        return self.check.agreement()

    def terms(self) -> pd.DataFrame:
        """Which terms of the query bring the false ones, worst first."""
        return self.check.terms()

    def missed(self, limit: int = 20) -> pd.DataFrame:
        """The words that the relevant articles share which the query misses."""
        return self.check.missed(self.texts, limit)

    def export(self, path: str | Path) -> None:
        """Write the frame as CSV for people who code elsewhere: they fill the column `value`. A
        spreadsheet shows it as it is, ids included; texts are cut to the 32,000 characters that its cells
        hold."""
        Path(path).write_text(sheet(self), encoding=ENCODING, newline="")

    def read(self, path: str | Path) -> int:
        """Keep the values of a table with the columns id and value, and coder if others' are in it, as well;
        how many were new. A spreadsheet may have saved it as CSV with commas, semicolons or tabs, in UTF-8,
        UTF-16 or Windows-1252, or as XLSX, XLS or ODS; answers count by name or label ("y", "Yes"). Raises
        DatasetError with the row of the first that cannot be read or is not of this sample; none is kept
        then."""
        answers = read_codes(Path(path), self.coder, self.check.answers)
        sampled_ids = set(self.check.ids().tolist())  # also those drawn under a query that was changed since
        if strange := [identity for identity, *_ in answers if identity not in sampled_ids]:
            raise DatasetError(
                f"{Path(path).name} has {quantity(len(strange), 'article')} not in this sample, such as "
                f"{strange[0]}; is it of another topic or query?"
            )
        codes = self.check.codes()
        old_codes = set(zip(codes["id"], codes["value"], codes["coder"], strict=True))
        new = [code for code in answers if code not in old_codes]
        self.check.code_many(new)
        mine = self._own_values()
        self["value"] = pd.Series([mine.get(key) for key in self["id"]], dtype=object)
        return len(new)

    def _own_values(self) -> dict[Any, str]:
        codes = self.check.codes()
        mine = codes[codes["coder"] == self.coder]
        return dict(zip(mine["id"], mine["value"], strict=True))


def validation(check: Check, coder: str, read: TextReader, half_width: float | None = None) -> Validation:
    """The frame of a check's sample, for one coder."""
    ids = check.inner_ids()
    facts = check.snapshot.articles[["id", "outlet", "published"]].iloc[check.snapshot.rows(ids)]
    texts = read(ids.tolist(), _TEXTS)
    columns = {name: texts[name].to_numpy() for name in _TEXTS}
    frame = Validation(facts.reset_index(drop=True).assign(**columns))
    frame.check, frame.coder, frame.texts, frame.half_width = check, coder, read, half_width
    mine = frame._own_values()
    frame["value"] = pd.Series([mine.get(key) for key in frame["id"]], dtype=object)
    return frame
