"""Ten thousand malformed packets: the program stays up, nobody else notices, nothing grows, nothing is unforeseen."""

from __future__ import annotations

import asyncio
import json
import random
import re
from collections import Counter
from contextlib import suppress
from typing import Any

import aiohttp
import pytest

from tests.acceptance.conftest import MakeProgram
from tests.acceptance.harness import QUESTIONS
from tests.acceptance.malformed import Malformer, Target
from tests.acceptance.people import People, identity, people_of
from tests.acceptance.program import Program
from tests.clients import ChatClient

_PACKETS = 10_000
_ATTACKERS = 20
_MOST_GROWTH = 50 * 1024 * 1024
_SEED = 20_261_122
_CODES = {"invalid", "unauthorized", "forbidden", "not_found", "conflict", "too_large", "rate_limited"}
#: The id of an event that is sent after the malformed ones, to see that they were all read.
_MARK = 77_777
_DEAF_SECONDS = 2.0
_ACKNOWLEDGEMENT = re.compile(r"43/[a-z]+,(\d+)(\[.*\])", re.DOTALL)
_WEBSOCKET = "/socket.io/?EIO=4&transport=websocket"


class Attacker:
    """One after another opens connections and sends packets until one of them ends the connection."""

    def __init__(self, program: Program, seed: int, target: Target) -> None:
        self.answers: Counter[str] = Counter()
        self.connections = 0
        self._url = program.url + _WEBSOCKET
        self._target = target
        self._malformer = Malformer(seed, target)
        self._random = random.Random(seed)

    async def attack(self, packets: int) -> None:
        left = packets
        async with aiohttp.ClientSession() as session:
            while left > 0:
                async with session.ws_connect(self._url, max_msg_size=0) as socket:
                    self.connections += 1
                    left -= await self._use_up(socket, left)

    async def _use_up(self, socket: aiohttp.ClientWebSocketResponse, packets: int) -> int:
        """Sends until the connection ends; returns how many packets that were."""
        sent = 0
        with suppress(ConnectionError, aiohttp.ClientError):
            await socket.send_str(f"40{self._target.namespace},{json.dumps(self._target.auth)}")
            while sent < packets:
                for _ in range(self._random.choice((1, 1, 1, 1, 5))):
                    packet = self._malformer.packet()
                    await (socket.send_str(packet) if isinstance(packet, str) else socket.send_bytes(packet))
                    sent += 1
                await socket.send_str(f'42{self._target.namespace},{_MARK}["typing",{{}}]')
                if not await self._read_to_mark(socket):
                    break
        return sent

    async def _read_to_mark(self, socket: aiohttp.ClientWebSocketResponse) -> bool:
        """Counts acknowledgements by code up to that of the mark; False where the server ended the connection."""
        try:
            async with asyncio.timeout(_DEAF_SECONDS):
                async for message in socket:
                    acknowledgement = _ACKNOWLEDGEMENT.fullmatch(message.data)
                    if acknowledgement is None:
                        continue
                    answers = json.loads(acknowledgement[2])
                    answer: Any = answers[0] if answers else {"ok": True}
                    self.answers["ok" if answer["ok"] else answer["error"]["code"]] += 1
                    if int(acknowledgement[1]) == _MARK:
                        self.answers["marks"] += 1
                        return True
        except TimeoutError:  # out of the namespace, but the connection stands
            self.answers["deaf"] += 1
        return False


async def _bystander(client: ChatClient, attacks: asyncio.Task[Any]) -> int:
    """Asks and is answered for as long as the attacks last; returns how many times."""
    asked = 0
    while not attacks.done():
        ack = await client.say(QUESTIONS[asked % len(QUESTIONS)])
        answer = await client.answer_to(ack)
        assert answer["reply_to_seq"] == ack["seq"]
        asked += 1
    return asked


async def _targets(people: People) -> list[Target]:
    """Customers and agents with a conversation each, so that packets get as far as they can."""
    group = await people.group("pick")
    targets = []
    for n in range(_ATTACKERS):
        customer, conversation_id = await people.waiting_customer(group["name"])
        visitor = customer.all("welcome")[0]["visitor"]
        if n % 2:
            targets.append(Target("/chat", {"protocol": 1, "visitor": visitor}, conversation_id))
            continue
        seat = await people.agent(group, capacity=100)
        await seat.client.do("accept", conversation_id=conversation_id)
        targets.append(Target("/agent", {"protocol": 1, "token": seat.staff.token}, conversation_id))
    return targets


@pytest.mark.slow
async def test_ten_thousand_malformed_packets_harm_nobody(make_program: MakeProgram, dsn: str) -> None:
    program = make_program(dsn)
    await program.started()
    async with people_of(program) as people:
        targets = await _targets(people)
        bystander = await people.customer(identity=identity("bystander"))
        await bystander.answer_to(await bystander.say(QUESTIONS[0]))
        attackers = [Attacker(program, _SEED + n, target) for n, target in enumerate(targets)]
        before = program.memory_bytes

        attacks = asyncio.gather(*(attacker.attack(_PACKETS // _ATTACKERS) for attacker in attackers))
        asked = await _bystander(bystander, asyncio.ensure_future(attacks))
        await attacks

        grown = program.memory_bytes - before
        answers = sum((attacker.answers for attacker in attackers), Counter[str]())
        connections = sum(attacker.connections for attacker in attackers)
        print(f"{_PACKETS} packets over {connections} connections: {dict(answers)}; grown by {grown / 1e6:.1f} MB; "
              f"the bystander was answered {asked} times")  # fmt: skip
        assert program.is_running
        assert grown < _MOST_GROWTH
        assert set(answers) <= _CODES | {"ok", "marks", "deaf"}
        assert answers["invalid"] - answers["marks"] > _PACKETS / 5
        assert asked > 5
        assert bystander.connected
        welcome = (await people.customer(identity=identity("bystander"))).all("welcome")[0]
        page = await bystander.ask("sync", conversation_id=welcome["conversation"]["id"], after_seq=0)
        assert [event["seq"] for event in page["events"]] == list(range(1, len(page["events"]) + 1))
    unforeseen = [line for line in program.printed.splitlines() if "exception" in line]
    assert unforeseen == []
