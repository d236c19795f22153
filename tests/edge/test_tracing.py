"""Traces: an event and what it led to, stage by stage, without a word of what was said; off, nothing is loaded."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.acceptance.people import KNOWN, people_of
from tests.edge.conftest import OpenHouse


class Collector:
    """Keeps every batch that comes."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []

    async def take(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.bodies.append(body)
        return web.Response(content_type="application/x-protobuf")

    @property
    def spans(self) -> list[Span]:
        found = []
        for body in self.bodies:
            batch = ExportTraceServiceRequest.FromString(body)
            found += [s for resource in batch.resource_spans for scope in resource.scope_spans for s in scope.spans]
        return found


@pytest.fixture
async def collector() -> AsyncIterator[tuple[Collector, str]]:
    kept = Collector()
    app = web.Application()
    app.router.add_post("/v1/traces", kept.take)
    async with TestServer(app) as server:
        yield kept, str(server.make_url("/"))


async def test_a_turn_is_traced_without_what_was_said(
    open_house: OpenHouse, collector: tuple[Collector, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "none")
    kept, url = collector
    house = await open_house(TELEMETRY__OTLP_URL=url)
    async with people_of(house) as people:
        customer = await people.customer()
        await customer.answer_to(await customer.say(KNOWN))
        await people.api("GET", "/customers")
    await house.close()  # what waits is sent

    by_name = {span.name: span for span in kept.spans}
    event = by_name["event send_message"]
    for stage in ("write", "encode", "find", "heads", "answer", "turn"):
        assert by_name[stage].trace_id == event.trace_id, stage
    asked = by_name["GET /api/v1/customers"]
    assert {one.key: one.value.string_value or one.value.int_value for one in asked.attributes} == {
        "http.request.method": "GET", "http.route": "/api/v1/customers", "http.response.status_code": 200,
    }  # fmt: skip
    assert not any(KNOWN.encode() in body or b"visitor" in body for body in kept.bodies)


async def test_without_a_collector_nothing_of_it_is_loaded() -> None:
    program = "import sys, router.__main__; sys.exit(any(name.startswith('opentelemetry') for name in sys.modules))"
    done = await asyncio.to_thread(subprocess.run, [sys.executable, "-c", program], check=False)

    assert done.returncode == 0
