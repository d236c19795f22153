"""The one question to somebody who wants a human (which topic?), pure: its options, and what an answer means."""

from __future__ import annotations

from collections.abc import Sequence

from bot.wording import Wording
from router.conversations.messages import bot_says
from router.conversations.records import NewEvent

#: Option ids begin so: articles never do.
_PREFIX = "topic:"
SKIP = f"{_PREFIX}skip"
_MOST = 4
#: Topics with words in every language; another one that `topics` names stands for itself.
_KEYS = {"使用问题": "topic_usage", "故障": "topic_fault", "账单": "topic_billing", "售前": "topic_presales"}


class TopicQuestion:
    """Asks for one of the desk's own first-level topics; never more than four, and always to be skipped."""

    def __init__(self, wording: Wording, topics: Sequence[str]) -> None:
        self._wording = wording
        self._topics = tuple(sorted(topics, key=lambda topic: topic not in _KEYS))[:_MOST]

    def ask(self, locale: str) -> NewEvent | None:
        """The question as a message; None where the desk tells no topics apart."""
        if len(self._topics) < 2:
            return None
        asked = bot_says(self._wording.say("ask_topic", locale))
        options = [{"id": _PREFIX + topic, "label": self.label(topic, locale)} for topic in self._topics]
        asked.body["options"] = [*options, {"id": SKIP, "label": self._wording.say("topic_skip", locale)}]
        return asked

    def label(self, topic: str, locale: str) -> str:
        """A topic in the customer's language."""
        return self._wording.say(_KEYS[topic], locale) if topic in _KEYS else topic

    def is_answer(self, option_id: str | None) -> bool:
        """Whether a message answers the question by its option, skipping included."""
        return option_id == SKIP or self.chosen(option_id, "") is not None

    def chosen(self, option_id: str | None, text: str) -> str | None:
        """The topic that an option, or a text that is nothing but its name, says; None where it says none."""
        said = text.strip().rstrip("。.!！").casefold()
        for topic in self._topics:
            if option_id == _PREFIX + topic:
                return topic
            names = {topic.casefold(), *(self.label(topic, locale).casefold() for locale in _LOCALES)}
            if option_id is None and said in names:
                return topic
        return None


_LOCALES = ("zh-CN", "zh-TW", "en", "ja", "es")
