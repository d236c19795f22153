"""E-mail by an SMTP server: text and HTML, threaded by conversation or ticket; every failure as an outcome."""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Sequence
from email.errors import MessageError

import aiosmtplib

from router.notifications.channels.letter import Letterhead, letter
from router.notifications.channels.parcel import Failed, Outcome, Parcel, Refused, Sent
from router.notifications.settings import MailSettings
from router.notifications.words import Words, WordsMissing

_ADDRESS = re.compile(r"[^@\s<>,;\"]{1,64}@[^@\s<>,;\"]{1,190}")


class MailChannel:
    """One connection a mail; its Message-ID is the delivery's, so that a receiver knows a second copy."""

    def __init__(
        self,
        settings: MailSettings,
        words: Words,
        letterhead: Callable[[Parcel], Letterhead],
        *,
        password: str | None,
    ) -> None:
        assert settings.host is not None
        assert settings.sender is not None
        self.timeout_seconds = settings.timeout_seconds * 2  # of the whole conversation with the server
        self._settings = settings
        self._host, self._sender = settings.host, settings.sender
        self._words = words
        self._letterhead = letterhead
        self._password = password
        self._tls = ssl.create_default_context()
        if settings.ca_file is not None:
            self._tls.load_verify_locations(cafile=settings.ca_file)

    async def send(self, parcels: Sequence[Parcel]) -> Outcome:
        parcel = parcels[0]
        if not _ADDRESS.fullmatch(parcel.address):
            return Refused("this is not an e-mail address")
        try:
            said = self._words.say(parcel.kind, parcel.locale, parcel.data)
        except WordsMissing as fault:
            return Refused(str(fault))
        try:
            mail = letter(parcel, said, self._letterhead(parcel))
        except (MessageError, ValueError):
            return Refused("this is not an e-mail address")
        settings = self._settings
        try:
            await aiosmtplib.send(
                mail,
                sender=self._sender,
                recipients=[parcel.address],
                hostname=self._host,
                port=settings.port,
                username=settings.username,
                password=self._password if settings.username else None,
                local_hostname=self._sender.rpartition("@")[2],
                use_tls=settings.security == "tls",
                start_tls=settings.security == "starttls",
                tls_context=self._tls,
                timeout=settings.timeout_seconds,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            codes = [refused.code for refused in error.recipients]
            return _by_code("the mail server refused the recipient", codes[0] if codes else 550)
        except aiosmtplib.SMTPAuthenticationError as error:
            return Failed(f"the mail server refused the sign-in ({error.code})")
        except aiosmtplib.SMTPSenderRefused as error:
            return Failed(f"the mail server refused the sender ({error.code})")
        except aiosmtplib.SMTPDataError as error:
            return _by_code("the mail server refused the mail", error.code)
        except aiosmtplib.SMTPNotSupported:
            return Failed("the mail server does not support what is set (TLS, sign-in)")
        except aiosmtplib.SMTPResponseException as error:
            return Failed(f"the mail server answered {error.code}")
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            return Failed(f"no mail server ({type(error).__name__})")
        return Sent()


def _by_code(trouble: str, code: int) -> Outcome:
    if 500 <= code < 600:
        return Refused(f"{trouble} ({code})")
    return Failed(f"{trouble} ({code})", at_fault=code == 421)
