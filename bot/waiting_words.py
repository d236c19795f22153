"""What the desk says to customers who wait or are called back, put together from the words of their language."""

from __future__ import annotations

from datetime import datetime

from bot.wording import Via, Wording


class WaitingWords:
    """Chooses among the templates of moment 5; ranges are seconds, low and high."""

    def __init__(self, wording: Wording, keep_minutes: int) -> None:
        self._wording = wording
        self._keep_minutes = keep_minutes

    def late(
        self, eta: tuple[int, int] | None, reply_by: str | None, locale: str, *, sorry: bool, angry: bool = False
    ) -> str:
        """It takes longer than was told; ``eta`` None: nobody is there who could say. `sorry`: with an apology."""
        say, wording = self._wording.say, self._wording
        if reply_by is None:
            instead = say("queue_instead_untimed", locale)
        else:
            instead = say("queue_instead", locale, reply_by=wording.spaced(reply_by, locale))
        plain = "" if sorry else "_plain"
        if eta is None:
            text = say(f"queue_slower_untimed{plain}", locale, instead=instead)
        else:
            text = say(f"queue_slower{plain}", locale, eta=wording.wait(eta, locale), instead=instead)
        return self.understood(text, locale) if angry else text

    def now(self, ahead: int, eta: tuple[int, int] | None, locale: str) -> str:
        """The place, for somebody who asks for it; ``eta`` None: nobody is there."""
        key = "queue_now" if ahead > 0 else "queue_now_next"
        if eta is None:
            return self._wording.say(f"{key}_untimed", locale, ahead=ahead)
        return self._wording.say(key, locale, ahead=ahead, eta=self._wording.wait(eta, locale))

    def given_up(self, locale: str) -> str:
        """They stayed away for too long; nothing but the place is lost."""
        return self._wording.say("queue_given_up", locale, keep_minutes=self._keep_minutes)

    def given_up_left(self, reply_by: str | None, locale: str, via: Via) -> str:
        """The same where they can be reached: what they wrote was kept as a message."""
        reply = self._wording.reply(reply_by, locale, via)
        return self._wording.say("queue_given_up_left", locale, keep_minutes=self._keep_minutes, reply=reply)

    def closed(self, hours: str, reply_by: str | None, locale: str, via: Via) -> str:
        """The desk has closed while they wait."""
        contact, reply = self._wording.contact(locale, via), self._wording.reply(reply_by, locale, via)
        return self._wording.say("queue_closed", locale, hours=hours, contact=contact, reply=reply)

    def understood(self, text: str, locale: str) -> str:
        """A word of understanding before what has to be said to somebody who is upset."""
        return self._wording.say("understanding", locale) + text

    def span(self, starts_at: datetime, ends_at: datetime, now: datetime, locale: str) -> str:
        """A time to come from when to when, all in the desk's time zone: 明天 10:00–10:30."""
        return f"{self._wording.moment(starts_at, now, locale).rstrip()}–{self._wording.hour(ends_at)}"

    def call(self, key: str, when: str, phone: str, locale: str) -> str:
        """``key``: callback_booked, callback_changed, callback_cancelled."""
        return self._wording.say(key, locale, when=self._wording.spaced(when, locale), phone=phone).strip()
