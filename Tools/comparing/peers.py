"""Peers: where they are installed, which settings are tried, and their processes."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

from benchmarking.machine import Stop, say

PROCESS = pathlib.Path(__file__).with_name("peer_process.py")

# Pinned so that a run can be repeated. LensKit needs PyTorch, whose Linux wheels bring 5 GB of CUDA with them.
REQUIREMENTS = {
    "implicit": ["implicit==0.7.3", "numpy==2.4.6", "scipy==1.17.1"],
    "lenskit": ["lenskit==2025.8.1", "numpy==2.4.6", "scipy==1.17.1"],
}

# Dense matrices of LensKit's EASE beyond this do not fit beside others on a machine with 24 GB.
DENSE_ITEM_LIMIT = 20_000

# Settings of implicit's and LensKit's alternating least squares: regularisation and weight of a positive, and their order by
# what was best on the validation part of movielens-latest-small, so that a short grid has it.
ALS = ((20, 2), (10, 10), (1, 1), (50, 20), (1, 10), (10, 40), (0.1, 1), (0.1, 10))

# Eight settings each: around the libraries' defaults and around what is published for data sets like these.
GRIDS = {
    "implicit-als": [{"factors": 128, "regularization": regularization, "alpha": alpha, "iterations": 15}
                     for regularization, alpha in ALS],
    "implicit-bpr": [{"factors": 128, "learning_rate": rate, "regularization": regularization, "iterations": 100}
                     for rate in (0.05, 0.01) for regularization in (0.01, 0.03, 0.001, 0.1)],
    "implicit-knn": [{"weighting": "cosine", "K": 50}, {"weighting": "tf-idf", "K": 50},
                     {"weighting": "bm25", "K": 200, "K1": 0.5, "B": 0.3}, {"weighting": "cosine", "K": 200},
                     {"weighting": "bm25", "K": 50}, {"weighting": "bm25", "K": 200}, {"weighting": "tf-idf", "K": 200},
                     {"weighting": "cosine", "K": 20}],
    "lenskit-knn": [{"max_nbrs": used, "save_nbrs": saved} for used, saved in (
        (20, 1000), (50, 1000), (100, 1000), (200, 1000), (20, 100), (10, 1000), (50, 200), (400, 1000))],
    "lenskit-als": [{"embedding_size": 64, "regularization": regularization, "weight": weight, "epochs": 15}
                    for regularization, weight in ALS],
    "lenskit-ease": [{"regularization": l2} for l2 in (500, 100, 1000, 200, 2000, 50, 20, 5000)],
    "lenskit-slim": [{"l1_reg": l1, "l2_reg": l2, "max_nbrs": 200}
                     for l1, l2 in ((1, 10), (1, 100), (0.1, 10), (5, 10), (0.1, 1), (5, 100), (1, 500), (0.1, 100))],
}

# Where better figures are reproduced with more factors than 128: around those factors, and around the weights that "Revisiting
# the performance of iALS" found for films, in the library's units.
GRIDS_OF = {
    ("implicit-als", "ncf-ml1m"): [
        {"factors": 192, "regularization": regularization, "alpha": alpha, "iterations": 15} for regularization, alpha in (
            (20, 2), (50, 5), (20, 5), (10, 10), (10, 2), (100, 5), (50, 2), (20, 1))],
    ("implicit-als", "lightgcn-gowalla"): [
        {"factors": 256, "regularization": regularization, "alpha": alpha, "iterations": 15} for regularization, alpha in (
            (20, 20), (10, 10), (50, 20), (10, 40), (20, 40), (10, 20), (50, 50), (5, 20))],
}


def environment(peer, folder):
    """The Python of the peer's own environment, made on the first run."""
    home = folder / "environments" / peer
    python = home / "bin" / "python"
    marker = home / "installed"
    wanted = " ".join(REQUIREMENTS[peer])
    if not marker.exists() or marker.read_text() != wanted:
        say(f"installing {wanted} under {home}")
        if home.exists():
            shutil.rmtree(home)
        for command in ([sys.executable, "-m", "venv", home],
                        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-cache-dir",
                         "--only-binary", ":all:", *REQUIREMENTS[peer]]):
            done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            if done.returncode != 0:
                raise Stop(f"{peer} could not be installed:\n{done.stdout.strip()[-1500:]}")
        marker.write_text(wanted)
    return python


def measure(model, protocol, split, folder, item_count, setting_limit, minutes):
    """Chooses settings inside the training part, trains on all of it and ranks: what `tables` shows, and the lists' path. No
    setting is begun after so many minutes."""
    if model == "lenskit-ease" and item_count > DENSE_ITEM_LIMIT:
        raise Stop(f"{item_count} items are more than its dense matrices are given here ({DENSE_ITEM_LIMIT})")
    python = environment(model.split("-")[0], folder)
    work = folder / protocol.name
    lists = work / f"{model}.csv"
    common = {"model": model, "split": str(split), "count": max(int(name.split("@")[1]) for name in protocol.metrics)}
    grid = GRIDS_OF.get((model, protocol.name), GRIDS[model])
    tuned = ask(python, work, model, "tune", minutes, {
        **common, "grid": grid[:setting_limit], "secondLimit": minutes * 60, "validation": protocol.validation,
        "negatives": protocol.validation_negatives, "metric": protocol.tuned_by})
    answer = ask(python, work, model, "measure", minutes, {**common, "settings": tuned["best"], "lists": str(lists)})
    return {**answer, "settings": tuned["best"], "trials": tuned["trials"]}, lists


def ask(python, work, model, step, minutes, specification):
    """The answer of the peer's process, which is ended after three times its minutes: a setting that was begun may take that."""
    question, answer, log = (work / f"{model}.{step}.{ending}" for ending in ("question", "answer", "log"))
    question.write_text(json.dumps(specification))
    with open(log, "w", encoding="utf-8") as file:
        try:
            done = subprocess.run([str(python), str(PROCESS), str(question), str(answer)], stdout=file, stderr=subprocess.STDOUT,
                                  env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}, timeout=3 * minutes * 60)
        except subprocess.TimeoutExpired as reason:
            raise Stop(f"its process took more than {3 * minutes:g} minutes to {step}") from reason
    if done.returncode < 0:
        raise Stop(f"its process was stopped by signal {-done.returncode} while it was asked to {step}")
    if done.returncode > 0:
        last = (log.read_text(encoding="utf-8").strip().splitlines() or ["it said nothing"])[-1]
        raise Stop(f"its process failed while it was asked to {step}: {last}; see {log}")
    return json.loads(answer.read_text(encoding="utf-8"))
