"""Numbers that lead around the desk: WeChat and QQ names, mobile numbers, cards and identity numbers in a text."""

from __future__ import annotations

import re

_SPACES = r"[\s\-–—.·]{0,3}"
_WECHAT = re.compile(
    r"(?:微信|薇信|威信|徽信|vx|v信|wechat|weixin|(?<![a-z])wx(?![a-z])|(?<![a-z])vx(?![a-z]))"
    r"(?:号|id|账号)?[\s是为:：=，,]{0,4}(?:我的?)?[\s:：]{0,2}([a-z][-_a-z0-9]{5,19}|1[3-9]\d{9})(?![a-z0-9])",
    re.IGNORECASE,
)
_ADD_ME = re.compile(
    r"加(?:一下)?我(?:的)?(?:私人|个人)?(?:微信|薇信|vx|qq|扣扣)|(?:我的)?(?:私人|个人)微信", re.IGNORECASE
)
_QQ = re.compile(r"(?:qq|扣扣|企鹅)(?:号|账号)?[\s是为:：=，,]{0,4}([1-9]\d{4,10})(?!\d)", re.IGNORECASE)
_PHONE = re.compile(rf"(?<![\d.])(?:\+?86{_SPACES})?(1[3-9]\d){_SPACES}(\d{{4}}){_SPACES}(\d{{4}})(?!\d)")
_IDENTITY = re.compile(
    r"(?<![\dXx])([1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx])(?![\dXx])"
)
_CARD = re.compile(r"(?<!\d)(\d{4}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?)(?!\d)")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def wechat_in(text: str) -> list[str]:
    """WeChat names, and the wish to be added privately."""
    return [match[1] for match in _WECHAT.finditer(text)] + [match.group() for match in _ADD_ME.finditer(text)]


def qq_in(text: str) -> list[str]:
    return [match[1] for match in _QQ.finditer(text)]


def phones_in(text: str) -> list[str]:
    """Mobile numbers of the mainland, digits only."""
    return ["".join(match.groups()) for match in _PHONE.finditer(text)]


def cards_in(text: str) -> list[str]:
    """Bank cards (Luhn) and identity numbers (ISO 7064 MOD 11-2): order numbers are neither."""
    identities = [match[1] for match in _IDENTITY.finditer(text) if _is_identity(match[1])]
    return identities + [match[1] for match in _CARD.finditer(text) if _is_card(re.sub(r"\D", "", match[1]))]


def _is_identity(number: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == number[-1].upper()


def _is_card(digits: str) -> bool:
    if len(set(digits)) < 3 or digits[0] not in "3456":
        return False
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
