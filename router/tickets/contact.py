"""Where somebody can be reached: telephone number and e-mail address as they are typed; refuses what reaches nobody."""

from __future__ import annotations

import re

from router.errors import Invalid

_PHONE = re.compile(r"\+?[0-9][0-9 \-()]{5,24}[0-9]")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}\.[^@\s.]{1,60}")


def checked_contact(phone: str | None, email: str | None) -> dict[str, str]:
    """What was given of both, without blank space; raises `Invalid` that names the field."""
    checked = {}
    if phone and phone.strip():
        if not _PHONE.fullmatch(phone.strip()):
            raise Invalid("this does not look like a telephone number", field="contact.phone")
        checked["phone"] = phone.strip()
    if email and email.strip():
        if not _EMAIL.fullmatch(email.strip()):
            raise Invalid("this does not look like an e-mail address", field="contact.email")
        checked["email"] = email.strip()
    return checked


def required_contact(phone: str | None, email: str | None) -> dict[str, str]:
    """The same, with at least one of them; raises `Invalid`."""
    checked = checked_contact(phone, email)
    if not checked:
        raise Invalid("leave a telephone number or an e-mail address", field="contact")
    return checked
