"""A replay as a page for editors: what gets better, what gets worse, and what somebody should look at."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from router.learning.lessons import Label
from scripts.evaluation.html import (
    Both,
    Cell,
    Html,
    card,
    join,
    page,
    paragraph,
    quoted,
    section,
    table,
    tag,
    text,
    words,
)
from scripts.evaluation.report_lists import Titles
from scripts.replaying.judging import Change, Outcome, Replayed, Verdict
from scripts.replaying.writing import HOW

_HOW_EN = (
    "Each question was replayed with the question before it and the options of that time; articles already said or "
    "turned down are left out, and misses count from zero. Ratings, options taken and the answers of agents and "
    "editors decide what is better; the rest is to be looked at."
)
_PARTS: tuple[tuple[Verdict, Both, Both], ...] = (
    ("worse", Both("更差", "Worse"), Both("发布前先看这些。", "Look at these before publishing.")),
    (
        "look",
        Both("待看", "To be looked at"),
        Both(
            "没有人评价过，程序不敢说好坏；问得多的在前。",
            "Nobody has said anything about these; the most frequent first.",
        ),
    ),
    ("better", Both("更好", "Better"), Both("改动的收获。", "What the change is good for.")),
)
_OFFERS = Both("给选项", "offers")
_KINDS = {
    "answer": Both("回答", "answers"),
    "clarify": Both("追问", "asks back"),
    "handoff": Both("转人工", "hands off"),
    "smalltalk": Both("寒暄", "small talk"),
}


def report(found: Replayed, days: float, before: str, after: str, titles: Mapping[str, str], made_at: datetime) -> str:
    """The whole page; it holds customers' words, so it goes to nobody who may not read conversations."""
    names = Titles(titles)
    counts = {verdict: len(found.of(verdict)) for verdict, _, _ in _PARTS}
    lead = Both(
        f"{len(found.changes)} 条变化：{counts['better']} 更好，{counts['worse']} 更差，{counts['look']} 待看",
        f"{len(found.changes)} changes: {counts['better']} better, {counts['worse']} worse, "
        f"{counts['look']} to be looked at",
    )
    made, change = f"{made_at:%Y-%m-%d %H:%M} UTC", f"{before} → {after}"
    about = Both(
        f"{made} · 最近 {days:g} 天的 {found.asked} 个问题（{found.distinct} 种）· {change}",
        f"{made} · {found.asked} questions ({found.distinct} different ones) of the last {days:g} days · {change}",
    )
    cards = [
        card(str(counts[verdict]), title, meaning, {"worse": "bad", "better": "good"}.get(verdict, ""))
        for verdict, title, meaning in _PARTS
    ]
    reworded = Both(
        f"另有 {found.reworded} 种问题还是同一篇回答，但文字改了。",
        f"{found.reworded} more questions get the same article in other words.",
    )
    return page(
        Both("发布前回放", "Replay before publishing"),
        paragraph(lead, "lead"),
        paragraph(about, "quiet"),
        tag("div", *cards, cls="cards"),
        paragraph(reworded, "quiet") if found.reworded else join(),
        paragraph(Both(HOW, _HOW_EN), "quiet"),
        paragraph(Both("这一页有客户的原话，请当作会话记录保管。", "This page holds customers' words."), "quiet"),
        *(_part(found.of(verdict), verdict, title, names) for verdict, title, _ in _PARTS),
    )


def _part(changes: list[Change], verdict: str, title: Both, titles: Titles) -> Html:
    if not changes:
        return section(verdict, title, paragraph(Both("没有。", "None.")))
    rows: list[list[Cell]] = [
        [
            _question(change),
            change.asked.times,
            _outcome(change.before, titles),
            _outcome(change.after, titles),
            _known(change.asked.label, titles),
        ]
        for change in changes
    ]
    headers = [
        Both("问题", "question"),
        Both("次数", "times"),
        Both("现在", "now"),
        Both("改后", "then"),
        Both("已知", "what is known"),
    ]
    return section(verdict, title, table(title, headers, rows, "wide"))


def _question(change: Change) -> Html:
    before = change.asked.turn.previous_question
    if not before:
        return quoted(change.asked.text)
    lead = tag("span", words(Both("接着：", "after: ")), quoted(before), cls="quiet")
    return join(quoted(change.asked.text), tag("br"), lead)


def _known(label: Label | None, titles: Titles) -> Cell:
    if label is None:
        return Both("无人评价", "nothing known")
    if label.is_nobodys:
        return Both("没有文章能答", "no article answers it")
    if label.article_id is not None:
        return tag("div", words(Both("对的是：", "right: ")), titles.of(label.article_id))
    wrong = [tag("li", titles.of(article_id)) for article_id in label.wrong_ids]
    return tag("div", words(Both("不是：", "not: ")), tag("ul", *wrong, cls="examples"))


def _outcome(outcome: Outcome, titles: Titles) -> Html:
    shown = [words(_OFFERS if outcome.options else _KINDS[outcome.kind]), text(f" {outcome.confidence:.0%} ")]
    if outcome.article_id is not None:
        shown.append(titles.of(outcome.article_id))
    elif outcome.options:
        items = [tag("li", titles.of(option)) for option in outcome.options]
        shown.append(tag("ul", *items, cls="examples"))
    return tag("div", *shown)
