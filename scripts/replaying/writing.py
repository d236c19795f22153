"""A replay as lines for operators and as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.replaying.judging import VERDICTS, Change, Outcome, Replayed, Verdict
from scripts.replaying.questions import Asked

_SHOWN = 160  # characters of a question
_HEADINGS: dict[Verdict, str] = {"worse": "更差 (worse)", "look": "待看 (to be looked at)", "better": "更好 (better)"}
_KINDS = {"answer": "回答", "clarify": "追问", "handoff": "转人工", "smalltalk": "寒暄"}

HOW = (
    "每个问题带着当时对话里的上一个问题和选项重放；当时已经说过、被否定过的文章不算，没答上的次数从零数起。"
    "有评价、客户选过、客服或编辑答过的，按那个判断；其余的待看。"
)


def summary(found: Replayed) -> str:
    """“37 条变化：29 更好，3 更差，5 待看”."""
    better, worse, look = (len(found.of(verdict)) for verdict in ("better", "worse", "look"))
    return f"{len(found.changes)} 条变化：{better} 更好，{worse} 更差，{look} 待看"


def as_text(found: Replayed, days: float, before: str, after: str) -> Iterator[str]:
    """Everything that changes, the worse first."""
    yield f"最近 {days:g} 天的 {found.asked} 个问题（{found.distinct} 种），{before} → {after}"
    yield HOW
    better, worse, look = (len(found.of(verdict)) for verdict in ("better", "worse", "look"))
    yield f"{summary(found)}  ({better} better, {worse} worse, {look} to be looked at)"
    if found.reworded:
        yield f"另有 {found.reworded} 种问题还是同一篇回答，但文字改了  (same article, other words)"
    for verdict in VERDICTS:
        changes = found.of(verdict)
        if changes:
            yield ""
            yield _HEADINGS[verdict]
            yield from (f"  {_line(change)}" for change in changes)


def as_json(found: Replayed, days: float, before: str, after: str) -> dict[str, object]:
    """The same for programs."""
    return {
        "days": days,
        "before": before,
        "after": after,
        "asked": found.asked,
        "distinct": found.distinct,
        "changes": len(found.changes),
        "better": len(found.of("better")),
        "worse": len(found.of("worse")),
        "to_be_looked_at": len(found.of("look")),
        "reworded": found.reworded,
        "list": [
            {
                "verdict": change.verdict,
                "text": change.asked.text,
                "times": change.asked.times,
                "previous_question": change.asked.turn.previous_question or None,
                "right": change.asked.label.article_id if change.asked.label else None,
                "known": known(change.asked),
                "before": _outcome(change.before),
                "after": _outcome(change.after),
            }
            for change in found.changes
        ],
    }


def known(asked: Asked) -> str | None:
    """What is known of a question; None: nothing."""
    label = asked.label
    if label is None:
        return None
    if label.article_id is not None:
        return f"对的是 {label.article_id}"
    return "没有文章能答" if label.is_nobodys else f"不是 {'、'.join(label.wrong_ids)}"


def told(outcome: Outcome) -> str:
    """An outcome in a few words."""
    if outcome.options:
        return f"给选项 {'、'.join(outcome.options[:3])} {outcome.confidence:.2f}"
    parts = (_KINDS[outcome.kind], outcome.article_id, f"{outcome.confidence:.2f}")
    return " ".join(part for part in parts if part)


def _line(change: Change) -> str:
    text = change.asked.text
    short = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
    hint = known(change.asked)
    after = f"（接着“{change.asked.turn.previous_question[:_SHOWN]}”）" if change.asked.turn.previous_question else ""
    note = f"  [{hint}]" if hint else ""
    return f"×{change.asked.times:<3} “{short}”{after}  {told(change.before)} → {told(change.after)}{note}"


def _outcome(outcome: Outcome) -> dict[str, object]:
    return {
        "decision": outcome.kind,
        "reason": outcome.reason,
        "confidence": round(outcome.confidence, 4),
        "article_id": outcome.article_id,
        "options": list(outcome.options),
    }
