"""What several ask at one moment is answered in one call; refuses to make anybody wait for a moment to come."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


class Together(Generic[Asked, Answer]):
    """Collects what is asked in one round of the event loop: vectors of one batch wake all who waited for them."""

    def __init__(self, answer_all: Callable[[Sequence[Asked]], Sequence[Answer]]) -> None:
        """``answer_all`` gives an answer for each that is asked, in their order."""
        self._answer_all = answer_all
        self._waiting: list[tuple[Asked, asyncio.Future[Answer]]] = []

    async def ask(self, asked: Asked) -> Answer:
        """The answer, some callbacks later; raises what answering raises."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Answer] = loop.create_future()
        if not self._waiting:
            loop.call_soon(self._answer)
        self._waiting.append((asked, answer))
        return await answer

    def _answer(self) -> None:
        waiting, self._waiting = self._waiting, []
        self._settle([(asked, answer) for asked, answer in waiting if not answer.done()])

    def _settle(self, waiting: Sequence[tuple[Asked, asyncio.Future[Answer]]]) -> None:
        if not waiting:
            return
        try:
            answers = self._answer_all([asked for asked, _ in waiting])
        except Exception as error:  # noqa: BLE001 - an edge: whatever is raised goes to those who wait
            if len(waiting) == 1:
                waiting[0][1].set_exception(error)
            else:
                for one in waiting:  # one bad question fails alone
                    self._settle([one])
            return
        for (_, answer), own in zip(waiting, answers, strict=True):
            answer.set_result(own)
