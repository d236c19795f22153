"""Words to mind over HTTP: everybody at the desk may read the rules, supervisors change them; changes are audited."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from router.api import Call, Route
from router.conversations.http import DESK
from router.conversations.messages import checked_text
from router.errors import Invalid, NotFound
from router.help.minding import Direction, Effect, MindedWord, MindedWords, Pattern
from router.security.audit import Audit, AuditEntry

_SUPERVISORS = frozenset({"supervisor", "admin"})
_MAX_WORD = 50
_MAX_REASON = 300
Text = Annotated[str, Meta(max_length=1000)]


class WordView(Struct, kw_only=True):
    """``hits``: how often the rule was met."""

    id: UUID
    direction: Direction
    pattern: Pattern
    word: str
    effect: Effect
    reason: str
    is_active: bool
    hits: int


class WordList(Struct, kw_only=True):
    items: list[WordView]


class NewWord(Struct, kw_only=True):
    """``word`` is for the pattern word; * in it stands for up to ten characters."""

    direction: Direction
    effect: Effect
    pattern: Pattern = "word"
    word: Text = ""
    reason: Text = ""
    is_active: bool = True


class WordChange(Struct, kw_only=True):
    effect: Effect | UnsetType = UNSET
    word: Text | UnsetType = UNSET
    reason: Text | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET


class WordsHttp:
    def __init__(self, words: MindedWords, audit: Audit) -> None:
        self._words = words
        self._audit = audit

    def routes(self) -> list[Route]:
        path = "/api/v1/minded-words"
        return [
            Route("GET", path, self.listed, DESK, None, WordList, "Words that block, warn or are told to supervisors"),
            Route("POST", path, self.add, _SUPERVISORS, NewWord, WordView, "A new rule", status=201, stores=True),
            Route("PATCH", f"{path}/{{id}}", self.change, _SUPERVISORS, WordChange, WordView, "Change a rule",
                  stores=True),
            Route("DELETE", f"{path}/{{id}}", self.remove, _SUPERVISORS, None, None, "Remove a rule", status=204,
                  stores=True),
        ]  # fmt: skip

    async def listed(self, call: Call) -> WordList:
        return WordList(items=[_view(word) for word in await self._words.listed()])

    async def add(self, call: Call) -> WordView:
        body: NewWord = call.body
        return await self._put(
            call, None, body.direction, body.pattern, body.word, body.effect, body.reason, body.is_active
        )

    async def change(self, call: Call) -> WordView:
        body: WordChange = call.body
        there = await self._one(call.path_id)
        return await self._put(
            call,
            there.id,
            there.direction,
            there.pattern,
            there.word if body.word is UNSET else body.word,
            there.effect if body.effect is UNSET else body.effect,
            there.reason if body.reason is UNSET else body.reason,
            there.is_active if body.is_active is UNSET else body.is_active,
        )

    async def remove(self, call: Call) -> None:
        there = await self._one(call.path_id)
        await self._words.remove(call.connection, there.id)
        await self._record(call, there, "minded_word.removed")
        call.afterwards.append(self._words.follow_again)

    async def _put(
        self, call: Call, word_id: UUID | None, direction: Direction, pattern: Pattern, word: str, effect: Effect,
        reason: str, is_active: bool,
    ) -> WordView:  # fmt: skip
        if (direction == "in") != (effect == "tell"):
            raise Invalid("what customers write is told, what agents write blocks or warns", field="effect")
        if pattern == "word":
            word = checked_text(word, limit=_MAX_WORD, field="word")
            if not word.replace("*", "").strip():
                raise Invalid("word is empty", field="word")
        elif word:
            raise Invalid("word belongs to the pattern word", field="word")
        if direction == "out":
            reason = checked_text(reason, limit=_MAX_REASON, field="reason")
        put = await self._words.put(
            call.connection, word_id, direction, pattern, word, effect, reason.strip(), is_active,
            call.signed.account.id,
        )  # fmt: skip
        await self._record(call, put, "minded_word.put")
        call.afterwards.append(self._words.follow_again)
        return _view(put)

    async def _one(self, word_id: UUID) -> MindedWord:
        found = next((word for word in await self._words.listed() if word.id == word_id), None)
        if found is None:
            raise NotFound("there is no such rule")
        return found

    async def _record(self, call: Call, word: MindedWord, action: str) -> None:
        detail: dict[str, Any] = {"word": word.word or word.pattern, "effect": word.effect, "active": word.is_active}
        await self._audit.record(call.connection, AuditEntry(call.actor, action, "minded_word", str(word.id), detail))


def _view(word: MindedWord) -> WordView:
    return WordView(
        id=word.id, direction=word.direction, pattern=word.pattern, word=word.word, effect=word.effect,
        reason=word.reason, is_active=word.is_active, hits=word.hits,
    )  # fmt: skip
