"""One model of a peer, in a process of its own so that its time and memory are its own.

    python peer_process.py SPECIFICATION.json ANSWER.json

The specification says which model, on which split (`foretaste evaluate --write-split`), and either a grid of settings, of
which the best on a part of the *training* rows is told, or the settings with which to train on all of them and rank for
the test users. Of the test part only the users are read, and where they are given the candidates.
"""

import csv
import json
import math
import os
import random
import resource
import sys
import time

# implicit asks for one BLAS thread: it runs its own.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np  # noqa: E402
import scipy.sparse as sparse  # noqa: E402

SEED = 42
# Enough that two settings a percent apart are told apart; so many are asked in `foretaste tune` too.
VALIDATION_USERS = 2000
VALIDATION_SHARE = 0.1
BLOCK = 256


class Split:
    """The training pairs, each once, in order of time where there is one. Columns go by popularity, the most popular first,
    so that a stable sort by score breaks ties by popularity and then by id."""

    def __init__(self, folder):
        rows = read_rows(f"{folder}/train.csv")
        counts = {}
        for _, item in dict.fromkeys(rows):
            counts[item] = counts.get(item, 0) + 1
        self.items = sorted(counts, key=lambda item: (-counts[item], item))
        self.column = {item: number for number, item in enumerate(self.items)}
        self.users = sorted({user for user, _ in rows})
        self.row = {user: number for number, user in enumerate(self.users)}
        # A pair stands where it was last.
        pairs = list(dict.fromkeys(reversed(rows)))[::-1]
        self.pairs = np.array([(self.row[user], self.column[item]) for user, item in pairs])
        self.test_users = sorted({user for user, _ in read_rows(f"{folder}/test.csv")})
        self.candidates = {}
        self.shared = None
        if os.path.exists(f"{folder}/candidates.csv"):
            with open(f"{folder}/candidates.csv", newline="", encoding="utf-8") as file:
                self.candidates = {row[0]: row[1:] for row in csv.reader(file)}
        if os.path.exists(f"{folder}/candidate-items.csv"):
            with open(f"{folder}/candidate-items.csv", newline="", encoding="utf-8") as file:
                self.shared = {row[0] for row in csv.reader(file)}

    def matrix(self, pairs):
        ones = np.ones(len(pairs), np.float32)
        return sparse.csr_matrix((ones, (pairs[:, 0], pairs[:, 1])), (len(self.users), len(self.items)))

    def validation(self, how):
        """Pairs to train on, and hidden columns by row."""
        position = np.arange(len(self.pairs))
        if how == "newest":
            is_hidden = position >= len(position) * (1 - VALIDATION_SHARE)
        elif how == "last":
            is_hidden = np.zeros(len(position), bool)
            is_hidden[list({user: number for number, user in enumerate(self.pairs[:, 0])}.values())] = True
        elif how == "one":
            drawn = np.random.default_rng(SEED).permutation(len(position))
            is_hidden = np.zeros(len(position), bool)
            is_hidden[list({self.pairs[number, 0]: number for number in drawn.tolist()}.values())] = True
        elif how == "per-user":
            # By user, and among a user's pairs as they are.
            order = np.argsort(self.pairs[:, 0], kind="stable")
            counts = np.bincount(self.pairs[:, 0])
            places = position - np.repeat(np.cumsum(counts) - counts, counts)
            is_hidden = np.zeros(len(position), bool)
            is_hidden[order] = places >= np.ceil(np.repeat(counts, counts) * (1 - VALIDATION_SHARE))
        else:
            is_hidden = np.random.default_rng(SEED).random(len(position)) < VALIDATION_SHARE
        kept = self.pairs[~is_hidden]
        known = set(kept[:, 0].tolist())
        hidden = {}
        for user, item in self.pairs[is_hidden].tolist():
            if user in known:
                hidden.setdefault(user, []).append(item)
        chosen = sorted(hidden)
        if len(chosen) > VALIDATION_USERS:
            chosen = sorted(random.Random(SEED).sample(chosen, VALIDATION_USERS))
        return kept, {user: hidden[user] for user in chosen}


def read_rows(path):
    """User and item, ordered by time and then as in the file."""
    with open(path, newline="", encoding="utf-8") as file:
        rows = [(int(row.get("time") or 0), row["userId"], row["itemId"]) for row in csv.DictReader(file)]
    rows.sort(key=lambda row: row[0])
    return [(user, item) for _, user, item in rows]


class Implicit:
    """A model of implicit: https://github.com/benfred/implicit"""

    def __init__(self, name, settings):
        from implicit import als, bpr, nearest_neighbours

        settings = dict(settings)
        kind = {"als": als.AlternatingLeastSquares, "bpr": bpr.BayesianPersonalizedRanking,
                "cosine": nearest_neighbours.CosineRecommender, "tf-idf": nearest_neighbours.TFIDFRecommender,
                "bm25": nearest_neighbours.BM25Recommender}[settings.pop("weighting", name)]
        self.model = kind(**settings, **({"random_state": SEED} if name in ("als", "bpr") else {}))

    def fit(self, split, matrix):
        self.matrix = matrix
        self.model.fit(matrix, show_progress=False)

    def scores(self, rows):
        if hasattr(self.model, "similarity"):
            return (self.matrix[rows] @ self.model.similarity).toarray()
        return self.model.user_factors[rows] @ self.model.item_factors.T


class LensKit:
    """A scorer of LensKit: https://lkpy.lenskit.org"""

    def __init__(self, name, settings):
        from lenskit.als import ImplicitMFScorer
        from lenskit.knn import EASEScorer, ItemKNNScorer, SLIMScorer

        kind = {"als": ImplicitMFScorer, "ease": EASEScorer, "knn": ItemKNNScorer, "slim": SLIMScorer}[name]
        self.model = kind(**settings, **({"feedback": "implicit"} if name == "knn" else {}))

    def fit(self, split, matrix):
        import pandas
        from lenskit.data import ItemList, from_interactions_df
        from lenskit.training import TrainingOptions

        self.matrix = matrix
        pairs = matrix.tocoo()
        data = from_interactions_df(pandas.DataFrame({"user_id": pairs.row, "item_id": pairs.col}))
        self.model.train(data, TrainingOptions(rng=SEED))
        self.columns = np.sort(np.unique(pairs.col))
        self.all = ItemList(item_ids=self.columns)

    def scores(self, rows):
        from lenskit.data import ItemList, RecQuery

        found = np.full((len(rows), self.matrix.shape[1]), np.nan, np.float32)
        for number, row in enumerate(rows):
            history = self.matrix[row].indices
            if len(history):
                query = RecQuery(user_id=int(row), user_items=ItemList(item_ids=history))
                found[number, self.columns] = self.model(query, self.all).scores()
        return found


PEERS = {"implicit": Implicit, "lenskit": LensKit}


def model_of(specification, settings):
    peer, name = specification["model"].split("-", 1)
    return PEERS[peer](name, settings)


def ranked(model, matrix, rows, count, columns_of=None):
    """Best columns of each row, less what the row has in training. What a model gives no score comes last, by popularity."""
    for begin in range(0, len(rows), BLOCK):
        block = rows[begin:begin + BLOCK]
        scores = np.asarray(model.scores(block), np.float32)
        lowest = np.nanmin(scores) if not np.all(np.isnan(scores)) else 0
        scores = np.where(np.isnan(scores), lowest - 1, scores)
        for number, row in enumerate(block):
            line = scores[number]
            line[matrix[row].indices] = -np.inf
            columns = columns_of(begin + number) if columns_of else None
            if columns is not None:
                allowed = np.full(len(line), -np.inf, np.float32)
                allowed[columns] = line[columns]
                line = allowed
            order = np.argsort(-line, kind="stable")[:count]
            yield order[np.isfinite(line[order])]


def tune(split, specification):
    """The settings of the grid and what each has on the validation part."""
    kept, hidden = split.validation(specification["validation"])
    matrix = split.matrix(kept)
    name, k = specification["metric"].split("@")
    rows = sorted(hidden)
    among = drawn(split, rows, hidden, specification["negatives"])
    trials = []
    start = time.monotonic()
    for settings in specification["grid"]:
        if trials and time.monotonic() - start > specification["secondLimit"]:
            break
        begin = time.process_time()
        try:
            model = model_of(specification, settings)
            model.fit(split, matrix)
            lists = ranked(model, matrix, rows, int(k), among)
            score = float(np.mean([value(name, int(k), found, hidden[row]) for row, found in zip(rows, lists)]))
            trials.append({"settings": settings, "score": score, "cpuSeconds": time.process_time() - begin})
        except Exception as error:  # noqa: BLE001 - another library's; one setting that fails is told and left out
            trials.append({"settings": settings, "score": None, "failure": f"{type(error).__name__}: {error}"})
        print(json.dumps(trials[-1]), flush=True)
    good = [trial for trial in trials if trial["score"] is not None]
    if not good:
        raise RuntimeError(f"every setting failed, the last one so: {trials[-1]['failure']}")
    return {"trials": trials, "best": max(good, key=lambda trial: trial["score"])["settings"]}


def drawn(split, rows, hidden, count):
    """Columns that a row's hidden ones are ranked among: `count` that its user never had, and themselves; None: all."""
    if not count:
        return None
    generator = np.random.default_rng(SEED)
    matrix = split.matrix(split.pairs)
    lists = []
    for row in rows:
        free = np.setdiff1d(np.arange(matrix.shape[1]), matrix[row].indices)
        lists.append(np.concatenate([hidden[row], generator.choice(free, min(count, len(free)), replace=False)]))
    return lambda number: lists[number]


def value(name, k, found, wanted):
    """The metric as Foretaste defines it, for choosing; test lists are scored by `foretaste metrics`."""
    hits = np.isin(found, wanted)
    ranks = np.nonzero(hits)[0] + 1
    if name == "ndcg":
        ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(k, len(wanted)) + 1))
        return float(np.sum(1 / np.log2(ranks + 1))) / ideal
    if name == "map":
        return float(np.sum(np.arange(1, len(ranks) + 1) / ranks)) / min(k, len(wanted))
    raise ValueError(f"no settings are chosen by {name}")


def measure(split, specification):
    """Trains on all training pairs and writes the test users' lists."""
    begin, before = time.monotonic(), time.process_time()
    matrix = split.matrix(split.pairs)
    model = model_of(specification, specification["settings"])
    model.fit(split, matrix)
    answer = {"seconds": time.monotonic() - begin, "cpuSeconds": time.process_time() - before, "peakBytes": peak_bytes()}
    known = [user for user in split.test_users if user in split.row]
    rows = [split.row[user] for user in known]
    shared = None
    if split.shared is not None:
        shared = np.array(sorted(split.column[item] for item in split.shared if item in split.column))
    lists = {user: [split.items[column] for column in found]
             for user, found in zip(known, ranked(model, matrix, rows, specification["count"],
                                                  lambda number: columns(split, known[number], shared)))}
    with open(specification["lists"], "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        for user in split.test_users:
            found = lists.get(user)
            if found is None:
                allowed = columns(split, user, shared)
                order = range(len(split.items)) if allowed is None else sorted(allowed)
                found = [split.items[column] for column in list(order)[:specification["count"]]]
            writer.writerow([user, *found])
    return answer


def columns(split, user, shared):
    """The candidates that are in training; None where everything is ranked."""
    if user in split.candidates:
        return np.array([split.column[item] for item in split.candidates[user] if item in split.column])
    return shared


def peak_bytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        specification = json.load(file)
    split = Split(specification["split"])
    answer = (tune if "grid" in specification else measure)(split, specification)
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump(answer, file)


if __name__ == "__main__":
    main()
