"""rows per second of the readers on one core, beside Python's"""

import gzip
import importlib.util
import json
import pathlib
import random
import sys
import tempfile

from . import machine
from .machine import say

# Users and items of the made-up rows: ids of six and seven characters, as shops have.
USER_COUNT = 200_000
ITEM_COUNT = 50_000

CSV_LOOP = """
import csv, gzip, sys, time
begin = time.monotonic()
opener = gzip.open if sys.argv[1].endswith('.gz') else open
users, items, rows = {}, {}, []
with opener(sys.argv[1], 'rt', newline='') as file:
    reader = csv.reader(file)
    next(reader)
    for user, item, moment in reader:
        rows.append((users.setdefault(user, len(users)), items.setdefault(item, len(items)), int(moment)))
print(len(rows), time.monotonic() - begin)
"""

PANDAS = """
import sys, time
import pandas
begin = time.monotonic()
frame = pandas.read_csv(sys.argv[1])
frame['userId'].factorize(); frame['itemId'].factorize()
print(len(frame), time.monotonic() - begin)
"""

POLARS = """
import os, sys, time
os.environ['POLARS_MAX_THREADS'] = '1'
import polars
begin = time.monotonic()
frame = polars.read_csv(sys.argv[1])
frame['userId'].cast(polars.Categorical); frame['itemId'].cast(polars.Categorical)
print(len(frame), time.monotonic() - begin)
"""


def add_options(parser):
    parser.add_argument("--rows", default="1000000,5000000", metavar="N,N", help="rows of the files (1000000,5000000)")


def run(options, programs):
    rows = []
    with tempfile.TemporaryDirectory(prefix="foretaste-benchmark.") as folder:
        for count in (int(text) for text in options.rows.split(",")):
            plain = pathlib.Path(folder) / f"{count}.csv"
            make(plain, count)
            packed = plain.with_suffix(".csv.gz")
            with gzip.open(packed, "wb", compresslevel=6) as file:
                file.write(plain.read_bytes())
            for path in (plain, packed):
                rows += measure(programs, path, count)
                path.unlink()
    say("\nthree columns (userId, itemId, time), ids to dense numbers, one core")
    machine.table(["reader", "file", "rows", "MB", "seconds", "rows/s", "peak MiB", "ours is faster by"],
                  [[row["reader"], row["file"], row["rows"], f"{row['bytes'] / 1e6:.0f}", f"{row['seconds']:.2f}",
                    f"{row['rowsPerSecond']:.0f}", machine.mebibytes(row["peakBytes"]), f"{row['ratio']:.1f}"] for row in rows])
    return {"runs": rows}


def make(path, count):
    say(f"making {count} rows")
    choose = random.Random(7)
    users = [f"u{choose.randrange(USER_COUNT):05d}" for _ in range(min(count, USER_COUNT))]
    items = [f"item{choose.randrange(ITEM_COUNT)}" for _ in range(min(count, ITEM_COUNT))]
    with open(path, "w") as file:
        file.write("userId,itemId,time\n")
        for first in range(0, count, 100_000):
            size = min(100_000, count - first)
            file.writelines(f"{user},{item},{1_700_000_000 + first + row}\n" for row, (user, item) in enumerate(
                zip(choose.choices(users, k=size), choose.choices(items, k=size))))


def measure(programs, path, count):
    done = machine.timed(f"{programs}/foretaste-load", "read", path)
    ours = json.loads(done["output"])
    if ours["rows"] != count:
        raise machine.Stop(f"{path.name} has {count} rows, and the reader found {ours['rows']}")
    found = [("foretaste", ours["seconds"], done["peakBytes"])]
    peers = [("python csv", CSV_LOOP)]
    for name, script in (("pandas", PANDAS), ("polars", POLARS)):
        if importlib.util.find_spec(name):
            peers.append((name, script))
        else:
            say(f"{name} is not installed: not compared")
    for name, script in peers:
        done = machine.timed(sys.executable, "-c", script, path)
        rows, seconds = done["output"].split()
        if int(rows) != count:
            raise machine.Stop(f"{path.name} has {count} rows, and {name} found {rows}")
        found.append((name, float(seconds), done["peakBytes"]))
    kind = "gzip" if path.suffix == ".gz" else "plain"
    return [{"reader": name, "file": kind, "rows": count, "bytes": path.stat().st_size, "seconds": seconds,
             "rowsPerSecond": count / seconds, "peakBytes": peak, "ratio": seconds / found[0][1]}
            for name, seconds, peak in found]
