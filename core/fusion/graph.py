"""Similarity network fusion: neighbour graphs of audio and text, diffused into each other and embedded."""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import pandas as pd

from core.config import Config, setting
from core.errors import ConfigError
from core.fusion.fuser import Fused
from core.fusion.standardise import scale_both
from core.projection.manifold import N_EPOCHS, N_NEIGHBORS, embed_neighbours, leading_eigenvectors

MAX_TRACKS = 5_000
"""Several n × n similarity matrices are held in memory, 100 MB each at this size."""


@dataclass(frozen=True)
class Graph(Config):
    """Fuse similarity networks of audio, text and their concatenation, and embed the result (SNF).

    Each of the three gives similarities ``W(i, j) = exp(−d²(i, j) / (2·(mu·e)²))``,
    with e the mean of d(i, j) and of both tracks' mean distance to their k neighbours (a normal density of
    width mu·e, as the authors' software computes it). P is W with off-diagonal rows that sum to one half and
    one half on the diagonal, S keeps only each track's k neighbours. In each step ``P_v = S_v P S_vᵀ``, where
    P is the mean of the other two networks': a link persists where neighbours in the others support it.
    The mean of all networks, over k, k/2 and k/4 neighbours, is the fused network: one k rarely suits small
    and large clusters alike.

    It is embedded by UMAP, which keeps its dense regions apart, or by the leading eigenvectors of its
    normalised Laplacian, each row scaled to length 1.

    A pair in which a track has no audio or no text takes that similarity from the other modality, 0 where
    they share none. Requires 4 to 5,000 tracks.

    References
    ----------
    Wang et al., "Similarity network fusion for aggregating data types on a genomic scale", Nature Methods
    2014 (more than two networks: supplementary note). McInnes, Healy and Melville, "UMAP", 2018. Ng, Jordan
    and Weiss, "On Spectral Clustering", NIPS 2001.
    """

    name: ClassVar[str] = "graph"

    n_neighbours: int = setting(
        20,
        low=1,
        title="Neighbours",
        help="Largest number of nearest neighbours k; the paper recommends 10 to 30. At most a third of the "
        "tracks.",
    )
    embedding: Literal["umap", "spectral"] = setting(
        "umap",
        title="Embedding",
        help="Of the fused network: UMAP, or eigenvectors of the Laplacian.",
    )
    n_components: int = setting(8, low=1, title="Dimensions", help="Dimensions of the embedding.")
    n_epochs: int = setting(
        N_EPOCHS, low=1, title="UMAP epochs", help="Steps of the embedding by UMAP, over all links."
    )
    n_steps: int = setting(
        10,
        low=1,
        title="Diffusion steps",
        help="Number of diffusion iterations; the paper recommends 10 to 20.",
    )
    mu: float = setting(
        0.5,
        above=0,
        title="Kernel width",
        help="Width of the similarity kernel (mu); the paper recommends 0.3 to 0.8.",
    )

    def fuse(
        self,
        audio: np.ndarray,
        text: np.ndarray,
        audio_present: np.ndarray | None = None,
        text_present: np.ndarray | None = None,
        *,
        seed: int = 0,
        **context,
    ) -> Fused:
        """Return the embedding of the fused network.

        Parameters are those of :class:`core.fusion.fuser.Fusion`.

        Returns
        -------
        Fused
            X of shape (n_tracks, n_components), float32; spectral: rows of length 1. ``links`` are those of
            each track to its ``n_neighbours`` most similar ones.

        Raises
        ------
        ConfigError
            With more than 5,000 tracks or fewer than 4.
        """
        a, t, has_a, has_t = scale_both(audio, text, audio_present, text_present)
        n = len(a)
        if not 4 <= n <= MAX_TRACKS:
            raise ConfigError(
                f"similarity network fusion takes 4 to {MAX_TRACKS:,} tracks, because it holds the "
                f"similarity of every pair; these are {n:,}"
            )
        k = max(1, min(self.n_neighbours, n // 3))
        scales = sorted({k, max(1, k // 2), max(1, k // 4)})
        P = np.mean([self._fuse_networks(a, t, has_a, has_t, scale) for scale in scales], axis=0)
        n_components = min(self.n_components, n - 2)
        if self.embedding == "spectral":
            X = embed(P, n_components)
        else:
            X = embed_by_umap(P, n_components, self.n_epochs, seed)
        return Fused(X, links=strongest_links(P, min(self.n_neighbours, n - 1)))

    def _fuse_networks(
        self, a: np.ndarray, t: np.ndarray, has_a: np.ndarray, has_t: np.ndarray, k: int
    ) -> np.ndarray:
        """Return the fused network for k neighbours, shape=(n, n)."""
        W_a, W_t = similarities(a, has_a, k, self.mu), similarities(t, has_t, k, self.mu)
        W_both = similarities(np.hstack([a, t]), has_a & has_t, k, self.mu)
        both_a, both_t = np.outer(has_a, has_a), np.outer(has_t, has_t)
        W_a, W_t = (
            np.where(both_a, W_a, np.where(both_t, W_t, 0)),
            np.where(both_t, W_t, np.where(both_a, W_a, 0)),
        )
        W_both = np.where(both_a & both_t, W_both, (W_a + W_t) / 2)
        return diffuse([W_a, W_t, W_both], k, self.n_steps)


def similarities(X: np.ndarray, present: np.ndarray, k: int, mu: float) -> np.ndarray:
    """Return W of shape (n, n) in [0, 1]; see :class:`Graph`."""
    from scipy.spatial.distance import cdist

    W = np.zeros((len(X), len(X)), np.float32)
    rows = np.flatnonzero(present)
    if len(rows) < 2:
        return W
    d = cdist(X[rows], X[rows]).astype(np.float32)
    near = np.sort(d, axis=1)[:, 1 : min(k, len(rows) - 1) + 1].mean(axis=1)
    e = (near[:, None] + near[None] + d) / 3
    W[np.ix_(rows, rows)] = np.exp(-np.square(d) / (2 * np.square(mu * e) + 1e-12))
    return W


def diffuse(networks: list[np.ndarray], k: int, n_steps: int) -> np.ndarray:
    """Return the fused network, shape (n, n), symmetric (Wang et al. 2014, online methods, equations 2–5)."""
    P, S = [_normalise(W) for W in networks], [_knn_graph(W, k) for W in networks]
    for _ in range(n_steps):
        total = sum(P)
        others = [(total - P_v) / (len(P) - 1) for P_v in P]
        P = [_normalise((S_v @ (S_v @ other).T).T) for S_v, other in zip(S, others)]
    return np.mean(P, axis=0)


def _normalise(W: np.ndarray) -> np.ndarray:
    """Return W symmetric, with 0.5 on the diagonal and off-diagonal rows that sum to 0.5."""
    P = W.copy()
    np.fill_diagonal(P, 0)
    P /= np.maximum(2 * P.sum(axis=1, keepdims=True), 1e-12)
    np.fill_diagonal(P, 0.5)
    return (P + P.T) / 2


def _knn_graph(W: np.ndarray, k: int):
    """Return the sparse matrix of each row's k largest similarities, rows summing to 1."""
    from scipy.sparse import csr_matrix

    W = W.copy()
    np.fill_diagonal(W, 0)
    near = np.argpartition(-W, k, axis=1)[:, :k]
    values = np.take_along_axis(W, near, axis=1)
    values /= np.maximum(values.sum(axis=1, keepdims=True), 1e-12)
    rows = np.repeat(np.arange(len(W)), k)
    return csr_matrix((values.ravel(), (rows, near.ravel())), shape=W.shape)


def strongest_links(P: np.ndarray, k: int) -> pd.DataFrame:
    """Return the links of each track to the k others with the largest P.

    Returns
    -------
    DataFrame
        ``first`` < ``second`` (positions) and ``weight``; each pair once, no link of weight 0.
    """
    P = P.copy()
    np.fill_diagonal(P, -1)
    near = np.argpartition(-P, k - 1, axis=1)[:, :k]
    pairs = np.sort(np.column_stack([np.repeat(np.arange(len(P)), k), near.ravel()]), axis=1)
    first, second = np.unique(pairs, axis=0).T
    links = pd.DataFrame({"first": first, "second": second, "weight": P[first, second]})
    return links[links["weight"] > 0].reset_index(drop=True)


def embed(P: np.ndarray, n_components: int) -> np.ndarray:
    """Return the spectral embedding of a network, rows of length 1 (Ng, Jordan and Weiss 2001)."""
    P = P.astype(np.float64)
    np.fill_diagonal(P, 0)
    vectors = leading_eigenvectors(P, n_components)
    return (vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)).astype(np.float32)


def embed_by_umap(P: np.ndarray, n_components: int, n_epochs: int, seed: int) -> np.ndarray:
    """Return the UMAP embedding of a network from each track's strongest links; float32.

    The distance of two tracks is 1 minus their similarity relative to the largest.
    """
    n_near = min(N_NEIGHBORS, len(P)) - 1
    P = P.copy()
    np.fill_diagonal(P, -1)
    near = np.argsort(-P, axis=1, kind="stable")[:, :n_near]
    distances = 1 - np.take_along_axis(P, near, axis=1) / max(P.max(), 1e-12)
    return embed_neighbours(near, distances, n_dimensions=n_components, n_epochs=n_epochs, seed=seed)
