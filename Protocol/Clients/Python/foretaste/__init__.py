"""A client for Foretaste recommendation servers.

    from foretaste import Client

    with Client("127.0.0.1:7411") as client:
        for item in client.recommend_user("u1", count=5)["items"]:
            print(item["id"], item["score"])

`AsyncClient` is the same for asyncio. Standard library only, Python 3.11 and later.
"""

from .aio import AsyncClient, Reply
from .client import Client
from .errors import ConnectionFailed, ForetasteError, InvalidRequest, ServerError, TimedOut
from .options import TLS, Options

__all__ = [
    "AsyncClient", "Client", "ConnectionFailed", "ForetasteError", "InvalidRequest", "Options", "Reply", "ServerError", "TLS",
    "TimedOut",
]
__version__ = "0.1.0"
