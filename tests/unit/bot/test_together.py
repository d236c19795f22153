"""What several ask in one round of the event loop is answered together, and each gets its own."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from bot.together import Together


class _Doubling:
    """Doubles numbers, and remembers which came together; cannot double 13."""

    def __init__(self) -> None:
        self.calls: list[list[int]] = []

    def __call__(self, asked: Sequence[int]) -> list[int]:
        self.calls.append(list(asked))
        if 13 in asked:
            raise ValueError("13")
        return [2 * one for one in asked]


async def test_what_wakes_together_is_answered_in_one_call() -> None:
    doubling = _Doubling()
    together = Together(doubling)
    vectors = asyncio.get_running_loop().create_future()

    async def ask(number: int) -> int:
        await asyncio.shield(vectors)
        return await together.ask(number)

    asking = [asyncio.ensure_future(ask(number)) for number in range(4)]
    await asyncio.sleep(0)
    vectors.set_result(None)
    assert await asyncio.gather(*asking) == [0, 2, 4, 6]
    assert doubling.calls == [[0, 1, 2, 3]]
    assert await together.ask(5) == 10
    assert doubling.calls[1:] == [[5]]


async def test_what_fails_fails_alone() -> None:
    together = Together(_Doubling())
    answers = await asyncio.gather(*(together.ask(number) for number in (1, 13, 3)), return_exceptions=True)
    assert answers[::2] == [2, 6]
    assert isinstance(answers[1], ValueError)


async def test_who_left_is_not_answered() -> None:
    doubling = _Doubling()
    together = Together(doubling)
    leaving, staying = (asyncio.ensure_future(together.ask(number)) for number in (1, 2))
    await asyncio.sleep(0)
    leaving.cancel()
    assert await staying == 4
    with pytest.raises(asyncio.CancelledError):
        await leaving
    assert doubling.calls == [[2]]
