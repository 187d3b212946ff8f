"""A fused choice beside its modalities alone, and beside other weights: did fusing earn its place?"""

from dataclasses import replace

import numpy as np
import pandas as pd

from core import store
from core.clustering import clusterer_spec
from core.collection import Collection
from core.errors import ConfigError
from core.pipeline import Choice, Space, build_space, find_clusters, score, truth_of
from core.progress import Progress, silent
from core.scoring.regret import compare_with_single as judge


def compare_with_single(collection: Collection, space: Space, choice: Choice, progress: Progress = silent) -> dict | None:
    """Return what a fused choice gains on the better of its modalities alone, see :mod:`core.scoring.regret`.

    Each modality is clustered alone with the same algorithm and as many clusters; all three are then compared on the labelled
    tracks that have both. None where nothing is fused, fewer than two labels are known among those, or too few tracks have a
    modality to cluster them by it.
    """
    truth = truth_of(collection, space, choice.label_by)
    if choice.modality != "fused" or truth is None or len(set(truth) - {""}) < 2:
        return None
    labels = find_clusters(space, choice, progress)
    k = {"n_clusters": max(2, len(set(labels[labels >= 0])))} if clusterer_spec(choice.cluster).takes_k else {}
    alone = {}
    for modality in ("audio", "text"):
        only = replace(choice, **{"audio": None, "text": None, modality: getattr(choice, modality)}, **k)
        try:
            single = build_space(collection, only, progress)
            found = pd.Series(find_clusters(single, only, progress), index=single.rows)
        except ConfigError:  # too few tracks have this modality to cluster them by it
            return None
        alone[modality] = found.reindex(space.rows)
    both = (alone["audio"].notna() & alone["text"].notna()).to_numpy()
    known = [label if there else "" for label, there in zip(truth, both)]
    if len(set(known) - {""}) < 2:
        return None
    audio, text = (alone[m].fillna(-1).to_numpy(np.int64) for m in ("audio", "text"))
    key = store.key_of("regret", labels, audio, text, known, choice.seed, store.source_hash("core.scoring"))
    return store.cached("scores", key, lambda: judge(known, labels, audio, text, seed=choice.seed))


def score_over_weights(collection: Collection, choice: Choice, progress: Progress = silent, n: int = 11) -> pd.DataFrame:
    """Return each metric at ``n`` text weights from 0 (sound alone) to 1 (words alone): ``text_weight`` and a column per metric.

    A track that lacks a modality has the other in full at every weight, so every row scores the same tracks.
    """
    rows = []
    for done, w in enumerate(np.linspace(0, 1, n)):
        progress(done, n, f"scoring text weight {w:.1f}")
        at = replace(choice, fusion="weighted", text_weight=float(round(w, 4)))
        space = build_space(collection, at, progress)
        rows.append({"text_weight": at.text_weight, **score(collection, space, find_clusters(space, at), choice.seed, choice.label_by)["scores"]})
    return pd.DataFrame(rows)
