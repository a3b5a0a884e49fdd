"""Asks a real server, given as HOST:PORT, by every method's own wrapper: none may be unknown to it."""

import asyncio
import inspect
import sys

from foretaste import AsyncClient, Client, InvalidRequest, ServerError
from foretaste._table import METHODS

# Mistakes of the client or of the server; every other reason is about the sample shop, or about what is asked here.
WRONG = {"METHOD_NOT_FOUND", "INVALID_REQUEST", "PARSE_ERROR", "FRAME_TOO_LARGE", "BUG"}
VALUES = {"item_id": "i00001", "item_ids": ["i00001"], "event_ids": ["e1"], "from_user_id": "v", "into_user_id": "u00001", "items": ["i00001"], "user_id": "u00001", "customer_id": "u00001", "dimension": "brand"}


def wrapper_name(method):
    return "".join("_" + letter.lower() if letter.isupper() else letter for letter in method).replace(".", "_")


def arguments_of(wrapper):
    for parameter in inspect.signature(wrapper).parameters.values():
        if parameter.default is parameter.empty:
            yield VALUES.get(parameter.name, 1)


def main(address):
    with Client(address, name="live test") as client:
        known = client.hello()["methods"]
        for method in METHODS:
            if method not in known:
                continue
            wrapper = getattr(client, wrapper_name(method))
            try:
                assert isinstance(wrapper(*arguments_of(wrapper)), dict)
            except ServerError as error:
                assert error.reason not in WRONG, f"{method}: {error}"
        answer = client.recommend_user("u00001", count=5, explain="full", fields=["*"], weights={"content": 1}, recent_items=["i00001", {"itemId": "i00002", "weight": 2}])
        assert len(answer["items"]) == 5 and "contributions" in answer["items"][0]
        try:
            client.recommend_item(17)
            raise AssertionError("a number went for an id")
        except InvalidRequest as error:
            assert 'send "17"' in str(error)
        results = client.pipeline(("recommend.user", {"userId": f"u{number:05}", "count": 20}) for number in range(1000))
        assert all(len(result["items"]) == 20 for result in results)
    asyncio.run(gather(address))


async def gather(address):
    async with AsyncClient(address) as client:
        answers = await asyncio.gather(*(client.recommend_user(f"u{number:05}", count=3) for number in range(300)))
        assert all(len(answer["items"]) == 3 for answer in answers)


main(sys.argv[1])
