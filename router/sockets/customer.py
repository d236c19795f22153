"""The customers' namespace ``/chat``: parses, delegates, emits; who the customer is was settled at connect."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from router.blocks.gate import Gate
from router.callbacks.callbacks import Callbacks
from router.cards.cards import Cards
from router.conversations.conversations import BelowATicket, Conversations
from router.conversations.feedback import Feedback
from router.conversations.finding import Place
from router.conversations.questions import Questions
from router.conversations.reading import Reading
from router.customers.customers import Customers
from router.customers.records import Welcome
from router.errors import Invalid, Unavailable
from router.events import CHAT_EVENTS
from router.knowledge.public import PublicArticles
from router.observing.stages import Observe
from router.payloads.base import Ok, Storing
from router.payloads.callbacks import BookCallback, CallbackSlots, CallbackSlotsAck, CancelCallback
from router.payloads.cards import EditCard, HandOverCardAck, HandOverCardWish
from router.payloads.customers import (
    ChatAuth,
    CustomerClose,
    CustomerSendMessage,
    FollowUp,
    LeaveMessage,
    LeaveQueue,
    Page,
    RateAnswer,
    RateConversation,
    RequestHuman,
    SyncAck,
    Threads,
    ThreadsAck,
)
from router.payloads.log import Actor
from router.payloads.reading import ArticleAck, ArticleWish, EmailTranscript
from router.payloads.shared import Read, ReadNotice, Recall, Sync, Typing, TypingNotice
from router.payloads.tickets import AnswerTicket, OwnTicketAck, Tickets, TicketsAck, TicketWish
from router.payloads.trail import Track
from router.ratings.ratings import Ratings
from router.ratings.surveys import Surveys
from router.ratings.unsolved import Unsolved
from router.security.identity import IdentityReader
from router.sockets.base import Around, TypedNamespace, parse
from router.sockets.gateway import CHAT, Gateway
from router.sockets.greeting import Greeting
from router.sockets.limits import SocketLimits
from router.sockets.queue_notices import QueueNotices
from router.tickets.answering import Answering
from router.tickets.messages_left import MessagesLeft
from router.tickets.own import OwnTickets
from router.trail.trail import Trails, clean
from router.transcripts.transcripts import Transcripts
from router.wire.everywhere import Everywhere

PROTOCOL = 1
_MAX_SITE = 100
_ALWAYS = frozenset({"close", "recall"})
_MAX_URL = 2_000


@dataclass(frozen=True, slots=True)
class TicketParts:
    """The customer's side of tickets."""

    messages_left: MessagesLeft
    own: OwnTickets
    answering: Answering


@dataclass(frozen=True, slots=True)
class ChatParts:
    """What the namespace delegates to."""

    conversations: Conversations
    feedback: Feedback
    cards: Cards
    callbacks: Callbacks
    questions: Questions
    reading: Reading
    customers: Customers
    ratings: Ratings
    surveys: Surveys
    unsolved: Unsolved
    gate: Gate
    identities: IdentityReader
    ticketing: TicketParts
    articles: PublicArticles
    transcripts: Transcripts
    greeting: Greeting
    trails: Trails
    queue: QueueNotices
    gateway: Gateway
    pages: Everywhere
    is_ready: Callable[[], bool]
    sites: frozenset[str]
    default_site: str


class ChatNamespace(TypedNamespace):
    """One socket is one page of one customer."""

    def __init__(self, parts: ChatParts, limits: SocketLimits, observe: Observe, around: Around | None = None) -> None:
        super().__init__(CHAT, CHAT_EVENTS, limits, observe, parts.gateway.disconnect, around)
        self._parts = parts
        self._places: dict[str, Place] = {}

    @property
    def connected(self) -> int:
        return len(self._places)

    async def entered(self, sid: str, auth: Any) -> None:
        asked = parse(auth if auth is not None else {}, ChatAuth)
        if asked.protocol != PROTOCOL:
            raise Invalid("this server speaks protocol 1", protocol=PROTOCOL)
        if not self._parts.is_ready():
            raise Unavailable("the service is starting")
        site = asked.site or self._parts.default_site
        if site not in self._parts.sites:
            raise Invalid("there is no such site", site=site[:_MAX_SITE])
        identity = self._parts.identities.read(asked.identity) if asked.identity else None
        visitor = asked.visitor if asked.visitor and asked.visitor.isascii() else None
        welcome = await self._parts.customers.welcome(visitor, identity, asked.locale)
        page = asked.page
        if page is not None:
            page.url, page.title = _short(page.url), _short(page.title)
        locale = welcome.customer.locale or "zh-CN"
        place = Place(welcome.customer.id, site, "web", locale, page)
        if welcome.merged_from is not None:
            await self.disconnect_customer(welcome.merged_from)
        self._parts.gate.note(welcome.customer.id, welcome.customer.blocked_until)
        self.limits.belongs(sid, str(welcome.customer.id))
        self._places[sid] = place  # after everything that can fail: nobody tells us that a refused socket has gone
        await self._parts.gateway.enter_customer(sid, welcome.customer.id)
        self.welcome_soon(sid, self._welcome(sid, place, welcome))

    async def _welcome(self, sid: str, place: Place, welcome: Welcome) -> None:
        row = await self._parts.conversations.open_of(place)
        greeting = await self._parts.greeting.for_customer(welcome, row, place)
        greeting.tickets = not welcome.is_new and await self._parts.ticketing.own.has_any(place.customer_id)
        greeting.transcripts = self._parts.transcripts.is_on
        if row is None and not welcome.is_new:
            greeting.survey = await self._parts.surveys.due(welcome.customer.id)
        await self._parts.gateway.to_socket(CHAT, sid, "welcome", greeting)
        if row is not None and row.state == "waiting":
            await self._parts.queue.welcomed(sid, row)

    async def answer_of(self, sid: str, client_id: UUID) -> dict[str, Any] | None:
        return await self._parts.conversations.answer_of(self._place(sid).customer_id, client_id)

    def require_admitted(self, sid: str, event: str) -> None:
        """Of somebody who is blocked nothing is stored but the end and what they take back."""
        if event not in _ALWAYS and issubclass(CHAT_EVENTS[event][0], Storing):
            self._parts.gate.require_open(self._place(sid).customer_id)

    async def left(self, sid: str) -> None:
        self._places.pop(sid, None)

    def _place(self, sid: str) -> Place:
        try:
            return self._places[sid]
        except KeyError:
            raise Unavailable from None

    async def disconnect_customer(self, customer_id: UUID) -> None:
        """Closes every page of a customer whose token was revoked or who turned out to be somebody known."""
        self._parts.pages.shut_out(customer_id)
        await self.shut_out(customer_id)

    async def shut_out(self, customer_id: UUID) -> None:
        """The same for the pages of this node."""
        for sid in [sid for sid, place in self._places.items() if place.customer_id == customer_id]:
            await self._parts.gateway.disconnect(sid)

    async def handle_send_message(self, sid: str, said: CustomerSendMessage) -> dict[str, Any]:
        """To the bot or a human; below a ticket's words that wait for the customer, to the ticket."""
        place, answering = self._place(sid), self._parts.ticketing.answering
        answered = await answering.take_option(place, said)
        if answered is not None:
            return answered
        try:
            return await self._parts.conversations.receive(place, said)
        except BelowATicket as below:
            answered = await answering.take_words(place, said, below.conversation_id)
        return answered or await self._parts.conversations.receive(place, said, to_a_ticket=False)

    async def handle_request_human(self, sid: str, wish: RequestHuman) -> dict[str, Any]:
        return await self._parts.conversations.request_human(self._place(sid), wish)

    async def handle_leave_queue(self, sid: str, wish: LeaveQueue) -> dict[str, Any]:
        return await self._parts.conversations.leave_queue(self._place(sid), wish)

    async def handle_leave_message(self, sid: str, wish: LeaveMessage) -> dict[str, Any]:
        return await self._parts.ticketing.messages_left.leave(self._place(sid), wish)

    async def handle_tickets(self, sid: str, wish: Tickets) -> TicketsAck:
        return await self._parts.ticketing.own.listed(self._place(sid).customer_id, wish.before)

    async def handle_ticket(self, sid: str, wish: TicketWish) -> OwnTicketAck:
        return await self._parts.ticketing.own.one(self._place(sid).customer_id, wish.number)

    async def handle_answer_ticket(self, sid: str, wish: AnswerTicket) -> dict[str, Any]:
        return await self._parts.ticketing.answering.answer(self._place(sid), wish)

    async def handle_close(self, sid: str, wish: CustomerClose) -> dict[str, Any]:
        return await self._parts.conversations.close(self._place(sid), wish)

    async def handle_recall(self, sid: str, wish: Recall) -> dict[str, Any]:
        place = self._place(sid)
        await self._parts.conversations.own(place.customer_id, wish.conversation_id)
        return await self._parts.feedback.recall(place.actor, wish.conversation_id, wish)

    async def handle_sync(self, sid: str, wish: Sync) -> SyncAck:
        row = await self._parts.conversations.own(self._place(sid).customer_id, wish.conversation_id)
        return await self._parts.reading.sync_customer(row, wish.after_seq, wish.limit)

    async def handle_threads(self, sid: str, wish: Threads) -> ThreadsAck:
        return await self._parts.reading.threads(self._place(sid).customer_id, wish.before)

    async def handle_hand_over_card(self, sid: str, wish: HandOverCardWish) -> HandOverCardAck:
        row = await self._parts.conversations.own(self._place(sid).customer_id, wish.conversation_id)
        return HandOverCardAck(card=await self._parts.cards.for_customer(row))

    async def handle_edit_card(self, sid: str, wish: EditCard) -> dict[str, Any]:
        row = await self._parts.conversations.own(self._place(sid).customer_id, wish.conversation_id)
        return await self._parts.cards.edit(row, wish)

    async def handle_callback_slots(self, sid: str, wish: CallbackSlots) -> CallbackSlotsAck:
        return await self._parts.callbacks.offer(self._place(sid), wish)

    async def handle_book_callback(self, sid: str, wish: BookCallback) -> dict[str, Any]:
        return await self._parts.callbacks.book(self._place(sid), wish)

    async def handle_cancel_callback(self, sid: str, wish: CancelCallback) -> dict[str, Any]:
        return await self._parts.callbacks.cancel(self._place(sid), wish)

    async def handle_rate_answer(self, sid: str, rating: RateAnswer) -> dict[str, Any]:
        return await self._parts.feedback.rate_answer(self._place(sid), rating)

    async def handle_follow_up(self, sid: str, wish: FollowUp) -> dict[str, Any]:
        return await self._parts.unsolved.follow_up(self._place(sid), wish)

    async def handle_rate_conversation(self, sid: str, rating: RateConversation) -> dict[str, Any]:
        return await self._parts.ratings.rate(self._place(sid), rating)

    async def handle_article(self, sid: str, wish: ArticleWish) -> ArticleAck:
        return ArticleAck(article=self._parts.articles.one(wish.article_id, self._place(sid).site))

    async def handle_email_transcript(self, sid: str, wish: EmailTranscript) -> dict[str, Any]:
        return await self._parts.transcripts.mail(self._place(sid), wish)

    async def handle_read(self, sid: str, mark: Read) -> Ok:
        row = await self._parts.conversations.own(self._place(sid).customer_id, mark.conversation_id)
        await self._parts.reading.read_up_to(row.id, mark.seq, by_agent=False)
        seq = min(mark.seq, row.last_seq)
        if seq > row.customer_read_seq:
            await self._parts.pages.to_watchers(row.id, "read", ReadNotice(conversation_id=row.id, seq=seq))
        return Ok()

    async def handle_track(self, sid: str, told: Track) -> Ok:
        place = self._place(sid)
        if told.name == "$page":
            # What begins later begins on this page.
            title = (told.properties or {}).get("title")
            page = Page(url=_short(told.url), title=_short(title if isinstance(title, str) else None))
            place = self._places[sid] = replace(place, page=page)
        return await self._parts.trails.take(place, told)

    async def handle_typing(self, sid: str, notice: Typing) -> None:
        row = await self._parts.conversations.own(self._place(sid).customer_id, notice.conversation_id)
        if row.state == "bot":
            self._parts.questions.typing(row.id)
        else:
            told = TypingNotice(conversation_id=row.id, actor=Actor(kind="customer"))
            await self._parts.pages.to_watchers(row.id, "typing", told)


def _short(text: str | None) -> str | None:
    if text is None:
        return None
    return clean(text)[:_MAX_URL]
