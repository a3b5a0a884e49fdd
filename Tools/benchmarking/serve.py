"""requests per second, latency, CPU and memory of a running server, beside Redis"""

import json
import os
import pathlib
import re
import signal
import socket
import struct
import subprocess
import sys
import time

from . import machine, redis
from .machine import say

KINDS = ("ping", "user", "user-fields", "item", "popular")
# Connections and requests on their way in each.
SHAPES = ((1, 1), (8, 1), (64, 1), (16, 16))
# The list's size and the catalogue's size of the shop that is made where no index is given.
SHOP = ("--users", "20000", "--items", "10000", "--seed", "7")
# The time from a process's start to its first answer that the project promises on MovieLens 1M.
READY_LIMIT_MS = 100


def add_options(parser):
    parser.add_argument("--index", metavar="DIR", help="an index; default: a made-up shop of 20,000 users and 10,000 items")
    parser.add_argument("--milliseconds", type=int, default=2000, metavar="N", help="length of one measurement (2000)")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), metavar="N",
                        help="threads of the second server, beside one with 1 (all cores)")
    parser.add_argument("--kinds", default=",".join(KINDS), help=f"requests to ask: {', '.join(KINDS)}")
    parser.add_argument("--starts", type=int, default=5, metavar="N", help="how often the start is timed (5)")


def run(options, programs):
    kinds = options.kinds.split(",")
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown:
        raise machine.Stop(f"no such request: {', '.join(unknown)}")
    machine.raise_file_limit()
    index = options.index or make_shop(programs)
    say(f"\nindex {index}: {index_line(programs, index)}")
    result = {"index": index, "starts": time_starts(programs, index, options.starts), "runs": [], "failures": 0}
    peers = redis.measure(SHAPES, options.milliseconds)
    result["redis"] = peers
    for threads in sorted({1, options.threads}):
        rows = measure_server(programs, index, threads, kinds, options.milliseconds, peers)
        result["runs"] += rows
        result["failures"] += sum(row["errors"] for row in rows)
    return result


def make_shop(programs):
    folder = pathlib.Path(".build/benchmark")
    index = folder / "shop.index"
    if not (index / "CURRENT").exists():
        say("\nmaking a shop of 20,000 users and 10,000 items and its index (once; it stays in .build/benchmark)")
        machine.run(f"{programs}/foretaste", "synthesize", *SHOP, "--out", folder / "shop", "--quiet")
        machine.run(f"{programs}/foretaste", "build", "--quiet", "--interactions", folder / "shop/interactions.csv",
                    "--items", folder / "shop/items.jsonl", "--index", index)
    return str(index)


def index_line(programs, index):
    facts = json.loads(machine.run(f"{programs}/foretaste", "inspect", index, "--json"))
    return (f"{facts['userCount']} users, {facts['itemCount']} items, {facts['historyEntryCount']} history entries, "
            f"{facts['collaborativeModel']}, {machine.mebibytes(facts['byteCount'])} MiB")


class Server:
    """A server on a free port, from its start to its end."""

    def __init__(self, programs, index, threads, *arguments):
        self.begin = time.monotonic()
        self.process = subprocess.Popen(
            [f"{programs}/foretaste-server", "--index", index, "--listen", "127.0.0.1:0", "--threads", str(threads), *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, bufsize=1)
        for line in self.process.stdout:
            found = re.search(r"listening.*address=\"?127\.0\.0\.1:(\d+)", line)
            if found:
                self.port = int(found.group(1))
                return
        raise machine.Stop("the server ended before it listened")

    def ask(self, text):
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(struct.pack(">I", len(text)) + text)
            reply = b""
            while len(reply) < 4 or len(reply) < 4 + struct.unpack(">I", reply[:4])[0]:
                part = connection.recv(1 << 16)
                if not part:
                    raise machine.Stop("the server closed the connection")
                reply += part
        return json.loads(reply[4:])

    def resident_bytes(self):
        """All resident pages, and those that are the process's own: the mapped index is the rest."""
        if sys.platform == "darwin":
            total = int(machine.run("ps", "-o", "rss=", "-p", self.process.pid)) * 1024
            return total, total
        with open(f"/proc/{self.process.pid}/status") as file:
            sizes = dict(line.split(":", 1) for line in file)
        return tuple(int(sizes[name].split()[0]) * 1024 for name in ("VmRSS", "RssAnon"))

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.stdout.read()
        if self.process.wait(timeout=60) != 0:
            raise machine.Stop(f"the server ended with exit code {self.process.returncode}")


def time_starts(programs, index, count):
    """Milliseconds from a process's start to the answer to its first ping, and to its first recommendation after that."""
    ready, first, later = [], [], []
    for _ in range(count):
        server = Server(programs, index, 1)
        server.ask(b'{"id":1,"method":"ping"}')
        ready.append((time.monotonic() - server.begin) * 1000)
        recommendation = b'{"id":1,"method":"recommend.user","params":{"userId":"%s"}}' % any_user(programs, index)
        first.append(server.ask(recommendation)["meta"]["serverMs"])
        later.append(server.ask(recommendation)["meta"]["serverMs"])
        resident, private = server.resident_bytes()
        server.stop()
    verdict = "within" if min(ready) <= READY_LIMIT_MS else "ABOVE"
    say(f"start to first answered ping: best {min(ready):.1f}, median {sorted(ready)[len(ready) // 2]:.1f} ms"
        f" ({verdict} the {READY_LIMIT_MS} ms asked for)")
    say(f"first recommend.user after a start {min(first):.2f} ms in the server, the same again {min(later):.2f} ms")
    say(f"memory then: {machine.mebibytes(resident)} MiB resident, {machine.mebibytes(private)} MiB of it the process's own")
    return {"readyMs": ready, "firstRecommendMs": first, "secondRecommendMs": later, "residentBytes": resident,
            "privateBytes": private}


def any_user(programs, index, _known={}):
    """An id of a user with a history: the first that the load generator would draw."""
    if index not in _known:
        _known[index] = machine.run(f"{programs}/foretaste-load", "draw", "--index", index).strip().encode()
    return _known[index]


def measure_server(programs, index, threads, kinds, milliseconds, peers):
    say(f"\nforetaste-server, {threads} thread{'s' if threads > 1 else ''}, load from one thread on the same machine")
    server = Server(programs, index, threads)
    rows = []
    try:
        for kind in kinds:
            for connections, depth in SHAPES:
                before = machine.cpu_seconds(server.process.pid)
                text = machine.run(
                    f"{programs}/foretaste-load", "drive", "--server", f"127.0.0.1:{server.port}", "--index", index,
                    "--kind", kind, "--connections", connections, "--depth", depth, "--milliseconds", milliseconds,
                    "--warm-up", 0)
                row = {"threads": threads, "kind": kind, "connections": connections, "depth": depth, **json.loads(text)}
                row["cpuMicroseconds"] = (machine.cpu_seconds(server.process.pid) - before) * 1e6 / max(row["requests"], 1)
                rows.append(row)
        resident, private = server.resident_bytes()
    finally:
        server.stop()
    show(rows, peers)
    say(f"memory after it: {machine.mebibytes(resident)} MiB resident, {machine.mebibytes(private)} MiB the process's own")
    return rows


def show(rows, peers):
    lines = []
    for row in rows:
        ping, get = (peer_rate(peers, name, row) for name in ("PING", "GET"))
        rate = row["requestsPerSecond"]
        lines.append([
            row["kind"], str(row["connections"]), str(row["depth"]), f"{rate:.0f}", f"{row['p50']:.0f}",
            f"{row['p90']:.0f}", f"{row['p99']:.0f}", f"{row['p999']:.0f}", f"{row['cpuMicroseconds']:.1f}",
            f"{row['replyBytes']:.0f}", str(row["errors"]), f"{rate / ping:.3f}" if ping else "-",
            f"{rate / get:.3f}" if get else "-"])
    machine.table(["request", "conn", "pipe", "req/s", "p50 us", "p90 us", "p99 us", "p99.9 us", "CPU us", "bytes",
                   "errors", "of PING", "of GET"], lines)


def peer_rate(peers, name, row):
    for peer in peers:
        if (peer["command"], peer["connections"], peer["depth"]) == (name, row["connections"], row["depth"]):
            return peer["requestsPerSecond"]
    return None
