"""Other nodes of the same desk: what they are told, what is heard of them, what is looked up where that fails."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec import Raw

from router.assembly.ground import Ground
from router.assembly.people import Staff
from router.assembly.sockets import Sockets
from router.assembly.talk import Talk
from router.conversations.records import Committed
from router.sockets.clock_board import CLOCKS
from router.sockets.presence_notices import PRESENCE
from router.sockets.queue_notices import PLACE
from router.wire.catching_up import CatchingUp, Told
from router.wire.everywhere import LEFT, SHOW, SHUT_OUT
from router.wire.marks import Marks
from router.wire.news import News, committed_of, news_of
from router.wire.parcels import Ids, unpacked
from router.wire.wire import Wire

NEWS = "news"


@dataclass(frozen=True, slots=True)
class Nodes:
    """Nothing of it is there where one process is the whole desk."""

    wire: Wire
    marks: Marks
    catching_up: CatchingUp

    @property
    def loops(self) -> tuple[Callable[[], Coroutine[Any, Any, None]], ...]:
        return (self.wire.run, self.catching_up.run)

    def after_commit(self, news: Sequence[Committed]) -> None:
        """What was committed here: the pages here have been told."""
        if not self.marks.note_all(news):
            self.catching_up.doubt()
        for committed in news:
            self.wire.send(NEWS, news_of(committed))


def wire_nodes(ground: Ground, staff: Staff, talk: Talk, sockets: Sockets) -> Nodes | None:
    wire, gateway, seats = ground.wire, ground.gateway, sockets.seats
    if wire is None:
        return None
    marks = Marks()
    shows_reads = ground.settings.customers.show_read_marks
    told = Told(
        gateway,
        seats,
        sockets.broadcast,
        sockets.queue,
        sockets.chat.shut_out,
        staff.presence_notices.follow,
        shows_reads,
    )
    catching_up = CatchingUp(ground.database, talk.reading, marks, told, wire, ground.clock)

    async def hear_news(raw: Raw) -> None:
        news = unpacked(raw, News)
        shown = gateway.is_here(news.customer_id) or gateway.is_watched(news.conversation_id)
        if shown or (news.live and len(seats)):
            fresh = marks.fresh([committed_of(news)])
            await sockets.broadcast.tell(fresh)
            sockets.clock_board.follow(fresh)
            if not marks.note_all(fresh):
                catching_up.doubt()

    async def hear_shut_out(raw: Raw) -> None:
        for customer_id in unpacked(raw, Ids).ids:
            await sockets.chat.shut_out(customer_id)

    async def hear_left(raw: Raw) -> None:
        for account_id in unpacked(raw, Ids).ids:
            sockets.agents.left_elsewhere(account_id)

    wire.listen(
        {
            NEWS: hear_news,
            SHOW: ground.pages.hear,
            PLACE: sockets.queue.hear,
            PRESENCE: staff.presence_notices.hear,
            CLOCKS: sockets.clock_board.hear,
            SHUT_OUT: hear_shut_out,
            LEFT: hear_left,
        }
    )
    return Nodes(wire, marks, catching_up)
