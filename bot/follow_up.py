"""Questions that lean on the one before (那手机上呢？); says only whether a text leans, and what to search for then."""

from __future__ import annotations

import re

from bot.characters import folded

_LEANS = re.compile(
    "(?:那么?|那如果|如果是|要是|换成|换做)[^，。！？怎]{1,12}(?:呢|的话|怎么办|可以吗|行吗|也?一样吗)?|"
    "[^，。！？怎如]{1,10}(?:上|端|版|里|的话)?呢|[^，。！？]{1,8}也(?:可以|一样|是|行|支持)吗|"
    "(?:and |or |but )?(?:what|how) about [^?]{1,40}|and (?:on|for|in|with) [^?]{1,40}|(?:では、?|"
    "じゃあ、?)?[^、。]{1,12}(?:の場合)?は|(?:y |¿y )[^?]{1,40}"
)
_EDGE = re.compile(r"^[\s，。,.]+|[\s?？。.!！~]+$")
_LONGEST = 40


def search_text(question: str, previous: str) -> str:
    """`question`, with the one before it where it means nothing by itself."""
    line = _EDGE.sub("", folded(question))
    if not previous or not line or len(line) > _LONGEST or _LEANS.fullmatch(line) is None:
        return question
    return f"{previous} {question}"
