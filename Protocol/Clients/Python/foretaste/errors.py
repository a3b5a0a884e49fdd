"""What can go wrong, by who can mend it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["ForetasteError", "ServerError", "ConnectionFailed", "TimedOut", "InvalidRequest"]


class ForetasteError(Exception):
    """Anything that this package raises, beside asyncio's and concurrent's own cancellation."""


class InvalidRequest(ForetasteError, ValueError):
    """The request cannot be sent: an id that is no string, a value that is no JSON, too many bytes. Nothing was sent."""


class ServerError(ForetasteError):
    """The server's answer is an error. Decide on `reason`, and on `status` where the reason is one you do not know."""

    def __init__(self, error: Mapping[str, Any]):
        self.code: int = _typed(error, "code", int, 0)
        self.status: str = _typed(error, "status", str, "")
        self.reason: str = _typed(error, "reason", str, "")
        self.message: str = _typed(error, "message", str, "")
        self.retryable: bool = _typed(error, "retryable", bool, False)
        self.details: dict[str, Any] = _typed(error, "details", dict, {})
        super().__init__(f"{self.reason}: {self.message}" + (f" ({self.field})" if self.field else ""))

    @property
    def field(self) -> str | None:
        """The member at fault, such as params.recentItems[3].itemId."""
        found = self.details.get("field")
        return found if isinstance(found, str) else None


class ConnectionFailed(ForetasteError):
    """No connection, none any more, or what answers does not speak this protocol. `kind` tells which.

    `CONNECT`: no server could be reached. `CLOSED`: the connection ended before the answer; the request may have acted.
    `PROTOCOL`: what came is not of this protocol. `CLIENT_CLOSED`: this client was closed.
    """

    def __init__(self, kind: str, message: str, was_not_received: bool = False):
        self.kind = kind
        # The server never had the request, so that even one that may act once only can be sent again.
        self.was_not_received = was_not_received
        super().__init__(message)


class TimedOut(ForetasteError, TimeoutError):
    """The call's time is over. The request may have acted."""


def _typed(members: Mapping[str, Any], name: str, kind: type, default: Any) -> Any:
    value = members.get(name)
    return value if isinstance(value, kind) else default
