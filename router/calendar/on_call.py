"""值班: tells those on call that an important customer wants a human while the desk is closed; once an hour at most."""

from __future__ import annotations

from datetime import datetime

from router.calendar.calendars import Calendars
from router.conversations.records import Conversation, Statement
from router.notifications.outbox import Outbox
from router.notifications.records import Notice, Staff
from router.sentences import say


class OnCall:
    """Pure: what it tells commits with the hand-off."""

    def __init__(self, calendars: Calendars, outbox: Outbox) -> None:
        self._calendars = calendars
        self._outbox = outbox

    def told(self, row: Conversation, tier: str, now: datetime, *, left_message: bool = False) -> tuple[Statement, ...]:
        """What tells them; nothing where nobody is on call for the tier, or where the desk is open anyway."""
        people = self._calendars.accounts_on_call(tier, now)
        if not people or self._calendars.of(row.group_id, tier).is_open(now):
            return ()
        data = {
            "text": say("alert.on_call_left" if left_message else "alert.on_call_asked", tier=tier),
            "alert": "on_call",
            "tier": tier,
            "conversation_id": str(row.id),
            "at": now.isoformat(),
        }
        hour = now.strftime("%Y%m%dT%H")
        return tuple(
            self._outbox.statement(Notice("on_call", Staff(account), data, f"on_call:{row.id}:{account}:{hour}"))
            for account in people
        )
