"""Where a text holds the words of a rule, also when they are pulled apart; what is only denied (不能保证) may be let
go."""

from __future__ import annotations

import re

from models.characters import folded

_LOOKED_BACK = 40  # characters
_GAP = ".{0,10}?"  # what * stands for
#: Between two characters of one word: 保 证, 保*证; marks that end a clause are none.
_PULLED_APART = re.compile(r"(?<=[\u4e00-\u9fff])[^\w\n，。！？；：、,.!?;:]{1,3}(?=[\u4e00-\u9fff])")
_DENIED = re.compile(
    "(?:不能|不敢|不会|不可能|不可以|不好|不便|不作|不做|不予|不是|不等于|没有?办?法|难以|很?难|无法|无从|并非|谈不上|不|没|未)"
    "(?:完全|百分之?百|100%|绝对|轻易|一定|随便|现在|马上|给您|向您|对此|跟您|就|再|先|去)*"
    r"|(?:\b(?:not|never|no|unable to|without)|n['’]t|\bcannot|\bcant)\s+(?:\w+\s+)?"
)


def found(word: str, text: str, *, unless_denied: bool) -> str | None:
    """The first place that says the word, as it is read there; ``*`` in the word stands for up to ten characters."""
    pattern = re.compile(_GAP.join(map(re.escape, folded(word).split("*"))))
    written = folded(text)
    for read in (written, _PULLED_APART.sub("", written)):
        for match in pattern.finditer(read):
            if not (unless_denied and _is_denied(read[: match.start()])):
                return match.group()
    return None


def _is_denied(before: str) -> bool:
    near = before[-_LOOKED_BACK:]
    return any(match.end() == len(near) for match in _DENIED.finditer(near))
