"""Real receivers on real ports: an HTTP server that fails, hangs and comes back, and an SMTP server."""

from __future__ import annotations

import asyncio
import email
import email.policy
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from aiohttp import web
from aiosmtpd.smtp import SMTP, Envelope, Session

#: What the HTTP receiver does with the next request: answers with a status (and a body), or never.
Behaviour = int | tuple[int, bytes] | None


@dataclass
class Got:
    """One request as it arrived."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


@dataclass
class HttpReceiver:
    """``answers`` are used up one after the other; then it answers ``usually``. None: it hangs until it is let go."""

    url: str = ""
    got: list[Got] = field(default_factory=list)
    answers: list[Behaviour] = field(default_factory=list)
    usually: Behaviour = 200
    hanging: asyncio.Event = field(default_factory=asyncio.Event)
    _came: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def until(self, count: int, *, seconds: float = 10) -> None:
        """Waits until so many requests have come."""
        async with asyncio.timeout(seconds), self._came:
            await self._came.wait_for(lambda: len(self.got) >= count)

    async def handle(self, request: web.Request) -> web.Response:
        body = await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.got.append(Got(request.path, dict(request.query), headers, body))
        async with self._came:
            self._came.notify_all()
        behaviour = self.answers.pop(0) if self.answers else self.usually
        if behaviour is None:
            await self.hanging.wait()
            behaviour = 200
        status, said = behaviour if isinstance(behaviour, tuple) else (behaviour, b'{"errcode": 0, "code": 0}')
        return web.Response(status=status, body=said, content_type="application/json")


@asynccontextmanager
async def http_receiver() -> AsyncIterator[HttpReceiver]:
    receiver = HttpReceiver()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", receiver.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port: Any = runner.addresses[0][1]
    receiver.url = f"http://127.0.0.1:{port}"
    try:
        yield receiver
    finally:
        receiver.hanging.set()
        await runner.cleanup()


@dataclass
class Mailbox:
    """An SMTP server's store. ``refuse`` gives the answer to a recipient or a mail; None takes it."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    signed_in: list[tuple[str, str]] = field(default_factory=list)
    over_tls: list[bool] = field(default_factory=list)
    refuse_recipient: Callable[[str], str | None] = lambda _: None
    refuse_mail: Callable[[], str | None] = lambda: None
    _came: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def until(self, count: int) -> None:
        """Waits until so many mails have come."""
        async with asyncio.timeout(30), self._came:
            await self._came.wait_for(lambda: len(self.mails) >= count)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        refused = self.refuse_recipient(address)
        if refused:
            return refused
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        refused = self.refuse_mail()
        if refused:
            return refused
        content = envelope.content
        assert isinstance(content, bytes)
        mail = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.over_tls.append(session.ssl is not None)
        self.recipients.append(list(envelope.rcpt_tos))
        async with self._came:
            self._came.notify_all()
        return "250 taken"


@asynccontextmanager
async def smtp_server(mailbox: Mailbox, **options: Any) -> AsyncIterator[Mailbox]:
    """A server in this loop, so that its mailbox needs no locks."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(mailbox, hostname="mx.test", loop=loop, **options), "127.0.0.1", mailbox.port
    )
    mailbox.port = server.sockets[0].getsockname()[1]
    try:
        yield mailbox
    finally:
        server.close()
