"""How a conversation's clocks follow its log: what starts, stops, pauses and ends them; pure, in the same transaction.

They start at the hand-off. The first reply is met by words of an agent that count as a reply (`replies`); the next one
runs only while the customer spoke last, and the resolution pauses while we wait for the customer. A transfer changes
nothing, another level resets nothing. Leaving the line, going back to the bot and the end end them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec import UNSET

from router.clocks.clocks import RESOLUTION, Clocks
from router.clocks.records import Subject
from router.clocks.replies import is_reply
from router.conversations.batch import Moment
from router.conversations.records import Committed, Conversation, Statement, text_of
from router.payloads.log import Event

_LIVE = ("waiting", "human")


class Following:
    """A follower of the journal."""

    def __init__(self, clocks: Clocks) -> None:
        self._clocks = clocks

    def __call__(self, committed: Committed, moment: Moment) -> Iterable[Statement]:
        before, after = committed.before, committed.conversation
        if before.state not in _LIVE and after.state not in _LIVE:
            return ()  # the bot's
        subject = subject_of(after)
        if before.state not in _LIVE:
            return self._clocks.start(subject, ("first_reply", "resolution"), moment.now)
        statements: list[Statement] = []
        for event in committed.events:
            statements += self._after_message(before, after, event, moment.now)
        if after.state not in _LIVE:
            settled = after.state == "closed" and after.reason == "resolved" and after.resolved is not False
            statements += self._clocks.end(subject, moment.now, met=RESOLUTION if settled else ())
        elif before.level != after.level:
            statements += self._clocks.relevel(subject, moment.now)
        return statements

    def _after_message(
        self, before: Conversation, after: Conversation, event: Event, now: datetime
    ) -> tuple[Statement, ...]:
        if event.kind != "message" or event.number is not UNSET:  # what is said about a ticket is the ticket's
            return ()
        if event.actor.kind == "agent":
            if before.first_reply_at is None and after.first_reply_at is not None:
                return self._clocks.replied(subject_of(after), now)
            if before.first_reply_at is not None and counts(event, first=False):
                return self._clocks.replied(subject_of(after), now)
        elif event.actor.kind == "customer" and before.first_reply_at is not None:
            return self._clocks.customer_spoke(subject_of(after), now)
        return ()


def subject_of(row: Conversation) -> Subject:
    return Subject("conversation", row.id, row.level, row.tier, row.group_id)


def counts(event: Event, *, first: bool) -> bool:
    """Whether an agent's message stops a clock; a file does, whatever is written under it."""
    return bool(event.attachments) or is_reply(text_of(event), first=first)
