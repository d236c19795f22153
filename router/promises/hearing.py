"""Hears what an agent's message promises and by when: the words, a small head on the encoder, and the time that is
named; stores nothing."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from models.heads.heads import Heads
from models.heads.promising import NAME, YES
from router.promises import when, wording
from router.promises.times import When
from router.promises.wording import Verdict
from router.waiting.hours import Calendar

#: What the words alone add to the head's log odds; chosen by cross-fitting on the shipped sentences.
_WORDS: dict[Verdict, float] = {"no": -1.5, "unsure": 1.5, "yes": 3.0, "never": -12.0}
#: Without a head: only what the words leave no doubt about.
_ALONE: dict[Verdict, float] = {"no": -4.0, "unsure": 0.0, "yes": 3.0, "never": -12.0}
_EVEN = 1e-6
#: A promise without a time (核实后回电) is proposed for so much working time later.
_UNDATED = timedelta(hours=2)
_SHORTEST = 4  # characters
_SENTENCES = 12  # of one message


class Vectors(Protocol):
    """Gives a text's vector; `models.batching.BatchedEncoder` fits."""

    def heard_vector(self, text: str) -> Awaitable[NDArray[np.float32]]: ...


@dataclass(frozen=True, slots=True)
class Ear:
    """The encoder being served, and the head that was fitted for it."""

    vectors: Vectors
    head: Heads


@dataclass(frozen=True, slots=True)
class Heard:
    """A promise as proposed: the sentence, how likely it is one, and by when; `is_dated` where the words said so."""

    text: str
    chance: float
    due_at: datetime
    is_dated: bool


class Hearing:
    """`ear` gives the head of this moment, None before there is one: then the words decide alone."""

    def __init__(self, ear: Callable[[], Ear | None], calendar: Callable[[], Calendar], *, from_chance: float) -> None:
        self._ear = ear
        self._calendar = calendar
        self._from_chance = from_chance

    async def promise_in(self, message: str, now: datetime) -> Heard | None:
        """The likeliest promise of a message; of equal ones the first. Raises `QuestionNotEncoded`."""
        sentences = list(islice(wording.sentences(message), _SENTENCES))
        chances = await asyncio.gather(*(self.chance(sentence) for sentence in sentences))
        best = max(zip(chances, sentences, strict=True), key=lambda heard: heard[0], default=(0.0, ""))
        if best[0] < self._from_chance:
            return None
        named = self._time(best[1], message, now)
        if named is not None:
            return Heard(best[1], best[0], named.at, named.is_exact)
        calendar = self._calendar()
        return Heard(best[1], best[0], calendar.after(now, _UNDATED) or now + _UNDATED, False)

    async def chance(self, sentence: str) -> float:
        """The probability that one sentence promises something."""
        if len(sentence) < _SHORTEST:
            return 0.0
        verdict, ear = wording.judge(sentence), self._ear()
        if ear is None:
            return _chance(_ALONE[verdict])
        opinion = ear.head.read(sentence, await ear.vectors.heard_vector(sentence))[NAME]
        likely = min(max(opinion.of(YES), _EVEN), 1 - _EVEN)
        return _chance(math.log(likely / (1 - likely)) + _WORDS[verdict])

    def _time(self, sentence: str, message: str, now: datetime) -> When | None:
        calendar = self._calendar()
        return when.read(sentence, now, calendar) or when.read(message, now, calendar)


def _chance(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))
