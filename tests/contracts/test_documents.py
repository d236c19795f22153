"""The generated contract misses nothing: each route and event of the code stands in it, each reference resolves."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import web

import router
from router import events
from router.api import CUSTOMER, EITHER, Api, Route
from router.openapi import asyncapi, mount_documents, openapi
from router.sockets.agent import AgentNamespace
from router.sockets.customer import ChatNamespace

ROOT = Path(__file__).parents[2]

#: What anybody may call without a token; a route that joins them has to be written down here.
PUBLIC = {("POST", "/api/v1/sessions"), ("POST", "/api/v1/sessions/refresh"), ("POST", "/api/v1/continuations/use")}

#: The contract's own words (version 1), as far as they are built.
ROUTES = {
    ("POST", "/api/v1/sessions"),
    ("POST", "/api/v1/sessions/refresh"),
    ("DELETE", "/api/v1/sessions"),
    ("GET", "/api/v1/agents"),
    ("GET", "/api/v1/groups"),
    ("GET", "/api/v1/customers"),
    ("GET", "/api/v1/companies"),
    ("GET", "/api/v1/conversations"),
    ("GET", "/api/v1/tickets"),
    ("GET", "/api/v1/articles"),
    ("GET", "/api/v1/search"),
    ("POST", "/api/v1/uploads"),
}
CHAT = (
    "send_message request_human leave_queue leave_message close recall sync threads rate_answer rate_conversation"
    " read typing"
)
AGENT = (
    "set_presence accept decline send_message add_note recall transfer hold close create_ticket take_over push suggest"
    " watch unwatch sync waiting_line read typing"
)
CHAT_SERVER = "welcome event queue typing read"
AGENT_SERVER = "welcome offer assigned unassigned waiting event note typing read summary"


def routes() -> list[Route]:
    """Those of every capability there is; a list of routes needs nothing of what its handlers need."""
    faces: set[Any] = {
        each
        for found in pkgutil.walk_packages(router.__path__, "router.")
        if found.name != "router.__main__"
        for each in vars(importlib.import_module(found.name)).values()
        if isinstance(each, type) and each.__name__.endswith("Http") and each.__module__ == found.name
    }
    return [route for face in sorted(faces, key=lambda each: each.__name__) for route in face.__new__(face).routes()]


HTTP = openapi(routes())
SOCKETS = asyncapi()


def documented() -> set[tuple[str, str]]:
    return {(method.upper(), path) for path, methods in HTTP["paths"].items() for method in methods}


def test_the_contracts_routes_are_there() -> None:
    assert documented() >= ROUTES


def test_each_served_route_is_documented() -> None:
    app = web.Application()
    Api(None, None, None).mount(app, routes())  # type: ignore[arg-type]
    mount_documents(app, routes())
    served = {
        (route.method, route.resource.canonical)
        for route in app.router.routes()
        if route.resource is not None and route.method != "HEAD"
    }
    assert served - documented() == {("GET", "/api/openapi.json"), ("GET", "/api/asyncapi.json")}


def test_each_capability_with_routes_is_on_the_page_of_routes() -> None:
    listed = {type(route.handler.__self__) for route in routes() if hasattr(route.handler, "__self__")}
    for path in sorted((ROOT / "router").glob("*/http.py")):
        module = importlib.import_module(f"router.{path.parent.name}.http")
        own = [value for value in vars(module).values() if isinstance(value, type) and hasattr(value, "routes")]
        assert own, path
        assert set(own) <= listed, path


def test_no_route_stands_there_twice() -> None:
    keys = [(route.method, route.path) for route in routes()]
    assert len(keys) == len(set(keys))


def test_only_signing_in_needs_no_token() -> None:
    assert {(route.method, route.path) for route in routes() if route.roles is None} == PUBLIC


def test_each_route_names_known_roles() -> None:
    for route in routes():
        if route.roles is not None and route.roles not in (CUSTOMER, EITHER):
            assert route.roles, route.path
            assert isinstance(route.roles, frozenset)
            assert route.roles <= {"agent", "supervisor", "editor", "admin"}


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (events.CHAT_EVENTS, CHAT),
        (events.AGENT_EVENTS, AGENT),
        (events.CHAT_SERVER_EVENTS, CHAT_SERVER),
        (events.AGENT_SERVER_EVENTS, AGENT_SERVER),
    ],
)
def test_the_tables_hold_the_contracts_events(table: dict[str, Any], words: str) -> None:
    assert set(table) >= set(words.split())


@pytest.mark.parametrize(
    ("name", "client", "server"),
    [
        ("chat", events.CHAT_EVENTS, events.CHAT_SERVER_EVENTS),
        ("agent", events.AGENT_EVENTS, events.AGENT_SERVER_EVENTS),
    ],
)
def test_each_event_of_the_tables_is_documented(name: str, client: dict[str, Any], server: dict[str, Any]) -> None:
    messages = SOCKETS["channels"][name]["messages"]
    expected = {f"client.{event}" for event in client} | {f"server.{event}" for event in server}
    expected |= {f"ack.{event}" for event, (_, answer) in client.items() if answer is not None}
    assert set(messages) == expected
    assert {key for key in SOCKETS["operations"] if key.startswith(f"{name}.")} == {
        f"{name}.{message}" for message in expected if not message.startswith("ack.")
    }


@pytest.mark.parametrize(("namespace", "name"), [(ChatNamespace, "chat"), (AgentNamespace, "agent")])
def test_each_handled_event_is_documented(namespace: type, name: str) -> None:
    handled = {method.removeprefix("handle_") for method in dir(namespace) if method.startswith("handle_")}
    messages = SOCKETS["channels"][name]["messages"]
    assert handled
    assert {f"client.{event}" for event in handled} <= set(messages)


def test_each_emitted_event_is_documented() -> None:
    """Every word that the gateway is given to send, on whichever namespace."""
    words = {
        word
        for path in (ROOT / "router").rglob("*.py")
        for word in re.findall(r'gateway\.to_\w+\([^"\n]*"(\w+)"', path.read_text(encoding="utf-8"))
    }
    assert words
    assert words <= set(events.CHAT_SERVER_EVENTS) | set(events.AGENT_SERVER_EVENTS)


@pytest.mark.parametrize("document", [HTTP, SOCKETS], ids=["openapi", "asyncapi"])
def test_each_reference_resolves_and_the_document_is_json(document: dict[str, Any]) -> None:
    again = msgspec.json.decode(msgspec.json.encode(document))
    found = list(references(again))
    assert found
    for reference in found:
        place: Any = again
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)
