"""The contract made from the code: ``/api/openapi.json`` from the routes, ``/api/asyncapi.json`` from the events."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
from aiohttp import web

from router import events
from router.api import CUSTOMER, EITHER, IDEMPOTENCY_KEY, Route, json_response
from router.payloads.agents import AgentAuth
from router.payloads.customers import ChatAuth

VERSION = "1"
_REF = "#/components/schemas/{name}"
#: Whose tokens a route takes, where it is not an agent's alone.
_SHOWN = {CUSTOMER: ("visitor",), EITHER: ("visitor", "agent")}
_PARAMETER = re.compile(r"{(\w+)(?::[^}]*)?}")

Json = dict[str, Any]
Events = Mapping[str, tuple[type[msgspec.Struct], type[msgspec.Struct] | None]]


class ErrorBody(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What went wrong."""

    code: str
    message: str
    details: dict[str, Any] | None = None


class ErrorAnswer(msgspec.Struct, kw_only=True):
    error: ErrorBody


def openapi(routes: Sequence[Route]) -> Json:
    """The HTTP contract, OpenAPI 3.1."""
    bodies = [route.body or route.form for route in routes] + [route.answer for route in routes] + [ErrorAnswer]
    schema_of, schemas = _schemas(bodies)
    paths: Json = {}
    for route in routes:
        path = _PARAMETER.sub(r"{\1}", route.path)
        paths.setdefault(path, {})[route.method.lower()] = _operation(route, schema_of)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Yingda 应答", "version": VERSION},
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "agent": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
                "visitor": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def asyncapi() -> Json:
    """The Socket.IO contract, AsyncAPI 3.0: one channel for each namespace."""
    namespaces: Mapping[str, tuple[type[msgspec.Struct], Events, Mapping[str, type[msgspec.Struct]]]] = {
        "chat": (ChatAuth, events.CHAT_EVENTS, events.CHAT_SERVER_EVENTS),
        "agent": (AgentAuth, events.AGENT_EVENTS, events.AGENT_SERVER_EVENTS),
    }
    types: list[type[msgspec.Struct] | None] = []
    for auth, client, server in namespaces.values():
        types += [auth, *server.values()]
        types += [each for pair in client.values() for each in pair]
    schema_of, schemas = _schemas(types)
    channels: Json = {}
    operations: Json = {}
    for name, (auth, client, server) in namespaces.items():
        messages: Json = {}
        for event, (payload, answer) in client.items():
            messages[f"client.{event}"] = {"name": event, "payload": schema_of[payload]}
            operation = {"action": "receive", **_of(name, f"client.{event}")}
            if answer is not None:
                messages[f"ack.{event}"] = {"name": event, "payload": schema_of[answer]}
                operation["reply"] = _of(name, f"ack.{event}")
            operations[f"{name}.client.{event}"] = operation
        for event, payload in server.items():
            messages[f"server.{event}"] = {"name": event, "payload": schema_of[payload]}
            operations[f"{name}.server.{event}"] = {"action": "send", **_of(name, f"server.{event}")}
        channels[name] = {"address": f"/{name}", "messages": messages, "x-auth": schema_of[auth]}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Yingda 应答", "version": VERSION},
        "channels": channels,
        "operations": operations,
        "components": {"schemas": schemas},
    }


def _operation(route: Route, schema_of: Mapping[Any, Json]) -> Json:
    operation: Json = {
        "summary": route.summary,
        "x-roles": _roles(route),
        "responses": {
            str(route.status if route.answer is not None or route.content_type else 204): _done(route, schema_of),
            "default": _content(ErrorAnswer, schema_of, "Refused"),
        },
    }
    if route.roles is not None:
        operation["security"] = [{who: []} for who in _SHOWN.get(str(route.roles), ("agent",))]
    if route.body is not None:
        operation["requestBody"] = {"required": True, **_content(route.body, schema_of, "")}
    if route.form is not None:
        content = {"multipart/form-data": {"schema": schema_of[route.form]}}
        operation["requestBody"] = {"required": True, "content": content}
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _PARAMETER.findall(route.path)
    ]
    parameters += _query_parameters(route)
    if route.stores or route.form is not None:
        key = {"type": "string", "format": "uuid"}
        parameters.append({"name": IDEMPOTENCY_KEY, "in": "header", "required": False, "schema": key})
    if parameters:
        operation["parameters"] = parameters
    return operation


def _done(route: Route, schema_of: Mapping[Any, Json]) -> Json:
    if route.content_type is None:
        return _content(route.answer, schema_of, "Done")
    file = {"schema": {"type": "string", "contentMediaType": route.content_type}}
    return {"description": "A file", "content": {route.content_type: file}}


def _roles(route: Route) -> Any:
    if route.roles is None:
        return "public"
    return route.roles if isinstance(route.roles, str) else sorted(route.roles)


def _query_parameters(route: Route) -> list[Json]:
    if route.query is None:
        return []
    return [
        {
            "name": field.encode_name,
            "in": "query",
            "required": field.required,
            "schema": msgspec.json.schema(field.type),
        }
        for field in msgspec.structs.fields(route.query)
    ]


def _content(type_: type[msgspec.Struct] | None, schema_of: Mapping[Any, Json], description: str) -> Json:
    content: Json = {} if type_ is None else {"content": {"application/json": {"schema": schema_of[type_]}}}
    return {"description": description, **content} if description else content


def _of(channel: str, message: str) -> Json:
    place = f"#/channels/{channel}"
    return {"channel": {"$ref": place}, "messages": [{"$ref": f"{place}/messages/{message}"}]}


def _schemas(types: Iterable[type[msgspec.Struct] | None]) -> tuple[Mapping[Any, Json], Json]:
    """The schema of each type, as a reference, and the components that they refer to."""
    wanted = list(dict.fromkeys(each for each in types if each is not None))
    schemas, components = msgspec.json.schema_components(wanted, ref_template=_REF)
    return dict(zip(wanted, schemas, strict=True)), components


def mount_documents(app: web.Application, routes: Sequence[Route]) -> None:
    """Serve both documents; each is made when it is first asked for, and kept: the code does not change meanwhile."""
    app.router.add_get("/api/openapi.json", _serving(lambda: openapi(routes)))
    app.router.add_get("/api/asyncapi.json", _serving(asyncapi))


def _serving(make: Callable[[], Json]) -> Callable[[web.Request], Awaitable[web.Response]]:
    made = cache(make)

    async def serve(request: web.Request) -> web.Response:
        return json_response(await asyncio.to_thread(made))  # a tenth of a second the first time

    return serve
