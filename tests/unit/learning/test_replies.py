"""An agent's reply is an article's where it repeats it, and nobody's where it does not."""

from __future__ import annotations

import pytest

from kb_index.records import Article
from router.learning.replies import Replies

EXPORT = "打开甘特图，点右上角的更多，选择导出为图片，等待生成后下载即可。"
PRINT = "打开甘特图，点右上角的更多，选择打印，在打印窗口里选纸张和方向。"
REPLIES = Replies([Article("export", "怎么导出", EXPORT), Article("print", "怎么打印", PRINT)])


@pytest.mark.parametrize(
    ("reply", "article_id"),
    [
        (EXPORT, "export"),
        (f"您好，{EXPORT}还有问题随时找我。", "export"),
        ("点右上角的更多，选择导出为图片，等待生成后下载", "export"),
        ("打开甘特图，点右上角的更多", None),  # both say so
        ("这个我先帮您登记，明天上午答复您。", None),
        ("好的", None),
        ("", None),
    ],
)
def test_whose_words_they_are(reply: str, article_id: str | None) -> None:
    assert REPLIES.article_of(reply) == article_id
