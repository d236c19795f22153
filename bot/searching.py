"""What to search for when a text may continue the question before: both readings are searched, and their chances mixed.

Knows no policy: it gives candidates with probabilities, and says which reading they speak for.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot import confidence
from bot.confidence import Calibrated
from bot.decided import VALID_SECONDS
from bot.follow_up import Reading
from bot.settings import SignalSettings
from bot.signals import SignalReader
from bot.together import Together
from kb_index.records import Article, Asked, Candidate, Scope

_ANSWERED = 0.8  # of continuations that the answer before does not cover, how many another article does
_RARE = 0.02  # a share that counts as none
_REMEMBERED = 2_048  # questions whose finds are kept
_SEARCHED_INLINE = 20_000  # articles; searching more takes long enough to leave the event loop


class QuestionEncoder(Protocol):
    """Gives a question's vector; a message's has what else the encoder says of it after that, and takes longer.
    `models.batching.BatchedEncoder` fits."""

    @property
    def dimensions(self) -> int: ...
    @property
    def heard_from(self) -> int: ...
    async def turn_vector(self, text: str) -> NDArray[np.float32]: ...
    async def message_vector(self, text: str) -> NDArray[np.float32]: ...
    def remembers(self, text: str) -> bool: ...


class Searcher(Protocol):
    """Finds the articles nearest to a question; `kb_index.search.KnowledgeIndex` fits."""

    @property
    def version(self) -> int: ...
    @property
    def calibration(self) -> Calibrated: ...
    def reworded(self, question: str) -> str: ...
    def find_all(self, asked: Sequence[Asked]) -> Sequence[Sequence[Candidate]]: ...
    def article(self, article_id: str) -> Article | None: ...
    def __len__(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Served:
    """An index with the encoder that it was built with, and what reads between the lines; exchanged together."""

    encoder: QuestionEncoder
    index: Searcher | None = None
    signals: SignalReader = field(default_factory=lambda: SignalReader(SignalSettings()))
    #: Hears how long a stage took, by its name, in seconds.
    observe: Callable[[str, float], None] = lambda stage, seconds: None
    #: Whether a rule sends some topics to humans: then each question's is told as well as it can be.
    tells_topics: bool = False
    #: What was found lately, for those who ask the same; (question, scope, moment, limit).
    found: OrderedDict[tuple[str, Scope, int, int], Found] = field(default_factory=OrderedDict)
    #: Questions that come at one moment, as those of one batch of the encoder do, are searched together.
    finding: Together[Asked, Sequence[Candidate]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "finding", Together(self._find_all))

    def _find_all(self, asked: Sequence[Asked]) -> Sequence[Sequence[Candidate]]:
        assert self.index is not None
        return self.index.find_all(asked)

    @property
    def knows_anything(self) -> bool:
        return self.index is not None and len(self.index) > 0

    async def vector(self, text: str) -> NDArray[np.float32]:
        """Of what a customer says to the bot, with what the encoder says of its topic where that decides."""
        encoder = self.encoder
        return await (encoder.message_vector(text) if self.tells_topics else encoder.turn_vector(text))

    def heard(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """The part of a vector that signals are read from: without what was tuned for searching."""
        return vector[self.encoder.heard_from :]


@dataclass(frozen=True, slots=True)
class Found:
    """Candidates, the likeliest first, with the probability of each."""

    candidates: tuple[Candidate, ...] = ()
    chances: tuple[float, ...] = ()
    #: The probability that the text continues the question before, after looking at both.
    continues: float = 0.0
    #: The vector of the text by itself, as the signals are read from it; None where nothing was encoded.
    vector: NDArray[np.float32] | None = None

    @property
    def best(self) -> float:
        return self.chances[0] if self.chances else 0.0

    def without(self, articles: Set[str]) -> Found:
        """The same without some articles; their chances go to nobody."""
        kept = [place for place, candidate in enumerate(self.candidates) if candidate.article.id not in articles]
        if len(kept) == len(self.candidates):
            return self
        return Found(
            tuple(self.candidates[place] for place in kept),
            tuple(self.chances[place] for place in kept),
            self.continues,
            self.vector,
        )


async def search(
    served: Served, reading: Reading, scope: Scope, limit: int, *, sure_at: float, said: Set[str], refused: Set[str]
) -> Found:
    """What a text asks, alone or with the question before it.

    ``said``: articles of the last answer, which no continuation can mean; ``refused``: what was turned down since.
    A second search is made only where the text leans on the question before, or where it is unsure alone.
    """
    if reading.leans:
        alone, joined = await asyncio.gather(
            _find(served, reading.alone, scope, limit), _find(served, reading.joined, scope, limit)
        )
    else:
        alone = await _find(served, reading.alone, scope, limit)
        if not reading.joined or alone.best >= sure_at:
            return alone.without(said | refused) if reading.corrects else alone
        joined = await _find(served, reading.joined, scope, limit)
    left = joined.without(said | refused)
    if reading.elliptic and left is not joined:
        before = (await _find(served, reading.before, scope, limit)).without(said | refused)
        left = _newly_likely(left, before)
    if reading.corrects:
        alone = alone.without(said | refused)
    return mixed(alone, left, reading.chance, limit)


def _newly_likely(left: Found, before: Found) -> Found:
    """What the words of a continuation speak for, once the answer before it is out of question.

    The share that an article has of what is left, set against its share before those words: only what they have
    raised can be meant, however much the question before still swamps them.
    """
    total, total_before = sum(left.chances), sum(before.chances)
    if total <= 0 or total_before <= 0:
        return left
    shares = {c.article.id: p / total_before for c, p in zip(before.candidates, before.chances, strict=True)}
    chances = []
    for candidate, chance in zip(left.candidates, left.chances, strict=True):
        share = chance / total
        lift = share / max(shares.get(candidate.article.id, 0.0), _RARE)
        raised = max(0.0, (lift - 1) / (lift + 1))
        chances.append(max(chance, _ANSWERED * share * raised))
    order = sorted(range(len(chances)), key=lambda place: -chances[place])
    return replace(
        left,
        candidates=tuple(left.candidates[place] for place in order),
        chances=tuple(chances[place] for place in order),
    )


def mixed(alone: Found, joined: Found, chance: float, limit: int) -> Found:
    """Both readings weighed by how likely each is and how well each is answered (Bayes' rule, with the square of the
    best probability of each as its likelihood); where both find the same article first, that is no less sure than
    either.
    """
    continuing, new = chance * joined.best**2, (1 - chance) * alone.best**2
    share = continuing / (continuing + new) if continuing + new > 0 else chance
    chances: dict[str, float] = {}
    candidates: dict[str, Candidate] = {}
    for found, weight in ((joined, share), (alone, 1 - share)):
        for candidate, own in zip(found.candidates, found.chances, strict=True):
            candidates.setdefault(candidate.article.id, candidate)
            chances[candidate.article.id] = chances.get(candidate.article.id, 0.0) + weight * own
    if joined.candidates and alone.candidates and joined.candidates[0].article.id == alone.candidates[0].article.id:
        chances[joined.candidates[0].article.id] = max(joined.best, alone.best)
    order = sorted(chances, key=lambda article_id: -chances[article_id])[:limit]
    return Found(
        tuple(candidates[article_id] for article_id in order),
        tuple(chances[article_id] for article_id in order),
        share,
        alone.vector,
    )


async def _find(served: Served, question: str, scope: Scope, limit: int) -> Found:
    index = served.index
    if index is None or len(index) == 0 or not question.strip():
        return Found()
    question = index.reworded(question)
    moment = 0 if scope.at is None else int(scope.at.timestamp()) // VALID_SECONDS
    key = (question, replace(scope, at=None), moment, limit)
    kept = served.found.get(key)
    if kept is not None:
        return kept
    vector = await served.vector(question)
    began = time.perf_counter()
    asked = Asked(question, vector[: served.encoder.dimensions], scope, limit)
    if len(index) > _SEARCHED_INLINE:
        candidates = tuple((await asyncio.to_thread(index.find_all, [asked]))[0])
    else:
        candidates = tuple(await served.finding.ask(asked))
    served.observe("find", time.perf_counter() - began)
    found = Found(candidates, confidence.chances(index.calibration, candidates), 0.0, served.heard(vector))
    served.found[key] = found
    if len(served.found) > _REMEMBERED:
        served.found.popitem(last=False)
    return found
