"""The card itself, pure: made from the log of a conversation, kept as JSON, changed field by field by the customer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Struct, structs

from bot.records import NONE_OF_THESE
from bot.wording import Wording
from router.cards.clauses import distinct, errors_in, question_in, tried_in
from router.conversations.records import files_of, text_of
from router.payloads.cards import AgentCard, HandOverCard, ShownArticle
from router.payloads.log import Attachment, Event

Field = Literal["question", "tried", "page"]
FIELDS: tuple[Field, ...] = ("question", "tried", "page")

#: The newest so many things that were asked make up the question.
_QUESTIONS = 4
_LONGEST = 1_000
_SCREENSHOTS = 12


class Card(Struct, frozen=True, omit_defaults=True):
    """``edited`` names the fields in the customer's own words: they are never made anew."""

    question: str = ""
    tried: str = ""
    page: str = ""
    screenshots: tuple[Attachment, ...] = ()
    articles: tuple[ShownArticle, ...] = ()
    edited: tuple[Field, ...] = ()
    edited_at: datetime | None = None


def card_of(stored: Mapping[str, Any] | None) -> Card | None:
    """What is stored; None for nothing, and for what this program cannot read."""
    try:
        return msgspec.convert(stored, Card) if stored is not None else None
    except msgspec.ValidationError:
        return None


def as_stored(card: Card) -> dict[str, Any]:
    stored: dict[str, Any] = msgspec.to_builtins(card)
    return stored


def make(events: Sequence[Event], page: Mapping[str, Any] | None, wording: Wording, locale: str) -> Card:
    """The card of a log, oldest event first; ``page`` is where the customer wrote from, as {"url", "title"}."""
    said = [event for event in events if _is_said(event)]
    texts = [text_of(event) for event in said]
    articles = _articles(events)
    lines = [_read(article, wording, locale) for article in articles]
    lines += [wording.say("card_tried", locale, text=text) for text in distinct(_each(tried_in, texts))]
    lines += [wording.say("card_error", locale, text=text) for text in distinct(_each(errors_in, texts))]
    asked = distinct(question_in(text) for text in texts)
    return Card(
        question="\n".join(asked[-_QUESTIONS:])[:_LONGEST],
        tried="\n".join(lines)[:_LONGEST],
        page=_page(page),
        screenshots=tuple(picture for event in said for picture in _pictures(event))[-_SCREENSHOTS:],
        articles=tuple(articles),
    )


def made_anew(old: Card | None, made: Card) -> Card:
    """A newly made card, with what the customer has written themselves left as it is."""
    if old is None or not old.edited:
        return made
    kept: dict[str, Any] = {name: getattr(old, name) for name in old.edited}
    return structs.replace(made, **kept, edited=old.edited, edited_at=old.edited_at)


def without(card: Card, text: str, files: Sequence[Attachment] = ()) -> Card:
    """The card after a message was taken back: nothing of it is left but what the customer wrote there themselves."""
    said = {question_in(text)}
    told = (*tried_in(text), *errors_in(text))
    gone = {file.id for file in files}
    kept: dict[str, Any] = {"screenshots": tuple(shot for shot in card.screenshots if shot.id not in gone)}
    if "question" not in card.edited:
        kept["question"] = _lines(line for line in card.question.splitlines() if line not in said and line not in text)
    if "tried" not in card.edited:
        lines = card.tried.splitlines()
        kept["tried"] = _lines(line for line in lines if not any(line.endswith(part) for part in told))
    return structs.replace(card, **kept)


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(lines)


def edit(card: Card, changes: Mapping[Field, str], now: datetime) -> Card:
    """The card with these fields in the customer's words; what says the same as before counts as no change."""
    changed: dict[str, Any] = {name: text for name, text in changes.items() if text != getattr(card, name)}
    if not changed:
        return card
    edited = tuple(name for name in FIELDS if name in changed or name in card.edited)
    return structs.replace(card, **changed, edited=edited, edited_at=now)


def for_customer(card: Card) -> HandOverCard:
    """What the customer sees."""
    return HandOverCard(**_common(card))


def for_agents(card: Card, conversation_id: UUID, signals: Mapping[str, Any] | None) -> AgentCard:
    """What agents see: the same, which articles were shown, and what was read between the lines."""
    known = signals or {}
    return AgentCard(
        **_common(card),
        conversation_id=conversation_id,
        articles=list(card.articles),
        emotion=known.get("emotion"),
        urgency=known.get("urgency"),
    )


def _common(card: Card) -> dict[str, Any]:
    return {
        "question": card.question,
        "tried": card.tried,
        "page": card.page,
        "screenshots": list(card.screenshots),
        "edited": list(card.edited),
        "edited_at": card.edited_at,
    }


def _is_said(event: Event) -> bool:
    """The customer's own words: neither taken back nor a mere press of a button about the conversation itself."""
    if event.kind != "message" or event.actor.kind != "customer" or event.redacted is True:
        return False
    option = event.option_id if isinstance(event.option_id, str) else ""
    return option != NONE_OF_THESE and ":" not in option


def _articles(events: Sequence[Event]) -> list[ShownArticle]:
    """What the bot showed, each once, with the last thing the customer said of it."""
    shown: dict[str, ShownArticle] = {}
    at_seq: dict[int, list[str]] = {}
    for event in events:
        if event.kind == "message" and event.actor.kind == "bot" and event.sources is not UNSET:
            for source in event.sources:
                shown.setdefault(source.article_id, ShownArticle(id=source.article_id, title=source.title))
                at_seq.setdefault(event.seq, []).append(source.article_id)
        elif event.kind == "rating" and isinstance(event.helpful, bool) and isinstance(event.target_seq, int):
            for article_id in at_seq.get(event.target_seq, ()):
                shown[article_id] = structs.replace(shown[article_id], helpful=event.helpful)
    return list(shown.values())


def _read(article: ShownArticle, wording: Wording, locale: str) -> str:
    key = {True: "card_helpful", False: "card_not_helpful", None: "card_shown"}[article.helpful]
    return wording.say(key, locale, title=article.title)


def _page(page: Mapping[str, Any] | None) -> str:
    parts = [str(part).strip() for part in ((page or {}).get("title"), (page or {}).get("url")) if part]
    return "\n".join(part for part in parts if part)[:_LONGEST]


def _pictures(event: Event) -> list[Attachment]:
    return [file for file in files_of(event) if (file.type or "").startswith("image/")]


def _each(find: Callable[[str], list[str]], texts: Sequence[str]) -> list[str]:
    return [found for text in texts for found in find(text)]
