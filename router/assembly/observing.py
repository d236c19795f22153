"""What can be seen of the server: its numbers and its pulse."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis

from router.assembly.answers import Answers
from router.assembly.ground import Ground
from router.assembly.sockets import Sockets
from router.assembly.talk import Talk
from router.breaker import Breaker
from router.doors.exchange import RateExchange
from router.observing.gathering import Gathering
from router.observing.line import LineFigures
from router.observing.outbox import OutboxFigures
from router.observing.pulse import Pulse
from router.observing.state import Parts, State
from router.timetable import Job


@dataclass(frozen=True, slots=True)
class Observing:
    line: LineFigures
    outbox: OutboxFigures
    pulse: Pulse
    gathering: Gathering
    #: Where there are several processes: what limits have taken elsewhere.
    exchange: RateExchange | None

    @property
    def loops(self) -> tuple[Callable[[], Coroutine[Any, Any, None]], ...]:
        return (self.pulse.run,)

    def jobs(self) -> list[Job]:
        shared = [] if self.exchange is None else [Job("share limits", 1, self.exchange.tick)]
        return [*shared, Job("count the line", 10, self.line.tick), Job("look at the outbox", 30, self.outbox.tick)]


async def wire_observing(
    ground: Ground,
    answers: Answers,
    talk: Talk,
    sockets: Sockets,
    breakers: Sequence[Breaker],
    found_behind: Callable[[], int],
) -> Observing:
    """Hands this process's numbers over to its siblings from now on."""
    registry, knowledge = ground.metrics.registry, answers.knowledge
    exchange = None if ground.redis is None else _exchange(ground, ground.redis, sockets)
    gathering = Gathering(registry, ground.worker, ground.settings.data_dir / "run")
    await gathering.open()
    ground.opened.push_async_callback(gathering.close)
    pulse = Pulse()
    registry.register(pulse)
    registry.register(ground.stages)
    registry.register(
        State(
            Parts(
                database=ground.database,
                journal=talk.journal,
                doors=ground.doors,
                limits=(sockets.chat.limits, sockets.agents.limits),
                encoder=lambda: knowledge.serving.encoder if knowledge.serving else answers.models.batched,
                knowledge=knowledge,
                readiness=ground.readiness,
                breakers=(*breakers, *(() if exchange is None else (exchange.breaker,))),
                open_questions=lambda: talk.questions.open,
                sockets=lambda: {"chat": sockets.chat.connected, "agent": sockets.agents.connected},
                wire=ground.wire,
                found_behind=found_behind,
            )
        )
    )
    return Observing(
        LineFigures(ground.database, ground.clock, registry),
        OutboxFigures(ground.database, ground.clock, registry),
        pulse,
        gathering,
        exchange,
    )


def _exchange(ground: Ground, redis: Redis, sockets: Sockets) -> RateExchange:
    own = {"visitors": sockets.chat.limits.own, "accounts": sockets.agents.limits.own}
    return RateExchange({**ground.doors.rates, **own}, redis, ground.sealer.lookup_hash)
