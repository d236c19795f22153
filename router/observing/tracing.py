"""Traces for OpenTelemetry: what an event or a request led to, stage by stage; names and times, never what was said.

Imported where `telemetry.otlp_url` is set only: the packages take a tenth of a second and 20 MB. Spans leave in batches
on a thread of their own; where the collector is away they are dropped (bound: 2,048).
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from aiohttp import web
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ParentBasedTraceIdRatio

from router.observing.settings import TelemetrySettings
from router.workers.worker import Worker

_SEND_SECONDS = 5
_MOST_WAITING = 2_048
_PATH = "/v1/traces"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Tracing:
    """``stage`` listens to the stages; ``around_event`` and ``around_request`` are what they belong to."""

    def __init__(self, settings: TelemetrySettings, worker: Worker) -> None:
        assert settings.otlp_url is not None
        url = settings.otlp_url.rstrip("/")
        exporter = OTLPSpanExporter(url if url.endswith(_PATH) else url + _PATH, timeout=_SEND_SECONDS)
        self._provider = TracerProvider(
            sampler=ParentBasedTraceIdRatio(settings.share),
            resource=Resource.create({"service.name": settings.service_name, "service.instance.id": worker.number}),
            shutdown_on_exit=False,
        )
        self._provider.add_span_processor(BatchSpanProcessor(exporter, max_queue_size=_MOST_WAITING))
        self._tracer = self._provider.get_tracer("yingda")

    def stage(self, stage: str, seconds: float) -> None:
        """A stage is over that belongs to the event or request under way, if any."""
        if trace.get_current_span().is_recording() or trace.get_current_span().get_span_context().is_valid:
            now = time.time_ns()
            self._tracer.start_span(stage, start_time=now - round(seconds * 1e9)).end(now)

    async def around_event(self, name: str, work: Coroutine[Any, Any, Any]) -> Any:
        """A client's event until its acknowledgement."""
        with self._tracer.start_as_current_span(f"event {name}", kind=trace.SpanKind.SERVER):
            return await work

    async def around_request(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """An HTTP request under the pattern of its path."""
        resource = request.match_info.route.resource
        route = "?" if resource is None else resource.canonical
        with self._tracer.start_as_current_span(f"{request.method} {route}", kind=trace.SpanKind.SERVER) as span:
            span.set_attributes({"http.request.method": request.method, "http.route": route})
            response = await handler(request)
            span.set_attribute("http.response.status_code", response.status)
            return response

    def close(self) -> None:
        """Sends what waits, for a few seconds at most; blocks."""
        self._provider.shutdown()
