"""A thank-you wants no answer; 好的 wants one where the agent had asked something."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
import pytest

from router.conversations.owing import wants_a_word
from router.conversations.records import Conversation

_NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def _row(**known: Any) -> Conversation:
    fields: dict[str, Any] = dict.fromkeys(Conversation.__struct_fields__)
    fields |= {"id": UUID(int=1), "state": "human", "last_kind": "agent", "last_text": "已经帮您处理好了。"}
    return msgspec.structs.replace(Conversation(**fields), **known)


@pytest.mark.parametrize("text", ["谢谢", "好的谢谢", "拜拜", "👍", "好的", "收到"])
def test_the_end_of_a_talk_wants_no_answer(text: str) -> None:
    assert not wants_a_word(_row(), text)


@pytest.mark.parametrize("text", ["还是不行", "在吗", "企业版", "好的，但是还是不行"])
def test_everything_else_does(text: str) -> None:
    assert wants_a_word(_row(), text)


def test_a_yes_to_the_agents_question_does() -> None:
    assert wants_a_word(_row(last_text="您用的是企业版吗？"), "好的")


def test_thanks_do_not_pay_what_was_owed_before() -> None:
    assert wants_a_word(_row(last_kind="customer", unanswered_since=_NOW), "谢谢")
    assert wants_a_word(_row(state="waiting"), "谢谢")
