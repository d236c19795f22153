"""What the bot does with what it understood: answer, offer, ask back, small talk or a human; by probabilities and
floor rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot import small_talk
from bot.emotion import OPEN, Feeling
from bot.records import AskReason, HandoffReason, Option, Urgency
from bot.settings import BotSettings
from kb_index.records import Candidate


@dataclass(frozen=True, slots=True)
class Reading:
    """One turn as understood by the parts, before anything is decided."""

    wants_human: bool
    #: False for a picture, a link or nothing at all.
    has_words: bool
    talk: small_talk.Kind | None
    feeling: Feeling
    urgency: Urgency
    #: The option that the customer took, if any was offered.
    chosen: Option | None
    turns_down_options: bool
    out_of_range: bool
    #: The message only says that the last answer did not help.
    unhelpful: bool
    #: A name without a question, such as 甘特图.
    bare_name: bool
    candidates: tuple[Candidate, ...]
    #: The probability of each candidate, in their order.
    chances: tuple[float, ...]
    knows_anything: bool = True


@dataclass(frozen=True, slots=True)
class Situation:
    """What the conversation brings along."""

    misses: int
    offered: tuple[Option, ...]
    last_article_ids: tuple[str, ...]
    humans_available: bool


@dataclass(frozen=True, slots=True)
class Say:
    """Give the answer of the candidate at this place, or of the chosen option where there is none."""

    place: int | None
    reason: Literal["confident", "chosen"]


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask back, with the candidates at these places as options."""

    reason: AskReason
    places: tuple[int, ...] = ()
    is_miss: bool = False


@dataclass(frozen=True, slots=True)
class Fetch:
    """Fetch a human."""

    reason: HandoffReason
    is_miss: bool = False


@dataclass(frozen=True, slots=True)
class Talk:
    """Answer small talk."""

    kind: small_talk.Kind


Verdict = Say | Ask | Fetch | Talk


class Policy:
    """The rules in the order in which a head of support would ask them."""

    def __init__(self, settings: BotSettings) -> None:
        self._settings = settings

    def decide(self, reading: Reading, situation: Situation) -> Verdict:
        """One verdict for one turn; the same reading in the same situation always gets the same one."""
        if reading.chosen is not None:
            return Say(_place_of(reading.chosen.id, reading.candidates), "chosen")
        if reading.wants_human:
            return Fetch("asked")
        if not reading.has_words:
            return Ask("nothing_to_read")
        return self._complaint(reading, situation) or self._talk(reading) or self._question(reading, situation)

    def _complaint(self, reading: Reading, situation: Situation) -> Verdict | None:
        """都不是 and 没帮助, which are about the bot's last message."""
        if situation.offered and reading.out_of_range:
            return Ask("choose_again")
        answered = bool(situation.last_article_ids)
        reason: AskReason
        if situation.offered and reading.turns_down_options:
            reason = "none_fits"
        elif reading.unhelpful and (answered or situation.offered):
            reason = "not_helpful"
        elif reading.unhelpful or reading.turns_down_options:
            return self._miss("no_answer", situation) if situation.misses else Ask("unfinished")
        else:
            return None
        if self._is_open_anger(reading):
            return Fetch("emotion", is_miss=True)
        return self._miss(reason, situation)

    def _talk(self, reading: Reading) -> Verdict | None:
        if reading.talk is None:
            return None
        if self._is_sure(reading) and small_talk.detect(reading.candidates[0].matched_text) == reading.talk:
            return Say(0, "confident")  # the vendor wrote an answer to this small talk
        return Talk(reading.talk)

    def _question(self, reading: Reading, situation: Situation) -> Verdict:
        settings = self._settings
        if self._is_open_anger(reading):
            return Fetch("emotion")
        if not reading.knows_anything:
            return Fetch("low_confidence", is_miss=True)
        best = reading.chances[0] if reading.chances else 0.0
        if (
            reading.candidates
            and reading.candidates[0].article.id in situation.last_article_ids
            and best >= settings.offer_at
        ):
            return self._worried(reading) or self._miss("not_helpful", situation)  # said already, and it did not help
        if self._is_sure(reading):
            return Say(0, "confident")
        options = self._options(reading, situation.last_article_ids)
        if best < settings.offer_at and not reading.bare_name:
            options = ()
        worried = self._worried(reading)
        if worried is not None and (situation.humans_available or not options or worried.reason == "emotion"):
            return worried
        if situation.misses >= settings.misses_before_handoff:
            return Fetch("repeated_miss", is_miss=not reading.bare_name)
        if options:
            return Ask("unsure", options)
        if reading.bare_name:
            return Ask("unfinished")
        return self._miss("no_answer", situation)

    def _miss(self, reason: AskReason, situation: Situation) -> Verdict:
        if situation.misses + 1 >= self._settings.misses_before_handoff:
            return Fetch("repeated_miss", is_miss=True)
        return Ask(reason, is_miss=True)

    def _options(self, reading: Reading, already_said: Sequence[str]) -> tuple[int, ...]:
        likely = (
            place
            for place, candidate in enumerate(reading.candidates)
            if candidate.article.id not in already_said
            and (
                reading.chances[place] >= self._settings.option_at or (reading.bare_name and candidate.coverage >= 0.5)
            )
        )
        return tuple(likely)[: self._settings.max_options]

    def _worried(self, reading: Reading) -> Fetch | None:
        """The human whom annoyance or urgency fetches when the bot has no sure answer."""
        if reading.feeling.emotion == "angry" and self._settings.handoff_when_angry:
            return Fetch("emotion")
        if reading.urgency == "high" and self._settings.handoff_when_urgent:
            return Fetch("urgent")
        return None

    def _is_sure(self, reading: Reading) -> bool:
        """Whether the best answer may be given: an article may ask for more, or less, than the settings do."""
        if not reading.candidates:
            return False
        own = reading.candidates[0].article.answer_at
        return reading.chances[0] >= (self._settings.answer_at if own is None else own)

    def _is_open_anger(self, reading: Reading) -> bool:
        feeling = reading.feeling
        return self._settings.handoff_when_angry and feeling.emotion == "angry" and feeling.strength >= OPEN


def _place_of(article_id: str, candidates: Sequence[Candidate]) -> int | None:
    for place, candidate in enumerate(candidates):
        if candidate.article.id == article_id:
            return place
    return None
