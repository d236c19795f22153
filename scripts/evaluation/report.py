"""The evaluation as a page for editors: what was asked, what became of it, and what to do about it; measures
nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.settings import BotSettings
from scripts.evaluation import report_confidence, report_decisions, report_groups, report_lists, report_messages
from scripts.evaluation.asking import Asked
from scripts.evaluation.findings import fates
from scripts.evaluation.html import Both, Html, card, join, page, paragraph, percent, section, span, tag, words
from scripts.evaluation.measuring import Figures, interval_of, share_of
from scripts.evaluation.messages import Read
from scripts.evaluation.trades import Trades


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
            report_decisions.section_of(given.inside, given.outside),
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


def _search(given: Material) -> Html:
    figures = given.figures
    likely = span(interval_of(figures, "recall_at_1"))
    cards = [
        card(
            percent(share_of(figures, "recall_at_1"), 1),
            Both("第一篇就对", "The first is right"),
            Both(
                f"recall@1：排在第一的文章正是该答的那篇。换一批同类问题，多半在 {likely} 之间。",
                f"recall@1: the article ranked first is the right one. Other questions of the kind: mostly {likely}.",
            ),
        ),
        card(
            percent(share_of(figures, "recall_at_3"), 1),
            Both("前三篇里有", "Among the first three"),
            Both("recall@3：对的那篇在前三名里，可以作为选项给客户。", "recall@3: near enough to be offered."),
        ),
        card(
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
            card(
                percent(share_of(figures, "auroc"), 1),
                Both("分得清该不该答", "Tells what is not for it"),
                Both(
                    "AUROC：随便取一个该答的和一个不该答的问题，机器人对前者把握更大的机会。",
                    "AUROC: of one question in scope and one out of scope, how often it is surer of the former.",
                ),
            )
        )
    return section("search", Both("找得到吗", "Does it find the article?"), tag("div", *cards, cls="cards"))
