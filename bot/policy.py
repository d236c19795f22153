"""What the bot does with what it understood: answer, offer, ask back, small talk or a human; by probabilities and
floor rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot import small_talk
from bot.choice import Choice
from bot.records import AskReason, HandoffReason, Option, Urgency
from bot.settings import BotSettings, SignalSettings
from bot.signals import Feeling
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
    #: What is said about the options, if any were offered.
    choice: Choice
    #: The message only says that the last answer did not help.
    unhelpful: bool
    #: A name without a question, such as 甘特图.
    bare_name: bool
    candidates: tuple[Candidate, ...]
    #: The probability of each candidate, in their order.
    chances: tuple[float, ...]
    knows_anything: bool = True
    #: “账单/退款”; None where it cannot be told.
    topic: str | None = None
    #: The text says what was meant instead of something else.
    corrects: bool = False
    #: The text says more about the question before.
    adds: bool = False
    urgency_chance: float = 1.0
    #: There is a question, or a request, in it.
    asks: bool = False
    #: The words leave no doubt about anger: an insult, a threat, an open complaint.
    complains: bool = False
    #: How to answer it if it only thanks or praises.
    cheer: small_talk.Kind | None = None
    #: Of a text of one word, such as 导出, the places of the candidates that are about this word.
    alike: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Situation:
    """What the conversation brings along."""

    misses: int
    offered: tuple[Option, ...]
    last_article_ids: tuple[str, ...]
    #: Turned down since the last answer, options and answers alike.
    refused_article_ids: tuple[str, ...]
    humans_available: bool


@dataclass(frozen=True, slots=True)
class Say:
    """Give the answer of the candidate at this place, or of the chosen option where there is none."""

    place: int | None
    reason: Literal["confident", "chosen"]
    #: It cannot wait: the way to a human is shown with the answer.
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask back, with the candidates at these places as options, or with options that were offered before."""

    reason: AskReason
    places: tuple[int, ...] = ()
    again: tuple[Option, ...] = ()
    is_miss: bool = False
    #: The customer is angry: a word of understanding comes first.
    upset: bool = False


@dataclass(frozen=True, slots=True)
class Fetch:
    """Fetch a human, of this skill group where a rule names one."""

    reason: HandoffReason
    is_miss: bool = False
    group: str = ""


@dataclass(frozen=True, slots=True)
class Talk:
    """Answer small talk; `settles` where it says that the last answer helped."""

    kind: small_talk.Kind
    settles: bool = False


Verdict = Say | Ask | Fetch | Talk

#: Small talk after an answer that says that it helped.
_CONTENT: frozenset[small_talk.Kind] = frozenset({"thanks", "solved", "praise", "goodbye"})


class Policy:
    """The rules in the order in which a head of support would ask them."""

    def __init__(self, settings: BotSettings, signals: SignalSettings | None = None) -> None:
        self._settings = settings
        self._signals = signals or SignalSettings()

    def decide(self, reading: Reading, situation: Situation) -> Verdict:
        """One verdict for one turn; the same reading in the same situation always gets the same one."""
        verdict = self._decide(reading, situation)
        if isinstance(verdict, Ask):
            return replace(verdict, upset=True) if self._is_upset(reading) else verdict
        group = self._settings.group_for(reading.topic)
        return replace(verdict, group=group) if isinstance(verdict, Fetch) and group else verdict

    def _decide(self, reading: Reading, situation: Situation) -> Verdict:
        if reading.choice.taken is not None:
            return Say(_place_of(reading.choice.taken.id, reading.candidates), "chosen")
        if reading.wants_human:
            return Fetch("asked")
        if not reading.has_words:
            return Ask("nothing_to_read")
        return (
            self._about_options(reading, situation)
            or self._complaint(reading, situation)
            or self._talk(reading, situation)
            or self._cheer(reading, situation)
            or self._question(reading, situation)
        )

    def _about_options(self, reading: Reading, situation: Situation) -> Verdict | None:
        """What is said about the list, short of taking one or turning all down."""
        if reading.choice.left:
            return Ask("unsure", again=reading.choice.left)
        if reading.choice.out_of_range:
            return Ask("choose_again", again=situation.offered)
        return Ask("which_one", again=situation.offered) if reading.choice.which else None

    def _complaint(self, reading: Reading, situation: Situation) -> Verdict | None:
        """都不是 and 没帮助, which are about the bot's last words."""
        if not (reading.choice.none or reading.unhelpful):
            return None
        if not (situation.offered or situation.last_article_ids):
            return self._miss("no_answer", situation) if situation.misses else Ask("unfinished")
        if self._is_open_anger(reading):
            return Fetch("emotion", is_miss=True)
        reason: AskReason = "none_fits" if situation.offered and reading.choice.none else "not_helpful"
        return self._miss(reason, situation, self._others(reading, situation))

    def _talk(self, reading: Reading, situation: Situation) -> Verdict | None:
        if reading.talk is None or (reading.talk == "scolded" and self._is_open_anger(reading)):
            return None
        if self._is_sure(reading) and small_talk.detect(reading.candidates[0].matched_text) == reading.talk:
            return Say(0, "confident")  # the vendor wrote an answer to this small talk
        return Talk(reading.talk, settles=reading.talk in _CONTENT and bool(situation.last_article_ids))

    def _cheer(self, reading: Reading, situation: Situation) -> Verdict | None:
        """Thanks and praise in words of their own, with no question that the bot could answer."""
        if reading.cheer is None or self._is_sure(reading):
            return None
        best = reading.chances[0] if reading.chances else 0.0
        certain = reading.feeling.emotion == "happy" and reading.feeling.chance >= self._signals.happy_at
        if best >= self._settings.offer_at and not certain:
            return None
        return Talk(reading.cheer, settles=bool(situation.last_article_ids))

    def _question(self, reading: Reading, situation: Situation) -> Verdict:
        settings = self._settings
        if self._is_certain_anger(reading):
            return Fetch("emotion")
        if settings.group_for(reading.topic):
            return Fetch("rule")
        if not reading.knows_anything:
            return Fetch("low_confidence", is_miss=True)
        best = reading.chances[0] if reading.chances else 0.0
        if best >= settings.offer_at and reading.candidates[0].article.id in situation.last_article_ids:
            others = self._others(reading, situation)
            if reading.adds:  # they say more about it
                return self._worried(reading) or (Ask("unsure", others) if others else Ask("no_answer"))
            return self._worried(reading) or self._miss("not_helpful", situation, others)  # said, and it did not help
        if self._may_say(reading, situation):
            return Say(0, "confident", urgent=settings.handoff_when_urgent and self._is_urgent(reading))
        options = self._options(reading, situation)
        if best < settings.offer_at and not (reading.bare_name or len(reading.alike) > 1):
            options = ()
        worried = self._worried(reading, options)
        if worried is not None and (situation.humans_available or not options):
            return worried
        if situation.misses >= settings.misses_before_handoff:
            return Fetch("repeated_miss", is_miss=not reading.bare_name)
        if options:
            return Ask("unsure", options)
        if reading.bare_name:
            return Ask("unfinished")
        if reading.adds:
            return Ask("no_answer")  # who says what was meant is not told twice that nothing was found
        if situation.offered and best >= settings.offer_at:
            return self._miss("none_fits", situation)  # the same in other words: the list had nothing for them
        return self._miss("no_answer", situation)

    def _miss(self, reason: AskReason, situation: Situation, options: tuple[int, ...] = ()) -> Verdict:
        if situation.misses + 1 >= self._settings.misses_before_handoff:
            return Fetch("repeated_miss", is_miss=True)
        return Ask(reason, options, is_miss=True)

    def _others(self, reading: Reading, situation: Situation) -> tuple[int, ...]:
        """What else it may have been, where the first guess was wrong."""
        options = self._options(reading, situation)
        return options if any(reading.chances[place] >= self._settings.offer_at for place in options) else ()

    def _options(self, reading: Reading, situation: Situation) -> tuple[int, ...]:
        """What to offer; of what was offered just before, at most the one that has become likelier than all others,
        and nothing where all of it was turned down.
        """
        turned_down = {*situation.last_article_ids, *situation.refused_article_ids}
        if reading.choice.none:
            turned_down |= {option.id for option in situation.offered}
        shown = set() if reading.corrects else {option.id for option in situation.offered}
        likely = [
            place
            for place, candidate in enumerate(reading.candidates)
            if candidate.article.id not in turned_down
            and (
                reading.chances[place] >= self._settings.option_at
                or (reading.bare_name and candidate.coverage >= 0.5)
                or (len(reading.alike) > 1 and place in reading.alike)
            )
        ]
        if shown and likely:
            first, rest = likely[0], likely[1:]
            stands_out = len(shown) > 1 and reading.chances[first] > sum(reading.chances[place] for place in rest)
            likely = [
                place
                for place in likely
                if reading.candidates[place].article.id not in shown or (place == first and stands_out)
            ]
        return tuple(likely)[: self._settings.max_options]

    def _worried(self, reading: Reading, options: tuple[int, ...] = ()) -> Fetch | None:
        """The human whom anger and urgency fetch when the bot has no sure answer; annoyance, when no options either."""
        if self._is_angry(reading) if not options else self._is_plain_anger(reading):
            return Fetch("emotion")
        if self._settings.handoff_when_urgent and self._is_urgent(reading):
            return Fetch("urgent")
        return None

    def _is_angry(self, reading: Reading) -> bool:
        """Anger that nothing else in the text speaks against; a question is read as calm unless the anger is sure."""
        if reading.feeling.emotion != "angry" or not self._settings.handoff_when_angry:
            return False
        if reading.complains:
            return True
        open_anger = self._is_open_anger(reading)
        if reading.asks:
            return open_anger and reading.feeling.chance >= self._signals.certain_anger_at
        return open_anger or reading.feeling.chance >= self._signals.annoyed_at

    def _is_upset(self, reading: Reading) -> bool:
        """Anger that fetches nobody by itself, but should not be passed over in silence."""
        felt = reading.feeling
        return reading.has_words and felt.emotion == "angry" and felt.chance >= self._signals.open_anger_at

    def _is_plain_anger(self, reading: Reading) -> bool:
        """Open anger with nothing asked: options would not be read."""
        sure = reading.feeling.emotion == "angry" and reading.feeling.chance >= self._signals.annoyed_at
        return sure and not reading.asks and self._is_open_anger(reading)

    def _is_urgent(self, reading: Reading) -> bool:
        return reading.urgency == "high" and reading.urgency_chance >= self._signals.urgent_at

    def _may_say(self, reading: Reading, situation: Situation) -> bool:
        if not self._is_sure(reading) or len(reading.alike) > 1:
            return False
        return reading.candidates[0].article.id not in situation.refused_article_ids

    def _is_sure(self, reading: Reading) -> bool:
        """Whether the best answer may be given: an article may ask for more, or less, than the settings do."""
        if not reading.candidates:
            return False
        own = reading.candidates[0].article.answer_at
        return reading.chances[0] >= (self._settings.answer_at if own is None else own)

    def _is_open_anger(self, reading: Reading) -> bool:
        return self._settings.handoff_when_angry and reading.feeling.open_anger >= self._signals.open_anger_at

    def _is_certain_anger(self, reading: Reading) -> bool:
        """Anger that no answer soothes."""
        certain = reading.feeling.open_anger >= self._signals.certain_anger_at
        return self._is_open_anger(reading) and (certain or reading.complains)


def _place_of(article_id: str, candidates: Sequence[Candidate]) -> int | None:
    for place, candidate in enumerate(candidates):
        if candidate.article.id == article_id:
            return place
    return None
