"""Which offered option a customer means, by number or by words; refuses to guess between two that fit alike."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.characters import folded
from bot.records import Option

_CHINESE = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_WORDS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5,
    "primero": 1, "primera": 1, "segundo": 2, "segunda": 2, "tercero": 3, "tercera": 3, "cuarto": 4, "quinto": 5,
    "uno": 1, "dos": 2, "tres": 3,
}  # fmt: skip
_NUMBER = re.compile(
    r"(?:(?:我|就|那|应该|是|要|想|问|的|选|选择|看|点)*?(?:第)?\s*([1-9一二两三四五六七八九])\s*(?:个|条|项|号|"
    r"种)?(?:吧|的|呢|啊|这个|这种)?|"
    r"(?:number|no\.?|option|#|choice|la|el|opci[oó]n|その|no)?\s*([1-9])(?:番目?|つ目)?(?:です|で|を|"
    r"お願いします|please)?|"
    r"(?:the|i mean the|la|el|i choose|option|number)?\s*(" + "|".join(_WORDS) + r")(?: one| option| please)?)"
)
_LAST = re.compile(
    "(?:我|就|是|要|问|选)*(?:最后|末尾)(?:面)?(?:的)?(?:那)?(?:一)?(?:个|条|项)(?:吧)?|(?:the )?last(?: one)?|"
    "最後(?:の)?|el [uú]ltimo|la [uú]ltima"
)
_YES = re.compile(
    "(?:是|对|嗯|好|就是|没错|是的|对的|对对|就是这个|是这个|就这个|yes|yep|yeah|right|correct|that one|this one|"
    "はい|そうです|s[ií])(?:的|呀|啊|了|它)?"
)
_NONE = re.compile(
    "(?:(?:这些|这几个|以上|上面|它们|他们)?(?:都|全|全都|一个都|统统)?(?:不是|不对|没有我要的|没有|不符合|"
    "不相关)(?:的|啊|呀|这些|这几个|我要的|我问的|我想问的|呢|哦|吧)*|都不(?:对|行)|没一个(?:是|对)的?|"
    "none(?: of (?:these|them|the above|those))?|neither(?: of them)?|not (?:these|those|any of (?:these|them|"
    "those))|no one of these|nope|no|どれでもない|どれも違います?|違います|ちがいます|"
    "ninguno|ninguna|ninguno de estos|no es ninguno)"
)
_EDGE = re.compile(r"^[\W_]+|[\W_]+$")
_SOUND = re.compile(r"[\w]+")


def is_choice(text: str) -> bool:
    """Whether the text reads like a choice from a list, whatever was offered: 2, 第二个, 都不是."""
    line = _bare(text)
    return bool(_NUMBER.fullmatch(line) or _LAST.fullmatch(line)) or _says_none(line)


def is_none_of_these(text: str) -> bool:
    """Whether the customer turns down everything that was offered."""
    return _says_none(_bare(text))


def choose(text: str, offered: Sequence[Option]) -> Option | None:
    """The offered option that `text` means; None where it means none or could mean two."""
    if not offered:
        return None
    line = _bare(text)
    if (number := _number(line)) is not None:
        return offered[number - 1] if number <= len(offered) else None
    if _LAST.fullmatch(line):
        return offered[-1]
    if len(offered) == 1 and _YES.fullmatch(line):
        return offered[0]
    return _by_words(line, offered)


def is_out_of_range(text: str, offered: Sequence[Option]) -> bool:
    """A number that stands under no option, such as 6 below five of them."""
    number = _number(_bare(text))
    return number is not None and number > len(offered)


def _bare(text: str) -> str:
    return _EDGE.sub("", folded(text))


def _says_none(line: str) -> bool:
    return _NONE.fullmatch(line) is not None


def _number(line: str) -> int | None:
    found = _NUMBER.fullmatch(line)
    if found is None:
        return None
    said = next(group for group in found.groups() if group)
    return int(said) if said.isdigit() else _CHINESE.get(said) or _WORDS[said]


def _by_words(line: str, offered: Sequence[Option]) -> Option | None:
    if len(line) < 2 or len(line) > 40:
        return None
    shares = sorted(((_share(line, _bare(option.label)), place) for place, option in enumerate(offered)), reverse=True)
    best, place = shares[0]
    second = shares[1][0] if len(shares) > 1 else 0.0
    if line == _bare(offered[place].label) or (best >= 0.8 and second <= best - 0.3):
        return offered[place]
    return None


def _share(line: str, label: str) -> float:
    """The share of the text's pairs of characters (Latin: words) that the label has."""
    said, words = _pieces(line), _pieces(label)
    return len(said & words) / len(said) if said else 0.0


def _pieces(line: str) -> set[str]:
    pieces: set[str] = set()
    for word in _SOUND.findall(line):
        if word.isascii():
            pieces.add(word)
        else:
            pieces.update(word[start : start + 2] for start in range(max(1, len(word) - 1)))
    return pieces
