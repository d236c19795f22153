"""What tickets say in a customer's thread: events for the log, in the customer's language; decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from bot.wording import Wording
from router.conversations.messages import message, with_files
from router.conversations.records import SYSTEM, NewEvent
from router.payloads.log import Actor, Attachment
from router.payloads.tickets import TicketStatus
from router.tickets.tickets import ticket_event

#: How 解决了吗 is answered by a client that knows nothing of tickets: an option of a message.
_OPTION = "ticket:"
_YES, _NO = "solved", "unsolved"


class Speaking:
    """Words by moment and language, each under the number that the customer knows."""

    def __init__(self, wording: Wording, *, close_after_days: int, reopen_days: int) -> None:
        self._wording = wording
        self._close_after_days = close_after_days
        self._reopen_days = reopen_days

    def reply(self, by: Actor, text: str, number: str, files: Sequence[Attachment] = ()) -> NewEvent:
        """A colleague's public word."""
        return message(by, text, number=number, **with_files(files))

    def answer(
        self,
        by: Actor,
        text: str,
        number: str,
        client_id: UUID,
        option_id: str | None,
        reply_to: int | None,
        files: Sequence[Attachment] = (),
    ) -> NewEvent:
        """The customer's."""
        more = with_files(files) | ({"option_id": option_id} if option_id else {})
        return message(by, text, client_id=client_id, reply_to_seq=reply_to, number=number, **more)

    def moved(self, number: str, title: str, status: TicketStatus, locale: str) -> Sequence[NewEvent]:
        """A change of status by us; a solved ticket asks whether it is."""
        event = ticket_event(number, status)
        if status != "solved":
            return (event,)
        words = self._wording.say("ticket_solved", locale, title=title, number=number, days=self._close_after_days)
        options = [
            {"id": option_id(number, solved=True), "label": self.label(True, locale)},
            {"id": option_id(number, solved=False), "label": self.label(False, locale)},
        ]
        return (event, message(SYSTEM, words, number=number, options=options))

    def answered(self, number: str, status: TicketStatus, was: TicketStatus, locale: str) -> Sequence[NewEvent]:
        """What an answer has changed, with a word where it ended or began again."""
        events: list[NewEvent] = [ticket_event(number, status)]
        if status == "closed":
            words = self._wording.say("ticket_confirmed", locale, number=number, days=self._reopen_days)
            events.append(message(SYSTEM, words, number=number))
        elif was in ("solved", "closed"):
            events.append(message(SYSTEM, self._wording.say("ticket_reopened", locale, number=number), number=number))
        return events

    def changed_by_another(
        self, number: str, status: TicketStatus, was: TicketStatus, locale: str
    ) -> Sequence[NewEvent]:
        """What the answer of another customer has changed, in words that do not presume that this one said anything."""
        event = ticket_event(number, status)
        if was not in ("solved", "closed"):
            return (event,)
        return (event, message(SYSTEM, self._wording.say("ticket_going_on", locale, number=number), number=number))

    def merged(self, number: str, into: str | None, status: TicketStatus, locale: str) -> Sequence[NewEvent]:
        """``into`` is the number that goes on, where it is the customer's own; else theirs stays the one they know."""
        if into is None:
            words = self._wording.say("ticket_joined", locale, number=number)
        else:
            words = self._wording.say("ticket_merged", locale, number=number, into=into)
        kept = into or number
        return (message(SYSTEM, words, number=kept), ticket_event(kept, status))

    def label(self, solved: bool, locale: str) -> str:
        """The two answers to 解决了吗."""
        return self._wording.say("ticket_yes" if solved else "ticket_no", locale)


def option_id(number: str, *, solved: bool) -> str:
    return f"{_OPTION}{number}:{_YES if solved else _NO}"


def read_option(option: str | None) -> tuple[str, bool] | None:
    """The ticket's number and the answer; None for an option that is not about a ticket."""
    if option is None or not option.startswith(_OPTION):
        return None
    number, _, answer = option.removeprefix(_OPTION).rpartition(":")
    return (number, answer == _YES) if number and answer in (_YES, _NO) else None
