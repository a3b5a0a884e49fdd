"""CPU that TLS adds to a pipelined request, plain and encrypted in turn"""

import json
import pathlib
import re
import socket
import ssl
import struct
import subprocess
import time

from . import machine, serve
from .machine import say

FOLDER = pathlib.Path(".build/benchmark-tls")
# The kinds of requests, each with its parameters.
REQUESTS = {"ping": {}, "recommend.user": {"userId": "u00001", "count": 10}}
DEPTH = 16
# Measurements of each way, in turn, so that a machine that slows down slows both.
ROUNDS = 5
# What the project promises.
LIMIT = 1.30


def add_options(parser):
    parser.add_argument("--requests", type=int, default=40_000, metavar="N", help="requests of one measurement (40,000)")
    parser.add_argument("--index", metavar="DIR", help="an index; default: a made-up shop of 20,000 users and 10,000 items")


def run(options, programs):
    index = options.index or serve.make_shop(programs)
    FOLDER.mkdir(parents=True, exist_ok=True)
    machine.run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj",
                "/CN=localhost", "-days", "2", "-keyout", FOLDER / "key.pem", "-out", FOLDER / "certificate.pem")
    log = FOLDER / "server.log"
    process = subprocess.Popen(
        [f"{programs}/foretaste-server", "--index", index, "--listen", "127.0.0.1:0", "--listen-tls", "127.0.0.1:0", "--threads", "1",
         "--tls-certificate", FOLDER / "certificate.pem", "--tls-key", FOLDER / "key.pem"], stderr=log.open("w"))
    try:
        plain, encrypted = ports(log)
        rows = [measure(process, method, plain, encrypted, options.requests) for method in REQUESTS]
    finally:
        process.terminate()
        process.wait()
    say(f"\n{DEPTH} requests on their way on one connection; CPU of the server, the median of {ROUNDS} measurements each, in turn")
    machine.table(["request", "plain us", "TLS 1.3 us", "ratio"],
                  [[row["request"], f"{row['plain']:.2f}", f"{row['tls']:.2f}", f"{row['ratio']:.3f}"] for row in rows])
    return {"rows": rows, "failures": 0, "limit": LIMIT}


def ports(log):
    end = time.monotonic() + 60
    while time.monotonic() < end:
        text = log.read_text()
        if '"listening"' in text:
            found = dict(re.findall(r'"(speaking TLS|listening)" address=127\.0\.0\.1:(\d+)', text))
            return int(found["listening"]), int(found["speaking TLS"])
        time.sleep(0.05)
    raise machine.Stop("the server did not start to listen")


def measure(process, method, plain, encrypted, count):
    figures = {"plain": [], "tls": []}
    for _ in range(ROUNDS):
        figures["plain"].append(cpu(process, method, plain, None, count))
        figures["tls"].append(cpu(process, method, encrypted, ssl.create_default_context(cafile=FOLDER / "certificate.pem"), count))
    middle = {name: sorted(values)[ROUNDS // 2] for name, values in figures.items()}
    return {"request": method, **middle, "ratio": middle["tls"] / middle["plain"]}


def cpu(process, method, port, context, count):
    """Microseconds of the server for a request."""
    payload = json.dumps({"id": 1, "method": method, "params": REQUESTS[method]}).encode()
    batch = (struct.pack(">I", len(payload)) + payload) * DEPTH
    client = socket.create_connection(("127.0.0.1", port))
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if context:
        client = context.wrap_socket(client, server_hostname="localhost")
    exchange(client, batch)
    before = machine.cpu_seconds(process.pid)
    for _ in range(count // DEPTH):
        exchange(client, batch)
    used = machine.cpu_seconds(process.pid) - before
    client.close()
    return used * 1e6 / (count // DEPTH * DEPTH)


def exchange(client, batch):
    client.sendall(batch)
    received, frames = b"", 0
    while frames < DEPTH:
        received += client.recv(262_144)
        while len(received) >= 4 and len(received) >= 4 + struct.unpack(">I", received[:4])[0]:
            received = received[4 + struct.unpack(">I", received[:4])[0]:]
            frames += 1
