"""Puts a whole corpus of hostile texts through every field that a page shows; knows fields and routes, no pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from tests.acceptance.people import KNOWN, People, Seat
from tests.clients import ChatClient
from tests.payloads.markup import MARKUP, portions, some

#: Widths of fields, the widest first.
_WIDTHS = (4_900, 1_900, 950, 480, 190, 95, 60, 40)
_FEW = 12


async def through(make: Callable[[str], Awaitable[Any]], *, lines: bool = True) -> None:
    """Sends the corpus through a field in as few texts as it takes: as wide as the field allows."""
    for width in _WIDTHS:
        first, *others = portions(width, lines=lines)
        try:
            await make(first)
        except AssertionError:
            continue
        for text in others:
            await make(text)
        return
    raise AssertionError("the field takes none of the portions")


@dataclass
class HostileDesk:
    """One desk in which everybody writes nothing else."""

    people: People
    group: dict[str, Any]
    seat: Seat
    conversation_id: str = ""
    customer_id: str = ""
    _number: int = field(default=0)

    def _next(self) -> int:
        self._number += 1
        return self._number

    async def fill(self) -> None:
        customer = await self._talk()
        await self._around(customer)
        await self._tickets(customer)
        await self._people_and_companies()
        await self._tools()
        await self._knowledge()

    # The conversation -----------------------------------------------------------------------------------------------

    async def _talk(self) -> ChatClient:
        """A long conversation that stays open, and a few that wait, each from a hostile page."""
        name = some(1, 60)[0]
        customer = await self.people.customer(identity=self.people.identity("h-1", name=name, tier="standard"))
        ack = await customer.do("request_human", topic=self.group["name"])
        self.conversation_id = conversation_id = ack["conversation_id"]
        agent = self.seat.client
        await agent.do("accept", conversation_id=conversation_id)
        for text in MARKUP:
            await agent.do("send_message", conversation_id=conversation_id, text=text)
        await through(lambda text: customer.do("send_message", conversation_id=conversation_id, text=text))
        await through(lambda text: agent.do("add_note", conversation_id=conversation_id, text=text))
        for part in ("question", "tried", "page"):
            await through(partial(self._card, customer, conversation_id, part))
        for text in some(_FEW, 60):
            page = {"url": f"javascript:{text}", "title": text}
            other = await self.people.customer(page=page)
            await other.do("send_message", text=text)
            await other.do("track", name=text[:40], properties={text[:40]: text}, url=f"https://a.example/{text}")
            await other.do("request_human", topic=self.group["name"])
        talk = await self.people.api("GET", f"/conversations/{conversation_id}")
        self.customer_id = talk["conversation"]["customer"]["id"]
        return customer

    async def _card(self, customer: ChatClient, conversation_id: str, part: str, text: str) -> None:
        await customer.do("edit_card", conversation_id=conversation_id, **{part: text})

    async def _around(self, customer: ChatClient) -> None:
        """What others say about a conversation: wrap-up, rating, flag, promise, message left, call back."""
        api, agent = self.people.api, self.seat.client
        for text in some(_FEW, 60):
            one = await self.people.customer()
            asked = await one.say(KNOWN)
            await one.answer_to(asked)
            held = asked["conversation_id"]
            await api("POST", f"/conversations/{held}/events/{asked['seq'] + 1}/flag", {"comment": text})
            await one.do("rate_answer", conversation_id=held, seq=asked["seq"] + 1, helpful=False, comment=text)
            await one.do("request_human", topic=self.group["name"])
            await agent.do("accept", conversation_id=held)
            said = await agent.do("send_message", conversation_id=held, text=f"明天上午 10 点前答复您 {text}")
            due = (datetime.now(UTC) + timedelta(days=1)).isoformat()
            with suppress(AssertionError):  # heard as a promise already
                await api("POST", "/promises", {"conversation_id": held, "seq": said["seq"], "due_at": due})
            words = {"category": text, "cause": text, "tags": [text], "note": text}
            await agent.do("close", conversation_id=held, resolved=False, wrap_up=words)
            await one.do("rate_conversation", conversation_id=held, resolved=False, csat=1, comment=text)
            contact = {"phone": "13800000000"}
            await one.do("leave_message", text=text, contact=contact)

    # What people keep -----------------------------------------------------------------------------------------------

    async def _tickets(self, customer: ChatClient) -> None:
        api = self.people.api
        whose = {"conversation_id": self.conversation_id}
        await through(lambda text: api("POST", "/tickets", {**whose, "title": text}), lines=False)
        await through(lambda text: api("POST", "/tickets", {**whose, "title": "工单", "summary": text}))
        ticket = await api("POST", "/tickets", {**whose, "title": "工单"})
        for visibility in ("public", "internal"):
            comments = f"/tickets/{ticket['number']}/comments"
            await through(
                lambda text, at=comments, who=visibility: api(  # type: ignore[misc]
                    "POST", at, {"text": text, "visibility": who, "confirmed": True}
                )
            )
        await through(lambda text: customer.do("answer_ticket", number=ticket["number"], text=text))
        now = datetime.now(UTC).isoformat()
        await through(
            lambda text: api("POST", "/tasks", {"due_at": now, "text": text, "customer_id": self.customer_id})
        )

    async def _people_and_companies(self) -> None:
        api = self.people.api
        await through(lambda text: api("POST", "/companies", {"name": text}), lines=False)
        company = await api("POST", "/companies", {"name": f"<b>{self._next()}</b>"})
        await through(lambda text: api("POST", f"/companies/{company['id']}/notes", {"text": text}))
        for name in ("external_id", "edition", "product_version"):
            await through(partial(self._company, name), lines=False)
        await through(lambda text: api("POST", "/companies", {"name": f"{self._next()}", "tags": [text]}), lines=False)
        customer = f"/customers/{self.customer_id}"
        await through(lambda text: api("POST", f"{customer}/notes", {"text": text}))
        for name in ("edition", "product_version", "company_name", "name"):
            await through(lambda text, at=name: api("PATCH", customer, {at: text}), lines=False)  # type: ignore[misc]
        await api("PATCH", customer, {"tags": some(8, 40)})
        (blocked,) = (await api("GET", "/conversations?state=waiting&limit=1"))["items"]
        blocks = f"/customers/{blocked['customer']['id']}/blocks"
        await through(lambda text: api("POST", blocks, {"reason": text, "hours": 1}))

    async def _company(self, name: str, text: str) -> None:
        await self.people.api("POST", "/companies", {"name": f"公司 {self._next()}", name: text})

    # What the house is set up with ----------------------------------------------------------------------------------

    async def _tools(self) -> None:
        api = self.people.api
        for text in some(_FEW, 40):
            account = {"username": f"h{self._next()}", "password": "a long password 1", "roles": ["agent"]}
            await api("POST", "/agents", {**account, "name": text, "public_name": text[:20], "staff_number": text[:12]})
            skills = {"topics": [text], "products": [text]}
            await api("POST", "/groups", {"name": text, **skills})
            await api("POST", "/minded-words", {"direction": "in", "effect": "tell", "word": text, "reason": text})
        for part in ("folder", "name", "text"):
            await through(partial(self._canned, part), lines=part == "text")

    async def _canned(self, part: str, text: str) -> None:
        number = self._next()
        body = {"folder": f"夹 {number}", "name": f"第 {number} 条", "text": "好的", "is_team": True, part: text}
        await self.people.api("POST", "/canned-replies", body)

    async def _knowledge(self) -> None:
        api = self.people.api
        for text in [*some(_FEW, 90), *portions(1_900)]:
            many = {"variants": [text[:400]], "tags": [text[:40]], "category": text[:40].replace("/", "")}
            number = self._next()
            body = {"question": text[:480], "answer": text, **many}
            await api("POST", "/articles", {"id": f"hostile-{number}", **body, "status": "draft"})
            await api("POST", "/knowledge/drafts", {"id": f"hostile-draft-{number}", "content": body})
        await through(self._submit)
        for text in some(_FEW, 60):
            release = {"name": text, "released_at": datetime.now(UTC).isoformat(), "note": text}
            await api("POST", "/knowledge/releases", release)

    async def _submit(self, comment: str) -> None:
        content = {"question": f"第 {self._next()} 个问题", "answer": "答案", "category": "常见问题"}
        draft = await self.people.api("POST", "/knowledge/drafts", {"content": content})
        submit = f"/articles/{draft['article_id']}/draft/submit"
        await self.people.api("POST", submit, {"version": draft["version"], "comment": comment})
