"""What everybody hears after a commit: the log's news to customer and watchers, ownership to agents, places in line."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from msgspec import structs

from database.errors import DatabaseUnavailable
from router.cards.cards import agent_card_of
from router.conversations.http import marks_of
from router.conversations.moods import soured_at
from router.conversations.projections import for_customer
from router.conversations.reading import Reading, unread_for_agent
from router.conversations.records import Committed, Conversation
from router.notifications.alerts import Alerts
from router.payloads.desk import Summary, Unassigned
from router.sockets.errands import Errands
from router.sockets.gateway import Gateway
from router.sockets.line_board import LineBoard
from router.sockets.offers import Offers
from router.sockets.queue_notices import QueueNotices
from router.sockets.seats import Seats
from router.uploads.links import Links

_TOLD_AGAIN = 50


class Broadcast:
    """The journal's listener. What needs the database is an errand beside the journal, in order for each conversation
    and each agent.
    """

    def __init__(
        self,
        gateway: Gateway,
        board: LineBoard,
        queue: QueueNotices,
        offers: Offers,
        seats: Seats,
        reading: Reading,
        alerts: Alerts,
        links: Links,
        errands: Errands,
    ) -> None:
        self._errands = errands
        self._gateway = gateway
        self._links = links
        self._alerts = alerts
        self._board = board
        self._queue = queue
        self._offers = offers
        self._seats = seats
        self._reading = reading
        self._doubted: set[UUID] = set()

    async def tell(self, news: Sequence[Committed]) -> None:
        """Hands the events of a batch to the sockets, in their order."""
        for committed in news:
            before, after = committed.before, committed.conversation
            watched = self._gateway.is_watched(after.id)
            for event in map(self._links.event, committed.events):
                await self._gateway.to_customer(after.customer_id, "event", for_customer(event))
                if watched:
                    await self._gateway.to_watchers(after.id, "event", event)
            if watched and before.card is not after.card and (card := agent_card_of(after, self._links)) is not None:
                await self._gateway.to_watchers(after.id, "card", card)
            if (before.owner, before.group_id) != (after.owner, after.group_id):
                await self._change_watchers(after)
            for note in committed.notes:
                await self._seats.tell_note(after, note)
            if before.state == "waiting" and after.state != "waiting":
                self._queue.left(after.id)
            if "waiting" in (before.state, after.state):
                self._board.touch(after.id, before.group_id, after.group_id)
            moved = (before.state, before.owner, before.offered_to) != (after.state, after.owner, after.offered_to)
            seen = (before.signals, before.held_until) != (after.signals, after.held_until)
            heard = after.state == "human" and seen
            if moved or heard or (committed.events and after.state in ("waiting", "human")):
                self._tell_agents_soon(before, after)

    def _tell_agents_soon(self, before: Conversation, after: Conversation) -> None:
        if self._errands.is_full:
            self._doubted.add(after.id)  # told from the database, once there is time
            return
        about = {after.id, before.owner, after.owner, before.offered_to, after.offered_to} - {None}
        self._errands.put(about, partial(self._tell_agents, before, after))

    async def _change_watchers(self, row: Conversation) -> None:
        """At once, not as an errand: who may see it no longer hears nothing of what comes next."""
        await self._seats.show_out(row)
        if row.state == "human" and row.owner is not None:
            await self._gateway.watch_for_agent(row.owner, row.id)

    def doubt(self, conversation_ids: set[UUID]) -> None:
        """The database went away in the middle of a commit: these may hold events that nobody was told of."""
        self._doubted |= conversation_ids

    async def tell_doubted(self) -> None:
        """Tells the ends of the doubted logs again; what was told before is told twice, which clients ignore."""
        doubted, self._doubted = self._doubted, set()
        if not doubted:
            return
        try:
            rows, events = await self._reading.ends_of(doubted, _TOLD_AGAIN)
        except DatabaseUnavailable:
            self._doubted |= doubted
            raise
        for row in rows:
            unknown = structs.replace(row, state="bot", owner=None, offered_to=None)
            told = tuple(event for event in events if event.conversation_id == row.id)
            await self.tell([Committed(unknown, row, told, (), {})])
            self._board.touch(row.id, row.group_id)

    async def _tell_agents(self, before: Conversation, after: Conversation) -> None:
        owner_before = before.owner if before.state == "human" else None
        owner_after = after.owner if after.state == "human" else None
        if owner_before is not None and owner_before != owner_after:
            gone = Unassigned(conversation_id=after.id, reason=after.reason or "")
            await self._gateway.to_agent(owner_before, "unassigned", gone)
        if owner_after is not None and owner_after != owner_before and self._seats.has(owner_after):
            await self._gateway.to_agent(owner_after, "assigned", await self._offers.of(after))
        if before.offered_to is not None and before.offered_to != after.offered_to and owner_after != before.offered_to:
            withdrawn = Unassigned(conversation_id=after.id, reason="offer_over")
            await self._gateway.to_agent(before.offered_to, "unassigned", withdrawn)
        offered_to = after.offered_to
        if offered_to is not None and before.offered_to != offered_to and self._seats.has(offered_to):
            await self._gateway.to_agent(offered_to, "offer", await self._offers.of(after))
        if after.state == "waiting" and before.state != "waiting":
            await self._queue.joined(after, afresh=before.state == "bot")
        summary = Summary(
            conversation_id=after.id,
            state=after.state,
            last_seq=after.last_seq,
            last_text=after.last_text,
            unread=unread_for_agent(after),
            **marks_of(after),
        )
        for agent_id in {owner_before, owner_after} - {None}:
            await self._gateway.to_agent(agent_id, "summary", summary)  # type: ignore[arg-type]
        await self._gateway.to_supervisors("summary", summary)
        if soured_at(after) is not None and soured_at(after) != soured_at(before):
            alert, key = await self._offers.alert(after), f"soured:{after.id}:{soured_at(after)}"
            await self._alerts.tell(alert, owner=None, group_id=after.group_id, key=key)
