"""The rows of the table: what is measured on each protocol, how settings are chosen, and what is wanted."""

import dataclasses

# Titles as `foretaste evaluate` prints them.
TITLES = {"hitRate": "HitRate", "ndcg": "NDCG", "recall": "Recall", "map": "MAP", "mrr": "MRR", "precision": "Precision"}


@dataclasses.dataclass(frozen=True)
class Protocol:
    """One row. Published figures are not here: `foretaste evaluate --protocol NAME --json` has them."""

    name: str
    # Metric and cut-off of each column; the cut-offs are the protocol's own.
    metrics: tuple
    # What the settings of peers are chosen by; `foretaste tune --protocol` knows it, and the next, by itself.
    tuned_by: str
    # How the training part is divided for that: the last item of each user or any one, the newest tenth, the newest tenth of
    # each user, or a random tenth of the pairs. A file without times can only be divided at random.
    validation: str
    # The figures to reach, in the order of `metrics`; None where there are none for that metric.
    goal: tuple = ()
    goal_of: str = ""
    # Why no peer can be measured, where none can.
    no_peers: str = ""
    # Sessions are not users: other lists, another evaluation.
    is_session: bool = False
    # The protocol on whose training part our hybrid is tuned, where it is another's: one model for all rows of a data set.
    same_model_as: str = ""
    # Whether training rows have an order, without which slist has nothing to learn.
    has_order: bool = False
    # How many drawn items the hidden ones of a user are ranked among; 0: all.
    validation_negatives: int = 0

    @property
    def tuned_on(self):
        return self.same_model_as or self.name


PROTOCOLS = (
    Protocol("movielens-latest-small", ("hitRate@10", "ndcg@10", "recall@10", "ndcg@20"), "ndcg@10", "newest",
             has_order=True),
    Protocol("online-retail", ("hitRate@10", "ndcg@10", "recall@10", "ndcg@20"), "ndcg@10", "newest", has_order=True),
    Protocol("ml100k-random", ("ndcg@10", "recall@10", "precision@10"), "ndcg@10", "random"),
    Protocol("ncf-ml1m", ("hitRate@10", "ndcg@10"), "ndcg@10", "one", (0.731, 0.454), "a single model",
             validation_negatives=99),
    Protocol("citeulike-cold", ("recall@20", "ndcg@20"), "ndcg@20", "random", (0.38, None), "one model for all three",
             no_peers="no candidate is in training, and none of the peers' models can rank such items",
             same_model_as="citeulike-overall"),
    Protocol("citeulike-warm", ("recall@20", "ndcg@20"), "ndcg@20", "random", (0.36, None), "one model for all three",
             same_model_as="citeulike-overall"),
    Protocol("citeulike-overall", ("recall@20", "ndcg@20"), "ndcg@20", "random", (0.21, 0.16), "one model for all three"),
    Protocol("amazon-beauty", ("hitRate@5", "ndcg@5", "hitRate@10", "ndcg@10"), "ndcg@10", "last",
             (None, None, 0.107, 0.062), "the default hybrid", has_order=True),
    Protocol("ml1m-chronological", ("recall@10", "ndcg@10", "map@3416"), "map@3416", "per-user", (None, None, 0.150),
             "a sequence-aware model", has_order=True),
    Protocol("lightgcn-gowalla", ("recall@20", "ndcg@20"), "ndcg@20", "random", (0.192, 0.160), "any model"),
    Protocol("diginetica", ("hitRate@20", "mrr@20"), "mrr@20", "last", (0.53, 0.188), "the session model",
             no_peers="neither implicit nor LensKit has a model of sessions", is_session=True),
)


def title(metric):
    """`NDCG@10` for `ndcg@10`."""
    name, k = metric.split("@")
    return f"{TITLES[name]}@{k}"


def cut_off(metric):
    return int(metric.split("@")[1])
