"""What a conversation is about, told once it matters: the layers that tell topics best are not run for what the bot
settles by itself; refuses to hold anybody up, and to remember.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

from bot.signals import Signals
from database.pool import Database
from database.queries import load_queries
from models.batching import QuestionNotEncoded
from router.conversations.moods import Topic, newer
from router.conversations.records import Conversation

log = logging.getLogger(__name__)

#: The customer's newest messages that are read again: what came before them has faded.
_MESSAGES = 8
#: Nobody waits longer for it; what was heard on the way stands then.
_PATIENCE_SECONDS = 2.0


class About:
    """Reads a conversation again as carefully as single messages to humans are read."""

    def __init__(self, database: Database, read: Callable[[str], Awaitable[Signals]]) -> None:
        """``read``: what one message says between its lines, its topic as well as can be told."""
        self._database = database
        self._read = read
        self._sql = load_queries(Path(__file__))

    async def of(self, row: Conversation) -> Topic | None:
        """The topic of what the customer has said so far; None where that cannot be had now, or nothing was said."""
        if row.question_seq == 0:
            return None
        said = await self._database.fetch(self._sql["newest_words"], row.id, _MESSAGES)
        texts = [each["text"] for each in reversed(said) if each["text"]]
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                read = await asyncio.gather(*map(self._read, texts))
        except (QuestionNotEncoded, TimeoutError) as error:
            log.warning("the topic stays as heard: %s", type(error).__name__)
            return None
        topic = Topic(None, 0.0)
        for one in read:
            topic = newer(topic, Topic(one.topic, one.topic_chance))
        return topic if read else None
