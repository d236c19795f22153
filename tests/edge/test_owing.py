"""What the bot owes although another server took it in: nothing is passed over, answers keep the order of questions."""

from __future__ import annotations

from uuid import UUID, uuid4

from router.conversations.batch import Moment
from router.conversations.messages import message
from router.conversations.records import Change, Conversation
from router.payloads.log import Actor
from tests.acceptance.people import people_of
from tests.edge.conftest import OpenHouse
from tests.edge.dying_node import committed_by_a_dying_node


def _asked(row: Conversation, moment: Moment) -> Change:
    new = message(Actor(kind="customer", id=row.customer_id), "忘记登录密码怎么办", client_id=uuid4())
    return Change(events=(new,), fields={"question_seq": row.last_seq + 1})


async def test_a_question_that_another_server_took_in_between_two_of_ours_is_answered(open_house: OpenHouse) -> None:
    house = await open_house()
    async with people_of(house) as people:
        customer = await people.customer()
        greeting = await customer.say("你好")  # the bot waits a moment: more may come
        conversation_id = greeting["conversation_id"]
        await committed_by_a_dying_node(house, UUID(conversation_id), _asked)
        last = await customer.say("怎么申请开具发票")

        await customer.answer_to(last)
        log = (await customer.ask("sync", conversation_id=conversation_id, after_seq=0))["events"]

    answered = [event["reply_to_seq"] for event in log if event["actor"]["kind"] == "bot"]
    assert answered == [last["seq"] - 1, last["seq"]]
