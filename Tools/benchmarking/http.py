"""requests per second over HTTP, beside a FastAPI that does nothing, in one run"""

import pathlib
import re
import socket
import subprocess
import sys
import time

from . import machine, serve
from .machine import say

ENVIRONMENT = pathlib.Path(".build/benchmark-http")
REQUIREMENTS = "fastapi==0.165.0 uvicorn==0.54.0 uvloop==0.23.0 httptools==0.9.0"
# Everything that a framework can leave out is left out: no validation, no logging, the quickest loop and parser.
PEER = """
from fastapi import FastAPI

app = FastAPI()


@app.post("/v1/ping")
async def ping():
    return {}
"""
BODIES = {"ping": "{}", "recommend.user": '{"userId":"u00001","count":10}'}
CONNECTIONS = 32


def add_options(parser):
    parser.add_argument("--seconds", type=int, default=5, metavar="N", help="length of one measurement (5)")
    parser.add_argument("--index", metavar="DIR", help="an index; default: a made-up shop of 20,000 users and 10,000 items")


def run(options, programs):
    if not machine.installed("wrk"):
        raise machine.Stop("there is no wrk, which asks the questions: apt-get install wrk")
    index = options.index or serve.make_shop(programs)
    rows = measure_peer(options.seconds) + measure_ours(programs, index, options.seconds)
    peer = rows[0]["requestsPerSecond"]
    say(f"\n{CONNECTIONS} connections, one request at a time on each, driven by wrk on one thread of the same machine")
    machine.table(["server", "request", "req/s", "times FastAPI", "p99 ms", "CPU us", "errors"],
                  [[row["server"], row["request"], f"{row['requestsPerSecond']:.0f}", f"{row['requestsPerSecond'] / peer:.1f}",
                    row["p99"], f"{row['cpuMicroseconds']:.1f}", row["errors"]] for row in rows])
    return {"index": index, "rows": rows, "failures": sum(row["errors"] for row in rows)}


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def wait_for(port):
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise machine.Stop("a server did not start to listen")


def ask(process, port, name, method, seconds):
    script = ENVIRONMENT / "ask.lua"
    script.write_text(f"wrk.method = 'POST'\nwrk.body = '{BODIES[method]}'\nwrk.headers['Content-Type'] = 'application/json'\n")
    before = machine.cpu_seconds(process.pid)
    text = machine.run("wrk", "-t", 1, "-c", CONNECTIONS, "-d", f"{seconds}s", "--latency", "-s", script,
                       f"http://127.0.0.1:{port}/v1/{method}")
    count = int(re.search(r"(\d+) requests in", text).group(1))
    errors = sum(int(number) for number in re.findall(r"Non-2xx or 3xx responses: (\d+)|(?:connect|read|write|timeout) (\d+)", text)
                 for number in number if number)
    return {"server": name, "request": method, "requestsPerSecond": float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1)),
            "p99": re.search(r"99%\s+(\S+)", text).group(1), "errors": errors,
            "cpuMicroseconds": (machine.cpu_seconds(process.pid) - before) * 1e6 / count}


def measure_peer(seconds):
    marker = ENVIRONMENT / "installed"
    if not marker.exists() or marker.read_text() != REQUIREMENTS:
        machine.run(sys.executable, "-m", "venv", "--clear", ENVIRONMENT)
        machine.run(ENVIRONMENT / "bin/pip", "install", "--quiet", *REQUIREMENTS.split())
        marker.write_text(REQUIREMENTS)
    (ENVIRONMENT / "peer.py").write_text(PEER)
    port = free_port()
    process = subprocess.Popen(
        [ENVIRONMENT / "bin/python", "-m", "uvicorn", "--app-dir", ENVIRONMENT, "peer:app", "--port", str(port), "--loop", "uvloop",
         "--http", "httptools", "--no-access-log", "--log-level", "error"])
    try:
        wait_for(port)
        ask(process, port, "FastAPI", "ping", 1)
        return [ask(process, port, "FastAPI", "ping", seconds)]
    finally:
        process.terminate()
        process.wait()


def measure_ours(programs, index, seconds):
    rows = []
    for threads in (1, 2):
        port, frames = free_port(), free_port()
        process = subprocess.Popen(
            [f"{programs}/foretaste-server", "--index", index, "--listen", f"127.0.0.1:{frames}", "--threads", "1", "--http",
             f"127.0.0.1:{port}", "--http-threads", str(threads), "--log-level", "error"])
        try:
            wait_for(port)
            for method in BODIES:
                rows.append(ask(process, port, f"Foretaste, {threads} thread{'s' * (threads > 1)}", method, seconds))
        finally:
            process.terminate()
            process.wait()
    return rows
