"""Layers tuned on the stored articles: served with a version, kept for every node, handed on, and gone back from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from database.clock import ManualClock
from database.pool import Database
from kb_index.articles import Articles, Author
from kb_index.encoders import Encoders, layers_file
from kb_index.records import Article
from kb_index.reindexing import Reindexing
from kb_index.settings import IndexSettings
from kb_index.versions import IndexVersions
from models.batching import BatchedEncoder
from models.settings import EncoderSettings
from router.knowledge.building import Building
from router.knowledge.knowledge import Knowledge
from tests.integration.kb_index.test_reindexing import EDITOR
from tests.integration.test_swapping_encoders import no_heads

pytestmark = pytest.mark.slow

THINGS = (
    "甘特图", "看板", "迭代", "工时", "发票", "密码", "成员", "角色", "权限", "附件", "评论", "通知", "报表", "接口",
    "日历", "审批", "标签", "模板", "回收站", "水印",
)  # fmt: skip
ARTICLES = [
    Article(f"thing-{number}", f"怎么打开{thing}", f"点左边的{thing}。", (f"{thing}在哪里看",))
    for number, thing in enumerate(THINGS)
]


class Installation:
    """One node with the configured encoder."""

    def __init__(self, database: Database, data_dir: Path, clock: ManualClock) -> None:
        self.database = database
        self.data_dir = data_dir
        self.articles = Articles(database, clock)
        self.versions = IndexVersions(database, data_dir, IndexSettings(), clock)
        self.encoders = Encoders(EncoderSettings(), data_dir)
        self.reindexing = Reindexing(
            database, self.articles, self.versions, data_dir, self.encoders.load, Author("reindex")
        )

    async def store(self, *articles: Article) -> None:
        async with self.database.transaction() as connection:
            for article in articles:
                await self.articles.save_desk_article(connection, article, EDITOR)


@pytest.fixture
def node(database: Database, tmp_path: Path, clock: ManualClock) -> Callable[[str], Installation]:
    return lambda name: Installation(database, tmp_path / name, clock)


class CountedBuilding(Building):
    """Tunes nothing, but says how often it was to."""

    times = 0

    async def tune(self, progress: object = None) -> None:
        self.times += 1


async def test_tuned_once_kept_for_every_node_and_handed_on(node: Callable[[str], Installation]) -> None:
    here = node("here")
    await here.store(*ARTICLES)
    assert (await here.reindexing.run([])).version == 1
    building = CountedBuilding(here.database.dsn, here.data_dir, EncoderSettings(), IndexSettings())
    asleep, awake = _server(here, building, tunes=False), _server(here, building, tunes=True)
    for server in (asleep, awake):
        await server.tune_where_due()  # nothing is served here yet
        await server.refresh()
    await asleep.tune_where_due()
    assert building.times == 0
    assert awake.serving is not None
    untuned, asked = awake.serving, "看板放在哪儿了"
    heard = await untuned.encoder.heard_vector(asked)
    for _ in range(30):
        await awake.tune_where_due()
    assert 1 < building.times < 30, "another process may have failed at it; but not for ever"

    outcome = await here.reindexing.tune(here.encoders)
    assert outcome is not None
    assert outcome.version == 2
    version = await here.versions.get(2)
    assert version.tuned is not None
    assert version.encoder_hash == version.tuned.name != version.tuned.base
    assert await here.reindexing.tune(here.encoders) is None, "nothing has changed since"
    asked_for = building.times
    await awake.refresh()
    await awake.tune_where_due()
    assert awake.serving is not untuned
    assert awake.serving.encoder.encoder.fingerprint == version.encoder_hash
    assert np.allclose(awake.serving.heard.mean, untuned.heard.mean, atol=1e-4), "what was kept of cases stays valid"
    assert np.allclose(await awake.serving.encoder.heard_vector(asked), heard, atol=1e-4)
    assert awake.serving.encoder.encoder.base is here.encoders.load(), "what is not tuned is not loaded twice"
    assert building.times == asked_for

    there = node("there")  # another machine: it has nothing but the database
    learnt = await there.versions.learnt(2)
    encoder = there.encoders.load(learnt.tuned)
    assert encoder.fingerprint == version.encoder_hash
    index = await there.versions.load(2, encoder)
    assert index.find(asked, encoder.encode_questions([asked])[0])[0].article.id == "thing-1"

    await here.store(replace(ARTICLES[0], answer="点右边的甘特图。", revision=1))
    assert (await here.reindexing.run([])).version == 3
    assert (await here.versions.get(3)).encoder_hash == version.encoder_hash, "publishing keeps the layers"
    assert await here.reindexing.tune(here.encoders) is None, "an answer is no question"

    await there.versions.roll_back(1, EDITOR)
    assert (await there.versions.get(1)).tuned is None
    assert await there.reindexing.tune(there.encoders) is None, "whoever went back from layers does not want them again"
    layers_file(there.data_dir, version.tuned).unlink()
    await there.versions.roll_back(2, EDITOR)
    await there.versions.layers.bring(version.tuned)
    assert there.encoders.load(version.tuned).fingerprint == version.encoder_hash
    for server in (asleep, awake):
        await server.close()


def _server(here: Installation, building: Building, *, tunes: bool) -> Knowledge:
    batched = BatchedEncoder(here.encoders.load(), 10, 8)
    return Knowledge(
        here.database, here.articles, here.versions, building, here.encoders, batched, lambda *_: None, no_heads, None,
        tunes=tunes,
    )  # fmt: skip
