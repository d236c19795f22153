"""One spelling for each e-mail address and telephone number, so that a keyed hash finds them; it validates nothing."""

from __future__ import annotations

import unicodedata


def normal_email(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().lower()


def normal_phone(text: str) -> str:
    """Digits only; a Chinese mobile number with or without +86 is the same number."""
    digits = "".join(str(unicodedata.digit(char)) for char in text if char.isdigit())
    for prefix in ("0086", "86"):
        if digits.startswith(prefix + "1") and len(digits) == len(prefix) + 11:
            return digits.removeprefix(prefix)
    return digits
