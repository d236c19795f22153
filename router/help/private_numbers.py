"""Numbers that lead around the desk: WeChat and QQ names, mobile numbers, cards and identity numbers in a text."""

from __future__ import annotations

import re
from unicodedata import category, normalize

#: What may stand between the characters of one name or number: 微 信, 1-3-8; 薇❤.
_S = r"[^\w\n]{0,4}"
_D = r"[^\w\n:,，。;%]{0,3}"
_WX = (
    rf"(?:(?<!企业)[微薇威徽维葳]{_S}[信芯]|(?<![a-z])v{_S}(?:x(?![a-z])|信)|(?<![a-z])w{_S}x(?![a-z])|"
    rf"(?<![a-z])we{_S}chat|(?<![a-z])wei{_S}xin)"
)
#: 薇 or V alone is WeChat only beside 加我, 我的.
_WX_SHORT = r"(?:[薇葳]|威(?![信力望])|v(?![a-z])|卫星(?!图|导|地|电))"
_QQ_NAME = rf"(?:(?<![a-z])q{_S}q(?![a-z])|扣{_S}扣|企{_S}鹅)"
_NAME = r"([a-z][-_a-z0-9]{5,19}|1[3-9]\d{9}|(?:[a-z0-9][ .·*]){5,19}[a-z0-9])(?![a-z0-9])"
_LEADS_TO = rf"({_S}(?:(?:号|id|账号|帐号|是|为|就是|我的?){_S}){{0,3}})"
_WECHAT = re.compile(_WX + _LEADS_TO + _NAME)
_WECHAT_SHORT = re.compile(
    rf"(?:(?:加|找|联系|我){_S}(?:我|的)?{_S}(?:[薇葳威]|v(?![a-z]))|加{_S}我{_S}v){_LEADS_TO}{_NAME}"
)
_ADD_ME = re.compile(
    rf"加{_S}(?:一下|下|个)?{_S}我{_S}(?:的)?{_S}(?:私人|个人)?{_S}(?:{_WX}|{_QQ_NAME}|{_WX_SHORT})|"
    rf"(?:我的)?{_S}(?:私人|个人){_S}{_WX}"
)
_QQ = re.compile(rf"{_QQ_NAME}{_S}(?:号|账号)?{_S}[是为]?{_S}([1-9](?:{_D}\d){{4,10}})(?!\d)")
_PHONE = re.compile(rf"(?<![\d.])(?:\+?86{_D})?(1{_D}[3-9](?:{_D}\d){{9}})(?!\d)")
_NUMERALS = str.maketrans("〇零○一幺壹二两贰三叁四肆五伍六陆七柒八捌九玖", "00011122233445566778899")
_IDENTITY = re.compile(
    r"(?<![\dXx])([1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx])(?![\dXx])"
)
_CARD = re.compile(r"(?<!\d)(\d{4}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?)(?!\d)")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def wechat_in(text: str) -> list[str]:
    """WeChat names, and the wish to be added privately."""
    text = _evenly(text)
    found = [match[2] for match in _WECHAT.finditer(text) if _is_name(match[1], match[2])]
    found += [match[2] for match in _WECHAT_SHORT.finditer(text) if _is_name("", match[2]) and match[2] not in found]
    return found + [match.group() for match in _ADD_ME.finditer(text)]


def qq_in(text: str) -> list[str]:
    """QQ numbers, digits only."""
    return [_digits(match[1]) for match in _QQ.finditer(_evenly(text).translate(_NUMERALS))]


def phones_in(text: str) -> list[str]:
    """Mobile numbers of the mainland, digits only."""
    return [_digits(match[1]) for match in _PHONE.finditer(_evenly(text).translate(_NUMERALS))]


def cards_in(text: str) -> list[str]:
    """Bank cards (Luhn) and identity numbers (ISO 7064 MOD 11-2): order numbers are neither."""
    text = normalize("NFKC", text)
    identities = [match[1] for match in _IDENTITY.finditer(text) if _is_identity(match[1])]
    return identities + [match[1] for match in _CARD.finditer(text) if _is_card(_digits(match[1]))]


def _evenly(text: str) -> str:
    """Full width as half width, small letters, without characters that take no room."""
    return "".join(character for character in normalize("NFKC", text).lower() if category(character) != "Cf")


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _is_name(between: str, name: str) -> bool:
    """微信 login is no name: it has a digit or a hyphen, or something says that it is one."""
    return bool(re.search(r"[-_\d]", name) or re.search("号|id|是|为|我|[:=]", between))


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
