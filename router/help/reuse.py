"""What of an agent's reply to one customer may be proposed for another: no names, no addresses, no promises."""

from __future__ import annotations

import re

from router.promises import wording

_PERSONAL = re.compile(
    r"[\w.+-]+@[\w-]+\.\w|(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)|\d{9,}|GD\d{8}-\d+|"
    r"密码(?:是|为|[:：])|password\s*(?:is|:)|(?:微信|qq|QQ)号?[:：是]?\s*\w{5,}"
)
_GREETING = re.compile(
    r"^(?:(?:您好|你好|早上好|上午好|下午好|晚上好|hi|hello|dear|hey)[\s，,！!。.~]*)?"
    r"(?:[\w·]{1,8}?(?:先生|女士|小姐|总|老师|经理|工|同学)(?:您好|你好)?[\s，,！!。.]+)?"
    r"(?:(?:您好|你好|hi|hello)[\s，,！!。.~]+)?",
    re.IGNORECASE,
)
_TITLED = re.compile(r"[\u4e00-\u9fff](?:先生|女士|小姐|总|老师|经理)(?![\u4e00-\u9fff]{0,1}[理办部])")


def reusable(text: str) -> str:
    """The reply without its greeting and without sentences that promise something; empty where it names somebody, an
    address, a number or a secret."""
    if _PERSONAL.search(text):
        return ""
    body = _GREETING.sub("", text.strip(), count=1)
    kept = [sentence for sentence in _lines(body) if wording.judge(sentence) != "yes"]
    told = "".join(kept).strip()
    return "" if _TITLED.search(told) else told


def _lines(text: str) -> list[str]:
    """The sentences with the blank space between them."""
    found: list[str] = []
    place = 0
    for sentence in wording.sentences(text):
        at = text.find(sentence, place)
        found.append(text[place : at + len(sentence)])
        place = at + len(sentence)
    return found
