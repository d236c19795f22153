"""What crosses the wire about sessions, accounts and groups: bodies in, views out; unknown fields are ignored."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from asyncpg import Record
from msgspec import UNSET, Meta, Struct, UnsetType

from router.agents.records import Account, Assignment, Group, PresenceStatus, Role, SignedIn, portrait_url
from router.paging import PageQuery
from router.payloads.desk import AgentSelf

Text = Annotated[str, Meta(max_length=1000)]
Ids = Annotated[list[UUID], Meta(max_length=1000)]


class SignIn(Struct, kw_only=True):
    username: Text
    password: Text


class Refresh(Struct, kw_only=True):
    refresh_token: Text


class Tokens(Struct, kw_only=True):
    access_token: str
    refresh_token: str
    expires_in: int
    agent: AgentSelf


class AgentsQuery(PageQuery, kw_only=True):
    disabled: bool = False


class AgentView(Struct, kw_only=True):
    id: UUID
    username: str
    name: str
    public_name: str
    staff_number: str | None
    roles: list[Role]
    capacity: int
    groups: list[UUID]
    disabled: bool
    created_at: datetime
    picture: str | None
    status: PresenceStatus | UnsetType = UNSET
    accepting: bool | UnsetType = UNSET


class AgentList(Struct, kw_only=True):
    items: list[AgentView]
    next: str | None


class CreateAgent(Struct, kw_only=True):
    username: Text
    password: Text
    roles: list[Role]
    name: Text | None = None
    public_name: Text | None = None
    staff_number: Text | None = None
    capacity: int | None = None
    groups: Ids | None = None


class ChangeAgent(Struct, kw_only=True):
    """A new password ends the account's sessions, and so does ``disabled``."""

    name: Text | None = None
    public_name: Text | None = None
    staff_number: Text | None = None
    roles: list[Role] | None = None
    capacity: int | None = None
    groups: Ids | None = None
    disabled: bool | None = None
    password: Text | None = None


class ChangePassword(Struct, kw_only=True):
    old_password: Text
    new_password: Text


class Done(Struct, kw_only=True):
    ok: bool = True


class GroupView(Struct, kw_only=True):
    id: UUID
    name: str
    assignment: Assignment | None
    hours: dict[str, Any] | None
    is_default: bool
    members: list[UUID]
    topics: list[str]
    languages: list[str]
    products: list[str]
    sites: list[str]
    overflow_to: UUID | None
    overflow_after_seconds: int | None


class GroupList(Struct, kw_only=True):
    items: list[GroupView]
    next: str | None = None


class CreateGroup(Struct, kw_only=True):
    name: Text
    assignment: Assignment | None = None
    hours: dict[str, Any] | None = None
    members: Ids = []
    topics: list[Text] = []
    languages: list[Text] = []
    products: list[Text] = []
    sites: list[Text] = []
    overflow_to: UUID | None = None
    overflow_after_seconds: int | None = None


class ChangeGroup(Struct, kw_only=True):
    """``null`` for assignment or hours means: as config.yaml says; leave a field out to keep it.

    What the group takes: topics like ``账单/退款`` or ``账单``, languages like ``zh-CN`` or ``en``, products, sites.
    ``overflow_to`` null: to nobody.

    ``hours`` is a weekly table like ``hours.weekly`` there; a day that is not named is closed.
    """

    name: Text | UnsetType = UNSET
    assignment: Assignment | UnsetType | None = UNSET
    hours: dict[str, Any] | UnsetType | None = UNSET
    is_default: bool | UnsetType = UNSET
    members: Ids | UnsetType = UNSET
    topics: list[Text] | UnsetType = UNSET
    languages: list[Text] | UnsetType = UNSET
    products: list[Text] | UnsetType = UNSET
    sites: list[Text] | UnsetType = UNSET
    overflow_to: UUID | UnsetType | None = UNSET
    overflow_after_seconds: int | UnsetType | None = UNSET


class SetMembers(Struct, kw_only=True):
    members: Ids


def agent_self(account: Account) -> AgentSelf:
    """What an agent learns of their own account; also in the socket's welcome."""
    return AgentSelf(
        id=account.id,
        username=account.username,
        name=account.name,
        roles=sorted(account.roles),
        groups=list(account.group_ids),
        staff_number=account.staff_number,
        picture=portrait_url(account.portrait),
    )


def tokens_view(signed_in: SignedIn) -> Tokens:
    return Tokens(
        access_token=signed_in.access_token,
        refresh_token=signed_in.refresh_token,
        expires_in=signed_in.expires_in,
        agent=agent_self(signed_in.signed.account),
    )


def agent_view(account: Account, row: Record | None = None) -> AgentView:
    return AgentView(
        id=account.id,
        username=account.username,
        name=account.name,
        public_name=account.public_name,
        staff_number=account.staff_number,
        roles=sorted(account.roles),  # type: ignore[arg-type]
        capacity=account.capacity,
        groups=list(account.group_ids),
        disabled=account.disabled_at is not None,
        created_at=account.created_at,
        picture=portrait_url(account.portrait),
        status=UNSET if row is None else row["status"],
        accepting=UNSET if row is None else row["accepting"],
    )


def group_view(group: Group) -> GroupView:
    return GroupView(
        id=group.id,
        name=group.name,
        assignment=group.assignment,
        hours=group.hours,
        is_default=group.is_default,
        members=list(group.member_ids),
        topics=list(group.skills.topics),
        languages=list(group.skills.languages),
        products=list(group.skills.products),
        sites=list(group.skills.sites),
        overflow_to=group.overflow_to,
        overflow_after_seconds=group.overflow_after_seconds,
    )
