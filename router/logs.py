"""Logs as JSON lines with ids and without what people wrote; a terminal gets them readable."""

from __future__ import annotations

import logging
import sys
from typing import Any, TextIO

import structlog

from router.observing.turns import turn_id

#: Extra fields that may be logged; everything else handed to a logger is dropped, so no text of a customer slips in.
_ALLOWED_EXTRA = frozenset(
    {
        "agent_id", "conversation_id", "endpoint", "event_name", "part", "reason", "request_id", "seconds", "sqlstate",
        "state", "turn_id", "version",
    }
)  # fmt: skip


def _name_the_turn(_: Any, __: str, event: dict[str, Any]) -> dict[str, Any]:
    turn = turn_id.get()
    if turn is not None:
        event["turn_id"] = str(turn)
    return event


def _keep_allowed(_: Any, __: str, event: dict[str, Any]) -> dict[str, Any]:
    record = event.get("_record")
    if record is not None:
        for name in _ALLOWED_EXTRA:
            if name in record.__dict__:
                event[name] = record.__dict__[name]
    return event


def configure_logs(level: str, form: str, stream: TextIO = sys.stderr) -> None:
    """``form`` is json, text, or auto: text on a terminal. Everything goes to standard error."""
    as_text = form == "text" or (form == "auto" and stream.isatty())
    renderer: Any = (
        structlog.dev.ConsoleRenderer() if as_text else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        _name_the_turn,
        _keep_allowed,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if not as_text:
        shared.append(structlog.processors.format_exc_info)
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)
    logging.getLogger("faiss.loader").setLevel(logging.WARNING)  # it tells which processor's library it tried
    logging.getLogger("asyncpg.pool").setLevel(logging.CRITICAL)  # our pool tells an outage in one line
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a job that is still running is skipped without a word
