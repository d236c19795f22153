"""What was taken back leaves everything that was made of it, in the same transaction: summaries and solved cases."""

from __future__ import annotations

from collections.abc import Iterable

from database.queries import load_queries
from router.conversations.batch import Moment
from router.conversations.records import Committed, Statement
from router.sentences import say

#: Until the summary is made anew from what is left.


class Forgetting:
    """A follower of the journal."""

    def __init__(self) -> None:
        self._sql = load_queries(__file__)

    def __call__(self, committed: Committed, moment: Moment) -> Iterable[Statement]:
        conversation_id = committed.conversation.id
        for event in committed.events:
            if event.kind == "redact":
                yield Statement(self._sql["rewrite_summaries"], (conversation_id, say("summary.emptied")))
                yield Statement(self._sql["forget_cases"], (conversation_id, event.target_seq))
