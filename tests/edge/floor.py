"""What tests of the line ask the house and its pages again and again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

from tests.acceptance.people import People, Seat
from tests.clients import ChatClient
from tests.edge.house import House


def new_id() -> str:
    return str(uuid4())


async def in_time(holds: Callable[[], Awaitable[bool]], *, seconds: float = 30) -> None:
    """Waits for something that no event tells."""
    async with asyncio.timeout(seconds):
        while not await holds():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def line(seat: Seat) -> list[str]:
    """The line as this agent sees it."""
    return [item["conversation_id"] for item in (await seat.client.ask("waiting_line"))["items"]]


async def item(seat: Seat, conversation_id: str) -> dict[str, Any]:
    """One who waits, as this agent sees them."""
    items = (await seat.client.ask("waiting_line"))["items"]
    return next(each for each in items if each["conversation_id"] == conversation_id)


async def waits(people: People, group: dict[str, Any], sub: str, tier: str) -> tuple[ChatClient, str]:
    """A customer of this tier who waits for a human of this group."""
    return await people.waiting_customer(group["name"], identity=people.identity(sub, tier=tier))


async def owner(house: House, conversation_id: str) -> str | None:
    row = (await house.rows("select owner from conversations where id = $1::uuid", conversation_id))[0]
    return str(row["owner"]) if row["owner"] else None


async def state(house: House, conversation_id: str) -> tuple[str, str]:
    """State and the reason of the last change."""
    row = (await house.rows("select state, reason from conversations where id = $1::uuid", conversation_id))[0]
    return row["state"], row["reason"]


async def reasons(house: House, conversation_id: str) -> list[str]:
    """Why the conversation changed its state, each time."""
    rows = await house.rows(
        "select body ->> 'reason' as reason from events where conversation_id = $1::uuid and kind = 'state' "
        "order by seq",
        conversation_id,
    )
    return [row["reason"] for row in rows]


async def refusal(seat: Seat, event: str, **payload: Any) -> dict[str, Any]:
    """The error that a storing event is refused with."""
    answer = await seat.client.call(event, {"client_id": new_id(), **payload})
    assert not answer["ok"], answer
    error: dict[str, Any] = answer["error"]
    return error
