"""One question in, one decision out: the parts of the bot in their order; holds no conversation and no state but
the index.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bot import abuse, cheer, choice, follow_up, fragments, language, question_shape, wish
from bot.characters import folded
from bot.choice import Choice
from bot.composing import Composer
from bot.decided import Decided
from bot.policy import Ask, Policy, Reading, Situation, Verdict
from bot.records import NONE_OF_THESE, Analysis, Decision, Turn
from bot.searching import Found, QuestionEncoder, Searcher, Served, search
from bot.settings import BotSettings, SignalSettings
from bot.signals import Heads, SignalReader, Signals
from bot.understanding import Understanding, understand
from bot.wording import Wording
from kb_index.records import Candidate

__all__ = ["Answerer", "QuestionEncoder", "Searcher"]

_READ = 5_000  # characters of a question that are looked at
_REMEMBERED = 4_096  # short texts whose reading is kept: many customers ask the same
_SHORT = 200  # characters


class Answerer:
    """The bot of one process. Without an index it hands everything but small talk to humans."""

    def __init__(
        self,
        settings: BotSettings,
        encoder: QuestionEncoder,
        index: Searcher | None = None,
        *,
        signals: SignalReader | None = None,
        signal_settings: SignalSettings | None = None,
        observe: Callable[[str, float], None] = lambda stage, seconds: None,
    ) -> None:
        """Without `signals` nobody is angry or in a hurry, and nothing has a topic; `observe` hears how long the stages
        of an answer take, in seconds.
        """
        self._settings = settings
        self._signal_settings = signal_settings or SignalSettings()
        read = signals or SignalReader(self._signal_settings)
        self._served = Served(encoder, index, read, observe, bool(settings.always_human))
        self._policy = Policy(settings, self._signal_settings)
        self._decided = Decided(settings.misses_before_handoff)
        self.wording = Wording(settings.brand, settings.assistant)
        self._composer = Composer(self.wording)
        self._remembered = lru_cache(_REMEMBERED)(understand)

    @property
    def index(self) -> Searcher | None:
        """What is being served."""
        return self._served.index

    def swap(self, index: Searcher | None, encoder: QuestionEncoder | None = None, heads: Heads | None = None) -> None:
        """Serves another index, with the encoder it was built with and that encoder's heads, from the next question
        on; a question under way ends with what it began with.
        """
        served = self._served
        signals = served.signals if heads is None else served.signals.with_heads(heads)
        self._served = Served(encoder or served.encoder, index, signals, served.observe, served.tells_topics)
        self._decided = Decided(self._settings.misses_before_handoff)

    def retune(self, settings: BotSettings) -> None:
        """Decides by other thresholds from the next question on; the words stay as they are."""
        self._settings = settings
        self._policy = Policy(settings, self._signal_settings)
        self._decided = Decided(settings.misses_before_handoff)
        if self._served.tells_topics != bool(settings.always_human):
            self._served = replace(self._served, tells_topics=bool(settings.always_human), found=OrderedDict())

    async def read_signals(self, text: str) -> Signals:
        """What one message says between its lines, outside of any question, its topic as well as it can be told; takes
        longer than the same within `answer`, and raises what the encoder raises."""
        served, text = self._served, text[:_READ]
        takes_vector = served.signals.needs_vector and bool(text.strip())
        vector = served.heard(await served.encoder.message_vector(text)) if takes_vector else None
        return await served.signals.read(text, vector)

    def awaits_more(self, text: str) -> bool:
        """Whether the customer is probably still typing: wait `fragment_wait_seconds` for more before asking."""
        return self._understand(text).awaits_more

    def is_remembered(self, said: Said) -> bool:
        """Whether the question was encoded before, so that `answer` will hardly wait for anything."""
        served, asked = self._served, said.asked
        if served.index is None:
            return False
        questions = (asked.alone, asked.joined) if asked.leans else (asked.alone,)
        return all(served.encoder.remembers(served.index.reworded(question)) for question in questions)

    def recall(self, turn: Turn) -> Decision | None:
        """The decision on words that were decided on before, where this conversation has no say in it."""
        return self._decided.find(turn)

    async def answer(self, turn: Turn, said: Said | None = None) -> Decision:
        """The decision for one turn; raises only what the encoder raises."""
        began = time.perf_counter()
        served, decided = self._served, self._decided
        if said is None and (known := decided.find(turn)) is not None:
            return known
        said = said or self.read(turn)
        written_in = language.detect(said.text, turn.locale or self._settings.default_locale)
        scope = replace(turn.scope, locale=written_in)  # prefers the translation in the customer's language
        found = await search(
            served,
            said.asked,
            scope,
            self._settings.candidates,
            sure_at=self._settings.answer_at,
            said=frozenset(turn.last_article_ids),
            refused=frozenset(turn.refused_article_ids),
        )
        # What is only about the bot's last words was searched with the question before: its vector is another one.
        own = None if said.choice or said.understood.unhelpful else found.vector
        signals_began = time.perf_counter()
        signals = await _signals(served, said.text, own)
        served.observe("heads", time.perf_counter() - signals_began)
        question = said.question if served.index is None else served.index.reworded(said.question)
        reading = _reading(said, question, found, served.knows_anything, signals, self._settings, self._signal_settings)
        if signals.topic_chance < self._signal_settings.rule_at:
            reading = replace(reading, topic=None)  # no rule for what is only guessed
        verdict = self._policy.decide(
            reading,
            Situation(
                turn.misses, turn.offered, turn.last_article_ids, turn.refused_article_ids, turn.humans_available
            ),
        )
        index = served.index
        analysis = Analysis(
            confidence=found.best,
            candidates=found.candidates,
            language=written_in,
            emotion=reading.feeling.emotion,
            urgency=reading.urgency,
            wants_human=reading.wants_human,
            question=said.question,
            index_version=index.version if index is not None else 0,
            elapsed_ms=(time.perf_counter() - began) * 1000,
            question_in_context=_in_context(said, found),
            refused=_refused(turn, said, verdict),
            topic=signals.topic,
            topic_chance=signals.topic_chance,
            anger=signals.anger,
            abusive=abuse.detect(said.text),
        )
        taken = said.choice.taken
        article = index.article(taken.id) if index is not None and taken is not None else None
        served.observe("answer", time.perf_counter() - began)
        decision = self._composer.compose(verdict, turn, analysis, article)
        decided.keep(turn, decision, by_itself=not (said.choice or said.understood.unhelpful or said.asked.joined))
        return decision

    def _understand(self, text: str) -> Understanding:
        return self._remembered(text) if len(text) <= _SHORT else understand(text)

    def read(self, turn: Turn) -> Said:
        """A turn as read from its words alone, for `is_remembered` and `answer`."""
        text = fragments.merge(turn.fragments)[:_READ]
        chosen = _choice(turn, text)
        understood = self._understand(text)
        question = text
        if chosen.taken is not None:
            question = chosen.taken.label
            asked = follow_up.Reading(question)
        elif chosen or understood.unhelpful:  # what else could the question before have meant?
            asked = follow_up.Reading(turn.previous_question or text, corrects=True)
        else:
            question = fragments.question_of(turn.fragments)[:_READ]
            asked = follow_up.read(question, turn.previous_question, asked_back=turn.asked_back)
            question = asked.alone
            if not question.strip():
                asked = follow_up.Reading(text)
        has_words = bool(chosen) or (bool(text) and not understood.only_links)
        return Said(text, question, chosen, understood, asked, has_words)


@dataclass(frozen=True, slots=True)
class Said:
    """A turn as read from its words alone."""

    text: str
    #: Without greetings, and without what only turns the last answer down.
    question: str
    choice: Choice
    understood: Understanding
    asked: follow_up.Reading
    has_words: bool


def _choice(turn: Turn, text: str) -> Choice:
    """The option that the page or the words name; an id that was not offered is not believed."""
    if turn.chosen_option == NONE_OF_THESE:
        return Choice(none=True)
    for option in turn.offered:
        if option.id == turn.chosen_option:
            return Choice(taken=option)
    # The last message where it is one (“2” after “甘特图”), else the whole question.
    said = [fragment for fragment in turn.fragments if fragment.strip()]
    return choice.read(said[-1] if len(said) > 1 and choice.is_choice(said[-1]) else text, turn.offered)


async def _signals(served: Served, text: str, vector: NDArray[np.float32] | None) -> Signals:
    """The question's own vector serves where there is one; the text is encoded only where nothing was searched."""
    if vector is None and served.signals.needs_vector and text.strip():
        vector = served.heard(await served.vector(text))
    return await served.signals.read(text, vector)


def _reading(
    said: Said,
    question: str,
    found: Found,
    knows_anything: bool,
    signals: Signals,
    answering: BotSettings,
    settings: SignalSettings,
) -> Reading:
    """``question``: what was asked, as the knowledge base writes it."""
    understood = said.understood
    asks, complains = question_shape.asks(said.text), abuse.complains(said.text)
    answerable = asks and found.best >= answering.offer_at
    heard = wish.is_heard(understood.wish, understood.talk, signals, settings, answerable=answerable)
    return Reading(
        wants_human=said.has_words and said.choice.taken is None and heard,
        has_words=said.has_words,
        talk=understood.talk,
        feeling=signals.feeling,
        urgency=signals.urgency,
        choice=said.choice,
        unhelpful=understood.unhelpful,
        bare_name=fragments.is_bare_name(said.question),
        candidates=found.candidates,
        chances=found.chances,
        knows_anything=knows_anything,
        topic=signals.topic,
        corrects=said.asked.corrects and not (said.choice or understood.unhelpful),
        adds=said.asked.adds and not (said.choice or understood.unhelpful),
        urgency_chance=signals.urgency_chance,
        asks=asks,
        complains=complains,
        cheer=None if asks or complains else cheer.read(said.text, signals.feeling, settings.happy_at),
        alike=() if found.continues >= 0.5 else _alike(question, found.candidates),
    )


def _alike(question: str, candidates: Sequence[Candidate]) -> tuple[int, ...]:
    """The places of the articles that have the only word of a question (导出, 怎么注销) in one of their wordings."""
    word = fragments.only_word(question)
    if not word:
        return ()
    return tuple(
        place
        for place, candidate in enumerate(candidates)
        if any(word in folded(text) for text in (candidate.article.question, *candidate.article.variants))
    )


def _in_context(said: Said, found: Found) -> str:
    """What a text that leans on this one would mean with it."""
    if said.choice.taken is None and (said.understood.talk or not said.has_words):
        return ""
    return said.asked.joined if found.continues >= 0.5 else said.asked.alone


def _refused(turn: Turn, said: Said, verdict: Verdict) -> tuple[str, ...]:
    """What the customer says no to with this turn, in their own words or by asking the same again."""
    asks_again = isinstance(verdict, Ask) and verdict.reason in ("not_helpful", "none_fits")
    refused: list[str] = []
    if said.understood.unhelpful or said.asked.corrects or asks_again:
        refused += turn.last_article_ids
    if said.choice.none or (isinstance(verdict, Ask) and verdict.reason == "none_fits"):
        refused += [option.id for option in turn.offered]
    if said.choice.left:
        refused += [option.id for option in turn.offered if option not in said.choice.left]
    return tuple(dict.fromkeys(refused))
