"""A running server changes index and encoder together, and answers all the while."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
import pytest

from bot.answering import Answerer
from bot.records import Answer, Turn
from bot.settings import BotSettings
from database.clock import ManualClock
from database.pool import Database
from kb_index.articles import Articles, Author
from kb_index.encoders import Encoders, NamedEncoder, TunedEncoder, layers_file
from kb_index.records import Article
from kb_index.settings import IndexSettings
from kb_index.versions import IndexVersions, Learnt
from models.batching import BatchedEncoder
from models.encoder import Encoder
from models.hashing_encoder import HashingEncoder
from models.heads.heads import Heads
from models.settings import EncoderSettings
from router.knowledge.building import Building
from router.knowledge.knowledge import Knowledge

ARTICLE = Article("export", "怎么把甘特图导出成图片", "点导出。", ("甘特图能存成图片吗",))
EDITOR = Author("小林")


class TwoEncoders(Encoders):
    """The configured one, and one that was tuned from it."""

    def applies(self, tuned: TunedEncoder | None) -> bool:
        return tuned is not None

    def load(self, tuned: TunedEncoder | None = None) -> NamedEncoder:
        return HashingEncoder(256 if tuned else 384)


def no_heads(encoder: Encoder) -> Heads:
    nothing = np.zeros(0, np.float32)
    return Heads(
        encoder.fingerprint, {}, np.zeros(encoder.dimensions, np.float32),
        np.zeros((encoder.dimensions, 0), np.float32), (), np.zeros((0, 0), np.float32), nothing,
    )  # fmt: skip


@pytest.mark.slow
async def test_index_and_encoder_change_together_and_back(
    database: Database, tmp_path: Path, clock: ManualClock
) -> None:
    articles, versions = Articles(database, clock), IndexVersions(database, tmp_path, IndexSettings(), clock)
    async with database.transaction() as connection:
        stored = await articles.save_desk_article(connection, ARTICLE, EDITOR)
    base = HashingEncoder()
    for number, encoder, tuned in (
        (1, base, None),
        (2, HashingEncoder(256), TunedEncoder("tuned", base.fingerprint)),
    ):
        index = versions.build(number, [stored], encoder, None)
        async with database.transaction() as connection:
            await versions.put(connection, index, [stored], "hashing", versions.write(index), None, Learnt(tuned=tuned))
    file = layers_file(tmp_path, TunedEncoder("tuned", base.fingerprint))
    file.parent.mkdir(parents=True)
    file.touch()

    batched = BatchedEncoder(base, 100, 8)
    answerer = Answerer(BotSettings(), batched)
    settings = EncoderSettings(name="hashing")
    knowledge = Knowledge(
        database, articles, versions, Building(database.dsn, tmp_path, settings, IndexSettings()),
        TwoEncoders(settings, tmp_path), batched, lambda index, encoder, _: answerer.swap(index, encoder), no_heads,
        None,
    )  # fmt: skip
    asking = True

    async def ask() -> int:
        answers = 0
        while asking:
            decision = await answerer.answer(Turn(fragments=(f"甘特图能存成图片吗{' ' * answers}",)))
            assert isinstance(decision, Answer)
            answers += 1
            await asyncio.sleep(0)
        return answers

    await knowledge.refresh()
    customers = [asyncio.create_task(ask()) for _ in range(3)]
    for wanted, dimensions in ((2, 256), (1, 384), (2, 256)):
        await versions.roll_back(wanted, EDITOR)
        await knowledge.refresh()
        serving = knowledge.serving
        assert serving is not None
        assert (serving.index.version, serving.encoder.encoder.dimensions) == (wanted, dimensions)
        assert np.shape(await serving.encoder.question_vector("在哪里导出")) == (dimensions,)
        await asyncio.sleep(0.05)
    asking = False
    assert all(await asyncio.gather(*customers))
    await knowledge.close()
