"""the most that each method may be asked for, in milliseconds of the server beside the limit that is promised"""

import json
import pathlib
import socket
import struct
import time

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
    server = serve.Server(programs, index, 1, *arguments)
    attack.pin(server.process.pid, 0)
    attack.pin(0, 1)
    try:
        asker = Asker(server.port)
        rows = [measure(asker, name, request, options) for name, request in requests(asker)]
    finally:
        server.stop()
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
    user = (asker.result("segments.members", segment=first_segment(asker), count=1).get("userIds") or ["u00001"])[0]
    return methods(popular, user) + persona_queries(asker, user) + frames()


def first_segment(asker):
    segments = asker.result("segments.list").get("segments", [])
    return segments[0]["name"] if segments else "none"


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
        ("segments.list", encoded("segments.list", {})),
        ("segments.of", encoded("segments.of", {"userId": user})),
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
        "zeros": b"0", "empty arrays": b"[]", "nesting": b"[" * 29 + b"]" * 29, "objects of 1,024 members": members,
        "numbers of 41 digits": b"9007199254740993.0000000000000000000000001", "strings": b'"abc"',
    }
    many = [(f"4 MiB of {name}", filled(piece)) for name, piece in pieces.items()]
    space = FRAME_BYTES - 60
    return many + [
        ("4 MiB in one string", b'{"id":1,"method":"ping","params":{"x":"' + b"a" * space + b'"}}'),
        ("4 MiB of escapes", b'{"id":1,"method":"ping","params":{"x":"' + b"\\u00e9" * (space // 6) + b'"}}'),
        ("4 MiB before the id", b'{"method":"ping","params":{"x":"' + b"a" * space + b'"},"id":1}'),
        ("4 MiB as a choice", b'{"id":1,"method":"recommend.user","params":{"userId":"u","explain":"' + b"f" * (space - 40) + b'"}}'),
    ]


def filled(piece):
    head, tail = b'{"id":1,"method":"ping","params":{"x":[', b"]}}"
    return head + b",".join([piece] * ((FRAME_BYTES - len(head) - len(tail)) // (len(piece) + 1))) + tail


def measure(asker, name, payload, options):
    """Milliseconds in the server as `meta` tells them, less the wait; of the whole round trip where a refusal has no `meta`."""
    times, refusal = [], None
    for _ in range(options.repeats):
        begin = time.perf_counter()
        reply = asker.ask(payload)
        took = (time.perf_counter() - begin) * 1000
        meta = reply.get("meta")
        times.append(meta["serverMs"] - meta.get("queueMs", 0) if meta else took)
        refusal = reply["error"]["reason"] if "error" in reply else None
    middle = sorted(times)[len(times) // 2]
    return {"name": name, "bytes": len(payload), "ms": middle, "leastMs": min(times), "refusal": refusal,
            "holds": middle <= options.limit}


def show(rows, limit):
    say(f"\nthe most that may be asked for, one loop, milliseconds of the server without waiting (where a frame is refused: of the round trip); limit {limit:g} ms")
    machine.table(["request", "bytes", "median ms", "least ms", "refused as", "holds"],
                  [[row["name"], str(row["bytes"]), f"{row['ms']:.2f}", f"{row['leastMs']:.2f}", row["refusal"] or "-",
                    "yes" if row["holds"] else "NO"] for row in rows])
