"""Holds a client's driver to the transcripts.

A driver is a program that reads a line of JSON for each transcript and writes a line of JSON with what its calls came to. The
transcripts and what a driver has to do are described in Protocol/Clients/README.md.
"""

import json
import os
import socket
import subprocess
import threading

from .fake_server import FakeServer, is_subset

DRIVER_SECONDS = 60


class Transcripts:
    def __init__(self, folder, certificates):
        self.certificates = certificates
        self.all = []
        for name in sorted(os.listdir(folder)):
            if name.endswith(".json"):
                with open(os.path.join(folder, name), encoding="utf-8") as stream:
                    self.all += [expanded(one) for one in json.load(stream)["transcripts"]]
        names = [transcript["id"] for transcript in self.all]
        assert len(set(names)) == len(names), "a transcript's id is there twice"

    def run(self, command, only=None, without_tls=False):
        """Problems, one text each, and how many transcripts were played."""
        chosen = [one for one in self.all if (only is None or only in one["id"]) and not (without_tls and "tls" in one)]
        servers = {one["id"]: self.server(one) for one in chosen}
        with socket.create_server(("127.0.0.1", 0)) as closed:
            closed_port = closed.getsockname()[1]
        orders = [self.order(one, servers[one["id"]].port, closed_port) for one in chosen]
        outcomes, errors = run_driver(command, orders)
        problems = []
        for transcript in chosen:
            found = outcomes.get(transcript["id"])
            if found is None:
                problems.append(f"{transcript['id']}: the driver told no outcome")
            else:
                problems += [f"{transcript['id']}: {text}" for text in compare(transcript, found)]
            problems += [f"{transcript['id']}: {text}" for text in servers[transcript["id"]].end()]
            wanted = transcript["expect"].get("connections", len(transcript["server"]))
            if servers[transcript["id"]].accepted != wanted:
                problems.append(f"{transcript['id']}: {servers[transcript['id']].accepted} connections, not {wanted}")
        if problems and errors:
            problems.append(f"the driver says: {errors[-2000:]}")
        return problems, len(chosen)

    def server(self, transcript):
        tls = transcript.get("tls")
        return FakeServer(transcript["server"], tls and os.path.join(self.certificates, tls["certificate"]))

    def order(self, transcript, port, closed_port):
        """What the driver is told."""
        places = {"fake": f"127.0.0.1:{port}", "closed": f"127.0.0.1:{closed_port}"}
        options = {"connections": 1, "timeoutMs": 5000, "connectTimeoutMs": 5000, "silenceMs": 5000, "retries": 3, "backoffMs": 1, "backoffLimitMs": 10}
        options.update(transcript.get("options", {}))
        options["servers"] = [places[name] for name in options.get("servers", ["fake"])]
        tls = transcript.get("tls")
        if tls is not None:
            options["tls"] = {"ca": os.path.join(self.certificates, "ca.pem")} if tls["trusted"] else {}
            options["tls"].update({"serverName": tls["serverName"]} if "serverName" in tls else {})
        calls = [{"method": "ping", "params": {"echo": call["tag"]}, **call} for call in transcript["calls"]]
        return {"id": transcript["id"], "options": options, "calls": calls}


def expanded(transcript):
    """A call with `times` is so many calls, each of which gets its own text back."""
    calls, outcomes = [], dict(transcript["expect"]["outcomes"])
    for call in transcript["calls"]:
        tags = [f"{call['tag']}{number}" for number in range(call["times"])] if "times" in call else [call["tag"]]
        calls += [{**call, "tag": tag} for tag in tags]
        if "times" in call:
            outcomes.update({tag: call.get("outcome", {"result": {"echo": tag}}) for tag in tags})
    return {**transcript, "calls": calls, "expect": {**transcript["expect"], "outcomes": outcomes}}


def run_driver(command, orders):
    """Outcomes by the transcript's id, and what else the driver said."""
    program = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    timer = threading.Timer(DRIVER_SECONDS, program.kill)
    timer.start()
    try:
        output, errors = program.communicate("".join(json.dumps(order) + "\n" for order in orders))
    finally:
        timer.cancel()
    outcomes = {}
    for line in output.split("\n")[:-1]:
        try:
            told = json.loads(line)
        except ValueError:
            errors += f"\n(no JSON: {line})"
            continue
        outcomes[told["id"]] = told["outcomes"]
    if program.returncode != 0:
        errors += f"\n(exit code {program.returncode})"
    return outcomes, errors


def compare(transcript, found):
    for tag, expected in transcript["expect"]["outcomes"].items():
        # One of several, where it is the moment that decides.
        allowed = expected if isinstance(expected, list) else [expected]
        if not any(is_subset(one, found.get(tag)) for one in allowed):
            yield f"call {tag} came to {json.dumps(found.get(tag))}, not to {json.dumps(expected)}"
    odd = set(found) - set(transcript["expect"]["outcomes"])
    if odd:
        yield f"calls came to something that the transcript does not expect: {sorted(odd)}"
