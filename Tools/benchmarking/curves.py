"""how the cost of a personal answer grows: with the history's length, the catalogue's size, and connections at once"""

import statistics

from . import cost, machine, serve
from .machine import say

# Powers of two, since costs are looked at as ratios. Longer histories than 500 items are cut.
HISTORIES = [(1, 1), (2, 3), (4, 7), (8, 15), (16, 31), (32, 63), (64, 127), (128, 255)]
CONNECTIONS = [1, 2, 4, 8, 16, 32, 64, 128]
FIGURES = ("cpuMicroseconds", "p50", "p99", "requestsPerSecond")


def add_options(parser):
    parser.add_argument("--index", metavar="DIR", action="append", default=[],
                        help="an index; each is a point of the curve over catalogues, the largest one stands for the other curves (the made-up shop of 'serve')")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="times that all points are gone through (3)")
    parser.add_argument("--milliseconds", type=int, default=700, metavar="N", help="length of one measurement (700)")
    parser.set_defaults(depth=1)


def run(options, programs):
    indexes = [(item_count(programs, index), index) for index in options.index or [serve.make_shop(programs)]]
    indexes.sort()
    points = [("catalogue", count, index, (40, 60), 1) for count, index in indexes]
    largest = indexes[-1][1]
    points += [("history", (first + last) / 2, largest, (first, last), 1) for first, last in HISTORIES]
    points += [("connections", count, largest, (40, 60), count) for count in CONNECTIONS]
    systems = {index: cost.Foretaste("this build", programs, index, programs, index) for _, index in indexes}
    found, errors = {}, 0
    try:
        for _ in range(options.rounds):
            for point in points:
                row = measured(point, systems[point[2]], options)
                errors += row["errors"]
                found.setdefault(point[:2], []).append(row)
    finally:
        for system in systems.values():
            system.stop()
    curves = {}
    for (curve, place), rounds in found.items():
        row = {"at": place} | {figure: statistics.median(one[figure] for one in rounds) for figure in FIGURES}
        curves.setdefault(curve, []).append(row)
    for curve, rows in curves.items():
        say(f"\nrecommend.user, 20 items, by {curve}, median of {options.rounds} rounds")
        machine.table([curve, "CPU us", "p50 us", "p99 us", "req/s"],
                      [[f"{row['at']:g}"] + [f"{row[figure]:.0f}" for figure in FIGURES] for row in rows])
    return {"curves": curves, "items": [count for count, _ in indexes], "failures": errors}


def item_count(programs, index):
    """By the line that says what an index holds: '50000 items'."""
    return int(serve.index_line(programs, index).split(" items")[0].split()[-1].replace(",", ""))


def measured(point, system, options):
    _, _, _, (first, last), connections = point
    options.history, options.connections = f"{first}:{last}", connections
    return system.drive("user-20", options)
