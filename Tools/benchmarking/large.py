"""a catalogue of a million items: made, built and served"""

import json
import pathlib
import tempfile

from . import build, machine, serve
from .machine import say


def add_options(parser):
    parser.add_argument("--users", type=int, default=120_000, metavar="N", help="55 interactions each (120,000)")
    parser.add_argument("--items", type=int, default=1_000_000, metavar="N", help="with titles and descriptions (1,000,000)")
    parser.add_argument("--model", default="auto", metavar="NAME", help="the collaborative model (auto)")
    parser.add_argument("--memory-limit", type=int, default=8192, metavar="MIB", help="what that may take (8192)")
    parser.add_argument("--milliseconds", type=int, default=2000, metavar="N", help="length of one measurement (2000)")
    parser.add_argument("--folder", default=".build/benchmark", metavar="DIR", help="where a few GB are free (.build/benchmark)")


def run(options, programs):
    pathlib.Path(options.folder).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="large.", dir=options.folder) as folder:
        folder = pathlib.Path(folder)
        made = machine.timed(f"{programs}/foretaste", "synthesize", "--users", options.users, "--items", options.items,
                             "--out", folder / "shop", "--quiet", "--json")
        counts = json.loads(made["output"])
        say(f"\n{counts['interactions']:,} interactions of {counts['users']:,} users with {counts['items']:,} items,"
            f" made in {made['seconds']:.0f} s")
        words = ["--interactions", folder / "shop/interactions.csv", "--items", folder / "shop/items.jsonl",
                 "--model", options.model, "--memory-limit", options.memory_limit]
        with open(folder / "stages", "w+") as told:
            built = machine.timed(f"{programs}/foretaste", "build", *words, "--index", folder / "large.index", "--json",
                                  errors=told)
            told.seek(0)
            stages = build.stages_told(told.read(), folder)
        index = json.loads(built["output"])
        rows = [["foretaste build, all of it", f"{built['seconds']:.1f}", f"{built['cpuSeconds']:.1f}",
                 machine.mebibytes(built["peakBytes"])]]
        rows += [[f"  {stage}", f"{seconds:.1f}", "", ""] for stage, seconds in stages]
        machine.table(["part", "seconds", "CPU s", "peak MiB"], rows)
        say(f"index {machine.mebibytes(index['byteCount'])} MiB")
        place = str(folder / "large.index")
        starts = serve.time_starts(programs, place, 3)
        runs = serve.measure_server(programs, place, 1, ["user"], options.milliseconds, [])
    return {"counts": counts, "makeSeconds": made["seconds"], "seconds": built["seconds"],
            "cpuSeconds": built["cpuSeconds"], "peakBytes": built["peakBytes"], "indexBytes": index["byteCount"],
            "stages": stages, "starts": starts, "runs": runs, "failures": sum(row["errors"] for row in runs)}
