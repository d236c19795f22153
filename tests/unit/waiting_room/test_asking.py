"""Who asks how long it takes is told; who asks about the product is not taken for one of them."""

from __future__ import annotations

import pytest

from router.waiting_room.asking import asks_place


@pytest.mark.parametrize(
    "text",
    [
        "还要等多久？",
        "请问还要多久",
        "前面还有几个人",
        "大概多久能轮到我",
        "排到哪了",
        "怎么还没人",
        "客服呢？",
        "還要等多久",
        "How much longer?",
        "how long do I have to wait",
        "How many people are ahead of me?",
        "あとどのくらいですか",
        "¿Cuánto falta?",
    ],
)
def test_a_question_for_the_place_is_one(text: str) -> None:
    assert asks_place(text)


@pytest.mark.parametrize(
    "text",
    [
        "导出一次要多久",
        "发票多久能到",
        "看板前面怎么加一列",
        "一个项目最多几个人",
        "How long are attachments kept?",
        "导出按钮是灰的",
        "谢谢",
        "",
    ],
)
def test_a_question_about_the_product_is_none(text: str) -> None:
    assert not asks_place(text)
