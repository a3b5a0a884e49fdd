"""One connection: requests out, replies to those who wait for them. Owned by the pool's event loop.

A request's life:  send ─▶ pending ─▶ answered
                              └────▶ abandoned (its caller gave up) ─▶ answered, to nobody
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from ._frames import Decoder, cancellation, frame
from .errors import ConnectionFailed, ForetasteError, ServerError
from .options import WINDOW


class Connection(asyncio.Protocol):
    def __init__(self, on_change: Callable[[], None]):
        self._loop = asyncio.get_running_loop()
        self._on_change = on_change
        self._decoder = Decoder()
        self._pending: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._abandoned: set[int] = set()
        self._next_id = 0
        self._transport: asyncio.Transport | None = None
        self._is_paused = False
        self.is_going_away = False
        # Where `hello` said that the server knows how.
        self.can_cancel = False
        self.failure: ForetasteError | None = None
        self.last_received = self._loop.time()
        self.ended: asyncio.Future[None] = self._loop.create_future()

    # What the pool asks.

    @property
    def in_flight(self) -> int:
        return len(self._pending) + len(self._abandoned)

    @property
    def is_usable(self) -> bool:
        return self.failure is None and not self.is_going_away

    @property
    def has_room(self) -> bool:
        # Between a write that fails and the news of the end, a transport only complains of more.
        is_writable = self._transport is not None and not self._transport.is_closing() and not self._is_paused
        return self.is_usable and is_writable and self.in_flight < WINDOW

    def send(self, body: bytes) -> tuple[int, asyncio.Future[dict[str, Any]]]:
        assert self._transport is not None
        self._next_id += 1
        answer: asyncio.Future[dict[str, Any]] = self._loop.create_future()
        self._pending[self._next_id] = answer
        self._transport.write(frame(self._next_id, body))
        return self._next_id, answer

    def abandon(self, identifier: int) -> None:
        """Its caller waits no more. It keeps its place until the reply, which may tell that it was cancelled."""
        if self._pending.pop(identifier, None) is None:
            return
        self._abandoned.add(identifier)
        if self.can_cancel and self._transport is not None:
            self._transport.write(cancellation(identifier))

    def close(self, failure: ForetasteError) -> None:
        self._fail(failure)
        if self._transport is not None:
            self._transport.abort()

    # What asyncio tells.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self.last_received = self._loop.time()
        if self.failure is not None:
            return
        try:
            for reply in self._decoder.feed(data):
                self._take(reply)
        except ForetasteError as failure:
            self.close(failure)
        self._on_change()

    def connection_lost(self, reason: Exception | None) -> None:
        if self.failure is None:
            # A server that said it stops has answered all it received, where it ended in good order.
            was_clean = reason is None and self.is_going_away and not self._decoder.is_within_frame
            told = f": {reason}" if reason else ""
            self._fail(ConnectionFailed("CLOSED", f"the server closed the connection{told}", was_clean))
        if not self.ended.done():
            self.ended.set_result(None)

    def pause_writing(self) -> None:
        self._is_paused = True

    def resume_writing(self) -> None:
        self._is_paused = False
        self._on_change()

    def _take(self, reply: dict[str, Any]) -> None:
        if "result" not in reply and "error" not in reply:
            # A notice. Those of later versions mean nothing to this client.
            self.is_going_away |= reply.get("method") == "server.goingAway"
            return
        error = reply.get("error")
        if error is not None and not isinstance(error, dict):
            raise ConnectionFailed("PROTOCOL", "the server's error is no JSON object")
        identifier = reply.get("id")
        if identifier is None and error is not None:
            # About the connection, which the server closes: none of its requests has an answer.
            raise ServerError(error)
        if type(identifier) is not int:
            raise ConnectionFailed("PROTOCOL", f"the server answers no request of this client: id {identifier!r}")
        if identifier in self._abandoned:
            self._abandoned.remove(identifier)
            return
        answer = self._pending.pop(identifier, None)
        if answer is None:
            raise ConnectionFailed("PROTOCOL", f"the server answers no request of this client: id {identifier}")
        if answer.done():
            return
        if error is not None:
            answer.set_exception(ServerError(error))
        elif isinstance(reply.get("result"), dict):
            answer.set_result(reply)
        else:
            failure = ConnectionFailed("PROTOCOL", "the server's result is no JSON object")
            answer.set_exception(failure)
            raise failure

    def _fail(self, failure: ForetasteError) -> None:
        if self.failure is not None:
            return
        self.failure = failure
        pending, self._pending = self._pending, {}
        self._abandoned.clear()
        for answer in pending.values():
            if not answer.done():
                answer.set_exception(failure)
        self._on_change()
