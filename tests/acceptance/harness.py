"""The harness of the loss tests: customers who never give up, blows in between, and a verdict over the log.

A talker sends its texts one after another, each under a client id, again after every lost connection until it is
acknowledged; some twice at once. What it was told (acknowledgements and live events) is compared in the end with what
`sync` brings: what was acknowledged must be there, once, in order, without a gap, and every question answered once.
"""

from __future__ import annotations

import asyncio
import itertools
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any
from uuid import uuid4

import asyncpg

from tests.acceptance.caller import Caller, Said
from tests.acceptance.leaks import leaks_in

#: Each a question of its own for the test knowledge; a talker never asks the same one twice in a row.
QUESTIONS = (
    "怎么把甘特图导出成图片",
    "忘记登录密码怎么办",
    "怎么申请开具发票",
    "看板的列怎么改名",
    "手机上怎么收到提醒",
    "怎么填写上周的工时",
    "怎么用表格批量导入成员",
    "怎么给外包人员设置只读权限",
)


class Progress:
    """How many messages have been acknowledged, for whoever waits for a number of them."""

    def __init__(self) -> None:
        self.count = 0
        self._news = asyncio.Event()

    def step(self) -> None:
        self.count += 1
        self._news.set()

    async def reached(self, count: int) -> None:
        while self.count < count:
            self._news.clear()
            await self._news.wait()


class Talker(Caller):
    """One customer and everything they were ever told."""

    def __init__(self, url: str, number: int, progress: Progress | None = None) -> None:
        super().__init__([url])
        self.said: list[Said] = []
        self.conversation_id = ""
        self._number = number
        self._progress = progress or Progress()

    async def talk(self, messages: int, doubled_every: int = 10) -> None:
        """Sends all texts one after another; every n-th twice at once."""
        for n in range(messages):
            said = Said(QUESTIONS[(self._number + n) % len(QUESTIONS)])
            self.said.append(said)
            twice = (self._number + n) % doubled_every == 0
            payload = {"client_id": said.client_id, "text": said.text}
            sends = [self.until_acknowledged("send_message", payload) for _ in range(1 + twice)]
            said.acknowledgements = list(await asyncio.gather(*sends))
            self.conversation_id = said.acknowledgements[0]["conversation_id"]
            self._progress.step()

    async def queue(self, topic: str) -> None:
        """Stands in line."""
        ack = await self.until_acknowledged("request_human", {"client_id": str(uuid4()), "topic": topic})
        self.conversation_id = ack["conversation_id"]

    async def log(self) -> list[dict[str, Any]] | None:
        """The log as `sync` brings it, page by page; None where the server knows no such conversation."""
        events: list[dict[str, Any]] = []
        while True:
            after_seq = events[-1]["seq"] if events else 0
            wish = {"conversation_id": self.conversation_id, "after_seq": after_seq}
            answer = await (await self.page()).try_call("sync", wish)
            if answer is None or (not answer["ok"] and answer["error"]["code"] == "unavailable"):
                continue
            if not answer["ok"]:
                assert answer["error"]["code"] == "not_found", answer
                return None
            events += answer["events"]
            if not answer["more"]:
                return events


@dataclass
class Verdict:
    """Figures of a run; all but the first two have to be zero."""

    acknowledged: int = 0
    answers: int = 0
    lost: int = 0  # acknowledged, but not in the log under that number and id
    doubled: int = 0  # in the log more than once
    gaps: int = 0  # numbers missing in a log
    out_of_order: int = 0  # said later, stands earlier
    answers_changed: int = 0  # the same client id was answered differently
    never_true: int = 0  # live events that the log does not know, or knows differently
    unanswered: int = 0
    answered_twice: int = 0
    leaks: int = 0  # what is for colleagues only, anywhere in what came live

    @property
    def faults(self) -> dict[str, int]:
        """What must not be."""
        figures = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: count for name, count in figures.items() if count and name not in ("acknowledged", "answers")}

    def judge(self, talker: Talker, log: Sequence[dict[str, Any]]) -> None:
        """Adds what one conversation shows."""
        by_seq = {event["seq"]: event for event in log}
        own = Counter(event["client_id"] for event in log if event.get("client_id"))
        seqs = []
        for said in talker.said:
            self.acknowledged += 1
            ack = said.acknowledgements[0]
            self.answers_changed += any(other != ack for other in said.acknowledgements)
            found = by_seq.get(ack["seq"], {})
            self.lost += (found.get("id"), found.get("client_id"), found.get("text")) != (
                ack["id"],
                said.client_id,
                said.text,
            )
            self.doubled += max(0, own[said.client_id] - 1)
            seqs.append(ack["seq"])
        self.out_of_order += sum(later <= earlier for earlier, later in itertools.pairwise(seqs))
        self.gaps += sum(event["seq"] != n for n, event in enumerate(log, start=1))
        for page in talker.pages:
            self.leaks += len(leaks_in([page.received, page.acknowledged]))
            for event in page.all("event"):
                self.never_true += by_seq.get(event["seq"]) != event
        replies = Counter(event.get("reply_to_seq") for event in log if event["actor"]["kind"] == "bot")
        self.answers += sum(replies.values())
        self.answered_twice += sum(count - 1 for count in replies.values())
        self.unanswered += sum(not replies[seq] for seq in by_seq if by_seq[seq].get("client_id"))


Blow = Callable[[], Awaitable[object]]


async def run(talkers: Sequence[Talker], progress: Progress, messages: int, blows: Sequence[Blow]) -> None:
    """Lets everybody talk and deals the blows one after another, evenly over the messages."""
    total = len(talkers) * messages

    async def deal() -> None:
        for n, blow in enumerate(blows, start=1):
            await progress.reached(n * total // (len(blows) + 1))
            await asyncio.sleep(random.random() * 0.05)  # anywhere within what is under way
            await blow()

    async with asyncio.TaskGroup() as group:
        group.create_task(deal())
        for talker in talkers:
            group.create_task(talker.talk(messages))


async def judge(talkers: Sequence[Talker]) -> Verdict:
    """The verdict over everybody; a conversation that the server does not know is an empty log."""
    verdict = Verdict()
    for talker in talkers:
        verdict.judge(talker, await talker.log() or [])
    return verdict


async def until_nothing_is_owed(dsn: str, seconds: float = 60) -> None:
    """Waits until the bot has answered every question."""
    connection = await asyncpg.connect(dsn)
    try:
        async with asyncio.timeout(seconds):
            while await connection.fetchval(_OWED):  # noqa: ASYNC110 (what another process does)
                await asyncio.sleep(0.1)
    finally:
        await connection.close()


_OWED = "select count(*) from conversations where state = 'bot' and question_seq > answered_seq"


async def leave(talkers: Sequence[Talker]) -> None:
    """Everybody closes their pages."""
    for talker in talkers:
        await talker.leave()
