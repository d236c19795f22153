"""The wire between the nodes of one desk: a Redis channel on which everybody hears everybody.

Sending never waits and never fails: what cannot be sent is dropped, and whoever may have missed something is told to
look into the database. Refuses to be relied upon.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Raw
from redis.asyncio import Redis
from redis.exceptions import RedisError

from router.wire.parcels import Parcel, opened, packed, sealed

log = logging.getLogger(__name__)

#: Messages of this time travel together, in seconds: little after a silence, more under load, where each parcel costs
#: as much as a fifth of a turn on either side.
_GATHER_SECONDS, _PAUSE_SECONDS = 0.002, 0.015
#: Each node gives a sign of life so often; without one of its own for `_SILENCE_SECONDS` it has lost the wire.
_BEAT_SECONDS = 1.0
_SILENCE_SECONDS = 3.0
_RETRY_SECONDS = 0.5
#: What waits to be sent; beyond it everything is dropped.
_MOST_BYTES = 8 * 1024 * 1024
_MOST_MESSAGES = 512  # in one parcel
#: A node that was not heard of for so long is no more.
_GONE_SECONDS = 60.0

_LOOK = "look"
_BYE = "bye"
_FAULTS = (RedisError, OSError, TimeoutError)

Hear = Callable[[Raw], Awaitable[None]]


@dataclass(slots=True)
class _Peer:
    """Another node, as far as it was heard."""

    number: int
    heard_at: float


class Wire:
    """Messages are handed over one after another, in the order of each node; ``doubt`` is called whenever something may
    have been missed."""

    def __init__(self, redis: Redis, channel: str, node: UUID, doubt: Callable[[], None]) -> None:
        self._redis = redis
        self._channel = channel
        self._node = node
        self._doubt = doubt
        self._hearers: Mapping[str, Hear] = {}
        self._waiting: list[tuple[str, Raw]] = []
        self._bytes = 0
        self._number = 0
        self._wake = asyncio.Event()
        self._peers: dict[UUID, _Peer] = {}
        self.is_up = False
        self.sent = self.heard = self.dropped = 0

    @property
    def is_whole(self) -> bool:
        """Whether everybody who was heard a minute ago is heard now, ourselves included."""
        now = time.monotonic()
        silent = [peer for peer in self._peers.values() if now - peer.heard_at > _SILENCE_SECONDS]
        return self.is_up and not silent

    @property
    def peers(self) -> int:
        """How many other nodes were heard lately."""
        return len(self._peers)

    def listen(self, hearers: Mapping[str, Hear]) -> None:
        """Who takes what, by its kind, without waiting for anything; before `run`."""
        self._hearers = hearers

    def send(self, kind: str, message: Any) -> None:
        """To every other node, soon; dropped while the wire is lost."""
        if not self.is_up:
            self.dropped += 1
            return
        raw = packed(message)
        if self._bytes + len(raw) > _MOST_BYTES:
            self._drop()
            return
        self._bytes += len(raw)
        self._waiting.append((kind, raw))
        self._wake.set()

    async def run(self) -> None:
        """Keeps the wire up until cancelled."""
        beside = [asyncio.create_task(self._speak(), name="wire"), asyncio.create_task(self._beat(), name="wire beat")]
        try:
            while True:
                try:
                    await self._listen()
                except _FAULTS as error:
                    self._lost(error)
                except Exception as error:  # the edge of this task
                    log.exception("the wire failed")
                    self._lost(error)
                await asyncio.sleep(_RETRY_SECONDS)
        finally:
            for task in beside:
                task.cancel()
            await asyncio.wait(beside, timeout=_BEAT_SECONDS)

    async def _listen(self) -> None:
        """Hears until the wire is lost; raises what says so."""
        async with aclosing(self._redis.pubsub()) as channel:
            async with asyncio.timeout(_SILENCE_SECONDS):
                await channel.subscribe(self._channel)
            own_at = time.monotonic()
            while True:
                async with asyncio.timeout(_SILENCE_SECONDS):
                    told = await channel.get_message(ignore_subscribe_messages=True, timeout=_BEAT_SECONDS)
                if told is not None and await self._take(told["data"]):
                    own_at = time.monotonic()
                    self._found()
                if time.monotonic() - own_at > _SILENCE_SECONDS:
                    raise TimeoutError("nothing is heard")

    async def _take(self, data: bytes) -> bool:
        """Whether it was our own."""
        try:
            parcel = opened(data)
        except msgspec.DecodeError:
            log.warning("something on the wire is none of ours")
            return False
        if parcel.node == self._node:
            return True
        now = time.monotonic()
        peer = self._peers.get(parcel.node)
        if peer is not None and parcel.number != peer.number + 1:
            self._doubt()
        self._peers[parcel.node] = _Peer(parcel.number, now)
        for kind, raw in parcel.messages:
            self.heard += 1
            if kind == _LOOK:
                self._doubt()
            elif kind == _BYE:
                del self._peers[parcel.node]
            elif (hearer := self._hearers.get(kind)) is not None:
                await self._hand_over(hearer, raw)
        return False

    async def _hand_over(self, hearer: Hear, raw: Raw) -> None:
        try:
            await hearer(raw)
        except msgspec.DecodeError:  # another release of ours, in the middle of an update
            log.warning("something on the wire is not understood")
            self._doubt()
        except Exception:  # the edge of the wire
            log.exception("hearing something on the wire failed")
            self._doubt()

    async def _beat(self) -> None:
        """Signs of life, also while the wire is lost: they find out that it is back."""
        while True:
            now = time.monotonic()
            for node in [node for node, each in self._peers.items() if now - each.heard_at > _GONE_SECONDS]:
                del self._peers[node]
            self._wake.set()
            await asyncio.sleep(_BEAT_SECONDS)

    async def _speak(self) -> None:
        while True:
            await self._wake.wait()
            await asyncio.sleep(_GATHER_SECONDS)
            self._wake.clear()
            try:
                await self._send_what_waits()
            except _FAULTS as error:
                self._lost(error)
                await asyncio.sleep(_RETRY_SECONDS)
            await asyncio.sleep(_PAUSE_SECONDS)

    async def _send_what_waits(self) -> None:
        while True:
            messages, self._waiting = self._waiting[:_MOST_MESSAGES], self._waiting[_MOST_MESSAGES:]
            self._bytes -= sum(len(raw) for _, raw in messages)
            self._number += 1
            parcel = sealed(Parcel(self._node, self._number, messages))
            async with asyncio.timeout(_SILENCE_SECONDS):
                await self._redis.publish(self._channel, parcel)
            self.sent += len(messages)
            if not self._waiting:
                return

    def _found(self) -> None:
        if self.is_up:
            return
        self.is_up = True
        log.info("the wire is up")
        self._doubt()
        self.send(_LOOK, None)  # what we did meanwhile, nobody was told

    def _lost(self, error: BaseException) -> None:
        self._drop()
        if self.is_up:
            self.is_up = False
            log.warning("the wire is lost: %s", str(error) or type(error).__name__)
            self._doubt()

    def _drop(self) -> None:
        """Nothing is kept for later: the others look into the database."""
        self.dropped += len(self._waiting)
        self._waiting, self._bytes = [], 0
        self._number += 1  # a gap, which the others notice

    async def close(self) -> None:
        """Sends what waits, as far as that goes quickly."""
        with suppress(*_FAULTS):
            if self.is_up:
                self.send(_BYE, None)
                async with asyncio.timeout(_BEAT_SECONDS):
                    await self._send_what_waits()
