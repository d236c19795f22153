"""Lines of the log bear the ids of their turn and nothing that somebody wrote."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from router.logs import configure_logs
from router.observing.turns import turn_id


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    made = io.StringIO()
    configure_logs("info", "json", made)
    yield made
    root.handlers[:] = handlers
    root.setLevel(level)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_what_nobody_allowed_is_dropped(stream: io.StringIO) -> None:
    said = {"text": "我的手机号是 13800138000", "password": "S3cret", "conversation_id": "c1", "reason": "asked"}
    logging.getLogger("router.test").warning("answer not stored", extra=said)

    (line,) = lines(stream)
    assert (line["event"], line["conversation_id"], line["reason"]) == ("answer not stored", "c1", "asked")
    assert "13800138000" not in stream.getvalue()
    assert "S3cret" not in stream.getvalue()


async def test_a_turn_names_every_line_that_it_leads_to_and_no_other(stream: io.StringIO) -> None:
    log = logging.getLogger("router.test")

    async def later() -> None:
        await asyncio.sleep(0)
        log.info("answered")

    async def turn(name: str) -> None:
        turn_id.set(name)
        log.info("asked")
        await asyncio.create_task(later())

    await asyncio.gather(asyncio.create_task(turn("one")), asyncio.create_task(turn("two")))
    log.info("elsewhere")

    told = [(line["event"], line.get("turn_id")) for line in lines(stream)]
    assert sorted(told[:-1]) == [("answered", "one"), ("answered", "two"), ("asked", "one"), ("asked", "two")]
    assert told[-1] == ("elsewhere", None)
