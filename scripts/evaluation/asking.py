"""Asks the server's own answering code labelled questions, each alone, and says what became of each; no measures."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bot.answering import Answerer
from bot.records import Answer, Clarification, Decision, Handoff, Turn
from bot.settings import BotSettings, SignalSettings
from bot.signals import SignalReader
from kb_index.records import Scope
from kb_index.search import KnowledgeIndex
from models.encoder import Encoder
from scripts.evaluation.files import Question
from scripts.progress import ProgressBars

_BATCH = 64
_DEPTH = 10  # candidates that count

Kind = Literal["answer", "clarify", "handoff", "smalltalk"]

#: What became of a question: the right answer, a wrong one, options with the right one or without it, asked back for
#: more words, handed to a human, taken for small talk.
Fate = Literal["right", "wrong", "offered", "offered_without", "asked_back", "handed_off", "small_talk"]
FATES: tuple[Fate, ...] = (
    "right", "offered", "asked_back", "offered_without", "handed_off", "small_talk", "wrong",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what the bot decided and how long it took, encoding included."""

    question: Question
    decision: Decision
    elapsed_ms: float
    place: int | None  # of the expected article, from 0; None: not among the candidates, or nothing is expected
    fate: Fate

    @property
    def confidence(self) -> float:
        """The probability that the first candidate is right."""
        return self.decision.analysis.confidence

    @property
    def given(self) -> str | None:
        """The article that was given as the answer."""
        return given_by(self.decision)

    @property
    def first(self) -> str | None:
        """The article that was found first, given or not."""
        candidates = self.decision.analysis.candidates
        return candidates[0].article.id if candidates else None


class WarmEncoder:
    """Question vectors encoded in batches beforehand; each remembers its share of the time, so that none comes free."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._vectors: dict[str, NDArray[np.float32]] = {}
        self._messages: dict[str, NDArray[np.float32]] = {}
        self._seconds: dict[str, float] = {}

    def warm(self, texts: Sequence[str], progress: ProgressBars) -> None:
        """Encodes the texts that are new, alike lengths together."""
        waiting = sorted({text for text in texts if text not in self._vectors}, key=len)
        for start in range(0, len(waiting), _BATCH):
            batch = waiting[start : start + _BATCH]
            began = time.perf_counter()
            vectors = self._encoder.encode_turns(batch)
            seconds = (time.perf_counter() - began) / len(batch)
            for text, vector in zip(batch, vectors, strict=True):
                self._vectors[text], self._seconds[text] = vector, seconds
            progress("encoding questions to ask", start + len(batch), len(waiting))

    def remembers(self, text: str) -> bool:
        return text in self._vectors

    @property
    def dimensions(self) -> int:
        return self._encoder.dimensions

    @property
    def heard_from(self) -> int:
        return 0 if self._encoder.base is self._encoder else self._encoder.dimensions

    async def turn_vector(self, text: str) -> NDArray[np.float32]:
        """The vectors of a text; one that the bot worded itself is encoded now."""
        if text not in self._vectors:
            self._vectors[text] = self._encoder.encode_turns([text])[0]
        return self._vectors[text]

    async def message_vector(self, text: str) -> NDArray[np.float32]:
        """The same, with what the encoder says of the text's topic; always encoded now."""
        if text not in self._messages:
            self._messages[text] = self._encoder.encode_messages([text])[0]
        return self._messages[text]

    def seconds(self, text: str) -> float:
        """What encoding it beforehand took."""
        return self._seconds.get(text, 0.0)


class Examiner:
    """Puts questions to one index under given settings; the encoder must be warm for them."""

    def __init__(
        self,
        index: KnowledgeIndex | None,
        encoder: WarmEncoder,
        settings: BotSettings,
        signals: SignalReader | None = None,
        signal_settings: SignalSettings | None = None,
    ) -> None:
        self._encoder = encoder
        self._answerer = Answerer(settings, encoder, index, signals=signals, signal_settings=signal_settings)
        self._families = families(index) if index is not None else {}
        self._scope = Scope(at=datetime.now(UTC))  # as customers ask: what has expired is not there

    async def decide(self, text: str) -> tuple[Decision, float]:
        """The decision on one text alone, and the milliseconds it took with its share of the encoding."""
        decision = await self._answerer.answer(Turn(fragments=(text,), scope=self._scope))
        return decision, decision.analysis.elapsed_ms + self._encoder.seconds(text) * 1000

    async def topic(self, text: str) -> tuple[str | None, float]:
        """What a text is about as a hand-off would have it told, with its probability."""
        signals = await self._answerer.read_signals(text)
        return signals.topic, signals.topic_chance

    async def ask(self, questions: Sequence[Question], progress: ProgressBars, doing: str = "asking") -> list[Asked]:
        """Every question alone."""
        asked: list[Asked] = []
        for number, question in enumerate(questions, 1):
            decision, elapsed_ms = await self.decide(question.text)
            place = _place(decision, question.expected, self._families)
            asked.append(
                Asked(question, decision, elapsed_ms, place, fate(decision, question.expected, self._families))
            )
            if number % _BATCH == 0 or number == len(questions):
                progress(doing, number, len(questions))
        return asked


def families(index: KnowledgeIndex) -> dict[str, str]:
    """For each article the id that it shares with its translations: whichever is given, the question is answered."""
    layout = index.parts.layout
    return {
        article.id: layout.articles[int(layout.article_starts[topic])].id
        for article, topic in zip(layout.articles, layout.article_topics, strict=True)
    }


def kind_of(decision: Decision) -> Kind:
    """The decision's name in files and tables."""
    match decision:
        case Answer():
            return "answer"
        case Clarification():
            return "clarify"
        case Handoff():
            return "handoff"
        case _:
            return "smalltalk"


def given_by(decision: Decision) -> str | None:
    """The article that is given as the answer."""
    return decision.sources[0].article_id if isinstance(decision, Answer) and decision.sources else None


def fate(decision: Decision, expected: str | None, same: Mapping[str, str]) -> Fate:
    """What became of a question; `same` maps articles to the id they share with their translations."""

    def is_expected(article_id: str) -> bool:
        return expected is not None and same.get(article_id, article_id) == same.get(expected, expected)

    match decision:
        case Answer():
            given = given_by(decision)
            return "right" if given is not None and is_expected(given) else "wrong"
        case Clarification(options=()):
            return "asked_back"
        case Clarification():
            return "offered" if any(is_expected(option.id) for option in decision.options) else "offered_without"
        case Handoff():
            return "handed_off"
        case _:
            return "small_talk"


def _place(decision: Decision, expected: str | None, same: Mapping[str, str]) -> int | None:
    if expected is None:
        return None
    wanted = same.get(expected, expected)
    for place, candidate in enumerate(decision.analysis.candidates[:_DEPTH]):
        if same.get(candidate.article.id, candidate.article.id) == wanted:
            return place
    return None
