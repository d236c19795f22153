"""Customers of a chaos run: they ask the bot, ask for humans, talk, leave the line, come back; or stand in line."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import uuid4

from tests.acceptance.caller import PAUSE_SECONDS, Caller, Page, Said
from tests.acceptance.harness import QUESTIONS

#: Whoever was told nothing for so long looks for themselves.
LOOK_SECONDS = 3.0
#: Nobody waits longer for anything.
_PATIENCE_SECONDS = 150.0
_DOUBLED_SHARE = 0.1
_LEAVES_SHARE = 0.1


class LeftAlone(Exception):
    """Something that was owed to a customer never came."""


class Pulse:
    """When anything was acknowledged: how long everybody was without an answer is read from it."""

    def __init__(self) -> None:
        self.beats: list[float] = []

    def beat(self) -> None:
        self.beats.append(time.time())

    def longest_silence(self, began_at: float, ended_at: float) -> float:
        beats = [began_at, *(beat for beat in self.beats if began_at <= beat <= ended_at), ended_at]
        return max(later - earlier for earlier, later in itertools.pairwise(beats))


class Customer(Caller):
    """One customer; what is said goes out again until it is acknowledged, a tenth of it twice at once, at two nodes."""

    def __init__(self, urls: Sequence[str], number: int, groups: Sequence[str], pulse: Pulse, pace: float) -> None:
        """``groups``: the topics under which humans are asked for; ``pace``: seconds between two rounds, at most."""
        super().__init__([*urls[number % len(urls) :], *urls[: number % len(urls)]])
        self.name = f"customer {number}"
        self.said: list[Said] = []
        self.refusals: list[str] = []
        self.conversation_id = ""
        self.doing = "nothing"
        self._chance = random.Random(number)
        self._number = number
        self._groups = groups
        self._pulse = pulse
        self._pace = pace
        self._asked = 0
        self._read: dict[int, int] = {}
        self._log: dict[str, dict[int, dict[str, Any]]] = {}
        self._other = Caller([*self._urls[1:], *self._urls[:1]])

    async def live(self, over: asyncio.Event) -> None:
        """Goes on until it is over, and then to the end of what was begun."""
        while not over.is_set():
            await asyncio.sleep(self._chance.random() * self._pace)
            for _ in range(self._chance.randint(1, 3)):
                await self._ask_the_bot()
            await self._until("the bot's answers", self._all_answered)
            if self._chance.random() < 0.5:
                await self._ask_for_a_human(self._chance.choice(self._groups))

    async def _ask_the_bot(self) -> None:
        self._asked += 1
        await self._say(QUESTIONS[(self._number + self._asked) % len(QUESTIONS)])

    async def _ask_for_a_human(self, topic: str) -> None:
        ack = await self._send("request_human", {"client_id": str(uuid4()), "topic": topic})
        if not ack["ok"]:
            self.refusals.append(f"{self.name} asked for a human: {ack['error']}")
            return
        if ack["state"] == "bot":
            return  # nobody is there: the bot goes on
        if self._chance.random() < _LEAVES_SHARE:
            wish = {"client_id": str(uuid4()), "conversation_id": self.conversation_id}
            if (await self._send("leave_queue", wish))["ok"]:
                return
        await self._until("a human", lambda: self._state() in ("human", "closed"))
        count = self._chance.randint(1, 3)
        for n in range(1, count + 1):
            await self._say(f"{self.name} {self._asked}：第 {n} 句，共 {count} 句")
        await self._until("the humans' answers and the end", lambda: self._state() == "closed")

    async def _say(self, text: str) -> None:
        said = Said(text)
        self.said.append(said)
        payload = {"client_id": said.client_id, "text": text}
        sends = [self._send("send_message", payload)]
        if self._chance.random() < _DOUBLED_SHARE:
            await self.page()
            self._other.visitor = self.visitor
            sends.append(self._send("send_message", payload, self._other))
        for ack in await asyncio.gather(*sends):
            if ack["ok"]:
                said.acknowledgements.append(ack)
                self.conversation_id = ack["conversation_id"]
            else:
                self.refusals.append(f"{self.name} said {text!r}: {ack['error']}")

    async def _send(self, event: str, payload: dict[str, Any], by: Caller | None = None) -> dict[str, Any]:
        """The last word of the server: accepted, or refused for good."""
        self.doing = f"waited for the answer to {event} {payload}"
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while True:
                ack = await (by or self).acknowledged_or_refused(event, payload)
                if ack["ok"]:
                    self._pulse.beat()
                if ack["ok"] or ack["error"]["code"] not in ("unavailable", "rate_limited"):
                    return ack
                await asyncio.sleep(PAUSE_SECONDS)

    # What they know ---------------------------------------------------------------------------------------------------

    async def _until(self, what: str, holds: Callable[[], bool]) -> None:
        """Waits for what is told live, and looks for itself where nothing is."""
        self.doing = f"waited for {what} in {self.conversation_id}"
        give_up_at = time.monotonic() + _PATIENCE_SECONDS
        while True:
            self._take_in()
            if holds():
                self.doing = "nothing"
                return
            if time.monotonic() > give_up_at:
                raise LeftAlone(f"{self.name} {self.doing}")
            page = await self.page()
            before = len(page.received)
            await page.something(LOOK_SECONDS)
            if len(page.received) == before or page is not self.pages[-1]:
                await self._look()

    async def _look(self) -> None:
        """A `sync` from what is known without a gap."""
        log = self._log.setdefault(self.conversation_id, {})
        after_seq = 0
        while after_seq + 1 in log:
            after_seq += 1
        answer = await (await self.page()).try_call(
            "sync", {"conversation_id": self.conversation_id, "after_seq": after_seq}
        )
        if answer is not None and answer["ok"]:
            log.update({event["seq"]: event for event in answer["events"]})

    def _take_in(self) -> None:
        for page in self.all_pages:
            received = page.received
            for event, payload in received[self._read.get(id(page), 0) :]:
                if event == "event":
                    self._log.setdefault(payload["conversation_id"], {})[payload["seq"]] = payload
            self._read[id(page)] = len(received)

    def _state(self) -> str:
        log = self._log.get(self.conversation_id, {})
        states = [log[seq]["state"] for seq in sorted(log) if log[seq]["kind"] == "state"]
        return states[-1] if states else "bot"

    def _all_answered(self) -> bool:
        log = self._log.get(self.conversation_id, {})
        answered = {event.get("reply_to_seq") for event in log.values() if event["actor"]["kind"] == "bot"}
        asked = {
            said.acknowledgements[0]["seq"]
            for said in self.said
            if said.acknowledgements and said.acknowledgements[0]["conversation_id"] == self.conversation_id
        }
        return self._state() != "bot" or asked <= answered | self._asked_of_humans()

    def _asked_of_humans(self) -> set[int]:
        """What was said before a hand-off went along with it, like what was said while a human was to answer: the bot
        owes it nothing, even where the customer leaves the line again."""
        log, state, found, said = self._log.get(self.conversation_id, {}), "bot", set[int](), set[int]()
        for seq in sorted(log):
            if log[seq]["kind"] == "state":
                state = log[seq]["state"]
            else:
                said.add(seq)
            if state != "bot":
                found |= said
        return found

    @property
    def all_pages(self) -> list[Page]:
        return [*self.pages, *self._other.pages]

    async def leave(self) -> None:
        await super().leave()
        await self._other.leave()


class Waiter(Caller):
    """Somebody who stands in a line that nobody serves, with a page open all the time."""

    def __init__(self, urls: Sequence[str], number: int, auth: Mapping[str, Any]) -> None:
        super().__init__([*urls[number % len(urls) :], *urls[: number % len(urls)]], auth)
        self.conversation_id = ""

    async def join(self, topic: str) -> None:
        ack = await self.until_acknowledged("request_human", {"client_id": str(uuid4()), "topic": topic})
        self.conversation_id = ack["conversation_id"]

    async def stay(self, over: asyncio.Event) -> None:
        """Opens the page again whenever it is lost."""
        while not over.is_set():
            page = await self.page()
            await page.something(LOOK_SECONDS)
