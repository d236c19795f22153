"""What a run leaves behind, as plain records: the log, who moved what, what every page was told. Judges nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of the log as the database holds it."""

    conversation_id: str
    seq: int
    kind: str
    actor_kind: str
    actor_id: str | None
    reply_to_seq: int | None
    body: Mapping[str, Any]
    #: Seconds since 1970, when the database got it: a statement on its way through a cut network is older than that.
    at: float


@dataclass(frozen=True, slots=True)
class Row:
    """A conversation as it stands in the end."""

    id: str
    customer_id: str
    state: str
    version: int
    last_seq: int
    rank_at: float | None


@dataclass(frozen=True, slots=True)
class Move:
    """A committed change of state or owner, in the order in which the database wrote them down.

    ``node`` made it; ``epoch`` is the dispatcher's lease as it stood inside of that very transaction.
    """

    number: int
    node: str
    conversation_id: str
    before: str
    state: str
    owner_before: str | None
    owner: str | None
    reason: str
    version: int
    epoch: int | None
    at: float


@dataclass(frozen=True, slots=True)
class Grant:
    """The dispatcher's lease went to a node under a new epoch."""

    epoch: int
    node: str
    at: float


@dataclass(frozen=True, slots=True)
class Words:
    """One text as its sender knows it; the words of one speaker stand in the order in which they were said."""

    speaker: str
    client_id: str
    text: str
    acknowledgements: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Taken:
    """An agent was told that a waiting conversation is theirs now, under this version."""

    agent_id: str
    conversation_id: str
    version: int


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing that a page was told."""

    at: float
    event: str
    payload: Any


@dataclass(frozen=True, slots=True)
class Sitting:
    """One page from its welcome to its end (times since 1970), at one node."""

    kind: str  # customer or agent
    person_id: str
    node: str
    opened_at: float
    lost_at: float | None
    heard: Sequence[Heard]
    acknowledged: Sequence[Any] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice of the outbox."""

    id: str
    key: str
    sent: bool


@dataclass(frozen=True, slots=True)
class Parcel:
    """One request that another system received."""

    webhook_id: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Outage:
    """A time in which what happens cannot be told by that node (empty: by any), whatever anybody does."""

    node: str
    began_at: float
    ended_at: float


@dataclass(frozen=True)
class Evidence:
    """All of it."""

    entries: Sequence[Entry] = ()
    rows: Sequence[Row] = ()
    moves: Sequence[Move] = ()
    grants: Sequence[Grant] = ()
    words: Sequence[Words] = ()
    taken: Sequence[Taken] = ()
    sittings: Sequence[Sitting] = ()
    notices: Sequence[Notice] = ()
    parcels: Sequence[Parcel] = ()
    outages: Sequence[Outage] = ()
    capacities: Mapping[str, int] = field(default_factory=dict)
    #: Conversations that stand in a line which nobody serves, with the rank that they had at the beginning, in order.
    waiting: Sequence[tuple[str, float]] = ()
    #: The same line as each node tells it in the end.
    lines: Mapping[str, Sequence[str]] = field(default_factory=dict)
    #: What a client was refused although it had every right to it.
    refusals: Sequence[str] = ()
    #: Within how many seconds everybody concerned must have been told; None: not judged.
    told_within: float | None = None
    ended_at: float = 0.0
