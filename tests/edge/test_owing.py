"""What the bot owes although another server took it in: nothing is passed over, answers keep the order of questions."""

from __future__ import annotations

from uuid import UUID, uuid4

from database.clock import ManualClock
from database.pool import Database
from database.settings import DatabaseSettings
from router.conversations.batch import Moment
from router.conversations.journal import Journal
from router.conversations.messages import message
from router.conversations.records import Change, Conversation
from router.payloads.log import Actor
from tests.acceptance.people import people_of
from tests.edge.conftest import OpenHouse


async def _taken_in_elsewhere(dsn: str, clock: ManualClock, conversation_id: UUID, text: str) -> None:
    """Committed by another server, which died before it could answer."""

    async def nobody(_: object) -> None: ...

    def say(row: Conversation, moment: Moment) -> Change:
        new = message(Actor(kind="customer", id=row.customer_id), text, client_id=uuid4())
        return Change(events=(new,), fields={"question_seq": row.last_seq + 1})

    database = Database(dsn, DatabaseSettings(pool_min=1, pool_max=2))
    await database.start()
    journal = Journal(database, clock, nobody)
    journal.start()
    await journal.write(conversation_id, say)
    await journal.close()
    await database.close()


async def test_a_question_that_another_server_took_in_between_two_of_ours_is_answered(open_house: OpenHouse) -> None:
    house = await open_house()
    async with people_of(house) as people:
        customer = await people.customer()
        greeting = await customer.say("你好")  # the bot waits a moment: more may come
        conversation_id = greeting["conversation_id"]
        await _taken_in_elsewhere(house.dsn, house.clock, UUID(conversation_id), "忘记登录密码怎么办")
        last = await customer.say("怎么申请开具发票")

        await customer.answer_to(last)
        log = (await customer.ask("sync", conversation_id=conversation_id, after_seq=0))["events"]

    answered = [event["reply_to_seq"] for event in log if event["actor"]["kind"] == "bot"]
    assert answered == [last["seq"] - 1, last["seq"]]
