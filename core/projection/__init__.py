"""From a representation to 2-D places for the map. Never used for scoring.

A projection is a frozen config in a file of its own; see :mod:`core.projection.projector` for what it must
have. A new one costs that file and an entry here. Pages go through :mod:`core.projection.worker`, a process
in which the slow libraries stay warm.
"""

from core.projection.align import align, normalise
from core.projection.projector import ProjectionSpec
from core.projection.trust import trust
from core.registry import find, register

PROJECTIONS: dict[str, ProjectionSpec] = {}


@register(
    PROJECTIONS,
    ProjectionSpec,
    name="pacmap",
    title="PaCMAP",
    warm_starts=True,
    follows_weight=True,
    help="Keeps both near neighbours and the arrangement of groups; the fastest of the non-linear "
    "projections.",
    source="Wang et al. 2021, Understanding how dimension reduction tools work",
)
def _pacmap():
    from core.projection.pacmap import PaCMAP

    return PaCMAP


@register(
    PROJECTIONS,
    ProjectionSpec,
    name="umap",
    title="UMAP",
    warm_starts=True,
    help="Lays out the graph of nearest neighbours: compact groups, and roughly which of them lie near each "
    "other.",
    source="McInnes, Healy & Melville 2018, UMAP: Uniform Manifold Approximation and Projection",
)
def _umap():
    from core.projection.umap import UMAP

    return UMAP


@register(
    PROJECTIONS,
    ProjectionSpec,
    name="tsne",
    title="t-SNE",
    warm_starts=True,
    help="Keeps near neighbours near and separates groups; sizes of groups and distances between them mean "
    "little.",
    source="van der Maaten & Hinton 2008, Visualizing data using t-SNE",
)
def _tsne():
    from core.projection.tsne import TSNE

    return TSNE


@register(
    PROJECTIONS,
    ProjectionSpec,
    name="pca",
    title="PCA",
    warm_starts=False,
    help="The two directions of greatest variance: exact and instant, but groups may lie behind one another.",
    source="Pearson 1901, On lines and planes of closest fit",
)
def _pca():
    from core.projection.pca import PCA2

    return PCA2


def projection_spec(name: str) -> ProjectionSpec:
    """Return a projection's facts; imports nothing. An unknown name lists the valid ones."""
    return find(PROJECTIONS, name, "projection")


def get_projection(name: str) -> type:
    """Return the projection's config class; an unknown name lists the valid ones."""
    return projection_spec(name).load()


__all__ = [
    "PROJECTIONS",
    "ProjectionSpec",
    "align",
    "get_projection",
    "normalise",
    "projection_spec",
    "trust",
]
