"""How well the promises are kept: live chat's first reply, clocks met and late, what the bot settled alone."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct
from prometheus_client import CollectorRegistry, Gauge

from database.clock import Clock
from database.pool import Database
from database.queries import load_queries
from router.clocks.settings import BotLevel, LiveChat
from router.payloads.clocks import ClockKind

_LIVE_HOURS = 1.0


class LiveChatFigures(Struct, kw_only=True):
    """The first human reply in live chats, in seconds of open time; null where nobody was answered."""

    replies: int
    average_seconds: float | None
    target_seconds: float
    aim_seconds: float
    within_target: int
    within_aim: int


class MetFigures(Struct, kw_only=True):
    kind: ClockKind
    level: str
    met: int
    late: int
    average_seconds: float | None


class OpenFigures(Struct, kw_only=True):
    kind: ClockKind
    open: int
    late: int


class BotFigures(Struct, kw_only=True):
    """L1: ``in_time`` of those that were settled, by the configured minutes; ``reasons`` of all verdicts."""

    decided: int
    solved: int
    in_time: int
    reasons: dict[str, int]


class ClockFigures(Struct, kw_only=True):
    since: datetime
    live_chat: LiveChatFigures
    met: list[MetFigures]
    open: list[OpenFigures]
    bot: BotFigures


class Figures:
    """Read from rows; the gauges hold what the last tick read."""

    def __init__(
        self, database: Database, clock: Clock, live_chat: LiveChat, bot: BotLevel, registry: CollectorRegistry
    ) -> None:
        self._database = database
        self._clock = clock
        self._live_chat = live_chat
        self._bot = bot
        self._sql = load_queries(__file__)
        self._first_reply = Gauge(
            "yingda_live_first_reply_seconds", "First human reply in live chat, average of an hour", registry=registry
        )
        self._open = Gauge("yingda_clocks_open", "Clocks that run or pause", ["kind"], registry=registry)
        self._late = Gauge("yingda_clocks_late", "Open clocks that are late", ["kind"], registry=registry)

    def retune(self, live_chat: LiveChat) -> None:
        """Another target for live chats."""
        self._live_chat = live_chat

    async def since(self, hours: float) -> ClockFigures:
        """The figures of the last so many hours."""
        since = self._clock.now() - timedelta(hours=hours)
        met = await self._database.fetch(self._sql["met_figures"], since)
        bot = await self._database.fetchrow(self._sql["bot_level_figures"], since, 60 * self._bot.within_minutes)
        assert bot is not None
        return ClockFigures(
            since=since,
            live_chat=await self._live_since(since),
            met=[MetFigures(**dict(row)) for row in met],
            open=await self._unfinished(),
            bot=BotFigures(**dict(bot)),
        )

    async def tick(self) -> None:
        """Brings the gauges up to date."""
        live = await self._live_since(self._clock.now() - timedelta(hours=_LIVE_HOURS))
        self._first_reply.set(live.average_seconds or 0.0)
        for figures in await self._unfinished():
            self._open.labels(figures.kind).set(figures.open)
            self._late.labels(figures.kind).set(figures.late)

    async def _live_since(self, since: datetime) -> LiveChatFigures:
        live = self._live_chat
        row = await self._database.fetchrow(
            self._sql["live_chat_figures"], since, live.aim_seconds, live.average_seconds
        )
        assert row is not None
        return LiveChatFigures(
            replies=row["replies"],
            average_seconds=row["average_seconds"],
            target_seconds=live.average_seconds,
            aim_seconds=live.aim_seconds,
            within_target=row["within_average"],
            within_aim=row["within_aim"],
        )

    async def _unfinished(self) -> list[OpenFigures]:
        found = {row["kind"]: row for row in await self._database.fetch(self._sql["unfinished"])}
        kinds: tuple[ClockKind, ...] = ("first_reply", "next_reply", "resolution")
        return [
            OpenFigures(
                kind=kind,
                open=found[kind]["open"] if kind in found else 0,
                late=found[kind]["late"] if kind in found else 0,
            )
            for kind in kinds
        ]
