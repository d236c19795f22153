"""Who may call what: every route of the document, by every kind of caller; a new route without a row fails."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import aiohttp

from router.api import Route
from tests.acceptance.people import People
from tests.contracts.test_documents import routes
from tests.edge.house import House

ROLES = ("agent", "supervisor", "editor", "admin")
#: What each word of the table below allows.
MAY = {
    "desk": {"agent", "supervisor", "admin"},
    "leads": {"supervisor", "admin"},
    "editors": {"editor", "admin"},
    "admins": {"admin"},
    "signed_in": set(ROLES),
    "customer": {"customer"},
    "talking": {"customer", "agent", "supervisor", "admin"},
    "anybody": {"nobody", "customer", *ROLES},
}
#: Path → methods, below /api/v1.
TABLE: dict[str, dict[str, str]] = {
    "anybody": {
        "/sessions": "POST",
        "/sessions/refresh": "POST",
        "/continuations/use": "POST",
    },
    "customer": {
        "/visitor/reset": "POST",
        "/continuations": "POST",
    },
    "talking": {
        "/uploads": "POST",
        "/uploads/{id}/link": "GET",
    },
    "signed_in": {
        "/articles": "GET",
        "/articles/{id}": "GET",
        "/articles/{id}/history": "GET",
        "/exports/{list}": "GET",
        "/knowledge/articles": "GET",
        "/knowledge/articles/{id}": "GET",
        "/knowledge/facets": "GET",
        "/knowledge/uses": "GET",
        "/me": "GET",
        "/me/password": "POST",
        "/me/picture": "DELETE PUT",
        "/search": "GET",
        "/sessions": "DELETE",
    },
    "desk": {
        "/agents": "GET",
        "/agents/{id}": "GET",
        "/blocks": "GET",
        "/calendar": "GET",
        "/canned-replies": "GET POST",
        "/canned-replies/import": "POST",
        "/canned-replies/template": "GET",
        "/canned-replies/{id}": "DELETE PATCH",
        "/canned-replies/{id}/use": "POST",
        "/companies": "GET POST",
        "/companies/{id}": "GET PATCH",
        "/companies/{id}/notes": "GET POST",
        "/conversations": "GET",
        "/conversations/{id}": "GET PATCH",
        "/conversations/{id}/brief": "GET",
        "/conversations/{id}/events": "GET",
        "/conversations/{id}/events/{seq}/flag": "POST",
        "/conversations/{id}/similar": "GET",
        "/conversations/{id}/ticket-draft": "GET",
        "/customers": "GET",
        "/customers/{id}": "GET PATCH",
        "/customers/{id}/alike": "GET",
        "/customers/{id}/blocks": "GET POST",
        "/customers/{id}/join": "POST",
        "/customers/{id}/notes": "GET POST",
        "/customers/{id}/trail": "GET",
        "/groups": "GET",
        "/groups/{id}": "GET",
        "/minded-words": "GET",
        "/profile-notes/{id}": "DELETE",
        "/promises": "GET POST",
        "/promises/{id}/confirm": "POST",
        "/promises/{id}/dismiss": "POST",
        "/promises/{id}/keep": "POST",
        "/tasks": "GET POST",
        "/tasks/{id}": "GET PATCH",
        "/tickets": "GET POST",
        "/tickets/{id}": "GET PATCH",
        "/tickets/{id}/comments": "POST",
        "/tickets/{id}/conversations": "POST",
        "/tickets/{id}/conversations/{conversation_id}": "DELETE",
        "/tickets/{id}/merge": "POST",
        "/tickets/{id}/watch": "POST",
    },
    "leads": {
        "/agents": "POST",
        "/agents/{id}": "PATCH",
        "/agents/{id}/picture": "DELETE",
        "/agents/{id}/presence": "PATCH",
        "/analytics": "GET",
        "/analytics/export": "GET",
        "/analytics/list": "GET",
        "/blocks/{id}/decision": "POST",
        "/calendar": "PUT",
        "/clocks/figures": "GET",
        "/companies/{id}/merge": "POST",
        "/groups": "POST",
        "/groups/{id}": "PATCH",
        "/groups/{id}/members": "PUT",
        "/minded-words": "POST",
        "/minded-words/{id}": "DELETE PATCH",
        "/notifications": "GET",
        "/notifications/channels": "GET",
        "/notifications/retry": "POST",
        "/notifications/test": "POST",
        "/ratings": "GET",
        "/settings": "GET PATCH",
        "/settings/evaluation": "POST",
        "/supervision": "GET",
    },
    "editors": {
        "/articles": "POST",
        "/articles/{id}": "PATCH",
        "/articles/{id}/compare": "GET",
        "/articles/{id}/confirm": "POST",
        "/articles/{id}/draft": "DELETE GET PUT",
        "/articles/{id}/draft/publish": "POST",
        "/articles/{id}/draft/return": "POST",
        "/articles/{id}/draft/submit": "POST",
        "/articles/{id}/steps": "GET",
        "/knowledge/drafts": "GET POST",
        "/knowledge/export": "GET",
        "/knowledge/imports": "POST",
        "/knowledge/imports/{id}/apply": "POST",
        "/knowledge/nearest": "GET",
        "/knowledge/pictures": "POST",
        "/knowledge/releases": "GET POST",
        "/knowledge/releases/{id}": "DELETE",
        "/knowledge/runs": "GET POST",
        "/knowledge/runs/{id}": "GET",
        "/knowledge/runs/{id}/report": "GET",
        "/knowledge/runs/{id}/stop": "POST",
        "/knowledge/try": "POST",
        "/knowledge/videos": "POST",
        "/knowledge/versions": "GET",
        "/knowledge/versions/{version}/serve": "POST",
        "/learning/clusters": "GET",
        "/learning/drafts": "POST",
        "/learning/pairs": "GET POST",
        "/learning/pairs/{id}": "PATCH",
        "/learning/settle": "POST",
        "/learning/tasks": "GET",
        "/learning/tasks/{id}": "GET",
        "/learning/tasks/{id}/resolve": "POST",
        "/learning/variants": "POST",
    },
    "admins": {
        "/agents/{id}/contact": "GET PUT",
        "/customers/{id}/copy": "GET",
        "/customers/{id}/erasure": "GET POST",
        "/erasures": "GET",
        "/webhooks": "GET POST",
        "/webhooks/{id}": "DELETE PATCH",
        "/webhooks/{id}/secret": "GET POST",
        "/webhooks/{id}/test": "POST",
    },
}


def _expected() -> dict[tuple[str, str], set[str]]:
    return {
        (method, f"/api/v1{path}"): MAY[who]
        for who, paths in TABLE.items()
        for path, methods in paths.items()
        for method in methods.split()
    }


def test_every_route_has_its_row_and_every_row_its_route() -> None:
    assert {(route.method, route.path) for route in routes()} == set(_expected())


async def test_nobody_gets_through_where_they_may_not(house: House, people: People) -> None:
    """Who may not is refused before anything else is looked at; who may is never told that they may not."""
    tokens: dict[str, str] = {"admin": await people.admin_token()}
    for role in ROLES[:-1]:
        tokens[role] = (await people.staff(role=role)).token
    customer = await people.customer()
    tokens["customer"] = customer.all("welcome")[0]["visitor"]
    expected = _expected()
    wrong = []
    async with aiohttp.ClientSession(house.url, timeout=aiohttp.ClientTimeout(total=10)) as session:
        for route in routes():
            may = expected[route.method, route.path]
            for caller in ("nobody", "customer", *ROLES):
                if caller in may and route.path in _ENDS_THE_CALLER:
                    continue
                status, code = await _call(session, route, tokens.get(caller))
                refused = status in (401, 403)
                if refused is not (caller not in may) or (refused and code not in ("unauthorized", "forbidden")):
                    wrong.append((route.method, route.path, caller, status))
    assert wrong == []


#: Whose success would take the caller's token away; that it works is tested where it belongs.
_ENDS_THE_CALLER = {"/api/v1/sessions", "/api/v1/visitor/reset", "/api/v1/sessions/refresh", "/api/v1/me/password"}


async def _call(session: aiohttp.ClientSession, route: Route, token: str | None) -> tuple[int, str | None]:
    """The status for an id that names nothing and an empty body, and the code of an error."""
    path = "/".join(str(UUID(int=7)) if part.startswith("{") else part for part in route.path.split("/"))
    headers = {"Idempotency-Key": str(uuid4())}
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    body: Any = {} if route.body is not None else None
    async with session.request(route.method, path, headers=headers, json=body) as response:
        answer = await response.json() if response.content_type == "application/json" else {}
        return response.status, answer.get("error", {}).get("code")
