"""Variables of canned replies: {客户姓名} and the others, filled in once and literally; unknown and empty ones stay as
they are, for the agent to see."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_VARIABLE = re.compile(r"\{([^{}\n]{1,30})\}")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2066-\u2069]+")
_LONGEST = 100  # characters of a value

#: Every name of a variable, Chinese and English, and what it stands for.
NAMES: Mapping[str, str] = {
    "客户姓名": "customer", "客户": "customer", "customer_name": "customer", "customer": "customer",
    "客服姓名": "agent", "客服": "agent", "agent_name": "agent", "agent": "agent",
    "工号": "staff_number", "staff_number": "staff_number",
    "公司": "company", "company": "company",
    "工单号": "ticket", "ticket": "ticket",
    "问题": "question", "question": "question",
    "今天": "today", "日期": "today", "today": "today", "date": "today",
    "上午": "part_of_day", "时段": "part_of_day", "part_of_day": "part_of_day",
    "服务时间": "hours", "hours": "hours",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filled:
    """The words to insert, and the variables that nothing is known for, in their order."""

    text: str
    missing: tuple[str, ...]


def fill(body: str, values: Mapping[str, str | None]) -> Filled:
    """Puts values (by what they stand for) in the places of their names. A value is a value: braces, line breaks and
    invisible marks in it mean nothing."""
    missing: list[str] = []

    def put(match: re.Match[str]) -> str:
        known = values.get(NAMES.get(match[1].strip().lower(), ""))
        if known is None or not known.strip():
            missing.append(match[0])
            return match[0]
        return _UNSEEN.sub(" ", known).strip()[:_LONGEST]

    text = _VARIABLE.sub(put, body)
    return Filled(text, tuple(dict.fromkeys(missing)))


def unknown_in(body: str) -> tuple[str, ...]:
    """The variables of a text that no conversation will ever fill: misspelt ones, for whoever writes the reply."""
    names = (match[1].strip() for match in _VARIABLE.finditer(body))
    return tuple(dict.fromkeys(name for name in names if name.lower() not in NAMES))
