"""The wish for a human, said or implied, in five languages; refuses the product's own words (人工工时, 项目经理,
an agent role).
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.characters import folded, han_count, kana_count, latin_count
from bot.wish_chinese import CHINESE
from bot.wish_english import ENGLISH
from bot.wish_japanese import JAPANESE
from bot.wish_patterns import WishKind
from bot.wish_spanish import SPANISH

#: A wish stands in the first or the last words; nobody hides it in the middle of a pasted log.
_READ = 300


@dataclass(frozen=True, slots=True)
class Wish:
    """`asked`: the customer says so (转人工); `implied`: says what only a human can do (给我打电话, 别再用机器人了)."""

    kind: WishKind
    matched: str


def detect(text: str) -> Wish | None:
    """The wish in `text`, or None. A question about humans in the product is not a wish."""
    line = folded(text)
    if len(line) > 2 * _READ:
        line = f"{line[:_READ]} … {line[-_READ:]}"
    languages = []
    if kana_count(line):
        languages.append(JAPANESE)
    elif han_count(line):
        languages.append(CHINESE)
    if latin_count(line):
        languages += [ENGLISH, SPANISH]
        if not han_count(line) and len(line) <= 40:
            languages.append(CHINESE)  # zhuan rengong
    for language in languages:
        if found := language.find(line):
            return Wish(*found)
    return None
