"""Sessions, accounts and groups over HTTP; who may do what to whom is decided here and in the accounts' rules."""

from __future__ import annotations

from dataclasses import replace

from msgspec import UNSET

from router.agents.accounts import Accounts, check_may_manage
from router.agents.bodies import (
    AgentList,
    AgentsQuery,
    AgentView,
    ChangeAgent,
    ChangeGroup,
    ChangePassword,
    CreateAgent,
    CreateGroup,
    Done,
    GroupList,
    GroupView,
    Refresh,
    SetMembers,
    SignIn,
    Tokens,
    agent_self,
    agent_view,
    group_view,
    tokens_view,
)
from router.agents.groups import Groups
from router.agents.records import AccountChange, Group, GroupChange, NewAccount, Overflow, Skills
from router.agents.sessions import Sessions
from router.api import ANYBODY, Call, Route
from router.errors import Forbidden, Invalid
from router.paging import cursor_of, id_of
from router.payloads.desk import AgentSelf

MANAGERS = frozenset({"admin", "supervisor"})
#: Colleagues are listed for transfers and mentions.
COLLEAGUES = frozenset({"admin", "supervisor", "agent"})


class AgentsHttp:
    """The handlers, each a few lines: check, delegate, answer."""

    def __init__(self, sessions: Sessions, accounts: Accounts, groups: Groups) -> None:
        self._sessions = sessions
        self._accounts = accounts
        self._groups = groups

    def routes(self) -> list[Route]:
        v1 = "/api/v1"
        return [
            Route("POST", f"{v1}/sessions", self.sign_in, None, SignIn, Tokens, "Sign in"),
            Route("POST", f"{v1}/sessions/refresh", self.refresh, None, Refresh, Tokens, "Rotate the tokens"),
            Route("DELETE", f"{v1}/sessions", self.sign_out, ANYBODY, None, None, "Sign out", status=204),
            Route("GET", f"{v1}/me", self.me, ANYBODY, None, AgentSelf, "Who I am"),
            Route(
                "POST", f"{v1}/me/password", self.change_own, ANYBODY, ChangePassword, Done,
                "Change my password; all my sessions end", stores=True,
            ),
            Route(
                "GET", f"{v1}/agents", self.list_agents, COLLEAGUES, None, AgentList, "Accounts", query=AgentsQuery
            ),
            Route(
                "POST", f"{v1}/agents", self.create_agent, MANAGERS, CreateAgent, AgentView, "Create an account",
                status=201, stores=True,
            ),
            Route("GET", f"{v1}/agents/{{id}}", self.get_agent, COLLEAGUES, None, AgentView, "One account"),
            Route(
                "PATCH", f"{v1}/agents/{{id}}", self.change_agent, MANAGERS, ChangeAgent, AgentView,
                "Change or disable an account", stores=True,
            ),
            Route("GET", f"{v1}/groups", self.list_groups, COLLEAGUES, None, GroupList, "Groups"),
            Route(
                "POST", f"{v1}/groups", self.create_group, MANAGERS, CreateGroup, GroupView, "Create a group",
                status=201, stores=True,
            ),
            Route("GET", f"{v1}/groups/{{id}}", self.get_group, COLLEAGUES, None, GroupView, "One group"),
            Route(
                "PATCH", f"{v1}/groups/{{id}}", self.change_group, MANAGERS, ChangeGroup, GroupView,
                "Change a group", stores=True,
            ),
            Route(
                "PUT", f"{v1}/groups/{{id}}/members", self.set_members, MANAGERS, SetMembers, GroupView,
                "Say who is in a group", stores=True,
            ),
        ]  # fmt: skip

    async def sign_in(self, call: Call) -> Tokens:
        body: SignIn = call.body
        return tokens_view(await self._sessions.sign_in(body.username, body.password, call.address))

    async def refresh(self, call: Call) -> Tokens:
        body: Refresh = call.body
        return tokens_view(await self._sessions.refresh(body.refresh_token))

    async def sign_out(self, call: Call) -> None:
        await self._sessions.end(call.signed.session_id, call.actor)

    async def me(self, call: Call) -> AgentSelf:
        return agent_self(call.signed.account)

    async def change_own(self, call: Call) -> Done:
        body: ChangePassword = call.body
        account = call.signed.account
        if not await self._sessions.is_password(call.connection, account, body.old_password, call.address):
            raise Forbidden("the old password is wrong")
        await self._accounts.set_password(call.connection, account.id, body.new_password, call.actor)
        return Done()

    async def list_agents(self, call: Call) -> AgentList:
        query: AgentsQuery = call.query
        found = await self._accounts.page(id_of(query.cursor), query.limit, with_disabled=query.disabled)
        items = [agent_view(account, row) for account, row in found]
        return AgentList(items=items, next=cursor_of(items[-1].id if len(items) == query.limit else None))

    async def create_agent(self, call: Call) -> AgentView:
        body: CreateAgent = call.body
        roles = frozenset[str](body.roles)
        check_may_manage(call.signed.account, roles)
        new = NewAccount(
            username=body.username,
            password=body.password,
            roles=roles,
            name=body.name,
            public_name=body.public_name,
            staff_number=body.staff_number,
            capacity=body.capacity,
            group_ids=None if body.groups is None else tuple(body.groups),
        )
        return agent_view(await self._accounts.create(call.connection, new, call.actor))

    async def get_agent(self, call: Call) -> AgentView:
        return agent_view(await self._accounts.get(call.path_id))

    async def change_agent(self, call: Call) -> AgentView:
        body: ChangeAgent = call.body
        manager, account_id = call.signed.account, call.path_id
        change = AccountChange(
            name=body.name,
            public_name=body.public_name,
            staff_number=body.staff_number,
            roles=None if body.roles is None else frozenset(body.roles),
            capacity=body.capacity,
            group_ids=None if body.groups is None else tuple(body.groups),
            disabled=body.disabled,
        )
        changed = await self._accounts.change(call.connection, account_id, change, call.actor, manager=manager)
        if body.password is not None:
            await self._accounts.set_password(call.connection, account_id, body.password, call.actor)
        return agent_view(changed)

    async def list_groups(self, call: Call) -> GroupList:
        return GroupList(items=[group_view(group) for group in await self._groups.all()])

    async def create_group(self, call: Call) -> GroupView:
        body: CreateGroup = call.body
        created = await self._groups.create(
            call.connection,
            body.name,
            call.actor,
            assignment=body.assignment,
            hours=body.hours,
            member_ids=body.members,
            skills=Skills(tuple(body.topics), tuple(body.languages), tuple(body.products), tuple(body.sites)),
            overflow=Overflow(body.overflow_to, body.overflow_after_seconds),
        )
        return group_view(created)

    async def get_group(self, call: Call) -> GroupView:
        return group_view(await self._groups.get(call.path_id))

    async def change_group(self, call: Call) -> GroupView:
        body: ChangeGroup = call.body
        if body.is_default is False:
            raise Invalid("make another group the default one instead")
        before = await self._groups.get(call.path_id)
        change = GroupChange(
            name=None if body.name is UNSET else body.name,
            assignment=None if body.assignment is UNSET else body.assignment or "inherit",
            hours=None if body.hours is UNSET else "inherit" if body.hours is None else body.hours,
            skills=_skills(body, before),
            overflow=_overflow(body, before),
            is_default=True if body.is_default is True else None,
        )
        changed = await self._groups.change(call.connection, call.path_id, change, call.actor)
        if body.members is not UNSET:
            changed = await self._groups.set_members(call.connection, call.path_id, body.members, call.actor)
        return group_view(changed)

    async def set_members(self, call: Call) -> GroupView:
        body: SetMembers = call.body
        return group_view(await self._groups.set_members(call.connection, call.path_id, body.members, call.actor))


def _skills(body: ChangeGroup, before: Group) -> Skills | None:
    """What the group takes after the change; None where nothing of it is said."""
    said = {name: getattr(body, name) for name in ("topics", "languages", "products", "sites")}
    said = {name: tuple(names) for name, names in said.items() if names is not UNSET}
    return replace(before.skills, **said) if said else None


def _overflow(body: ChangeGroup, before: Group) -> Overflow | None:
    to, after = body.overflow_to, body.overflow_after_seconds
    if to is UNSET and after is UNSET:
        return None
    if to is None:
        return Overflow(None, None)
    return Overflow(
        before.overflow_to if to is UNSET else to, before.overflow_after_seconds if after is UNSET else after
    )
