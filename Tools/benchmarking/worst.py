"""the most that each method may be asked for, in milliseconds of a loop's processor time beside the limit that is promised"""

import itertools
import json
import os
import pathlib
import shutil
import socket
import struct
import tempfile

from . import attack, machine, serve
from .machine import say

# The promise: no allowed request takes a loop longer.
LIMIT_MS = 10
# A shop of the size at which the limits were set (decision 0038), with segments and personas.
SHOP = ("--users", "3000", "--items", "5000", "--seed", "7")
FRAME_BYTES = 4 << 20
# A history and an answer of as many items as are allowed.
MOST = 500
EXCLUDED = 10_000


def add_options(parser):
    parser.add_argument("--repeats", type=int, default=15, metavar="N", help="requests of each kind (15); the median counts")
    parser.add_argument("--model", default="ease", help="the collaborative model of the shop (ease)")
    parser.add_argument("--index", metavar="DIR", help="an index instead; personas and segments.* are then as it has them")
    parser.add_argument("--limit", type=float, default=LIMIT_MS, metavar="MS", help=f"what may be taken ({LIMIT_MS})")


def run(options, programs):
    index, personas = (options.index, None) if options.index else make_shop(programs, options.model)
    say(f"\nindex {index}: {serve.index_line(programs, index)}")
    arguments = ("--personas", personas) if personas else ()
    live = tempfile.mkdtemp(prefix="foretaste-worst-")
    server = serve.Server(programs, index, 1, *arguments, "--live", live)
    attack.pin(server.process.pid, 0)
    attack.pin(0, 1)
    try:
        asker = Asker(server.port)
        rows = [measure(asker, server.process.pid, name, request, options) for name, request in requests(asker)]
    finally:
        server.stop()
        shutil.rmtree(live)
    show(rows, options.limit)
    return {"index": index, "rows": rows, "failures": sum(not row["holds"] for row in rows)}


def make_shop(programs, model):
    folder = pathlib.Path(".build/benchmark")
    shop, index, personas = folder / "worst-shop", folder / f"worst-{model}.index", folder / "worst-personas"
    if not (index / "CURRENT").exists():
        say("\nmaking a shop of 3,000 users and 5,000 items, its index and its personas (once; they stay in .build/benchmark)")
        machine.run(f"{programs}/foretaste", "synthesize", *SHOP, "--out", shop, "--quiet")
        machine.run(f"{programs}/foretaste", "build", "--quiet", "--interactions", shop / "interactions.csv",
                    "--items", shop / "items.jsonl", "--index", index, "--model", model, "--segments", "rfm")
    if not personas.exists():
        machine.run(f"{programs}/foretaste", "segment", "personas", "--events", shop / "interactions.csv", "--items",
                    shop / "items.jsonl", "--out", personas, "--store-only", "--quiet")
    return str(index), str(personas)


class Asker:
    """One connection, opened again where the server closed it."""

    def __init__(self, port):
        self.port = port
        self.connection = None

    def ask(self, payload):
        if self.connection is None:
            self.connection = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        self.connection.sendall(struct.pack(">I", len(payload)) + payload)
        reply = attack.receive(self.connection)
        if reply.get("id") is None:
            self.connection.close()
            self.connection = None
        return reply

    def result(self, method, **parameters):
        return self.ask(encoded(method, parameters)).get("result", {})


def encoded(method, parameters):
    return json.dumps({"id": 1, "method": method, "params": parameters}).encode()


def requests(asker):
    """Name and payload of the most that each method may be asked for, and of frames that are hard to read."""
    popular = [item["id"] for item in asker.result("recommend.popular", count=MOST)["items"]]
    user = (asker.result("segments.members", segment=first_segment(asker), count=1).get("members") or ["u00001"])[0]
    return methods(popular, user) + arranged(popular, user) + live_methods(popular) + persona_queries(asker, user) + frames()


def first_segment(asker):
    segments = asker.result("segments.list").get("segments", [])
    return segments[0]["segment"] if segments else "none"


def methods(popular, user):
    full = {"count": MOST, "explain": "full", "fields": ["*"]}
    recent = [{"itemId": item, "weight": 1.5, "time": "2024-05-17T09:30:%02d.%03dZ" % (place % 60, place)}
              for place, item in enumerate(popular)]
    long_ids = ["x" * 250 + f"{number:06d}" for number in range(EXCLUDED)]
    return [
        ("recommend.user, its history, full, all fields", encoded("recommend.user", {"userId": user} | full)),
        ("recommend.user, 500 recent items", encoded("recommend.user", {"recentItems": recent, "count": MOST})),
        ("the same, full, all fields", encoded("recommend.user", {"recentItems": recent} | full)),
        ("recommend.user, 10,000 excluded ids of 256 bytes",
         encoded("recommend.user", {"userId": user, "count": MOST, "excludeIds": long_ids})),
        ("recommend.item, full, all fields", encoded("recommend.item", {"itemId": popular[0]} | full)),
        ("recommend.session, 500 items, full, all fields", encoded("recommend.session", {"items": popular} | full)),
        ("recommend.popular, full, all fields", encoded("recommend.popular", full)),
        ("recommend.basket, 500 items, full, all fields", encoded("recommend.basket", {"items": popular} | full)),
        ("recommend.rank, 500 recent items, 500 candidates, full, all fields",
         encoded("recommend.rank", {"recentItems": recent, "itemIds": popular} | full)),
        ("segments.list", encoded("segments.list", {})),
        ("segments.of", encoded("segments.of", {"userId": user})),
        ("segments.members, 1,000", encoded("segments.members", {"segment": "champions", "count": 1000})),
        ("segments.trends, days", encoded("segments.trends", {"unit": "day"})),
        ("segments.predict", encoded("segments.predict", {"recency": 1, "frequency": 2, "monetary": 3})),
    ]


def arranged(popular, user):
    """What chooses and arranges: alone, together, and asked why an item is missing. Filters and boosts that a loop has met, and
    those that it meets for the first time."""
    recent = [{"itemId": item} for item in popular]
    limits = [{"property": name, "count": 3, "window": 50} for name in ("brand", "category1", "category2", "category3")]
    pinned = [{"itemId": item, "place": 5 * place + 1} for place, item in enumerate(popular[:100])]
    words = " or ".join(f'description contains "q{number}z"' for number in range(20))
    known = {"filter": f"({words}) or price >= 0", "boost": "1 + " + " + ".join(
        f'0.01 * (description contains "a{number}")' for number in range(16))}
    every = {"diversity": 0.5, "maxPer": limits, "pinned": pinned}
    numbers = itertools.count()

    def new_filter():
        return encoded("recommend.popular", {"count": 1, "filter": f"({words}) or price > {next(numbers)}.5"})

    def new_boost():
        return encoded("recommend.popular", {"count": MOST, "boost": known["boost"] + f" + {next(numbers)} / 100000"})

    return [
        ("diversity", encoded("recommend.user", {"userId": user, "count": MOST, "diversity": 0.5})),
        ("four limits in a window of 50", encoded("recommend.popular", {"count": MOST, "maxPer": limits})),
        ("diversity and four limits", encoded("recommend.popular", {"count": MOST, "diversity": 0.5, "maxPer": limits})),
        ("100 pinned items", encoded("recommend.popular", {"count": MOST, "pinned": pinned})),
        ("a filter that is known", encoded("recommend.popular", {"count": MOST, "filter": known["filter"]})),
        ("a boost that is known", encoded("recommend.popular", {"count": MOST, "boost": known["boost"]})),
        ("a filter that is new", new_filter),
        ("a boost that is new", new_boost),
        ("recommend.user, all of it", encoded("recommend.user", {"recentItems": recent, "count": MOST} | known | every)),
        ("recommend.item, all of it", encoded("recommend.item", {"itemId": popular[0], "count": MOST} | known | every)),
        ("recommend.session, all of it", encoded("recommend.session", {"items": popular, "count": MOST} | known | every)),
        ("recommend.basket, all of it", encoded("recommend.basket", {"items": popular, "count": MOST} | known | every)),
        ("recommend.popular, all of it", encoded("recommend.popular", {"count": MOST} | known | every)),
        ("recommend.rank, all of it",
         encoded("recommend.rank", {"recentItems": recent, "itemIds": popular, "count": MOST} | known | every)),
        ("explain.whyNot", encoded("explain.whyNot", {"recentItems": recent, "itemId": popular[-1], "count": MOST})),
        ("explain.whyNot, all of it", encoded(
            "explain.whyNot", {"recentItems": recent, "itemId": popular[-1], "count": MOST, "excludeSeen": False} | known | every)),
    ]


def live_methods(popular):
    """Writes of as many elements as a request may have, each time others, and what reads them."""
    numbers = itertools.count()

    def elements(make):
        first = next(numbers) * 1000
        return [make(first + number) for number in range(1000)]

    def events():
        return encoded("events.put", {"events": elements(
            lambda number: {"eventId": f"e{number}", "userId": f"w{number % 50}", "itemId": popular[number % MOST], "type": "view"})})

    def items():
        return encoded("items.upsert", {"items": elements(
            lambda number: {"itemId": f"n{number}", "properties": {f"p{place}": f"value {number}" for place in range(10)}})})

    return [
        ("events.put, 1,000", events), ("items.upsert, 1,000 of 10 properties", items),
        ("items.list, 1,000", encoded("items.list", {"count": 1000})),
        ("events.list, 1,000", encoded("events.list", {"userId": "w1", "count": 1000})),
        ("items.delete, 1,000", encoded("items.delete", {"itemIds": [f"n{number}" for number in range(1000)]})),
        ("users.export", encoded("users.export", {"userId": "w1"})),
        ("users.erase", encoded("users.erase", {"userId": "w1"})),
    ]


def persona_queries(asker, user):
    top = asker.result("personas.top", dimension="brand", count=16)
    if not top:
        return []
    names = {kind: [value["name"] for value in asker.result("personas.top", dimension=kind, count=16).get("values", [])]
             for kind in ("brand", "generic", "cityTier")}
    chosen = {kind: found for kind, found in names.items() if found}
    return [
        ("personas.of", encoded("personas.of", {"userId": user, "count": MOST})),
        ("personas.top, categories", encoded("personas.top", {"dimension": "category", "count": MOST})),
        ("personas.query, nothing asked for", encoded("personas.query", {"count": MOST})),
        ("personas.query, 16 of each", encoded("personas.query", {"count": MOST} | chosen)),
    ]


def frames():
    """Frames of 4 MiB with as much to parse as one can make of them; most are refused before they are parsed."""
    members = ("{" + ",".join(f'"{number:x}":0' for number in range(1024)) + "}").encode()
    pieces = {
        "numbers of 19 digits and a point": b"111111111111111111.5e-300", "numbers of 3,990 digits": b"1" * 3990 + b"e-4300",
        "zeros": b"0", "empty arrays": b"[]", "nesting": b"[" * 29 + b"]" * 29, "objects of 1,024 members": members,
        "numbers of 41 digits": b"9007199254740993.0000000000000000000000001", "strings": b'"abc"',
    }
    many = [(f"4 MiB of {name}", filled(piece)) for name, piece in pieces.items()]
    space = FRAME_BYTES - 60
    return many + [
        ("4 MiB in one string", b'{"id":1,"method":"ping","params":{"x":"' + b"a" * space + b'"}}'),
        ("4 MiB of short escapes", b'{"method":"ping","params":{"x":"' + b'\\"' * (space // 2) + b'"},"id":1}'),
        ("as many escapes as are allowed", b'{"method":"ping","params":{"x":"' + b'\\"' * 262_144 + b'"},"id":1}'),
        ("4 MiB of escapes", b'{"id":1,"method":"ping","params":{"x":"' + b"\\u00e9" * (space // 6) + b'"}}'),
        ("4 MiB before the id", b'{"method":"ping","params":{"x":"' + b"a" * space + b'"},"id":1}'),
        ("4 MiB as a choice", b'{"id":1,"method":"recommend.user","params":{"userId":"u","explain":"' + b"f" * (space - 40) + b'"}}'),
    ]


def filled(piece):
    head, tail = b'{"id":1,"method":"ping","params":{"x":[', b"]}}"
    return head + b",".join([piece] * ((FRAME_BYTES - len(head) - len(tail)) // (len(piece) + 1))) + tail


def measure(asker, process, name, request, options):
    """Milliseconds of the loop's thread, which others wait for, and of all threads: with one loop that is the process's first thread."""
    loop, everything, size, refusal = [], [], 0, None
    for _ in range(options.repeats):
        payload = request() if callable(request) else request
        before = processor_times(process)
        reply = asker.ask(payload)
        after = processor_times(process)
        loop.append(after[0] - before[0])
        everything.append(after[1] - before[1])
        size = len(payload)
        refusal = reply["error"]["reason"] if "error" in reply else None
    middle = sorted(loop)[len(loop) // 2]
    return {"name": name, "bytes": size, "ms": middle, "leastMs": min(loop), "allThreadsMs": sum(everything) / len(everything),
            "refusal": refusal, "holds": middle <= options.limit}


def processor_times(process):
    """Milliseconds that the first thread and all threads of a process have run, as the kernel counts them."""
    folder = f"/proc/{process}/task"
    if not os.path.isdir(folder):
        raise machine.Stop("the processor time of threads is read from /proc, which this system has not")
    times = {}
    for task in os.listdir(folder):
        try:
            times[int(task)] = int(pathlib.Path(folder, task, "schedstat").read_text().split()[0]) / 1e6
        except FileNotFoundError:
            continue
    return times[process], sum(times.values())


def show(rows, limit):
    say(f"\nthe most that may be asked for, one loop, milliseconds of processor time; limit {limit:g} ms of the loop")
    machine.table(["request", "bytes", "median ms", "least ms", "all threads ms", "refused as", "holds"],
                  [[row["name"], str(row["bytes"]), f"{row['ms']:.2f}", f"{row['leastMs']:.2f}", f"{row['allThreadsMs']:.2f}",
                    row["refusal"] or "-", "yes" if row["holds"] else "NO"] for row in rows])
