"""Texts on their way into the log: what is refused, and the bodies of message events."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from bot.context import Context
from bot.records import Analysis, Answer, Clarification, Decision, Handoff, SmallTalk
from database.ids import uuid7
from kb_index.records import Picture
from router.conversations.contexts import context_to_json
from router.conversations.records import BOT, NewEvent
from router.errors import Invalid, TooLarge
from router.payloads.log import Actor, Attachment
from router.sentences import say
from router.uploads.links import as_stored

MAX_TEXT = 5_000
MAX_COMMENT = 2_000
_IN_A_LIST = 200

#: Control characters that no keyboard sends and that Postgres or a terminal would choke on; tab and newline stay.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def checked_text(text: str, *, limit: int = MAX_TEXT, field: str = "text") -> str:
    """The text without stray control characters and outer blank space.

    Raises `Invalid` for a text that is empty or not Unicode (lone surrogates), `TooLarge` above ``limit`` characters.
    """
    if len(text) > limit:
        raise TooLarge(f"{field} is longer than {limit} characters", limit=limit, length=len(text))
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise Invalid(f"{field} is not valid Unicode", position=error.start) from None
    cleaned = _CONTROL.sub("", text).strip()
    if not cleaned:
        raise Invalid(f"{field} is empty")
    return cleaned


def checked_words(text: str, upload_ids: Sequence[UUID] | None) -> str:
    """The text of a message, which may be empty beside files."""
    return "" if upload_ids and not text.strip() else checked_text(text)


def with_files(attachments: Sequence[Attachment]) -> dict[str, Any]:
    """What files add to the body of a message."""
    return {"attachments": as_stored(attachments)} if attachments else {}


def in_a_list(text: str, attachments: Sequence[Attachment]) -> str:
    """A message as lists show it: its words, else what was sent."""
    if text or not attachments:
        return text[:_IN_A_LIST]
    if all((each.type or "").startswith("image/") for each in attachments):
        return say("list.picture")
    return say("list.file", name=attachments[-1].name)[:_IN_A_LIST]


def checked_reply(reply_to_seq: int | None, last_seq: int) -> int | None:
    """The message that a message answers; raises `Invalid` where the log has no such place."""
    if reply_to_seq is not None and not 1 <= reply_to_seq <= last_seq:
        raise Invalid("there is no message to reply to at this place", reply_to_seq=reply_to_seq)
    return reply_to_seq


def checked_comment(comment: str | None) -> str | None:
    """An optional comment: empty means none."""
    if comment is None or not comment.strip():
        return None
    return checked_text(comment, limit=MAX_COMMENT, field="comment")


def message(
    actor: Actor, text: str, *, client_id: UUID | None = None, reply_to_seq: int | None = None, **more: Any
) -> NewEvent:
    body: dict[str, Any] = {"id": uuid7(), "text": text, **more}
    if client_id is not None:
        body["client_id"] = client_id
    return NewEvent("message", actor, body, reply_to_seq)


def bot_message(decision: Decision, reply_to_seq: int | None, remains: Context | None = None) -> NewEvent:
    """The bot's decision as the message that people will read, with what only agents may see beside it.

    ``remains`` is kept in the log for the next question and crosses no wire.
    """
    body: dict[str, Any] = {
        "confidence": round(decision.analysis.confidence, 4),
        "decision": _DECISIONS[type(decision)],
        "signals": signals_of(decision.analysis),
        "reason": decision.reason,
        "index_version": decision.analysis.index_version,
    }
    if isinstance(decision, Answer):
        body["sources"] = [
            {"article_id": s.article_id, "title": s.title, "confidence": round(s.confidence, 4)}
            for s in decision.sources
        ]
        if decision.pictures:
            body["attachments"] = [_shown(picture) for picture in decision.pictures]
    if isinstance(decision, Clarification) and decision.options:
        body["options"] = [{"id": option.id, "label": option.label} for option in decision.options]
    if remains is not None:
        body["context"] = context_to_json(remains)
    if decision.buttons:
        body["buttons"] = list(decision.buttons)
    text = with_pictures(decision.text, decision.pictures) if isinstance(decision, Answer) else decision.text
    return message(BOT, text, reply_to_seq=reply_to_seq, **body)


def signals_of(analysis: Analysis) -> dict[str, Any]:
    """What was read between the lines of a question, for agents."""
    signals: dict[str, Any] = {"emotion": analysis.emotion, "urgency": analysis.urgency}
    if analysis.topic is not None:
        signals |= {"topic": analysis.topic, "topic_chance": round(analysis.topic_chance, 4)}
    return signals


def with_pictures(text: str, pictures: Iterable[Picture]) -> str:
    """An answer whose pictures are named by their address, which browsers need, not as the file named them."""
    for picture in pictures:
        text = text.replace(f"]({picture.name})", f"]({media_url(picture.path)})")
    return text


def _shown(picture: Picture) -> dict[str, Any]:
    """A video says that it is one; everything else of an article is a picture."""
    shown = {"url": media_url(picture.path), "name": picture.name}
    ending = picture.path.rsplit(".", 1)[-1]
    return shown | {"type": f"video/{ending}"} if ending in ("mp4", "webm") else shown


def media_url(path: str) -> str:
    """Where the server shows a picture of an article; its file is named by its content."""
    return f"/media/{path.rsplit('/', 1)[-1]}"


def bot_says(text: str, *buttons: str, reply_to_seq: int | None = None) -> NewEvent:
    """A line of the bot that is no answer from the knowledge base."""
    more: dict[str, Any] = {"buttons": list(buttons)} if buttons else {}
    return message(BOT, text, reply_to_seq=reply_to_seq, **more)


_DECISIONS: dict[type, str] = {Answer: "answer", Clarification: "clarify", Handoff: "handoff", SmallTalk: "smalltalk"}
