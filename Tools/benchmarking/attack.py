"""what clients that misbehave cost one that does not: latency, memory, and the time to stop, as ratios of one run"""

import json
import os
import random
import selectors
import signal
import socket
import struct
import subprocess
import sys
import time

from . import machine, serve
from .machine import say

# The promise: nobody waits longer than this many times the undisturbed time, and the longest request there is.
ALLOWED_RATIO = 3
# What memory may grow over the buffers' limit: the parser's tables and the system's own.
MEMORY_SLACK = 128 << 20
BUFFERS_MIB = 64
GRACE_SECONDS = 2


def add_options(parser):
    parser.add_argument("--index", metavar="DIR", help="an index; default: a made-up shop of 20,000 users and 10,000 items")
    parser.add_argument("--seconds", type=float, default=5, metavar="N", help="length of one measurement (5)")
    parser.add_argument("--minutes", type=float, default=0, metavar="N",
                        help="after that, all kinds at once: a misbehaving half of 200 clients for so long (0)")


def run(options, programs):
    machine.raise_file_limit()
    index = options.index or serve.make_shop(programs)
    users = [serve.any_user(programs, index).decode()]
    say(f"\nindex {index}: {serve.index_line(programs, index)}")
    server = start(programs, index)
    result = {"index": index, "rows": [], "failures": 0}
    try:
        quiet = witness(server.port, users, options.seconds)
        longest = max(quiet["longest"], cost_of_the_costly(server.port))
        say(f"the longest request of those below takes {longest:.1f} ms")
        result["rows"].append(row("undisturbed", quiet, quiet, longest))
        for name, attack, count in ATTACKS:
            with Attackers(server.port, attack, count, users):
                seen = witness(server.port, users, options.seconds)
                longest = max(longest, seen["longest"])
                late = late_answers(server.port, users)
                result["rows"].append(row(f"{count} {name}", seen, quiet, longest, late) | memory(server))
        if options.minutes:
            result["long"] = all_at_once(server, users, options.minutes, quiet)
            result["failures"] += result["long"]["failures"]
        result["stop"] = stop_during_flood(server, users)
    finally:
        if server.process.poll() is None:
            server.process.kill()
    show(result)
    result["failures"] += sum(not each["holds"] for each in result["rows"]) + (not result["stop"]["holds"])
    return result


def start(programs, index):
    """One loop, so that all meet on it; pinned, where there are two cores, beside the clients."""
    server = serve.Server(programs, index, 1, "--buffers", str(BUFFERS_MIB), "--grace", str(GRACE_SECONDS))
    pin(server.process.pid, 0)
    pin(0, 1)
    return server


def pin(process, core):
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        for task in os.listdir(f"/proc/{process or 'self'}/task"):
            os.sched_setaffinity(int(task), {core})


def frame(text):
    return struct.pack(">I", len(text)) + text


def request(number, user):
    return frame(json.dumps({"id": number, "method": "recommend.user", "params": {"userId": user, "count": 20}}).encode())


def receive(connection):
    head = exactly(connection, 4)
    return json.loads(exactly(connection, struct.unpack(">I", head)[0]))


def exactly(connection, count):
    parts = b""
    while len(parts) < count:
        part = connection.recv(count - len(parts))
        if not part:
            raise ConnectionError("the server closed the connection")
        parts += part
    return parts


def witness(port, users, seconds):
    """A client that asks, waits for the answer, and asks again."""
    times, queue, longest = [], [], 0
    end = time.monotonic() + seconds
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while time.monotonic() < end or len(times) < 100:
            begin = time.monotonic()
            connection.sendall(request(len(times), users[len(times) % len(users)]))
            reply = receive(connection)
            times.append((time.monotonic() - begin) * 1000)
            if "result" not in reply:
                raise machine.Stop(f"the client that behaves was refused: {reply}")
            queue.append(reply["meta"]["queueMs"])
            longest = max(longest, reply["meta"]["serverMs"] - reply["meta"]["queueMs"])
    return {"requests": len(times), "p50": at(times, 50), "p99": at(times, 99), "queueP99": at(queue, 99), "longest": longest}


def at(values, percent):
    return sorted(values)[min(len(values) - 1, int(len(values) * percent / 100))]


def row(name, seen, quiet, longest, late=0):
    allowed = ALLOWED_RATIO * quiet["p99"] + longest
    return {"name": name, **seen, "ratio": seen["p99"] / quiet["p99"], "allowedMs": allowed, "lateAnswers": late,
            "holds": seen["p99"] <= allowed and late == 0}


def costly():
    """Much work for a loop, and one request."""
    limits = [{"property": name, "count": 3, "window": 50} for name in ("brand", "category1", "category2", "category3")]
    parameters = {"count": 500, "diversity": 0.5, "maxPer": limits}
    return frame(json.dumps({"id": 1, "method": "recommend.popular", "params": parameters}).encode())


def cost_of_the_costly(port):
    """Milliseconds in the server, without waiting: the most of five."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        found = []
        for _ in range(5):
            connection.sendall(costly())
            meta = receive(connection)["meta"]
            found.append(meta["serverMs"] - meta["queueMs"])
        return max(found)


def late_answers(port, users, limit=20):
    """How many of 50 requests were answered though their deadline had passed before their turn, or refused before it had."""
    late = 0
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        for number in range(50):
            begin = time.monotonic()
            text = {"id": number, "method": "recommend.user", "params": {"userId": users[0]}, "deadlineMs": limit}
            connection.sendall(frame(json.dumps(text).encode()))
            reply = receive(connection)
            waited = (time.monotonic() - begin) * 1000
            if "result" in reply:
                late += reply["meta"]["queueMs"] >= limit + 1
            else:
                late += reply["error"]["reason"] != "DEADLINE_EXCEEDED" or waited < limit
    return late


def memory(server):
    return {"privateBytes": server.resident_bytes()[1]}


# Attackers: each is a generator over one non-blocking connection; what it yields is when it wants to go on.

def flood(connection, port, users, choose):
    """Sends as fast as the server takes it, and reads all."""
    many = b"".join(request(number, choose.choice(users)) for number in range(500))
    rest = many
    while True:
        rest = send_some(connection, rest) or many
        read_some(connection, 1 << 20)
        yield 0.001


def read_slowly(connection, port, users, choose):
    """Asks for much and reads one byte a second."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    rest = b"".join(request(number, choose.choice(users)) for number in range(5000))
    while True:
        rest = send_some(connection, rest)
        read_some(connection, 1)
        yield 1


def leave_half(connection, port, users, choose):
    """Announces 4 MiB and sends all but the end."""
    rest = struct.pack(">I", 4 << 20) + b" " * ((4 << 20) - 1)
    while True:
        rest = send_some(connection, rest)
        yield 0.01 if rest else 1


def vanish(connection, port, users, choose):
    """Asks, and is gone before the answer; some with a reset."""
    for number in range(choose.randrange(1, 50)):
        send_some(connection, request(number, choose.choice(users)))
    yield 0.01
    if choose.random() < 0.5:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    raise ConnectionError("left")


def babble(connection, port, users, choose):
    """What is no request, or one with a byte changed."""
    while True:
        text = bytearray(request(1, choose.choice(users)))
        for _ in range(choose.randrange(1, 4)):
            text[choose.randrange(len(text))] = choose.randrange(256)
        send_some(connection, bytes(text))
        read_some(connection, 1 << 16)
        yield 0.01


def ask_for_much(connection, port, users, choose):
    """The most that one request may ask for, and another."""
    items = json.dumps([f"x{number}" for number in range(500)])
    text = f'{{"id":1,"method":"recommend.user","params":{{"userId":"{users[0]}","count":500,"explain":"full","fields":["*"],"recentItems":{items}}}}}'
    rest = one = frame(text.encode())
    while True:
        rest = send_some(connection, rest) or one
        read_some(connection, 1 << 20)
        yield 0.001


def ask_and_wait(connection, port, users, choose):
    """One costly request after the other, each when the one before it is answered."""
    connection.setblocking(True)
    connection.settimeout(0.001)
    connection.sendall(costly())
    answer = b""
    while True:
        try:
            part = connection.recv(1 << 20)
            if not part:
                raise ConnectionError("closed")
            answer += part
        except TimeoutError:
            pass
        if len(answer) >= 4 and len(answer) >= 4 + struct.unpack(">I", answer[:4])[0]:
            answer = b""
            connection.sendall(costly())
        yield 0


def come_anew(connection, port, users, choose):
    """A connection for each costly request."""
    send_some(connection, costly())
    while True:
        try:
            if connection.recv(1 << 20):
                break
        except BlockingIOError:
            pass
        yield 0.001
    raise ConnectionError("left")


ATTACKS = (
    ("that pipeline", flood, 8), ("that ask for much and wait", ask_and_wait, 8), ("that come anew for much", come_anew, 8), ("that read a byte a second", read_slowly, 200), ("with half a frame of 4 MiB", leave_half, 200),
    ("that vanish", vanish, 50), ("that babble", babble, 50),
)
KINDS = (flood, read_slowly, leave_half, vanish, babble, ask_for_much, ask_and_wait, come_anew)


def send_some(connection, rest):
    try:
        return rest[connection.send(rest):] if rest else rest
    except BlockingIOError:
        return rest


def read_some(connection, limit):
    try:
        if not connection.recv(limit):
            raise ConnectionError("closed")
    except BlockingIOError:
        return


class Attackers:
    """Many of one kind in a process of its own, which gives way to the client that is measured."""

    def __init__(self, port, attack, count, users):
        self.arguments = [str(port), attack.__name__, str(count), json.dumps(users)]

    def __enter__(self):
        self.process = subprocess.Popen([sys.executable, "-c", "import sys; sys.path.insert(0, 'Tools'); sys.dont_write_bytecode = True; "
                                         "from benchmarking import attack; attack.main(*sys.argv[1:])", *self.arguments],
                                        stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def main(port, name, count, users):
    """The process of the attackers: says a line when they are at work."""
    os.nice(10)
    kinds = {kind.__name__: [kind] for kind in KINDS} | {"all": list(KINDS)}
    drive(int(port), kinds[name], int(count), json.loads(users))


def drive(port, kinds, count, users):
    choose = random.Random(7)
    agenda = [[0, number, None, None] for number in range(count)]
    begin, told = time.monotonic(), False
    while True:
        now = time.monotonic()
        if not told and now - begin > 1:
            told = True
            print("at work", flush=True)
        for entry in agenda:
            if entry[0] <= now:
                step(entry, port, kinds[entry[1] % len(kinds)], users, choose)
        time.sleep(0.0005)


def step(entry, port, kind, users, choose):
    """One attacker goes on; one that the server has closed comes again."""
    try:
        if entry[2] is None:
            entry[2] = socket.create_connection(("127.0.0.1", port), timeout=5)
            entry[2].setblocking(False)
            entry[3] = kind(entry[2], port, users, choose)
        entry[0] = time.monotonic() + next(entry[3])
    except OSError:
        if entry[2] is not None:
            entry[2].close()
        entry[0], entry[2] = time.monotonic() + 0.1, None


def all_at_once(server, users, minutes, quiet):
    """100 clients that behave beside 100 of all kinds that do not."""
    say(f"\n{minutes:g} minutes with a misbehaving half of 200 clients, from {time.strftime('%Y-%m-%d %H:%M:%S %Z')}")
    class all: __name__ = "all"
    behaved, failures, memory_seen = Behaved(server.port, users, 100), [], []
    with Attackers(server.port, all, 100, users):
        end, next_look = time.monotonic() + minutes * 60, 0
        while time.monotonic() < end:
            behaved.turn(failures)
            if time.monotonic() >= next_look:
                memory_seen.append(server.resident_bytes()[1])
                next_look = time.monotonic() + 10
    behaved.close()
    half = len(memory_seen) // 2
    growth = max(memory_seen[half:]) - max(memory_seen[:half] or memory_seen)
    allowed = ALLOWED_RATIO * quiet["p99"] + max(behaved.longest, quiet["longest"])
    found = {"requests": len(behaved.times), "p50": at(behaved.times, 50), "p99": at(behaved.times, 99), "allowedMs": allowed,
             "failedRequests": len(failures), "peakBytes": max(memory_seen), "growthBytes": growth}
    found["failures"] = len(failures) + (growth > 32 << 20)
    say(f"{found['requests']} requests of the other half, {len(failures)} failed {failures[:3]}; p50 {found['p50']:.2f}, p99 {found['p99']:.2f} ms")
    say(f"private memory at most {machine.mebibytes(found['peakBytes'])} MiB; {machine.mebibytes(growth)} MiB more in the second half than in the first")
    return found


class Behaved:
    """Clients with one request at a time and a pause of 0.2 s between, on one thread."""

    PAUSE = 0.2

    def __init__(self, port, users, count):
        self.port, self.users = port, users
        self.times, self.longest = [], 0
        self.selector = selectors.DefaultSelector()
        self.agenda = []
        for number in range(count):
            connection = socket.create_connection(("127.0.0.1", port), timeout=60)
            self.agenda.append((time.monotonic() + self.PAUSE * number / count, number, connection))

    def turn(self, failures):
        now = time.monotonic()
        waiting = []
        for due, number, connection in self.agenda:
            if due > now:
                waiting.append((due, number, connection))
                continue
            connection.sendall(request(number, self.users[number % len(self.users)]))
            self.selector.register(connection, selectors.EVENT_READ, (time.monotonic(), number))
        self.agenda = waiting
        for key, _ in self.selector.select(0.001):
            begin, number = key.data
            self.selector.unregister(key.fileobj)
            try:
                reply = receive(key.fileobj)
                if "result" not in reply:
                    failures.append(reply)
                else:
                    self.longest = max(self.longest, reply["meta"]["serverMs"] - reply["meta"]["queueMs"])
                self.times.append((time.monotonic() - begin) * 1000)
                self.agenda.append((time.monotonic() + self.PAUSE, number, key.fileobj))
            except OSError as reason:
                failures.append(str(reason))
                key.fileobj.close()

    def close(self):
        for _, _, connection in self.agenda:
            connection.close()


def stop_during_flood(server, users):
    """Signals, twice, while clients flood: the time to the end, beside the grace time."""
    with Attackers(server.port, flood, 8, users):
        begin = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        server.process.send_signal(signal.SIGINT)
        server.process.stdout.read()
        code = server.process.wait(timeout=120)
    seconds = time.monotonic() - begin
    return {"seconds": seconds, "exitCode": code, "holds": code == 0 and seconds <= GRACE_SECONDS + 2}


def show(result):
    say("\none loop, one client that asks and waits, milliseconds; allowed: "
        f"{ALLOWED_RATIO} times the undisturbed p99 and the longest single request")
    machine.table(
        ["beside", "requests", "p50", "p99", "p99 to undisturbed", "allowed", "waited p99 (queueMs)", "answers after their deadline", "private MiB", "holds"],
        [[each["name"], each["requests"], f"{each['p50']:.2f}", f"{each['p99']:.2f}", f"{each['ratio']:.2f}",
          f"{each['allowedMs']:.2f}", f"{each['queueP99']:.2f}",
          str(each["lateAnswers"]),
          machine.mebibytes(each["privateBytes"]) if "privateBytes" in each else "-", "yes" if each["holds"] else "NO"]
         for each in result["rows"]])
    stop = result["stop"]
    say(f"stopped during a flood, two signals, {stop['seconds']:.1f} s with a grace of {GRACE_SECONDS} s, exit code {stop['exitCode']}")
