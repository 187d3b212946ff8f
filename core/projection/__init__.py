"""From a representation to 2-D places for the map. Never used for scoring.

A projection is a frozen dataclass with ``fit(X, seed, init, progress) -> (n_tracks, 2)``; ``init`` is the layout
shown before, from which it takes a few steps only. A new one costs a file and a line in :data:`PROJECTIONS`.
Pages go through :mod:`core.projection.worker`, a process in which the slow libraries stay warm.
"""

from core.errors import ConfigError
from core.projection.align import align, normalise
from core.projection.pacmap import PaCMAP
from core.projection.pca import PCA2
from core.projection.trust import trust
from core.projection.tsne import TSNE
from core.projection.umap import UMAP

PROJECTIONS: dict[str, type] = {"pacmap": PaCMAP, "umap": UMAP, "tsne": TSNE, "pca": PCA2}


def get_projection(name: str) -> type:
    """Return the projection's config class; an unknown name lists the valid ones."""
    if name not in PROJECTIONS:
        raise ConfigError(f"unknown projection {name!r}; choose from {', '.join(PROJECTIONS)}")
    return PROJECTIONS[name]


__all__ = [
    "PCA2",
    "PROJECTIONS",
    "PaCMAP",
    "TSNE",
    "UMAP",
    "align",
    "get_projection",
    "normalise",
    "trust",
]
