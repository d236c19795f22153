"""Decisions on words that mean the same in every conversation, kept for those who ask the same; refuses whatever the
conversation has a say in: options shown before, an article said or turned down already, words that lean on others.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from bot import follow_up
from bot.records import Answer, Clarification, Decision, Turn

_REMEMBERED = 4_096
_LONGEST = 200  # characters
#: What begins or ends to be valid does so a few seconds later for a question that was just asked.
VALID_SECONDS = 10

#: The words, the page's language, who asks, whether humans are there, and the moment.
_Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Kept:
    decision: Answer | Clarification
    #: A conversation in which one of these was said or turned down is decided by itself.
    article_ids: frozenset[str]


class Decided:
    """One index, one set of thresholds: whoever changes either begins with a new one."""

    def __init__(self, misses_before_handoff: int) -> None:
        self._misses_before_handoff = misses_before_handoff
        self._kept: OrderedDict[_Key, _Kept] = OrderedDict()

    def find(self, turn: Turn) -> Decision | None:
        """The decision on the same words, unless this conversation may change it."""
        kept = self._kept.get(_key(turn)) if _is_plain(turn) else None
        return kept.decision if kept is not None and self._holds(kept, turn) else None

    def keep(self, turn: Turn, decision: Decision, *, by_itself: bool) -> None:
        """``by_itself``: the words were read without the question before."""
        if not (by_itself and _is_plain(turn) and isinstance(decision, Answer | Clarification)):
            return
        if isinstance(decision, Answer):
            article_ids = frozenset(source.article_id for source in decision.sources)
        else:
            article_ids = frozenset(candidate.article.id for candidate in decision.analysis.candidates)
        kept = _Kept(decision, article_ids)
        if self._holds(kept, turn) and follow_up.stands_alone(decision.analysis.question):
            self._kept[_key(turn)] = kept
            if len(self._kept) > _REMEMBERED:
                self._kept.popitem(last=False)

    def _holds(self, kept: _Kept, turn: Turn) -> bool:
        return (
            kept.article_ids.isdisjoint(turn.last_article_ids)
            and kept.article_ids.isdisjoint(turn.refused_article_ids)
            and (isinstance(kept.decision, Answer) or turn.misses + 1 < self._misses_before_handoff)
        )


def _is_plain(turn: Turn) -> bool:
    """Whether nothing but one text was said, and nothing was asked before it."""
    return (
        len(turn.fragments) == 1
        and not turn.offered
        and not turn.asked_back
        and turn.chosen_option is None
        and not turn.attachments
        and len(turn.fragments[0]) <= _LONGEST
    )


def _key(turn: Turn) -> _Key:
    text, scope = turn.fragments[0], turn.scope
    # Each text at its own second: what expires at once is decided anew at once, and everybody waits.
    moment = 0 if scope.at is None else (int(scope.at.timestamp()) + hash(text)) // VALID_SECONDS
    asker = (scope.site, scope.audience, scope.edition, scope.locale, scope.internal)
    return (text, turn.locale, asker, turn.humans_available, moment)
