"""What the variables of canned replies stand for in one conversation: customer, agent, company, ticket, question,
time."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from bot.wording import Wording
from database.clock import Clock
from database.pool import Database
from database.queries import load_queries
from router.conversations.colleague import Colleague
from router.conversations.records import Conversation
from router.customers.customers import Customers
from router.help.asking import Said, newest_question
from router.help.variables import Filled, fill
from router.waiting.hours import Calendar


class Filling:
    """Who calls has checked that the agent may see the conversation."""

    def __init__(
        self, database: Database, customers: Customers, calendar: Callable[[], Calendar], wording: Wording, clock: Clock
    ) -> None:
        self._database = database
        self._customers = customers
        self._calendar = calendar
        self._wording = wording
        self._clock = clock
        self._sql = load_queries(__file__)

    async def filled(self, body: str, colleague: Colleague, row: Conversation) -> Filled:
        """A text with what is known put in."""
        if "{" not in body:
            return Filled(body, ())
        card = (await self._customers.cards({row.customer_id})).get(row.customer_id)
        locale, calendar = row.locale or "zh-CN", self._calendar()
        now = self._clock.now().astimezone(calendar.zone)
        values = {
            "customer": card.name if card else None,
            "company": card.company if card else None,
            "agent": colleague.ref.name,
            "staff_number": colleague.ref.staff_number,
            "ticket": await self._ticket(row.id),
            "question": await self._question(row),
            "today": f"{now.month}月{now.day}日" if locale.startswith("zh") else f"{now:%B} {now.day}",
            "part_of_day": self._wording.part_of_day(now.hour, locale),
            "hours": calendar.text(locale),
        }
        return fill(body, values)

    async def _ticket(self, conversation_id: UUID) -> str | None:
        number: str | None = await self._database.fetchval(self._sql["ticket_of"], conversation_id)
        return number

    async def _question(self, row: Conversation) -> str | None:
        card = row.card or {}
        told = card.get("question")
        if isinstance(told, str) and told.strip():
            return told
        log = await self._database.fetch(self._sql["said_lately"], row.id)
        asked = newest_question([Said.from_row(each) for each in log])
        return None if asked is None else asked.text
