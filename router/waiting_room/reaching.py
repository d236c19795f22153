"""Over what a customer hears of an answer beside the window, pure: what the house can send and they can receive."""

from __future__ import annotations

from bot.wording import Via
from router.notifications.records import Reach


def via_of(reach: Reach, *, phone: bool = True, email: bool = True) -> Via:
    """None: the window only. ``phone`` and ``email`` say what is known of the customer, or may be asked for."""
    sms, mail = reach.sms and phone, reach.mail and email
    return "both" if sms and mail else "sms" if sms else "mail" if mail else None
