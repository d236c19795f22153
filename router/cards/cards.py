"""Cards of conversations: made when somebody begins to wait, edited by the customer, never lost to a new one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from msgspec import structs

from bot.wording import Wording
from database.errors import DatabaseUnavailable
from database.pool import Database
from database.queries import load_queries
from router.cards.card import FIELDS, Card, Field, as_stored, card_of, edit, for_agents, for_customer, made_anew, make
from router.conversations import tongue
from router.conversations.batch import Moment
from router.conversations.journal import Journal
from router.conversations.log import event_from_row
from router.conversations.messages import checked_text
from router.conversations.records import NOTHING, Change, Committed, Conversation
from router.errors import Conflict, Invalid, YingdaError
from router.payloads.cards import AgentCard, EditCard, HandOverCard, HandOverCardAck
from router.uploads.links import Links

log = logging.getLogger(__name__)

_AT_ONCE = 2
#: Conversations whose card is wanted at once.
_MOST_WANTED = 2_000
#: Whoever is waiting for their acknowledgement has the database first.
_AFTER_SECONDS = 0.01
#: So much of a log is read for a card.
_EVENTS = 400
#: The most that a customer may write into one field.
MAX_FIELD = 1_000


class Cards:
    """Whoever calls has checked whose conversation it is."""

    def __init__(self, database: Database, journal: Journal, wording: Wording, links: Links) -> None:
        self._database = database
        self._journal = journal
        self._wording = wording
        self._links = links
        self._sql = load_queries(Path(__file__))
        #: Conversations whose card is being made, and whether it has to be made once more.
        self._wanted: dict[UUID, bool] = {}
        #: A flood of hand-offs must not take the database from those who are handed off.
        self._few = asyncio.Semaphore(_AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()

    def hear(self, news: Sequence[Committed]) -> None:
        """What was committed: who begins to wait gets a card beside the hand-off, and what they add goes onto it."""
        for committed in news:
            if not _changes_card(committed):
                continue
            conversation_id = committed.conversation.id
            under_way = conversation_id in self._wanted
            if not under_way and len(self._wanted) >= _MOST_WANTED:
                continue  # made when somebody looks
            self._wanted[conversation_id] = True
            if not under_way:
                task = asyncio.create_task(self._work(conversation_id))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def drain(self) -> None:
        """Waits a moment for cards that are being made; the others are made when somebody looks."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=1)
        for task in self._tasks:
            task.cancel()

    async def of(self, row: Conversation) -> Card:
        """The stored card, else one made now: before a hand-off, and where a crash came between."""
        stored = card_of(row.card)
        made_for_good = stored is not None and row.state != "bot"
        return stored if stored is not None and made_for_good else made_anew(stored, await self._made(row))

    async def for_customer(self, row: Conversation) -> HandOverCard:
        return for_customer(_shown(await self.of(row), self._links))

    async def for_agents(self, row: Conversation) -> AgentCard:
        return for_agents(_shown(await self.of(row), self._links), row.id, row.signals)

    async def edit(self, seen: Conversation, wish: EditCard) -> dict[str, Any]:
        """The customer's own words; raises `Invalid` for no field or a too long one, `Conflict` after the end."""
        changes = _checked(wish)
        made = await self.of(seen)

        def change(row: Conversation, moment: Moment) -> Change:
            if not row.is_open:
                raise Conflict("the conversation has ended", state=row.state)
            card = edit(card_of(row.card) or made, changes, moment.now)
            shown = for_customer(_shown(card, self._links))
            return Change(fields={"card": as_stored(card)}, answer=HandOverCardAck(card=shown))

        committed = await self._journal.write(seen.id, change, sender=seen.customer_id, client_id=wish.client_id)
        return committed.answer

    async def _work(self, conversation_id: UUID) -> None:
        """Makes the card of a conversation anew, until nothing more has come."""
        try:
            await asyncio.sleep(_AFTER_SECONDS)
            async with self._few:
                while self._wanted[conversation_id]:
                    self._wanted[conversation_id] = not await self._keep(conversation_id)
        except (YingdaError, DatabaseUnavailable) as error:
            log.warning("a card was not kept: %s", type(error).__name__)
        except Exception:  # the edge of this task
            log.exception("making a card failed", extra={"conversation_id": str(conversation_id)})
        finally:
            self._wanted.pop(conversation_id, None)

    async def _keep(self, conversation_id: UUID) -> bool:
        """False where the log has grown meanwhile: nothing that was just taken back may come back with it."""
        self._wanted[conversation_id] = False
        record = await self._database.fetchrow(self._sql["conversation_of_card"], conversation_id)
        if record is None:
            return True
        seen = Conversation.from_row(record)
        made = await self._made(seen)
        fresh = True

        def keep(row: Conversation, moment: Moment) -> Change:
            nonlocal fresh
            fresh = row.last_seq == seen.last_seq
            if not fresh or not row.is_open:
                return NOTHING
            stored = as_stored(made_anew(card_of(row.card), made))
            return NOTHING if stored == row.card else Change(fields={"card": stored})

        await self._journal.write(conversation_id, keep)
        return fresh and not self._wanted[conversation_id]

    async def _made(self, row: Conversation) -> Card:
        rows = await self._database.fetch(self._sql["log_for_card"], row.id, _EVENTS)
        return make([event_from_row(each) for each in rows], row.page, self._wording, tongue.language_of(row))


def _changes_card(committed: Committed) -> bool:
    """A hand-off; and while somebody waits, or has it, what the customer adds, rates or takes back."""
    before, after = committed.before, committed.conversation
    if after.state == "waiting" and before.state == "bot":
        return True
    if after.card is None or not after.is_open:
        return False
    kinds = {event.kind for event in committed.events if event.actor.kind == "customer"}
    return "redact" in kinds or (after.state == "waiting" and bool(kinds & {"message", "rating"}))


def _checked(wish: EditCard) -> dict[Field, str]:
    changes: dict[Field, str] = {}
    for name in FIELDS:
        text: str | None = getattr(wish, name)
        if text is not None:
            changes[name] = checked_text(text, limit=MAX_FIELD, field=name) if text.strip() else ""
    if not changes:
        raise Invalid("nothing to change: give question, tried or page")
    return changes


def _shown(card: Card, links: Links) -> Card:
    """The card with links of now; kept, it has none."""
    return structs.replace(card, screenshots=tuple(links.all(card.screenshots)))


def agent_card_of(row: Conversation, links: Links) -> AgentCard | None:
    """The stored card as agents see it; None where none was made yet."""
    card = card_of(row.card)
    return None if card is None else for_agents(_shown(card, links), row.id, row.signals)
