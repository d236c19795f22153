"""Which offered option a customer means, by number, place or words; refuses to guess between two that fit alike."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.characters import folded
from bot.records import Option

_DIGIT = "[1-9一二两三四五六七八九]"
_CHINESE = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_WORDS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5,
    "primero": 1, "primera": 1, "primer": 1, "segundo": 2, "segunda": 2, "tercero": 3, "tercera": 3, "tercer": 3,
    "cuarto": 4, "cuarta": 4, "quinto": 5, "quinta": 5, "uno": 1, "dos": 2, "tres": 3,
}  # fmt: skip
_LEAD = "(?:我|就|那么?|应该|是|要|想|问|的|选择?|看看?|点|回复?|请|帮我|麻烦|先|说|了解|知道|好的?|嗯|对|[，,。 ])*"
#: What may follow a place in the list without being about anything else: 第二个怎么弄.
_TAIL = (
    "(?:吧|的|呢|啊|呀|哦|了|谢谢|这个|这种|那个|这项|怎么(?:弄|做|操作|办|搞|设置|用|走|处理)?|如何(?:操作|做)?|"
    "是什么(?:意思)?|"
    "具体|在哪里?|说说|讲讲|讲一下|说一下|看看|详细(?:说说|点)?|展开|可以吗|行|，|,| |please|thanks|thank you)*"
)
_PLACE = re.compile(
    f"{_LEAD}第\\s*({_DIGIT})\\s*(?:个|条|项|号|种|款)?(?:选项|问题|答案)?{_TAIL}|"
    f"{_LEAD}(?:选项|序号|编号)?\\s*({_DIGIT})\\s*(?:个|条|项|号|种)?(?:吧|的|呢|啊|这个|这种|谢谢|，|,| )*|"
    r"(?:number|no\.?|option|#|choice|la|el|opci[oó]n|その|no|i(?:'d| would)? (?:choose|pick|take|mean|want))?\s*"
    r"([1-9])(?:番目?|つ目)?(?:の(?:方|もの)?)?(?:です|で|を|お願いします|please|thanks|,| )*|"
    r"(?:the|i mean the|i (?:choose|want|meant|pick|take)(?: the)?|la|el|option|number|opci[oó]n|and|what about|how "
    rf"about|show me|the|,| )*({'|'.join(_WORDS)})(?: one| option| please| thanks|, please| question|,)*"
)
_TOP = re.compile(
    f"{_LEAD}(?:最?上面|最?前面|最?上边|前者|顶上|最上)(?:的)?(?:那|这)?(?:一)?(?:个|条|项)?{_TAIL}|the (?:top|"
    f"former)(?: one)?|一番上(?:の)?"
)
_BOTTOM = re.compile(
    f"{_LEAD}(?:最后|末尾|最?下面|最?后面|最?下边|后者|最下)(?:面)?(?:的)?(?:那|这)?(?:一)?(?:个|条|项)?{_TAIL}|"
    "(?:and )?(?:the )?(?:last|bottom|latter)(?: one| option)?,?(?: please)?|最后(?:の)?|一番下(?:の)?|(?:el|la) "
    "[uú]ltim[oa]"
)
_MIDDLE = re.compile(f"{_LEAD}中间(?:的)?(?:那|这)?(?:一)?(?:个|条|项)?{_TAIL}|the middle(?: one)?|真ん中(?:の)?")
_FROM_END = re.compile(f"{_LEAD}倒数第({_DIGIT})(?:个|条|项)?{_TAIL}")
_YES = re.compile(
    "(?:嗯|对|好|是|[，, ])*(?:是|对|嗯|好|就是|没错|是的|对的|对对|就是这个|是这个|就这个|这个|yes|yep|yeah|right|"
    "correct|exactly|that one|"
    "this one|はい|そうです|それです|s[ií]|ese|esa|exacto)(?:的|呀|啊|了|它|吧|没错|，|,| )*"
)
_NONE = re.compile(
    "(?:(?:这些|这几个|以上|上面|它们|他们)(?:几个|的)?)?(?:好像|感觉)?(?:(?:都|全|全都|一个都|统统)?(?:不是|不对|"
    "没有我要的|没有|不符合|"
    "不相关)(?:的|啊|呀|这些|这几个|我要的|我问的|我想问的|呢|哦|吧)*|都不(?:对|行)|没一个(?:是|对)的?)|"
    "none(?: of (?:these|them|the above|those))?|neither(?: of them| one)?|not (?:these|those|any of (?:these|them|"
    "those))|no one of these|nope|no|どれでもない(?:です)?|どれも違います?|違います|ちがいます|"
    "ningun[oa](?: de (?:estos|estas|esos|esas|ellos|ellas))?|no es ningun[oa]|ninguna de las anteriores"
)
#: Some are turned down, not all: 前两个都不是.
_NOT_THE_FIRST = re.compile(
    f"(?:前面?|上面)({_DIGIT})(?:个|条|项)(?:都|全)?(?:不是|不对)(?:的|我要的|我问的|呢|吧)*|"
    r"not the first (two|three|four)|(?:不是|不要|除了)前({D})(?:个|条|项)?".replace("{D}", _DIGIT)
)
_NOT_THE_LAST = re.compile(
    f"(?:后面?|下面|最后)({_DIGIT})(?:个|条|项)(?:都|全)?(?:不是|不对)(?:的|我要的|我问的|呢|吧)*"
)
_NOT_ONE = re.compile(
    f"(?:不是|不要|除了)第({_DIGIT})(?:个|条|项)?(?:吧|的|呢)*|第({_DIGIT})(?:个|条|项)?(?:不是|不对)(?:的|吧|呢)*|"
    rf"not (?:the )?(?:number )?({'|'.join(_WORDS)}|[1-9])(?: one)?"
)
#: What points at an option beside its words: 升级的那个.
_POINTING = re.compile("^(?:我(?:要|想|问|选)(?:的是)?|就是?|那个)|(?:的?(?:那|这)(?:一)?(?:个|条|项|种)|的|吧|呢)+$")
_EDGE = re.compile(r"^[\W_]+|[\W_]+$")
_SOUND = re.compile(r"[\w]+")


@dataclass(frozen=True, slots=True)
class Choice:
    """What a text says about the options under the bot's last words."""

    taken: Option | None = None
    #: Everything that was offered is turned down.
    none: bool = False
    #: What is left where some are turned down (前两个都不是).
    left: tuple[Option, ...] = ()
    #: A number under no option, such as 6 below five of them.
    out_of_range: bool = False
    #: A yes where several were offered.
    which: bool = False

    def __bool__(self) -> bool:
        return self != _NOTHING


_NOTHING = Choice()


def is_choice(text: str) -> bool:
    """Whether the text reads like a choice from a list, whatever was offered: 2, 第二个, 都不是."""
    line = _bare(text)
    whole = (_PLACE, _TOP, _BOTTOM, _MIDDLE, _FROM_END, _NONE, _NOT_THE_FIRST, _NOT_THE_LAST, _NOT_ONE)
    return any(pattern.fullmatch(line) for pattern in whole)


def read(text: str, offered: Sequence[Option]) -> Choice:
    """What `text` says about `offered`; of no option offered, only 都不是 can be said."""
    line = _bare(text)
    if _NONE.fullmatch(line):
        return Choice(none=True)
    if not offered or not line:
        return _NOTHING
    if (left := _left(line, offered)) is not None:
        return Choice(left=left) if left else Choice(none=True)
    if (place := _place(line, len(offered))) is not None:
        return Choice(taken=offered[place]) if 0 <= place < len(offered) else Choice(out_of_range=True)
    if _YES.fullmatch(line):
        return Choice(taken=offered[0]) if len(offered) == 1 else Choice(which=True)
    taken = _by_words(line, offered)
    return Choice(taken=taken) if taken is not None else _NOTHING


def _bare(text: str) -> str:
    return _EDGE.sub("", folded(text).replace("’", "'"))


def _number(said: str) -> int:
    return int(said) if said.isdigit() else _CHINESE.get(said) or _WORDS[said]


def _said(found: re.Match[str]) -> int:
    return _number(next(group for group in found.groups() if group))


def _place(line: str, count: int) -> int | None:
    """The place in the list that is meant, from 0; beyond its end where there is no such place."""
    if found := _FROM_END.fullmatch(line):
        return count - _said(found) if _said(found) <= count else count
    if found := _PLACE.fullmatch(line):
        return _said(found) - 1
    if _TOP.fullmatch(line):
        return 0
    if _BOTTOM.fullmatch(line):
        return count - 1
    if _MIDDLE.fullmatch(line) and count % 2:
        return count // 2
    return None


def _left(line: str, offered: Sequence[Option]) -> tuple[Option, ...] | None:
    if found := _NOT_THE_FIRST.fullmatch(line):
        return tuple(offered[_said(found) :])
    if found := _NOT_THE_LAST.fullmatch(line):
        return tuple(offered[: max(0, len(offered) - _said(found))])
    if found := _NOT_ONE.fullmatch(line):
        return tuple(option for place, option in enumerate(offered, 1) if place != _said(found))
    return None


def _by_words(line: str, offered: Sequence[Option]) -> Option | None:
    if len(line) < 2 or len(line) > 40:
        return None
    line = _POINTING.sub("", line) or line
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
