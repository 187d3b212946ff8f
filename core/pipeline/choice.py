"""Everything that decides what is on the map and in the score table."""

from dataclasses import dataclass

from core.clustering import clusterer_spec
from core.clustering.consensus import LEAST_RUNS, Consensus
from core.errors import ConfigError
from core.fusion import fusion_spec
from core.projection import projection_spec
from core.representation.side_by_side import POLICIES

LABELS_BY = ("main", "coarse")
REDUCTIONS = ("none", "umap")


@dataclass(frozen=True)
class Choice:
    """Everything that decides what is on the map and in the score table.

    Attributes
    ----------
    audio, text : str or None
        A representation of that modality (see :mod:`core.representation.represent`); None: not used.
    standardise : {"auto", "yes", "no"}
        Whether dimensions are standardised before fusion: as the representation says, always, never.
    text_field : str or None
        Column of the text; None: lyrics, else caption, else "title – artist".
    reduce : {"none", "umap"}
        Reduction before clustering: none, or UMAP to 8 dimensions (see :mod:`core.projection.manifold`).
    n_clusters : int or None
        k; None: the k of 2 … 10 with the highest Silhouette.
    consensus : int
        Runs with different seeds whose consensus the clusters are (see :mod:`core.clustering.consensus`); 0:
        one run. Without effect on algorithms that the seed doesn't change.
    settings, fusion_settings : tuple of (str, value)
        Further fields of the clusterer's and of the fusion's config.
    label_by : {"main", "coarse"}
        Reference labels of the external metrics: the labels, or their coarse groups.
    """

    audio: str | None = "musicnn"
    text: str | None = None
    text_field: str | None = None
    standardise: str = "auto"
    fusion: str = "weighted"
    text_weight: float = 0.5
    reduce: str = "none"
    cluster: str = "kmeans"
    n_clusters: int | None = 8
    consensus: int = 0
    settings: tuple[tuple[str, float | int], ...] = ()
    fusion_settings: tuple[tuple[str, float | int | str], ...] = ()
    projection: str = "pacmap"
    label_by: str = "main"
    seed: int = 0

    def __post_init__(self):
        if self.label_by not in LABELS_BY:
            raise ConfigError(f"label_by={self.label_by!r} must be one of {', '.join(LABELS_BY)}")
        if self.standardise not in POLICIES:
            raise ConfigError(f"standardise={self.standardise!r} must be one of {', '.join(POLICIES)}")
        if self.reduce not in REDUCTIONS:
            raise ConfigError(f"reduce={self.reduce!r} must be one of {', '.join(REDUCTIONS)}")
        if self.consensus and self.consensus < LEAST_RUNS:
            raise ConfigError(f"consensus={self.consensus} must be 0 (off), or {LEAST_RUNS} runs or more")
        if not self.audio and not self.text:
            raise ConfigError("choose an audio representation, a text representation, or both")
        if not 0 <= self.text_weight <= 1:
            raise ConfigError(f"text_weight={self.text_weight} must lie in [0, 1]")
        (
            fusion_spec(self.fusion),
            clusterer_spec(self.cluster),
            projection_spec(self.projection),
        )  # unknown names are refused here

    @property
    def modality(self) -> str:
        """Return "audio", "text" or "fused"."""
        return "fused" if self.audio and self.text else "audio" if self.audio else "text"

    @property
    def searches_k(self) -> bool:
        """Return True if the clusterer takes a k and none was chosen."""
        return self.n_clusters is None and clusterer_spec(self.cluster).takes_k

    @property
    def has_consensus(self) -> bool:
        """Return True if the clusters are a consensus over seeds."""
        return isinstance(self.clusterer(), Consensus)

    @property
    def clustering(self) -> tuple:
        """Return what determines the clusters of a space: the clusterer's config, and k (None: searched)."""
        return self.clusterer(), self.n_clusters

    def clusterer(self):
        """Return the clusterer's config, or of its consensus; while k is searched, with the default k."""
        spec = clusterer_spec(self.cluster)
        k = {"n_clusters": self.n_clusters} if spec.takes_k and self.n_clusters is not None else {}
        clusterer = spec.load()(**k, **dict(self.settings))
        if self.consensus and not clusterer.deterministic:
            return Consensus(clusterer, self.consensus)
        return clusterer

    def fuser(self):
        """Return the fusion's config, with ``text_weight`` where the fusion takes one."""
        spec = fusion_spec(self.fusion)
        weight = {"text_weight": self.text_weight} if spec.takes_weight else {}
        return spec.load()(**weight, **dict(self.fusion_settings))
