"""Everything the desk says to customers, by moment and language; fills templates in, decides nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from bot import words_en, words_es, words_ja, words_tickets, words_zh, words_zh_tw
from bot.language import page_language
from bot.records import Language

_WORDS: dict[Language, dict[str, str]] = {
    "zh-CN": words_zh.WORDS | words_tickets.WORDS["zh-CN"],
    "zh-TW": words_zh_tw.WORDS | words_tickets.WORDS["zh-TW"],
    "en": words_en.WORDS | words_tickets.WORDS["en"],
    "ja": words_ja.WORDS | words_tickets.WORDS["ja"],
    "es": words_es.WORDS | words_tickets.WORDS["es"],
}
#: Over what customers hear of an answer beside the window, as far as the house can send it.
Via = Literal["sms", "mail", "both"] | None

_CONTACTS: dict[Via, str] = {
    None: "contact_phone",
    "sms": "contact_phone",
    "mail": "contact_mail",
    "both": "contact_both",
}
#: Categories that nobody wants to read as what was settled.
_NO_SUBJECT = ("其他", "服务投诉")
_BRIEF_SECONDS = 60
_LONG_SECONDS = 3600


class Wording:
    """The sentences of the ten moments; `locale` is a page's locale or a message's language."""

    def __init__(self, brand: str, assistant: str) -> None:
        self._names = {"brand": brand, "assistant": assistant}

    def say(self, key: str, locale: str | Language, **values: object) -> str:
        """One template by its key; raises KeyError for a key or a value that is not there."""
        return self._words(locale)[key].format(**self._names, **values)

    # 1 welcome
    def welcome(self, part_of_day: str, name: str, hours_text: str, locale: str) -> str:
        """The first words on the page; `part_of_day` as `part_of_day()` gives it, `name` may be empty."""
        key = "welcome_named" if name else "welcome"
        return self.say(key, locale, part_of_day=part_of_day, name=name, hours=hours_text)

    # 2, 3 asking back
    def not_sure(self, options: int, locale: str) -> str:
        return self.say("not_sure_single" if options == 1 else "not_sure", locale)

    def no_answer(self, locale: str) -> str:
        return self.say("no_answer", locale)

    # 4 hand-off
    def handing_off(self, group: str, angry: bool, locale: str, *, described: bool = True) -> str:
        """`group`: the public name of the group that takes over, or empty; `described`: there are words to pass on."""
        key = "handing_off_angry" if angry else "handing_off" if described else "handing_off_bare"
        return self.say(key, locale, group=self._group(group, locale))

    def handing_off_urgent(self, group: str, locale: str) -> str:
        return self.say("handing_off_urgent", locale, group=self._group(group, locale))

    def handing_off_after_misses(self, group: str, locale: str) -> str:
        return self.say("handing_off_miss", locale, group=self._group(group, locale))

    # 5 in the line
    def queue_place(self, ahead: int, eta: tuple[int, int], keep_minutes: int, locale: str) -> str:
        """`eta`: the least and the most seconds still to wait."""
        key = "queue_place" if ahead > 0 else "queue_next"
        return self.say(key, locale, ahead=ahead, eta=self.wait(eta, locale), keep_minutes=keep_minutes)

    # 6 after hours; where it is not known when somebody will be there, no time is promised
    def after_hours(self, hours_text: str, reply_by: str | None, locale: str, via: Via = None) -> str:
        """`via`: over what the customer hears of the answer, beside the window."""
        return self._timed("after_hours", reply_by, locale, via, hours=hours_text)

    def nobody(self, reply_by: str | None, locale: str, via: Via = None) -> str:
        return self._timed("nobody", reply_by, locale, via)

    def when_humans_are_there(self, hours_text: str, locale: str) -> str:
        """The answer to 几点有人工; `hours_text` may be empty."""
        return self.say("talk_hours" if hours_text else "talk_hours_untimed", locale, hours=hours_text)

    def message_left(self, reply_by: str | None, locale: str, via: Via = None) -> str:
        return self._timed("message_left", reply_by, locale, via)

    def reply(self, reply_by: str | None, locale: str, via: Via = None) -> str:
        """By when somebody answers, where it appears and over what else one hears of it."""
        return self._timed("reply", reply_by, locale, via)

    def contact(self, locale: str, via: Via = None) -> str:
        """What to leave so that one can be reached: 手机号, 邮箱, 手机号或邮箱."""
        return self.say(_CONTACTS[via], locale)

    def spaced(self, moment: str, locale: str) -> str:
        """A moment inside a Chinese sentence stands between spaces where it meets digits: 会在 11月23日 … 前回复."""
        if not page_language(locale).startswith("zh"):
            return moment
        return f"{' ' if moment[:1].isdigit() else ''}{moment}{' ' if moment[-1:].isdigit() else ''}"

    def _timed(self, key: str, reply_by: str | None, locale: str, via: Via, **values: object) -> str:
        values["contact"] = self.contact(locale, via)
        values["notice"] = "" if via is None else self.say(f"notice_{via}", locale)
        if reply_by is None:
            return self.say(f"{key}_untimed", locale, **values)
        return self.say(key, locale, reply_by=self.spaced(reply_by, locale), **values)

    # 7 a human joins
    def agent_joined(self, agent: str, staff_number: str, locale: str) -> str:
        key = "agent_joined" if staff_number else "agent_joined_plain"
        return self.say(key, locale, agent=agent, staff_number=staff_number)

    # 8 idle
    def idle_warning(self, minutes: int, locale: str) -> str:
        return self.say("idle_warning", locale, minutes=minutes)

    def idle_closed(self, locale: str) -> str:
        return self.say("idle_closed", locale)

    # 9 ending
    def closing(self, category: str, ticket: str, locale: str, *, solved: bool = True) -> str:
        """`category` (its last level is said) and `ticket` may be empty; what is not solved is never called so."""
        topic = category.rpartition("/")[2].strip()
        if topic in _NO_SUBJECT:
            topic = ""
        if ticket:
            key = "closing_ticket" if topic else "closing_ticket_plain"
        elif not solved:
            key = "closing_open"
        else:
            key = "closing" if topic else "closing_plain"
        return self.say(key, locale, topic=topic, ticket=ticket)

    # 10 rating
    def low_rating(self, locale: str) -> str:
        return self.say("low_rating", locale, review_within=self.say("one_workday", locale))

    # times
    def part_of_day(self, hour: int, locale: str) -> str:
        """早上, 上午, 中午, 下午 or 晚上, by the customer's hour."""
        key = (
            "evening"
            if hour < 5 or hour >= 18
            else "dawn"
            if hour < 9
            else "morning"
            if hour < 12
            else "noon"
            if hour < 14
            else "afternoon"
        )
        return self.say(key, locale)

    def moment(self, at: datetime, now: datetime, locale: str) -> str:
        """A time to come, both in the desk's time zone: 今天 18:00, 明天 9:00, 11月23日（周一）10:00."""
        time = self.hour(at)
        days = (at.date() - now.date()).days
        if days in (0, 1):
            return self.say("today" if days == 0 else "tomorrow", locale, time=time)
        names = self._words(locale)["weekdays"]
        weekday = (names.split() if " " in names else list(names))[at.weekday()]
        return self.say("on_day", locale, month=at.month, day=at.day, weekday=weekday, time=time)

    @staticmethod
    def hour(at: datetime) -> str:
        """The time of day as the hours of service have it: 9:00, 18:30."""
        return f"{at.hour}:{at:%M}"

    def wait(self, eta: tuple[int, int], locale: str) -> str:
        """A range of waiting time in words; `eta` in seconds, rounded up to minutes."""
        low, high = (max(1, -(-seconds // 60)) for seconds in eta)
        if eta[1] < _BRIEF_SECONDS:
            return self.say("under_a_minute", locale)
        if eta[0] >= _LONG_SECONDS:
            return self.say("over_an_hour", locale)
        return self.say("minutes" if high > low else "minutes_same", locale, low=low, high=high)

    def _group(self, group: str, locale: str) -> str:
        return group or self.say("any_group", locale)

    @staticmethod
    def _words(locale: str) -> dict[str, str]:
        return _WORDS[page_language(locale)]
