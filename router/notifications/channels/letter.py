"""A notice as a mail: headers, a text part, and the same as HTML in which no word of a customer is markup."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape
from uuid import UUID

from router.notifications.channels.parcel import Parcel
from router.notifications.words import Said, Spoken

_FONT = "-apple-system,'PingFang SC','Microsoft YaHei','Segoe UI',Roboto,sans-serif"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What stands around a notice. Links are the operator's own; None leaves the button or the line out."""

    sender: str
    sender_name: str
    reply_to: str | None
    sign_off: str
    link: str | None
    link_text: str
    why: str
    unsubscribe_url: str | None
    unsubscribe_text: str


def letter(parcel: Parcel, said: Said, head: Letterhead) -> EmailMessage:
    """The mail, threaded behind ``parcel.earlier``; raises ValueError for an address that is none."""
    mail = EmailMessage(policy=SMTP)
    domain = head.sender.rpartition("@")[2]
    mail["From"] = Address(head.sender_name, addr_spec=head.sender)
    mail["To"] = parcel.address
    mail["Subject"] = said.title
    mail["Date"] = format_datetime(parcel.at)
    mail["Message-ID"] = _message_id(parcel.id, domain)
    if parcel.earlier:
        mail["In-Reply-To"] = _message_id(parcel.earlier[-1], domain)
        mail["References"] = " ".join(_message_id(one, domain) for one in parcel.earlier)
    if head.reply_to:
        mail["Reply-To"] = head.reply_to
    if head.unsubscribe_url:
        mail["List-Unsubscribe"] = f"<{head.unsubscribe_url}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = parcel.locale
    mail.set_content(_text(said, head))
    mail.add_alternative(_html(parcel, said, head), subtype="html")
    return mail


def _message_id(delivery_id: UUID, domain: str) -> str:
    return f"<{delivery_id.hex}@{domain}>"


def _text(said: Said, head: Letterhead) -> str:
    parts = [said.whole]
    if head.link:
        parts.append(f"{head.link_text}\n{head.link}")
    parts.append(f"-- \n{head.sign_off}")
    if head.why:
        parts.append(head.why)
    if head.unsubscribe_url:
        parts.append(f"{head.unsubscribe_text}\n{head.unsubscribe_url}")
    return "\n\n".join(parts) + "\n"


def _talk(talk: Sequence[Spoken]) -> str:
    """A conversation, the customer's words on a ground of their own."""
    return "".join(
        f'<p style="margin:0 0 4px;font-size:12px;color:#6b7280">{escape(one.who)}&ensp;{escape(one.at)}</p>'
        f'<p style="margin:0 0 16px;padding:10px 14px;border-radius:8px;white-space:pre-line;overflow-wrap:anywhere;'
        f'background:{"#e6f2f0" if one.by_customer else "#f5f6f8"}">{escape(one.text)}</p>'
        for one in talk
    )


def _html(parcel: Parcel, said: Said, head: Letterhead) -> str:
    paragraphs = "".join(
        f'<p style="margin:0 0 16px;white-space:pre-line">{escape(part)}</p>' for part in said.text.split("\n\n")
    )
    button = ""
    if head.link:
        button = (
            f'<p style="margin:8px 0 24px"><a href="{escape(head.link)}" style="display:inline-block;padding:10px 20px;'
            f'background:#1f5eff;color:#ffffff;border-radius:6px;text-decoration:none">{escape(head.link_text)}</a></p>'
        )
    small = escape(head.why)
    if head.unsubscribe_url:
        unsubscribe = f'<a href="{escape(head.unsubscribe_url)}" style="color:#6b7280">'
        small += f" {unsubscribe}{escape(head.unsubscribe_text)}</a>"
    return (
        f'<!doctype html><html lang="{escape(parcel.locale)}"><head><meta charset="utf-8">'
        f"<title>{escape(said.title)}</title></head>"
        f'<body style="margin:0;padding:24px;background:#f5f6f8;font:15px/1.7 {_FONT};color:#1f2329">'
        '<div style="max-width:560px;margin:0 auto;padding:32px;background:#ffffff;border-radius:8px">'
        f'<h1 style="margin:0 0 20px;font-size:18px;line-height:1.5">{escape(said.title)}</h1>'
        f'{paragraphs}{_talk(said.talk)}{button}<p style="margin:0;color:#4b5563">{escape(head.sign_off)}</p>'
        f'<p style="margin:20px 0 0;font-size:12px;color:#6b7280">{small}</p></div></body></html>'
    )
