"""What a person should know of each metric: name, direction, range, meaning, source."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Metric:
    """What a person should know of a metric: its name, direction, range and source."""

    name: str
    title: str
    kind: str  # "internal" or "external"
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
            "How much nearer a track is to its own cluster than to others. 1: far apart, 0: touching, -1: "
            "misplaced.",
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
            "How wide clusters are against the distance to their most similar neighbour. Lower is better, 0 "
            "is best.",
            "Davies & Bouldin 1979, A cluster separation measure",
        ),
        Metric(
            "calinski_harabasz",
            "Calinski–Harabasz",
            "internal",
            math.inf,
            0.0,
            True,
            "Spread between clusters over spread within. Higher is better; it grows with the tracks, so "
            "compare "
            "within one collection only.",
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
            "chance. 1: the same, 0: chance.",
            "Hubert & Arabie 1985, Comparing partitions",
        ),
        Metric(
            "normalized_mutual_info",
            "NMI",
            "external",
            1.0,
            0.0,
            True,
            "Normalized mutual information of clusters and labels, over the mean of both entropies. Not "
            "corrected for chance: compare with the shuffled control.",
            "Strehl & Ghosh 2002, Cluster ensembles; arithmetic mean as in scikit-learn",
        ),
        Metric(
            "purity",
            "Purity",
            "external",
            1.0,
            0.0,
            True,
            "Share of tracks that carry the commonest label of their cluster. Grows with the number of "
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
            "The commonest label's share, averaged over clusters however small. A cluster of one counts as "
            "perfect.",
            "Siddique, Hybrid Audio–Text Clustering for Music, section 3.3.4",
        ),
    )
}

INTERNAL = tuple(name for name, metric in METRICS.items() if metric.kind == "internal")
EXTERNAL = tuple(name for name, metric in METRICS.items() if metric.kind == "external")
