"""Scores lists of whoever made them, all by `foretaste metrics`, whose values `Tools/check-metrics` compares with trec_eval's."""

import csv
import json
import math
import subprocess

from benchmarking.machine import Stop


class Scorer:
    """The test users of one split and what is to be found for them."""

    def __init__(self, tool, split, folder):
        self.tool = tool
        self.split = split
        self.path = folder / "scored.jsonl"
        self.wanted = {}
        self.numbers = {}
        with open(split / "test.csv", newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                self.wanted.setdefault(row["userId"], {})[row["itemId"]] = None

    def known_users(self):
        """Whether training has a row of each test user, in the order of the values."""
        with open(self.split / "train.csv", newline="", encoding="utf-8") as file:
            known = {row["userId"] for row in csv.DictReader(file)}
        return [user in known for user in self.wanted]

    def number(self, item):
        return self.numbers.setdefault(item, len(self.numbers))

    def score(self, lists, metrics):
        """Means of the metrics, and every user's values of them in one order for all systems."""
        found = {}
        with open(lists, newline="", encoding="utf-8") as file:
            for row in csv.reader(file):
                found[row[0]] = row[1:]
        if found.keys() != self.wanted.keys():
            raise Stop(f"{lists} has lists of {len(found)} users, the test part has {len(self.wanted)} users")
        with open(self.path, "w", encoding="utf-8") as file:
            for user, wanted in self.wanted.items():
                line = {"ranked": [self.number(item) for item in found[user]],
                        "relevant": [self.number(item) for item in wanted]}
                file.write(json.dumps(line) + "\n")
        cut_offs = ",".join(sorted({metric.split("@")[1] for metric in metrics}, key=int))
        done = subprocess.run([str(self.tool), "metrics", "--lists", str(self.path), "--at", cut_offs, "--json"],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.path.unlink()
        if done.returncode != 0:
            raise Stop(f"'foretaste metrics' ended with exit code {done.returncode}: {done.stderr.strip()[-500:]}")
        answer = json.loads(done.stdout)
        return ({metric: answer["mean"][metric] for metric in metrics},
                {metric: [values[metric] for values in answer["lists"]] for metric in metrics})


def difference(pairs):
    """Means of ours and theirs, the mean of the paired differences, and half of its 95 % interval (normal approximation)."""
    count = len(pairs)
    ours, theirs = (sum(column) / count for column in zip(*pairs))
    variance = sum((one - other - ours + theirs) ** 2 for one, other in pairs) / max(count - 1, 1)
    return {"ours": ours, "theirs": theirs, "mean": ours - theirs,
            "interval": 1.96 * math.sqrt(variance / count) if count > 1 else math.inf}
