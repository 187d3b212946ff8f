"""Paper D: one text weight per track, on simulated tracks and on a collection."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from core.config import setting
from core.recipes.clustering.methods import Method, Scored, make_table, score_methods
from core.recipes.clustering.simulated_fusions import COMPARED, score_seed
from core.recipes.experiment import Experiment
from core.recipes.findings import Cell, Claim, Column, Figure, Findings, Row, Series, Table
from core.recipes.recipe import Recipe
from core.scoring.statistics.multiple_tests import holm
from core.scoring.statistics.paired_tests import t_test_above
from core.scoring.statistics.t_interval import interval_of

ROWS = {
    "audio": "Audio alone",
    "text": "Text alone",
    "concat": "Concatenation",
    "weighted_half": "Equal weights",
    "weighted_best": "Best fixed weight (chosen with the labels)",
    "per_track": "Weights per track, from cues",
    "per_track_shuffled_cues": "Weights per track, cues shuffled (control)",
    "graph": "Similarity network fusion",
    "learned": "Learned gate",
    "auto": "Auto",
}
REFERENCE = {"audio": 0.31, "text": 0.33, "concat": 0.35, "weighted_best": 0.39, "per_track": 0.78}
"""Computed for this dataset with K-means, three seeds; the abstract gives no numbers."""
FUSIONS = ("concat", "weighted", "per-track", "graph", "learned", "auto")
NAMES = {
    "concat": ROWS["concat"],
    "weighted": ROWS["weighted_half"],
    "per-track": ROWS["per_track"],
    "graph": ROWS["graph"],
    "learned": ROWS["learned"],
    "auto": ROWS["auto"],
}
"""Row by fusion."""
METRICS = ("silhouette", "adjusted_rand", "normalized_mutual_info", "purity")


@dataclass(frozen=True)
class DynamicWeights(Recipe):
    """The ablation of fusions on the simulated tracks, and the same on a collection.

    Each seed is another dataset. Rows are tested against the better of audio and text alone in each dataset
    by a one-sided paired t-test over datasets with Holm's correction; the best fixed weight is chosen with
    the labels, so it is a bound and not a method.

    References
    ----------
    "Audio-Lyrics Multimodal Fusion for Music Genre Clustering with Dynamic Modality Weighting", ITM Web of
    Conferences 84, 03025, 2026.
    """

    name: ClassVar[str] = "dynamic-weights"
    quick: ClassVar[dict[str, Any]] = {
        "seeds": 2,
        "fusions": ("weighted", "per-track"),
        "compared": ("concat", "per-track"),
    }

    cue_reliability: float = setting(
        0.7, low=0, high=1, title="Reliability of the cues", help="Of the simulated tracks.", advanced=False
    )
    compared: tuple[str, ...] = setting(
        COMPARED, title="Fusions of the simulated tracks", help="Joined by commas; auto takes longest."
    )
    fusions: tuple[str, ...] = setting(FUSIONS, title="Fusions", help="Of a collection; joined by commas.")
    audio: str = setting(
        "auto", title="Audio representation", help="auto: musicnn, or the table's features without audio."
    )
    text: str = setting("sentence", title="Text representation", help="Of a collection.")
    k: int | None = setting(None, low=2, title="k", help="Clusters; none: the number of labels.")

    def run(self, experiment: Experiment) -> Findings:
        """Return the ablation, and for a collection its own table and the weights by cluster."""
        collection = experiment.collection
        is_simulated = collection.info.get("kind") == "simulated"
        methods = [] if is_simulated else self.methods(experiment)
        experiment.plan(self.seeds + len(methods))
        table, claims = self._simulate(experiment)
        if is_simulated:
            return Findings((table,), (_draw_simulated(self.seed, self.cue_reliability),), claims)
        scored = score_methods(experiment, methods, seeds=self.seeds, seed=self.seed)
        own = make_table(
            experiment,
            scored,
            key="collection",
            title=f"Fusions of {collection.name}",
            metrics=METRICS,
            compared_with="Equal weights" if "weighted" in self.fusions else "",
            seeds=self.seeds,
        )
        weighted = [one for one in scored if one.space is not None and one.space.weights is not None]
        return Findings((table, own), tuple(map(_draw_weights, weighted)), claims)

    def methods(self, experiment: Experiment) -> list[Method]:
        """Return audio alone, text alone and each fusion."""
        collection = experiment.collection
        has_sound = any(collection.audio_paths())
        audio = ("musicnn" if has_sound else "table") if self.audio == "auto" else self.audio
        n_labels = len(collection.label_names())
        choice = {"n_clusters": self.k or max(2, n_labels)}
        both = Method("", audio=audio, text=self.text, choice=choice)
        return [
            Method("Audio alone", audio=audio, choice=choice),
            Method("Text alone", text=self.text, choice=choice),
            *(replace(both, name=NAMES.get(f, f), choice=choice | {"fusion": f}) for f in self.fusions),
        ]

    def _simulate(self, experiment: Experiment) -> tuple[Table, tuple[Claim, ...]]:
        """Return the ablation on one simulated dataset per seed, and whether weights per track help."""
        rows = []
        for seed in range(self.seed, self.seed + self.seeds):
            experiment.step(f"simulated tracks, seed {seed}")
            rows.append(score_seed(seed, self.cue_reliability, self.compared)[0])
        scores = pd.DataFrame(rows)
        single = scores[["audio", "text"]].max(axis=1)
        names = [name for name in ROWS if name in scores]
        tested = [name for name in names if name not in ("audio", "text")]
        p_values = {name: t_test_above((scores[name] - single).to_numpy()) for name in tested}
        adjusted = holm(p_values)
        cells = {
            name: Cell(
                float(scores[name].mean()),
                interval_of(scores[name]) if len(scores) > 1 else None,  # type: ignore[arg-type]
                None,
                REFERENCE.get(name),
                adjusted.get(name, 1.0) < 0.05,
            )
            for name in names
        }
        table = Table(
            "simulated",
            f"Fusions of the simulated tracks, cue reliability {self.cue_reliability:g}",
            (Column("adjusted_rand", "ARI", True),),
            tuple(
                Row(ROWS[name], "", {"adjusted_rand": cell}, 800, len(scores)) for name, cell in cells.items()
            ),
            "the same simulated tracks (reference values of this project; the abstract gives none)",
            "the better single modality",
        )
        means = scores.mean()
        if "per_track" not in means:
            return table, ()
        found = {"per_track": float(means["per_track"]), "best_fixed": float(means["weighted_best"])}
        return table, (Claim("weights-above-fixed", found["per_track"] > found["best_fixed"], found),)


def _draw_weights(scored: Scored) -> Figure:
    """Return the text weights of a collection by cluster."""
    assert scored.space is not None and scored.space.weights is not None and scored.labels is not None
    weights = scored.space.weights["text_weight"].to_numpy(float)
    return _boxes(f"weights-{scored.method.name}", scored.method.name, weights, scored.labels)


def _draw_simulated(seed: int, cue_reliability: float) -> Figure:
    """Return the text weights of the simulated tracks by genre."""
    from core.fusion.per_track import PerTrack
    from core.simulated.modalities import CUES, Recipe, make_modalities

    data = make_modalities(seed, Recipe(cue_reliability=cue_reliability))
    fused = PerTrack().fuse(data.audio, data.text, cues=pd.DataFrame(data.cues, columns=list(CUES)))
    assert fused.text_weights is not None
    return _boxes("weights", "Text weight by genre", fused.text_weights, data.label)


def _boxes(key: str, title: str, weights: np.ndarray, groups: np.ndarray) -> Figure:
    """Return the distribution of text weights in each group."""
    series = tuple(
        Series(str(group), [], np.round(weights[groups == group], 4).tolist()) for group in np.unique(groups)
    )
    slug = key.lower().replace(" ", "-")
    return Figure(slug, f"{title}: text weight", "boxes", "cluster", "text weight", series)
