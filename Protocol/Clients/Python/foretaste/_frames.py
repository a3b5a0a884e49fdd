"""Requests to bytes, bytes to replies. No sockets.

    +--------------------------+------------------------+
    | N: 32 bits, big-endian   | N bytes: a JSON object |
    +--------------------------+------------------------+
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Mapping
from typing import Any

from ._table import METHODS
from .errors import ConnectionFailed, InvalidRequest

REQUEST_LIMIT = 4 << 20
REPLY_LIMIT = 16 << 20
DEPTH_LIMIT = 32
VALUE_LIMIT = 32_768
# An id's digits, added in front of a body that is made before the connection is known.
ID_ROOM = 32


def encode_body(
    method: str, params: Mapping[str, Any] | None, deadline_ms: int | None, traceparent: str | None
) -> bytes:
    """The members of a request without its id and its braces."""
    if not isinstance(method, str) or not 1 <= len(method.encode("utf-8", "replace")) <= 64:
        raise InvalidRequest(f"a method is a string of 1 to 64 bytes, not {method!r}")
    request: dict[str, Any] = {"method": method}
    if params:
        check_ids(method, params)
        request["params"] = params
    if deadline_ms is not None:
        if isinstance(deadline_ms, bool) or not isinstance(deadline_ms, int) or not 1 <= deadline_ms <= 600_000:
            raise InvalidRequest(f"deadline_ms is an integer, 1 to 600000, not {deadline_ms!r}")
        request["deadlineMs"] = deadline_ms
    if traceparent is not None:
        request["traceparent"] = traceparent
    try:
        text = json.dumps(request, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        body = text[1:-1].encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidRequest(f"{method}: the parameters are no JSON: {error}") from error
    if len(body) > REQUEST_LIMIT - ID_ROOM:
        raise InvalidRequest(f"{method}: the request has {len(body)} bytes; a frame has at most {REQUEST_LIMIT}")
    check_shape(method, body)
    return body


TEXTS = re.compile(rb'"(?:[^"\\]|\\.)*"')


def check_shape(method: str, body: bytes) -> None:
    """What the server answers by ending the connection, and the other requests on it: too deep, or too many values."""
    opening = body.count(b"[") + body.count(b"{")
    if opening < DEPTH_LIMIT and opening + body.count(b",") < VALUE_LIMIT - 2:
        return
    structure = TEXTS.sub(b"", body)
    # The braces around the body, and the id's comma, come to it.
    depth = deepest = 1
    for letter in structure.translate(None, delete=bytes(set(range(256)) - set(b"[]{}"))):
        depth += 1 if letter in b"[{" else -1
        deepest = max(deepest, depth)
    if deepest > DEPTH_LIMIT:
        raise InvalidRequest(f"{method}: the request is nested deeper than {DEPTH_LIMIT}")
    values = structure.count(b",") + structure.count(b"[") + structure.count(b"{") + 2
    if values > VALUE_LIMIT:
        raise InvalidRequest(f"{method}: the request has more than {VALUE_LIMIT} values")


def frame(identifier: int, body: bytes) -> bytes:
    payload = b'{"id":%d,%s}' % (identifier, body)
    return struct.pack(">I", len(payload)) + payload


def cancellation(identifier: int) -> bytes:
    """A notification: it has no id of its own, and no reply."""
    payload = b'{"method":"cancel","params":{"id":%d}}' % identifier
    return struct.pack(">I", len(payload)) + payload


class Decoder:
    """Collects bytes as they come; gives whole replies."""

    def __init__(self) -> None:
        self._received = bytearray()

    @property
    def is_within_frame(self) -> bool:
        return bool(self._received)

    def feed(self, data: bytes) -> list[dict[str, Any]]:
        """Raises ConnectionFailed, once and for all, where the bytes are not of this protocol."""
        received = self._received
        received += data
        replies = []
        position = 0
        while len(received) - position >= 4:
            (length,) = struct.unpack_from(">I", received, position)
            if not 0 < length <= REPLY_LIMIT:
                raise ConnectionFailed("PROTOCOL", f"not a Foretaste server: it announces a frame of {length} bytes")
            end = position + 4 + length
            if len(received) < end:
                break
            replies.append(decode(bytes(received[position + 4 : end])))
            position = end
        del received[:position]
        return replies


def decode(payload: bytes) -> dict[str, Any]:
    try:
        text = payload.decode("utf-8")
        reply = json.loads(text, parse_constant=_refuse)
        if "\\u" in text:
            # Half a surrogate pair, which only an escape can bring, is no text.
            json.dumps(reply, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise ConnectionFailed("PROTOCOL", f"the server's frame is no JSON: {error}") from error
    if not isinstance(reply, dict):
        raise ConnectionFailed("PROTOCOL", "the server's frame is no JSON object")
    return reply


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no value of JSON")


def check_ids(method: str, params: Mapping[str, Any]) -> None:
    """Ids are strings: a library that reads numbers as doubles makes one of two ids above 2^53."""
    _, paths = METHODS.get(method, (False, ()))
    for path in paths:
        check_id(params, path.split("."), "params")


def check_id(value: Any, parts: list[str], place: str) -> None:
    if not isinstance(value, Mapping):
        return
    name = parts[0].removesuffix("[]")
    found = value.get(name)
    is_list = parts[0].endswith("[]")
    elements = found if is_list and isinstance(found, (list, tuple)) else [] if is_list else [found]
    for index, element in enumerate(elements):
        here = f"{place}.{name}[{index}]" if is_list else f"{place}.{name}"
        if len(parts) > 1:
            check_id(element, parts[1:], here)
        elif isinstance(element, (int, float)):
            raise InvalidRequest(f'{here} is an id, which is a string: send "{element}", not {element}')


# What would control a terminal, or turn the direction of what follows.
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """Text of others in which nothing but a line's end makes a terminal do anything; JSON stays JSON of the same value."""
    return UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
