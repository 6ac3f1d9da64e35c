"""The index on disk is the dataset's current version, or is made so; a damaged one is never believed."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pressgauge.errors import DatasetError
from pressgauge.search.soundness import sound
from pressgauge.search.sync import NOTHING, Changes, open_index
from pressgauge.search.tokens import FORMAT

_STATES: dict[tuple[int, int], pd.DataFrame] = {}


@dataclass
class Articles:
    """The least that an index asks of a dataset, held in memory."""

    frame: pd.DataFrame
    version: int

    @property
    def state(self) -> tuple[int, int]:
        state = self.version, int(pd.util.hash_pandas_object(self.frame).sum()) >> 1
        _STATES[state] = self.frame
        return state

    def changes(self, since: tuple[int, int], until: tuple[int, int], columns: Sequence[str]) -> Changes:
        if since not in (NOTHING, *_STATES):
            raise DatasetError("not this dataset")
        new = _STATES[until]
        old = _STATES.get(since, new[:0])
        same = new["id"].isin(old["id"]) & (new["text"] == new["id"].map(old.set_index("id")["text"]))
        gone = old.loc[~old["id"].isin(new.loc[same, "id"]), "id"].to_numpy()
        return Changes(gone, int((~same).sum()), iter([new.loc[~same, ["id", "text"]]]))


def articles(count: int, version: int = 1, text: str = "open source") -> Articles:
    texts = [f"{text} number{number}" for number in range(count)]
    return Articles(pd.DataFrame({"id": np.arange(count), "text": texts}), version)


def index_folder(folder: Path) -> Path:
    return next(folder.glob("format-*"))


def test_the_index_follows_what_is_added_changed_and_removed(tmp_path: Path) -> None:
    assert open_index(articles(20), tmp_path).count('"open source"') == 20
    later = articles(25, version=2)
    later.frame.loc[0, "text"] = "closed"
    later.frame = later.frame.drop(index=[1])
    index = open_index(later, tmp_path)
    assert (index.version, len(index)) == (2, 24)
    assert sorted(index.ids('"open source"')) == list(range(2, 25))
    assert index.ids("closed").tolist() == [0]


def test_an_open_index_keeps_answering_for_its_own_version(tmp_path: Path) -> None:
    before = open_index(articles(10), tmp_path)
    open_index(articles(15, version=2), tmp_path)
    assert (before.version, before.count("open")) == (1, 10)


def test_an_unchanged_version_is_not_written_again(tmp_path: Path) -> None:
    open_index(articles(10), tmp_path)
    before = (index_folder(tmp_path) / "meta.json").stat().st_mtime_ns
    open_index(articles(10), tmp_path)
    assert (index_folder(tmp_path) / "meta.json").stat().st_mtime_ns == before


def test_a_deleted_index_is_built_anew(tmp_path: Path) -> None:
    open_index(articles(10), tmp_path / "index")
    for file in index_folder(tmp_path / "index").iterdir():
        file.unlink()
    assert open_index(articles(10), tmp_path / "index").count("open") == 10


@pytest.mark.parametrize("suffix", [".term", ".idx", ".pos", ".fast", ".fieldnorm", ".store", "meta.json"])
@pytest.mark.parametrize("damage", ["flip", "truncate", "empty", "delete"])
def test_S07_a_damaged_file_never_gives_a_wrong_count(tmp_path: Path, suffix: str, damage: str) -> None:
    open_index(articles(30), tmp_path)
    chance = random.Random(suffix + damage)
    file = next(file for file in index_folder(tmp_path).iterdir() if file.name.endswith(suffix))
    content = bytearray(file.read_bytes())
    if damage == "flip":
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    elif damage == "truncate":
        content = content[: chance.randrange(len(content))]
    elif damage == "empty":
        content.clear()
    file.unlink()  # not written over: a thread of the engine may still have the old file mapped
    if damage != "delete":
        file.write_bytes(content)
    if suffix != "meta.json":  # which has no checksum; a flip there may change nothing that matters
        assert not sound(index_folder(tmp_path))
    index = open_index(articles(30), tmp_path)
    assert sound(index_folder(tmp_path))
    assert [index.count(query) for query in ("*", '"open source"', "number7", "NOT number7")] == [
        30,
        30,
        1,
        29,
    ]


def test_an_index_of_another_schema_is_built_anew(tmp_path: Path) -> None:
    open_index(articles(10), tmp_path)
    meta = index_folder(tmp_path) / "meta.json"
    meta.write_text(meta.read_text().replace('"tokenizer": "cased"', '"tokenizer": "folded"'))
    assert open_index(articles(10), tmp_path).count("cased:open") == 10
    assert '"cased"' in meta.read_text()


def test_older_formats_and_what_killed_processes_built_go_when_an_index_is_built(tmp_path: Path) -> None:
    left = [f"format-{FORMAT - 1}", f"format-{FORMAT + 1}", "format-x", "building-k1ll3d"]
    for name in left:
        (tmp_path / name).mkdir()
        (tmp_path / name / "meta.json").write_text("{}")
    assert open_index(articles(5), tmp_path).count("source") == 5
    folders = {path.name for path in tmp_path.iterdir() if path.is_dir()}
    assert folders == {f"format-{FORMAT}", f"format-{FORMAT + 1}", "format-x"}


def test_an_open_index_answers_after_its_folder_is_deleted(tmp_path: Path) -> None:
    index = open_index(articles(20), tmp_path)
    shutil.rmtree(index_folder(tmp_path))
    assert index.count('"open source"') == 20
    assert len(index.ids("number7")) == 1


def test_without_a_folder_the_index_lives_in_memory() -> None:
    assert open_index(articles(10), None).count("open") == 10


_AS_NOBODY = """
import os, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_sync import articles, open_index
os.setuid(65_534)
print(open_index(articles(12, version=2), Path(sys.argv[1])).count("open"))
"""


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can change user")
def test_S05_in_a_folder_of_another_user_the_index_lives_in_memory() -> None:
    with tempfile.TemporaryDirectory() as name:  # pytest's own is closed to others
        folder = Path(name)
        folder.chmod(0o755)
        open_index(articles(10), folder)
        before = sorted(folder.rglob("*"))
        command = [sys.executable, "-c", _AS_NOBODY, name, str(Path(__file__).parent)]
        answer = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert answer.stdout.strip() == "12", answer.stderr
        assert sorted(folder.rglob("*")) == before


def test_S08_several_at_once_all_get_the_right_index(tmp_path: Path) -> None:
    counts: list[int] = []
    for version in (1, 2):
        dataset = articles(50 * version, version)
        with ThreadPoolExecutor(4) as pool:
            counts += pool.map(lambda given: open_index(given, tmp_path).count("open"), [dataset] * 4)
    assert counts == [50] * 4 + [100] * 4


def test_an_index_of_another_dataset_with_the_same_version_is_built_anew(tmp_path: Path) -> None:
    open_index(articles(10), tmp_path)
    assert open_index(articles(10, text="closed"), tmp_path).count("open") == 0
    _STATES.clear()
    assert open_index(articles(12, text="other"), tmp_path).count("other") == 12


def test_the_version_is_committed_with_the_articles(tmp_path: Path) -> None:
    open_index(articles(10), tmp_path)
    meta = index_folder(tmp_path) / "meta.json"
    old = meta.read_bytes()
    open_index(articles(20, version=2), tmp_path)
    assert json.loads(old)["opstamp"] < json.loads(meta.read_bytes())["opstamp"]
