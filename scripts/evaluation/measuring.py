"""From asked questions to the figures that `scripts.evaluate` prints; asks nothing, words nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from bot.records import Clarification
from scripts.evaluation.asking import Asked, kind_of
from scripts.metrics import (
    Flags,
    Floats,
    auroc,
    bootstrap,
    calibration_error,
    calibration_error_interval,
    mean_reciprocal_rank,
    recall_at,
    right_at_precision,
)

Figure = float | int | str | None | list[float] | dict[str, "Figure"]
Figures = dict[str, Figure]

_PRECISION = 0.9


def measure(inside: Sequence[Asked], outside: Sequence[Asked]) -> Figures:
    """Every figure by its name; `inside` must not be empty."""
    asked = [*inside, *outside]
    places = [one.place for one in inside]
    confidence, right = confidences(asked), first_is_right(asked)
    answered = [one for one in asked if kind_of(one.decision) == "answer"]
    answered_right = sum(one.fate == "right" for one in inside)
    offered = sum(one.fate in ("offered", "offered_without") for one in inside)
    offered_right = sum(one.fate == "offered" for one in inside)
    coverage, threshold = right_at_precision(confidence, right, len(inside), _PRECISION)
    separation = auroc(confidence[: len(inside)], confidence[len(inside) :])
    elapsed = [one.elapsed_ms for one in asked]
    found = np.array([place == 0 for place in places], np.float64)
    figures: Figures = {
        "questions": len(inside),
        "out_of_scope": len(outside),
        "recall_at_1": round(recall_at(places, 1), 4),
        "recall_at_1_interval": rounded(bootstrap(len(found), lambda drawn: float(found[drawn].mean()))),
        "recall_at_3": round(recall_at(places, 3), 4),
        "mrr": round(mean_reciprocal_rank(places), 4),
        "auroc": None if separation is None else round(separation, 4),
        "answered": len(answered),
        "answered_right": answered_right,
        "answered_wrong": len(answered) - answered_right,
        "answered_out_of_scope": sum(one.fate == "wrong" for one in outside),
        "answer_precision": _share(answered_right, len(answered)),
        "answered_share_in_scope": _share(sum(one.fate in ("right", "wrong") for one in inside), len(inside)),
        "offered": offered,
        "offered_with_the_right_one": offered_right,
        "offered_right_share": _share(offered_right, offered),
        "offered_out_of_scope": sum(
            isinstance(one.decision, Clarification) and bool(one.decision.options) for one in outside
        ),
        "asked_back": sum(one.fate == "asked_back" for one in asked),
        "handed_off": sum(one.fate == "handed_off" for one in asked),
        "handed_off_by_reason": dict(hand_offs(asked)),
        "small_talk": sum(one.fate == "small_talk" for one in asked),
        "right_at_90_precision": round(coverage, 4),
        "threshold_at_90_precision": None if threshold is None else round(threshold, 4),
        "calibration_error": round(calibration_error(confidence, right), 4),
        "calibration_error_interval": rounded(calibration_error_interval(confidence, right)),
        "elapsed_ms_median": round(float(np.median(elapsed)), 3),
        "elapsed_ms_p95": round(float(np.quantile(elapsed, 0.95)), 3),
    }
    for name, label in (("by_language", _language), ("by_style", _style)):
        if any(label(one) for one in asked):
            figures[name] = {
                group: group_figures([one for one in inside if label(one) == group], outside_of)
                for group, outside_of in _groups(asked, inside, outside, label)
            }
    return figures


def group_figures(inside: Sequence[Asked], outside: Sequence[Asked]) -> Figures:
    """What is told of a language or a style."""
    places = [one.place for one in inside]
    right, wrong = sum(one.fate == "right" for one in inside), sum(one.fate == "wrong" for one in [*inside, *outside])
    return {
        "questions": len(inside),
        "out_of_scope": len(outside),
        "recall_at_1": round(recall_at(places, 1), 4) if inside else None,
        "recall_at_3": round(recall_at(places, 3), 4) if inside else None,
        "answered_right": right,
        "answered_wrong": wrong,
        "answer_precision": _share(right, right + wrong),
        "answered_share_in_scope": _share(sum(one.fate in ("right", "wrong") for one in inside), len(inside)),
    }


def hand_offs(asked: Sequence[Asked]) -> Counter[str]:
    """How many went to a human for which reason."""
    return Counter(one.decision.reason for one in asked if one.fate == "handed_off")


def confidences(asked: Sequence[Asked]) -> Floats:
    """The probability of each, in order."""
    return np.array([one.confidence for one in asked], np.float64)


def first_is_right(asked: Sequence[Asked]) -> Flags:
    """Whether the first candidate of each is the expected article; never out of scope."""
    return np.array([one.place == 0 for one in asked], bool)


def share_of(figures: Figures, name: str) -> float | None:
    """A figure that is a share; None where it is missing."""
    value = figures.get(name)
    return float(value) if isinstance(value, int | float) else None


def interval_of(figures: Figures, name: str) -> tuple[float, float] | None:
    """The interval that belongs to a figure."""
    value = figures.get(f"{name}_interval")
    return (value[0], value[1]) if isinstance(value, list) else None


def rounded(interval: tuple[float, float] | None) -> list[float] | None:
    """An interval as files and tables show it."""
    return None if interval is None else [round(bound, 4) for bound in interval]


def _groups(
    asked: Sequence[Asked], inside: Sequence[Asked], outside: Sequence[Asked], label: Callable[[Asked], str | None]
) -> list[tuple[str, list[Asked]]]:
    names = sorted({name for one in asked if (name := label(one))})
    return [(name, [one for one in outside if label(one) == name]) for name in names]


def _language(one: Asked) -> str | None:
    return one.question.language


def _style(one: Asked) -> str | None:
    return one.question.style


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
