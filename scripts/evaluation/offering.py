"""What other thresholds for offering would give: exactly, by asking again what is not answered anyway; the threshold
for answers stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.records import Clarification
from bot.settings import BotSettings
from scripts.evaluation.asking import Asked, Examiner
from scripts.progress import ProgressBars

Name = Literal["offer_at", "option_at"]

NAMES: tuple[Name, ...] = ("offer_at", "option_at")
OFFER_STEPS = (0.05, 0.10, 0.15, 0.20, 0.25, 0.30, 0.40, 0.50, 0.60)
OPTION_STEPS = (0.01, 0.03, 0.05, 0.08, 0.12, 0.20)


@dataclass(frozen=True, slots=True)
class Offers:
    """At one threshold: of the questions in scope, how many are `answered`, right or wrong, how many get options with
    the right article among them and without it; of those out of scope, how many get options that cannot help."""

    at: float
    in_scope: int
    out_of_scope: int
    answered: int
    offered: int
    offered_without: int
    offered_outside: int
    options: float | None  # how many are offered at once, on average


class Offering:
    """`asked`: all questions under the settings in force."""

    def __init__(
        self, settings: BotSettings, asked: Sequence[Asked], examiner: Callable[[BotSettings], Examiner]
    ) -> None:
        self._settings = settings
        self._asked = asked
        self._examiner = examiner

    async def curve(self, name: Name, progress: ProgressBars) -> list[Offers]:
        """The threshold that is in force among the others, lowest first."""
        return [await self._at(name, step, progress) for step in self._steps(name)]

    def _steps(self, name: Name) -> Iterator[float]:
        settings = self._settings
        now: float = getattr(settings, name)
        most = settings.answer_at if name == "offer_at" else settings.offer_at
        steps = OFFER_STEPS if name == "offer_at" else OPTION_STEPS
        yield from sorted({now, *(step for step in steps if step <= most)})

    async def _at(self, name: Name, step: float, progress: ProgressBars) -> Offers:
        if step == getattr(self._settings, name):
            return _counted(step, self._asked)
        now = self._settings
        if name == "offer_at":
            settings = replace(now, offer_at=step, option_at=min(now.option_at, step))
        else:
            settings = replace(now, option_at=step)
        answered = [one for one in self._asked if one.fate in ("right", "wrong")]
        again = [one.question for one in self._asked if one.fate not in ("right", "wrong")]
        found = await self._examiner(settings).ask(again, progress, f"trying {name} {step:g}")
        return _counted(step, [*answered, *found])


def _counted(step: float, asked: Sequence[Asked]) -> Offers:
    inside = [one for one in asked if one.question.expected is not None]
    outside = [one for one in asked if one.question.expected is None]
    lists = [
        len(one.decision.options) for one in asked if isinstance(one.decision, Clarification) and one.decision.options
    ]

    def count(*fates: str) -> int:
        return sum(one.fate in fates for one in inside)

    return Offers(
        at=step, in_scope=len(inside), out_of_scope=len(outside), answered=count("right", "wrong"),
        offered=count("offered"), offered_without=count("offered_without"),
        offered_outside=sum(one.fate in ("offered", "offered_without") for one in outside),
        options=round(sum(lists) / len(lists), 2) if lists else None,
    )  # fmt: skip
