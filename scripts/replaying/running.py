"""Puts the questions of the log to two bots, one after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering import Answerer
from kb_index.encoders import NamedEncoder
from kb_index.search import KnowledgeIndex
from router.settings import Settings
from scripts.evaluation.asking import WarmEncoder, families
from scripts.evaluation.signals import signals_of
from scripts.progress import ProgressBars
from scripts.replaying.judging import VERDICTS, Change, Judge, Outcome, Replayed
from scripts.replaying.questions import Asked


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two bots; `name` tells people which."""

    name: str
    index: KnowledgeIndex
    encoder: NamedEncoder
    settings: Settings


async def replay(asked: Sequence[Asked], before: Side, after: Side, progress: ProgressBars) -> Replayed:
    """Every question through both."""
    warm = WarmEncoder(before.encoder)
    was = await _outcomes(asked, before, warm, progress)
    if after.encoder.fingerprint != before.encoder.fingerprint:
        warm = WarmEncoder(after.encoder)
    now = await _outcomes(asked, after, warm, progress)
    judge = Judge(families(before.index) | families(after.index))
    pairs = list(zip(asked, was, now, strict=True))
    changes = [change for one, old, new in pairs if (change := judge.change(one, old, new)) is not None]
    return Replayed(
        asked=sum(one.times for one in asked),
        distinct=len(asked),
        changes=tuple(sorted(changes, key=_order)),
        reworded=sum(judge.is_reworded(old, new) for _, old, new in pairs),
    )


async def _outcomes(asked: Sequence[Asked], side: Side, warm: WarmEncoder, progress: ProgressBars) -> list[Outcome]:
    await asyncio.to_thread(warm.warm, [one.text for one in asked], progress)
    signals = await asyncio.to_thread(signals_of, side.settings, side.encoder, progress)
    answerer = Answerer(side.settings.bot, warm, side.index, signals=signals, signal_settings=side.settings.signals)
    found: list[Outcome] = []
    for number, one in enumerate(asked, 1):
        found.append(Outcome.of(await answerer.answer(one.turn)))
        progress(f"asking {side.name}", number, len(asked))
    return found


def _order(change: Change) -> tuple[int, int]:
    return VERDICTS.index(change.verdict), -change.asked.times
