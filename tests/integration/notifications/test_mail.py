"""Mail against a real SMTP server: readable, threaded, escaped, and again when the server was away."""

from __future__ import annotations

import re
import ssl
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult

from database.clock import ManualClock
from database.ids import uuid7
from database.pool import Database
from router.notifications.records import Address, Customer, Supervisors
from tests.integration.notifications.conftest import OpenPost, customer, mail_settings
from tests.integration.notifications.receivers import Mailbox, smtp_server

CHAT = "https://help.test/chat"


async def test_a_mail_has_text_and_html_and_says_the_same_in_both(open_post: OpenPost, mailbox: Mailbox) -> None:
    post = open_post(mail=mail_settings(mailbox, reply_to="answers@desk.test"), chat_url=CHAT)
    hostile = "<script>alert(1)</script> & {brand}\r\nBcc: spy@evil.test"
    to = Address(email="lin@customer.test")
    await post.put(
        "ticket_updated", to, "k", ticket="GD20261123-0001", title="导出\r\nX: 1", text=hostile, agent="小林"
    )
    await post.go()

    (mail,) = mailbox.mails
    assert mailbox.recipients == [["lin@customer.test"]]
    assert mail["Subject"].startswith("GD20261123-0001 有新回复：导出 X: 1")
    assert mail["From"] == "金石客户支持 <support@desk.test>"
    assert mail["Reply-To"] == "answers@desk.test"
    assert mail["Bcc"] is None
    assert mail["X"] is None
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert "<script>alert(1)</script> & {brand}" in text.get_content()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; {brand}" in html.get_content()
    assert "<script>" not in html.get_content()
    for part in (text, html):
        assert "工单 GD20261123-0001" in part.get_content()
        assert CHAT in part.get_content()
    assert not re.search(r"src=|url\(", html.get_content())  # nothing is loaded from anywhere
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"].startswith("<https://help.test/unsubscribe/")


async def test_mails_about_one_ticket_are_one_thread(open_post: OpenPost, mailbox: Mailbox) -> None:
    post = open_post(mail=mail_settings(mailbox))
    to = Address(email="lin@customer.test")
    for number in range(3):
        await post.put("ticket_updated", to, f"k{number}", ticket="GD1", text=f"第 {number} 次")
        await post.go(60)
    await post.put("ticket_updated", to, "other", ticket="GD2", text="另一件")
    await post.go(60)
    first, second, third, other = mailbox.mails
    ids = [mail["Message-ID"] for mail in mailbox.mails]
    assert len(set(ids)) == 4
    assert all(re.fullmatch(r"<[0-9a-f]{32}@desk\.test>", found) for found in ids)
    assert (first["In-Reply-To"], first["References"]) == (None, None)
    assert (second["In-Reply-To"], second["References"]) == (ids[0], ids[0])
    assert (third["In-Reply-To"], third["References"]) == (ids[1], f"{ids[0]} {ids[1]}")
    assert other["In-Reply-To"] is None


async def test_who_is_looking_at_the_chat_gets_no_mail(
    open_post: OpenPost, mailbox: Mailbox, database: Database, clock: ManualClock
) -> None:
    post = open_post(mail=mail_settings(mailbox))
    away, here = [await customer(database, clock, email=f"{name}@customer.test") for name in ("away", "here")]
    post.here.add(here)
    for customer_id in (away, here):
        await post.put("ticket_solved", Customer(customer_id), f"k{customer_id}", ticket="GD1")
    await post.go()
    assert mailbox.recipients == [["away@customer.test"]]


async def test_who_is_looking_at_the_chat_of_another_process_gets_no_mail(
    open_post: OpenPost, mailbox: Mailbox, database: Database, clock: ManualClock
) -> None:
    one, other = [open_post(others_seconds=5.0, mail=mail_settings(mailbox)) for _ in range(2)]
    away, here = [await customer(database, clock, email=f"{name}@customer.test") for name in ("away", "here")]
    other.here.add(here)
    for customer_id in (away, here):
        await one.put("ticket_solved", Customer(customer_id), f"k{customer_id}", ticket="GD1")

    await one.go()
    await other.go(1)
    assert mailbox.recipients == []
    await one.go(4)
    assert mailbox.recipients == [["away@customer.test"]]
    await other.go()
    assert len(mailbox.recipients) == 1


async def test_everybody_is_written_to_in_their_language(
    open_post: OpenPost, mailbox: Mailbox, database: Database, clock: ManualClock
) -> None:
    post = open_post(mail=mail_settings(mailbox))
    for locale in ("en-GB", "zh-Hant-TW", "zh-CN", "ja"):
        customer_id = await customer(database, clock, email=f"{locale.lower()}@customer.test", locale=locale)
        await post.put("ticket_solved", Customer(customer_id), f"k{locale}", ticket="GD1")
    await post.go()
    said = {mail["To"]: mail["Subject"] for mail in mailbox.mails}
    assert said == {
        "en-gb@customer.test": "GD1 is solved",
        "zh-hant-tw@customer.test": "GD1 已處理好",
        "zh-cn@customer.test": "GD1 已处理好",
        "ja@customer.test": "GD1 is solved",
    }


async def test_a_server_that_was_away_gets_every_mail_in_order(open_post: OpenPost) -> None:
    mailbox = Mailbox()
    async with smtp_server(mailbox):
        pass  # a port that nobody listens on any more
    post = open_post(mail=mail_settings(mailbox))
    to = Address(email="lin@customer.test")
    for number in range(3):
        await post.put("ticket_updated", to, f"k{number}", ticket=f"GD{number}", text="好了")
    await post.go()
    assert await post.states() == ["failed", "pending", "pending"]
    async with smtp_server(mailbox):
        mailbox.refuse_mail = lambda: "451 try later"
        await post.go(60)
        assert await post.states() == ["failed", "pending", "pending"]
        mailbox.refuse_mail = lambda: None
        await post.go(600)
    assert [mail["Subject"][:3] for mail in mailbox.mails] == ["GD0", "GD1", "GD2"]
    assert await post.states() == ["sent"] * 3


async def test_a_mailbox_that_does_not_exist_is_a_dead_letter_and_no_fault_of_the_server(
    open_post: OpenPost, mailbox: Mailbox
) -> None:
    post = open_post(mail=mail_settings(mailbox))
    mailbox.refuse_recipient = lambda address: "550 no such mailbox" if address.startswith("gone") else None
    for number, name in enumerate(["gone1", "gone2", "gone3", "gone4", "gone5", "gone6", "lin", "not an address"]):
        await post.put("ticket_updated", Address(email=f"{name}@customer.test"), f"k{number}", ticket="GD1", text="好")
    await post.go()
    assert await post.states() == ["dead"] * 6 + ["sent", "dead"]
    assert await post.database.fetchval("select failures from delivery_endpoints where name = 'mail'") == 0


async def test_a_mail_goes_over_starttls_to_a_server_that_somebody_vouches_for_and_to_no_other(
    open_post: OpenPost, tmp_path: Path
) -> None:
    mailbox, keys = Mailbox(), _certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*keys)

    def sign_in(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        mailbox.signed_in.append((data.login.decode(), data.password.decode()))
        return AuthResult(success=data.password == b"right", handled=False)

    options = {"tls_context": context, "require_starttls": True, "auth_required": True, "authenticator": sign_in}
    async with smtp_server(mailbox, **options):
        settings = mail_settings(mailbox, security="starttls", username="desk")
        strict = open_post(mail=settings, mail_password="right")
        await strict.put("ticket_updated", Address(email="lin@customer.test"), "k", ticket="GD1", text="好")
        await strict.go()
        assert await strict.states() == ["failed"]  # nobody we know vouches for this certificate
        assert mailbox.mails == []
        assert mailbox.signed_in == []

        settings = mail_settings(mailbox, security="starttls", username="desk", ca_file=keys[0])
        trusting = open_post(mail=settings, mail_password="right")
        await trusting.go(60)
        assert await trusting.states() == ["sent"]
    assert mailbox.signed_in == [("desk", "right")]
    (mail,) = mailbox.mails
    assert mail["Subject"].startswith("GD1")
    assert mailbox.over_tls == [True]


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
async def test_it_signs_in_with_the_account_that_is_set(open_post: OpenPost) -> None:
    mailbox = Mailbox()

    def sign_in(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        mailbox.signed_in.append((data.login.decode(), data.password.decode()))
        return AuthResult(success=data.password == b"right", handled=False)

    async with smtp_server(mailbox, auth_required=True, auth_require_tls=False, authenticator=sign_in):
        wrong = open_post(mail=mail_settings(mailbox, username="desk"), mail_password="wrong")
        await wrong.put("ticket_updated", Address(email="lin@customer.test"), "k", ticket="GD1", text="好")
        await wrong.go()
        (row,) = await wrong.deliveries()
        assert (row["state"], row["trouble"]) == ("failed", "the mail server refused the sign-in (535)")
        right = open_post(mail=mail_settings(mailbox, username="desk"), mail_password="right")
        await right.go(60)
    assert mailbox.signed_in[-1] == ("desk", "right")
    assert len(mailbox.mails) == 1


async def test_supervisors_with_an_address_hear_of_trouble_but_not_over_what_is_in_trouble(
    open_post: OpenPost, mailbox: Mailbox
) -> None:
    post = open_post(mail=mail_settings(mailbox))
    account = uuid7()
    await post.database.execute(
        "insert into accounts (id, username, password_hash, name, public_name, roles, capacity, created_at)"
        " values ($1, 'boss', '', '主管', '主管', '{supervisor}', 0, $2)",
        account,
        post.clock.now(),
    )
    sealed = post.office.spreading._seals.seal("account_contacts", "email", account, "boss@desk.test")
    await post.database.execute("insert into account_contacts values ($1, $2, null, 'zh-CN')", account, sealed)
    for endpoint in ("sms", "mail"):
        await post.put("outbox_trouble", Supervisors(), endpoint, endpoint=endpoint, trouble="no answer in time")
    await post.go()
    (mail,) = mailbox.mails
    assert mail["Subject"] == "通知发不出去：短信网关"
    assert mail["List-Unsubscribe"] is None


async def test_who_wants_no_more_mails_gets_answers_only(
    open_post: OpenPost, mailbox: Mailbox, database: Database, clock: ManualClock
) -> None:
    post = open_post(mail=mail_settings(mailbox), chat_url=CHAT)
    customer_id = await customer(database, clock, email="Lin@customer.test")
    await post.put("ticket_solved", Customer(customer_id), "1", ticket="GD1")
    await post.go()
    token = re.search(r"/unsubscribe/([\w-]+)>", str(mailbox.mails[0]["List-Unsubscribe"]))
    assert token
    assert not await post.office.unsubscribing.refuse(token[1][:-2] + "xx")
    assert await post.office.unsubscribing.refuse(token[1])
    await post.put("ticket_solved", Customer(customer_id), "2", ticket="GD2")
    await post.put("message_answered", Customer(customer_id), "3", ticket="GD3", text="请看这里")
    await post.go()
    assert [mail["Subject"][:3] for mail in mailbox.mails] == ["GD1", "GD3"]


def _certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that only its own key vouches for."""
    from datetime import UTC, datetime, timedelta
    from ipaddress import ip_address

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mx.test")])
    begin = datetime.now(UTC) - timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "cert.pem", folder / "key.pem"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths
