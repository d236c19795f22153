"""How texts are put together so that little is padded."""

from hypothesis import given
from hypothesis import strategies as st

from models.onnx_encoder import batches_by_length

lengths_strategy = st.lists(st.integers(min_value=1, max_value=128), max_size=80)


@given(lengths_strategy, st.integers(min_value=1, max_value=32))
def test_every_text_is_in_exactly_one_batch_that_is_not_too_large(lengths: list[int], largest: int) -> None:
    batches = list(batches_by_length(lengths, largest))
    assert sorted(position for batch in batches for position in batch) == list(range(len(lengths)))
    assert all(1 <= len(batch) <= largest for batch in batches)


@given(lengths_strategy)
def test_no_batch_pads_more_than_another_call_would_cost(lengths: list[int]) -> None:
    for batch in batches_by_length(lengths, 32):
        longest = max(lengths[position] for position in batch)
        assert sum(longest - lengths[position] for position in batch) <= 12


def test_one_long_text_does_not_make_the_short_ones_long() -> None:
    assert list(batches_by_length([9, 128, 9, 10, 9], 32)) == [[0, 2, 4, 3], [1]]


def test_texts_of_one_length_fill_whole_batches() -> None:
    assert list(batches_by_length([12] * 7, 4)) == [[0, 1, 2, 3], [4, 5, 6]]


@given(lengths_strategy)
def test_no_batch_outgrows_the_cache_unless_one_text_does(lengths: list[int]) -> None:
    for batch in batches_by_length(lengths, 32):
        assert len(batch) == 1 or len(batch) * max(lengths[position] for position in batch) <= 320
