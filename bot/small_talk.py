"""Greetings, thanks, goodbyes and the like: a message counts as small talk only when nothing else is in it."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import Literal

from bot.characters import folded
from bot.phrases import Phrasebook
from bot.small_talk_words import (
    ABILITY,
    AGREED,
    GOODBYE,
    GREETING,
    IDENTITY,
    LAUGH,
    OPENER,
    PARTICLES,
    PRAISE,
    PRESENCE,
    SCOLDED,
    SOLVED,
    TEST,
    THANKS,
    TOUCHING,
)

Kind = Literal[
    "greeting",
    "presence",
    "thanks",
    "goodbye",
    "identity",
    "ability",
    "praise",
    "agreed",
    "solved",
    "laugh",
    "emoji",
    "nudge",
    "key_mash",
    "test",
    "scolded",
    "hours",
]


def _words(*groups: str) -> list[str]:
    return [folded(phrase.replace("_", " ")) for group in groups for phrase in group.split()]


_BOOK = Phrasebook(
    {
        "particle": _words(PARTICLES),
        "laugh": _words(LAUGH),
        "agreed": _words(AGREED),
        "praise": _words(PRAISE),
        "greeting": _words(GREETING),
        "presence": _words(PRESENCE, OPENER),
        "thanks": _words(THANKS),
        "solved": _words(SOLVED),
        "goodbye": _words(GOODBYE),
        "ability": _words(ABILITY),
        "identity": _words(IDENTITY),
        "test": _words(TEST),
        "scolded": _words(SCOLDED),
    }
)
#: What stands before a question and says nothing: 你好，我想问下…
_BEFORE = Phrasebook({"apart": _words(GREETING, PRESENCE, OPENER), "touching": _words(TOUCHING)})
#: Of several kinds in one message, the one to answer: 好的谢谢再见 is a goodbye.
_RANK: tuple[Kind, ...] = (
    "scolded",
    "identity",
    "ability",
    "goodbye",
    "solved",
    "thanks",
    "praise",
    "presence",
    "test",
    "greeting",
    "agreed",
    "laugh",
)

#: Only a greeting, 在吗 or 我想问下: the question is still to come.
OPENINGS: frozenset[Kind] = frozenset({"greeting", "presence"})

_DIGITS_AND_LATIN = re.compile(r"[a-z0-9 ;,./'\[\]\\`=-]+")
_VOWEL = re.compile("[aeiouyáéíóú]")
_KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890")
_MASHED = frozenset({"qwe", "asd", "zxc", "qaz", "wsx", "sdf", "dfg", "fgh", "ghj", "jkl", "jkl;", "asd;"})
_LONG = 60  # longer messages say more than small talk


def detect(text: str) -> Kind | None:
    """Which small talk the whole message is, or None; a greeting before a question is none."""
    line = folded(text).strip()
    if not line or len(line) > _LONG * 4:
        return None
    if _FACE.fullmatch(line):
        return "emoji"
    if not any(character.isalnum() for character in line):
        return _wordless(line)
    collapsed = re.sub(r"(.)\1{2,}", r"\1\1", line)
    if len(collapsed) > _LONG:
        return None
    if _SIGHS.fullmatch(line):
        return "nudge"
    if len(line) <= _LONGEST_ABOUT_HOURS and _HOURS.search(line) and not _WANTED_NOW.search(line):
        return "hours"
    kinds = _BOOK.whole(line)
    if kinds is None and line[-1] in "0123456789":
        kinds = _BOOK.whole(line.rstrip("0123456789"))
    if kinds is not None:
        for kind in _RANK:
            if kind in kinds:
                return kind
    return "key_mash" if _is_key_mash(line) else None


def without_opening(text: str) -> str:
    """`text` without the greeting or the 我想问下 before it; empty where there is nothing else."""
    return text[_reach(text) :].strip(" \n\t，。、,.!！~～…:：;；-—")


def _reach(text: str) -> int:
    line = folded(text)
    if len(line) != len(text):  # the written form changed its length: read the folded one to the same share of words
        return (
            len(text) - len(line[_BEFORE.strip(line, "touching") :])
            if text.endswith(line[_BEFORE.strip(line, "touching") :])
            else 0
        )
    return _BEFORE.strip(line, "touching")


def _wordless(line: str) -> Kind:
    if any(unicodedata.category(character) in ("So", "Sk") for character in line):
        return "emoji"
    return "nudge"


#: Faces in letters and the names of stickers.
_FACE = re.compile(
    r"(?:[:;=8x][-'^o]?[)(dpo3*|/\\]+|\^[_.-]*\^|t[_.]t|q[aw]q|tat|orz|o[_.]o|>[_.]<|[-=][_.]+[-=]|"
    r"\([^\w\s]*\w{1,2}[_.ω▽]"
    r"\w{1,2}[^\w\s]*\)|\[(?!图片|文件|视频|语音|链接|位置)[\u4e00-\u9fffa-z]{1,4}\]|/[\u4e00-\u9fff]{1,3})+"
)
#: When humans are there, asked beforehand: 人工客服几点下班, 周末有人工吗.
_STAFF = "(?:人工|真人|坐席|座席|客服)"
_DAY = (
    "(?:周末|周[六日天]|星期[六日天]|节假日|假期|国庆|春节|过年|五一|晚上|夜里|半夜|凌晨|中午|早上|"
    "几点|什么时候|24小时)"
)
_HOURS = re.compile(
    f"{_STAFF}(?:客服|服务|的)?(?:一般|都|是|每天|大概|{_DAY})*(?:几点|什么时候|何时|什么时间|多久)?"
    "(?:开始)?(?:上班|下班|在线时间|服务时间|工作时间|休息|营业)|"
    f"{_STAFF}(?:客服|服务)?的?(?:在线|服务|工作|上班|值班)时间|{_STAFF}(?:客服|服务)?{_DAY}(?:也|还|都)?(?:在|有|上班|休息)|"
    f"{_DAY}(?:也|还|都|会|才|能|开始)?(?:有|在)(?:没有)?{_STAFF}(?:客服|服务)?(?:吗|么|不|没|在|[\\W_]*$)|"
    f"{_STAFF}(?:客服|服务)?(?:是|有)?(?:24小时|全天)|"
    r"\b(?:when|what time|what hours|what are)\b.{0,24}\b(?:agents?|support|people|humans?|staff|team)\b.{0,24}"
    r"\b(?:available|hours|online|open|there|start)\b|\b(?:support|office|service|business|opening) hours\b"
)
_WANTED_NOW = re.compile("转人工|转接|帮我|给我|马上|立刻|现在就|急|不理|没人|怎么还")
_LONGEST_ABOUT_HOURS = 40  # characters
_SIGHS = re.compile("[啊额呃唉哎呀噢哦あぁえう]{3,}")


def _is_key_mash(line: str) -> bool:
    """Fingers on the keyboard: asdfgh, jkljkl, 。。ww; never a code such as TH01-A or a word."""
    line = line.strip("?!。 ~")
    if not _DIGITS_AND_LATIN.fullmatch(line):
        return len(line) >= 6 and len(set(line)) <= 2
    letters = re.sub("[^a-z]", "", line)
    if not letters:
        digits = line.replace(" ", "")
        return (
            digits.isdigit()
            and len(digits) > 1
            and (len(set(digits)) == 1 or (len(digits) > 2 and digits in "1234567890"))
        )
    if line in _MASHED:
        return True
    if len(letters) < 4:
        return False
    if len(set(letters)) <= 2 or any(_on_row(letters, row) for row in _KEYBOARD):
        return True
    words = line.split()
    return len(words) == 1 and not re.search(r"\d", line) and len(letters) >= 6 and not _VOWEL.search(letters)


def _on_row(letters: str, row: str) -> bool:
    neighbours = sum(1 for a, b in pairwise(letters) if a + b in row or b + a in row)
    return neighbours >= max(3, 0.7 * (len(letters) - 1))
