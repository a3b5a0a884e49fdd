"""durable events per second at 1, 16 and 256 connections, beside Redis XADD with appendfsync always on the same disk"""

import json
import os
import pathlib
import shutil
import socket
import subprocess

from . import machine, redis, serve
from .machine import say

CONNECTIONS = (1, 16, 256)


def add_options(parser):
    parser.add_argument("--index", metavar="DIR", help="an index; default: a made-up shop of 20,000 users and 10,000 items")
    parser.add_argument("--milliseconds", type=int, default=5000, metavar="N", help="length of one measurement (5000)")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="how often each is measured, in turn; the best counts (3)")
    parser.add_argument("--folder", metavar="DIR", default=".build/benchmark/live", help="where both write (.build/benchmark/live)")


def run(options, programs):
    machine.raise_file_limit()
    index = options.index or serve.make_shop(programs)
    folder = pathlib.Path(options.folder)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    say(f"\nindex {index}: {serve.index_line(programs, index)}\nboth write below {folder.resolve()}")
    server = serve.Server(programs, index, 1, "--live", str(folder / "live"))
    peer = Redis(folder)
    rows = []
    try:
        # One connection reads alone, then while 16 others write, so that the ratio is of one run.
        quiet = drive(programs, index, server.port, "user", 1, options.milliseconds)
        for connections in CONNECTIONS:
            best = {}
            for _ in range(options.rounds):
                for name, kind, port in (("foretaste", "event", server.port), ("redis", "redis-xadd", peer.port)):
                    row = drive(programs, index, port, kind, connections, options.milliseconds)
                    if row["requestsPerSecond"] > best.get(name, {"requestsPerSecond": 0})["requestsPerSecond"]:
                        best[name] = row
            rows.append({"connections": connections, **best})
        reading = read_while_writing(programs, index, server.port, options.milliseconds)
        server.stop()
    finally:
        if server.process.poll() is None:
            server.process.kill()
        peer.stop()
    show(rows, quiet, reading)
    failures = sum(row["foretaste"]["errors"] + row["redis"]["errors"] for row in rows)
    return {"index": index, "rows": rows, "quiet": quiet, "whileWriting": reading, "failures": failures}


def command(programs, index, port, kind, connections, milliseconds):
    return [f"{programs}/foretaste-load", "drive", "--server", f"127.0.0.1:{port}", "--index", index, "--kind", kind,
            "--connections", str(connections), "--milliseconds", str(milliseconds)]


def drive(programs, index, port, kind, connections, milliseconds):
    return json.loads(machine.run(*command(programs, index, port, kind, connections, milliseconds)))


def read_while_writing(programs, index, port, milliseconds):
    """Latencies of reads while 16 connections write as fast as they can."""
    writer = subprocess.Popen(command(programs, index, port, "event", 16, milliseconds + 1000), stdout=subprocess.DEVNULL)
    try:
        return drive(programs, index, port, "user", 1, milliseconds)
    finally:
        writer.wait()


def show(rows, quiet, reading):
    say()
    cells = []
    for row in rows:
        ours, theirs = row["foretaste"], row["redis"]
        cells.append([row["connections"], f"{ours['requestsPerSecond']:.0f}", f"{theirs['requestsPerSecond']:.0f}",
                      f"{ours['requestsPerSecond'] / theirs['requestsPerSecond']:.2f}", f"{ours['p99']:.0f}", f"{theirs['p99']:.0f}"])
    machine.table(["conn", "events/s", "XADD/s", "ratio", "p99 us", "XADD p99"], cells)
    say(f"\nrecommend.user, one connection: p99 {quiet['p99']:.0f} us alone, {reading['p99']:.0f} us while 16 connections write "
        f"({reading['p99'] / quiet['p99']:.2f} times)")


class Redis:
    """With every write on the disk before its answer."""

    def __init__(self, folder):
        if not machine.installed("redis-server"):
            redis.install()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        place = folder / "redis"
        os.makedirs(place)
        self.server = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "yes", "--appendfsync",
             "always", "--dir", str(place)], stdout=subprocess.DEVNULL)
        redis.wait_for(self.port, self.server)

    def stop(self):
        self.server.terminate()
        self.server.wait()
