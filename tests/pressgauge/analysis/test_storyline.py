"""A story's path: order, delay and what was copied."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pressgauge.analysis import storyline


def test_articles_come_in_order_with_their_delay_and_role(frames):
    articles, _ = frames(0, 4)
    times = ["2025-01-01 10:00", "2025-01-01 08:00", None, "2025-01-02 08:00"]
    articles["published"] = pd.Series(pd.to_datetime(times, utc=True)).astype("datetime64[us, UTC]")
    articles["story"] = [1, 1, 1, 9]
    table = storyline(articles, 1, like=np.array([False, False, False, True]))
    assert table["id"].tolist() == [1, 0, 3, 2]
    assert table["role"].tolist() == ["original", "copy", "own", "copy"]
    assert table["after"].dt.total_seconds().fillna(-1).tolist() == [0, 7200, 86_400, -1]


def test_an_unknown_story_is_an_error_that_names_it(frames):
    articles, _ = frames(0, 4)
    with pytest.raises(KeyError, match="story 77"):
        storyline(articles, 77)
