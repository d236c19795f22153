"""Accounts of the people who work at the desk, their sessions, groups and presence, as plain frozen records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args
from uuid import UUID

Role = Literal["agent", "supervisor", "editor", "admin"]
ROLES: frozenset[str] = frozenset(get_args(Role))
Assignment = Literal["auto", "offer", "pick"]
PresenceStatus = Literal["online", "away", "offline"]


#: Where pictures of colleagues are shown.
PORTRAITS = "/portraits"


def portrait_url(name: str | None) -> str | None:
    """The address of a colleague's picture."""
    return None if name is None else f"{PORTRAITS}/{name}"


@dataclass(frozen=True)
class Account:
    """A person who may sign in. ``public_name`` and ``staff_number`` are what customers see (花名, 工号)."""

    id: UUID
    username: str
    name: str
    public_name: str
    staff_number: str | None
    roles: frozenset[str]
    capacity: int
    group_ids: tuple[UUID, ...]
    created_at: datetime
    disabled_at: datetime | None
    portrait: str | None = None

    def has_any(self, roles: frozenset[str]) -> bool:
        return not self.roles.isdisjoint(roles)


@dataclass(frozen=True)
class NewAccount:
    """What it takes to create an account; empty names become the user name."""

    username: str
    password: str
    roles: frozenset[str]
    name: str | None = None
    public_name: str | None = None
    staff_number: str | None = None
    capacity: int | None = None
    group_ids: tuple[UUID, ...] | None = None  # None: the default group, for those who take conversations


@dataclass(frozen=True)
class AccountChange:
    """What to change of an account; ``None`` leaves it as it is."""

    name: str | None = None
    public_name: str | None = None
    staff_number: str | None = None  # "" takes the number away
    roles: frozenset[str] | None = None
    capacity: int | None = None
    group_ids: tuple[UUID, ...] | None = None
    disabled: bool | None = None


@dataclass(frozen=True)
class Signed:
    """Somebody who is signed in: the account as it is now and the session behind the token."""

    account: Account
    session_id: UUID


@dataclass(frozen=True)
class SignedIn:
    """A new pair of tokens; ``expires_in`` seconds is the life of the access token."""

    signed: Signed
    access_token: str
    refresh_token: str
    expires_in: int


@dataclass(frozen=True)
class Skills:
    """What a group takes, each by name; empty excludes nothing."""

    topics: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()


@dataclass(frozen=True)
class Overflow:
    """Who waits longer than so many seconds goes on to another group; ``to`` None: to nobody."""

    to: UUID | None
    after_seconds: int | None


@dataclass(frozen=True)
class Group:
    """A skill group; ``None`` for assignment or hours means: as config.yaml says."""

    id: UUID
    name: str
    assignment: Assignment | None
    hours: dict[str, Any] | None
    is_default: bool
    member_ids: tuple[UUID, ...]
    created_at: datetime
    skills: Skills
    overflow_to: UUID | None
    overflow_after_seconds: int | None


@dataclass(frozen=True)
class GroupChange:
    """What to change of a group; ``None`` leaves it, ``"inherit"`` goes back to config.yaml."""

    name: str | None = None
    assignment: Assignment | Literal["inherit"] | None = None
    hours: dict[str, Any] | Literal["inherit"] | None = None
    skills: Skills | None = None
    overflow: Overflow | None = None
    is_default: Literal[True] | None = None  # another group becomes the default one by being made it


@dataclass(frozen=True)
class AgentPresence:
    """Whether an agent is there, and takes new conversations."""

    account_id: UUID
    status: PresenceStatus
    accepting: bool
    reason: str | None
    capacity: int
    changed_at: datetime | None
    seen_at: datetime | None
