"""Plays transcripts: see ../../README.md. `sync` as argument takes the client for threads, else the one for asyncio."""

import asyncio
import json
import sys
import threading
from concurrent.futures import CancelledError

from foretaste import (
    TLS, AsyncClient, Client, ConnectionFailed, ForetasteError, InvalidRequest, Options, ServerError, TimedOut,
)


def options_of(told):
    tls = told.get("tls")
    return Options(
        servers=told["servers"], key=told.get("key"), strict=told.get("strict", False), name=told.get("name"), connections=told["connections"], retries=told["retries"],
        timeout=told["timeoutMs"] / 1000, connect_timeout=told["connectTimeoutMs"] / 1000, silence_timeout=told["silenceMs"] / 1000,
        backoff=told["backoffMs"] / 1000, backoff_limit=told["backoffLimitMs"] / 1000,
        tls=None if tls is None else TLS(ca=tls.get("ca"), server_name=tls.get("serverName")),
    )


def arguments_of(call):
    params = dict(call["params"])
    if "padBytes" in call:
        params["pad"] = "x" * call["padBytes"]
    if "padValues" in call:
        params["pad"] = [0] * call["padValues"]
    timeout = call["timeoutMs"] / 1000 if "timeoutMs" in call else None
    return (call["method"], params), {
        "deadline_ms": call.get("deadlineMs"), "timeout": timeout, "traceparent": call.get("traceparent"), "idempotent": call.get("idempotent"),
    }


def outcome_of(error):
    if isinstance(error, ServerError):
        return {
            "reason": error.reason, "status": error.status, "code": error.code, "message": error.message,
            "retryable": error.retryable, "field": error.field,
        }
    if isinstance(error, ConnectionFailed):
        return {"failed": error.kind, "message": str(error)}
    if isinstance(error, TimedOut):
        return {"failed": "TIMED_OUT"}
    if isinstance(error, InvalidRequest):
        return {"failed": "INVALID", "message": str(error)}
    if isinstance(error, (asyncio.CancelledError, CancelledError)):
        return {"failed": "CANCELLED"}
    return {"failed": f"OTHER {error!r}"}


async def play_async(transcript):
    outcomes, done = {}, {call["tag"]: asyncio.Event() for call in transcript["calls"]}
    async with AsyncClient(options_of(transcript["options"])) as client:

        async def run(call):
            if call["method"] == "(close)":
                await client.close()
                return {"result": {}}
            try:
                positional, named = arguments_of(call)
                reply = await client.request(*positional, **named)
                return {"result": reply.result, "meta": reply.meta}
            except (ForetasteError, asyncio.CancelledError) as error:
                return outcome_of(error)

        async def play(call):
            if "after" in call:
                await done[call["after"]].wait()
            task = asyncio.ensure_future(run(call))
            if "cancelWhen" in call:
                await done[call["cancelWhen"]].wait()
                task.cancel()
            outcomes[call["tag"]] = await task
            done[call["tag"]].set()

        await asyncio.gather(*(play(call) for call in transcript["calls"]))
    return outcomes


def play_sync(transcript):
    outcomes, done = {}, {call["tag"]: threading.Event() for call in transcript["calls"]}
    with Client(options_of(transcript["options"])) as client:

        def run(call):
            try:
                if call["method"] == "(close)":
                    client.close()
                    return {"result": {}}
                positional, named = arguments_of(call)
                if "cancelWhen" in call:
                    future = client.submit(*positional, **named)
                    done[call["cancelWhen"]].wait()
                    future.cancel()
                    reply = future.result()
                else:
                    reply = client.request(*positional, **named)
                return {"result": reply.result, "meta": reply.meta}
            except (ForetasteError, CancelledError) as error:
                return outcome_of(error)

        def play(call):
            if "after" in call:
                done[call["after"]].wait()
            outcomes[call["tag"]] = run(call)
            done[call["tag"]].set()

        threads = [threading.Thread(target=play, args=(call,)) for call in transcript["calls"]]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return outcomes


def main():
    is_sync = sys.argv[1:] == ["sync"]
    for line in sys.stdin:
        transcript = json.loads(line)
        outcomes = play_sync(transcript) if is_sync else asyncio.run(play_async(transcript))
        print(json.dumps({"id": transcript["id"], "outcomes": outcomes}), flush=True)


main()
