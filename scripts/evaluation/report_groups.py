"""The page's part on languages and styles: for whom the bot works and for whom less."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from scripts.evaluation.asking import Asked
from scripts.evaluation.html import Both, Cell, Html, Words, paragraph, percent, section, table
from scripts.evaluation.measuring import group_figures, share_of

_FEW = 30
_LANGUAGES = {
    "zh-CN": Both("简体中文", "Simplified Chinese"),
    "zh-TW": Both("繁体中文", "Traditional Chinese"),
    "en": Both("英语", "English"),
    "ja": Both("日语", "Japanese"),
    "es": Both("西班牙语", "Spanish"),
}
#: The styles of `questions/`; others are shown as the file names them.
_STYLES = {
    "plain": "平实",
    "hurried": "赶时间",
    "technical": "技术口吻",
    "longwinded": "说得很长",
    "typo": "错别字",
    "pinyin": "拼音",
    "fullwidth": "全角、无标点",
    "colloquial": "口语",
    "mixed": "中英夹杂",
    "traditional": "繁体",
    "symptom": "只说现象",
    "product_name": "带产品全名",
    "story": "讲经过",
    "keywords": "关键词",
    "code": "错误代码",
    "foreign": "外语",
}

_SHARES = ("recall_at_1", "recall_at_3", "answered_share_in_scope", "answer_precision")
_HEADERS = (
    Both("问题", "questions"),
    Both("第一篇就对", "first is right"),
    Both("前三篇里有", "in first three"),
    Both("直接回答", "answered"),
    Both("回答里对的", "answers right"),
    Both("答错（个）", "wrong (count)"),
)


def section_of(inside: Sequence[Asked], outside: Sequence[Asked]) -> Html:
    """A table for languages and one for styles, where the question files name them."""
    title = Both("谁的问题答得好", "For whom does it work?")
    languages = _rows(inside, outside, lambda one: one.question.language, _language)
    styles = _rows(inside, outside, lambda one: one.question.style, _style)
    if not languages and not styles:
        told = Both("问题文件没有标语言或说法。", "The question files name neither language nor style.")
        return section("groups", title, paragraph(told))
    hint = Both(
        f"少于 {_FEW} 个问题的行只供参考，多一个少一个问题比例就会跳。",
        f"Rows with fewer than {_FEW} questions are a hint only: one question more or less moves them.",
    )
    parts = [
        table(caption, [Both("分组", "group"), *_HEADERS], rows)
        for caption, rows in ((Both("按语言", "By language"), languages), (Both("按说法", "By style"), styles))
        if rows
    ]
    return section("groups", title, paragraph(hint, "quiet"), *parts)


def _rows(
    inside: Sequence[Asked],
    outside: Sequence[Asked],
    group_of: Callable[[Asked], str | None],
    name: Callable[[str], Words],
) -> list[list[Cell]]:
    groups = Counter(group for one in [*inside, *outside] if (group := group_of(one)))
    rows: list[list[Cell]] = []
    for group, count in groups.most_common():
        found = group_figures(
            [one for one in inside if group_of(one) == group], [one for one in outside if group_of(one) == group]
        )
        shares = [percent(share_of(found, key)) for key in _SHARES]
        rows.append([name(group), count, *shares, int(share_of(found, "answered_wrong") or 0)])
    return rows


def _language(group: str) -> Words:
    return _LANGUAGES.get(group, group)


def _style(group: str) -> Words:
    return Both(_STYLES[group], group) if group in _STYLES else group
