"""The asynchronous door: what is batched, remembered, cancelled and failed."""

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence

import numpy as np
import pytest

from models.batching import BatchedEncoder, EncoderBusy, QuestionNotEncoded
from models.encoder import Vectors
from models.hashing_encoder import HashingEncoder


class GatedEncoder(HashingEncoder):
    """Writes down its batches and holds each one back until the gate opens."""

    def __init__(self) -> None:
        super().__init__(dimensions=32)
        self.batches: list[list[str]] = []
        self.entered = threading.Semaphore(0)
        self.gate = threading.Event()
        self.gate.set()

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        self.batches.append(list(texts))
        self.entered.release()
        assert self.gate.wait(10)
        if any("毒" in text for text in texts):
            raise ValueError("cannot read this")
        return super().encode_questions(texts)

    async def is_busy(self) -> None:
        """Returns once a batch is in its hands."""
        assert await asyncio.to_thread(self.entered.acquire, timeout=10)


@pytest.fixture
def encoder() -> GatedEncoder:
    return GatedEncoder()


@pytest.fixture
async def door(encoder: GatedEncoder) -> AsyncIterator[BatchedEncoder]:
    door = BatchedEncoder(encoder, cache_size=3, max_batch=4)
    yield door
    encoder.gate.set()
    await door.close()


async def ask(door: BatchedEncoder, *texts: str) -> list[asyncio.Task[Vectors]]:
    """Questions on their way: each task has reached the door when this returns."""
    tasks = [asyncio.create_task(door.question_vector(text)) for text in texts]
    await asyncio.sleep(0)
    return tasks


class TalkativeEncoder(HashingEncoder):
    """Says of each message how long it is."""

    def encode_messages(self, texts: Sequence[str]) -> Vectors:
        lengths = np.array([[len(text)] for text in texts], np.float32)
        return np.concatenate([self.encode_questions(texts), lengths], axis=1)


async def test_what_the_encoder_says_of_a_message_comes_after_its_vector() -> None:
    door = BatchedEncoder(TalkativeEncoder(dimensions=32), cache_size=3, max_batch=4)
    message, vector = await asyncio.gather(door.message_vector("怎么登录"), door.question_vector("怎么登录"))
    assert len(await door.question_vector("怎么登录")) == 32  # nothing else is said where nobody asks for it
    await door.close()
    assert np.array_equal(message[:32], vector)
    assert message[32:].tolist() == [4]
    assert (door.counts.encoded, door.counts.cached) == (2, 1)


async def test_a_question_gets_its_own_unit_vector(door: BatchedEncoder) -> None:
    first, second = await asyncio.gather(door.question_vector("登录"), door.question_vector("导出"))
    reference = HashingEncoder(dimensions=32).encode_questions(["登录", "导出"])
    assert np.array_equal(first, reference[0])
    assert np.array_equal(second, reference[1])


async def test_an_idle_encoder_starts_at_once_and_a_busy_one_collects_a_batch(
    door: BatchedEncoder, encoder: GatedEncoder
) -> None:
    encoder.gate.clear()
    tasks = await ask(door, "一")
    await encoder.is_busy()
    tasks += await ask(door, "二", "三", "四")
    encoder.gate.set()
    await asyncio.gather(*tasks)
    assert encoder.batches == [["一"], ["二", "三", "四"]]


async def test_a_batch_is_never_larger_than_allowed(door: BatchedEncoder, encoder: GatedEncoder) -> None:
    encoder.gate.clear()
    tasks = await ask(door, "先")
    await encoder.is_busy()
    tasks += await ask(door, *"甲乙丙丁戊己")
    encoder.gate.set()
    await asyncio.gather(*tasks)
    assert encoder.batches == [["先"], list("甲乙丙丁"), list("戊己")]


async def test_the_same_question_asked_at_once_is_encoded_once(door: BatchedEncoder, encoder: GatedEncoder) -> None:
    vectors = await asyncio.gather(*(door.question_vector(text) for text in ("API 密钥", "ＡＰＩ  密钥", " API 密钥 ")))
    assert encoder.batches == [["API 密钥"]]
    assert vectors[0] is vectors[1] is vectors[2]


async def test_a_question_asked_again_is_remembered(door: BatchedEncoder, encoder: GatedEncoder) -> None:
    first = await door.question_vector("登录")
    assert await door.question_vector(" 登录\n") is first
    assert encoder.batches == [["登录"]]
    assert (door.counts.encoded, door.counts.cached) == (1, 1)


async def test_the_question_used_longest_ago_is_forgotten_first(door: BatchedEncoder, encoder: GatedEncoder) -> None:
    for text in ("一", "二", "三", "一", "四", "一", "二"):
        await door.question_vector(text)
    assert encoder.batches == [["一"], ["二"], ["三"], ["四"], ["二"]]


async def test_a_remembered_vector_cannot_be_changed(door: BatchedEncoder) -> None:
    vector = await door.question_vector("登录")
    with pytest.raises(ValueError, match="read-only"):
        vector[0] = 1.0


async def test_one_who_leaves_disturbs_nobody(door: BatchedEncoder, encoder: GatedEncoder) -> None:
    encoder.gate.clear()
    leaving, staying = await ask(door, "登录", "登录")
    await encoder.is_busy()
    leaving.cancel()
    encoder.gate.set()
    assert (await staying).shape == (32,)
    assert leaving.cancelled()


async def test_a_question_nobody_waits_for_any_more_is_not_encoded(door: BatchedEncoder, encoder: GatedEncoder) -> None:
    encoder.gate.clear()
    (busy,) = await ask(door, "先")
    await encoder.is_busy()
    leaving, staying = await ask(door, "走", "留")
    leaving.cancel()
    await asyncio.sleep(0)
    encoder.gate.set()
    await asyncio.gather(busy, staying)
    assert encoder.batches == [["先"], ["留"]]
    assert door.waiting == 0


async def test_a_question_given_up_and_asked_again_is_answered(door: BatchedEncoder, encoder: GatedEncoder) -> None:
    encoder.gate.clear()
    tasks = await ask(door, "先")
    await encoder.is_busy()
    (leaving,) = await ask(door, "登录")
    leaving.cancel()
    await asyncio.sleep(0)
    (again,) = await ask(door, "登录")
    encoder.gate.set()
    assert (await again).shape == (32,)
    await asyncio.gather(*tasks)


async def test_an_error_fails_only_the_question_that_caused_it(door: BatchedEncoder, encoder: GatedEncoder) -> None:
    encoder.gate.clear()
    tasks = await ask(door, "先")
    await encoder.is_busy()
    before, bad, after = await ask(door, "前", "毒", "后")
    encoder.gate.set()
    assert (await before).shape == (await after).shape == (32,)
    with pytest.raises(QuestionNotEncoded) as failure:
        await bad
    assert isinstance(failure.value.__cause__, ValueError)
    assert (await door.question_vector("再")).shape == (32,)
    await asyncio.gather(*tasks)


async def test_an_error_is_not_remembered(door: BatchedEncoder, encoder: GatedEncoder) -> None:
    for _ in range(2):
        with pytest.raises(QuestionNotEncoded):
            await door.question_vector("毒")
    assert len(encoder.batches) == 2


async def test_a_closed_door_fails_those_who_wait_and_those_who_come(
    door: BatchedEncoder, encoder: GatedEncoder
) -> None:
    encoder.gate.clear()
    (in_hand,) = await ask(door, "在手")
    await encoder.is_busy()
    (waiting,) = await ask(door, "在等")
    closing = asyncio.create_task(door.close())
    await asyncio.sleep(0)
    encoder.gate.set()
    await closing
    assert (await in_hand).shape == (32,)
    with pytest.raises(QuestionNotEncoded):
        await waiting
    with pytest.raises(QuestionNotEncoded):
        await door.question_vector("新来")


async def test_a_door_never_used_closes(encoder: GatedEncoder) -> None:
    await BatchedEncoder(encoder, cache_size=1, max_batch=1).close()


async def test_more_questions_than_can_be_read_in_time_are_refused_at_once(encoder: GatedEncoder) -> None:
    door = BatchedEncoder(encoder, cache_size=3, max_batch=4, max_waiting=3)
    encoder.gate.clear()
    waiting = await ask(door, "一", "二", "三")

    with pytest.raises(EncoderBusy):
        await door.question_vector("四")
    (again,) = await ask(door, "二")

    encoder.gate.set()
    await asyncio.gather(*waiting, again)
    assert (await door.question_vector("四")).shape == (32,)
    assert door.counts.refused == 1
    await door.close()


async def test_a_question_is_not_waited_for_longer_than_allowed_nor_read_afterwards(encoder: GatedEncoder) -> None:
    door = BatchedEncoder(encoder, cache_size=3, max_batch=1, wait_seconds=0.05)
    encoder.gate.clear()
    tasks = await ask(door, "一", "二")

    for task in tasks:
        with pytest.raises(EncoderBusy):
            await task

    assert door.waiting == 0
    encoder.gate.set()
    await door.close()
    assert encoder.batches == [["一"]]
