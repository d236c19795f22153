"""What an agent might answer: articles, internal ones too, and what colleagues answered when it was asked before; each
with the probability that it fits. Sends nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot import confidence
from database.clock import Clock
from database.pool import Database
from database.queries import load_queries
from kb_index.records import Article, Scope
from kb_index.space import Space
from router.conversations.colleague import Colleague
from router.conversations.records import Conversation
from router.help.asking import Asked, Said, newest_question
from router.help.cases import Cases, Near
from router.help.plain import plain
from router.help.reuse import reusable
from router.knowledge.knowledge import Serving
from router.learning.records import normal_form
from router.payloads.help import SuggestedReply

_ARTICLES = 6
_CASES = 40  # looked at, since some have no reply
_READ = 12  # of these, since some may not be seen and some say the same
_SHOWN = 5
_LEAST = 0.15  # below it a proposal is noise
_LEAST_REPLY = 8  # characters


@dataclass(frozen=True, slots=True)
class Geometry:
    """A served index as `Cases` knows it: by the vectors that stay when layers are tuned."""

    serving: Serving

    @property
    def space(self) -> Space:
        return self.serving.heard

    @property
    def version(self) -> int:
        return self.serving.index.version

    @property
    def fingerprint(self) -> str:
        return self.serving.encoder.encoder.base.fingerprint


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked now, with its vectors: of the words as they are heard, and as the knowledge base would write
    them."""

    asked: Asked
    serving: Serving
    vector: NDArray[np.float32]
    reworded: str
    reworded_vector: NDArray[np.float32]
    answered: frozenset[str]  # the articles that the bot has answered with already


class Suggesting:
    """Who calls has checked that the colleague may see the conversation."""

    def __init__(self, database: Database, cases: Cases, serving: Callable[[], Serving | None], clock: Clock) -> None:
        self._database = database
        self._cases = cases
        self._serving = serving
        self._clock = clock
        self._sql = load_queries(__file__)

    async def replies(self, colleague: Colleague, row: Conversation) -> list[SuggestedReply]:
        """The likeliest first; none where nothing was asked. Raises `QuestionNotEncoded`."""
        question = await self.question(row)
        if question is None:
            return []
        found = [*self._from_articles(question, row), *await self._from_cases(question, colleague, row)]
        # What the bot has said already did not help: only where there is nothing else.
        found = [reply for reply in found if not reply.already] or found
        shown: list[tuple[SuggestedReply, set[str]]] = []
        for reply in sorted(found, key=lambda one: -one.confidence):
            pairs = _pairs(normal_form(reply.text))
            if not any(_same(reply, pairs, *other) for other in shown):
                shown.append((reply, pairs))
            if len(shown) == _SHOWN:
                break
        return [reply for reply, _ in shown]

    async def question(self, row: Conversation) -> Question | None:
        """What the customer asks now; None where nothing can be searched for."""
        serving = self._serving()
        if serving is None:
            return None
        log = await self._database.fetch(self._sql["said_lately"], row.id)
        asked = newest_question([Said.from_row(each) for each in log])
        answered = frozenset(each["article_id"] for each in log if each["article_id"] is not None)
        if asked is None:
            return None
        reworded = serving.index.reworded(asked.text)
        encoder = serving.encoder  # equal texts are encoded once, different ones together
        vector, again = await asyncio.gather(encoder.heard_vector(asked.text), encoder.question_vector(reworded))
        return Question(asked, serving, vector, reworded, again, answered)

    def near(self, question: Question, limit: int = _CASES) -> list[Near]:
        """Solved cases like it, likeliest first, seen or not."""
        return self._cases.near(Geometry(question.serving), question.asked.text, question.vector, limit)

    def _from_articles(self, question: Question, row: Conversation) -> list[SuggestedReply]:
        index = question.serving.index
        scope = Scope(site=row.site, locale=row.locale, at=self._clock.now(), internal=True)
        candidates = index.find(question.reworded, question.reworded_vector, scope, limit=_ARTICLES)
        chances = confidence.chances(index.calibration, candidates)
        return [
            _from_article(candidate.article, chance, question.answered)
            for candidate, chance in zip(candidates, chances, strict=True)
            if chance >= _LEAST
        ]

    async def _from_cases(self, question: Question, colleague: Colleague, row: Conversation) -> list[SuggestedReply]:
        near = [
            one
            for one in self.near(question)
            if one.case.reply_seq is not None and one.chance >= _LEAST and one.case.conversation_id != row.id
        ][:_READ]
        if not near:
            return []
        ids = [one.case.conversation_id for one in near]
        groups = None if colleague.is_supervisor else sorted(colleague.group_ids)
        encoder = Geometry(question.serving).fingerprint
        rows = await self._database.fetch(self._sql["cases_read"], ids, encoder, groups, colleague.ref.id)
        read = {each["conversation_id"]: each for each in rows}
        found = []
        for one in near:
            case = read.get(one.case.conversation_id)
            text = reusable(case["reply"] or "") if case is not None else ""
            if case is not None and len(text) >= _LEAST_REPLY:
                found.append(
                    SuggestedReply(
                        text=text, article_id=case["article_id"], confidence=round(one.chance, 4), source="case",
                        title=case["question"], conversation_id=case["conversation_id"], by=case["agent"],
                    )
                )  # fmt: skip
        return found


def _from_article(article: Article, chance: float, answered: frozenset[str]) -> SuggestedReply:
    return SuggestedReply(
        text=plain(article.answer), article_id=article.id, confidence=round(chance, 4), source="article",
        title=article.question, internal=article.visibility == "internal", already=article.id in answered,
    )  # fmt: skip


def _same(one: SuggestedReply, pairs: set[str], other: SuggestedReply, others: set[str]) -> bool:
    """Whether it is the same article in two wordings, or nine tenths of the shorter text's pairs of characters are in
    the other."""
    if one.article_id is not None and one.article_id == other.article_id:
        return True
    least = min(len(pairs), len(others))
    return least > 0 and len(pairs & others) >= 0.9 * least


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}
