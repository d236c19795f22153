"""What the answer to the question for the topic changes: the topic, and the group where that one can help sooner."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from msgspec import structs

from bot.wording import Wording
from router.conversations import tongue
from router.conversations.batch import Moment
from router.conversations.hand_off import asked_in
from router.conversations.journal import Journal
from router.conversations.messages import bot_says
from router.conversations.records import NOTHING, Change, Conversation
from router.payloads.log import Event
from router.waiting.waiting_line import WaitingLine
from router.waiting_room.told import as_stored, told_of
from router.waiting_room.topics import TopicQuestion


class Choosing:
    """Rank and time of joining stay: nobody loses their place by answering."""

    def __init__(
        self,
        journal: Journal,
        line: WaitingLine,
        topics: TopicQuestion,
        wording: Wording,
        dispatch: Callable[[], Awaitable[None]],
    ) -> None:
        self._journal = journal
        self._line = line
        self._topics = topics
        self._wording = wording
        self._dispatch = dispatch

    async def choose(self, seen: Conversation, message: Event, topic: str | None) -> None:
        """``topic`` None: skipped."""
        group = await self._line.group_for(asked_in(seen, topic=topic), seen.customer_id) if topic else None
        helps = group is not None and (await self._line.availability(group)).agents_online > 0

        def keep(row: Conversation, moment: Moment) -> Change:
            told = told_of(row.told)
            if row.state == "human" and topic and row.topic is None:
                return Change(fields={"topic": topic})  # taken meanwhile: good to know for whoever has it
            if row.state != "waiting" or not told.asks_topic:
                return NOTHING
            fields: dict[str, Any] = {"told": as_stored(structs.replace(told, asks_topic=False))}
            if topic is None:
                return Change(fields=fields)
            fields["topic"] = topic
            if group is not None and helps and group.id != row.group_id:
                fields |= {"group_id": group.id, "offered_to": None, "offer_expires_at": None, "declined_by": []}
            locale = tongue.language_of(row)
            text = self._wording.say("topic_noted", locale, topic=self._topics.label(topic, locale))
            return Change(events=(bot_says(text, reply_to_seq=message.seq),), fields=fields)

        committed = await self._journal.write(seen.id, keep)
        if committed.conversation.group_id != seen.group_id:
            await self._dispatch()
