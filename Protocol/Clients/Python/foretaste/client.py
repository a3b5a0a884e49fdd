"""The client for threads: calls that wait."""

from __future__ import annotations

import asyncio
import concurrent.futures
import os
import threading
from collections.abc import Iterable, Mapping
from typing import Any

from ._methods import Methods
from .aio import AsyncClient, Reply
from .errors import ConnectionFailed
from .options import Options

__all__ = ["Client"]


class Client(Methods):
    """A pool of connections for any number of threads. Arguments are those of `Options`, or an `Options`.

    Sockets are served by a thread of the client's own, which ends with `close`. A forked process gets connections of its own.
    """

    def __init__(self, servers: str | Iterable[str] | Options | None = None, **options: Any):
        # Wrong options are told here, not at the first call.
        self.options = AsyncClient(servers, **options).options
        self._lock = threading.Lock()
        self._engine: tuple[int, asyncio.AbstractEventLoop, AsyncClient] | None = None
        self._is_closed = False

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connections; calls that wait for an answer fail."""
        with self._lock:
            self._is_closed = True
            engine, self._engine = self._engine, None
        if engine is not None and engine[0] == os.getpid():
            _, loop, client = engine
            asyncio.run_coroutine_threadsafe(_end(client), loop).result()
            loop.call_soon_threadsafe(loop.stop)

    def call(
        self, method: str, params: Mapping[str, Any] | None = None, *, deadline_ms: int | None = None,
        timeout: float | None = None, traceparent: str | None = None, idempotent: bool | None = None,
    ) -> Any:
        """The result of any method. See `AsyncClient.call`."""
        return self.request(
            method, params, deadline_ms=deadline_ms, timeout=timeout, traceparent=traceparent, idempotent=idempotent
        ).result

    def request(
        self, method: str, params: Mapping[str, Any] | None = None, *, deadline_ms: int | None = None,
        timeout: float | None = None, traceparent: str | None = None, idempotent: bool | None = None,
    ) -> Reply:
        """As `call`, with the reply's `meta`."""
        future = self.submit(
            method, params, deadline_ms=deadline_ms, timeout=timeout, traceparent=traceparent, idempotent=idempotent
        )
        reply: Reply = self._wait(future)
        return reply

    def submit(
        self, method: str, params: Mapping[str, Any] | None = None, *, deadline_ms: int | None = None,
        timeout: float | None = None, traceparent: str | None = None, idempotent: bool | None = None,
    ) -> concurrent.futures.Future[Reply]:
        """Sends without waiting. `cancel` of the future gives the request up."""
        loop, client = self._running()
        return asyncio.run_coroutine_threadsafe(
            client.request(
                method, params, deadline_ms=deadline_ms, timeout=timeout, traceparent=traceparent, idempotent=idempotent
            ),
            loop,
        )

    def pipeline(
        self, calls: Iterable[tuple[str, Mapping[str, Any] | None]], *, deadline_ms: int | None = None,
        timeout: float | None = None,
    ) -> list[Any]:
        """Many requests at once; results in the order of `calls`. What one failed with stands in its place."""
        loop, client = self._running()
        work = client.pipeline(list(calls), deadline_ms=deadline_ms, timeout=timeout)
        results: list[Any] = self._wait(asyncio.run_coroutine_threadsafe(work, loop))
        return results

    def _typed(
        self, method: str, params: dict[str, Any], deadline_ms: int | None, timeout: float | None, traceparent: str | None
    ) -> Any:
        given = {name: value for name, value in params.items() if value is not None}
        return self.call(method, given, deadline_ms=deadline_ms, timeout=timeout, traceparent=traceparent)

    def _wait(self, future: concurrent.futures.Future[Any]) -> Any:
        try:
            return future.result()
        except concurrent.futures.CancelledError:
            if self._is_closed:
                raise ConnectionFailed("CLIENT_CLOSED", "this client is closed") from None
            raise
        except BaseException:
            # An interrupt of this thread: nobody waits for the answer any more.
            future.cancel()
            raise

    def _running(self) -> tuple[asyncio.AbstractEventLoop, AsyncClient]:
        with self._lock:
            if self._is_closed:
                raise ConnectionFailed("CLIENT_CLOSED", "this client is closed")
            if self._engine is None or self._engine[0] != os.getpid():
                loop = asyncio.new_event_loop()
                threading.Thread(target=_serve, args=(loop,), name="foretaste", daemon=True).start()
                self._engine = (os.getpid(), loop, AsyncClient(self.options))
            return self._engine[1], self._engine[2]


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
    finally:
        loop.close()


async def _end(client: AsyncClient) -> None:
    await client.close()
    # What waits for its next attempt.
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
