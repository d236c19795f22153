"""What tests of learning share: a journal, conversations in it, and the parts that learn from them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from database.clock import ManualClock
from database.ids import uuid7
from database.pool import Database
from kb_index.articles import Articles, Author
from kb_index.records import Article
from kb_index.search import KnowledgeIndex
from models.hashing_encoder import HashingEncoder
from router.conversations.journal import Journal
from router.learning.harvest import Harvest
from router.learning.pairs import Pairs
from router.learning.tasks import Tasks
from tests.integration.conversations.rows import an_agent
from tests.integration.learning.log import AGENT, Talk

EXPORT_ANSWER = "打开甘特图，点右上角的更多，选择导出为图片，等待生成后下载即可。"
ARTICLES = (
    Article("gantt-export", "怎么导出甘特图", EXPORT_ANSWER),
    Article("invoice", "怎么开发票", "在账单页点申请开票，填写抬头和税号，三个工作日内发到邮箱。"),
    Article("member", "怎么邀请成员", "在成员页点邀请，输入对方的手机号或邮箱，对方确认后加入。"),
)


@dataclass(frozen=True)
class Learning:
    """The parts under test."""

    database: Database
    clock: ManualClock
    harvest: Harvest
    pairs: Pairs
    tasks: Tasks
    talk: Callable[[], Awaitable[Talk]]

    async def known(self) -> set[tuple[str, str, str | None, bool]]:
        """Every pair as (source, question, article, is right), after the log was read."""
        await self.harvest.tick()
        rows = await self.pairs.listed(source=None, article_id=None, is_right=None, below=None, limit=200)
        return {
            (row["source"], row["text"], row["article_id"], row["is_right"]) for row in rows if not row["dismissed_at"]
        }

    async def open_tasks(self) -> list[Any]:
        await self.harvest.tick()
        return await self.tasks.listed(is_open=True, kind=None, below=None, limit=50)


@pytest.fixture(scope="session")
def index() -> KnowledgeIndex:
    """What the server answers with."""
    return KnowledgeIndex.build(ARTICLES, HashingEncoder())


@pytest.fixture
async def learning(database: Database, clock: ManualClock, index: KnowledgeIndex) -> AsyncIterator[Learning]:
    async def listen(_: Any) -> None: ...

    journal = Journal(database, clock, listen)
    journal.start()
    agent = await an_agent(database, clock, 5)
    await database.execute("update accounts set id = $2 where id = $1", agent, AGENT.id)
    articles = Articles(database, clock)
    async with database.transaction() as connection:
        for article in ARTICLES:
            await articles.save_desk_article(connection, article, Author("编辑", uuid7()))
    harvest = Harvest(database, clock, lambda: index)

    async def talk() -> Talk:
        return await Talk(database, journal, clock).begin()

    yield Learning(database, clock, harvest, Pairs(database, clock, harvest), Tasks(database, clock, harvest), talk)
    await journal.close()
