"""Opens the pages in a real Chromium, on a slow device and network as well, and measures what a reader notices."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web
from playwright.async_api import Browser, BrowserContext, Page, Request, async_playwright

from bench.pages_figures import ConsoleLoad, Loaded, Opening, PagesFigures, PagesPlan, Profile
from bench.processes import Folder, free_port, start_desk

Progress = Callable[[str, int, int], None]

_PASSWORD = "the password of the bench"
_WAIT_MS = 60_000
_LONG_MS = 50  # W3C Long Tasks
_LOADER = "/widget.js"
#: One process for the page and the frame in it, so that one throttle slows both.
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-site-isolation-trials", "--disable-features=IsolateOrigins"]
_HOST = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><link rel="icon" href="data:,">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>A shop</title></head>
<body><h1>A shop</h1>{lines}<script async src="{desk}/widget.js"></script></body></html>"""
#: What the browser says about the page while it is read, and when a click came, the box was there and nothing else was
#: left to do, and the greeting stood there.
_WATCH = """
window.seen = {shift: 0};
new PerformanceObserver((list) => { for (const one of list.getEntries()) seen.shift += one.value; })
  .observe({type: "layout-shift", buffered: true});
addEventListener("click", () => { seen.click ??= Date.now(); }, true);
new MutationObserver(() => {
  if (!seen.box && document.querySelector("footer textarea")) {
    seen.box = true;
    requestIdleCallback(() => { seen.usable = Date.now(); });
  }
  if (document.querySelector(".theirs")) seen.greeting ??= Date.now();
}).observe(document, {childList: true, subtree: true});
"""


async def measure_pages(plan: PagesPlan, chromium: str, data_dir: Path, progress: Progress) -> PagesFigures:
    """Starts a desk of its own and visits it again and again, each time as somebody who was never there."""
    figures = PagesFigures(plan)
    async with AsyncExitStack() as stack:
        folder = Folder(data_dir)
        stack.callback(folder.remove)
        desk = await start_desk(folder.path, None, {"YINGDA_ADMIN_PASSWORD": _PASSWORD})
        stack.push_async_callback(desk.stop)
        address = f"http://127.0.0.1:{desk.port}"
        shop = await stack.enter_async_context(_shop(address))
        playwright = await stack.enter_async_context(async_playwright())
        browser = await playwright.chromium.launch(executable_path=chromium, args=_FLAGS)
        stack.push_async_callback(browser.close)
        figures.browser = f"Chromium {browser.version}"
        total = plan.rounds * len(plan.profiles)
        for done in range(plan.rounds):
            for number, profile in enumerate(plan.profiles):
                progress("opening pages", done * len(plan.profiles) + number, total)
                openings = figures.openings.setdefault(profile.name, [])
                openings.append(await _opening(browser, profile, shop, address))
                consoles = figures.consoles.setdefault(profile.name, [])
                consoles.append(await _console(browser, profile, f"{address}/console"))
    return figures


@asynccontextmanager
async def _shop(desk: str) -> AsyncIterator[str]:
    """A page on another site that embeds the chat, and holds nothing else worth a word."""
    html = _HOST.format(desk=desk, lines="<p>Words about goods.</p>" * 40)

    async def answer(_: web.Request) -> web.Response:
        return web.Response(text=html, content_type="text/html")

    app = web.Application()
    app.router.add_get("/", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield f"http://localhost:{port}/"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _visitor(browser: Browser, profile: Profile) -> AsyncIterator[tuple[Page, Traffic]]:
    context = await browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 800})
    try:
        await context.add_init_script(_WATCH)
        page = await context.new_page()
        await _slow_down(context, page, profile)
        yield page, Traffic(page)
    finally:
        await context.close()


async def _slow_down(context: BrowserContext, page: Page, profile: Profile) -> None:
    wire = await context.new_cdp_session(page)
    await wire.send("Emulation.setCPUThrottlingRate", {"rate": profile.processor_slowed})
    if profile.latency_ms:
        await wire.send("Network.enable")
        conditions = {
            "offline": False,
            "latency": profile.latency_ms,
            "downloadThroughput": profile.down_kbit * 1_000 / 8,
            "uploadThroughput": profile.up_kbit * 1_000 / 8,
        }
        await wire.send("Network.emulateNetworkConditions", conditions)


class Traffic:
    """What a page fetched, in the order in which it had come."""

    def __init__(self, page: Page) -> None:
        self._finished: list[Request] = []
        page.on("requestfinished", lambda request: self._finished.append(request))

    async def files(self, since: int = 0) -> list[Loaded]:
        """What has come since so many files had come: names without their marks, sizes as on the wire."""
        found = []
        for request in self._finished[since:]:
            if request.url.startswith(("http:", "https:")):
                sizes = await request.sizes()
                found.append(Loaded(urlsplit(request.url).path, sizes["responseBodySize"]))
        return found

    @property
    def count(self) -> int:
        return len(self._finished)


async def _opening(browser: Browser, profile: Profile, shop: str, desk: str) -> Opening:
    async with _visitor(browser, profile) as (page, traffic):
        await browser.start_tracing(page=page, categories=["devtools.timeline"])
        await page.goto(shop, timeout=_WAIT_MS)
        launcher = page.locator("#yingda-widget .launcher")
        await launcher.wait_for(timeout=_WAIT_MS)
        await page.wait_for_load_state("networkidle")
        before = [one for one in await traffic.files() if one.name != "/"]
        count, runs = traffic.count, _runs_of_ours(await browser.stop_tracing())
        await launcher.click()
        chat = page.frame_locator("#yingda-widget iframe")
        box = chat.locator("footer textarea")
        await box.wait_for(timeout=_WAIT_MS)
        await box.press("a")
        await chat.locator(".theirs").first.wait_for(timeout=_WAIT_MS)
        frame = next(one for one in page.frames if one.url.startswith(desk))
        while not await frame.evaluate("seen.usable && seen.greeting"):  # set a moment after what was waited for
            await page.wait_for_timeout(10)
        inside, clicked = await frame.evaluate("seen"), await page.evaluate("seen.click")
        shifted = await page.evaluate("seen.shift")
        await page.wait_for_load_state("networkidle")
        return Opening(
            requests_before=len(before),
            bytes_before=sum(one.bytes for one in before),
            long_tasks_before=sum(run > _LONG_MS for run in runs),
            longest_ms=max(runs),
            shift=shifted,
            usable_ms=inside["usable"] - clicked,
            greeted_ms=inside["greeting"] - clicked,
            files=await traffic.files(count),
        )


def _runs_of_ours(trace: bytes) -> list[float]:
    """Milliseconds of processor time of each task of the page in which the button's script ran.

    The time on the clock would count what other programs on this machine do meanwhile.
    """
    return [
        event.get("tdur", 0) / 1_000
        for event in json.loads(trace)["traceEvents"]
        if event.get("name") in ("EvaluateScript", "FunctionCall") and _LOADER in json.dumps(event.get("args"))
    ]


async def _console(browser: Browser, profile: Profile, address: str) -> ConsoleLoad:
    async with _visitor(browser, profile) as (page, traffic):
        await page.goto(address, wait_until="commit", timeout=_WAIT_MS)
        began = await page.evaluate("performance.timeOrigin")
        name = page.get_by_label("账号")
        await name.wait_for(timeout=_WAIT_MS)
        load = ConsoleLoad(form_ms=await page.evaluate("Date.now()") - began)
        await page.wait_for_load_state("networkidle")
        files, count = await traffic.files(), traffic.count
        load.form_bytes, load.form_requests = sum(one.bytes for one in files), len(files)
        await name.fill("admin")
        await page.get_by_label("密码").first.fill(_PASSWORD)
        clicked = await page.evaluate("Date.now()")
        await page.get_by_role("button", name="登录", exact=True).click()
        await page.get_by_role("button", name="切换接待状态").wait_for(timeout=_WAIT_MS)
        load.desk_ms = await page.evaluate("Date.now()") - clicked
        await page.wait_for_load_state("networkidle")
        load.desk_bytes = sum(one.bytes for one in await traffic.files(count))
        return load
