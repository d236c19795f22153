"""What happens in conversations, as events for other systems; nothing is recorded that no system asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from router.conversations.batch import Moment
from router.conversations.records import Committed, Conversation, Statement, files_of
from router.notifications.outbox import Outbox
from router.notifications.records import Integrators, Notice
from router.payloads.log import Event

_OF_STATE = {
    "waiting": "conversation.handed_off",
    "human": "conversation.assigned",
    "bot": "conversation.returned",
    "closed": "conversation.closed",
}


class Happenings:
    """A journal follower. ``wanted`` says, from memory, whether any webhook asked for a type of event."""

    def __init__(self, outbox: Outbox, wanted: Callable[[str], bool]) -> None:
        self._outbox = outbox
        self._wanted = wanted

    def follow(self, committed: Committed, moment: Moment) -> Iterable[Statement]:
        row = committed.conversation
        if committed.before.last_seq == 0 and committed.events and self._wanted("conversation.created"):
            yield self._statement("conversation.created", row, committed.events[0].seq, _of(row))
        for event in committed.events:
            kind = _type_of(event)
            if kind is not None and self._wanted(kind):
                yield self._statement(kind, row, event.seq, {**_of(row), "seq": event.seq, **_details(event)})

    def _statement(self, kind: str, row: Conversation, seq: int, data: dict[str, Any]) -> Statement:
        return self._outbox.statement(Notice(kind, Integrators(), data, f"{kind}:{row.id}:{seq}"))


def _of(row: Conversation) -> dict[str, Any]:
    return {
        "conversation_id": str(row.id),
        "customer_id": str(row.customer_id),
        "site": row.site,
        "channel": row.channel,
        "state": row.state,
        "group_id": None if row.group_id is None else str(row.group_id),
        "agent_id": None if row.owner is None else str(row.owner),
    }


def _type_of(event: Event) -> str | None:
    if event.kind == "message":
        return "conversation.message"
    if event.kind == "state" and isinstance(event.state, str):
        return _OF_STATE[event.state]
    return "rating.created" if event.kind == "rating" else None


def _files(event: Event) -> dict[str, Any]:
    """What was sent along; fetched by ``GET /api/v1/uploads/{id}/link``, for a link in a notice would run out."""
    files = [{"id": str(file.id), "name": file.name, "type": file.type} for file in files_of(event) if file.id]
    return {"attachments": files} if files else {}


def _details(event: Event) -> dict[str, Any]:
    if event.kind == "message":
        return {
            "actor": event.actor.kind,
            "text": event.text if isinstance(event.text, str) else "",
            "ticket": event.number if isinstance(event.number, str) else None,
            **_files(event),
        }
    if event.kind == "state":
        return {"state": event.state, "reason": event.reason if isinstance(event.reason, str) else ""}
    given = {name: getattr(event, name) for name in ("csat", "nps", "resolved", "helpful", "target_seq")}
    return {name: value for name, value in given.items() if isinstance(value, int)}  # what is not set is left out
