"""Foretaste's own models, by `foretaste evaluate`."""

import json
import re
import subprocess
import sys
import time

from benchmarking import machine
from benchmarking.machine import Stop

# The run without a model's name has popularity, content, what `auto` chose and the default hybrid; the others have a model each.
DEFAULT = "default"
MODELS = ("item-knn", "user-knn", "rp3beta", "ials", "ease", "sparse-ease", "slist")

# Training lies between the ends of these two stages, as the program tells them: everything is read, the index is open.
READ = re.compile(r"^read \S+ in ")
BUILT = re.compile(r"^write and open the index in ")

VALIDATION = {"newest": "temporal:0.9", "last": "leave-last-one", "random": "random:0.9"}


def evaluate(tool, protocol, data, folder, options, split=None):
    """The report, time and memory of the training, and the folder of the lists."""
    lists = folder / protocol.name / "lists"
    report = folder / protocol.name / "report.json"
    command = [tool, "evaluate", "--protocol", protocol.name, "--data", data, "--no-latency", "--write-lists", lists,
               "--report", report, *options]
    if split:
        command += ["--write-split", split]
    cost = watched([str(word) for word in command])
    return json.loads(report.read_text(encoding="utf-8")), cost, lists


def watched(command):
    """Runs it and takes time and memory where a stage ends. Times are those of the training alone; reading is left out."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    begin = end = None
    last = ""
    for line in process.stderr:
        last = line.strip() or last
        if READ.match(line):
            begin = (time.monotonic(), machine.cpu_seconds(process.pid))
        elif BUILT.match(line):
            end = (time.monotonic(), machine.cpu_seconds(process.pid), peak_bytes(process.pid))
    if process.wait() != 0:
        raise Stop(f"'{' '.join(command)}' ended with exit code {process.returncode}: {last}")
    if not begin or not end:
        raise Stop(f"'{' '.join(command)}' did not tell its stages on standard error")
    return {"seconds": end[0] - begin[0], "cpuSeconds": end[1] - begin[1], "peakBytes": end[2]}


def peak_bytes(process):
    """Of a running process so far; 0 where the system does not tell."""
    if sys.platform == "darwin":
        return 0
    with open(f"/proc/{process}/status", encoding="ascii") as file:
        return next((int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM:")), 0)


def tune(tool, protocol, split, folder, trials, minutes):
    """Searches inside the training part: the file of options. The test part's files are not given to the program."""
    output = folder / protocol.name / "tuned"
    command = [tool, "tune", "--interactions", split / "train.csv", "--output", output, "--validation",
               VALIDATION[protocol.validation], "--metric", protocol.tuned_by, "--trials", str(trials), "--budget", str(minutes), "--quiet"]
    if (split / "items.jsonl").exists():
        command += ["--items", split / "items.jsonl"]
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        raise Stop(f"'foretaste tune' ended with exit code {done.returncode}: {done.stdout.strip()[-500:]}")
    return output


def trial_count(path):
    """The trials of a search that have a score, from its journal."""
    with open(f"{path}.journal", encoding="utf-8") as file:
        return sum(1 for line in file) - 1


def settings_of(path):
    """The options of a file that `foretaste tune` wrote, for the table."""
    with open(path, encoding="utf-8") as file:
        pairs = [line.split("=", 1) for line in file if "=" in line and not line.startswith("#")]
    return {name.strip(): value.strip() for name, value in pairs if name.strip() != "tuned-on"}
