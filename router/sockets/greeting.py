"""What a customer is greeted with: the words of the hour, hot questions, the hours, the open conversation."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from bot.wording import Wording
from database.clock import Clock
from kb_index.search import KnowledgeIndex
from router.conversations.conversations import Place
from router.conversations.records import Conversation
from router.customers.records import Welcome
from router.events import ChatWelcome, Hours, OpenConversation, Option
from router.waiting.hours import Calendar

_SUGGESTIONS = 4
_PROTOCOL = 1


class Greeting:
    """Hot questions come from configuration while nobody has asked anything yet."""

    def __init__(
        self,
        clock: Clock,
        calendar: Calendar,
        zone: ZoneInfo,
        index: Callable[[], KnowledgeIndex | None],
        suggested_articles: tuple[str, ...],
        wording: Wording,
    ) -> None:
        self._wording = wording
        self._clock = clock
        self._calendar = calendar
        self._zone = zone
        self._index = index
        self._suggested_articles = suggested_articles

    async def for_customer(self, welcome: Welcome, row: Conversation | None, place: Place) -> ChatWelcome:
        now = self._clock.now()
        hours_text = self._calendar.text()
        opens_at = self._calendar.opens_at(now)
        return ChatWelcome(
            protocol=_PROTOCOL,
            visitor=welcome.visitor,
            greeting=self._wording.welcome(
                self._wording.part_of_day(now.astimezone(self._zone).hour, place.locale),
                welcome.customer.name or "",
                hours_text,
                place.locale,
            ),
            suggestions=self._suggestions(place.locale),
            hours=Hours(open=opens_at is None, opens_at=opens_at, text=hours_text),
            conversation=OpenConversation(
                id=row.id, state=row.state, last_seq=row.last_seq, answered_seq=row.answered_seq
            )
            if row is not None
            else None,
        )

    def _suggestions(self, locale: str) -> list[Option]:
        index = self._index()
        if index is None:
            return []
        found = []
        for article_id in self._suggested_articles:
            translated = index.article(f"{article_id}.{locale.split('-')[0]}") if not locale.startswith("zh") else None
            article = translated or index.article(article_id)
            if article is not None and article.status == "published" and article.visibility == "public":
                found.append(Option(id=article.id, label=article.question))
        return found[:_SUGGESTIONS]
