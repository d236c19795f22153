"""The block list over HTTP: agents propose, supervisors decide."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from router.api import Call, Route
from router.blocks.blocks import MAX_HOURS, Blocks
from router.blocks.gate import Gate
from router.blocks.records import Block, BlockState, Decision
from router.paging import PageQuery, cursor_of, id_of

DESK = frozenset({"agent", "supervisor", "admin"})
SUPERVISING = frozenset({"supervisor", "admin"})

Hours = Annotated[int, Meta(ge=1, le=MAX_HOURS)]


class BlocksQuery(PageQuery, kw_only=True):
    """``proposed``: waiting for a supervisor; ``in_force``: blocking somebody now."""

    proposed: bool = False
    in_force: bool = False


class BlockView(Struct, kw_only=True):
    id: UUID
    customer_id: UUID
    conversation_id: UUID | None
    reason: str
    hours: int
    state: BlockState
    proposed_by: UUID
    proposed_at: datetime
    decided_by: UUID | None
    decided_at: datetime | None
    ends_at: datetime | None


class BlockList(Struct, kw_only=True):
    items: list[BlockView]
    next: str | None


class ProposeBlock(Struct, kw_only=True):
    """A supervisor's proposal is in force at once."""

    reason: Annotated[str, Meta(max_length=2000)]
    hours: Hours
    conversation_id: UUID | None = None


class DecideBlock(Struct, kw_only=True):
    decision: Decision
    hours: Hours | None = None


class BlocksHttp:
    """The handlers, each a few lines: check, delegate, answer."""

    def __init__(self, blocks: Blocks, gate: Gate) -> None:
        self._blocks = blocks
        self._gate = gate

    def routes(self) -> list[Route]:
        v1, own = "/api/v1", "/api/v1/customers/{id}/blocks"
        return [
            Route("GET", own, self.of_customer, DESK, None, BlockList, "A customer's blocks"),
            Route(
                "POST", own, self.propose, DESK, ProposeBlock, BlockView, "Propose to block a customer for a time",
                status=201, stores=True,
            ),
            Route("GET", f"{v1}/blocks", self.find, DESK, None, BlockList, "The block list", query=BlocksQuery),
            Route(
                "POST", f"{v1}/blocks/{{id}}/decision", self.decide, SUPERVISING, DecideBlock, BlockView,
                "Approve, refuse or lift a block", stores=True,
            ),
        ]  # fmt: skip

    async def of_customer(self, call: Call) -> BlockList:
        return BlockList(items=[_view(block) for block in await self._blocks.of_customer(call.path_id)], next=None)

    async def find(self, call: Call) -> BlockList:
        query: BlocksQuery = call.query
        found = await self._blocks.listed(
            proposed=query.proposed, in_force=query.in_force, before=id_of(query.cursor), limit=query.limit
        )
        last = found[-1].id if len(found) == query.limit else None
        return BlockList(items=[_view(block) for block in found], next=cursor_of(last))

    async def propose(self, call: Call) -> BlockView:
        body: ProposeBlock = call.body
        supervises = call.signed.account.has_any(SUPERVISING)
        block, alert = await self._blocks.propose(
            call.connection,
            call.path_id,
            body.reason,
            body.hours,
            call.actor,
            conversation_id=body.conversation_id,
            approved=supervises,
        )
        if alert is not None:
            call.afterwards.append(lambda: self._blocks.show(alert))
        else:
            call.afterwards.append(self._gate.tick)
        return _view(block)

    async def decide(self, call: Call) -> BlockView:
        body: DecideBlock = call.body
        block = await self._blocks.decide(call.connection, call.path_id, body.decision, call.actor, hours=body.hours)
        call.afterwards.append(self._gate.tick)
        return _view(block)


def _view(block: Block) -> BlockView:
    return BlockView(**{name: getattr(block, name) for name in BlockView.__struct_fields__})
