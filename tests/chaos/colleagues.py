"""Agents of a chaos run: they take what they are given or may take, answer each message once, close, and come back."""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

import aiohttp
import socketio

from tests.acceptance.caller import PAUSE_SECONDS, Desk, Said
from tests.acceptance.people import Staff
from tests.chaos.customers import LOOK_SECONDS, Pulse
from tests.chaos.evidence import Taken
from tests.clients import sign_in

_TOKEN_SECONDS = 500.0
_LAST = re.compile(r"第 (\d+) 句，共 (\d+) 句")
_OVER = ("conflict", "forbidden", "not_found")


class Colleague:
    """One agent with one page, at whichever node lets them in."""

    def __init__(self, urls: Sequence[str], number: int, staff: Staff, pulse: Pulse, *, picks: bool) -> None:
        """``picks``: takes from the line what nobody has, as fast as others do."""
        self.staff = staff
        self.desks: list[Desk] = []
        self.said: list[Said] = []
        self.taken: list[Taken] = []
        self.refusals: list[str] = []
        self._urls = [*urls[number % len(urls) :], *urls[: number % len(urls)]]
        self._pulse = pulse
        self._picks = picks
        self._turn = 0
        self._token = (staff.token, time.monotonic())
        self._online = False
        self._mine: set[str] = set()
        #: Who waits, with their rank: the smaller the earlier.
        self._line: dict[str, str] = {}
        self._read = 0
        self._logs: dict[str, dict[int, dict[str, Any]]] = {}
        self._told: set[str] = set()
        self._accepts: Counter[str] = Counter()

    async def work(self, over: asyncio.Event) -> None:
        """Serves whatever is theirs until it is over."""
        looked_at = time.monotonic()
        while not over.is_set():
            desk = await self._desk()
            self._take_in(desk)
            look = time.monotonic() - looked_at > LOOK_SECONDS
            if look:
                looked_at = time.monotonic()
                await self._look_around()
            told, self._told = self._told, set()
            for conversation_id in [each for each in self._mine if look or each in told]:
                await self._serve(conversation_id)
            if self._picks:
                await self._pick()
            if not self._told:
                await desk.something(LOOK_SECONDS / 2)

    # The page ---------------------------------------------------------------------------------------------------------

    async def _desk(self) -> Desk:
        while not self.desks or not self.desks[-1].usable or not self._online:
            desk = self.desks[-1] if self.desks and self.desks[-1].usable else await self._opened()
            if desk is not None:
                ack = await desk.try_call("set_presence", {"status": "online"})
                self._online = ack is not None and ack["ok"]
                if not self._online:
                    await desk.leave()
            await asyncio.sleep(0 if self._online else PAUSE_SECONDS)
        return self.desks[-1]

    async def _opened(self) -> Desk | None:
        self._turn += 1
        self._online, self._read = False, 0
        url = self._urls[self._turn % len(self._urls)]
        desk = Desk(url)
        try:
            if time.monotonic() - self._token[1] > _TOKEN_SECONDS:
                tokens = await sign_in(url, self.staff.username, self.staff.password)
                self._token = (str(tokens["access_token"]), time.monotonic())
            await desk.enter(self._token[0], online=False)
        except (socketio.exceptions.SocketIOError, aiohttp.ClientError, TimeoutError, AssertionError):
            await desk.leave()
            await asyncio.sleep(2 * PAUSE_SECONDS)
            return None
        desk.opened_at = time.monotonic()
        self.desks.append(desk)
        return desk

    def _take_in(self, desk: Desk) -> None:
        received = desk.received
        for event, payload in received[self._read :]:
            match event:
                case "welcome":
                    self._mine = {each["id"] for each in payload["conversations"]}
                    self._told |= self._mine
                case "assigned":
                    self._mine.add(payload["conversation_id"])
                    self._told.add(payload["conversation_id"])
                case "unassigned":
                    self._mine.discard(payload["conversation_id"])
                case "event":
                    self._told.add(payload["conversation_id"])
                case "waiting":
                    self._line |= _ranks(payload["upsert"])
                    for gone in payload["remove"]:
                        self._line.pop(gone, None)
                case "presence" if payload["agent_id"] == self.staff.id and payload["status"] != "online":
                    self._online = False
        self._read = len(received)

    async def _look_around(self) -> None:
        """What no event told: the own conversations, and the line."""
        desk = self.desks[-1]
        headers = {"Authorization": f"Bearer {self._token[0]}"}
        try:
            async with (
                aiohttp.ClientSession(desk.url, headers=headers, timeout=aiohttp.ClientTimeout(total=5)) as session,
                session.get(f"/api/v1/conversations?state=human&owner={self.staff.id}") as response,
            ):
                if response.status == 200:
                    self._mine = {each["id"] for each in (await response.json())["items"]}
        except (aiohttp.ClientError, TimeoutError):
            return
        line = await desk.try_call("waiting_line", {}) if self._picks else None
        if line is not None and line["ok"]:
            self._line = _ranks(line["items"])

    # The work ---------------------------------------------------------------------------------------------------------

    async def _pick(self) -> None:
        """Who waits longest comes first: taken at random, somebody would wait for ever while the line is long."""
        for rank, conversation_id in sorted((rank, each) for each, rank in self._line.items()):
            del self._line[conversation_id]
            # Who comes back into the line is taken anew: another id, or the answer would be the old one.
            ack = await self._call("accept", conversation_id, f"accept {self._accepts[conversation_id]}")
            self._accepts[conversation_id] += ack is not None
            if ack is None:
                self._line[conversation_id] = rank
            elif ack["ok"]:
                self.taken.append(Taken(self.staff.id, conversation_id, ack["version"]))
                self._mine.add(conversation_id)
                self._told.add(conversation_id)
            elif "capacity" in ack["error"].get("details", {}):
                return

    async def _serve(self, conversation_id: str) -> None:
        """Answers what has no answer yet, and closes after the last word."""
        log = self._logs.setdefault(conversation_id, {})
        after_seq = 0
        while after_seq + 1 in log:
            after_seq += 1
        wish = {"conversation_id": conversation_id, "after_seq": after_seq}
        page = await self.desks[-1].try_call("sync", wish)
        if page is None or not page["ok"]:
            if page is not None and page["error"]["code"] in _OVER:
                self._mine.discard(conversation_id)
            return
        log.update({event["seq"]: event for event in page["events"]})
        if page["more"]:
            self._told.add(conversation_id)
        for seq in _unanswered(log):
            if not await self._say(conversation_id, seq, f"答复：{log[seq]['text']}"):
                return
        if _is_finished(log) and not _unanswered(log):
            ack = await self._call("close", conversation_id, "close", resolved=True)
            if ack is not None and (ack["ok"] or ack["error"]["code"] in _OVER):
                self._mine.discard(conversation_id)

    async def _say(self, conversation_id: str, seq: int, text: str) -> bool:
        said = Said(text, client_id=_client_id(conversation_id, f"{self.staff.id} {seq}"))
        known = next((each for each in self.said if each.client_id == said.client_id), None)
        if known is None:
            self.said.append(said)
        ack = await self._call("send_message", conversation_id, f"{self.staff.id} {seq}", text=text, reply_to_seq=seq)
        if ack is None:
            return False
        if not ack["ok"]:
            if ack["error"]["code"] in _OVER:
                self._mine.discard(conversation_id)
            else:
                self.refusals.append(f"{self.staff.username} said {text!r}: {ack['error']}")
            return False
        (known or said).acknowledgements.append(ack)
        self._logs[conversation_id][ack["seq"]] = {
            "seq": ack["seq"], "kind": "message", "actor": {"kind": "agent"}, "reply_to_seq": seq,
        }  # fmt: skip
        return True

    async def _call(self, event: str, conversation_id: str, purpose: str, **more: Any) -> dict[str, Any] | None:
        """One try; None where it has to be tried again, under the same client id, on the page of then."""
        payload = {"client_id": _client_id(conversation_id, purpose), "conversation_id": conversation_id, **more}
        desk = self.desks[-1]
        ack = await desk.try_call(event, payload)
        if ack is None and desk.usable:
            await desk.leave()
        if ack is None or (not ack["ok"] and ack["error"]["code"] in ("unavailable", "rate_limited")):
            self._told.add(conversation_id)
            await asyncio.sleep(PAUSE_SECONDS)
            return None
        if ack["ok"]:
            self._pulse.beat()
        return ack

    async def leave(self) -> None:
        for desk in self.desks:
            await desk.leave()


def _client_id(conversation_id: str, purpose: str) -> str:
    return str(uuid5(UUID(conversation_id), purpose))


def _ranks(items: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    return {item["conversation_id"]: item["rank_at"] for item in items}


def _unanswered(log: Mapping[int, dict[str, Any]]) -> list[int]:
    """Numbers of what the customer said since the hand-off and no agent has answered."""
    events = [log[seq] for seq in sorted(log)]
    answered = {event.get("reply_to_seq") for event in events if event["actor"]["kind"] == "agent"}
    handed, found = False, []
    for event in events:
        if event["kind"] == "state":
            handed = event["state"] in ("waiting", "human")
        elif handed and event["actor"]["kind"] == "customer" and event["kind"] == "message":
            found.append(event["seq"])
    return [seq for seq in found if seq not in answered]


def _is_finished(log: Mapping[int, dict[str, Any]]) -> bool:
    words = [event["text"] for event in log.values() if event["actor"]["kind"] == "customer" and event.get("text")]
    return any(found[1] == found[2] for text in words if (found := _LAST.search(text)))
