"""In which language a customer is spoken to: the one they write in, else their page's; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot import language
from bot.records import Language
from bot.remembering import remembering
from router.conversations.records import Conversation

_DEFAULT = "zh-CN"
#: So many of the newest messages have a vote; where they disagree, the newest language with most of them wins.
_VOTES = 3
#: What somebody pastes (an error, a log line, code) says nothing about the language they speak.
_PASTED = re.compile(
    r"\b(?:\w*(?:error|exception|warning)|failed|traceback|undefined|null|stack|fatal|denied)\b\W"
    r"|[{}<>]|=>|::|\b0x[0-9a-f]+|\bat \w+\.\w+|\b(?:http|status)\s?\d{3}|^\s*\w+_\w+",
    re.IGNORECASE,
)


def with_vote(votes: Sequence[str], vote: Language) -> list[str]:
    """The newest votes with one more."""
    return [*votes, vote][-_VOTES:]


@remembering
def said_in(text: str, page: str | None) -> Language | None:
    """The language a text is written in; None where it does not tell: OK, 502, an emoji, a pasted error."""
    if _is_pasted(text):
        return None
    # Asked for another page: what depends on the page says nothing itself.
    written = language.detect(text, page or _DEFAULT)
    elsewhere = language.detect(text, "en" if written != "en" else _DEFAULT)
    return written if written[:2] == elsewhere[:2] else None


def spoken(signals: Mapping[str, Any] | None, page: str | None) -> str:
    """The locale for the words of the desk; ``signals`` as `moods` keeps them, ``page`` the page's locale."""
    votes: list[str] = (signals or {}).get("languages", [])
    if not votes:
        return page or _DEFAULT
    most = max(votes.count(vote) for vote in votes)
    won = next(vote for vote in reversed(votes) if votes.count(vote) == most)
    # A page's own tag is kept where it says the same more exactly.
    return page if page and language.page_language(page) == won else won


def language_of(row: Conversation, text: str = "") -> str:
    """The same for a conversation as it is stored, with a text that is being written in it."""
    signals = row.signals or {}
    vote = said_in(text, row.locale) if text else None
    if vote is not None:
        signals = {"languages": with_vote(signals.get("languages", ()), vote)}
    return spoken(signals, row.locale)


def _is_pasted(text: str) -> bool:
    han = sum("\u4e00" <= character <= "\u9fff" for character in text)
    return han * 8 < len(text) and _PASTED.search(f"{text} ") is not None
