"""The asynchronous door to an encoder: one thread encodes the questions of the same moment together, and recent
questions are remembered; refuses questions once it is closed."""

import asyncio
import queue
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from models.encoder import Encoder, Vectors
from models.text import normalised


class QuestionNotEncoded(Exception):
    """The encoder failed on a question, or was closed before its turn; the cause is chained."""


class EncoderBusy(QuestionNotEncoded):
    """So many questions wait that this one would not be read in time."""


@dataclass(slots=True)
class BatchCounts:
    """What went through since the start, for the metrics page."""

    cached: int = 0  # questions answered from memory
    encoded: int = 0  # different questions that the encoder read
    batches: int = 0  # calls of the encoder that succeeded
    failed: int = 0  # questions that the encoder failed on
    refused: int = 0  # questions that found too many others, or were not read in time


#: A normalised text, and whether with what else the encoder says of it.
_Key = tuple[str, bool]


@dataclass(slots=True, eq=False)
class _Pending:
    """A question on its way through the encoder and everyone who waits for it."""

    text: str
    whole: bool  # with what else the encoder says of it
    waiters: list[asyncio.Future[Vectors]] = field(default_factory=list)
    abandoned: bool = False  # set on the loop once the last waiter left, read by the thread

    @property
    def key(self) -> _Key:
        return self.text, self.whole


class BatchedEncoder:
    """Gives each question's vector; equal questions are encoded once, and a waiter who leaves disturbs nobody.

    An idle encoder gets a question at once; while it is busy the next batch collects, at most `max_batch` in order of
    arrival (the encoder sorts them by length). Belongs to the event loop that asks first. Bound: `max_waiting`
    different questions on their way, each for `wait_seconds` at most; the next one is refused at once.
    """

    def __init__(
        self,
        encoder: Encoder,
        cache_size: int,
        max_batch: int,
        *,
        max_waiting: int = 1_000,
        wait_seconds: float = 8.0,
        observe: Callable[[str, float], None] = lambda stage, seconds: None,
    ) -> None:
        """`observe("encode", seconds)` hears how long each question was waited for that was not remembered."""
        self._observe = observe
        self._max_waiting = max_waiting
        self._wait_seconds = wait_seconds
        self._encoder = encoder
        self._cache_size = cache_size
        self._max_batch = max_batch
        self._cache: OrderedDict[_Key, Vectors] = OrderedDict()
        self._pending: dict[_Key, _Pending] = {}
        self._queue: queue.SimpleQueue[_Pending | None] = queue.SimpleQueue()  # to the thread; None ends it
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False
        self.counts = BatchCounts()

    @property
    def encoder(self) -> Encoder:
        """The synchronous encoder behind the door, for its name, fingerprint and dimensions."""
        return self._encoder

    @property
    def dimensions(self) -> int:
        """Length of a question's vector."""
        return self._encoder.dimensions

    @property
    def heard_from(self) -> int:
        """Where in a row what is heard of a message begins: after the vector to search with, where that is another."""
        return 0 if self._encoder.base is self._encoder else self._encoder.dimensions

    def with_encoder(self, encoder: Encoder) -> "BatchedEncoder":
        """A door like this one to another encoder; its cache begins empty, since vectors of two never mix."""
        return BatchedEncoder(
            encoder,
            self._cache_size,
            self._max_batch,
            max_waiting=self._max_waiting,
            wait_seconds=self._wait_seconds,
            observe=self._observe,
        )

    @property
    def waiting(self) -> int:
        """Different questions on their way through the encoder now."""
        return len(self._pending)

    def remembers(self, text: str) -> bool:
        """Whether the vector of `text` is here without encoding."""
        key = normalised(text)
        return (key, False) in self._cache or (key, True) in self._cache

    async def question_vector(self, text: str) -> Vectors:
        """The unit vector of `text`, shape `(dimensions,)`, read-only; raises QuestionNotEncoded, EncoderBusy."""
        row = await self.turn_vector(text)
        return row[: self.dimensions] if len(row) > self.dimensions else row

    async def turn_vector(self, text: str) -> Vectors:
        """The same, with what it was tuned from after it: a row of `Encoder.encode_turns`."""
        return await self._row((normalised(text), False))

    async def heard_vector(self, text: str) -> Vectors:
        """The vector that what is learnt of messages goes by."""
        return (await self.turn_vector(text))[self.heard_from :]

    async def message_vector(self, text: str) -> Vectors:
        """The same, with what else the encoder says of the text after it: a row of `Encoder.encode_messages`, which
        takes longer."""
        return await self._row((normalised(text), True))

    async def _row(self, key: _Key) -> Vectors:
        vector = self._cache.get(key)
        if vector is not None:
            self._cache.move_to_end(key)
            self.counts.cached += 1
            return vector
        if self._closed:
            raise QuestionNotEncoded("the encoder is closed")
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[Vectors] = loop.create_future()
        pending = self._pending.get(key)
        if pending is not None:
            pending.waiters.append(waiter)
        elif len(self._pending) >= self._max_waiting:
            self.counts.refused += 1
            raise EncoderBusy("too many questions wait for the encoder")
        else:
            self._start_thread(loop)
            pending = self._pending[key] = _Pending(*key, [waiter])
            self._queue.put(pending)
        timer = loop.call_later(self._wait_seconds, self._give_up, waiter)
        began = time.perf_counter()
        try:
            return await waiter
        except (asyncio.CancelledError, EncoderBusy):
            self._forget_if_abandoned(pending)
            raise
        finally:
            timer.cancel()
            self._observe("encode", time.perf_counter() - began)

    async def close(self) -> None:
        """Ends the thread after the batch in its hands; questions still waiting fail."""
        self._closed = True
        if self._thread is not None:
            self._queue.put(None)
            await asyncio.to_thread(self._thread.join)
        self._deliver_failure(list(self._pending.values()), None)

    def _start_thread(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._thread is None:
            self._loop = loop
            self._thread = threading.Thread(target=self._work, args=(loop,), name="encoder", daemon=True)
            self._thread.start()
        elif self._loop is not loop:
            raise RuntimeError("a BatchedEncoder belongs to one event loop")

    def _give_up(self, waiter: asyncio.Future[Vectors]) -> None:
        if not waiter.done():
            self.counts.refused += 1
            waiter.set_exception(EncoderBusy("the encoder did not come to it in time"))

    def _forget_if_abandoned(self, pending: _Pending) -> None:
        if all(waiter.done() for waiter in pending.waiters):
            pending.abandoned = True
            if self._pending.get(pending.key) is pending:
                del self._pending[pending.key]

    # On the thread ---------------------------------------------------------------------------------------------------

    def _work(self, loop: asyncio.AbstractEventLoop) -> None:
        while not self._closed and (first := self._queue.get()) is not None:
            batch = self._collect(first)
            try:
                for whole in (False, True):
                    self._encode(loop, [pending for pending in batch if pending.whole is whole])
            except RuntimeError:
                if loop.is_closed():  # the program ended around us: nobody is left to tell
                    return
                raise

    def _collect(self, first: _Pending) -> list[_Pending]:
        batch = [] if first.abandoned else [first]
        while len(batch) < self._max_batch:
            try:
                pending = self._queue.get_nowait()
            except queue.Empty:
                break
            if pending is None:
                self._queue.put(None)  # seen again by _work after this batch
                break
            if not pending.abandoned:
                batch.append(pending)
        return batch

    def _encode(self, loop: asyncio.AbstractEventLoop, batch: list[_Pending]) -> None:
        if not batch:
            return
        try:
            encode = self._encoder.encode_messages if batch[0].whole else self._encoder.encode_turns
            vectors = encode([pending.text for pending in batch])
            if len(vectors) != len(batch):
                raise ValueError(f"{len(vectors)} vectors for {len(batch)} questions")
        except Exception as error:  # noqa: BLE001 - an edge: whatever the model raises goes to those who wait
            if len(batch) == 1:
                loop.call_soon_threadsafe(self._deliver_failure, batch, error)
            else:
                for pending in batch:  # one bad question fails alone
                    self._encode(loop, [pending])
            return
        loop.call_soon_threadsafe(self._deliver, batch, vectors)

    # Back on the loop ------------------------------------------------------------------------------------------------

    def _deliver(self, batch: Sequence[_Pending], vectors: Vectors) -> None:
        self.counts.encoded += len(batch)
        self.counts.batches += 1
        for pending, row in zip(batch, vectors, strict=True):
            vector = row.copy()  # its own memory: a row would keep its whole batch alive
            vector.setflags(write=False)
            self._remember(pending.key, vector)
            for waiter in self._take_waiters(pending):
                waiter.set_result(vector)

    def _deliver_failure(self, batch: Sequence[_Pending], cause: Exception | None) -> None:
        self.counts.failed += len(batch)
        for pending in batch:
            for waiter in self._take_waiters(pending):
                failure = QuestionNotEncoded("the encoder failed" if cause else "the encoder is closed")
                failure.__cause__ = cause
                waiter.set_exception(failure)

    def _take_waiters(self, pending: _Pending) -> list[asyncio.Future[Vectors]]:
        if self._pending.get(pending.key) is pending:
            del self._pending[pending.key]
        return [waiter for waiter in pending.waiters if not waiter.done()]

    def _remember(self, key: _Key, vector: Vectors) -> None:
        self._cache[key] = vector
        if len(self._cache) > self._cache_size:
            self._cache.popitem(last=False)
