"""What made-up people say: a few thousand Chinese sentences of ten shapes, some of them far more often than others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, product
from random import Random

from router.search.words import words_of

_THINGS = (
    "任务", "甘特图", "看板", "迭代", "报表", "工时", "文件", "审批", "自定义字段", "角色权限", "项目成员", "登录账号",
    "消息通知", "手机端", "开放接口", "私有化部署", "需求池", "缺陷单", "里程碑", "工作流", "知识库", "日历视图",
    "子任务", "优先级", "负责人", "截止日期", "附件", "评论", "标签", "筛选器",
)  # fmt: skip
_ASKED = (
    "{}怎么导出成表格？", "项目里的{}打不开，一直在转圈。", "请问{}可以批量修改吗？", "{}昨天还是好的，今天不见了。",
    "我们想给{}加一个提醒。", "{}的权限在哪里设置？", "导入{}的时候提示格式不对。", "{}能不能按部门分开看？",
    "升级以后{}变慢了。", "删掉的{}还能恢复吗？",
)  # fmt: skip
_SAID = (
    "您好，{}请在项目设置里打开，保存以后刷新页面。", "这个要管理员开通{}的权限，开好以后重新登录一次。",
    "{}导出时先选好时间范围，再点生成文件。", "我看了一下，{}的数据都在，换一个视图就能看到。",
    "{}在回收站里保留三十天，可以自己恢复。", "已经把{}的问题转给研发同事，有进展在这里告诉您。",
    "请发一张{}的截图，我帮您看看。", "{}支持批量修改，选中以后点右上角的更多。",
)  # fmt: skip
_SMALL = ("好的，谢谢。", "可以了，多谢您。", "我试试看。", "还是不行。", "稍等，我截个图。", "明白了，麻烦您了。")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text, and the words that it is found by, quoted as a ``tsvector`` has them."""

    text: str
    words: frozenset[str]


def questions() -> list[str]:
    """Everything that a customer may ask first."""
    return [*(shape.format(thing) for thing, shape in product(_THINGS, _ASKED)), *_SMALL]


class Sentences:
    """Chooses by chance, the first things far oftener than the last."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._asked = _made(_ASKED)
        self._said = _made(_SAID)
        self._small = [_sentence(text) for text in _SMALL]
        self._weights = {len(each): _weights(len(each)) for each in (self._asked, self._said, self._small)}

    def asked(self) -> Sentence:
        return self._one(self._asked if self._chance.random() < 0.75 else self._small)

    def said(self) -> Sentence:
        return self._one(self._said)

    def _one(self, sentences: Sequence[Sentence]) -> Sentence:
        return self._chance.choices(sentences, cum_weights=self._weights[len(sentences)])[0]


def _made(shapes: Sequence[str]) -> list[Sentence]:
    return [_sentence(shape.format(thing)) for thing, shape in product(_THINGS, shapes)]


def _sentence(text: str) -> Sentence:
    return Sentence(text, frozenset(f"'{word}'" for word in words_of([text])))


def _weights(count: int) -> list[float]:
    """Zipf's: the n-th is chosen 1 / (n + 5) as often."""
    return list(accumulate(1 / (place + 5) for place in range(count)))
