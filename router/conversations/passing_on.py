"""Passing a conversation on: to a colleague, to a group, several at once; to the bot only if the customer says yes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from bot.wording import Wording
from database.ids import uuid7
from database.pool import Database
from database.queries import load_queries
from router.agents.records import portrait_url
from router.conversations import consent
from router.conversations.batch import Decide, Moment
from router.conversations.colleague import Colleague
from router.conversations.journal import Journal
from router.conversations.messages import checked_text
from router.conversations.records import Change, Conversation, NewNote
from router.conversations.tongue import language_of
from router.conversations.transitions import require, state_event, to_human, to_waiting
from router.errors import Conflict, Invalid, NotFound, YingdaError
from router.payloads.agents import Passed, Transfer, TransferAll, TransferAllAck, TransferTarget
from router.payloads.log import AgentRef
from router.payloads.shared import StateAck
from router.waiting.dispatcher import Dispatcher
from router.waiting.head_start import rank
from router.waiting.raising import widened
from router.waiting.waiting_line import WaitingLine

_MAX_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class _Target:
    agent: AgentRef | None
    is_there: bool
    group_id: UUID | None
    fallback_group_id: UUID


class PassingOn:
    """The owner passes on what they own; supervisors also what others own, and what waits."""

    def __init__(
        self, database: Database, journal: Journal, line: WaitingLine, dispatcher: Dispatcher, wording: Wording
    ) -> None:
        self._database = database
        self._journal = journal
        self._line = line
        self._dispatcher = dispatcher
        self._wording = wording
        self._sql = load_queries(Path(__file__))

    async def transfer(self, colleague: Colleague, wish: Transfer) -> dict[str, Any]:
        """To a colleague with room: theirs at once, else at their name in the line; to a group: into its line.

        To the bot: the customer is asked first, and the conversation stays until they say yes.
        """
        note = checked_text(wish.note) if wish.note and wish.note.strip() else None
        notes = (NewNote("note", colleague.actor, note),) if note else ()
        if wish.to == "bot":
            return await self._write(colleague, wish, self._asking(colleague, notes))
        assert isinstance(wish.to, TransferTarget)
        target = await self._target(wish.to)
        lock = (target.agent.id,) if target.agent else ()
        answer = await self._write(colleague, wish, _passing(colleague, target, notes), lock)
        if answer["state"] == "waiting":
            await self._dispatcher.tick()
        return answer

    async def transfer_all(self, colleague: Colleague, wish: TransferAll) -> TransferAllAck:
        """Each on its own: what cannot be passed on stays, and is named with its reason."""
        if len(wish.items) > _MAX_AT_ONCE:
            raise Invalid(f"at most {_MAX_AT_ONCE} at once")
        results = []
        for item in wish.items:
            client_id = uuid5(wish.client_id, str(item.conversation_id))
            one = Transfer(client_id=client_id, conversation_id=item.conversation_id, to=item.to, note=item.note)
            try:
                answer = await self.transfer(colleague, one)
                results.append(Passed(conversation_id=item.conversation_id, ok=True, state=answer["state"]))
            except YingdaError as error:
                results.append(Passed(conversation_id=item.conversation_id, ok=False, code=error.code))
        return TransferAllAck(results=results)

    def _asking(self, colleague: Colleague, notes: tuple[NewNote, ...]) -> Decide:
        def ask(row: Conversation, moment: Moment) -> Change:
            require_owner(row, colleague, supervisor_may=True)
            if row.asked_bot is not None:  # asked already, and not answered yet
                return Change(notes=notes, answer=StateAck(state="human"))
            asked = uuid7()
            question = consent.question(self._wording, language_of(row), asked)
            return Change((question,), notes, {"asked_bot": asked}, answer=StateAck(state="human"))

        return ask

    async def _target(self, to: TransferTarget) -> _Target:
        fallback = await self._line.group_for(None)
        if to.group_id is not None:
            group = await self._line.group(to.group_id)
            if group is None:
                raise NotFound("there is no such group")
            return _Target(None, False, group.id, fallback.id)
        if to.agent_id is None:
            raise Invalid("to needs agent_id or group_id")
        row = await self._database.fetchrow(self._sql["colleague"], to.agent_id, self._line.alive_since())
        if row is None:
            raise NotFound("there is no such colleague")
        ref = AgentRef(
            id=row["id"],
            name=row["public_name"],
            staff_number=row["staff_number"],
            picture=portrait_url(row["portrait"]),
        )
        return _Target(ref, row["is_there"], None, fallback.id)

    async def _write(
        self, colleague: Colleague, wish: Transfer, decide: Decide, lock: tuple[UUID, ...] = ()
    ) -> dict[str, Any]:
        committed = await self._journal.write(
            wish.conversation_id, decide, sender=colleague.ref.id, client_id=wish.client_id, agents=lock
        )
        return committed.answer


def _passing(colleague: Colleague, target: _Target, notes: tuple[NewNote, ...]) -> Decide:
    def pass_on(row: Conversation, moment: Moment) -> Change:
        waits = row.state == "waiting" and colleague.is_supervisor
        if not waits:
            require_owner(row, colleague, supervisor_may=True)
        if target.agent is not None:
            if target.agent.id == row.owner:
                raise Invalid("the conversation is theirs already")
            load = moment.loads.get(target.agent.id)
            if load is not None and load.has_room and target.is_there:
                return Change(
                    events=(state_event("human", "transferred", colleague.actor, target.agent),),
                    notes=notes,
                    fields=to_human(row, target.agent, "transferred", moment.now),
                    answer=StateAck(state="human"),
                )
            if waits:  # it stays where it is, at their name
                named = {"preferred_agent": target.agent.id, "handoff_reason": "transferred"}
                return Change(notes=notes, fields=named, answer=StateAck(state="waiting"))
        elif waits:
            assert target.group_id is not None
            event, fields = widened(row, target.group_id, moment.now)
            return Change((event,), notes, fields, answer=StateAck(state="waiting"))
        joined_at = row.joined_at or moment.now
        fields = to_waiting(
            row,
            "transferred",
            now=moment.now,
            group_id=target.group_id or row.group_id or target.fallback_group_id,
            joined_at=joined_at,
            rank_at=rank(joined_at, row.head_start),
            head_start=row.head_start,
            preferred_agent=target.agent.id if target.agent else None,
        )
        fields["declined_by"] = [row.owner] if row.owner else []  # never straight back
        return Change(
            events=(state_event("waiting", "transferred", colleague.actor),),
            notes=notes,
            fields=fields,
            answer=StateAck(state="waiting"),
        )

    return pass_on


def require_owner(row: Conversation, colleague: Colleague, *, supervisor_may: bool = False) -> None:
    """Raises `Conflict` unless a human has it, and that is this colleague, or any where supervisors may too."""
    colleague.require_sight(row)
    require(row, "human")
    if row.owner != colleague.ref.id and not (supervisor_may and colleague.is_supervisor):
        raise Conflict("a colleague has this conversation", owner=str(row.owner), state=row.state)
