"""A client for Foretaste servers: one file, standard library only, Python 3.9 and later.

    from foretaste import Client

    with Client("127.0.0.1", 7411) as client:
        answer = client.recommend_user("u1", count=5, explain="codes")
        for item in answer["items"]:
            print(item["id"], item["score"], item["source"])

        # Many requests in flight at once; results come in the order of the calls.
        calls = [("recommend.user", {"userId": user}) for user in users]
        for result in client.pipeline(calls):
            if isinstance(result, ServerError):
                print("failed:", result)

From a shell: python3 foretaste.py [HOST:PORT] METHOD ['{"params": ...}']

A Client is for one thread at a time. After a ConnectionFailed it is closed: make a new one. Once client.is_going_away is true
the server is about to stop: the next Client reaches another one. Protocol: ../../SPECIFICATION.md
"""

import json
import re
import selectors
import socket
import struct
import sys
import time

__all__ = ["Client", "ForetasteError", "ServerError", "ConnectionFailed"]

REQUEST_LIMIT = 4 << 20
REPLY_LIMIT = 16 << 20
# What the server works on at a time (maxInFlight): more would only wait in its socket.
IN_FLIGHT = 128
CHUNK = 1 << 16


class ForetasteError(Exception):
    """Anything that this module raises."""


class ConnectionFailed(ForetasteError):
    """No connection, none any more, no answer in time, or an answer that is not of this protocol."""


class ServerError(ForetasteError):
    """The server's answer was an error. Decide on `reason`, or on `status` where the reason is unknown."""

    def __init__(self, error):
        self.code = error.get("code")
        self.status = error.get("status", "")
        self.reason = error.get("reason", "")
        self.message = error.get("message", "")
        self.retryable = error.get("retryable", False)
        self.details = error.get("details", {})
        super().__init__(f"{self.reason}: {self.message}" + (f" ({self.field})" if self.field else ""))

    @property
    def field(self):
        """The member at fault, such as params.recentItems[3].itemId, or None."""
        return self.details.get("field")


class Client:
    """A connection. `timeout` is how many seconds connecting, and each answer, may take.

    `last_meta` is the `meta` of the last successful reply to `call`. `is_going_away` is true once the server has said that
    it stops.
    """

    def __init__(self, host="127.0.0.1", port=7411, timeout=10.0):
        self.timeout = timeout
        self.last_meta = None
        self.is_going_away = False
        self._next_id = 0
        self._received = bytearray()
        try:
            self._socket = socket.create_connection((host, port), timeout)
        except OSError as error:
            raise ConnectionFailed(f"cannot connect to {host}:{port}: {error}") from error
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._socket, selectors.EVENT_READ)

    def close(self):
        if self._socket is not None:
            self._selector.close()
            self._socket.close()
            self._socket = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # Methods of the protocol; keyword arguments are the parameters' names as the specification spells them.

    def hello(self, **params):
        return self.call("hello", params)

    def ping(self, echo=None):
        return self.call("ping", {} if echo is None else {"echo": echo})

    def health(self):
        return self.call("health")

    def info(self):
        return self.call("info")

    def recommend_user(self, userId=None, deadline_ms=None, **params):
        if userId is not None:
            params["userId"] = userId
        return self.call("recommend.user", params, deadline_ms)

    def recommend_item(self, itemId, deadline_ms=None, **params):
        return self.call("recommend.item", dict(params, itemId=itemId), deadline_ms)

    def recommend_session(self, items, deadline_ms=None, **params):
        """`items`: what was seen, the most recent first."""
        return self.call("recommend.session", dict(params, items=items), deadline_ms)

    def recommend_popular(self, deadline_ms=None, **params):
        return self.call("recommend.popular", params, deadline_ms)

    # Any method.

    def call(self, method, params=None, deadline_ms=None):
        """The result of one request. Raises ServerError where the server answers with an error."""
        reply = self._exchange([(method, params)], deadline_ms)[0]
        if "error" in reply:
            raise ServerError(reply["error"])
        self.last_meta = reply.get("meta")
        return reply["result"]

    def pipeline(self, calls, deadline_ms=None):
        """The results of many requests, sent without waiting, in the order of `calls`: pairs of method and params.

        An error of one request is a ServerError in its place in the list; it is not raised.
        """
        replies = self._exchange(list(calls), deadline_ms)
        return [ServerError(reply["error"]) if "error" in reply else reply["result"] for reply in replies]

    def _exchange(self, calls, deadline_ms):
        first_id = self._next_id + 1
        # All are encoded before the first is sent: a parameter that is no JSON leaves the connection as it was.
        frames = [self._frame(first_id + index, *call, deadline_ms) for index, call in enumerate(calls)]
        self._next_id += len(calls)
        if self._socket is None:
            raise ConnectionFailed("the connection is closed")
        try:
            return self._run(frames, first_id)
        except ServerError:
            self.close()
            raise
        except ConnectionFailed:
            self.close()
            raise
        except OSError as error:
            self.close()
            raise ConnectionFailed(f"the connection broke: {error}") from error

    def _run(self, frames, first_id):
        replies = [None] * len(frames)
        sent = answered = 0
        outgoing = memoryview(b"")
        deadline = time.monotonic() + self.timeout
        while answered < len(frames):
            if not outgoing and sent < len(frames) and sent - answered < IN_FLIGHT:
                batch = frames[sent : answered + IN_FLIGHT]
                sent += len(batch)
                outgoing = memoryview(b"".join(batch))
            outgoing = self._transfer(outgoing, deadline)
            for reply in self._complete_replies():
                place = self._place(reply, first_id, replies)
                if place is not None:
                    replies[place] = reply
                    answered += 1
                    deadline = time.monotonic() + self.timeout
        return replies

    def _transfer(self, outgoing, deadline):
        """Waits until the socket takes or has bytes; always reads while it sends, as the protocol asks."""
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if outgoing else 0)
        self._selector.modify(self._socket, events)
        ready = self._selector.select(max(0.0, deadline - time.monotonic()))
        if not ready:
            raise ConnectionFailed(f"no answer within {self.timeout} s")
        for _, event in ready:
            if event & selectors.EVENT_READ:
                chunk = self._socket.recv(CHUNK)
                if not chunk:
                    raise ConnectionFailed("the server closed the connection")
                self._received += chunk
            if event & selectors.EVENT_WRITE:
                outgoing = outgoing[self._socket.send(outgoing) :]
        return outgoing

    def _complete_replies(self):
        replies = []
        position = 0
        while len(self._received) - position >= 4:
            (length,) = struct.unpack_from(">I", self._received, position)
            if not 0 < length <= REPLY_LIMIT:
                raise ConnectionFailed(f"not a Foretaste server: a frame of {length} bytes was announced")
            end = position + 4 + length
            if len(self._received) < end:
                break
            try:
                reply = json.loads(self._received[position + 4 : end])
            except ValueError as error:
                raise ConnectionFailed(f"the reply is not JSON: {error}") from error
            if not isinstance(reply, dict):
                raise ConnectionFailed("the reply is not an object")
            replies.append(reply)
            position = end
        del self._received[:position]
        return replies

    def _place(self, reply, first_id, replies):
        """Which request a frame answers; None for a notice, which answers none."""
        if "result" not in reply and "error" not in reply:
            self.is_going_away |= reply.get("method") == "server.goingAway"
            return None
        identifier = reply.get("id")
        if identifier is None and "error" in reply:
            raise ServerError(reply["error"])
        place = identifier - first_id if isinstance(identifier, int) else -1
        if not 0 <= place < len(replies) or replies[place] is not None:
            raise ConnectionFailed(f"a reply to no request of this client: id {identifier!r}")
        return place

    @staticmethod
    def _frame(identifier, method, params=None, deadline_ms=None):
        request = {"id": identifier, "method": method}
        if params:
            request["params"] = params
        if deadline_ms is not None:
            request["deadlineMs"] = deadline_ms
        payload = json.dumps(request, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
        if len(payload) > REQUEST_LIMIT:
            raise ValueError(f"the request has {len(payload)} bytes, above the limit of {REQUEST_LIMIT}")
        return struct.pack(">I", len(payload)) + payload


# What would control a terminal, or turn the direction of what follows.
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def printable(text):
    """Text of others in which nothing but a line's end makes a terminal do anything; JSON stays JSON of the same value."""
    return UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def main(arguments):
    host, port = "127.0.0.1", 7411
    if arguments and ":" in arguments[0]:
        host, _, text = arguments.pop(0).rpartition(":")
        port = int(text)
    if not 1 <= len(arguments) <= 2:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        with Client(host.strip("[]"), port) as client:
            params = json.loads(arguments[1]) if len(arguments) == 2 else None
            print(printable(json.dumps(client.call(arguments[0], params), ensure_ascii=False, indent=2)))
    except (ForetasteError, ValueError) as error:
        print(printable(f"foretaste.py: {error}"), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
