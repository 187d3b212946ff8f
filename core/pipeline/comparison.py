"""Compare a choice with others: the previous one, its modalities alone, other text weights."""

from dataclasses import replace

import numpy as np
import pandas as pd

from core import store
from core.clustering import clusterer_spec
from core.collection import Collection
from core.errors import ConfigError
from core.pipeline.choice import Choice
from core.pipeline.consensus_runs import classes_of
from core.pipeline.space import Space, build_space
from core.pipeline.stages import count_clusters, find_clusters, score_fully, settle_k, truth_of
from core.progress import Progress, silent
from core.scoring import confidence_intervals, control_scores
from core.scoring.choose_k import choose_k
from core.scoring.fusion_gain import fusion_gain
from core.scoring.statistics.paired_difference import paired_difference
from core.store.hashing.source import source_hash


def compare_with_single(
    collection: Collection, space: Space, choice: Choice, progress: Progress = silent
) -> dict | None:
    """Return the gain of a fused choice over the better of its modalities alone.

    See :mod:`core.scoring.fusion_gain`. Each modality is clustered alone with the same algorithm and k; all
    three clusterings are compared on the labelled tracks that have both modalities. None if nothing is fused,
    fewer than two labels occur among those tracks, or a modality has too few tracks to cluster.
    """
    truth = truth_of(collection, space, choice.label_by)
    if choice.modality != "fused" or truth is None or len(set(truth) - {""}) < 2:
        return None
    labels = find_clusters(space, choice, progress)
    if clusterer_spec(choice.cluster).takes_k:
        choice = replace(choice, n_clusters=count_clusters(labels))
    alone = {}
    for modality in ("audio", "text"):
        only = replace(choice, audio=None) if modality == "text" else replace(choice, text=None)
        try:
            single = build_space(collection, only, progress)
            found = pd.Series(find_clusters(single, only, progress), index=single.rows)
        except ConfigError:  # too few tracks have this modality
            return None
        alone[modality] = found.reindex(space.rows)
    both = (alone["audio"].notna() & alone["text"].notna()).to_numpy()
    known = [label if has_both else "" for label, has_both in zip(truth, both)]
    if len(set(known) - {""}) < 2:
        return None
    audio, text = (alone[m].fillna(-1).to_numpy(np.int64) for m in ("audio", "text"))
    key = store.key_of("regret", labels, audio, text, known, choice.seed, source_hash(fusion_gain))
    return store.cached("scores", key, lambda: fusion_gain(known, labels, audio, text, seed=choice.seed))


def comparable_kinds(now: tuple[Space, Choice], before: tuple[Space, Choice]) -> tuple[str, ...]:
    """Return the comparable kinds of metric: "internal" within one space, "external" for the same labels."""
    (space, choice), (other, earlier) = now, before
    kinds = ["internal"] if space.key == other.key else []
    kinds += (
        ["external"] if np.array_equal(space.rows, other.rows) and choice.label_by == earlier.label_by else []
    )
    return tuple(kinds)


def compare_scores(
    collection: Collection,
    now: tuple[Space, Choice],
    before: tuple[Space, Choice],
    *,
    n_seeds: int = 5,
    progress: Progress = silent,
) -> dict:
    """Return the score differences of two choices with paired intervals.

    See :func:`core.scoring.statistics.paired_difference.paired_difference`. Only metrics of
    :func:`comparable_kinds` are compared, over the seeds of :func:`core.pipeline.stages.score_fully`.
    """
    kinds, seed = comparable_kinds(now, before), now[1].seed
    truth = truth_of(collection, now[0], now[1].label_by) if "external" in kinds else None
    if not kinds:
        return {"before": {}, "difference": {}, "intervals": {}}
    seeds = 1 if all(choice.clusterer().deterministic for _, choice in (now, before)) else n_seeds
    sides = [(space.key, *choice.clustering, choice.seed) for space, choice in (now, before)]
    code = source_hash(
        paired_difference,
        choose_k,
        *(part for _, choice in (now, before) for part in classes_of(choice.clusterer())),
    )
    key = store.key_of("difference", sides, list(kinds), truth, seeds, code)

    def make() -> dict:
        labels = [_labels_per_seed(space, choice, seeds, progress) for space, choice in (now, before)]
        return paired_difference(*labels, X=now[0].X if "internal" in kinds else None, truth=truth, seed=seed)

    return store.cached("scores", key, make)


def _labels_per_seed(space: Space, choice: Choice, n_seeds: int, progress: Progress) -> list[np.ndarray]:
    """Return the clusters per seed; k is searched once, with the first seed."""
    settled = settle_k(space, choice, progress)
    if settled.clusterer().deterministic:
        return [find_clusters(space, settled, progress)] * n_seeds
    found = []
    for done in range(n_seeds):
        progress(done, n_seeds, "clustering with other seeds")
        found.append(find_clusters(space, replace(settled, seed=choice.seed + done), progress))
    return found


def score_over_weights(
    collection: Collection, choice: Choice, progress: Progress = silent, n: int = 11
) -> pd.DataFrame:
    """Return a table of every metric at ``n`` text weights from 0 (audio alone) to 1 (text alone).

    Columns: ``text_weight``, and per metric its value, ``METRIC low`` and ``METRIC high`` (95 % interval) and
    ``METRIC control`` (its value without structure), see :func:`core.pipeline.stages.score_fully`, with one
    seed; nan where undefined. A track without one modality is represented by the other at every weight, so
    all rows score the same tracks.
    """
    choice = replace(choice, fusion="weighted", text_weight=0.5)
    middle = build_space(collection, choice, progress)
    truth = truth_of(collection, middle, choice.label_by)
    code = source_hash(confidence_intervals, control_scores, choose_k, *classes_of(choice.clusterer()))
    key = store.key_of("weights", middle.family, *choice.clustering, truth, choice.seed, n, code)

    def make() -> pd.DataFrame:
        rows = []
        for done, w in enumerate(np.linspace(0, 1, n)):

            def step(*_, done=done, w=w, **__) -> None:
                progress(done, n, f"scoring text weight {w:.1f}")

            step()
            at = replace(choice, text_weight=float(round(w, 4)))
            space = build_space(collection, at, progress)
            found = score_fully(collection, space, at, n_seeds=1, progress=step)
            rows.append({"text_weight": at.text_weight, **_flatten(found)})
        return pd.DataFrame(rows).astype(float)

    return store.cached("scores", key, make)


def _flatten(figures: dict) -> dict[str, float | None]:
    """Return value, bounds and control of each metric side by side."""
    flat: dict[str, float | None] = {}
    for name, value in figures["scores"].items():
        low, high = figures["intervals"].get(name) or (None, None)
        control = figures["control"].get(name)
        flat |= {name: value, f"{name} low": low, f"{name} high": high, f"{name} control": control}
    return flat
