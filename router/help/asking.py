"""What a customer is asking: the words that matter of the newest messages of a conversation; decides nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from asyncpg import Record

from bot import fragments
from router.learning.harvest import is_question

_MERGED = 4  # messages in a row
_LONGEST = 300  # characters
#: What the last answer gets to hear before the question itself: 没用，…
_TOLD_OFF = re.compile(
    r"^(?:(?:还是|都|根本)?(?:没用|不行|不对|没帮助|没解决|没帮上|不是这个)(?:啊|呀|的|了)?[，,。！!\s]+)+(?=\S)"
)


@dataclass(frozen=True, slots=True)
class Said:
    """One message of the log, in brief."""

    seq: int
    actor: str
    text: str

    @classmethod
    def from_row(cls, row: Record) -> Said:
        return cls(row["seq"], row["actor_kind"], row["text"] or "")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the places of its messages."""

    text: str
    seqs: tuple[int, ...]


def newest_question(log: Sequence[Said]) -> Asked | None:
    """The customer's last words that ask something, merged with those around them; ``log`` is in order."""
    run: list[Said] = []
    for said in reversed(log):
        if said.actor == "customer":
            run.insert(0, said)
            continue
        if (asked := _question_in(run)) is not None:
            return asked
        run = []
    return _question_in(run)


def first_question(log: Sequence[Said]) -> Asked | None:
    """The first words that ask something: what the customer came with."""
    run: list[Said] = []
    for said in log:
        if said.actor == "customer":
            run.append(said)
        elif run and (asked := _question_in(run)) is not None:
            return asked
        else:
            run = []
    return _question_in(run)


def _question_in(run: Sequence[Said]) -> Asked | None:
    """The newest messages in a row that ask, as one text."""
    asking = list(islice((said for said in reversed(run) if is_question(said.text)), _MERGED))[::-1]
    text = _TOLD_OFF.sub("", fragments.question_of([said.text for said in asking])).strip()
    return Asked(text[:_LONGEST], tuple(said.seq for said in asking)) if text else None
