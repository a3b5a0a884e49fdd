"""Which connection a request takes; opens what is missing, and lets go what is over."""

from __future__ import annotations

import asyncio
import collections
import ssl

from ._connection import Connection
from ._frames import encode_body
from .errors import ConnectionFailed, ForetasteError, ServerError
from .options import WINDOW, Address, Options


class Pool:
    def __init__(self, options: Options):
        self._options = options
        self._addresses = options.addresses()
        self._ssl = options.ssl_context()
        self._open: list[Connection] = []
        # Told to go, with answers still to come.
        self._leaving: list[Connection] = []
        self._opening: set[asyncio.Task[None]] = set()
        # Those of them whose end is not known: a task leaves the set only a turn of the loop later.
        self._opening_count = 0
        # A set in the order of arrival: one that gives up leaves at once, wherever it stands.
        self._waiting: collections.OrderedDict[asyncio.Future[None], None] = collections.OrderedDict()
        self._turn = 0
        self.is_closed = False

    async def connection(self) -> Connection:
        """One with room for a request, to be used before the next suspension."""
        while True:
            if self.is_closed:
                raise ConnectionFailed("CLIENT_CLOSED", "this client is closed", True)
            best = min((each for each in self._open if each.has_room), key=lambda each: each.in_flight, default=None)
            if (best is None or best.in_flight > 0) and len(self._open) + self._opening_count < self._options.connections:
                self._opening_count += 1
                task = asyncio.ensure_future(self._add())
                self._opening.add(task)
                task.add_done_callback(self._opening.discard)
            if best is not None:
                return best
            await self._wait()

    async def close(self) -> None:
        self.is_closed = True
        for task in list(self._opening):
            task.cancel()
        failure = ConnectionFailed("CLIENT_CLOSED", "this client is closed")
        everyone = self._open + self._leaving
        for connection in everyone:
            connection.close(failure)
        self._wake(len(self._waiting))
        await asyncio.gather(*self._opening, *(each.ended for each in everyone), return_exceptions=True)

    async def _wait(self) -> None:
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[place] = None
        try:
            await place
        except asyncio.CancelledError:
            self._waiting.pop(place, None)
            if place.done() and not place.cancelled():
                # Woken and cancelled at once: somebody else takes the room.
                self._wake(1)
            raise

    def _wake(self, count: int) -> None:
        while count > 0 and self._waiting:
            place, _ = self._waiting.popitem(last=False)
            if not place.done():
                place.set_result(None)
                count -= 1

    def _changed(self) -> None:
        """A connection answered, paused, failed or is going."""
        for connection in [each for each in self._open if not each.is_usable]:
            self._open.remove(connection)
            if connection.failure is None:
                self._leaving.append(connection)
        if self._leaving:
            self._leaving = [each for each in self._leaving if each.failure is None]
        if self._waiting:
            self._wake(sum(WINDOW - each.in_flight for each in self._open if each.has_room))
        if self._waiting and not self._open and not self._opening_count:
            # Nobody else will open one for those who wait.
            self._wake(1)

    async def _add(self) -> None:
        try:
            connection = await self._open_any()
        except Exception as failure:
            # Whatever it is, those who wait are told.
            self._opening_count -= 1
            if not self._open and not self._opening_count:
                while self._waiting:
                    place, _ = self._waiting.popitem(last=False)
                    if not place.done():
                        place.set_exception(failure)
            return
        except asyncio.CancelledError:
            self._opening_count -= 1
            raise
        self._opening_count -= 1
        if self.is_closed:
            connection.close(ConnectionFailed("CLIENT_CLOSED", "this client is closed"))
        else:
            self._open.append(connection)
            self._changed()

    async def _open_any(self) -> Connection:
        """The next server, or the one after it: each once."""
        failures = []
        for _ in self._addresses:
            address = self._addresses[self._turn % len(self._addresses)]
            self._turn += 1
            try:
                return await self._open_one(address)
            except ForetasteError as failure:
                if isinstance(failure, ServerError) and not failure.retryable:
                    raise
                failures.append(failure)
        raise failures[0] if len(failures) == 1 else ConnectionFailed(
            "CONNECT", "; ".join(str(failure) for failure in failures), True
        )

    async def _open_one(self, address: Address) -> Connection:
        connection: Connection | None = None
        try:
            async with asyncio.timeout(self._options.connect_timeout):
                connection = await self._connect(address)
                await self._greet(connection)
                return connection
        except TimeoutError as error:
            reason: Exception = error
            told = f"no answer within {self._options.connect_timeout} s"
        except (OSError, UnicodeError) as error:
            # A name may be none, which the codec for names tells in its own way.
            reason, told = error, str(error)
        except ForetasteError as error:
            if connection is not None:
                connection.close(error)
            if isinstance(error, ConnectionFailed):
                error.was_not_received = True
            raise
        failure = ConnectionFailed("CONNECT", f"cannot connect to {address}: {told}", True)
        if connection is not None:
            connection.close(failure)
        raise failure from reason

    async def _connect(self, address: Address) -> Connection:
        name = None
        if self._ssl is not None:
            tls = self._options.tls
            name = (None if isinstance(tls, ssl.SSLContext) or tls is None else tls.server_name) or address.host
        _, connection = await asyncio.get_running_loop().create_connection(
            lambda: Connection(self._changed), address.host, address.port, ssl=self._ssl, server_hostname=name
        )
        return connection

    async def _greet(self, connection: Connection) -> None:
        """Key, name and strictness travel in `hello`, before anything else; without them there is nothing to say."""
        params: dict[str, object] = {}
        if self._options.key is not None:
            params["key"] = self._options.key
        if self._options.name is not None:
            params["client"] = self._options.name
        if self._options.strict:
            params["strictParams"] = True
        if params:
            _, answer = connection.send(encode_body("hello", params, None, None))
            methods = (await answer)["result"].get("methods")
            connection.can_cancel = isinstance(methods, list) and "cancel" in methods
