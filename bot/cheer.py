"""Whether a text only thanks or praises, in whatever words: by the feeling in it, and by a clause that is thanks alone;
never where something does not work.
"""

from __future__ import annotations

import re

from bot import question_shape, small_talk
from bot.characters import folded
from bot.signals import Feeling

_CLAUSE_ENDS = re.compile("[，。！？、,.!?;；~～\n]+")
_READ = 300
_PLEASED: frozenset[small_talk.Kind] = frozenset({"thanks", "solved", "praise"})
_THANKS = re.compile(
    "谢|感激|感恩|辛苦|费心|多亏|"
    r"\b(?:thank\w*|thx|appreciate\w*|cheers|gracias|agradec\w*)\b|"
    "ありがと|助かり|感謝"
)


_PLEASED_CLAUSE = re.compile(
    "(?:真心|非常|太|万分)?(?:谢谢|感谢|多谢)[^，]{0,4}$|(?:必须|要|得|特地来?)?(?:夸|表扬|点赞)(?:一?[句下个]|你们)"
)


def read(text: str, feeling: Feeling, happy_at: float) -> small_talk.Kind | None:
    """How to answer it, thanks or praise; None where it is something else."""
    if len(text) > _READ:
        return None
    trouble = question_shape.tells_of_trouble(text)
    if feeling.emotion == "happy":
        pleased = feeling.chance >= happy_at or not trouble
    else:  # joy in strong words reads like anger
        pleased = feeling.emotion == "angry" and not trouble and _has_pleased_clause(text)
    if not pleased:
        return None
    return "thanks" if _THANKS.search(folded(text)) else "praise"


def _has_pleased_clause(text: str) -> bool:
    clauses = [clause.strip() for clause in _CLAUSE_ENDS.split(text) if clause.strip()]
    return any(small_talk.detect(clause) in _PLEASED or _PLEASED_CLAUSE.match(folded(clause)) for clause in clauses)
