"""What goes into the bot and what comes out: a turn, and one of four decisions; plain values, nothing of the wire."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from kb_index.records import Candidate, Picture, Scope

Language = Literal["zh-CN", "zh-TW", "en", "ja", "es"]
Emotion = Literal["angry", "anxious", "neutral", "happy"]
Urgency = Literal["high", "normal", "low"]
HandoffReason = Literal["asked", "low_confidence", "repeated_miss", "emotion", "urgent", "rule"]

#: Why the bot asks: it has a guess; it has none; the last answer or the last options did not help; a name without a
#: question; a number under no option; a yes to several; no words at all.
AskReason = Literal[
    "unsure", "no_answer", "not_helpful", "none_fits", "unfinished", "choose_again", "which_one", "nothing_to_read"
]

#: What a page may show under a message beside the options; the page knows their words in its own language.
Button = Literal["none_of_these", "request_human", "describe", "leave_message"]

#: The option id with which a page says 都不是; articles never have it.
NONE_OF_THESE = "none_of_these"


@dataclass(frozen=True, slots=True)
class Option:
    """One article offered to the customer; `id` is the article's."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Source:
    """The article an answer was taken from, with the probability that it is right (never shown to customers)."""

    article_id: str
    title: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Turn:
    """One question as the caller gathered it, with what the conversation knows; the bot itself remembers nothing."""

    #: The messages that make up the question, oldest first; empty texts are allowed.
    fragments: tuple[str, ...]
    #: The page's language, used where the text does not tell.
    locale: str = "zh-CN"
    scope: Scope = field(default_factory=Scope)
    #: Misses since the last answer that helped, this turn not counted.
    misses: int = 0
    #: The options of the bot's last list, in the order shown.
    offered: tuple[Option, ...] = ()
    #: The id that the page sent: of an offered option or `NONE_OF_THESE`. Any other is ignored and the text is read.
    chosen_option: str | None = None
    #: The articles of the bot's last answer, so that an answer that did not help is not said again.
    last_article_ids: tuple[str, ...] = ()
    #: Articles that were turned down since then, so that they are neither said nor offered again.
    refused_article_ids: tuple[str, ...] = ()
    #: The customer's question before this one, for “那手机上呢？”.
    previous_question: str = ""
    #: The bot's last words asked for more about that question.
    asked_back: bool = False
    #: Pictures and files beside the text.
    attachments: int = 0
    humans_available: bool = True
    #: For the words of a hand-off: the group's public name, e.g. 使用支持; empty where it is not known yet.
    group_name: str = ""
    #: When humans are there, in words; empty where it is not known.
    hours: str = ""


@dataclass(frozen=True, slots=True)
class Analysis:
    """What the bot understood; filled for every decision, since retrieval always runs."""

    #: The probability that the first candidate is the right article: the number of policy, console and reports.
    confidence: float
    candidates: tuple[Candidate, ...]
    language: Language
    emotion: Emotion
    urgency: Urgency
    wants_human: bool
    #: The fragments merged, greetings left out: what was searched for.
    question: str
    index_version: int
    elapsed_ms: float
    #: The question as the next one may continue it: with the one before it, where this one did.
    question_in_context: str = ""
    #: Articles that this turn turned down: of the answer that did not help, of the options that did not fit.
    refused: tuple[str, ...] = ()
    #: “使用问题/甘特图” with its probability; None where it is about nothing, or cannot be told.
    topic: str | None = None
    topic_chance: float = 0.0
    #: The probability of anger, whatever else is likelier.
    anger: float = 0.0
    #: Whether there is swearing in it.
    abusive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The bot knows."""

    text: str
    analysis: Analysis
    reason: Literal["confident", "chosen"]
    sources: tuple[Source, ...]
    pictures: tuple[Picture, ...] = ()
    buttons: tuple[Button, ...] = ()
    is_miss: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Clarification:
    """The bot asks: with options where it has a guess, without where it has none (moment 3 of the floor rules)."""

    text: str
    analysis: Analysis
    reason: AskReason
    options: tuple[Option, ...] = ()
    buttons: tuple[Button, ...] = ("request_human",)
    is_miss: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """A human should take over; with nobody there the caller lets the customer leave a message."""

    text: str
    analysis: Analysis
    reason: HandoffReason
    #: The skill group that a rule names; empty: whichever the desk chooses.
    group: str = ""
    buttons: tuple[Button, ...] = ()
    is_miss: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallTalk:
    """A greeting, thanks, an emoji: answered like a person would, never a miss."""

    text: str
    analysis: Analysis
    #: Which small talk, see `small_talk.py`.
    reason: str
    #: The customer is content with the last answer: what was missed before counts no more.
    settles: bool = False
    buttons: tuple[Button, ...] = ()
    is_miss: bool = False


Decision = Answer | Clarification | Handoff | SmallTalk
