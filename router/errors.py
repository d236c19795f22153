"""The error tree of the server: each error carries wire code and HTTP status, and its docstring is its message."""

from __future__ import annotations

from typing import Any, ClassVar


class YingdaError(Exception):
    """Something went wrong."""

    code: ClassVar[str] = "unavailable"
    status: ClassVar[int] = 503

    def __init__(self, message: str | None = None, **details: Any) -> None:
        self.message = message or (type(self).__doc__ or "").strip()
        self.details = details
        super().__init__(self.message)

    def as_wire(self) -> dict[str, Any]:
        """The error as every client sees it: ``{code, message, details?}``."""
        wire: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.details:
            wire["details"] = self.details
        return wire


class Invalid(YingdaError):
    """The request does not have the expected form."""

    code = "invalid"
    status = 400


class Unauthorized(YingdaError):
    """Sign in first."""

    code = "unauthorized"
    status = 401


class Forbidden(YingdaError):
    """This account may not do that."""

    code = "forbidden"
    status = 403


class NotFound(YingdaError):
    """There is no such thing, or it is not yours."""

    code = "not_found"
    status = 404


class Conflict(YingdaError):
    """Somebody else was faster, or the state has changed meanwhile."""

    code = "conflict"
    status = 409


class TooLarge(YingdaError):
    """The text or file is too large."""

    code = "too_large"
    status = 413


class RateLimited(YingdaError):
    """Too many requests; try again a little later."""

    code = "rate_limited"
    status = 429


class Unavailable(YingdaError):
    """The service cannot do that right now; nothing was stored, try again."""

    code = "unavailable"
    status = 503
