"""Asked questions made by hand, for the tests of what is told about them."""

from __future__ import annotations

from bot.records import Analysis, Answer, Clarification, Decision, Handoff, Option, SmallTalk, Source
from kb_index.records import Article, Candidate
from scripts.evaluation.asking import Asked, fate
from scripts.evaluation.files import Question


def article(name: str, *, answer_at: float | None = None) -> Article:
    return Article(id=name, question=f"怎么{name}", answer="点它。", answer_at=answer_at)


def asked(
    text: str,
    expected: str | None,
    found: list[str],
    confidence: float,
    decision: str = "answer",
    *,
    style: str | None = None,
    language: str | None = None,
    answer_at: float | None = None,
) -> Asked:
    """`found`: the candidates in order; an answer gives the first, options are all of them."""
    candidates = tuple(Candidate(article(name, answer_at=answer_at), 0.9, 0.5, 1.0, 1.0, 4, "怎么") for name in found)
    analysis = Analysis(
        confidence=confidence, candidates=candidates, language="zh-CN", emotion="neutral", urgency="normal",
        wants_human=False, question=text, index_version=1, elapsed_ms=1.0,
    )  # fmt: skip
    made: Decision
    if decision == "answer":
        sources = (Source(found[0], f"怎么{found[0]}", confidence),)
        made = Answer(text="点它。", analysis=analysis, reason="confident", sources=sources)
    elif decision in ("offer", "ask"):
        options = tuple(Option(name, f"怎么{name}") for name in found) if decision == "offer" else ()
        made = Clarification(text="哪一个？", analysis=analysis, reason="unsure", options=options)
    elif decision == "handoff":
        made = Handoff(text="好的", analysis=analysis, reason="asked")
    else:
        made = SmallTalk(text="您好", analysis=analysis, reason="greeting")
    question = Question(text, expected, style, language)
    place = found.index(expected) if expected in found else None
    return Asked(question, made, 2.0, place, fate(made, expected, {}))
