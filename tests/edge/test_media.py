"""Pictures and videos of articles: what is taken, what is taken out of it, how it is served, and files of them."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping

import aiohttp
import pytest
from PIL import Image

from tests.acceptance.people import People
from tests.edge.conftest import OpenHouse
from tests.edge.editing_desk import QUESTION, drafted, editor, exported, form_of, preview, published
from tests.edge.films import SECRET, mp4, webm
from tests.edge.house import House

VIDEOS = "/knowledge/videos"


@pytest.fixture
async def house(open_house: OpenHouse) -> House:
    return await open_house(KNOWLEDGE__VIDEO_MEGABYTES="1")


async def test_pictures_and_videos_are_made_harmless_shown_in_the_answer_and_go_out_and_in_with_the_archive(
    house: House, people: People
) -> None:
    who = await editor(people)
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "在客户现场拍的"
    Image.new("RGB", (30, 20), "green").save(out, "JPEG", exif=exif)
    sent = {"file_name": "现场 1.jpg", "content": base64.b64encode(out.getvalue()).decode()}
    picture = await people.api("POST", "/knowledge/pictures", sent, token=who.token)
    kept = (await _fetched(house, picture["url"]))[2]
    assert not dict(Image.open(io.BytesIO(kept)).getexif())
    lie = {"file_name": "x.png", "content": base64.b64encode(b"<svg onload=alert(1)>").decode()}
    assert await people.api_error("POST", "/knowledge/pictures", lie, token=who.token) == (400, "invalid")

    for lie_of, content in (
        ("a.mp4", b"<script>"),
        ("b.mp4", mp4(b"qt  ")),
        ("c.webm", webm()[:200]),
        ("d.mp4", mp4()[:40]),
    ):
        assert await people.api_error("POST", VIDEOS, form_of(lie_of, content), token=who.token) == (400, "invalid")
    too_long = form_of("e.webm", webm() + bytes(1024 * 1024))
    assert await people.api_error("POST", VIDEOS, too_long, token=who.token) == (413, "too_large")
    films = [await people.api("POST", VIDEOS, form_of("操作 1.avi", film), token=who.token) for film in (webm(), mp4())]
    for film, kind in zip(films, ("webm", "mp4"), strict=True):
        answered, headers, kept = await _fetched(house, film["url"])
        assert (answered, headers["Content-Type"], SECRET in kept) == (200, f"video/{kind}", False)
        assert "sandbox" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        part = await _fetched(house, film["url"], "bytes=4-7")
        assert (part[0], part[1]["Content-Range"], part[2]) == (206, f"bytes 4-7/{len(kept)}", kept[4:8])
        assert (await _fetched(house, film["url"], "bytes=999999-"))[0] == 416

    pictures = [picture, *films]
    shown = f"[![操作]({picture['name']})]({films[0]['name']})\n![另一段]({films[1]['name']})"
    draft = await drafted(people, who, answer=f"看图：\n\n{shown}", pictures=pictures)
    path = f"/articles/{draft['article_id']}"
    done = await people.api("POST", f"{path}/draft/publish", {"version": 1}, token=who.token)
    assert done["pictures"] == pictures
    await published(house, people)
    customer = await people.customer()
    said = await customer.say(QUESTION)
    answer = await customer.answer_to(said)
    assert f"[![操作]({picture['url']})]({films[0]['url']})" in answer["text"]
    assert [each.get("type") for each in answer["attachments"]] == [None, "video/webm", "video/mp4"]

    for form, name in (("markdown", "知识库.zip"), ("xlsx", "知识库.xlsx")):
        file = await exported(house, who, form)
        assert file[0] == name
        looked = await preview(people, who, *file)
        told = [(entry["kind"], entry["id"], entry["message"][:20]) for entry in looked["entries"]]
        if form == "markdown":
            assert looked["counts"]["faulty"] == looked["counts"]["added"] == 0, told
            assert looked["counts"]["unchanged"] == 10
        else:  # a table has no place for pictures beside it
            assert looked["counts"]["unchanged"] == 10, told


async def _fetched(house: House, path: str, span: str = "") -> tuple[int, Mapping[str, str], bytes]:
    headers = {"Range": span} if span else {}
    async with aiohttp.ClientSession(house.url) as session, session.get(path, headers=headers) as response:
        return response.status, response.headers, await response.read()
