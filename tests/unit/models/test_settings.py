"""Figures that cannot work are refused by name."""

from typing import Any

import pytest

from models.settings import EncoderSettings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", " "),
        ("precision", "int4"),
        ("threads", -1),
        ("max_tokens", 4),
        ("max_tokens", 10_000),
        ("batch", 0),
        ("cache_size", -1),
    ],
)
def test_a_figure_that_cannot_work_is_refused_by_name(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=f"^{name}:"):
        EncoderSettings(**{name: value})


def test_no_threads_means_every_core() -> None:
    assert EncoderSettings(threads=0).thread_count >= 1
    assert EncoderSettings(threads=3).thread_count == 3
