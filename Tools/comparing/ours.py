"""Foretaste's own models, by `foretaste evaluate`."""

import json
import pathlib
import re
import subprocess
import sys
import time

from benchmarking import machine
from benchmarking.machine import Stop

# The run without a model's name has popularity, content, what `auto` chose and the default hybrid; the others have a model each.
DEFAULT = "default"
MODELS = ("item-knn", "user-knn", "rp3beta", "ials", "ease", "sparse-ease", "slist", "ease+ials", "slist+ials")

# Training lies between the ends of the first and the last of these stages, as the program tells them: everything is read, the
# index is open. Popularity is there when the interactions are counted.
READ = re.compile(r"^read \S+ in ")
COUNTED = re.compile(r"^count interactions in ")
BUILT = re.compile(r"^write and open the index in ")


def evaluate(tool, protocol, data, folder, options, split=None):
    """The report, time and memory of the training, and the folder of the lists; a protocol of sessions has no lists."""
    lists = folder / protocol.name / "lists"
    report = folder / protocol.name / "report.json"
    command = [tool, "evaluate", "--protocol", protocol.name, "--data", data, "--report", report, *options]
    if not protocol.is_session:
        command += ["--no-latency", "--write-lists", lists]
    if split:
        command += ["--write-split", split]
    cost = watched([str(word) for word in command])
    return json.loads(report.read_text(encoding="utf-8")), cost, lists


def watched(command):
    """Runs it and takes time and memory where a stage ends: of the whole training, and under `counted` of its beginning.
    Reading is left out."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    begin = counted = built = None
    last = ""
    for line in process.stderr:
        last = line.strip() or last
        if READ.match(line):
            begin = (time.monotonic(), machine.cpu_seconds(process.pid))
        elif begin and COUNTED.match(line):
            counted = spent(process, *begin)
        elif begin and BUILT.match(line):
            built = spent(process, *begin)
    if process.wait() != 0:
        raise Stop(f"'{' '.join(command)}' ended with exit code {process.returncode}: {last}")
    if not counted or not built:
        raise Stop(f"'{' '.join(command)}' did not tell its stages on standard error")
    return {**built, "counted": counted}


def spent(process, begin, before):
    """Since `begin`, when `before` seconds of processor time had been spent; memory at its highest so far."""
    return {"seconds": time.monotonic() - begin, "cpuSeconds": machine.cpu_seconds(process.pid) - before,
            "peakBytes": peak_bytes(process.pid)}


def peak_bytes(process):
    """Of a running process so far; 0 where the system does not tell."""
    if sys.platform == "darwin":
        return 0
    with open(f"/proc/{process}/status", encoding="ascii") as file:
        return next((int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM:")), 0)


def tune(tool, protocol, data, folder, trials, minutes, since):
    """Searches inside the training part: the file of options. What a search made since `since` stands; of an older one the
    journal stands where the program is not newer."""
    output = folder / protocol.tuned_on / "tuned"
    journal = pathlib.Path(f"{output}.journal")
    if output.exists() and output.stat().st_mtime > since:
        return output
    if journal.exists() and journal.stat().st_mtime < pathlib.Path(tool).stat().st_mtime:
        journal.unlink()
    output.parent.mkdir(parents=True, exist_ok=True)
    command = [tool, "tune", "--protocol", protocol.tuned_on, "--data", data, "--output", output, "--trials", trials,
               "--budget", minutes, "--quiet"]
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        raise Stop(f"'foretaste tune' ended with exit code {done.returncode}: {done.stdout.strip()[-500:]}")
    return output


def trial_count(path):
    """The trials of a search, from its journal, where one has a line for each stage that it reached."""
    with open(f"{path}.journal", encoding="utf-8") as file:
        return len({line.split("\t")[0] for line in list(file)[1:]})


def settings_of(path):
    """The options of a file that `foretaste tune` wrote, for the table."""
    with open(path, encoding="utf-8") as file:
        pairs = [line.split("=", 1) for line in file if "=" in line and not line.startswith("#")]
    return {name.strip(): value.strip() for name, value in pairs if name.strip() != "tuned-on"}
