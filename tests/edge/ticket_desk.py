"""Tickets as a colleague's page asks for them, and a customer whom an agent has."""

from __future__ import annotations

from typing import Any

from tests.acceptance.people import People, Seat
from tests.clients import ChatClient


async def with_agent(people: People, **auth: Any) -> tuple[dict[str, Any], Seat, ChatClient, str]:
    """A group, its agent, and a customer whom the agent has."""
    group = await people.group("pick")
    seat = await people.agent(group)
    customer, conversation_id = await people.waiting_customer(group["name"], **auth)
    await customer.say("甘特图导出来是空白的", conversation_id=conversation_id)
    await seat.client.do("accept", conversation_id=conversation_id)
    await customer.state("human")
    return group, seat, customer, conversation_id


class TicketDesk:
    """Tickets as one colleague's page asks for them."""

    def __init__(self, people: People, seat: Seat) -> None:
        self._people = people
        self._seat = seat

    async def one(self, number: str) -> dict[str, Any]:
        found: dict[str, Any] = await self._people.api("GET", f"/tickets/{number}", token=await self._token())
        return found

    async def patch(self, number: str, **fields: Any) -> dict[str, Any]:
        version = (await self.one(number))["version"]
        return await self.send("PATCH", f"/tickets/{number}", {"version": version, **fields})

    async def comment(self, number: str, text: str, visibility: str = "public", **more: Any) -> dict[str, Any]:
        return await self.send("POST", f"/tickets/{number}/comments", {"text": text, "visibility": visibility, **more})

    async def send(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        made: dict[str, Any] = await self._people.api(method, path, body, token=await self._token())
        return made

    async def _token(self) -> str:
        return await self._people.token(self._seat.staff)

    async def numbers(self, query: str = "") -> list[str]:
        """The list, newest first."""
        return [each["number"] for each in (await self.send("GET", f"/tickets?{query}"))["items"]]

    async def clocks(self, number: str) -> dict[str, str]:
        """How each open clock stands."""
        return {
            clock["kind"]: "rests" if clock["paused"] else "breached" if clock["breached"] else "runs"
            for clock in (await self.one(number))["clocks"]
        }
