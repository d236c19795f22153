"""The page's part on decisions: what became of the questions, and why humans were fetched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.records import Handoff
from scripts.evaluation.asking import FATES, Asked, Fate
from scripts.evaluation.charts import FATE_WORDS, fate_bar
from scripts.evaluation.findings import fates
from scripts.evaluation.html import Both, Cell, Html, card, join, percent, section, table, tag, words
from scripts.evaluation.measuring import hand_offs

_REASONS = {
    "asked": Both("客户要人工", "asked for"),
    "emotion": Both("情绪激动", "anger"),
    "urgent": Both("紧急", "urgent"),
    "rule": Both("规定转人工", "a rule"),
    "low_confidence": Both("没有把握", "no guess"),
    "repeated_miss": Both("一再没答上", "repeated misses"),
}


def outcome(one: Asked) -> Both:
    """What became of one question; a hand-off with its reason, since it is not the article's fault."""
    told = FATE_WORDS[one.fate]
    if not isinstance(one.decision, Handoff):
        return told
    reason = _REASONS[one.decision.reason]
    return Both(f"{told.zh}（{reason.zh}）", f"{told.en} ({reason.en})")


def section_of(asked_inside: Sequence[Asked], asked_outside: Sequence[Asked]) -> Html:
    """Cards, a bar for each kind of question, and the same as tables; `asked_inside` must not be empty."""
    inside, outside = _counts(asked_inside), _counts(asked_outside)
    total = len(asked_inside)
    title = Both("文章里有答案的问题", "Questions that an article answers")
    parts: list[Html] = [
        tag("div", *_decision_cards(inside, outside, total), cls="cards"),
        tag("h3", words(title)),
        fate_bar(inside, title),
    ]
    rows: list[list[Cell]] = [[FATE_WORDS[fate], inside[fate], percent(inside[fate] / total, 1)] for fate in FATES]
    headers: list[Both] = [Both("结果", "outcome"), Both("该答的", "in scope"), Both("占比", "share")]
    if asked_outside:
        title = Both("没有文章能答的问题（答了就算答错）", "Questions that nothing answers (any answer is wrong)")
        parts += [tag("h3", words(title)), fate_bar(outside, title)]
        headers += [Both("不该答的", "out of scope"), Both("占比", "share")]
        for row, fate in zip(rows, FATES, strict=True):
            row += [outside[fate], percent(outside[fate] / len(asked_outside), 1)]
    tables = [
        table(Both("每种结果有多少", "How often each outcome"), headers, rows),
        _reasons(asked_inside, asked_outside),
    ]
    parts.append(tag("details", tag("summary", words(Both("用表格看", "As a table"))), *tables))
    return section("decisions", Both("说得对吗", "Does it say the right thing?"), *parts)


def _reasons(asked_inside: Sequence[Asked], asked_outside: Sequence[Asked]) -> Html:
    inside, outside = hand_offs(asked_inside), hand_offs(asked_outside)
    rows: list[list[Cell]] = [
        [_REASONS.get(name, name), inside[name], outside[name]] for name, _ in (inside + outside).most_common()
    ]
    headers = [Both("原因", "reason"), Both("该答的", "in scope"), Both("不该答的", "out of scope")]
    return table(Both("为什么转人工", "Why humans were fetched"), headers, rows) if rows else join()


def _decision_cards(inside: Mapping[Fate, int], outside: Mapping[Fate, int], total: int) -> list[Html]:
    offered = inside["offered"] + inside["offered_without"]
    with_right = percent(inside["offered"] / offered if offered else None)
    return [
        card(
            percent(inside["right"] / total),
            Both("直接答对", "Answered right"),
            Both(f"{total} 个该答的问题里有 {inside['right']} 个。", f"{inside['right']} of {total} in scope."),
            "good",
        ),
        card(
            str(inside["wrong"] + outside["wrong"]),
            Both("答错（个）", "Answered wrong (count)"),
            Both(
                f"给错文章 {inside['wrong']} 个，不该答却答了 {outside['wrong']} 个。答错比转人工更伤客户。",
                f"{inside['wrong']} got the wrong article, {outside['wrong']} should not have been answered. A wrong "
                "answer costs more than a hand-off.",
            ),
            "bad",
        ),
        card(
            percent(offered / total),
            Both("给出选项", "Offered options"),
            Both(
                f"“您问的是下面哪一个？”其中 {with_right} 有对的那篇。",
                f"“Which of these do you mean?” {with_right} of them hold the right one.",
            ),
        ),
        card(
            percent(inside["handed_off"] / total),
            Both("转人工", "Handed to a human"),
            Both(
                f"另有 {inside['asked_back']} 个请客户再说清楚。",
                f"{inside['asked_back']} more were asked to say it in other words.",
            ),
        ),
    ]


def _counts(asked: Sequence[Asked]) -> dict[Fate, int]:
    counted = fates(asked)
    return {fate: counted[fate] for fate in FATES}
