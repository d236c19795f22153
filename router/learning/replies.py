"""Which article an agent's reply was taken from, by its wording alone; says nothing where the reply is somebody's own
words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from kb_index.records import Article
from kb_index.text import canonical

_LEAST_LENGTH = 12  # characters of a reply; shorter ones are in many answers
_SHARED = 0.6  # of the shorter text's pairs of characters, so that a shortened or extended answer is recognised
_LEAD = 0.1  # over the second article


class Replies:
    """The answers of a set of articles, ready to be recognised; an agent may have pasted, shortened or extended one."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._articles = articles
        self._sizes: list[int] = []
        self._holders: dict[str, list[int]] = defaultdict(list)
        for number, article in enumerate(articles):
            pairs = _pairs(article.answer)
            self._sizes.append(len(pairs))
            for pair in pairs:
                self._holders[pair].append(number)

    def article_of(self, reply: str) -> str | None:
        """The id of the article that the reply repeats; None where none does clearly."""
        pairs = _pairs(reply)
        if len(pairs) < _LEAST_LENGTH:
            return None
        shared: dict[int, int] = defaultdict(int)
        for pair in pairs:
            for number in self._holders.get(pair, ()):
                shared[number] += 1
        likeness = sorted(
            (
                (count / max(min(len(pairs), self._sizes[number]), _LEAST_LENGTH), number)
                for number, count in shared.items()
            ),
            reverse=True,
        )
        if not likeness or likeness[0][0] < _SHARED:
            return None
        if len(likeness) > 1 and likeness[0][0] - likeness[1][0] < _LEAD:
            return None
        return self._articles[likeness[0][1]].id


def _pairs(text: str) -> frozenset[str]:
    letters = "".join(character for character in canonical(text) if character.isalnum())
    return frozenset(letters[at : at + 2] for at in range(len(letters) - 1))
