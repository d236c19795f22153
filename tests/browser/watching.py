"""What a browser page did while a person used it: everything it received, its errors, and whom it spoke to."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field

from playwright.async_api import BrowserContext, ConsoleMessage, Error, Page, Request, Response, WebSocket

#: Turns a violation of the content security policy into an error that `Watch` keeps.
_TELL_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP ${event.violatedDirective} ${event.blockedURI}`));
"""
#: Turns every dialog that a page could open into an error; a text that runs would use one.
_TELL_DIALOGS = """
for (const name of ["alert", "confirm", "prompt"]) window[name] = () => console.error(`dialog ${name}`);
"""
_READABLE = ("document", "fetch", "xhr")
_CONNECTION_LOST = (
    "WebSocket connection to", "WebSocket is already in CLOSING or CLOSED state", "ERR_CONNECTION_REFUSED",
    "ERR_CONNECTION_RESET", "ERR_CONNECTION_CLOSED", "ERR_EMPTY_RESPONSE", "ERR_CONTENT_LENGTH_MISMATCH",
    "ERR_INCOMPLETE_CHUNKED_ENCODING",
)  # fmt: skip


@dataclass
class Watch:
    """Keeps what went over the wire of all pages of a browser context."""

    origin: str
    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    received: list[str] = field(default_factory=list)
    _reading: set[asyncio.Task[None]] = field(default_factory=set)

    async def over(self, context: BrowserContext) -> None:
        """Begins; before the first page is opened."""
        await context.add_init_script(_TELL_VIOLATIONS + _TELL_DIALOGS)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("page", self._page)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def _request(self, request: Request) -> None:
        self._address(request.url)

    def _page(self, page: Page) -> None:
        page.on("websocket", self._socket)
        page.on("dialog", lambda dialog: self.errors.append(f"dialog {dialog.message}"))

    def _socket(self, socket: WebSocket) -> None:
        self._address(socket.url.replace("ws", "http", 1))
        socket.on("framereceived", lambda frame: self.received.append(str(frame)))

    def _response(self, response: Response) -> None:
        if response.request.resource_type in _READABLE:
            task = asyncio.ensure_future(self._read(response))
            self._reading.add(task)
            task.add_done_callback(self._reading.discard)

    async def _read(self, response: Response) -> None:
        with suppress(Error):  # a page that went away took the body of its answer with it
            self.received.append(await response.text())

    def _address(self, url: str) -> None:
        if not url.startswith((self.origin, "data:", "blob:", "about:")):
            self.foreign.append(url)

    async def everything_received(self) -> str:
        """Every answer and every frame so far, as text."""
        await asyncio.gather(*self._reading)
        return "\n".join(self.received)

    def assert_calm(self, *, lost_connection: bool = False) -> None:
        """No errors, no violations, no words to strangers; the noise of a dead server only where one died."""
        errors = [
            error for error in self.errors if not (lost_connection and any(sign in error for sign in _CONNECTION_LOST))
        ]
        assert not errors, errors
        assert not self.foreign, self.foreign
