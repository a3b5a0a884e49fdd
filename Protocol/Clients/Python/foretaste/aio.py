"""The client for asyncio. `foretaste.Client` runs one of these on a thread of its own."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ._async_methods import AsyncMethods
from ._connection import Connection
from ._frames import encode_body
from ._pool import Pool
from ._table import METHODS
from .errors import ConnectionFailed, ForetasteError, ServerError, TimedOut
from .options import Options

__all__ = ["AsyncClient", "Reply"]


@dataclass(frozen=True)
class Reply:
    result: dict[str, Any]
    # serverMs, queueMs, indexVersion, quality; more may come.
    meta: dict[str, Any]


class AsyncClient(AsyncMethods):
    """A pool of connections to one or several servers that answer alike. For one event loop; any number of tasks.

    Arguments are those of `Options`, or an `Options`.
    """

    def __init__(self, servers: str | Iterable[str] | Options | None = None, **options: Any):
        if isinstance(servers, Options):
            self.options = servers
        else:
            if servers is not None:
                options["servers"] = servers if isinstance(servers, str) else list(servers)
            self.options = Options(**options)
        self._pool: Pool | None = None
        self._is_closed = False

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        self._is_closed = True
        if self._pool is not None:
            await self._pool.close()

    async def call(
        self, method: str, params: Mapping[str, Any] | None = None, *, deadline_ms: int | None = None,
        timeout: float | None = None, traceparent: str | None = None, idempotent: bool | None = None,
    ) -> Any:
        """The result of any method.

        `idempotent` says whether the request may be sent again after a failure; where it is None, the protocol's methods
        are known, and others are sent once.
        """
        reply = await self.request(
            method, params, deadline_ms=deadline_ms, timeout=timeout, traceparent=traceparent, idempotent=idempotent
        )
        return reply.result

    async def request(
        self, method: str, params: Mapping[str, Any] | None = None, *, deadline_ms: int | None = None,
        timeout: float | None = None, traceparent: str | None = None, idempotent: bool | None = None,
    ) -> Reply:
        """As `call`, with the reply's `meta`."""
        if idempotent is None:
            idempotent = METHODS.get(method, (False, ()))[0]
        if method == "hello" and self.options.strict:
            # A `hello` that did not say so would end the strictness of its connection.
            params = {"strictParams": True, **(params or {})}
        # Made once before anything is sent: what is no JSON never reaches a connection.
        body = encode_body(method, params, deadline_ms, traceparent)
        begin = time.monotonic()
        limit = self.options.timeout if timeout is None else timeout
        attempt = 0
        try:
            async with asyncio.timeout(limit):
                while True:
                    try:
                        return await self._attempt(body)
                    except ForetasteError as failure:
                        spent = time.monotonic() - begin
                        pause = self._pause_before_next(failure, attempt, idempotent, spent, limit, deadline_ms)
                        if pause is None:
                            raise
                    await asyncio.sleep(pause)
                    attempt += 1
                    if deadline_ms is not None:
                        left = deadline_ms - int((time.monotonic() - begin) * 1000)
                        body = encode_body(method, params, max(1, left), traceparent)
        except TimeoutError as error:
            if isinstance(error, ForetasteError):
                raise
            raise TimedOut(f"{method}: no answer within {limit} s") from None

    async def _attempt(self, body: bytes) -> Reply:
        if self._is_closed:
            raise ConnectionFailed("CLIENT_CLOSED", "this client is closed")
        if self._pool is None:
            self._pool = Pool(self.options)
        connection = await self._pool.connection()
        identifier, answer = connection.send(body)
        sent = time.monotonic()
        try:
            reply = await answer
        except asyncio.CancelledError:
            connection.abandon(identifier)
            self._drop_if_silent(connection, sent)
            raise
        meta = reply.get("meta")
        return Reply(reply["result"], meta if isinstance(meta, dict) else {})

    def _drop_if_silent(self, connection: Connection, sent: float) -> None:
        """A dead peer says nothing to anybody: who waited long enough in vain spares others the wait."""
        silence = time.monotonic() - max(sent, connection.last_received)
        if silence >= self.options.silence_timeout:
            connection.close(ConnectionFailed("CLOSED", f"nothing came from the server for {silence:.1f} s"))

    def _pause_before_next(
        self, failure: ForetasteError, attempt: int, idempotent: bool, spent: float, limit: float, deadline_ms: int | None
    ) -> float | None:
        """Seconds to wait before the request is sent again; None where it must not be, or there is no time for it."""
        if attempt >= self.options.retries or not may_send_again(failure, idempotent):
            return None
        pause = self.options.pause(attempt)
        if deadline_ms is not None:
            limit = min(limit, deadline_ms / 1000)
        return pause if spent + pause < limit else None

    async def _typed(
        self, method: str, params: dict[str, Any], deadline_ms: int | None, timeout: float | None, traceparent: str | None
    ) -> Any:
        given = {name: value for name, value in params.items() if value is not None}
        return await self.call(method, given, deadline_ms=deadline_ms, timeout=timeout, traceparent=traceparent)

    async def pipeline(
        self, calls: Iterable[tuple[str, Mapping[str, Any] | None]], *, deadline_ms: int | None = None,
        timeout: float | None = None,
    ) -> list[Any]:
        """Many requests at once; results in the order of `calls`. What one failed with stands in its place."""
        made = [self.call(method, params, deadline_ms=deadline_ms, timeout=timeout) for method, params in calls]
        found: list[Any] = await asyncio.gather(*made, return_exceptions=True)
        for value in found:
            if isinstance(value, BaseException) and not isinstance(value, ForetasteError):
                raise value
        return found


def may_send_again(failure: ForetasteError, idempotent: bool) -> bool:
    if isinstance(failure, ServerError):
        # A deadline is the whole call's: where the server says that it is over, there is no time for another attempt.
        return idempotent and failure.retryable and failure.reason != "DEADLINE_EXCEEDED"
    if isinstance(failure, ConnectionFailed):
        if failure.kind in ("PROTOCOL", "CLIENT_CLOSED"):
            return False
        return idempotent or failure.was_not_received
    return False
