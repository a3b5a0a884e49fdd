"""what a request costs the server, beside Redis GET of the same answer and any number of other builds, one at a time"""

import json
import os
import signal
import socket
import statistics
import subprocess
import time

from . import machine, serve
from .machine import say

KINDS = ("user-20", "user", "item", "popular", "session", "ping")


def add_options(parser):
    parser.add_argument("--index", metavar="DIR", help="an index; default: the made-up shop of 'serve'")
    parser.add_argument("--beside", metavar="PROGRAMS=INDEX", action="append", default=[],
                        help="another build's folder of programs and its index, measured in turn; may be repeated")
    parser.add_argument("--kinds", default="user-20", help=f"requests to ask: {', '.join(KINDS)} (user-20)")
    parser.add_argument("--history", default="40:60", metavar="FROM:TO", help="lengths of the users' histories (40:60)")
    parser.add_argument("--connections", type=int, default=1, metavar="N", help="connections at once (1)")
    parser.add_argument("--depth", type=int, default=1, metavar="N", help="requests on their way in each (1)")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="alternating rounds (5)")
    parser.add_argument("--milliseconds", type=int, default=1500, metavar="N", help="length of one measurement (1500)")


def run(options, programs):
    index = options.index or serve.make_shop(programs)
    systems = [Foretaste("this build", programs, index, programs, index)]
    for number, words in enumerate(options.beside):
        other, _, other_index = words.partition("=")
        systems.append(Foretaste(f"other build {number + 1}", other, other_index or index, programs, index))
    result = {"index": index, "history": options.history, "rows": [], "failures": 0}
    redis = Redis(programs, index)
    try:
        for kind in options.kinds.split(","):
            redis.keep(systems[0].any_answer(kind, options))
            say(f"\n{kind}, {options.connections} x {options.depth}, histories {options.history}, {options.rounds} rounds")
            rows = measure(kind, systems, redis, options)
            result["rows"] += rows
            result["failures"] += sum(row["errors"] for row in rows)
    finally:
        redis.stop()
        for system in systems:
            system.stop()
    return result


def measure(kind, systems, redis, options):
    """Each system in turn, again and again; ratios are those of one round."""
    found = {}
    for _ in range(options.rounds):
        for name, system, asked in [("Redis GET", redis, "redis-get"), ("Redis PING", redis, "redis-ping")] + [
                (system.name, system, kind) for system in systems]:
            found.setdefault(name, []).append(system.drive(asked, options))
    rows = []
    for name, rounds in found.items():
        row = {"kind": kind, "system": name, "errors": sum(one["errors"] for one in rounds)}
        for figure in ("cpuMicroseconds", "requestsPerSecond", "p50", "p99"):
            row[figure] = statistics.median(one[figure] for one in rounds)
        for peer, figure in (("Redis GET", "cpuMicroseconds"), ("Redis PING", "requestsPerSecond")):
            ratios = [mine[figure] / theirs[figure] for mine, theirs in zip(rounds, found[peer])]
            row[f"{figure} of {peer}"] = [min(ratios), statistics.median(ratios), max(ratios)]
        rows.append(row)
    machine.table(
        ["system", "CPU us", "req/s", "p50 us", "p99 us", "errors", "CPU of GET (range)", "req/s of PING (range)"],
        [[row["system"], f"{row['cpuMicroseconds']:.1f}", f"{row['requestsPerSecond']:.0f}", f"{row['p50']:.0f}",
          f"{row['p99']:.0f}", str(row["errors"]), spread(row["cpuMicroseconds of Redis GET"]),
          spread(row["requestsPerSecond of Redis PING"])] for row in rows])
    return rows


def spread(numbers):
    return "{1:.2f} ({0:.2f} to {2:.2f})".format(*numbers)


class System:
    """A server on core 0, driven by our load generator on the last core."""

    def pin(self):
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(self.process.pid, {0})

    def drive(self, kind, options):
        last = (os.cpu_count() or 1) - 1
        before = machine.cpu_seconds(self.process.pid)
        words = [f"{self.load}/foretaste-load", "drive", "--server", f"127.0.0.1:{self.port}", "--index", self.drawn_from,
                 "--kind", kind, "--connections", options.connections, "--depth", options.depth,
                 "--milliseconds", options.milliseconds, "--warm-up", 0, "--history", options.history]
        if hasattr(os, "sched_setaffinity"):
            words = ["taskset", "-c", last, *words]
        row = json.loads(machine.run(*words))
        row["cpuMicroseconds"] = (machine.cpu_seconds(self.process.pid) - before) * 1e6 / max(row["requests"], 1)
        return row


class Foretaste(System):
    def __init__(self, name, programs, index, load, drawn_from):
        self.name, self.load, self.drawn_from = name, load, drawn_from
        self.server = serve.Server(programs, index, 1)
        self.process, self.port = self.server.process, self.server.port
        self.pin()

    def any_answer(self, kind, options):
        """As many bytes as an answer of that kind has."""
        return b"x" * max(1, int(self.drive(kind, options)["replyBytes"]))

    def stop(self):
        self.server.stop()


class Redis(System):
    """As its users run it, without saving; the key "answer" has an answer's bytes."""

    def __init__(self, load, index):
        self.load, self.drawn_from = load, index
        if not machine.installed("redis-server"):
            from . import redis
            redis.install()
        if not machine.installed("redis-server"):
            raise machine.Stop("redis-server cannot be had, and there is nothing else to compare with")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
            stdout=subprocess.DEVNULL)
        self.pin()

    def keep(self, value):
        for _ in range(200):
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
                    connection.sendall(b"*3\r\n$3\r\nSET\r\n$6\r\nanswer\r\n$%d\r\n%s\r\n" % (len(value), value))
                    if connection.recv(64).startswith(b"+OK"):
                        return
            except OSError:
                time.sleep(0.02)
        raise machine.Stop("redis-server does not answer")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)
