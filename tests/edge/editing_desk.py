"""What editors do over HTTP, in few words, for the stories of their desk."""

from __future__ import annotations

import asyncio
import base64
from typing import Any

from tests.acceptance.people import People, Staff
from tests.edge.house import House

QUESTION = "怎么给松鼠剪指甲"
ANSWER = "先问松鼠，再剪。"


def content(**more: Any) -> dict[str, Any]:
    return {"question": QUESTION, "answer": ANSWER, **more}


async def editor(people: People) -> Staff:
    return await people.staff(role="editor")


async def drafted(people: People, who: Staff, **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = await people.api("POST", "/knowledge/drafts", {"content": content(**more)}, token=who.token)
    return made


async def published(house: House, people: People) -> None:
    """Until nothing is being built any more."""
    async with asyncio.timeout(30):
        while (await people.api("GET", "/articles?limit=1"))["index"]["building"]:  # noqa: ASYNC110 (over HTTP)
            await asyncio.sleep(0.05)
    await house.pass_time()


async def finished(people: People, run_id: str, who: Staff) -> dict[str, Any]:
    async with asyncio.timeout(60):
        while True:
            run: dict[str, Any] = await people.api("GET", f"/knowledge/runs/{run_id}", token=who.token)
            if run["state"] not in ("waiting", "running"):
                return run
            await asyncio.sleep(0.1)


async def rows(people: People, query: str, who: Staff) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await people.api("GET", f"/knowledge/articles?{query}", token=who.token))["items"]
    return found


async def preview(people: People, who: Staff, name: str, text: str) -> dict[str, Any]:
    sent = {"file_name": name, "content": base64.b64encode(text.encode()).decode()}
    made: dict[str, Any] = await people.api("POST", "/knowledge/imports", sent, token=who.token)
    return made


async def applied(people: People, who: Staff, looked: dict[str, Any], *take: str) -> dict[str, Any]:
    done: dict[str, Any] = await people.api(
        "POST", f"/knowledge/imports/{looked['id']}/apply", {"take": list(take)}, token=who.token
    )
    return done
