"""What can be seen of the server: its numbers and its pulse."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from router.assembly.answers import Answers
from router.assembly.ground import Ground
from router.assembly.sockets import Sockets
from router.assembly.talk import Talk
from router.breaker import Breaker
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

    @property
    def loops(self) -> tuple[Callable[[], Coroutine[Any, Any, None]], ...]:
        return (self.pulse.run,)

    def jobs(self) -> list[Job]:
        return [Job("count the line", 10, self.line.tick), Job("look at the outbox", 30, self.outbox.tick)]


def wire_observing(
    ground: Ground, answers: Answers, talk: Talk, sockets: Sockets, breakers: Sequence[Breaker]
) -> Observing:
    registry, knowledge = ground.metrics.registry, answers.knowledge
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
                breakers=breakers,
                open_questions=lambda: talk.questions.open,
                sockets=lambda: {"chat": sockets.chat.connected, "agent": sockets.agents.connected},
            )
        )
    )
    return Observing(
        LineFigures(ground.database, ground.clock, registry),
        OutboxFigures(ground.database, ground.clock, registry),
        pulse,
    )
