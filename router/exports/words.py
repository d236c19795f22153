"""What workbooks call things, in Chinese and English; a name that is not here stands for itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Locale = Literal["zh-CN", "en"]
Both = tuple[str, str]

NAMES: Mapping[str, Mapping[str, Both]] = {
    "state": {
        "bot": ("机器人接待", "bot"),
        "waiting": ("排队", "waiting"),
        "human": ("人工接待", "human"),
        "closed": ("已结束", "closed"),
    },
    "ticket": {
        "new": ("待处理", "new"),
        "open": ("处理中", "open"),
        "waiting_customer": ("待客户", "waiting for customer"),
        "waiting_development": ("待研发", "waiting for development"),
        "waiting_release": ("待发布", "waiting for release"),
        "solved": ("已解决", "solved"),
        "closed": ("已关闭", "closed"),
    },
    "task": {"open": ("待办", "open"), "done": ("已完成", "done"), "cancelled": ("已取消", "cancelled")},
    "task_kind": {
        "follow_up": ("跟进", "follow-up"),
        "visit": ("回访", "visit"),
        "call_back": ("回电", "call back"),
        "other": ("其他", "other"),
    },
    "promise": {
        "proposed": ("待确认", "proposed"),
        "open": ("进行中", "open"),
        "kept": ("已兑现", "kept"),
        "dismissed": ("已取消", "dismissed"),
    },
    "block": {
        "proposed": ("待审批", "proposed"),
        "approved": ("已批准", "approved"),
        "refused": ("已拒绝", "refused"),
        "lifted": ("已解除", "lifted"),
    },
    "reason": {
        "asked": ("主动要求人工", "asked"),
        "low_confidence": ("没把握", "not sure"),
        "repeated_miss": ("两次没答上", "missed twice"),
        "emotion": ("情绪激动", "emotion"),
        "urgent": ("紧急", "urgent"),
        "rule": ("规则", "rule"),
        "other": ("其他原因", "other"),
    },
    "outcome": {
        "article": ("已有文章", "article"),
        "nobodys": ("不归知识库", "nobody's"),
        "dismissed": ("不处理", "dismissed"),
        "reached": ("已联系上", "reached"),
        "not_reached": ("没有联系上", "not reached"),
        "solved": ("已解决", "solved"),
        "wants_more": ("还需跟进", "wants more"),
        "other": ("其他", "other"),
    },
    "tier": {
        "free": ("免费版", "free"),
        "standard": ("标准版", "standard"),
        "enterprise": ("企业版", "enterprise"),
        "strategic": ("战略客户", "strategic"),
    },
    "hosting": {"cloud": ("云服务", "cloud"), "private": ("私有化", "private")},
}

NOTE: Mapping[str, Both] = {
    "sheet": ("说明", "About"),
    "what": ("内容", "What"),
    "value": ("值", "Value"),
    "list": ("列表", "List"),
    "rows": ("行数", "Rows"),
    "made_at": ("导出时间", "Exported at"),
    "made_by": ("导出人", "Exported by"),
    "timezone": ("时间所用时区", "Times are in"),
    "cut": (
        "只导出了前 {rows} 行，后面还有。请缩小筛选范围再导出。",
        "Only the first {rows} rows were exported, there are more. Narrow the list down and export again.",
    ),
    "note": ("注意", "Note"),
    "period": ("时间范围", "Period"),
    "before": ("对比", "Compared with"),
}


def said(both: Both, locale: Locale) -> str:
    return both[0] if locale == "zh-CN" else both[1]


def named(kind: str, name: str | None, locale: Locale) -> str | None:
    """The word for a name of the wire."""
    if name is None:
        return None
    both = NAMES[kind].get(name)
    return name if both is None else said(both, locale)
