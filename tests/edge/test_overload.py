"""More than can be done: who asks the bot is told at once and offered a human, and nobody's message is lost."""

from __future__ import annotations

from tests.acceptance.people import KNOWN, people_of
from tests.edge.conftest import OpenHouse


async def test_a_bot_that_cannot_keep_up_says_so_and_offers_the_line(open_house: OpenHouse) -> None:
    house = await open_house(ENCODER__WAIT_SECONDS="0.000001", HOURS__ALWAYS_OPEN="true")
    async with people_of(house) as people:
        customer = await people.customer()

        answer = await customer.answer_to(await customer.say(KNOWN))

        assert answer["text"].startswith("现在提问的人特别多")
        assert answer["buttons"] == ["request_human"]
        asked = await customer.do("request_human")
        assert asked["outcome"] in ("queued", "nobody")
        log = (await customer.ask("sync", conversation_id=asked["conversation_id"], after_seq=0))["events"]
        assert [event["seq"] for event in log] == list(range(1, len(log) + 1))
