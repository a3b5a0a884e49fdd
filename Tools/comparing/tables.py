"""The tables, for the terminal and as Markdown."""

import pathlib

from benchmarking import machine
from benchmarking.machine import Stop, say

from . import protocols

BEGIN = "<!-- written by Tools/compare-quality: do not edit from here -->"
END = "<!-- to here -->"
HEADINGS = ["train s", "CPU s", "MiB"]
GROUPS = {"ours": "Foretaste", "peer": "peer"}
LEGEND = """\
Source: Foretaste and peer: this run; P: published, R: reproduced by this project with public code, p: from memory, not to be cited.
`train s`, `CPU s`, `MiB`: wall time, processor time of all threads and peak memory of training; ours is a whole build (popularity,
content, model, blend, index written), of `content` and `session` one without a collaborative model, of `popularity` its first stage;
peers' is the fit alone, with memory of the interpreter and the data. `*`: more was running than the machine has cores; look at
processor time.
Settings: what was chosen on a part of the training rows; ours without any are the defaults, which are the same everywhere.
Differences: the default hybrid less our best single model and less the best peer by that metric, on the same users, with 95 %
intervals; which is best is told by the test part itself, so both are the strictest opponents."""


def number(value):
    return "-" if value is None else f"{value:.4f}"


def settings(system):
    text = ", ".join(f"{name} {value}" for name, value in (system.get("settings") or {}).items())
    return f"best of {system['trials']}: {text or 'the defaults'}" if system.get("trials") else text


def rows_of(protocol, result):
    """Cells of every measured system, then of what is published."""
    rows = []
    for system in result["systems"]:
        cells = [system["name"], GROUPS[system["group"]], *[number(system["metrics"].get(metric)) for metric in protocol.metrics]]
        if system.get("seconds") is None:
            cells += ["", "", ""]
        else:
            busy = "*" if system["isBusy"] else ""
            memory = f"{system['peakBytes'] / 2**20:.0f}" if system["peakBytes"] else "-"
            cells += [f"{system['seconds']:.1f}{busy}", f"{system['cpuSeconds']:.1f}", memory]
        rows.append((cells, settings(system)))
    for figure in result["published"]:
        cells = [figure["system"], {"quoted": "p"}.get(figure["source"], figure["source"])]
        cells += [number(figure["metrics"].get(protocols.title(metric))) for metric in protocol.metrics]
        rows.append((cells + ["", "", ""], ""))
    if any(protocol.goal):
        goal = list(protocol.goal) + [None] * (len(protocol.metrics) - len(protocol.goal))
        rows.append(([f"goal, {protocol.goal_of}", "", *[number(value) for value in goal], "", "", ""], ""))
    return rows


def remarks(protocol, result):
    lines = []
    for gap in result.get("differences", []):
        users = f", {gap['users']}" if gap["users"] else ""
        lines.append(f"{gap['system']} less {gap['other']}, {protocols.title(gap['metric'])}{users}: {gap['ours']:.4f} - "
                     f"{gap['theirs']:.4f} = {gap['mean']:+.4f} ± {gap['interval']:.4f}")
    lines += [f"not measured: {name}: {reason}" for name, reason in result.get("failures", {}).items()]
    return lines


def head(protocol):
    return ["System", "Source", *[protocols.title(metric) for metric in protocol.metrics], *HEADINGS]


def show(protocol, result):
    say(f"\n{protocol.name}: {result['summary']}")
    machine.table(head(protocol), [cells for cells, _ in rows_of(protocol, result)])
    for line in remarks(protocol, result):
        say(line)


def markdown(results):
    """All protocols that have a result, in the order of the table."""
    facts = results["machine"]
    lines = [f"Measured {results['date']} on {facts['cores']} cores of {facts['model']}, {facts['memoryBytes'] / 2**30:.0f} GiB, "
             f"{facts['system']}; {results['peers']}.", "", *LEGEND.splitlines()]
    for protocol in protocols.PROTOCOLS:
        result = results["protocols"].get(protocol.name)
        if not result:
            continue
        headings = [*head(protocol), "Settings"]
        lines += ["", f"### {protocol.name}", "", result["summary"] + ".", "", "| " + " | ".join(headings) + " |",
                  "|" + "|".join("---" if column < 2 or column == len(headings) - 1 else "--:"
                                 for column in range(len(headings))) + "|"]
        for cells, chosen in rows_of(protocol, result):
            lines.append("| " + " | ".join([*cells, chosen]) + " |")
        lines += [""] + [f"- {line}" for line in remarks(protocol, result)]
    return "\n".join(lines).rstrip() + "\n"


def write(path, results):
    """Between the two marks of the file, so that the prose around them is kept; a file without marks is not written over."""
    path = pathlib.Path(path)
    text = path.read_text(encoding="utf-8") if path.exists() else f"{BEGIN}\n{END}\n"
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise Stop(f"{path} has no place for the tables: put the lines '{BEGIN}' and '{END}' into it")
    before, rest = text.split(BEGIN)
    path.write_text(f"{before}{BEGIN}\n\n{markdown(results)}\n{END}{rest.split(END)[1]}", encoding="utf-8")
