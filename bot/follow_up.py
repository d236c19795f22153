"""How a text hangs on the question before it (那手机上呢？, 我问的是导出不是导入), and what to search for then.

Words only say how likely; which reading holds is decided by what each of them finds, see `searching.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot import dissatisfaction
from bot.characters import folded, han_count

#: How often texts of each kind continue the question before, as chances; settled on conversations of our own.
_LEANS, _CORRECTS, _CONTRASTS, _BRIEF, _ASKED_BACK = 0.8, 0.6, 0.92, 0.5, 0.6
_LONGEST = 60  # characters; a longer text says what it means
_LONGEST_BEFORE = 120

#: What says by its form that something before it is meant.
_LEANING = re.compile(
    "(?:那么?|那如果|如果是|要是|换成|换做|改成)[^，,。！!？?;怎]{1,12}(?:呢|的话|怎么办|可以吗|行吗|也?一样吗|"
    "要?怎么[弄做办])?|"
    "(?!怎|为什么|什么|哪)[^，,。！!？?;怎如什哪]{1,10}(?:上|端|版|里|的话)?呢|"
    "[^，,。！!？?;]{1,8}也(?:可以|一样|是|行|支持|能)(?:这样)?吗|"
    "(?:那|那么)(?:要?怎么|如何|怎样|能|可以|会|是|在哪|去哪|为什么|什么时候|多久|要|需要|还)[^，,。！!？?;]{1,12}|"
    "(?:它|他|这个|那个|这里|那里|这样|那样|这种|上面(?:那个|这个|说的)|刚才(?:那个|说的|的))[^，,。！!？?;]{0,14}|"
    "(?:具体|详细|详细地)?(?:要|应该|该)?(?:怎么|如何|怎样|在哪里?|去哪里?)(?:弄|做|办|操作|设置|设|改|关|关掉|取消|"
    "弄呢|操作呢|点|"
    "进|找|打开|开|用|看)?(?:呢|啊|呀)?|"
    "(?:还有|有没有|有)(?:别的|其他|其它|更简单的|更快的)(?:办法|方法|方式|途径)[^，,。！!？?;]{0,4}|"
    "[^，,。！!？?;怎如什哪]{1,8}(?:的|那个|这个|那种|这种)|"
    "(?:and |or |but |so )?(?:what|how) about [^?]{1,40}|(?:and|or) (?:on|for|in|with|as|if|when|a|an|the|to|can|"
    "remove|delete)\\b[^?]{1,40}|"
    "(?:in|on|for|with|as) (?:the |a |an |my )?[^?]{1,24}|"
    "(?:and )?(?:does|is|can|will|do|should|could|how do i|how can i|where is|why is|why does|when does|can i|may i) "
    "(?:\\w+ )?(?:it|that|this|they|them)\\b[^?]{0,40}|"
    "(?:では、?|じゃあ、?)?[^、。]{1,12}(?:(?:の場合|だと|なら|の方)は?|は)|(?:¿?y )[^?]{1,40}"
)
_EDGE = re.compile(r"^[\s，。,.、]+|[\s?？。.!！~～]+$")
#: What stands around the heart of a leaning text.
_SHELL = re.compile(
    "^(?:那么?|那如果|如果是|要是|换成|换做|改成|and |or |but |so |what about |how about |and what about |"
    "(?:では|じゃあ)、?|¿?y )+|(?:呢|的话)$"
)

_INTRO = "(?:我)?(?:问|说|要|想问|想要|想说|指|讲|需要|要问|要找|的意思)?的?(?:其实)?(?:是)"
#: “我问的是导出不是导入”: what is meant, and what it was taken for.
_MEANT_FIRST = re.compile(
    f"^(?:不对|不是|错了|no)?[，,。 ]*{_INTRO}(?P<meant>[^，,。！!？?;,]{{1,20}}?)[，, "
    f"]*(?:而)?不是(?P<taken>[^，,。！!？?;,]{{1,12}})$|"
    r"^(?:no,? )?(?:i (?:mean|meant|asked about|am asking about|said) )?(?P<meant_en>[^,?]{2,40}?),? not "
    r"(?:the |an? |about )?(?P<taken_en>[^,?]{2,30})$"
)
_SHORT_CONTRAST = re.compile("(?P<meant>[^，,。！!？?;,]{1,8})[，, ]+(?:而)?不是(?P<taken>[^，,。！!？?;,]{1,8})$")
_TAKEN_FIRST = re.compile(
    f"^(?:我(?:问|说|要|指|想问)?的?)?不是(?P<taken>[^，,。！!？?;,]{{1,12}})[，, "
    f"]*(?:而)?{_INTRO}(?P<meant>[^，,。！!？?;,]{{1,24}})$|"
    r"^not (?:the |an? |about )?(?P<taken_en>[^,?]{2,30}),? (?:but |i (?:mean|meant) )?(?P<meant_en>[^,?]{2,40})$|"
    "^(?P<taken_ja>[^、。]{1,12})(?:ではなくて?|じゃなくて)、?(?P<meant_ja>[^。]{1,24}?)(?:です)?$|"
    r"^no (?:el |la |es )?(?P<taken_es>[^,?]{2,30}),? (?:sino|es) (?P<meant_es>[^?]{2,40})$"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """The two things a text may ask: by itself, and together with the question before."""

    alone: str
    #: Empty where there was no question before.
    joined: str = ""
    before: str = ""
    #: That `joined` is meant, before anything was searched.
    chance: float = 0.0
    #: The customer turns the last answer down and says what was meant instead.
    corrects: bool = False
    #: The bot had asked for more words.
    asked_for: bool = False

    @property
    def elliptic(self) -> bool:
        """Whether it may say only what differs from the question before."""
        return bool(self.joined) and self.chance >= _BRIEF and not self.corrects

    @property
    def adds(self) -> bool:
        """Whether it says more about the question before of its own accord, not because it was asked to."""
        by_itself = self.corrects or self.chance >= _LEANS
        return bool(self.joined) and by_itself and not self.asked_for and folded(self.alone) != folded(self.before)

    @property
    def leans(self) -> bool:
        """Whether both have to be searched in any case."""
        return bool(self.joined) and self.chance >= _ASKED_BACK


def read(text: str, previous: str, *, asked_back: bool = False) -> Reading:
    """`asked_back`: the bot has just asked for more words about the question before."""
    rest = dissatisfaction.without(text)
    turned_down = rest != text
    previous = previous[-_LONGEST_BEFORE:]
    if contrast := _contrast(text, rest, previous):
        meant, taken = contrast
        if replaced := _replaced(previous, taken, meant):
            return Reading(meant, replaced, previous, _CONTRASTS, corrects=True, asked_for=asked_back)
        chance = _CORRECTS if previous else 0.0
        return Reading(meant, _join(previous, meant), previous, chance, corrects=True, asked_for=asked_back)
    line = _EDGE.sub("", folded(rest))
    if not previous or not line or len(line) > _LONGEST:
        return Reading(rest, corrects=turned_down)
    chance = _chance(line, asked_back, turned_down)
    joined = _join(previous, _heart(rest)) if chance else ""
    return Reading(rest, joined, previous, chance, turned_down, asked_back)


def stands_alone(text: str) -> bool:
    """Whether `read` finds the same in it whatever the question before was; unless the bot has asked back."""
    rest = dissatisfaction.without(text)
    line = _EDGE.sub("", folded(rest))
    if rest != text or not line or _contrast(text, rest, "") or _SHORT_CONTRAST.match(folded(_bare(text))):
        return False
    return len(line) > _LONGEST or _chance(line, asked_back=False, turned_down=False) == 0


def _chance(line: str, asked_back: bool, turned_down: bool) -> float:
    if _LEANING.fullmatch(line):
        return _LEANS
    if turned_down or asked_back:
        return _ASKED_BACK
    brief = han_count(line) <= 6 if han_count(line) else len(line.split()) <= 3
    return _BRIEF if brief else 0.0  # a whole question speaks for itself: no second search


def _contrast(text: str, rest: str, previous: str) -> tuple[str, str] | None:
    """What is meant and what it was taken for, in the customer's own characters.

    Without a word such as 我问的是 it is a contrast only where the question before has what it was taken for.
    """
    for said in dict.fromkeys((text, rest)):
        line = _bare(said)
        read = folded(line)
        if len(read) != len(line):
            continue
        for pattern in (_TAKEN_FIRST, _MEANT_FIRST):
            if found := pattern.match(read):
                parts = {name.split("_")[0]: found.span(name) for name, part in found.groupdict().items() if part}
                meant, taken = (line[slice(*parts[name])].strip() for name in ("meant", "taken"))
                if meant and not meant.startswith("不"):
                    return meant, taken
        if (found := _SHORT_CONTRAST.match(read)) and _replaced(previous, found["taken"], found["meant"]):
            return line[slice(*found.span("meant"))], found["taken"]
    return None


def _bare(said: str) -> str:
    return said.strip(" 　。.!！~～?？")


def _replaced(previous: str, taken: str, meant: str) -> str:
    """`previous` with one thing instead of another; empty where it does not speak of it."""
    if len(folded(previous)) != len(previous):
        return ""
    start = folded(previous).find(folded(taken))
    return "" if start < 0 else f"{previous[:start]}{meant}{previous[start + len(folded(taken)) :]}"


def _heart(text: str) -> str:
    """`手机上` of `那手机上呢？`."""
    bare = _EDGE.sub("", text)
    if len(folded(bare)) != len(bare):
        return bare
    start, end = 0, len(bare)
    for found in _SHELL.finditer(folded(bare)):
        start, end = (found.end(), end) if found.start() == 0 else (start, found.start())
    return bare[start:end].strip() or bare


def _join(previous: str, text: str) -> str:
    return f"{previous} {text}" if previous else ""
