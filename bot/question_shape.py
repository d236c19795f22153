"""Whether a text asks something, and whether it tells of trouble: by its words alone; decides nothing."""

from __future__ import annotations

import re

from bot.characters import folded
from bot.remembering import remembering

_READ = 600
_ASKS = re.compile(
    "[?？吗]|[么没不](?:[\\W_]*$|[，。！,!])|怎[么样]?|咋|如何|什么|啥|哪(?!怕)|多少|(?<![上下十好])几[个天月年点时号种步]|"
    "为何|为什么|谁|多久|多大|能不能|可不可以|是不是|要不要|会不会|用不用|支不支持|是否|能否|可否|有没有|有办法|"
    "请教|想问|问一?下|求教|(?:请|麻烦|能|可以|快|求|想让)[^，。]{0,2}(?:帮|看|查)|想了解|"
    "\\bhow (?:do|does|can|could|to|much|many|long)\\b|(?:^|[.,;!] ?)(?:and |but |so |also )?"
    "(?:how|what|why|where|when|which|who|whose)\\b|\\b(?:can (?:i|we|you|it)|could (?:i|we|you)|do (?:i|we|you)|does|"
    "is (?:it|there)|are there|i need|we need|please (?:help|tell|fix))\\b|[か][。]?$|(?:ください|でしょうか)|"
    "[¿]|\\b(?:c[oó]mo|d[oó]nde|cu[aá]ndo|cu[aá]l|por qu[eé]|puedo)\\b"
)
_TROUBLE = re.compile(
    "[不没無坏错丢卡慢挂崩]|失败|報?报错|异常|乱码|空白|消失|白屏|闪退|"
    "n't\\b|\\b(?:not|no|never|error|fail\\w*|broken|lost|down|wrong|slow)\\b|ません|ない|エラー|\\b(?:nunca|fall[oaó])\\b"
)
#: 不错, 没想到, 没问题: these say no trouble.
_NO_TROUBLE = re.compile(
    "不错|不愧|没想到|没问题|没得说|不客气|不好意思|(?:差|了)不(?:多|起)|没白|没见过(?:这么|这样)|一条没少|"
    "no problem|no idea"
)


@remembering
def asks(text: str) -> bool:
    """Whether there is a question, or a request, in it."""
    return _ASKS.search(folded(text[:_READ])) is not None


def tells_of_trouble(text: str) -> bool:
    """Whether something does not work, is lost or is wrong, as far as single words tell."""
    return _TROUBLE.search(_NO_TROUBLE.sub(" ", folded(text[:_READ]))) is not None
