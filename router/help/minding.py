"""Words that agents mind when they write: those that block a message, those that ask before it goes; each with what to
write instead. Also which words of customers are told to supervisors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from asyncpg import Record

from database.clock import Clock
from database.errors import DatabaseUnavailable
from database.ids import uuid7
from database.pool import Database
from database.queries import load_queries
from router.errors import Conflict, Invalid
from router.help.private_numbers import cards_in, phones_in, qq_in, wechat_in
from router.help.wanted_words import found

if TYPE_CHECKING:
    from database.pool import PooledConnection

Direction = Literal["out", "in"]
Pattern = Literal["word", "wechat", "qq", "phone", "card"]
Effect = Literal["block", "warn", "tell"]

_READ = 5_000
_FINDERS: Mapping[str, Callable[[str], Sequence[str]]] = {
    "wechat": wechat_in, "qq": qq_in, "phone": phones_in, "card": cards_in,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class MindedWord:
    """One rule. ``word`` is set for the pattern word only; ``reason`` is what the agent reads."""

    id: UUID
    direction: Direction
    pattern: Pattern
    word: str
    effect: Effect
    reason: str
    is_active: bool
    hits: int

    @classmethod
    def from_row(cls, row: Record) -> MindedWord:
        return cls(*(row[name] for name in _COLUMNS))

    def met_in(self, text: str) -> str | None:
        """The words of a text that it is about."""
        if self.pattern == "word":
            return found(self.word, text[:_READ], unless_denied=self.effect == "warn")
        met = _FINDERS[self.pattern](text[:_READ])
        return met[0] if met else None


_COLUMNS = ("id", "direction", "pattern", "word", "effect", "reason", "is_active", "hits")


@dataclass(frozen=True, slots=True)
class Met:
    """A rule that a text meets, and with which words."""

    rule: MindedWord
    words: str


class MindedWords:
    """The rules in memory, read again now and then; `check` is on the way of every message of an agent."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._rules: tuple[MindedWord, ...] = ()
        self._hits: Counter[UUID] = Counter()
        self._sql = load_queries(__file__)

    async def follow(self) -> None:
        """Takes over what supervisors have changed, and counts what was met since the last time."""
        hits, self._hits = self._hits, Counter()
        if hits:
            await self._database.execute(self._sql["count_minded"], list(hits), list(hits.values()))
        self._rules = tuple(await self.listed())

    async def listed(self) -> list[MindedWord]:
        return [MindedWord.from_row(row) for row in await self._database.fetch(self._sql["minded_words"])]

    def require(self, text: str, *, confirmed: bool) -> None:
        """Lets an agent's words to a customer go. ``confirmed``: the agent has read the warning and means it.

        Raises `Invalid` where something blocks, `Conflict` with ``details.confirm`` where something warns; both with
        ``details.words``: the words, the reason and the effect of each rule that was met.
        """
        met = self._met("out", text)
        if not met:
            return
        self._hits.update(each.rule.id for each in met)
        told = [{"words": each.words, "reason": each.rule.reason, "effect": each.rule.effect} for each in met]
        if any(each.rule.effect == "block" for each in met):
            raise Invalid("these words may not be sent", words=told)
        if not confirmed:
            raise Conflict("these words need a second look", words=told, confirm=True)

    def incoming(self, text: str) -> list[Met]:
        """What a customer's words meet."""
        met = self._met("in", text)
        self._hits.update(each.rule.id for each in met)
        return met

    async def follow_again(self) -> None:
        """After a change was committed; the timetable does the same a moment later."""
        with suppress(DatabaseUnavailable):
            await self.follow()

    async def put(
        self, connection: PooledConnection, word_id: UUID | None, direction: Direction, pattern: Pattern, word: str,
        effect: Effect, reason: str, is_active: bool, by: UUID,
    ) -> MindedWord:  # fmt: skip
        """A new rule, or one as changed; raises `Conflict` where there is one for these words already."""
        row = await connection.fetchrow(
            self._sql["put_minded"], word_id or uuid7(), direction, pattern, word, effect, reason, is_active,
            self._clock.now(), by,
        )  # fmt: skip
        if row is None:
            raise Conflict("there is a rule for these words already")
        return MindedWord.from_row(row)

    async def remove(self, connection: PooledConnection, word_id: UUID) -> None:
        await connection.execute(self._sql["remove_minded"], word_id)

    def _met(self, direction: Direction, text: str) -> list[Met]:
        met = []
        for rule in self._rules:
            if rule.direction == direction and rule.is_active:
                words = rule.met_in(text)
                if words is not None:
                    met.append(Met(rule, words))
        return met
