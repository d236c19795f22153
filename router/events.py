"""Every event that crosses a socket, on one page; TypeScript types, asyncapi.json and checks are made from here.

The payloads are in `router.payloads`. Inbound ones forbid nothing (unknown fields are ignored) and check types; lengths
are checked where the text is used.
"""

from __future__ import annotations

from msgspec import Struct

from router.payloads.agents import (
    Accept,
    AcceptAck,
    AddNote,
    AgentClose,
    AgentSendMessage,
    AgentSync,
    AgentSyncAck,
    Decline,
    Hold,
    InviteRating,
    NoteAck,
    Push,
    PushAck,
    SetPresence,
    TakeOver,
    Transfer,
    TransferAll,
    TransferAllAck,
    WaitingLine,
    Watch,
)
from router.payloads.base import Ok
from router.payloads.callbacks import BookCallback, CallbackAck, CallbackSlots, CallbackSlotsAck, CancelCallback
from router.payloads.cards import AgentCard, AgentCardAck, EditCard, HandOverCardAck, HandOverCardWish
from router.payloads.clocks import ClocksChange
from router.payloads.customers import (
    ChatWelcome,
    CustomerClose,
    CustomerSendMessage,
    FollowUp,
    LeaveMessage,
    LeaveQueue,
    QueuePlace,
    RateAnswer,
    RateConversation,
    RequestHuman,
    RequestHumanAck,
    SyncAck,
    Threads,
    ThreadsAck,
    TicketAck,
)
from router.payloads.desk import (
    AgentWelcome,
    Alert,
    Offer,
    PresenceChange,
    Summary,
    Unassigned,
    WaitingChange,
    WaitingLineAck,
)
from router.payloads.help import PromiseNews, Suggest, SuggestAck
from router.payloads.log import Event, Note
from router.payloads.reading import ArticleAck, ArticleWish, EmailTranscript
from router.payloads.shared import Read, ReadNotice, Recall, SendAck, StateAck, Sync, Typing, TypingNotice
from router.payloads.tickets import (
    AnswerTicket,
    AnswerTicketAck,
    CreateTicket,
    OwnTicketAck,
    TicketNews,
    Tickets,
    TicketsAck,
    TicketWish,
)
from router.payloads.trail import Track

#: Customer events: name → (payload, acknowledgement or None).
CHAT_EVENTS: dict[str, tuple[type[Struct], type[Struct] | None]] = {
    "send_message": (CustomerSendMessage, SendAck),
    "request_human": (RequestHuman, RequestHumanAck),
    "leave_queue": (LeaveQueue, StateAck),
    "leave_message": (LeaveMessage, TicketAck),
    "follow_up": (FollowUp, TicketAck),
    "close": (CustomerClose, Ok),
    "recall": (Recall, Ok),
    "sync": (Sync, SyncAck),
    "threads": (Threads, ThreadsAck),
    "hand_over_card": (HandOverCardWish, HandOverCardAck),
    "edit_card": (EditCard, HandOverCardAck),
    "callback_slots": (CallbackSlots, CallbackSlotsAck),
    "book_callback": (BookCallback, CallbackAck),
    "cancel_callback": (CancelCallback, Ok),
    "rate_answer": (RateAnswer, Ok),
    "rate_conversation": (RateConversation, Ok),
    "read": (Read, Ok),
    "typing": (Typing, None),
    "track": (Track, Ok),
    "tickets": (Tickets, TicketsAck),
    "ticket": (TicketWish, OwnTicketAck),
    "answer_ticket": (AnswerTicket, AnswerTicketAck),
    "article": (ArticleWish, ArticleAck),
    "email_transcript": (EmailTranscript, Ok),
}

#: Agent events: name → (payload, acknowledgement or None).
AGENT_EVENTS: dict[str, tuple[type[Struct], type[Struct] | None]] = {
    "set_presence": (SetPresence, Ok),
    "accept": (Accept, AcceptAck),
    "decline": (Decline, Ok),
    "send_message": (AgentSendMessage, SendAck),
    "add_note": (AddNote, NoteAck),
    "recall": (Recall, Ok),
    "transfer": (Transfer, StateAck),
    "transfer_all": (TransferAll, TransferAllAck),
    "hold": (Hold, Ok),
    "take_over": (TakeOver, Ok),
    "push": (Push, PushAck),
    "close": (AgentClose, Ok),
    "invite_rating": (InviteRating, Ok),
    "watch": (Watch, Ok),
    "unwatch": (Watch, Ok),
    "sync": (AgentSync, AgentSyncAck),
    "waiting_line": (WaitingLine, WaitingLineAck),
    "hand_over_card": (HandOverCardWish, AgentCardAck),
    "read": (Read, Ok),
    "typing": (Typing, None),
    "create_ticket": (CreateTicket, TicketAck),
    "suggest": (Suggest, SuggestAck),
}

#: Server events of each namespace: name → payload.
CHAT_SERVER_EVENTS: dict[str, type[Struct]] = {
    "welcome": ChatWelcome,
    "event": Event,
    "queue": QueuePlace,
    "typing": TypingNotice,
    "read": ReadNotice,
}

AGENT_SERVER_EVENTS: dict[str, type[Struct]] = {
    "welcome": AgentWelcome,
    "offer": Offer,
    "assigned": Offer,
    "unassigned": Unassigned,
    "waiting": WaitingChange,
    "event": Event,
    "note": Note,
    "typing": TypingNotice,
    "read": ReadNotice,
    "summary": Summary,
    "clocks": ClocksChange,
    "alert": Alert,
    "card": AgentCard,
    "ticket": TicketNews,
    "presence": PresenceChange,
    "promise": PromiseNews,
}
