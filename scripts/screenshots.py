"""`make screenshots`: plays the story of the README against a fresh server and takes its pictures anew."""

from __future__ import annotations

import argparse
import asyncio
import io
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.async_api import Error, Page, expect

from scripts.prepare import find_chromium
from tests.acceptance.people import People, Staff, identity, people_of
from tests.acceptance.program import ROOT, Program
from tests.browser.screens import Customer
from tests.browser.visitors import PHONE, Visitors, chromium
from tests.clients import sign_in
from tests.conftest import remove_cluster

PICTURES = ROOT / "docs" / "pictures"
MOST_BYTES = 160_000
_START_SECONDS = 240.0
_SHARP = 1.5
_CONSOLE = {"width": 1280, "height": 960}
#: The chat window of the demo site, on a desktop page.
_CHAT_CORNER = {"x": 820, "y": 30, "width": 460, "height": 770}
_AGENT = {
    "username": "xiaolin",
    "password": "a password for pictures",
    "roles": ["agent"],
    "name": "林晓",
    "public_name": "小林",
    "staff_number": "8021",
    "capacity": 5,
}

QUESTION = "怎么把甘特图导出成图片"
_WAITING: list[tuple[dict[str, Any], list[str]]] = [
    ({"name": "陈立", "tier": "free"}, ["你们公司楼下的停车场怎么收费", "企鹅冬天吃不吃冰淇淋"]),
    ({"name": "吴佳", "tier": "standard"}, ["发票抬头开错了，转人工"]),
    (
        {"name": "赵工", "tier": "enterprise", "company": {"id": "k2", "name": "蓝鲸制造"}},
        ["想谈谈续费，转人工"],
    ),
    ({"name": "孙琳", "tier": "standard"}, ["全公司都登录不上去了，十万火急，马上转人工"]),
]


@dataclass(frozen=True)
class Album:
    """Where the pictures go; each is reduced to 256 colours and must stay small."""

    folder: Path

    async def keep(self, page: Page, name: str, clip: dict[str, int] | None = None) -> None:
        await page.mouse.move(0, 0)
        await page.wait_for_timeout(700)  # motions have come to rest
        taken = await page.screenshot(clip=clip)  # type: ignore[arg-type]
        path = self.folder / f"{name}.png"
        Image.open(io.BytesIO(taken)).convert("RGB").quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)
        size = path.stat().st_size
        print(f"{path.relative_to(ROOT) if path.is_relative_to(ROOT) else path}: {size / 1000:.0f} KB")
        if size > MOST_BYTES:
            raise OSError(f"{path} has {size} bytes, more than {MOST_BYTES}")


async def play(program: Program, album: Album) -> None:
    """The story, with a picture at each of its stations."""
    async with chromium() as browser, people_of(program) as people:
        visitors = Visitors(browser, program, people)
        try:
            await _play(visitors, people, album)
        finally:
            await visitors.close()


async def _play(visitors: Visitors, people: People, album: Album) -> None:
    group = await visitors.group("pick")
    agent = await visitors.agent(await _colleague(people, group["id"]), viewport=_CONSOLE, device_scale_factor=_SHARP)
    await agent.be("在线")

    first = await _known(visitors, "c-101", name="周敏", tier="standard", company={"id": "k1", "name": "远山家居"})
    await first.say(QUESTION)
    await first.hears("导出 › 图片（PNG）")
    await first.press("有帮助")
    await first.hears("很高兴帮到您")
    await album.keep(first.page, "chat")

    await first.say("导出按钮是灰的，点不了，转人工")
    await first.is_in_line()
    await agent.tab("排队")
    await agent.line.get_by_role("button", name="接入").click()
    await first.hears("已接入")
    await agent.note("她是“成员”角色，默认没有导出权限，先核对再答。")
    await agent.reply("您好，我是小林，前面的对话我看过了。按钮变灰，多半是角色没有“导出”权限。")
    await first.say("我是普通成员，那找谁开呢？")
    await agent.reads("那找谁开呢")
    await agent.reply("请项目管理员打开 项目设置 › 角色与权限，给“成员”勾上“导出”，刷新页面就好。")
    await first.hears("刷新页面就好")
    await agent.tab("我的会话")
    await album.keep(agent.page, "console")

    await _line(visitors, album)
    await agent.tab("排队")
    await expect(agent.line).to_have_count(4)
    await album.keep(agent.page, "waiting-line")

    phone = await visitors.customer("/chat", viewport=PHONE, is_mobile=True, has_touch=True, device_scale_factor=2)
    await phone.say("怎么导出")
    await phone.hears("您问的是下面哪一个")
    await album.keep(phone.page, "phone")


async def _line(visitors: Visitors, album: Album) -> None:
    """Four customers who wait for different reasons; the last one's page is photographed."""
    for number, (claims, messages) in enumerate(_WAITING):
        customer = await _known(visitors, f"c-20{number}", **claims)
        for text in messages:
            await customer.say(text)
            await expect(customer.thread.locator(".activity")).to_have_count(0)
        await customer.is_in_line()
        if number == 3:
            await customer.is_in_line(re.compile("您前面还有"))
            await album.keep(customer.page, "queue", _CHAT_CORNER)


async def _known(visitors: Visitors, sub: str, **claims: Any) -> Customer:
    """A customer whom the embedding site has signed in."""
    customer = await visitors.customer(device_scale_factor=_SHARP)
    await customer.page.evaluate("token => window.Yingda.push(['setUser', token])", identity(sub, **claims))
    await customer.hears(str(claims["name"]))
    return customer


async def _colleague(people: People, group_id: str) -> Staff:
    made = await people.api("POST", "/agents", {**_AGENT, "groups": [group_id]})
    tokens = await sign_in(people.program.url, str(_AGENT["username"]), str(_AGENT["password"]))
    return Staff(made["id"], made["username"], made["public_name"], str(_AGENT["password"]), tokens)


def main() -> int:
    """Exit status 0, or 1 with one line."""
    parser = argparse.ArgumentParser(description="Takes the pictures of the README anew, from a fresh server.")
    parser.add_argument("--out", type=Path, default=PICTURES, help="the folder for the pictures (docs/pictures)")
    album = Album(parser.parse_args().out)
    if find_chromium() is None:
        print("no Chromium: run `make screenshots`, or name one by YINGDA_CHROMIUM=/path", file=sys.stderr)
        return 1
    album.folder.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="yingda-pictures-"))
    folder.chmod(0o755)
    program = Program(folder, ENCODER__NAME="multilingual-e5-small", KNOWLEDGE__ARTICLES=str(ROOT / "faq"))
    print("starting a server with the sample knowledge (about half a minute)", flush=True)
    try:
        with program:
            program.launch()
            program.wait_ready(_START_SECONDS)
            asyncio.run(play(program, album))
    except (AssertionError, Error, OSError) as failure:
        print(f"no pictures: {failure}", file=sys.stderr)
        return 1
    finally:
        remove_cluster(folder)
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
