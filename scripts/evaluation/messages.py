"""Measures what is read between the lines of labelled messages: emotion, urgency, topic and the wish for a human."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import get_args

import numpy as np
from msgspec import UNSET

from bot.records import Analysis, Decision, Emotion, Urgency
from scripts.evaluation.asking import Examiner
from scripts.evaluation.files import Message
from scripts.evaluation.measuring import Figure, Figures, rounded
from scripts.metrics import ClassCounts, bootstrap, class_counts, macro_f1
from scripts.progress import ProgressBars

EMOTIONS: tuple[Emotion, ...] = get_args(Emotion)
URGENCIES: tuple[Urgency, ...] = get_args(Urgency)


@dataclass(frozen=True, slots=True)
class Read:
    """A message with what the bot made of it."""

    message: Message
    #: With the topic as it is told where somebody needs it.
    decision: Decision
    elapsed_ms: float
    #: The topic as the turn itself hears it.
    heard: str | None

    @property
    def analysis(self) -> Analysis:
        """What the bot understood."""
        return self.decision.analysis


async def read(examiner: Examiner, messages: Sequence[Message], progress: ProgressBars) -> list[Read]:
    """Every message alone, by the same code as questions."""
    found = []
    for number, message in enumerate(messages, 1):
        decision, elapsed_ms = await examiner.decide(message.text)
        heard = topic_of(decision.analysis)
        topic, chance = await examiner.topic(message.text)
        analysis = replace(decision.analysis, topic=topic, topic_chance=chance)
        found.append(Read(message, replace(decision, analysis=analysis), elapsed_ms, heard))
        progress("reading messages", number, len(messages))
    return found


def topic_of(analysis: Analysis) -> str | None:
    """The topic as “一级/二级”; None where the bot is not sure."""
    topic: str | None = getattr(analysis, "topic", None)
    return topic


def measure_messages(found: Sequence[Read]) -> Figures:
    """Every figure by its name; what no message is labelled for is left out."""
    figures: Figures = {"messages": len(found)}
    figures |= _classes(
        "emotion", EMOTIONS, [(one.message.emotion, one.analysis.emotion) for one in found if one.message.emotion]
    )
    figures |= _classes(
        "urgency", URGENCIES, [(one.message.urgency, one.analysis.urgency) for one in found if one.message.urgency]
    )
    return figures | _topics(found) | _wish(found)


def confusion(classes: Sequence[str], pairs: Sequence[tuple[str | None, str]]) -> list[list[int]]:
    """Counts by label (rows) and by what was found (columns)."""
    table = [[0] * len(classes) for _ in classes]
    for label, given in pairs:
        table[classes.index(label or "")][classes.index(given)] += 1
    return table


def _classes(name: str, classes: Sequence[str], pairs: Sequence[tuple[str | None, str]]) -> Figures:
    if not pairs:
        return {}
    labels = np.array([classes.index(label or "") for label, _ in pairs])
    given = np.array([classes.index(value) for _, value in pairs])

    def score(drawn: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> float:
        return macro_f1(class_counts(labels[drawn], given[drawn], len(classes)))

    counts = class_counts(labels, given, len(classes))
    return {
        f"{name}_messages": len(pairs),
        f"{name}_macro_f1": round(macro_f1(counts), 4),
        f"{name}_macro_f1_interval": rounded(bootstrap(len(pairs), score)),
        f"{name}_classes": {
            one: _class_figures(count) for one, count in zip(classes, counts, strict=True) if count.there + count.given
        },
    }


def _class_figures(count: ClassCounts) -> dict[str, Figure]:
    return {
        "messages": count.there,
        "precision": None if count.precision is None else round(count.precision, 4),
        "recall": None if count.recall is None else round(count.recall, 4),
        "f1": round(count.f1, 4),
    }


def _topics(found: Sequence[Read]) -> Figures:
    labelled = [(one.message.topic, topic_of(one.analysis)) for one in found if one.message.topic is not UNSET]
    at_once = [one.message.topic == one.heard for one in found if isinstance(one.message.topic, str)]
    some = [(label, given) for label, given in labelled if isinstance(label, str)]
    without = [given for label, given in labelled if label is None]
    figures: Figures = {}
    if some:
        both = np.array([label == given for label, given in some], np.float64)
        first = np.array([given is not None and _first(label) == _first(given) for label, given in some], np.float64)
        figures |= {
            "topic_messages": len(some),
            **_accuracy("topic_accuracy", both),
            **_accuracy("topic_first_level_accuracy", first),
            "topic_heard_at_once": round(sum(at_once) / len(at_once), 4),
            "topic_unsure": sum(given is None for _, given in some),
        }
    if without:
        figures |= {
            "topic_none_messages": len(without),
            "topic_none_kept": round(sum(given is None for given in without) / len(without), 4),
        }
    return figures


def _first(topic: str) -> str:
    return topic.split("/", 1)[0]


def _accuracy(name: str, right: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Figures:
    return {
        name: round(float(right.mean()), 4),
        f"{name}_interval": rounded(bootstrap(len(right), lambda drawn: float(right[drawn].mean()))),
    }


def _wish(found: Sequence[Read]) -> Figures:
    labelled = [one for one in found if one.message.wants_human is not None]
    if not labelled:
        return {}
    labels = np.array([int(one.message.wants_human is True) for one in labelled])
    given = np.array([int(one.analysis.wants_human) for one in labelled])
    count = class_counts(labels, given, 2)[1]

    def resampled(of: Callable[[ClassCounts], float | None]) -> list[float] | None:
        return rounded(bootstrap(len(labelled), lambda drawn: of(class_counts(labels[drawn], given[drawn], 2)[1])))

    return {
        "wish_messages": len(labelled),
        "wish_there": count.there,
        "wish_precision": None if count.precision is None else round(count.precision, 4),
        "wish_precision_interval": resampled(lambda one: one.precision),
        "wish_recall": None if count.recall is None else round(count.recall, 4),
        "wish_recall_interval": resampled(lambda one: one.recall),
    }
