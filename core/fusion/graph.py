"""Similarity network fusion: neighbour graphs of audio and text, diffused into each other and embedded."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.config import Config, setting
from core.errors import ConfigError
from core.fusion.fuser import Fused
from core.fusion.standardise import standardise_both

MAX_TRACKS = 5_000
"""Several n × n similarity matrices are held in memory, 100 MB each at this size."""


@dataclass(frozen=True)
class Graph(Config):
    """Fuse the similarity networks of both modalities and embed the result (SNF).

    Each modality gives similarities ``W(i, j) = exp(−d²(i, j) / (2·(mu·e)²))``,
    with e the mean of d(i, j) and of both tracks' mean distance to their k neighbours (a normal density of
    width mu·e, as the authors' software computes it). P is W with off-diagonal rows that sum to one half and
    one half on the diagonal, S keeps only each track's k neighbours. In each step ``P_audio = S_audio P_text
    S_audioᵀ`` and vice versa: a link persists where neighbours in both modalities support it. The mean of
    both is embedded by the leading eigenvectors of its normalised Laplacian, each row scaled to length 1.

    A pair in which a track has no audio or no text takes that similarity from the other modality, 0 where
    they share none. Requires 4 to 5,000 tracks.

    References
    ----------
    Wang et al., "Similarity network fusion for aggregating data types on a genomic scale", Nature Methods
    2014. Ng, Jordan and Weiss, "On Spectral Clustering", NIPS 2001.
    """

    name: ClassVar[str] = "graph"

    n_neighbours: int = setting(
        20,
        low=1,
        title="Neighbours",
        help="Number of nearest neighbours k; the paper recommends 10 to 30. At most a third of the tracks.",
    )
    n_components: int = setting(
        8,
        low=1,
        title="Dimensions",
        help="Dimensions of the spectral embedding; about the number of clusters expected.",
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
        **context,
    ) -> Fused:
        """Return the spectral embedding of the fused network.

        Parameters are those of :class:`core.fusion.fuser.Fusion`.

        Returns
        -------
        Fused
            X of shape (n_tracks, n_components), float32, rows of length 1.

        Raises
        ------
        ConfigError
            With more than 5,000 tracks or fewer than 4.
        """
        a, t, has_a, has_t = standardise_both(audio, text, audio_present, text_present)
        n = len(a)
        if not 4 <= n <= MAX_TRACKS:
            raise ConfigError(
                f"similarity network fusion takes 4 to {MAX_TRACKS:,} tracks, because it holds the "
                f"similarity of every pair; these are {n:,}"
            )
        k = max(1, min(self.n_neighbours, n // 3))
        W_a, W_t = similarities(a, has_a, k, self.mu), similarities(t, has_t, k, self.mu)
        both_a, both_t = np.outer(has_a, has_a), np.outer(has_t, has_t)
        W_a, W_t = (
            np.where(both_a, W_a, np.where(both_t, W_t, 0)),
            np.where(both_t, W_t, np.where(both_a, W_a, 0)),
        )
        P = diffuse(W_a, W_t, k, self.n_steps)
        return Fused(embed(P, min(self.n_components, n - 2)))


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


def diffuse(W_a: np.ndarray, W_t: np.ndarray, k: int, n_steps: int) -> np.ndarray:
    """Return the fused network, shape (n, n), symmetric (Wang et al. 2014, online methods, equations 2–5)."""
    P_a, P_t, S_a, S_t = _normalise(W_a), _normalise(W_t), _knn_graph(W_a, k), _knn_graph(W_t, k)
    for _ in range(n_steps):
        P_a, P_t = _normalise((S_a @ (S_a @ P_t).T).T), _normalise((S_t @ (S_t @ P_a).T).T)
    return (P_a + P_t) / 2


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


def embed(P: np.ndarray, n_components: int) -> np.ndarray:
    """Return the spectral embedding of a network, rows of length 1 (Ng, Jordan and Weiss 2001)."""
    from scipy.sparse.linalg import eigsh

    P = P.astype(np.float64)
    np.fill_diagonal(P, 0)
    scale = 1 / np.sqrt(np.maximum(P.sum(axis=1), 1e-12))
    start = np.ones(len(P)) / np.sqrt(len(P))  # the solver's default is random, so runs would differ
    _, vectors = eigsh(scale[:, None] * P * scale[None], k=n_components, which="LA", v0=start)
    vectors = vectors[:, ::-1]
    vectors *= np.where(vectors[np.abs(vectors).argmax(axis=0), np.arange(vectors.shape[1])] < 0, -1, 1)
    return (vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)).astype(np.float32)
