"""More than can be done: who asks the bot is told at once and offered a human, and nobody's message is lost."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from models.encoder import Vectors
from models.hashing_encoder import HashingEncoder
from tests.acceptance.people import KNOWN, people_of
from tests.edge.conftest import OpenHouse


class StuckEncoder(HashingEncoder):
    """Comes to no question while it is stuck."""

    def __init__(self) -> None:
        super().__init__()
        self.free = threading.Event()
        self.free.set()

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        self.free.wait()
        return super().encode_questions(texts)


async def test_a_bot_that_cannot_keep_up_says_so_and_offers_the_line(open_house: OpenHouse) -> None:
    encoder = StuckEncoder()
    house = await open_house(encoder=encoder, ENCODER__WAIT_SECONDS="0.1", HOURS__ALWAYS_OPEN="true")
    async with people_of(house) as people:
        customer = await people.customer()
        encoder.free.clear()
        try:
            answer = await customer.answer_to(await customer.say(KNOWN))
            asked = await customer.do("request_human")  # nobody waits for what it is about to be told
        finally:
            encoder.free.set()

        assert answer["text"].startswith("现在提问的人特别多")
        assert answer["buttons"] == ["request_human"]
        assert asked["outcome"] in ("queued", "nobody")
        log = (await customer.ask("sync", conversation_id=asked["conversation_id"], after_seq=0))["events"]
        assert [event["seq"] for event in log] == list(range(1, len(log) + 1))
