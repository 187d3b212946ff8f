"""Projections from a representation to 2-D positions on the map; never used for scoring.

A projection is a frozen config in its own file that extends :class:`core.projection.projector.Projection`. A
new one needs that file and an entry here. Pages use :mod:`core.projection.worker`, a process that has
imported and compiled the slow libraries.
"""

from core.projection.projector import ProjectionSpec
from core.registry import find, register

PROJECTIONS: dict[str, ProjectionSpec] = {}


@register(
    PROJECTIONS,
    ProjectionSpec,
    name="pacmap",
    title="PaCMAP",
    warm_starts=True,
    follows_weight=True,
    help="Preserves both local neighbourhoods and the global arrangement of groups; the fastest of the "
    "non-linear projections.",
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
    help="Optimises a layout of the nearest-neighbour graph: compact groups, and roughly which of them are "
    "close to each other.",
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
    help="Preserves near neighbours and separates groups; sizes of groups and distances between them have "
    "little meaning.",
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
    help="The two directions of greatest variance: linear, exact and instant, but groups may overlap.",
    source="Pearson 1901, On lines and planes of closest fit",
)
def _pca():
    from core.projection.pca import PCA2

    return PCA2


def projection_spec(name: str) -> ProjectionSpec:
    """Return a projection's spec without importing it; an unknown name lists the valid ones."""
    return find(PROJECTIONS, name, "projection")
