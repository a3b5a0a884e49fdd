"""A server that does what a transcript says, byte by byte: see Protocol/Clients/README.md for the steps."""

import json
import socket
import ssl
import struct
import threading
import time

# A step that waits longer than this has failed: clients of the transcripts wait for seconds at most.
LIMIT_SECONDS = 15
# What may be in flight on a connection, by the specification.
WINDOW = 128


class ScriptError(Exception):
    pass


def is_subset(expected, found):
    if isinstance(expected, dict) and set(expected) == {"atMost"}:
        return isinstance(found, (int, float)) and found <= expected["atMost"]
    if isinstance(expected, dict):
        return isinstance(found, dict) and all(name in found and is_subset(value, found[name]) for name, value in expected.items())
    if isinstance(expected, list):
        return isinstance(found, list) and len(expected) == len(found) and all(map(is_subset, expected, found))
    return type(expected) is type(found) and expected == found or isinstance(expected, float) and expected == found


class FakeServer:
    """One transcript's server: a listener, and a thread that accepts the connections and plays a script on each."""

    def __init__(self, scripts, certificate=None):
        self.scripts = scripts
        self.context = None
        if certificate is not None:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(certificate + ".pem", certificate + ".key")
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        self.problems = []
        # Where two connections' scripts wait for each other.
        self.meetings = threading.Barrier(2)
        self.accepted = 0
        self.players = []
        self.thread = threading.Thread(target=self._accept, daemon=True)
        self.thread.start()

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            place = self.accepted
            self.accepted += 1
            if place >= len(self.scripts):
                self.problems.append(f"connection {place + 1} was made; the transcript has {len(self.scripts)}")
                connection.close()
                continue
            player = threading.Thread(target=self._play, args=(connection, self.scripts[place], place), daemon=True)
            self.players.append(player)
            player.start()

    def _play(self, connection, script, place):
        try:
            connection.settimeout(LIMIT_SECONDS)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if script == [{"refuseTLS": True}]:
                self._refuse_tls(connection)
                return
            if self.context is not None:
                connection = self.context.wrap_socket(connection, server_side=True)
            player = Player(connection, self.meetings)
            player.play(script)
        except (ScriptError, OSError, ValueError, threading.BrokenBarrierError) as error:
            self.problems.append(f"connection {place + 1}: {error}")
        finally:
            connection.close()

    def _refuse_tls(self, connection):
        """The client is expected to find the certificate wrong."""
        try:
            tls = self.context.wrap_socket(connection, server_side=True)
            # With TLS 1.3 a server is done before the client has looked at its certificate.
            if tls.recv(1):
                self.problems.append("the client sent a request to a server with a wrong certificate")
            tls.close()
        except OSError:
            return

    def end(self):
        """What went otherwise than the transcript says."""
        self.listener.close()
        for player in self.players:
            player.join(LIMIT_SECONDS)
            if player.is_alive():
                self.problems.append("a connection's script has not come to its end")
        return self.problems


class Player:
    def __init__(self, connection, meetings):
        self.connection = connection
        self.meetings = meetings
        self.received = bytearray()
        self.requests = []
        self.leaves_requests = False

    def play(self, script):
        for step in script:
            if self.step(step):
                return
        self.await_close()
        if self.requests and not self.leaves_requests:
            raise ScriptError(f"requests came that the script does not know: {self.requests}")

    def step(self, step):
        """True where nothing follows."""
        if "await" in step:
            request = self.request(step["await"], keep=True)
            if not is_subset(step.get("request", {}), request):
                raise ScriptError(f"the request is {request}, not {step['request']}")
            absent = [name for name in step.get("without", []) if name in request]
            if absent:
                raise ScriptError(f"the request has {absent}: {request}")
        elif "reply" in step:
            self.send(framed(self.reply(step)), step.get("cut"))
        elif "drop" in step:
            self.request(step["drop"])
        elif "part" in step:
            self.send(framed(self.reply({**step, "reply": step["part"]}))[: step["bytes"]])
        elif "frame" in step:
            # It may be an answer whose bytes the transcript says itself.
            self.leaves_requests = True
            self.send(framed(step["frame"].encode() * step.get("times", 1)), step.get("cut"))
        elif "hex" in step:
            self.send(bytes.fromhex(step["hex"]))
        elif "text" in step:
            self.send(step["text"].encode())
        elif "goingAway" in step:
            self.send(framed(b'{"method":"server.goingAway"}'))
        elif "joined" in step:
            for tag in step["joined"]:
                self.request(tag, keep=True)
            self.send(b"".join(framed(self.reply({"reply": tag})) for tag in step["joined"]))
        elif "twice" in step:
            self.send(framed(self.reply({"reply": step["twice"]})) * 2)
        elif "echo" in step:
            self.echo(step["echo"])
        elif "meet" in step:
            self.meetings.wait(LIMIT_SECONDS)
        elif "awaitClose" in step:
            self.await_close()
            return True
        elif "close" in step:
            # First the sending side: a reset could take away what the client has not read.
            self.connection.shutdown(socket.SHUT_WR)
            self.await_close(tolerant=True)
            return True
        elif "reset" in step:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return True
        else:
            raise ScriptError(f"an unknown step: {step}")
        return False

    def reply(self, step):
        request = self.request(step["reply"])
        reply = {"id": request["id"]}
        if "error" in step:
            error = {"code": -32000, "status": "", "message": "Made up.", "retryable": False, **step["error"]}
            reply["error"] = error
        elif "members" in step:
            reply.update(step["members"])
        else:
            reply["result"] = step.get("result", {"echo": step["reply"]})
            if "pad" in step:
                reply["result"] = {**reply["result"], "pad": "x" * step["pad"]}
            reply["meta"] = step.get("meta", {"serverMs": 0.1, "queueMs": 0, "quality": "full"})
        return json.dumps(reply, ensure_ascii=False).encode()

    def echo(self, count):
        """So many requests, answered from the last to the first whenever as many wait as may be in flight."""
        while count > 0:
            while len(self.requests) < min(WINDOW, count):
                if not self.receive():
                    raise ScriptError(f"the client closed the connection; {count} requests were to come")
                if len(self.requests) > WINDOW:
                    raise ScriptError(f"{len(self.requests)} requests are in flight")
            count -= len(self.requests)
            tags = [tag_of(request) for request in reversed(self.requests)]
            self.send(b"".join(framed(self.reply({"reply": tag})) for tag in tags))

    def request(self, tag, keep=False):
        """The oldest request of this tag that has no answer: its `echo`, or its method where it has none."""
        while True:
            for place, request in enumerate(self.requests):
                if tag_of(request) == tag:
                    return request if keep else self.requests.pop(place)
            if not self.receive():
                raise ScriptError(f"the client closed the connection before its request {tag}")

    def receive(self):
        try:
            data = self.connection.recv(1 << 16)
        except TimeoutError:
            raise ScriptError(f"nothing came for {LIMIT_SECONDS} s; unanswered: {[tag_of(one) for one in self.requests]}") from None
        except (ConnectionResetError, BrokenPipeError, ssl.SSLError):
            data = b""
        if not data:
            return False
        self.received += data
        while len(self.received) >= 4:
            (length,) = struct.unpack_from(">I", self.received)
            if not 0 < length <= 4 << 20:
                raise ScriptError(f"the client sent a frame of {length} bytes")
            if len(self.received) < 4 + length:
                break
            request = json.loads(self.received[4 : 4 + length])
            if not isinstance(request.get("id"), (int, str)) and request.get("method") != "cancel":
                raise ScriptError(f"a request without an id: {request}")
            self.requests.append(request)
            del self.received[: 4 + length]
        return True

    def send(self, data, sizes=None):
        """In pieces of these sizes, the last one repeated; a breath between, so that they arrive one by one."""
        sizes = list(sizes or [])
        while sizes and data:
            size = sizes.pop(0) if len(sizes) > 1 else sizes[0]
            self.connection.sendall(data[:size])
            data = data[size:]
            time.sleep(0.001)
        if data:
            self.connection.sendall(data)

    def await_close(self, tolerant=False):
        while self.receive():
            if tolerant:
                self.requests.clear()


def framed(payload):
    return struct.pack(">I", len(payload)) + payload


def tag_of(request):
    params = request.get("params", {})
    return params["echo"] if isinstance(params.get("echo"), str) else request.get("method")
