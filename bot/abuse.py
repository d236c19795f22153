"""Whether a message swears at us: for the head start only, which abuse never earns; knows no feelings."""

from __future__ import annotations

import re

from bot.characters import folded

_READ = 600
_SWEARING = re.compile(
    "傻[逼比叉x缺]|sb(?![a-z])|煞笔|沙比|脑残|智障|弱智|他妈|tmd|妈的|尼玛|你妈|草泥马|[操草艹]你|我[操艹]|滚蛋|滚犊子|"
    "(?<![回翻上下摇])滚[！!。]*$|去死|死全家|王八|混蛋|畜生|废物|狗屎|狗屁|狗东西|吃屎|放屁|不要脸|贱|"
    r"\b(?:fuck\w*|f\*+k?|shit\w*|bullshit|asshole|idiots?|moron\w*|bitch\w*|bastards?|dumbass)\b|"
    "死ね|クソ|くそ|馬鹿野郎|mierda|idiota|estupid|estúpid|imbecil|imbécil|puta"
)
#: Words that only look like swearing.
_INNOCENT = re.compile("滚动|贱金属|sb\\d")


def detect(text: str) -> bool:
    """Whether there is an insult or a curse in it."""
    return _SWEARING.search(_INNOCENT.sub(" ", folded(text[:_READ]))) is not None
