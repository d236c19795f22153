"""What a version has learnt from use is part of it: handed on by a reindex, brought back by a rollback, and gone where
the words are gone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from database.clock import ManualClock
from database.ids import uuid7
from database.pool import Database
from kb_index.encoders import Encoders, TunedEncoder, layers_file
from kb_index.errors import IndexMismatch
from kb_index.records import Lesson
from kb_index.versions import Learnt, PinnedLesson
from models.encoder import Encoder
from models.hashing_encoder import HashingEncoder
from models.settings import EncoderSettings
from tests.integration.conversations.rows import a_conversation
from tests.integration.kb_index.test_reindexing import EDITOR, Desk

pytestmark = pytest.mark.slow

ASKED = "小蓝鲸在哪里"


@pytest.fixture
def desk(database: Database, tmp_path: Path, clock: ManualClock) -> Desk:
    return Desk(database, tmp_path / "var", tmp_path / "faq", clock)


async def _taught(desk: Desk, pinned: PinnedLesson, *, encoder: Encoder, tuned: TunedEncoder | None = None) -> int:
    """A version that has learnt a lesson, as a training stores it."""
    stored = await desk.articles.stored()
    articles = [known.article for known in stored]
    number = await desk.versions.next_number()
    lesson = Lesson(ASKED, pinned.article_id, pinned.right)
    index = desk.versions.build(number, articles, encoder, None, [lesson])
    content_hash = desk.versions.write(index)
    async with desk.database.transaction() as connection:
        lesson_set = await desk.versions.put_lessons(connection, [pinned], {"questions": 1})
        learnt = Learnt(lesson_set, (lesson,), tuned)
        await desk.versions.put(connection, index, articles, "hashing", content_hash, "trained", learnt)
    return number


def _typed(article_id: str) -> PinnedLesson:
    return PinnedLesson(
        conversation_id=None, question_seqs=None, question=ASKED, article_id=article_id, right=True
    )  # fmt: skip


async def _served_lessons(desk: Desk) -> list[str]:
    learnt = await desk.versions.learnt(await desk.versions.serving())
    return [lesson.question for lesson in learnt.lessons]


async def _best(desk: Desk) -> str:
    index = await desk.index()
    vector = desk.encoder.encode_questions([ASKED])[0]
    return index.find(ASKED, vector)[0].article.id


async def test_a_reindex_hands_on_what_was_learnt_and_a_rollback_takes_it_back(desk: Desk) -> None:
    desk.write("导出", "点导出。")
    desk.write("登录", "点登录。")
    await desk.reindex()
    taught = await _taught(desk, _typed("登录"), encoder=desk.encoder)
    assert await _best(desk) == "登录"

    desk.write("导出", "点右上角的导出。")
    await desk.reindex()
    assert await desk.versions.serving() == taught + 1
    assert await _served_lessons(desk) == [ASKED]
    assert await _best(desk) == "登录"

    await desk.versions.roll_back(1, EDITOR)
    assert await _served_lessons(desk) == []
    await desk.versions.roll_back(taught, EDITOR)
    assert await _served_lessons(desk) == [ASKED]


async def test_a_lesson_goes_with_the_words_it_was_learnt_from(desk: Desk, clock: ManualClock) -> None:
    desk.write("导出", "点导出。")
    desk.write("登录", "点登录。")
    await desk.reindex()
    conversation = await a_conversation(desk.database, clock)
    await desk.database.execute(
        "insert into events (conversation_id, seq, kind, at, actor_kind, body)"
        " values ($1, 1, 'message', $2, 'customer', $3)",
        conversation, clock.now(), {"id": str(uuid7()), "text": ASKED},
    )  # fmt: skip
    pinned = replace(_typed("登录"), conversation_id=conversation, question_seqs=(1,), question=None)
    await _taught(desk, pinned, encoder=desk.encoder)
    assert await _served_lessons(desk) == [ASKED]

    await desk.database.execute(
        'update events set body = \'{"text": "", "redacted": true}\' where conversation_id = $1', conversation
    )
    assert await _served_lessons(desk) == []
    index = await desk.index()  # the cached folder still knew the words: it is made again without them
    assert ASKED not in index.parts.layout.texts


async def test_the_tuned_encoder_is_part_of_the_version(desk: Desk) -> None:
    desk.write("导出", "点导出。")
    await desk.reindex()
    tuned_encoder = HashingEncoder(256)
    tuned = TunedEncoder("tuned-1", desk.encoder.fingerprint)
    file = layers_file(desk.data_dir, tuned)
    file.parent.mkdir(parents=True)
    file.touch()
    number = await _taught(desk, _typed("导出"), encoder=tuned_encoder, tuned=tuned)
    assert (await desk.versions.get(number)).tuned == tuned
    with pytest.raises(IndexMismatch):
        await desk.versions.load(number, desk.encoder)
    assert (await desk.versions.load(number, tuned_encoder)).version == number

    await desk.versions.roll_back(1, EDITOR)
    assert (await desk.versions.get(1)).tuned is None
    await desk.versions.roll_back(number, EDITOR)
    file.unlink()
    await desk.versions.roll_back(1, EDITOR)
    with pytest.raises(IndexMismatch, match="tuned-1"):
        await desk.versions.roll_back(number, EDITOR)


async def test_another_configured_encoder_goes_before_a_tuned_one(desk: Desk) -> None:
    """A reindex under another configuration keeps the lessons and drops the tuned encoder."""
    desk.write("导出", "点导出。")
    await desk.reindex()
    tuned = TunedEncoder("tuned-1", "an encoder that is not configured any more")
    await _taught(desk, _typed("导出"), encoder=HashingEncoder(256), tuned=tuned)
    encoders = Encoders(EncoderSettings(name="hashing"), desk.data_dir)
    assert not encoders.applies(tuned)
    assert encoders.load(tuned).fingerprint == HashingEncoder().fingerprint
    await desk.reindex()
    served = await desk.versions.get(await desk.versions.serving() or 0)
    assert (served.tuned, served.encoder_hash) == (None, desk.encoder.fingerprint)
    assert await _served_lessons(desk) == [ASKED]
