"""Whether a message swears at us (abuse never earns a head start), or says in so many words that it is a complaint;
knows no feelings.
"""

from __future__ import annotations

import re

from bot.characters import folded
from bot.remembering import remembering

_READ = 600
_SWEARING = re.compile(
    "傻[逼比叉x缺]|sb(?![a-z])|煞笔|沙比|脑残|智障|弱智|他妈|tmd|妈的|尼玛|你妈|草泥马|[操草艹]你|我[操艹]|滚蛋|滚犊子|"
    "(?<![回翻上下摇])滚[！!。]*$|去死|死全家|王八|混蛋|畜生|废物|狗屎|狗屁|狗东西|吃屎|放屁|不要脸|贱|"
    r"\b(?:fuck\w*|f\*+k?|shit\w*|bullshit|asshole|idiots?|moron\w*|bitch\w*|bastards?|dumbass)\b|"
    "死ね|クソ|くそ|馬鹿野郎|mierda|idiota|estupid|estúpid|imbecil|imbécil|puta"
)
#: Words that only look like swearing.
_INNOCENT = re.compile("滚动|贱金属|sb\\d")


#: What nobody writes calmly: a complaint, a threat, marks of exclamation in a row.
_COMPLAINING = re.compile(
    "投诉|举报|曝光|12315|工信部|消协|起诉|律师|发函|骗子|骗人|垃圾|忽悠|糊弄|敷衍|恶心|气死|态度.{0,4}(?:差|恶劣)|"
    "赔(?:偿|钱)|你们.{0,6}(?:摆设|有病|管不管|干什么吃的)|凭什么|[!！]{2,}|[!！][?？]|[?？][!！]|"
    r"\b(?:unacceptable|ridiculous|shameless|scam|disgrace\w*|lawyer|sue|complaint|refund now)\b|"
    "いい加減に|ふざけ|不愉快|(?:es una )?(?:verg[uü]enza|estafa)|inaceptable"
)


@remembering
def detect(text: str) -> bool:
    """Whether there is an insult or a curse in it."""
    return _SWEARING.search(_INNOCENT.sub(" ", folded(text[:_READ]))) is not None


@remembering
def complains(text: str) -> bool:
    """Whether the words themselves leave no doubt about the anger: an insult, a threat, an open complaint."""
    return detect(text) or _COMPLAINING.search(folded(text[:_READ])) is not None
