"""A choice as a short name, as saved views and the rows of a board carry it."""

from core.clustering import CLUSTERERS
from core.fusion import FUSIONS
from core.pipeline.choice import Choice
from core.projection import PROJECTIONS


def name_choice(choice: Choice) -> str:
    """Return representation, fusion, clustering, k and projection of a choice on one line.

    >>> name_choice(Choice(audio="musicnn", text="tfidf", n_clusters=8, text_weight=0.4))
    'musicnn + tfidf, Weighted 40 %, K-means k 8, PaCMAP'
    """
    clusterer, fusion = CLUSTERERS[choice.cluster], FUSIONS[choice.fusion]
    k = f" k {'auto' if choice.n_clusters is None else choice.n_clusters}" if clusterer.takes_k else ""
    weight = f" {choice.text_weight:.0%}".replace("%", " %") if fusion.takes_weight else ""
    parts = [
        " + ".join(filter(None, (choice.audio, choice.text))),
        f"{_short(fusion.title)}{weight}" if choice.modality == "fused" else "",
        "UMAP to 8 dimensions" if choice.reduce == "umap" else "",
        f"{_short(clusterer.title)}{k}",
        f"consensus of {choice.consensus}" if choice.has_consensus else "",
        _short(PROJECTIONS[choice.projection].title),
    ]
    return ", ".join(filter(None, parts))


def _short(title: str) -> str:
    """Return a title without what it explains in brackets."""
    return title.partition(" (")[0]
