"""What a customer is greeted with: the words of the hour, hot questions, the hours, the open conversation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from bot.wording import Wording
from database.clock import Clock
from kb_index.records import Article
from kb_index.search import KnowledgeIndex
from router.conversations.finding import Place
from router.conversations.records import Conversation
from router.customers.records import Welcome
from router.payloads.customers import ChatWelcome, Hours, OpenConversation
from router.payloads.log import Option
from router.payloads.reading import Privacy
from router.sites.looks import Looks
from router.transcripts.settings import PrivacySettings
from router.waiting.hours import Calendar

_SUGGESTIONS = 4
_PROTOCOL = 1


class Greeting:
    """Hot questions come from configuration while nobody has asked anything yet."""

    def __init__(
        self,
        clock: Clock,
        hours: Callable[[], Calendar],
        index: Callable[[], KnowledgeIndex | None],
        suggested_articles: tuple[str, ...],
        wording: Wording,
        privacy: Callable[[], PrivacySettings],
        looks: Looks,
    ) -> None:
        self._privacy = privacy
        self._wording = wording
        self._looks = looks
        self._clock = clock
        self._hours = hours
        self._index = index
        self._suggested_articles = suggested_articles

    async def for_customer(self, welcome: Welcome, row: Conversation | None, place: Place) -> ChatWelcome:
        now, calendar = self._clock.now(), self._hours()
        hours_text = calendar.text(place.locale)
        opens_at = calendar.opens_at(now)
        return ChatWelcome(
            protocol=_PROTOCOL,
            visitor=welcome.visitor,
            greeting=self._greeting(
                place,
                self._wording.part_of_day(now.astimezone(calendar.zone).hour, place.locale),
                welcome.customer.name or "",
                hours_text,
            ),
            suggestions=self._suggestions(place.locale),
            privacy=self._notice(place.locale),
            hours=Hours(open=opens_at is None, opens_at=opens_at, text=hours_text),
            conversation=OpenConversation(
                id=row.id, state=row.state, last_seq=row.last_seq, answered_seq=row.answered_seq
            )
            if row is not None
            else None,
        )

    def _notice(self, locale: str) -> Privacy | None:
        privacy = self._privacy()
        text = privacy.for_locale(locale)
        return Privacy(text=text, url=privacy.url) if text else None

    def _greeting(self, place: Place, part_of_day: str, name: str, hours: str) -> str:
        """The site's own words where it has some."""
        values = {"part_of_day": part_of_day, "name": name, "hours": hours}
        own = self._looks.greeting(place.site, place.locale, values)
        return own or self._wording.welcome(part_of_day, name, hours, place.locale)

    def _suggestions(self, locale: str) -> list[Option]:
        index = self._index()
        if index is None:
            return []
        return self._options(index, self._suggested_articles, locale) or self._options(
            index, _typical(index.articles), locale
        )

    @staticmethod
    def _options(index: KnowledgeIndex, article_ids: Sequence[str], locale: str) -> list[Option]:
        found = []
        for article_id in article_ids:
            tongues = () if locale.startswith("zh") else (locale.split("-")[0], "en")
            translated = next(filter(None, (index.article(f"{article_id}.{tongue}") for tongue in tongues)), None)
            article = translated or index.article(article_id)
            if article is not None and article.status == "published" and article.visibility == "public":
                found.append(Option(id=article.id, label=article.question))
        return found[:_SUGGESTIONS]


def _typical(articles: Sequence[Article]) -> list[str]:
    """One article of each of the largest areas: the one with the most wordings, for that is what people ask most."""
    areas: dict[str, list[Article]] = defaultdict(list)
    for article in articles:
        if article.visibility == "public" and article.locale.startswith("zh"):
            areas[(article.category or "").split("/")[0]].append(article)
    largest = sorted(areas.values(), key=lambda area: (-len(area), area[0].id))[:_SUGGESTIONS]
    return [max(area, key=lambda article: (len(article.variants), article.id)).id for area in largest]
