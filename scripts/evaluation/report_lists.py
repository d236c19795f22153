"""The page's lists of articles and questions, with what editors can do about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from scripts.evaluation.asking import Asked
from scripts.evaluation.findings import answered_wrong, confusions, unanswered, weak_articles
from scripts.evaluation.html import Both, Cell, Html, join, paragraph, percent, quoted, section, table, tag, text, words
from scripts.evaluation.report_decisions import outcome

_PAIRS, _ARTICLES, _QUESTIONS = 20, 20, 40


@dataclass(frozen=True, slots=True)
class Titles:
    """What articles are called; an unknown one by its id."""

    by_id: Mapping[str, str]

    def of(self, article_id: str | None) -> Html:
        """The article's question and, small, its id."""
        if article_id is None:
            return text("–")
        title = self.by_id.get(article_id)
        small = tag("span", text(article_id), cls="quiet")
        return small if title is None else join(quoted(title), text(" "), small)


def confused(inside: Sequence[Asked], same: Mapping[str, str], titles: Titles) -> Html:
    """Pairs of articles taken for each other."""
    found = confusions(inside, same)
    rows: list[list[Cell]] = [
        [titles.of(one.wanted), titles.of(one.found), one.count, one.back, one.answered, _examples(one.examples)]
        for one in found[:_PAIRS]
    ]
    headers = [
        Both("问的是", "asked about"),
        Both("找到的却是", "found instead"),
        Both("次数", "times"),
        Both("反过来", "reversed"),
        Both("其中答错", "answered wrong"),
        Both("例子", "examples"),
    ]
    advice = Both(
        "只出现一次的可能是偶然。两篇总是互相抢，就把标准问法改得更有区别，各补一条客户原话；其实是一件事，就合成一篇。",
        "Once may be chance. Make their questions easier to tell apart, give each a wording of customers or join them.",
    )
    return _list("confused", Both("最容易混的文章", "Articles taken for each other"), advice, headers, rows, len(found))


def weak(inside: Sequence[Asked], same: Mapping[str, str], titles: Titles) -> Html:
    """Articles whose questions do not find them."""
    found = weak_articles(inside, same)
    rows: list[list[Cell]] = [
        [
            titles.of(one.article_id),
            one.questions,
            percent(one.found_first / one.questions),
            percent(one.answered_right / one.questions),
            _examples(one.examples),
        ]
        for one in found[:_ARTICLES]
    ]
    headers = [
        Both("文章", "article"), Both("问题", "questions"), Both("第一篇就对", "found first"),
        Both("直接答对", "answered right"), Both("没找到它的问法", "questions that did not find it"),
    ]  # fmt: skip
    advice = Both(
        "补问法时用客户会说的话；不要把下面的原句抄进去，否则下次打分就不算数了。",
        "Add wordings that customers would use; copying these very questions makes the next measurement worthless.",
    )
    return _list("weak", Both("最该补的文章", "Articles to improve first"), advice, headers, rows, len(found))


def wrong_and_missed(inside: Sequence[Asked], outside: Sequence[Asked], titles: Titles) -> Html:
    """Questions answered wrong, answered although nothing answers them, and not answered."""
    parts = [
        _questions(
            Both("答错了（最有把握的在前）", "Answered with the wrong article (the surest first)"),
            answered_wrong(inside),
            [Both("说成了", "answered with"), Both("该答", "right article")],
            lambda one: [titles.of(one.given), titles.of(one.question.expected)],
        ),
        _questions(
            Both("不该答却答了", "Answered although no article does"),
            answered_wrong(outside),
            [Both("说成了", "answered with")],
            lambda one: [titles.of(one.given)],
        ),
        _questions(
            Both("该答却没答上（最没把握的在前）", "In scope but not answered (the least sure first)"),
            unanswered(inside),
            [Both("做了什么", "outcome"), Both("该答", "right article"), Both("先找到的", "found first")],
            lambda one: [outcome(one), titles.of(one.question.expected), titles.of(one.first)],
        ),
    ]
    return section("lists", Both("答错的和没答上的问题", "Questions answered wrong or not at all"), *parts)


def _questions(
    title: Both, asked: Sequence[Asked], headers: Sequence[Both], cells: Callable[[Asked], list[Cell]]
) -> Html:
    heading = tag("h3", words(Both(f"{title.zh}：{len(asked)} 个", f"{title.en}: {len(asked)}")))
    if not asked:
        return join(heading, paragraph(Both("没有。", "None.")))
    rows = [[quoted(one.question.text), percent(one.confidence), *cells(one)] for one in asked[:_QUESTIONS]]
    shown = table(title, [Both("问题", "question"), Both("把握", "confidence"), *headers], rows, "wide")
    return join(heading, shown, _rest(len(asked), _QUESTIONS))


def _list(
    name: str, title: Both, advice: Both, headers: Sequence[Both], rows: Sequence[Sequence[Cell]], count: int
) -> Html:
    if not rows:
        return section(name, title, paragraph(Both("没有，很好。", "None; well done.")))
    return section(
        name, title, paragraph(advice, "quiet"), table(title, headers, rows, "wide"), _rest(count, len(rows))
    )


def _rest(count: int, shown: int) -> Html:
    if count <= shown:
        return join()
    more = count - shown
    return paragraph(
        Both(f"另有 {more} 条，用 --decisions 可以得到全部。", f"{more} more; --decisions writes them all."), "quiet"
    )


def _examples(texts: Sequence[str]) -> Html:
    return tag("ul", *(tag("li", quoted(one)) for one in texts), cls="examples")
