"""What an operator may turn on the bot; every threshold is a probability that the best article is right, 0 to 1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class BotSettings:
    """The policy in numbers; raises ValueError where they contradict each other."""

    #: Say the answer when it is right with at least this probability. Higher: fewer wrong answers, more questions back.
    answer_at: float = 0.72
    #: Below `answer_at`, offer options when the best one is right with at least this probability; below that, ask back.
    offer_at: float = 0.20
    #: An article is among the options only when it is the right one with at least this probability.
    option_at: float = 0.05
    #: The most options offered at once.
    max_options: int = 5
    #: Articles the search returns; agents see them all, customers at most `max_options`.
    candidates: int = 10
    #: The miss that hands over: at 2 the first one asks back and the second one fetches a human.
    misses_before_handoff: int = 2
    #: After a greeting or an unfinished text wait this long for the rest of the question, in seconds.
    fragment_wait_seconds: float = 1.5
    #: Whether anger fetches a human; how much of it is in `SignalSettings`.
    handoff_when_angry: bool = True
    #: Whether an urgent question without a sure answer goes to a human instead of being asked back.
    handoff_when_urgent: bool = True
    #: Topics that always go to a human, each with the skill group that takes it: a topic of both levels or a first
    #: level for all below it, e.g. {"账单/退款": "账务支持"}.
    always_human: Mapping[str, str] = field(default_factory=dict)
    #: The vendor's name in the greeting, and the bot's own name.
    brand: str = "金石"
    assistant: str = "小应"
    #: Where the language of a message cannot be told (a picture, “OK”, 502) and the page named none.
    default_locale: str = "zh-CN"

    def group_for(self, topic: str | None) -> str | None:
        """The skill group that a topic always goes to; None where the bot may answer."""
        if topic is None:
            return None
        return self.always_human.get(topic) or self.always_human.get(topic.split("/")[0])

    def __post_init__(self) -> None:
        if not 0.0 <= self.option_at <= self.offer_at <= self.answer_at <= 1.0:
            raise ValueError("bot: 0 <= option_at <= offer_at <= answer_at <= 1 does not hold")
        if not 1 <= self.max_options <= 9:
            raise ValueError("bot.max_options: must be from 1 to 9, since customers choose by one digit")
        if self.candidates < self.max_options:
            raise ValueError("bot.candidates: must not be below bot.max_options")
        if self.misses_before_handoff < 1:
            raise ValueError("bot.misses_before_handoff: must be at least 1")
        for topic, group in self.always_human.items():
            if not topic.strip() or not group.strip():
                raise ValueError("bot.always_human: a topic and a group must not be empty")
        if self.fragment_wait_seconds < 0:
            raise ValueError("bot.fragment_wait_seconds: must not be negative")


_CHANCES = (
    "open_anger_at", "certain_anger_at", "annoyed_at", "urgent_at", "happy_at", "topic_at", "rule_at", "wish_at",
    "wish_unsaid_at", "wish_over_article_at", "sour_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SignalSettings:
    """How feelings, urgency and topics are read; every threshold is a probability, 0 to 1."""

    #: Open anger at us, which fetches a human where the bot has neither an answer nor options, from this probability
    #: on; over options only where the words themselves leave no doubt (an insult, 投诉).
    open_anger_at: float = 0.60
    #: Open anger from here on, or an angry insult, fetches a human even where the bot knows the answer.
    certain_anger_at: float = 0.90
    #: Annoyance without a question fetches a human where the bot has neither an answer nor options, from here on.
    annoyed_at: float = 0.90
    #: Urgency that fetches a human where the bot has no sure answer, and shows the way to one under an answer.
    urgent_at: float = 0.70
    #: Praise and thanks are small talk from here on, where the bot is sure of no answer and nothing is asked.
    happy_at: float = 0.80
    #: A topic is named from this probability on; below, the message counts as being about nothing in particular.
    topic_at: float = 0.15
    #: A topic that always goes to a human (`bot.always_human`) does so from this probability on.
    rule_at: float = 0.60
    #: A human is wanted, said or implied in known words, from this probability on.
    wish_at: float = 0.30
    #: The same in other words, which only the head takes for a wish.
    wish_unsaid_at: float = 0.35
    #: The same where such words ask something that an article at `bot.offer_at` or above is about.
    wish_over_article_at: float = 0.70
    #: A human conversation has soured when a message of the customer is angry with at least this probability.
    sour_at: float = 0.80
    #: A folder with more labelled messages (JSONL, see docs/operators.md), learnt from beside the shipped ones.
    examples: str | None = None
    #: Folder or hub name of a transformers model for text classification, instead of the head.
    emotion_model: str | None = None
    urgency_model: str | None = None
    topic_model: str | None = None
    #: What the labels of those models mean here, e.g. {"NEG": "angry"}; a label not named here stands for itself.
    emotion_labels: Mapping[str, str] = field(default_factory=dict)
    urgency_labels: Mapping[str, str] = field(default_factory=dict)
    topic_labels: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in _CHANCES:
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise ValueError(f"signals.{name}: must be a probability, from 0 to 1")
