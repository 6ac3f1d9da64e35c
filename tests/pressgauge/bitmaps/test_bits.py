"""Bitmaps tell the same as the bool arrays that they are made of."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pressgauge.bitmaps import bits
from tests.examples import examples

MASKS = st.lists(st.booleans(), max_size=300).map(lambda given: np.array(given, dtype=bool))


@given(MASKS)
def test_a_mask_comes_back_as_it_was_packed(mask):
    words = bits.pack(mask)
    assert len(words) == (len(mask) + 63) // 64
    assert bits.unpack(words, len(mask)).tolist() == mask.tolist()


@given(MASKS, st.data())
def test_a_rank_is_the_number_of_bits_before_a_place(mask, data):
    places = np.array(data.draw(st.lists(st.integers(0, len(mask)), min_size=1, max_size=9)), dtype=np.int64)
    words = bits.pack(mask)
    assert bits.rank(words, bits.ranks(words), places).tolist() == [int(mask[:at].sum()) for at in places]


@given(MASKS)
def test_a_bit_is_selected_by_its_number(mask):
    words, places = bits.pack(mask), np.flatnonzero(mask)
    found = bits.select(words, bits.ranks(words), np.arange(len(places)))
    assert found.tolist() == places.tolist()


@given(st.lists(st.booleans(), min_size=1, max_size=40), st.integers(1, 9), st.sampled_from("bhi"), st.data())
def test_codes_are_looked_up_piece_by_piece_and_the_last_stands_for_unknown(values, piece, kind, data):
    table = np.array(values)
    codes = np.array(data.draw(st.lists(st.integers(-1, len(values) - 1), max_size=60)), dtype=kind)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bits, "_PIECE", piece)
        assert bits.lookup(table, codes).tolist() == [values[code] for code in codes]


@given(st.integers(1, 300), st.data())
def test_spans_are_the_rows_between_their_ends(size, data):
    turns = sorted(data.draw(st.lists(st.integers(0, size), max_size=12)))
    turns = turns[: len(turns) // 2 * 2]
    starts, ends = np.array(turns[::2], dtype=np.int64), np.array(turns[1::2], dtype=np.int64)
    expected = np.zeros(size, dtype=bool)
    for start, end in zip(starts, ends, strict=True):
        expected[start:end] = True
    assert bits.unpack(bits.spans(starts, ends, size), size).tolist() == expected.tolist()
    assert bits.spans(starts, ends, size).tolist() == bits.pack(expected).tolist()


@settings(max_examples=examples(200))
@given(st.lists(st.integers(1, 150), max_size=12), st.data())
def test_segments_count_once_however_many_of_their_rows_are_set(lengths, data):
    """Lengths up to 150: a segment may go on over three words."""
    number = np.repeat(np.arange(len(lengths)), lengths)
    share = data.draw(st.sampled_from([1, 2, 20]))
    mask = np.random.default_rng(data.draw(st.integers(0, 99))).integers(0, share + 1, len(number)) == 1
    ends = np.cumsum(lengths, dtype=np.int64)
    last = np.zeros(len(number), dtype=bool)
    last[ends - 1] = True
    cuts = sorted(data.draw(st.sets(st.integers(0, len(lengths)), max_size=4)) | {0, len(lengths)})
    bounds = np.append(0, ends)[cuts]
    expected = [len(set(number[start:end][mask[start:end]])) for start, end in pairwise(bounds)]
    assert bits.Segments(last).counts(bits.pack(mask), bounds).tolist() == expected


@pytest.mark.parametrize("size", [1, 63, 64, 65, 128])
def test_everything_is_set_up_to_the_last_row_and_no_further(size):
    words = bits.spans(np.array([0]), np.array([size]), size)
    assert int(np.bitwise_count(words).sum()) == size
