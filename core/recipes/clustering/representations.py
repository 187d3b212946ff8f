"""Every representation of a collection under every clustering, with kNN purity and a linear probe."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from core.checkpoints.catalogue import is_trained_on, list_checkpoints
from core.collection import Collection
from core.config import setting
from core.pipeline.stages import score_representation
from core.recipes.clustering.methods import Method, Scored, make_table, score_methods
from core.recipes.experiment import Experiment
from core.recipes.findings import Cell, Findings, Row, Table, metric_columns
from core.recipes.recipe import Recipe

METRICS = ("silhouette", "adjusted_rand", "normalized_mutual_info", "purity")
QUALITY = ("knn_1", "knn_5", "linear_probe")
MAEB = {"VGGish": 0.613, "YAMNet": 0.617, "CLAP-htsat-unfused": 0.557, "MuQ-MuLan": 0.760}
"""V-measure on GTZAN, as published by MAEB; with arithmetic means NMI is the V-measure."""


@dataclass(frozen=True)
class Representations(Recipe):
    """Representations beside each other, each with its own scale, under several clusterings.

    kNN purity and the linear probe keep all tracks of an artist together, where artists are known. NMI with
    the arithmetic mean equals the V-measure, so MAEB's published values for GTZAN stand beside it.

    References
    ----------
    Rosenberg & Hirschberg (2007), V-measure. The Massive Audio Embedding Benchmark (MAEB), clustering of
    GTZAN.
    """

    name: ClassVar[str] = "representations"
    quick: ClassVar[dict[str, Any]] = {
        "seeds": 2,
        "audio": ("musicnn", "mfcc"),
        "text": ("tfidf",),
        "clusterers": ("kmeans", "ward"),
        "with_checkpoints": False,
    }

    audio: tuple[str, ...] = setting(
        ("musicnn", "musicnn-mtt", "mfcc", "descriptors", "one-shot", "musicnn+mfcc+descriptors"),
        title="Audio representations",
        help="Joined by commas; of a table of features, table.",
        advanced=False,
    )
    text: tuple[str, ...] = setting(
        ("tfidf", "sentence"), title="Text representations", help="Joined by commas.", advanced=False
    )
    clusterers: tuple[str, ...] = setting(
        ("kmeans", "ward", "gmm", "spectral", "leiden", "hdbscan"),
        title="Clusterings",
        help="Joined by commas.",
    )
    with_checkpoints: bool = setting(
        True, title="Trained checkpoints", help="Also the checkpoints trained on the collection."
    )
    k: int | None = setting(None, low=2, title="k", help="Clusters; none: the number of labels.")

    def run(self, experiment: Experiment) -> Findings:
        """Return the table of all pairs, and of the representations alone."""
        methods = self.methods(experiment.collection)
        experiment.plan(len(methods) + 1)
        scored = score_methods(experiment, methods, seeds=self.seeds, seed=self.seed)
        first = scored[0].label if scored else ""
        table = make_table(
            experiment,
            scored,
            key="clusterings",
            title="Representations under each clustering",
            metrics=METRICS,
            published_on="GTZAN, 1,000 tracks in 10 genres (MAEB)",
            compared_with=first,
            seeds=self.seeds,
        )
        progress = experiment.step("neighbours and linear probes")
        quality = _measure(experiment, scored, self.seed, progress)
        published = tuple(
            Row(name, "MAEB", {"normalized_mutual_info": Cell(None, published=value)})
            for name, value in MAEB.items()
        )
        return Findings((quality, replace(table, rows=(*table.rows, *published))))

    def methods(self, collection: Collection) -> list[Method]:
        """Return a method per representation that the collection allows, and clustering."""
        has_sound, has_text = any(collection.audio_paths()), any(collection.texts())
        audio = list(self.audio) if has_sound else ["table"] if collection.table is not None else []
        reps = [("audio", rep) for rep in audio]
        reps += [("text", rep) for rep in self.text] if has_text else []
        if self.with_checkpoints:
            reps += [
                (modality, checkpoint.name)
                for checkpoint in list_checkpoints()
                if is_trained_on(checkpoint, collection.name, collection.info)
                for modality in checkpoint.modalities
            ]
        n_labels = len(collection.label_names())
        choice = {"n_clusters": self.k or max(2, n_labels)}
        return [
            Method(
                f"{rep} ({modality})",
                clusterer,
                audio=rep if modality == "audio" else None,
                text=rep if modality == "text" else None,
                choice=choice | {"cluster": clusterer},
            )
            for modality, rep in reps
            for clusterer in self.clusterers
        ]


def _measure(experiment: Experiment, scored: list[Scored], seed: int, progress) -> Table:
    """Return kNN purity and the linear probe of each representation."""
    rows = {}
    for one in scored:
        if one.space is None or one.method.name in rows:
            continue
        found = score_representation(experiment.collection, one.space, seed, progress=progress)
        cells = {
            name: Cell(
                found[name],
                tuple(found["intervals"][name]) if found["intervals"][name] else None,
                found["control"].get(name),
            )
            for name in QUALITY
        }
        rows[one.method.name] = Row(one.method.name, "", cells, found["n_labelled"], 1, one.marks)
    return Table(
        "representations",
        "Neighbours and linear probe of each representation",
        metric_columns(*QUALITY),
        tuple(rows.values()),
    )
