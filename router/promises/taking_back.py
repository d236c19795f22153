"""A message that is taken back promises nothing any more, in the same transaction; refuses what nobody took back."""

from __future__ import annotations

from collections.abc import Iterable

from database.queries import load_queries
from router.conversations.batch import Moment
from router.conversations.records import Committed, Statement


class TakingBack:
    """A follower of the journal; what waited for the promise is as if it had not been given."""

    def __init__(self) -> None:
        self._sql = load_queries(__file__)

    def __call__(self, committed: Committed, moment: Moment) -> Iterable[Statement]:
        for event in committed.events:
            if event.kind == "redact" and event.actor.kind == "agent":
                target = (committed.conversation.id, event.target_seq, moment.now, event.actor.id)
                yield Statement(self._sql["take_back_promise"], target)
