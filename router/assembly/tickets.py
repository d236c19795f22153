"""Tickets: made, changed, answered, closed by time, and everybody who hears of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from bot.wording import Wording
from router.agents.records import Account
from router.assembly.ground import Ground
from router.assembly.people import Clients
from router.assembly.talk import Talk
from router.assembly.uploads import Files
from router.cards.cards import Cards
from router.conversations.http import colleague_of
from router.errors import NotFound
from router.help.minding import MindedWords
from router.idempotency import Repeats
from router.routes import Face
from router.tickets.answering import Answering
from router.tickets.changing import Changing
from router.tickets.closing import Closing
from router.tickets.creating import Creating
from router.tickets.handing_on import HandingOn
from router.tickets.http import TicketsHttp
from router.tickets.merging import Merging
from router.tickets.messages_left import MessagesLeft
from router.tickets.news import News
from router.tickets.notices import Notices
from router.tickets.own import OwnTickets
from router.tickets.speaking import Speaking
from router.tickets.states import Terms
from router.tickets.store import TicketStore
from router.tickets.threads import Threads
from router.tickets.tickets import Tickets
from router.tickets.timing import Timing
from router.tickets.views import Views
from router.tickets.writing import Writing
from router.timetable import Job


@dataclass(frozen=True, slots=True)
class Ticketing:
    store: TicketStore
    creating: Creating
    own: OwnTickets
    answering: Answering
    messages_left: MessagesLeft
    closing: Closing
    handing_on: HandingOn
    news: News
    faces: tuple[Face, ...]

    async def sees(self, account: Account, ticket_id: UUID) -> bool:
        """Whether a colleague may see a ticket."""
        try:
            await self.store.visible(colleague_of(account), str(ticket_id))
        except NotFound:
            return False
        return True

    def jobs(self) -> list[Job]:
        return [
            Job("close solved tickets", 60, self.closing.tick),
            Job("hand on tickets", 15, self.handing_on.tick),
        ]


def wire_drafting(ground: Ground) -> Tickets:
    """How tickets are made; conversations need it before there are conversations."""
    return Tickets(ground.sealer, ground.outbox, Timing(ground.clocks), lambda: ground.calendars.now().zone)


def wire_tickets(
    ground: Ground,
    clients: Clients,
    talk: Talk,
    tickets: Tickets,
    wording: Wording,
    words: MindedWords,
    cards: Cards,
    files: Files,
) -> Ticketing:
    settings, database, clock = ground.settings, ground.database, ground.clock
    ends = settings.tickets

    def terms() -> Terms:
        return Terms(ground.calendars.now(), ends.close_after_working_days, timedelta(days=ends.reopen_days))

    repeats = Repeats(database, clock)
    store = TicketStore(database, ground.sealer)
    threads = Threads(talk.conversations, talk.journal, store)
    notices = Notices(ground.outbox, store)
    writing = Writing(store, threads, tickets, notices, Timing(ground.clocks), ground.audit, clock)
    speaking = Speaking(wording, close_after_days=ends.close_after_working_days, reopen_days=ends.reopen_days)
    news = News(store, talk.journal, ground.pages)
    creating = Creating(
        database,
        store,
        threads,
        tickets,
        talk.conversations,
        clients.customers,
        cards,
        news,
        repeats,
        ground.audit,
        clock,
        default_site=settings.sites.default,
    )
    own = OwnTickets(database, store, files.reading.of_comments, terms, clock)
    return Ticketing(
        store=store,
        creating=creating,
        own=own,
        answering=Answering(database, own, writing, speaking, news, repeats, files.attaching, terms),
        messages_left=MessagesLeft(
            talk.conversations, talk.hand_off, tickets, wording, clock, settings.notifications.reach
        ),
        closing=Closing(database, store, writing, speaking, news, terms, clock),
        handing_on=HandingOn(database, store, writing, news, ground.alerts),
        news=news,
        faces=(
            TicketsHttp(
                store,
                Views(
                    store,
                    clients.customers,
                    ground.clocks,
                    files.of_conversations,
                    files.reading.of_comments,
                    terms,
                    clock,
                ),
                creating,
                Changing(store, writing, speaking, notices, words, files.attaching, terms),
                Merging(store, writing, speaking),
                news,
                talk.handling,
            ),
        ),
    )
