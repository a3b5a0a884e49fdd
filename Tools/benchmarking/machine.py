"""What the machine is, running programs, and tables."""

import ctypes
import ctypes.util
import os
import platform
import resource
import shutil
import subprocess
import sys
import time

output = sys.stdout


class Stop(Exception):
    """The benchmark cannot go on; the text says why."""


def say(text=""):
    print(text, file=output, flush=True)


def run(*command, **options):
    """Runs a command and returns its standard output; its failure ends the benchmark."""
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, text=True, **options)
    if done.returncode != 0:
        raise Stop(f"'{' '.join(str(word) for word in command)}' ended with exit code {done.returncode}")
    return done.stdout


def run_for_errors(command):
    """Runs a command and returns its standard error."""
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise Stop(f"'{' '.join(command)}' ended with exit code {done.returncode}")
    return done.stderr


def build_programs():
    """The folder of the release programs, built."""
    for product in ("foretaste-server", "foretaste", "foretaste-load"):
        say(f"$ swift build -c release --product {product}")
        done = subprocess.run(["swift", "build", "-c", "release", "--product", product], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            raise Stop("the build failed:\n" + done.stdout)
    return run("swift", "build", "-c", "release", "--show-bin-path").strip()


def timed(*command, errors=None):
    """Wall seconds, CPU seconds and peak bytes of a program, and its standard output; standard error into a file."""
    begin, before = time.monotonic(), os.times()
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, stderr=errors, text=True)
    text = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise Stop(f"'{' '.join(str(word) for word in command)}' ended with exit code {process.returncode}")
    unit = 1 if sys.platform == "darwin" else 1024
    return {"seconds": time.monotonic() - begin, "cpuSeconds": usage.ru_utime + usage.ru_stime,
            "peakBytes": usage.ru_maxrss * unit, "output": text}


def facts():
    return {"cores": os.cpu_count(), "model": model(), "system": platform.platform(), "blas": blas_core(),
            "memoryBytes": os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"), "loadAverage": os.getloadavg()}


def model():
    if sys.platform == "darwin":
        return run("sysctl", "-n", "machdep.cpu.brand_string").strip()
    with open("/proc/cpuinfo") as lines:
        for line in lines:
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.machine()


def blas_core():
    """The kernels that OpenBLAS takes on this processor, with OPENBLAS_CORETYPE unset."""
    name = ctypes.util.find_library("openblas")
    if not name:
        return "unknown (the library is not on the linker's path)"
    core = ctypes.CDLL(name).openblas_get_corename
    core.restype = ctypes.c_char_p
    return core().decode()


def say_facts(facts):
    say()
    say(f"{facts['cores']} cores, {facts['model']}, {facts['memoryBytes'] / 2**30:.1f} GiB, {facts['system']}")
    say(f"OpenBLAS core {facts['blas']} (OPENBLAS_CORETYPE unset)")
    say("load average before the run: %.2f %.2f %.2f" % tuple(facts["loadAverage"]))
    if facts["loadAverage"][0] > facts["cores"] / 2:
        say("THE MACHINE IS BUSY: absolute figures are too low; only compare within this run.")


def data_folder():
    """Where the public data sets are kept; see Tests/TestSupport."""
    return os.environ.get("FORETASTE_DATA") or os.path.join("..", "shared", "data")


def installed(*programs):
    return all(shutil.which(program) for program in programs)


def table(headings, rows):
    """Text to the left, numbers to the right."""
    cells = [[str(cell) for cell in row] for row in [headings] + rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(headings))]
    is_text = [any(row[column][:1].isalpha() for row in cells[1:]) for column in range(len(headings))]
    for number, row in enumerate(cells):
        shown = [cell.ljust(width) if left else cell.rjust(width) for cell, width, left in zip(row, widths, is_text)]
        say("  ".join(shown).rstrip())
        if number == 0:
            say("  ".join("-" * width for width in widths))


def cpu_seconds(process):
    """User and system time of a running process."""
    if sys.platform == "darwin":
        text = run("ps", "-o", "time=", "-p", process).strip()
        return sum(float(part) * 60**power for power, part in enumerate(reversed(text.split(":"))))
    with open(f"/proc/{process}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def mebibytes(count):
    return f"{count / 2**20:.1f}"


def raise_file_limit():
    """Each connection is a descriptor on both sides."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 4096 if hard == resource.RLIM_INFINITY else min(4096, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
