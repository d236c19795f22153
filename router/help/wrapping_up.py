"""What a conversation's wrap-up probably says: category, cause and tags, each only where the log makes it likely."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from router.help.summary import Summary

#: The usual cause by both levels, then by the first; as `causes.ts` in the console names them.
_CAUSES: Mapping[str, str] = {
    "使用问题/角色与权限": "setting",
    "使用问题/成员与组织": "setting",
    "使用问题/私有化部署": "setting",
    "故障/角色与权限": "setting",
    "故障/访问慢或打不开": "network",
    "建议与投诉/功能建议": "wish",
    "使用问题": "how_to",
    "故障": "defect",
    "账单": "billing",
    "售前": "other",
}
_SURE_OF_CAUSE = 0.5
_MOST_TAGS = 3
#: A code as it is written: ERR_5021, E1003, 502.
_CODE = re.compile(r"[A-Za-z]+[-_]?\d{2,}\b|(?<!\d)\d{3,6}(?!\d)")


@dataclass(frozen=True, slots=True)
class WrapUpGuess:
    """None and empty where nothing can be told."""

    category: str | None
    cause: str | None
    tags: tuple[str, ...]


def guess(signals: Mapping[str, Any] | None, topic: str | None, summary: Summary) -> WrapUpGuess:
    """``signals`` are the conversation's, with the topic and its probability; ``topic`` what the customer chose."""
    known = signals or {}
    category = known.get("topic") or (topic if topic and "/" in topic else None)
    chance = float(known.get("topic_chance", 0.0)) if known.get("topic") else 1.0
    cause = None
    if category is not None and chance >= _SURE_OF_CAUSE:
        cause = _CAUSES.get(category) or _CAUSES.get(category.split("/")[0])
    tags = dict.fromkeys(code for error in summary.errors for code in _CODE.findall(error))
    return WrapUpGuess(category, cause, tuple(tags)[:_MOST_TAGS])
