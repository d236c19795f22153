"""The open pages of agents with the rights of this moment; what a page may see no longer, it hears no longer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from router.agents.records import Account
from router.agents.sessions import Sessions
from router.conversations.colleague import Colleague
from router.conversations.http import DESK, colleague_of
from router.conversations.reading import Reading
from router.conversations.records import Conversation
from router.conversations.whispers import heard_by
from router.errors import Unavailable
from router.payloads.log import Note
from router.sockets.gateway import AGENT, Gateway


@dataclass(frozen=True, slots=True)
class Seat:
    """One connected page of an agent."""

    account: Account
    session_id: UUID
    colleague: Colleague


class Seats:
    """Knows who sits where; rights are asked for again every few seconds, all seats in one question."""

    def __init__(self, sessions: Sessions, reading: Reading, gateway: Gateway) -> None:
        self._sessions = sessions
        self._reading = reading
        self._gateway = gateway
        self._seats: dict[str, Seat] = {}

    def __len__(self) -> int:
        return len(self._seats)

    def at(self, sid: str) -> Seat:
        """Raises `Unavailable` for a page that has gone."""
        try:
            return self._seats[sid]
        except KeyError:
            raise Unavailable from None

    def colleagues(self) -> list[Colleague]:
        """Every agent with an open page, once."""
        return list({seat.account.id: seat.colleague for seat in self._seats.values()}.values())

    def account_ids(self) -> set[UUID]:
        return {seat.account.id for seat in self._seats.values()}

    def has(self, account_id: UUID) -> bool:
        """Whether this agent has a page open here: what is made for them alone is made for nobody else."""
        return any(seat.account.id == account_id for seat in self._seats.values())

    async def take(self, sid: str, account: Account, session_id: UUID) -> Seat:
        seat = self._seats[sid] = Seat(account, session_id, colleague_of(account))
        await self._gateway.enter_agent(sid, account.id)
        if seat.colleague.is_supervisor:
            await self._gateway.enter_supervisors(sid)
        return seat

    def leave(self, sid: str) -> Account | None:
        """The account where that was its last page."""
        seat = self._seats.pop(sid, None)
        if seat is None or seat.account.id in self.account_ids():
            return None
        return seat.account

    async def show_out(self, row: Conversation) -> None:
        """Nobody who may not see the conversation watches it any longer."""
        await self._show_out(row.id, row.group_id, row.owner, self._gateway.watchers(row.id))

    async def tell_note(self, row: Conversation, note: Note) -> None:
        """To everybody who watches; a whisper's words only to those whom it is for."""
        if note.kind != "whisper":
            await self._gateway.to_watchers(row.id, "note", note)
            return
        for sid in self._gateway.watchers(row.id):
            seat = self._seats.get(sid)
            if seat is not None:
                await self._gateway.to_socket(AGENT, sid, "note", heard_by(seat.colleague, row, note))

    async def refresh(self) -> list[Colleague]:
        """Seats whose session or account has ended are closed, the others get the rights of now.

        Returns those whose groups or supervision have changed, as they were.
        """
        if not self._seats:
            return []
        seats = dict(self._seats)
        accounts = await self._sessions.accounts_behind({seat.session_id for seat in seats.values()})
        changed: dict[UUID, Colleague] = {}
        for sid, seat in seats.items():
            account = accounts.get(seat.session_id)
            if account is None or not account.has_any(DESK):
                await self._gateway.disconnect(sid)
            elif account != seat.account and sid in self._seats and await self._reseat(sid, seat, account):
                changed[account.id] = seat.colleague
        await self._end_watches()
        return list(changed.values())

    async def _reseat(self, sid: str, seat: Seat, account: Account) -> bool:
        """Whether that changed what the agent may see."""
        before, after = seat.colleague, colleague_of(account)
        self._seats[sid] = Seat(account, seat.session_id, after)
        if after.is_supervisor and not before.is_supervisor:
            await self._gateway.enter_supervisors(sid)
        if before.is_supervisor and not after.is_supervisor:
            await self._gateway.leave_supervisors(sid)
        return (before.group_ids, before.is_supervisor) != (after.group_ids, after.is_supervisor)

    async def _end_watches(self) -> None:
        """Also of conversations that another process passed on."""
        watchers = {watched: self._gateway.watchers(watched) for watched in self._gateway.watched()}
        if watchers:
            for conversation_id, group_id, owner in await self._reading.places_of(watchers):
                await self._show_out(conversation_id, group_id, owner, watchers[conversation_id])

    async def _show_out(
        self, conversation_id: UUID, group_id: UUID | None, owner: UUID | None, watchers: Iterable[str]
    ) -> None:
        for sid in watchers:
            seat = self._seats.get(sid)
            if seat is None or not seat.colleague.may_see(group_id, owner):
                await self._gateway.unwatch(sid, conversation_id)
