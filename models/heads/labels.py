"""What the heads tell apart, and the labelled messages they learn from; holds no texts of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

Emotion = Literal["angry", "anxious", "neutral", "happy"]
Urgency = Literal["high", "normal", "low"]

EMOTIONS: Final[tuple[Emotion, ...]] = ("angry", "anxious", "neutral", "happy")
URGENCIES: Final[tuple[Urgency, ...]] = ("high", "normal", "low")
#: The label of a message that is about nothing in particular: thanks, a greeting, 还是不行.
NO_TOPIC: Final = ""


@dataclass(frozen=True, slots=True)
class Example:
    """One message with what is known of it; a label that is None was not given and teaches nothing."""

    text: str
    emotion: Emotion | None = None
    urgency: Urgency | None = None
    #: Both levels as “使用问题/甘特图”, or `NO_TOPIC`.
    topic: str | None = None
    #: Of an angry message: whether it is anger at us, said openly, rather than annoyance with the product.
    is_open: bool | None = None
    #: Whether the customer wants a human, said or implied; where nothing is said about it they do not.
    wants_human: bool = False


def topics_of(examples: Iterable[Example]) -> tuple[str, ...]:
    """Every topic that occurs, in order, `NO_TOPIC` too."""
    return tuple(sorted({example.topic for example in examples if example.topic is not None}))


def kin_of(topics: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each topic the number of its first level, and of its second: 故障/甘特图 and 使用问题/甘特图 share one."""
    levels = [topic.partition("/")[::2] for topic in topics]
    firsts, seconds = (sorted({names[level] for names in levels}) for level in (0, 1))
    first, second = zip(*((firsts.index(one), seconds.index(other)) for one, other in levels), strict=True)
    return np.array(first, np.int64), np.array(second, np.int64)
