"""The title of a ticket where nobody has said what it is about."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
import pytest

from router.conversations.records import Conversation
from router.tickets.tickets import untitled


def _row(**known: Any) -> Conversation:
    fields: dict[str, Any] = dict.fromkeys(Conversation.__struct_fields__)
    return msgspec.structs.replace(Conversation(**fields | {"id": UUID(int=1), "state": "human"}), **known)


@pytest.mark.parametrize(
    ("locale", "title"),
    [
        ("zh-CN", "未写明的问题"),
        ("zh-TW", "未寫明的問題"),
        ("en-GB", "Request"),
        ("ja", "お問い合わせ"),
        (None, "未写明的问题"),
    ],
)
def test_without_words_it_says_so_in_the_customers_language(locale: str | None, title: str) -> None:
    assert untitled(_row(locale=locale), None) == title


def test_what_it_is_about_says_more() -> None:
    assert untitled(_row(locale="zh-CN"), "账号/登录") == "账号/登录"
    assert untitled(_row(locale="zh-CN", signals={"topic": "导出/图片"}), None) == "导出/图片"
