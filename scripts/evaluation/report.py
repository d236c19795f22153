"""The evaluation as a page for editors: what was asked, what became of it, and what to do about it; measures
nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.settings import BotSettings
from scripts.evaluation import report_confidence, report_groups, report_lists, report_messages
from scripts.evaluation.asking import FATES, Asked, Fate
from scripts.evaluation.charts import FATE_WORDS, fate_bar
from scripts.evaluation.findings import fates
from scripts.evaluation.html import (
    Both,
    Cell,
    Html,
    join,
    page,
    paragraph,
    percent,
    section,
    span,
    table,
    tag,
    text,
    words,
)
from scripts.evaluation.measuring import Figures, hand_offs, interval_of, share_of
from scripts.evaluation.messages import Read
from scripts.evaluation.trades import Trades

_REASONS = {
    "asked": Both("客户要人工", "asked for"),
    "emotion": Both("情绪激动", "anger"),
    "urgent": Both("紧急", "urgent"),
    "rule": Both("规定转人工", "a rule"),
    "low_confidence": Both("没有把握", "no guess"),
    "repeated_miss": Both("一再没答上", "repeated misses"),
}


@dataclass(frozen=True, slots=True)
class Material:
    """Everything the page tells about; `eager`: the questions asked again without a threshold."""

    inside: Sequence[Asked]
    outside: Sequence[Asked]
    eager: Sequence[Asked]
    messages: Sequence[Read]
    figures: Figures
    titles: Mapping[str, str]  # article id -> its question
    same: Mapping[str, str]  # article id -> the id shared with its translations
    settings: BotSettings
    encoder: str
    made_at: datetime


def report(given: Material) -> str:
    """The whole page."""
    parts = [_opening(given)]
    if given.inside:
        titles = report_lists.Titles(given.titles)
        parts += [
            _contents(bool(given.messages)),
            _search(given),
            _decisions(given),
            report_groups.section_of(given.inside, given.outside),
            report_confidence.confidence([*given.inside, *given.outside], given.figures),
            report_confidence.thresholds(Trades(given.eager), given.settings.answer_at),
            report_lists.confused(given.inside, given.same, titles),
            report_lists.weak(given.inside, given.same, titles),
            report_lists.wrong_and_missed(given.inside, given.outside, titles),
        ]
    if given.messages:
        parts.append(report_messages.section_of(given.messages, given.figures))
    return page(Both("回答质量报告", "How well the bot answers"), *parts)


def _opening(given: Material) -> Html:
    inside, outside = len(given.inside), len(given.outside)
    about = Both(
        f"{given.made_at:%Y-%m-%d %H:%M} UTC · 文章 {len(given.titles)} 篇 · 编码器 {given.encoder}",
        f"{given.made_at:%Y-%m-%d %H:%M} UTC · {len(given.titles)} articles · encoder {given.encoder}",
    )
    if not inside:
        return paragraph(about, "quiet")
    counted = fates([*given.inside, *given.outside])
    answered = counted["right"] + counted["wrong"]
    said_right = percent(counted["right"] / answered if answered else None)
    lead = Both(
        f"我们用 {inside} 个文章里有答案的问题和 {outside} 个没有答案的问题逐个问机器人，每个问题单独问。"
        f"它直接回答了 {answered} 个，其中 {said_right} 是对的；答错 {counted['wrong']} 个。",
        f"We asked the bot {inside} questions that an article answers and {outside} that none does, each by itself. "
        f"It answered {answered} of them, {said_right} rightly; {counted['wrong']} answers were wrong.",
    )
    return join(paragraph(lead, "lead"), paragraph(about, "quiet"))


def _contents(with_messages: bool) -> Html:
    entries = [
        ("search", Both("找得到吗", "Does it find the article?")),
        ("decisions", Both("说得对吗", "Does it say the right thing?")),
        ("groups", Both("谁的问题答得好", "For whom does it work?")),
        ("confidence", Both("它的把握可信吗", "Can its confidence be believed?")),
        ("thresholds", Both("调高调低会怎样", "What would another threshold do?")),
        ("confused", Both("最容易混的文章", "Articles taken for each other")),
        ("weak", Both("最该补的文章", "Articles to improve first")),
        ("lists", Both("答错的和没答上的问题", "Questions answered wrong or not at all")),
    ]
    if with_messages:
        entries.append(("messages", Both("语气、紧急程度和话题", "Emotion, urgency and topic")))
    items = [tag("li", tag("a", words(title), href=f"#{name}")) for name, title in entries]
    return tag("nav", tag("ul", *items), aria_label="目录 / Contents")


def _card(figure: str, title: Both, meaning: Both, cls: str = "") -> Html:
    return tag(
        "div", tag("strong", text(figure)), tag("b", words(title)), paragraph(meaning), cls=f"card {cls}".strip()
    )


def _search(given: Material) -> Html:
    figures = given.figures
    likely = span(interval_of(figures, "recall_at_1"))
    cards = [
        _card(
            percent(share_of(figures, "recall_at_1"), 1),
            Both("第一篇就对", "The first is right"),
            Both(
                f"recall@1：排在第一的文章正是该答的那篇。换一批同类问题，多半在 {likely} 之间。",
                f"recall@1: the article ranked first is the right one. Other questions of the kind: mostly {likely}.",
            ),
        ),
        _card(
            percent(share_of(figures, "recall_at_3"), 1),
            Both("前三篇里有", "Among the first three"),
            Both("recall@3：对的那篇在前三名里，可以作为选项给客户。", "recall@3: near enough to be offered."),
        ),
        _card(
            f"{share_of(figures, 'mrr'):.3f}",
            Both("平均名次（MRR）", "Mean reciprocal rank"),
            Both(
                "第一名算 1，第二名算 1/2，依此类推；越接近 1 越好。",
                "1 for the first place, 1/2 for the second, and so on; 1 is best.",
            ),
        ),
    ]
    if given.outside:
        cards.append(
            _card(
                percent(share_of(figures, "auroc"), 1),
                Both("分得清该不该答", "Tells what is not for it"),
                Both(
                    "AUROC：随便取一个该答的和一个不该答的问题，机器人对前者把握更大的机会。",
                    "AUROC: of one question in scope and one out of scope, how often it is surer of the former.",
                ),
            )
        )
    return section("search", Both("找得到吗", "Does it find the article?"), tag("div", *cards, cls="cards"))


def _decisions(given: Material) -> Html:
    inside, outside = _counts(given.inside), _counts(given.outside)
    total = len(given.inside)
    title = Both("文章里有答案的问题", "Questions that an article answers")
    parts: list[Html] = [
        tag("div", *_decision_cards(inside, outside, total), cls="cards"),
        tag("h3", words(title)),
        fate_bar(inside, title),
    ]
    rows: list[list[Cell]] = [[FATE_WORDS[fate], inside[fate], percent(inside[fate] / total, 1)] for fate in FATES]
    headers: list[Both] = [Both("结果", "outcome"), Both("该答的", "in scope"), Both("占比", "share")]
    if given.outside:
        title = Both("没有文章能答的问题（答了就算答错）", "Questions that nothing answers (any answer is wrong)")
        parts += [tag("h3", words(title)), fate_bar(outside, title)]
        headers += [Both("不该答的", "out of scope"), Both("占比", "share")]
        for row, fate in zip(rows, FATES, strict=True):
            row += [outside[fate], percent(outside[fate] / len(given.outside), 1)]
    tables = [table(Both("每种结果有多少", "How often each outcome"), headers, rows), _reasons(given)]
    parts.append(tag("details", tag("summary", words(Both("用表格看", "As a table"))), *tables))
    return section("decisions", Both("说得对吗", "Does it say the right thing?"), *parts)


def _reasons(given: Material) -> Html:
    inside, outside = hand_offs(given.inside), hand_offs(given.outside)
    rows: list[list[Cell]] = [
        [_REASONS.get(name, name), inside[name], outside[name]] for name, _ in (inside + outside).most_common()
    ]
    headers = [Both("原因", "reason"), Both("该答的", "in scope"), Both("不该答的", "out of scope")]
    return table(Both("为什么转人工", "Why humans were fetched"), headers, rows) if rows else join()


def _decision_cards(inside: Mapping[Fate, int], outside: Mapping[Fate, int], total: int) -> list[Html]:
    offered = inside["offered"] + inside["offered_without"]
    with_right = percent(inside["offered"] / offered if offered else None)
    return [
        _card(
            percent(inside["right"] / total),
            Both("直接答对", "Answered right"),
            Both(f"{total} 个该答的问题里有 {inside['right']} 个。", f"{inside['right']} of {total} in scope."),
            "good",
        ),
        _card(
            str(inside["wrong"] + outside["wrong"]),
            Both("答错（个）", "Answered wrong (count)"),
            Both(
                f"给错文章 {inside['wrong']} 个，不该答却答了 {outside['wrong']} 个。答错比转人工更伤客户。",
                f"{inside['wrong']} got the wrong article, {outside['wrong']} should not have been answered. A wrong "
                "answer costs more than a hand-off.",
            ),
            "bad",
        ),
        _card(
            percent(offered / total),
            Both("给出选项", "Offered options"),
            Both(
                f"“您问的是下面哪一个？”其中 {with_right} 有对的那篇。",
                f"“Which of these do you mean?” {with_right} of them hold the right one.",
            ),
        ),
        _card(
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
