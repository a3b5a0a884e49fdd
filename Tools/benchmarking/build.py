"""time and memory of an index build, beside EASE in numpy"""

import gzip
import importlib.util
import json
import os
import pathlib
import re
import shutil
import sys
import tempfile

from . import machine
from .machine import say

# MovieLens 1M's size, for a made-up shop where the data set is not there.
SHOP = ("--users", "6040", "--items", "3883", "--seed", "7")

# The day on which the first rating of the data set was made; any would do.
FIRST_SECOND = 956_700_000

# The closed form of Steck 2019 on the same matrix, as people write it. Reading the file is timed apart.
EASE = """
import json, sys, time
import numpy, scipy.sparse
begin = time.monotonic()
users, items, rows, columns = {}, {}, [], []
with open(sys.argv[1], encoding='latin-1') as file:
    separator = '::' if sys.argv[1].endswith('.dat') else ','
    if separator == ',':
        next(file)
    for line in file:
        user, item = line.split(separator)[:2]
        rows.append(users.setdefault(user, len(users)))
        columns.append(items.setdefault(item, len(items)))
X = scipy.sparse.csr_matrix((numpy.ones(len(rows), numpy.float32), (rows, columns)), (len(users), len(items)))
X.data[:] = 1
read = time.monotonic() - begin
begin = time.monotonic()
G = (X.T @ X).toarray()
G[numpy.diag_indices_from(G)] += 1000
P = numpy.linalg.inv(G)
B = P / -numpy.diag(P)
numpy.fill_diagonal(B, 0)
print(json.dumps({'read': read, 'train': time.monotonic() - begin, 'shape': X.shape}))
"""


def add_options(parser):
    parser.add_argument("--repeat", type=int, default=1, metavar="N", help="how often; the best counts (1)")


def run(options, programs):
    with tempfile.TemporaryDirectory(prefix="foretaste-benchmark.") as folder:
        folder = pathlib.Path(folder)
        name, words, plain = movielens(folder) or shop(folder, programs)
        say(f"\n{name}")
        tries = []
        for number in range(options.repeat):
            tries.append(machine.timed(
                f"{programs}/foretaste", "build", *words, "--index", folder / f"{number}.index", "--json", "--quiet"))
        best = min(tries, key=lambda done: done["seconds"])
        ours = json.loads(best["output"])
        stages = stage_times(programs, words, folder)
        peer = ease(plain)
    result = {"data": name, "seconds": best["seconds"], "cpuSeconds": best["cpuSeconds"], "peakBytes": best["peakBytes"],
              "indexBytes": ours["byteCount"], "stages": stages, "ease": peer}
    rows = [["foretaste build, all of it", f"{best['seconds']:.2f}", f"{best['cpuSeconds']:.2f}",
             machine.mebibytes(best["peakBytes"])]]
    rows += [[f"  {stage}", f"{seconds:.2f}", "", ""] for stage, seconds in stages]
    if peer:
        rows.append(["numpy: read the ratings", f"{peer['read']:.2f}", "", ""])
        rows.append(["numpy: EASE", f"{peer['train']:.2f}", f"{peer['cpuSeconds']:.2f}", machine.mebibytes(peer["peakBytes"])])
    machine.table(["part", "seconds", "CPU s", "peak MiB"], rows)
    say(f"index {machine.mebibytes(ours['byteCount'])} MiB; ours also reads the catalogue, makes vectors and content"
        " neighbours, writes, checks and publishes")
    return result


def movielens(folder):
    """MovieLens 1M, unpacked for both; nothing where it is not there."""
    source = pathlib.Path(machine.data_folder()) / "movielens-1m"
    if not (source / "ratings_order.csv.gz").exists():
        say(f"MovieLens 1M is not in {machine.data_folder()}: a made-up shop of its size is built instead")
        return None
    # Back into the layout in which GroupLens gives it away: the order of the rows stands for the time.
    with gzip.open(source / "ratings_order.csv.gz", "rt") as rows, open(folder / "ratings.dat", "w") as file:
        for number, row in enumerate(rows):
            file.write(row.strip().replace(",", "::") + f"::{FIRST_SECOND + number}\n")
    with gzip.open(source / "movies.dat.gz") as packed, open(folder / "movies.dat", "wb") as plain:
        shutil.copyfileobj(packed, plain)
    words = ["--interactions", folder / "ratings.dat", "--items", folder / "movies.dat", "--format", "movielens-1m"]
    return "MovieLens 1M", words, folder / "ratings.dat"


def shop(folder, programs):
    machine.run(f"{programs}/foretaste", "synthesize", *SHOP, "--out", folder / "shop", "--quiet")
    words = ["--interactions", folder / "shop/interactions.csv", "--items", folder / "shop/items.jsonl"]
    return "a made-up shop of 6,040 users and 3,883 items", words, folder / "shop/interactions.csv"


def stage_times(programs, words, folder):
    """The stages as the build tells them on standard error, in seconds."""
    command = [str(word) for word in (f"{programs}/foretaste", "build", *words, "--index", folder / "stages.index")]
    return stages_told(machine.run_for_errors(command), folder)


def stages_told(text, folder):
    units = {"us": 1e-6, "ms": 1e-3, "s": 1, "min": 60}
    stages = []
    for line in text.splitlines():
        if line.endswith(" left") or re.search(r": \d+ %", line):
            continue
        minutes = re.match(r"(.*) in (\d+) min (\d+) s$", line)
        if minutes:
            stages.append((minutes.group(1), int(minutes.group(2)) * 60.0 + int(minutes.group(3))))
            continue
        found = re.match(r"(.*?)[:,]? .*?\b(?:in )?([0-9.]+) ?(us|ms|s|min)\b", line)
        if found:
            stages.append((found.group(1).replace(str(folder) + os.sep, "").strip(), float(found.group(2)) * units[found.group(3)]))
    return stages


def ease(ratings):
    missing = [name for name in ("numpy", "scipy") if not importlib.util.find_spec(name)]
    if missing:
        say(f"{' and '.join(missing)} MISSING: nothing to compare the build with in this run")
        return None
    done = machine.timed(sys.executable, "-c", EASE, ratings)
    return {**json.loads(done["output"]), "cpuSeconds": done["cpuSeconds"], "peakBytes": done["peakBytes"]}
