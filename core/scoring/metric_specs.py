"""The clustering metrics: title, kind, range, direction, help and source."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Metric:
    """A clustering metric as pages and reports describe it; ``kind`` is "internal" or "external"."""

    name: str
    title: str
    kind: str
    best: float
    worst: float
    larger_is_better: bool
    description: str
    reference: str


METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric(
            "silhouette",
            "Silhouette",
            "internal",
            1.0,
            -1.0,
            True,
            "How much nearer a track is to its own cluster than to the nearest other one, averaged over "
            "tracks. 1: well separated, 0: overlapping, -1: assigned to the wrong cluster.",
            "Rousseeuw 1987, Silhouettes: a graphical aid to the interpretation and validation of cluster "
            "analysis",
        ),
        Metric(
            "davies_bouldin",
            "Davies–Bouldin",
            "internal",
            0.0,
            math.inf,
            False,
            "Scatter within two clusters over the distance between their centroids, for each cluster's most "
            "similar other one, averaged over clusters. Lower is better, 0 is best.",
            "Davies & Bouldin 1979, A cluster separation measure",
        ),
        Metric(
            "calinski_harabasz",
            "Calinski–Harabasz",
            "internal",
            math.inf,
            0.0,
            True,
            "Variance between clusters over variance within clusters. Higher is better; it grows with the "
            "number of tracks, so compare within one collection only.",
            "Caliński & Harabasz 1974, A dendrite method for cluster analysis",
        ),
        Metric(
            "adjusted_rand",
            "ARI",
            "external",
            1.0,
            -0.5,
            True,
            "Adjusted Rand index: share of track pairs on which clusters and labels agree, corrected for "
            "chance. 1: identical, 0: chance.",
            "Hubert & Arabie 1985, Comparing partitions",
        ),
        Metric(
            "normalized_mutual_info",
            "NMI",
            "external",
            1.0,
            0.0,
            True,
            "Normalised mutual information: mutual information of clusters and labels over the mean of both "
            "entropies. Not corrected for chance: compare with the shuffled control.",
            "Strehl & Ghosh 2002, Cluster ensembles; arithmetic mean as in scikit-learn",
        ),
        Metric(
            "purity",
            "Purity",
            "external",
            1.0,
            0.0,
            True,
            "Share of tracks that have the most frequent label of their cluster. Grows with the number of "
            "clusters.",
            "Manning, Raghavan & Schütze 2008, Introduction to Information Retrieval, section 16.3",
        ),
        Metric(
            "purity_mean",
            "Purity, mean over clusters",
            "external",
            1.0,
            0.0,
            True,
            "Share of the most frequent label per cluster, averaged over clusters of any size. A cluster of "
            "one track counts as perfect.",
            "Siddique, Hybrid Audio–Text Clustering for Music, section 3.3.4",
        ),
    )
}

REPRESENTATION: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric(
            "knn_1",
            "kNN purity (k = 1)",
            "representation",
            1.0,
            0.0,
            True,
            "Share of tracks whose nearest neighbour has the same label.",
            "Cover & Hart 1967, Nearest neighbor pattern classification",
        ),
        Metric(
            "knn_5",
            "kNN purity (k = 5)",
            "representation",
            1.0,
            0.0,
            True,
            "Share of a track's five nearest neighbours that have its label, averaged over tracks.",
            "Cover & Hart 1967, Nearest neighbor pattern classification",
        ),
        Metric(
            "linear_probe",
            "Linear probe",
            "representation",
            1.0,
            0.0,
            True,
            "Balanced accuracy of a logistic regression that predicts the labels of tracks it was not fitted "
            "on: five stratified folds, with all tracks of an artist in one of them.",
            "Alain & Bengio 2017, Understanding intermediate layers using linear classifier probes; Flexer "
            "2007, A closer look on artist filters for musical genre classification",
        ),
        Metric(
            "hubness",
            "Hubness",
            "representation",
            0.0,
            math.inf,
            False,
            "Skewness of how often each track is among the 10 nearest neighbours of others. 0: symmetric; "
            "above about 2, a few tracks are neighbours of very many others.",
            "Radovanović, Nanopoulos & Ivanović 2010, Hubs in space",
        ),
    )
}
"""Measures of a representation without clusters, see :mod:`core.scoring.quality.representation_quality`."""

INTERNAL = tuple(name for name, metric in METRICS.items() if metric.kind == "internal")
EXTERNAL = tuple(name for name, metric in METRICS.items() if metric.kind == "external")
SHOWN = tuple(name for name in METRICS if name != "purity_mean")
"""The metrics of tables; ``purity_mean`` is for comparing with the paper that uses it."""
