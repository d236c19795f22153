"""How the wish for a human is said in one language: what refuses it, what asks for it, what implies it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from bot.characters import simplified

WishKind = Literal["asked", "implied"]
#: Beside them, what only sounds like a wish, or declines one.
Sign = Literal["asked", "implied", "refused"]


@dataclass(frozen=True, slots=True)
class WishPatterns:
    """Patterns over folded text (lower case, simplified characters); what `refused` matches is taken out first."""

    refused: tuple[re.Pattern[str], ...]
    asked: tuple[re.Pattern[str], ...]
    implied: tuple[re.Pattern[str], ...]
    #: Puts usual slips right before anything is matched.
    corrected: Callable[[str], str]

    @classmethod
    def of(
        cls,
        refused: tuple[str, ...],
        asked: tuple[str, ...],
        implied: tuple[str, ...],
        corrected: Callable[[str], str],
    ) -> WishPatterns:
        """Compiles patterns that are written in any characters."""
        return cls(_compiled(refused), _compiled(asked), _compiled(implied), corrected)

    def find(self, line: str) -> tuple[Sign, str] | None:
        """The kind of the wish in a folded line and the words that say it; `refused` where it only sounds like one."""
        line = self.corrected(line)
        refused = ""
        for pattern in self.refused:
            if found := pattern.search(line):
                refused = found.group()
                line = pattern.sub(" □ ", line)
        for pattern in self.asked:
            if found := pattern.search(line):
                return "asked", found.group()
        for pattern in self.implied:
            if found := pattern.search(line):
                return "implied", found.group()
        return ("refused", refused) if refused else None


def _compiled(patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(simplified(pattern)) for pattern in patterns)
