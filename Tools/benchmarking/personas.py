"""time to make personas, and the latency of asking a running server for them"""

import json
import pathlib
import random
import socket
import struct
import time

from . import machine, serve
from .machine import say

ITEM_COUNT = 20_000
BRAND_COUNT = 1_000
GENERIC_COUNT = 500
# Departments, with shelves and boards below them: 8, 64 and 512 categories.
FAN_OUT = 8
TIERS = ("Tier 1", "Tier 2", "Tier 3")
# The latency that the project promises for a million personas, at p99.
LIMIT_MS = 20
# Rows of the index that the server needs beside the personas.
INDEX_ROW_COUNT = 20_000
# The longest lists: as many values as a filter may have.
VALUE_LIMIT = 16


def add_options(parser):
    parser.add_argument("--users", type=int, default=1_000_000, metavar="N", help="personas (1000000)")
    parser.add_argument("--events", type=int, default=8, metavar="N", help="events of a user, on average (8)")
    parser.add_argument("--again", action="store_true", help="ask the store of the last run, without making it anew")
    parser.add_argument("--queries", type=int, default=1000, metavar="N", help="requests of each kind (1000)")


def run(options, programs):
    folder = pathlib.Path(".build/benchmark")
    folder.mkdir(parents=True, exist_ok=True)
    events, items = folder / f"persona-events-{options.users}x{options.events}.csv", folder / "persona-items.jsonl"
    if not events.exists() or not items.exists():
        make(events, items, options.users, options.events)
    store = folder / "personas"
    result = {"users": options.users, "events": options.users * options.events}
    if not options.again:
        result |= make_store(programs, events, items, store, options)
    rows = ask(programs, make_index(programs, events, folder), store, options)
    worst = max(row["p99Ms"] for row in rows)
    say(f"p99 of the slowest kind: {worst:.2f} ms ({'within' if worst <= LIMIT_MS else 'ABOVE'} the {LIMIT_MS} ms asked for)")
    return result | {"runs": rows}


def make_store(programs, events, items, store, options):
    say(f"\n{options.users * options.events} events of {options.users} users, {ITEM_COUNT} items, {events.stat().st_size / 1e6:.0f} MB")
    done = machine.timed(f"{programs}/foretaste", "segment", "personas", "--events", events, "--items", items, "--out", store,
                         "--store-only", "--quiet", "--json")
    counts = json.loads(done["output"])
    if counts["users"] != options.users:
        raise machine.Stop(f"{counts['users']} personas of {options.users} users")
    say(f"made in {done['seconds']:.1f} s ({done['cpuSeconds']:.1f} s of CPU, peak {machine.mebibytes(done['peakBytes'])} MiB); "
        f"the store has {machine.mebibytes(counts['bytes'])} MiB")
    return {"make": done, "store": counts}


def make(events, items, user_count, event_count):
    say(f"\nmaking {user_count * event_count} events (once; they stay in .build/benchmark)")
    choose = random.Random(7)
    with open(items, "w") as file:
        for item in range(ITEM_COUNT):
            leaf = choose.randrange(FAN_OUT**3)
            file.write(json.dumps({
                "itemId": f"i{item:05d}", "title": f"Product {item}", "brand": f"Brand {int(BRAND_COUNT * choose.random() ** 2)}",
                "generic": f"generic {int(GENERIC_COUNT * choose.random() ** 2)}", "category1": f"Department {leaf // FAN_OUT**2}",
                "category2": f"Shelf {leaf // FAN_OUT}", "category3": f"Board {leaf}",
                "gender": choose.choice(("men", "women", "unisex"))}) + "\n")
    names = [f"i{item:05d}" for item in range(ITEM_COUNT)]
    # The popularity of products falls as a power of their rank.
    bounds, total = [], 0.0
    for rank in range(ITEM_COUNT):
        total += (rank + 10) ** -0.8
        bounds.append(total)
    types = ("visit", "search", "purchase")
    with open(events, "w") as file:
        file.write("userId,itemId,type,query,cityTier\n")
        for first in range(0, user_count, 100_000):
            users = range(first, min(first + 100_000, user_count))
            for turn in range(event_count):
                # Everybody once, then by chance.
                who = users if turn == 0 else choose.choices(users, k=len(users))
                kinds = choose.choices(types, (80, 12, 8), k=len(users))
                file.writelines(
                    f"u{user:07d},{item},{kind},{'term ' + item[3:] if kind == 'search' else ''},{TIERS[user % 3]}\n"
                    for user, item, kind in zip(who, choose.choices(names, cum_weights=bounds, k=len(users)), kinds))


def make_index(programs, events, folder):
    """A small index, as no server starts without one."""
    index = folder / "persona.index"
    if not (index / "CURRENT").exists():
        rows = folder / "persona-index.csv"
        with open(events) as source, open(rows, "w") as target:
            target.write("userId,itemId\n")
            for number, line in enumerate(source):
                if 0 < number <= INDEX_ROW_COUNT:
                    target.write(",".join(line.split(",")[:2]) + "\n")
        machine.run(f"{programs}/foretaste", "build", "--quiet", "--interactions", rows, "--index", index)
    return str(index)


def requests(kind, choose):
    brand = lambda: f"Brand {int(BRAND_COUNT * choose.random() ** 2)}"
    generic = lambda: f"generic {int(GENERIC_COUNT * choose.random() ** 2)}"
    leaf = choose.randrange(FAN_OUT**3)
    department = f"Department {leaf // FAN_OUT**2}"
    if kind == "of":
        return "personas.of", {"userId": f"u{choose.randrange(1000):07d}"}
    if kind == "brand":
        return "personas.query", {"brand": brand()}
    if kind == "all four":
        return "personas.query", {"cityTier": choose.choice(TIERS), "brand": brand(), "generic": generic(), "category1": department,
                                  "category2": f"Shelf {leaf // FAN_OUT}", "gender": choose.choice(("men", "women"))}
    if kind == "tier, department":
        return "personas.query", {"cityTier": choose.choice(TIERS), "category1": department}
    # Most of all lists at once: every user, and several times.
    return "personas.query", {"cityTier": list(TIERS), "category1": [f"Department {number}" for number in range(FAN_OUT)],
                              "brand": [f"Brand {number}" for number in range(VALUE_LIMIT)],
                              "generic": [f"generic {number}" for number in range(VALUE_LIMIT)]}


def ask(programs, index, store, options):
    begin = time.monotonic()
    server = serve.Server(programs, index, 1, "--personas", str(store))
    server.ask(b'{"id":1,"method":"ping"}')
    say(f"start to first answer: {time.monotonic() - begin:.2f} s; one thread, one connection, one request at a time, from Python")
    rows = []
    try:
        with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for kind in ("of", "brand", "all four", "tier, department", "longest lists"):
                before = machine.cpu_seconds(server.process.pid)
                row = measure(connection, kind, options.queries)
                row["cpuMs"] = (machine.cpu_seconds(server.process.pid) - before) * 1000 / options.queries
                rows.append(row)
        resident, private = server.resident_bytes()
    finally:
        server.stop()
    machine.table(["request", "count", "p50 ms", "p99 ms", "max ms", "in the server p50", "p99", "CPU ms"],
                  [[row["kind"], row["count"], *(f"{row[name]:.2f}" for name in (
                      "p50Ms", "p99Ms", "maxMs", "serverP50Ms", "serverP99Ms", "cpuMs"))] for row in rows])
    say(f"memory after it: {machine.mebibytes(resident)} MiB resident, {machine.mebibytes(private)} MiB the process's own")
    return rows


def measure(connection, kind, count):
    choose = random.Random(11)
    times, inside = [], []
    for number in range(count):
        method, parameters = requests(kind, choose)
        text = json.dumps({"id": number, "method": method, "params": parameters}).encode()
        begin = time.perf_counter()
        connection.sendall(struct.pack(">I", len(text)) + text)
        reply = b""
        while len(reply) < 4 or len(reply) < 4 + struct.unpack(">I", reply[:4])[0]:
            part = connection.recv(1 << 16)
            if not part:
                raise machine.Stop("the server closed the connection")
            reply += part
        times.append((time.perf_counter() - begin) * 1000)
        answer = json.loads(reply[4:])
        if "result" not in answer:
            raise machine.Stop(f"{method}: {answer['error']}")
        inside.append(answer["meta"]["serverMs"])
    times.sort()
    inside.sort()
    last = min(count - 1, count * 99 // 100)
    return {"kind": kind, "count": count, "p50Ms": times[count // 2], "p99Ms": times[last], "maxMs": times[-1],
            "serverP50Ms": inside[count // 2], "serverP99Ms": inside[last]}
