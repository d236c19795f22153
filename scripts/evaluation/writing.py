"""Figures and decisions as lines for people and programs; measures nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from bot.records import Decision
from scripts.evaluation.asking import kind_of
from scripts.evaluation.measuring import Figure
from scripts.evaluation.messages import topic_of

_DEPTH = 10


def decision_line(text: str, expected: str | None, decision: Decision, elapsed_ms: float) -> bytes:
    """One line of `--decisions`, without its end."""
    analysis = decision.analysis
    return msgspec.json.encode(
        {
            "text": text,
            "expected": expected,
            "decision": kind_of(decision),
            "reason": decision.reason,
            "confidence": round(analysis.confidence, 6),
            "candidates": [
                {"id": candidate.article.id, "score": round(candidate.rank_score, 6)}
                for candidate in analysis.candidates[:_DEPTH]
            ],
            "language": analysis.language,
            "emotion": analysis.emotion,
            "urgency": analysis.urgency,
            "topic": topic_of(analysis),
            "wants_human": analysis.wants_human,
            "elapsed_ms": round(elapsed_ms, 3),
        }
    )


def lines_of(figures: Mapping[str, Figure]) -> Iterator[str]:
    """Name and value a line, groups below each other."""
    flat = list(_flat(figures, ""))
    width = max(len(name) for name, _ in flat)
    for name, value in flat:
        yield f"{name:<{width}}  {value}"


def _flat(figures: Mapping[str, Figure], before: str) -> Iterator[tuple[str, str]]:
    for name, value in figures.items():
        if isinstance(value, dict) and any(isinstance(inner, dict) for inner in value.values()):
            yield from _flat(value, f"{before}{name}.")
        elif isinstance(value, dict):
            yield f"{before}{name}", "  ".join(f"{inner} {_shown(one)}" for inner, one in value.items())
        else:
            yield f"{before}{name}", _shown(value)


def _shown(value: Figure) -> str:
    if value is None:
        return "-"
    return " – ".join(map(str, value)) if isinstance(value, list) else str(value)
