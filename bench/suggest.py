"""How long an agent waits for suggested replies when thousands of solved conversations lie behind the desk; the whole
server over a socket, with a database of its own."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from bench.floor import FloorPage, Office, customer
from bench.machine import Cores, pin
from bench.pages import close_pages
from bench.processes import Folder, start_desk
from bench.questions import never_asked, sample_questions
from database.ids import uuid7
from database.opening import open_database
from database.pool import Database
from database.settings import DatabaseSettings

Progress = Callable[[str, int, int], None]

_PASSWORD = "the password of the bench"
_GROUP = "使用支持一"
_ANSWERS = (
    "您在项目里点右上角的设置，打开对应的开关，保存后刷新页面就能看到。",
    "这个要管理员在组织设置里开通权限，开好以后重新登录一次就可以了。",
    "导出时先选好时间范围，再点“生成文件”，完成后在消息里下载。",
    "请先清一下浏览器缓存再试；还不行的话换一个无痕窗口，看看是不是插件的影响。",
)
_COPIED = 2_000  # rows in one go
_WAITS_SECONDS = 900.0


@dataclass(frozen=True, slots=True)
class SuggestPlan:
    """So many solved conversations; an agent asks so often, each time about words that nobody used before."""

    cases: int = 10_000
    asked: int = 300
    customers: int = 20


@dataclass(slots=True)
class SuggestFigures:
    """Milliseconds of every call; seconds for taking all cases in."""

    plan: SuggestPlan
    taken_in_seconds: float = 0.0
    load_before: float = 0.0
    load_after: float = 0.0
    took: list[float] = field(default_factory=list)
    from_cases: int = 0
    from_articles: int = 0


async def measure_suggest(plan: SuggestPlan, articles: Path, data_dir: Path, progress: Progress) -> SuggestFigures:
    """Fills the past, waits until it is taken in, then asks from an agent's page."""
    figures, cores = SuggestFigures(plan, load_before=os.getloadavg()[0]), Cores.choose()
    pin(0, cores.generator)
    questions = never_asked(sample_questions(articles))
    async with AsyncExitStack() as stack:
        folder = Folder(data_dir)
        stack.callback(folder.remove)
        database, embedded = await open_database(DatabaseSettings(), folder.path)
        if embedded is not None:
            stack.push_async_callback(embedded.stop)
        stack.push_async_callback(database.close)
        environ = {
            "YINGDA_ADMIN_PASSWORD": _PASSWORD,
            "YINGDA_HOURS__ALWAYS_OPEN": "true",
            "YINGDA_DATABASE__URL": database.dsn,
        }
        desk = await start_desk(folder.path, cores.server, environ)
        stack.push_async_callback(desk.stop)
        office = Office(desk.port, _PASSWORD)
        agent = await office.agent("agent", await office.group(_GROUP), plan.customers)
        stack.callback(close_pages, [agent])
        began = time.perf_counter()
        await _fill(database, plan, questions, progress)
        await _until_taken_in(database, plan, progress)
        figures.taken_in_seconds = time.perf_counter() - began
        pages = await _talks(desk.port, agent, plan)
        stack.callback(close_pages, [page for page, _ in pages])
        for number in range(plan.asked):
            page, conversation_id = pages[number % len(pages)]
            await page.call("send_message", conversation_id=conversation_id, text=next(questions))
            answer, seconds = await agent.call("suggest", conversation_id=conversation_id)
            figures.took.append(seconds * 1000)
            figures.from_cases += any(reply["source"] == "case" for reply in answer["replies"])
            figures.from_articles += any(reply["source"] == "article" for reply in answer["replies"])
            progress("asking", number + 1, plan.asked)
    figures.load_after = os.getloadavg()[0]
    return figures


def table(figures: SuggestFigures) -> str:
    """Markdown."""
    took, plan = sorted(figures.took), figures.plan
    rows = (
        ("suggested replies", "asked", "median", "99 %", "slowest"),
        ("---", "---:", "---:", "---:", "---:"),
        (
            f"at {plan.cases:,} solved conversations",
            f"{len(took):,}",
            *(f"{value:.1f}" for value in (_at(took, 0.5), _at(took, 0.99), took[-1])),
        ),
    )
    return "\n".join(
        [
            *("| " + " | ".join(row) + " |" for row in rows),
            "",
            "Milliseconds at the agent's socket, one core for the server, each time about words that nobody has used "
            f"before. {figures.from_articles:,} answers held an article, {figures.from_cases:,} what a colleague had "
            "answered.",
            f"Taking the past in took {figures.taken_in_seconds:,.0f} s beside the work. Load average "
            f"{figures.load_before:.1f} before, {figures.load_after:.1f} after.",
            "Again: make bench ARGS='--part suggest'; short: with --quick.",
        ]
    )


async def _fill(database: Database, plan: SuggestPlan, questions: Iterator[str], progress: Progress) -> None:
    """Conversations as they end: asked, handed over, answered by the agent, closed as solved."""
    async with database.connection() as connection:
        agent_id: UUID = await connection.fetchval("select id from accounts where username = 'agent'")
        group_id: UUID = await connection.fetchval("select group_id from group_members limit 1")
        now = datetime.now(UTC) - timedelta(days=30)
        customer_id = uuid7()
        await connection.execute(
            "insert into customers (id, tier, created_at, seen_at) values ($1, 'free', $2, $2)", customer_id, now
        )
        for first in range(0, plan.cases, _COPIED):
            conversations: list[tuple[Any, ...]] = []
            events: list[tuple[Any, ...]] = []
            for number in range(first, min(first + _COPIED, plan.cases)):
                conversation_id, at = uuid7(), now + timedelta(seconds=number)
                conversations.append(
                    (conversation_id, customer_id, "main", "web", "closed", agent_id, group_id, at, at, at, at, True)
                )
                asked, said = next(questions), _ANSWERS[number % len(_ANSWERS)]
                for seq, (kind, actor, text) in enumerate(
                    (("customer", customer_id, asked), ("agent", agent_id, said)), start=1
                ):
                    body = {"id": str(uuid7()), "text": text}
                    events.append((conversation_id, seq, "message", at, kind, actor, body))
            await connection.copy_records_to_table(
                "conversations",
                records=conversations,
                columns=(
                    "id", "customer_id", "site", "channel", "state", "owner", "group_id", "started_at", "last_at",
                    "first_reply_at", "closed_at", "resolved",
                ),
            )  # fmt: skip
            await connection.executemany(
                "insert into events (conversation_id, seq, kind, at, actor_kind, actor_id, body) "
                "values ($1, $2, $3, $4, $5, $6, $7)",
                events,
            )
            progress("writing the past", first + len(conversations), plan.cases)


async def _until_taken_in(database: Database, plan: SuggestPlan, progress: Progress) -> None:
    async with asyncio.timeout(_WAITS_SECONDS):
        while True:
            known = await database.fetchval("select count(*) from solved_cases")
            progress("taking it in", min(known, plan.cases), plan.cases)
            if known >= plan.cases * 0.99:  # a few of the questions are none
                break
            await asyncio.sleep(1)
    await asyncio.sleep(12)  # until the server has read them


async def _talks(port: int, agent: FloorPage, plan: SuggestPlan) -> list[tuple[FloorPage, str]]:
    """Customers whom the agent has."""
    await agent.call("set_presence", status="online")
    pages: list[tuple[FloorPage, str]] = []
    for _ in range(plan.customers):
        page = await customer(port)
        asked, _seconds = await page.call("request_human", topic=_GROUP)
        pages.append((page, asked["conversation_id"]))
    await asyncio.sleep(3)
    return pages


def _at(values: list[float], share: float) -> float:
    return values[min(int(share * len(values)), len(values) - 1)]
