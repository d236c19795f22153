"""What editors do over HTTP, in few words, for the stories of their desk."""

from __future__ import annotations

import asyncio
import io
from typing import Any
from urllib.parse import unquote

import aiohttp

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
    async with asyncio.timeout(60):
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


def form_of(name: str, content: bytes) -> aiohttp.FormData:
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("file", io.BytesIO(content), filename=name)
    return form


async def preview(people: People, who: Staff, name: str, content: str | bytes) -> dict[str, Any]:
    sent = form_of(name, content.encode() if isinstance(content, str) else content)
    made: dict[str, Any] = await people.api("POST", "/knowledge/imports", sent, token=who.token)
    return made


async def exported(house: House, who: Staff, form: str) -> tuple[str, bytes]:
    """The name and the bytes of everything as a file."""
    headers = {"Authorization": f"Bearer {who.token}"}
    async with (
        aiohttp.ClientSession(house.url, headers=headers) as session,
        session.get(f"/api/v1/knowledge/export?format={form}") as response,
    ):
        name = unquote(response.headers["Content-Disposition"].rsplit("''", 1)[1])
        return name, await response.read()


async def applied(people: People, who: Staff, looked: dict[str, Any], *take: str) -> dict[str, Any]:
    done: dict[str, Any] = await people.api(
        "POST", f"/knowledge/imports/{looked['id']}/apply", {"take": list(take)}, token=who.token
    )
    return done
