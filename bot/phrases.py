"""Reading a text as a row of known phrases, in linear time; refuses to say anything about a text with other words
in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_GAP = re.compile(r"[\W_]*")  # punctuation, spaces and emoji between phrases
_RUN = re.compile(r"(.)\1{2,}")
_LETTER = re.compile(r"[a-z0-9áéíóúüñ]")


class Phrasebook:
    """Phrases in folded text, each with its kind; the longest phrase wins at each place."""

    def __init__(self, kinds: Mapping[str, Iterable[str]]) -> None:
        self._kind = {_RUN.sub(r"\1\1", phrase): kind for kind, phrases in kinds.items() for phrase in phrases}
        self._longest = max(map(len, self._kind))

    def whole(self, line: str) -> list[str] | None:
        """The kinds of all phrases, in order, where they make up the whole line; None otherwise (an empty line too)."""
        line = _RUN.sub(r"\1\1", line)
        if not self._covers(line):
            return None
        # best[i]: the fewest phrases that cover line[i:], with the first one's kind and end; from the back to the front
        best: list[tuple[int, str, int] | None] = [None] * (len(line) + 1)
        best[len(line)] = (0, "", len(line))
        for start in range(len(line) - 1, -1, -1):
            gap = _GAP.match(line, start)
            if gap is not None and gap.end() > start:
                best[start] = best[gap.end()]
                if best[start] is not None:
                    continue
            for end in range(start + 1, min(len(line), start + self._longest) + 1):
                kind = self._kind.get(line[start:end])
                rest = best[end]
                if kind is None or rest is None or _inside_word(line, start, end):
                    continue
                held = best[start]
                if held is None or rest[0] + 1 <= held[0]:
                    best[start] = (rest[0] + 1, kind, end)
        kinds, place = [], 0
        while place < len(line):
            step = best[place]
            if step is None:
                return None
            if step[1]:
                kinds.append(step[1])
            place = step[2]
        return kinds or None

    def _covers(self, line: str) -> bool:
        """Whether phrases lead from the start to the end; most texts are questions and fail at their first word."""
        reached, furthest = {0}, 0
        for start in range(len(line)):
            if start > furthest:
                return False
            if start not in reached:
                continue
            gap = _GAP.match(line, start)
            ends = [gap.end()] if gap is not None else []
            for end in range(start + 1, min(len(line), start + self._longest) + 1):
                if line[start:end] in self._kind and not _inside_word(line, start, end):
                    ends.append(end)
            reached.update(ends)
            furthest = max(furthest, *ends, start)
        return len(line) in reached

    def strip(self, line: str, touching: str) -> int:
        """How far phrases reach from the start of the line: the place of the first word that is in none.

        Only phrases of the kind `touching` may run into the next word (你好怎么登录); the others are followed by a gap,
        for 测试 begins 测试用例 too.
        """
        place = 0
        while True:
            gap = _GAP.match(line, place)
            start = gap.end() if gap else place
            for end in range(min(len(line), start + self._longest), start, -1):
                kind = self._kind.get(line[start:end])
                if kind is None or _inside_word(line, start, end):
                    continue
                if kind == touching or end == len(line) or not line[end].isalnum():
                    place = end
                    break
            else:
                return start


def _inside_word(line: str, start: int, end: int) -> bool:
    """Whether a phrase in letters would cut a word: `hi` in `hint`."""
    if start > 0 and _LETTER.match(line[start]) and _LETTER.match(line[start - 1]):
        return True
    return end < len(line) and bool(_LETTER.match(line[end - 1])) and bool(_LETTER.match(line[end]))
