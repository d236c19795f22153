"""One question in, one decision out: the parts of the bot in their order; holds no conversation and no state but
the index.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot import choice, confidence, dissatisfaction, follow_up, fragments, language
from bot.composing import Composer
from bot.confidence import Calibrated
from bot.policy import Policy, Reading, Situation
from bot.records import NONE_OF_THESE, Analysis, Decision, Option, Turn
from bot.settings import BotSettings
from bot.understanding import Understanding, understand
from bot.wording import Wording
from kb_index.records import Article, Candidate, Scope

_READ = 5_000  # characters of a question that are looked at
_SEARCHED_INLINE = 20_000  # articles; searching more takes long enough to leave the event loop
_REMEMBERED = 4_096  # short texts whose reading is kept: many customers ask the same
_SHORT = 200  # characters


class QuestionEncoder(Protocol):
    """Gives a question's vector; `models.batching.BatchedEncoder` fits."""

    async def question_vector(self, text: str) -> NDArray[np.float32]: ...


class Searcher(Protocol):
    """Finds the articles nearest to a question; `kb_index.search.KnowledgeIndex` fits."""

    @property
    def version(self) -> int: ...
    @property
    def calibration(self) -> Calibrated: ...
    def find(
        self, question: str, vector: NDArray[np.float32], scope: Scope | None = None, limit: int = 10
    ) -> list[Candidate]: ...
    def article(self, article_id: str) -> Article | None: ...
    def __len__(self) -> int: ...


class Answerer:
    """The bot of one process. Without an index it hands everything but small talk to humans."""

    def __init__(self, settings: BotSettings, encoder: QuestionEncoder, index: Searcher | None = None) -> None:
        self._settings = settings
        self._encoder = encoder
        self._index = index
        self._policy = Policy(settings)
        self.wording = Wording(settings.brand, settings.assistant)
        self._composer = Composer(self.wording)
        self._remembered = lru_cache(_REMEMBERED)(understand)
        self._remembered_awaits = lru_cache(_REMEMBERED)(fragments.awaits_more)

    @property
    def index(self) -> Searcher | None:
        """What is being served."""
        return self._index

    def swap(self, index: Searcher | None) -> None:
        """Serves another index from the next question on; a question under way ends with the one it began with."""
        self._index = index

    def awaits_more(self, text: str) -> bool:
        """Whether the customer is probably still typing: wait `fragment_wait_seconds` for more before asking."""
        return self._remembered_awaits(text) if len(text) <= _SHORT else fragments.awaits_more(text)

    async def answer(self, turn: Turn) -> Decision:
        """The decision for one turn; raises only what the encoder raises."""
        began = time.perf_counter()
        index = self._index
        text = fragments.merge(turn.fragments)[:_READ]
        chosen = _chosen(turn, text)
        question = fragments.question_of(turn.fragments)[:_READ] if chosen is None else chosen.label
        question = dissatisfaction.without(question)
        written_in = language.detect(text, turn.locale or self._settings.default_locale)
        scope = replace(turn.scope, locale=written_in)  # prefers the translation in the customer's language
        candidates = await self._find(index, follow_up.search_text(question, turn.previous_question) or text, scope)
        chances = confidence.chances(index.calibration, candidates) if index is not None else ()
        said = self._remembered(text) if len(text) <= _SHORT else understand(text)
        reading = _read(turn, text, said, question, chosen, candidates, chances, index is not None and len(index) > 0)
        verdict = self._policy.decide(
            reading, Situation(turn.misses, turn.offered, turn.last_article_ids, turn.humans_available)
        )
        analysis = Analysis(
            confidence=chances[0] if chances else 0.0,
            candidates=candidates,
            language=written_in,
            emotion=reading.feeling.emotion,
            urgency=reading.urgency,
            wants_human=reading.wants_human,
            question=question,
            index_version=index.version if index is not None else 0,
            elapsed_ms=(time.perf_counter() - began) * 1000,
        )
        article = index.article(chosen.id) if index is not None and chosen is not None else None
        return self._composer.compose(verdict, turn, analysis, article)

    async def _find(self, index: Searcher | None, question: str, scope: Scope) -> tuple[Candidate, ...]:
        if index is None or len(index) == 0 or not question.strip():
            return ()
        vector = await self._encoder.question_vector(question)
        limit = self._settings.candidates
        if len(index) > _SEARCHED_INLINE:
            return tuple(await asyncio.to_thread(index.find, question, vector, scope, limit))
        return tuple(index.find(question, vector, scope, limit))


def _chosen(turn: Turn, text: str) -> Option | None:
    """The option that the page or the words name; an id that was not offered is not believed."""
    if turn.chosen_option is not None:
        for option in turn.offered:
            if option.id == turn.chosen_option:
                return option
        if turn.chosen_option == NONE_OF_THESE:
            return None
    return choice.choose(_about_options(turn, text), turn.offered)


def _about_options(turn: Turn, text: str) -> str:
    """What to read as a choice: the last message where it is one (“2” after “甘特图”), else the whole question."""
    said = [fragment for fragment in turn.fragments if fragment.strip()]
    return said[-1] if len(said) > 1 and choice.is_choice(said[-1]) else text


def _read(
    turn: Turn,
    text: str,
    said: Understanding,
    question: str,
    chosen: Option | None,
    candidates: Sequence[Candidate],
    chances: Sequence[float],
    knows_anything: bool,
) -> Reading:
    turned_down = turn.chosen_option == NONE_OF_THESE
    choosing = _about_options(turn, text)
    has_words = turned_down or (bool(text) and not said.only_links)
    return Reading(
        wants_human=has_words and chosen is None and said.wants_human,
        has_words=has_words,
        talk=said.talk,
        feeling=said.feeling,
        urgency=said.urgency,
        chosen=chosen,
        turns_down_options=turned_down or choice.is_none_of_these(choosing),
        out_of_range=choice.is_out_of_range(choosing, turn.offered),
        unhelpful=said.unhelpful,
        bare_name=fragments.is_bare_name(question),
        candidates=tuple(candidates),
        chances=tuple(chances),
        knows_anything=knows_anything,
    )
