"""What a text says by itself, whatever was said before it: one reading by all the rules; knows no conversation."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot import dissatisfaction, fragments, small_talk, wish

_LINKS = re.compile(r"(?:(?:https?://|www\.)\S+\s*)+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Understanding:
    """Depends on the text alone, so it may be remembered."""

    #: What the words say about wanting a human, by themselves.
    wish: wish.Sign | None
    only_links: bool
    talk: small_talk.Kind | None
    #: The text only says that the last answer did not help.
    unhelpful: bool
    #: The customer is probably still typing.
    awaits_more: bool


def understand(text: str) -> Understanding:
    """The text as the rules read it."""
    sign = wish.read(text)
    wants_human = sign is not None and sign.kind != "refused"
    talk = small_talk.detect(text)
    unhelpful = dissatisfaction.detect(text)
    return Understanding(
        wish=sign,
        only_links=_LINKS.fullmatch(text) is not None,
        talk=talk,
        unhelpful=unhelpful,
        awaits_more=not (wants_human or unhelpful) and fragments.awaits_more(text, talk),
    )
