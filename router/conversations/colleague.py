"""Who acts at the desk, as far as conversations need to know; the one rule of which conversations a colleague sees."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from router.conversations.records import Conversation
from router.errors import NotFound
from router.payloads.log import Actor, AgentRef


@dataclass(frozen=True, slots=True)
class Colleague:
    """An agent with the groups and rights of this moment."""

    ref: AgentRef
    group_ids: frozenset[UUID]
    is_supervisor: bool

    @property
    def actor(self) -> Actor:
        return Actor(kind="agent", id=self.ref.id, name=self.ref.name)

    def may_see(self, group_id: UUID | None, owner: UUID | None) -> bool:
        """Their own, their groups', and what is still with the bot; supervisors see everything."""
        return self.is_supervisor or group_id is None or group_id in self.group_ids or owner == self.ref.id

    def require_sight(self, row: Conversation) -> None:
        """Raises `NotFound` for what this colleague may not see: not even that it exists is told."""
        if not self.may_see(row.group_id, row.owner):
            raise NotFound("conversation not found")
