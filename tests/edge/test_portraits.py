"""Pictures of colleagues: what comes in is made anew, customers see it, and it can go again."""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO

import aiohttp
from PIL import Image

from tests.acceptance.people import People
from tests.edge.house import House


def picture(width: int, height: int, kind: str = "JPEG") -> str:
    out = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "密语：在家里拍的"
    Image.new("RGB", (width, height), "#884422").save(out, kind, exif=exif)
    return b64encode(out.getvalue()).decode()


async def fetched(house: House, path: str) -> tuple[int, bytes]:
    async with aiohttp.ClientSession() as session, session.get(house.url + path) as response:
        return response.status, await response.read()


async def test_customers_see_who_answers_until_the_colleague_takes_it_away(house: House, people: People) -> None:
    group = await people.group("auto")
    staff = await people.staff(group)
    made = await people.api("PUT", "/me/picture", {"picture": picture(900, 600)}, token=staff.token)
    status, body = await fetched(house, made["picture"])
    shown = Image.open(BytesIO(body))
    assert (status, shown.format, shown.size) == (200, "WEBP", (256, 256))
    assert "密语" not in body.decode("utf-8", "replace")
    assert not shown.getexif()

    seat = await people.seat(staff)
    customer, _ = await people.waiting_customer(group["name"])
    await house.pass_time()
    joined = await customer.state("human")
    assert joined["agent"]["picture"] == made["picture"]
    assert seat.client.all("welcome")[0]["agent"]["picture"] == made["picture"]

    boss, stranger = await people.staff(role="supervisor"), await people.staff(group)
    path = f"/agents/{staff.id}/picture"
    assert await people.api_error("DELETE", path, token=stranger.token) == (403, "forbidden")
    assert await people.api("DELETE", path, token=boss.token) == {"picture": None}
    assert (await fetched(house, made["picture"]))[0] == 404
    assert (await people.api("GET", "/me", token=staff.token)).get("picture") is None


async def test_what_is_no_picture_or_too_large_is_refused(people: People) -> None:
    staff = await people.staff(await people.group())
    bomb = picture(6_000, 5_000, "PNG")
    for text, error in (
        ("nonsense!", (400, "invalid")),
        (b64encode(b"<svg onload=alert(1)>").decode(), (400, "invalid")),
        (picture(40, 40)[:200], (400, "invalid")),
        (bomb, (413, "too_large")),
        ("A" * 950_000, (413, "too_large")),
    ):
        assert await people.api_error("PUT", "/me/picture", {"picture": text}, token=staff.token) == error
