"""How a client connects, waits and tries again: all defaults are here."""

from __future__ import annotations

import random
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass

__all__ = ["Options", "TLS", "Address", "parse_address"]

DEFAULT_PORT = 7411
# What a server works on at a time for a connection; more would only wait in its socket.
WINDOW = 128


@dataclass(frozen=True)
class TLS:
    """TLS to the servers. Without `ca` the system's authorities are trusted; the server's name is always checked."""

    # A file of certificates (PEM) to trust instead of the system's.
    ca: str | None = None
    # The name to look for in the server's certificate, where it is not the address's.
    server_name: str | None = None
    # Of this client, for servers that ask for one: files (PEM).
    certificate: str | None = None
    private_key: str | None = None

    def context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self.ca)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if self.certificate is not None:
            context.load_cert_chain(self.certificate, self.private_key)
        return context


@dataclass(frozen=True)
class Address:
    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def parse_address(text: str) -> Address:
    """HOST, HOST:PORT, [V6]:PORT or a bare V6 address."""
    host, port = text, str(DEFAULT_PORT)
    if text.startswith("["):
        host, found, rest = text[1:].partition("]")
        if not found or (rest and not rest.startswith(":")):
            raise ValueError(f"an address is HOST:PORT or [ADDRESS]:PORT, not {text!r}")
        port = rest[1:] or port
    elif text.count(":") == 1:
        host, _, port = text.partition(":")
    if not host or not (port.isascii() and port.isdigit()) or not 1 <= int(port) <= 65535:
        raise ValueError(f"an address is HOST:PORT with a port of 1 to 65535, not {text!r}")
    return Address(host, int(port))


@dataclass(frozen=True)
class Options:
    """Seconds everywhere. See the package's README for what each is for."""

    servers: str | Sequence[str] = f"127.0.0.1:{DEFAULT_PORT}"
    key: str | None = None
    tls: TLS | ssl.SSLContext | None = None
    connections: int = 4
    timeout: float = 10.0
    connect_timeout: float = 5.0
    # A call that times out on a connection from which nothing came for so long takes the connection with it.
    silence_timeout: float = 5.0
    retries: int = 3
    backoff: float = 0.05
    backoff_limit: float = 2.0
    # Name and version of the program, for the server's log.
    name: str | None = None
    # The server refuses members that nobody knows, which it otherwise only tells in `meta.ignored`: for tests.
    strict: bool = False
    # Numbers from 0 to 1 for the jitter; to be replaced in tests.
    random: Callable[[], float] = random.random

    def __post_init__(self) -> None:
        self.addresses()
        for name in ("timeout", "connect_timeout", "silence_timeout", "backoff", "backoff_limit"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} is more than 0 seconds, not {getattr(self, name)!r}")
        if self.connections < 1 or self.retries < 0:
            raise ValueError("connections is 1 or more, retries 0 or more")

    def addresses(self) -> list[Address]:
        texts = [self.servers] if isinstance(self.servers, str) else list(self.servers)
        if not texts:
            raise ValueError("servers names no server")
        return [parse_address(text) for text in texts]

    def ssl_context(self) -> ssl.SSLContext | None:
        return self.tls.context() if isinstance(self.tls, TLS) else self.tls

    def pause(self, attempt: int) -> float:
        """Before the next attempt, counted from 0: twice as long each time, half of it by chance."""
        longest = min(self.backoff_limit, self.backoff * 2 ** min(attempt, 30))
        return float(longest * (0.5 + 0.5 * self.random()))
