"""Redis on the same machine in the same run: PING, and GET of a 1 KB value."""

import csv
import os
import shutil
import socket
import subprocess
import time

from . import machine
from .machine import say

# About what ten items with a few properties take.
VALUE_BYTES = 1024
# Requests in a millisecond that a measurement is sized by; only its length depends on it.
REQUESTS_PER_MS = {1: 40, 16: 400}


def measure(shapes, milliseconds):
    """One row for each command and shape; none, said loudly, where Redis cannot be had."""
    if not machine.installed("redis-server", "redis-benchmark"):
        install()
    if not machine.installed("redis-server", "redis-benchmark"):
        say("\nREDIS IS MISSING: there is nothing to compare with in this run. Install redis-server and run it again.")
        return []
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
                              stdout=subprocess.DEVNULL)
    try:
        wait_for(port, server)
        ask(port, "set", 1, 1, 1)
        rows = []
        for command, test in (("PING", "ping_mbulk"), ("GET", "get")):
            for connections, depth in shapes:
                count = milliseconds * REQUESTS_PER_MS[depth]
                before = machine.cpu_seconds(server.pid)
                row = {"command": command, "connections": connections, "depth": depth,
                       **ask(port, test, connections, depth, count)}
                row["cpuMicroseconds"] = (machine.cpu_seconds(server.pid) - before) * 1e6 / count
                rows.append(row)
    finally:
        server.terminate()
        server.wait()
    version = machine.run("redis-server", "--version").split()[2]
    say(f"\nRedis {version}, driven by redis-benchmark; GET of {VALUE_BYTES} bytes")
    machine.table(["request", "conn", "pipe", "req/s", "p50 us", "p99 us", "CPU us"],
                  [[row["command"], row["connections"], row["depth"], f"{row['requestsPerSecond']:.0f}", f"{row['p50']:.0f}",
                    f"{row['p99']:.0f}", f"{row['cpuMicroseconds']:.1f}"] for row in rows])
    return rows


def ask(port, test, connections, depth, count):
    text = machine.run("redis-benchmark", "-p", port, "-t", test, "-c", connections, "-P", depth, "-n", count,
                       "-d", VALUE_BYTES, "--csv")
    row = list(csv.DictReader(text.splitlines()))[0]
    return {"requestsPerSecond": float(row["rps"]), "p50": float(row["p50_latency_ms"]) * 1000,
            "p99": float(row["p99_latency_ms"]) * 1000}


def wait_for(port, server):
    for _ in range(200):
        if server.poll() is not None:
            raise machine.Stop("redis-server did not start")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise machine.Stop("redis-server does not answer")


def install():
    """By apt or brew, without a question; what fails is seen by the caller."""
    if shutil.which("apt-get"):
        sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
        say("installing redis with apt")
        subprocess.run([*sudo, "apt-get", "install", "-q", "-y", "--no-install-recommends", "redis-server", "redis-tools"],
                       stdout=subprocess.DEVNULL)
    elif shutil.which("brew"):
        say("installing redis with brew")
        subprocess.run(["brew", "install", "redis"], stdout=subprocess.DEVNULL)
