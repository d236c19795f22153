"""What customers do beside talking: the card that goes along with them, and calls they book."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.waiting_words import WaitingWords
from bot.wording import Wording
from router.assembly.ground import Ground
from router.assembly.talk import Talk
from router.assembly.uploads import Files
from router.callbacks.callbacks import Callbacks
from router.callbacks.slots import SlotRules
from router.cards.cards import Cards
from router.tasks.tasks import Tasks


@dataclass(frozen=True, slots=True)
class Reception:
    cards: Cards
    callbacks: Callbacks


def wire_reception(ground: Ground, wording: Wording, talk: Talk, tasks: Tasks, files: Files) -> Reception:
    settings = ground.settings
    rules = settings.callbacks
    return Reception(
        Cards(ground.database, talk.journal, wording, files.links),
        Callbacks(
            ground.database,
            talk.conversations,
            talk.line,
            tasks,
            ground.outbox,
            ground.sealer,
            WaitingWords(wording, round(settings.waiting.keep_minutes)),
            ground.clock,
            SlotRules(rules.slot_minutes, rules.per_slot, rules.days, rules.lead_minutes),
            overdue_after=timedelta(minutes=settings.tasks.overdue_minutes),
        ),
    )
