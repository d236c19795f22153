"""The try-it box and the warning of duplicates: what the bot of this moment makes of a question; nothing is stored and
nobody is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Protocol

from msgspec import Meta, Struct, structs

from bot import confidence
from bot.records import Analysis, Answer, Clarification, Decision, Handoff, Turn
from bot.settings import BotSettings
from bot.signals import Signals
from database.clock import Clock
from kb_index.records import Candidate, Scope
from kb_index.search import KnowledgeIndex
from router.api import Call, Route
from router.conversations.messages import checked_text, with_pictures
from router.errors import Unavailable
from router.knowledge.http import EDITORS
from router.knowledge.knowledge import Serving

_MAX_QUESTION = 500
_NEAREST = 6
_NEAR_FROM = 0.02  # a chance below this is no neighbour
Name = Annotated[str, Meta(max_length=200)]


class Answers(Protocol):
    """The bot; `bot.answering.Answerer` fits."""

    async def answer(self, turn: Turn) -> Decision: ...
    async def read_signals(self, text: str) -> Signals: ...


class Trial(Struct, kw_only=True):
    """A question as somebody would ask it; None: of no particular site, audience, edition."""

    question: str
    site: Name | None = None
    audience: Name | None = None
    edition: Name | None = None
    locale: Name | None = None


class CandidateView(Struct, kw_only=True):
    """``chance``: the probability that it is the right one, which meets the thresholds; ``needs``: the threshold that
    holds for it; ``score``, ``lexical``, ``rank_score``: what it is made of."""

    id: str
    question: str
    chance: float
    needs: float
    score: float
    lexical: float
    rank_score: float
    matched_text: str


class TrialResult(Struct, kw_only=True):
    decision: str
    reason: str
    text: str
    confidence: float
    article_id: str | None
    options: list[str]
    candidates: list[CandidateView]
    answer_at: float
    offer_at: float
    language: str
    emotion: str
    urgency: str
    wants_human: bool
    topic: str | None
    reworded: str
    index_version: int
    elapsed_ms: float


class NearestQuery(Struct, kw_only=True):
    """``without``: the article that is being written itself."""

    q: Annotated[str, Meta(max_length=_MAX_QUESTION)]
    without: Name | None = None


class Neighbour(Struct, kw_only=True):
    id: str
    question: str
    category: str | None
    visibility: str
    chance: float
    score: float
    matched_text: str


class Neighbours(Struct, kw_only=True):
    """The nearest articles, the likeliest first."""

    items: list[Neighbour]


class TryingHttp:
    """What is served answers, with its own encoder, as customers would be answered."""

    def __init__(
        self, bot: Answers, serving: Callable[[], Serving | None], settings: Callable[[], BotSettings], clock: Clock
    ) -> None:
        self._bot = bot
        self._serving = serving
        self._settings = settings
        self._clock = clock

    def routes(self) -> list[Route]:
        path = "/api/v1/knowledge"
        return [
            Route("POST", f"{path}/try", self.attempt, EDITORS, Trial, TrialResult, "What the bot makes of a question"),
            Route("GET", f"{path}/nearest", self.nearest, EDITORS, None, Neighbours, "Articles like this question",
                  query=NearestQuery),
        ]  # fmt: skip

    async def attempt(self, call: Call) -> TrialResult:
        body: Trial = call.body
        question = checked_text(body.question, limit=_MAX_QUESTION, field="question")
        serving = self._serving()
        if serving is None:
            raise Unavailable("no index version is being served yet")
        scope = Scope(site=body.site, audience=body.audience, edition=body.edition, at=self._clock.now())
        turn = Turn(fragments=(question,), scope=scope, locale=body.locale or self._settings().default_locale)
        decision = await self._bot.answer(turn)
        told = await self._bot.read_signals(question)  # its topic as a hand-off would have it
        return structs.replace(result_of(decision, serving.index, self._settings()), topic=told.topic)

    async def nearest(self, call: Call) -> Neighbours:
        query: NearestQuery = call.query
        serving = self._serving()
        if serving is None or not query.q.strip():
            return Neighbours(items=[])
        asked = serving.index.reworded(query.q)
        vector = await serving.encoder.question_vector(asked)
        found = serving.index.find(asked, vector, Scope(internal=True), _NEAREST + 1)
        chances = confidence.chances(serving.index.calibration, found)
        items = [
            Neighbour(
                id=one.article.id, question=one.article.question, category=one.article.category,
                visibility=one.article.visibility, chance=round(chance, 4), score=round(one.score, 4),
                matched_text=one.matched_text,
            )
            for one, chance in zip(found, chances, strict=True)
            if one.article.id != query.without and chance >= _NEAR_FROM
        ]  # fmt: skip
        return Neighbours(items=items[:_NEAREST])


def result_of(decision: Decision, index: KnowledgeIndex, settings: BotSettings) -> TrialResult:
    """A decision with everything that led to it."""
    analysis: Analysis = decision.analysis
    text = with_pictures(decision.text, decision.pictures) if isinstance(decision, Answer) else decision.text
    chances = confidence.chances(index.calibration, analysis.candidates)
    return TrialResult(
        decision=kind_of(decision), reason=decision.reason, text=text,
        confidence=round(analysis.confidence, 4),
        article_id=decision.sources[0].article_id if isinstance(decision, Answer) and decision.sources else None,
        options=[option.id for option in decision.options] if isinstance(decision, Clarification) else [],
        candidates=[
            _candidate(one, chance, settings) for one, chance in zip(analysis.candidates, chances, strict=True)
        ],
        answer_at=settings.answer_at, offer_at=settings.offer_at, language=analysis.language,
        emotion=analysis.emotion, urgency=analysis.urgency, wants_human=analysis.wants_human, topic=analysis.topic,
        reworded=index.reworded(analysis.question), index_version=analysis.index_version,
        elapsed_ms=round(analysis.elapsed_ms, 1),
    )  # fmt: skip


def kind_of(decision: Decision) -> str:
    """The decision's name on the wire."""
    kinds: dict[type[Any], str] = {Answer: "answer", Clarification: "clarify", Handoff: "handoff"}
    return kinds.get(type(decision), "smalltalk")


def _candidate(one: Candidate, chance: float, settings: BotSettings) -> CandidateView:
    own = one.article.answer_at
    return CandidateView(
        id=one.article.id, question=one.article.question, chance=round(chance, 4),
        needs=settings.answer_at if own is None else own, score=round(one.score, 4), lexical=round(one.lexical, 4),
        rank_score=round(one.rank_score, 3), matched_text=one.matched_text,
    )  # fmt: skip
