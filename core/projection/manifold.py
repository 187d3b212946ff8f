"""UMAP to a few dimensions, in which dense regions are compact: a space to cluster in, not a map."""

from typing import TYPE_CHECKING

import numpy as np

from core.projection.projector import MIN_TRACKS, nearest_neighbours, preprocess
from core.projection.umap import attraction_curve, optimise_layout, sampled_edges

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

N_DIMENSIONS = 8
N_NEIGHBORS = 15
N_EPOCHS = 500


def reduce_to_manifold(X: np.ndarray, *, n_dimensions: int = N_DIMENSIONS, seed: int = 0) -> np.ndarray:
    """Return the UMAP embedding of vectors in a few dimensions.

    Parameters
    ----------
    X : ndarray, shape=(n_tracks, n_features)

    Returns
    -------
    ndarray, shape=(n_tracks, n_dimensions), float32
        ``X`` itself with fewer than 8 tracks.

    References
    ----------
    McInnes, Healy & Melville (2018), with a minimum distance of 0, as recommended for clustering; Allaoui et
    al., "Considerably Improving Clustering Algorithms Using UMAP Dimensionality Reduction Technique", 2020.
    """
    if len(X) < MIN_TRACKS:
        return np.asarray(X, np.float32)
    Z = preprocess(X, seed)
    return embed_neighbours(
        *nearest_neighbours(Z, min(N_NEIGHBORS, len(Z)) - 1), n_dimensions=n_dimensions, seed=seed
    )


def embed_neighbours(
    indices: np.ndarray,
    distances: np.ndarray,
    *,
    n_dimensions: int = N_DIMENSIONS,
    n_epochs: int = N_EPOCHS,
    seed: int = 0,
) -> np.ndarray:
    """Return the UMAP embedding of a nearest-neighbour graph, initialised by its Laplacian eigenvectors.

    Parameters
    ----------
    indices, distances : ndarray, shape=(n_tracks, n_neighbors)
        Each track's nearest others, nearest first.

    Returns
    -------
    ndarray, shape=(n_tracks, n_dimensions), float32, centred
    """
    from scipy.sparse import csr_matrix

    n = len(indices)
    random = np.random.RandomState(seed)
    edges = sampled_edges(indices, distances, n_epochs, random)
    head, tail, weights = edges
    A = csr_matrix((weights.astype(np.float64), (head, tail)), shape=(n, n))
    # the first eigenvector is constant on a connected graph
    start = leading_eigenvectors((A + A.T) / 2, min(n_dimensions, n - 2) + 1)[:, 1:]
    start /= np.maximum(np.abs(start).max(axis=0), 1e-300)
    Y = optimise_layout(10 * start, edges, attraction_curve(0.0), n_epochs, random)
    return Y - Y.mean(axis=0)


def leading_eigenvectors(A: "np.ndarray | csr_matrix", n_vectors: int) -> np.ndarray:
    """Return the leading eigenvectors of a graph's normalised adjacency D^(-1/2) A D^(-1/2).

    These are those of its normalised Laplacian with the smallest eigenvalues.

    Parameters
    ----------
    A : ndarray or sparse matrix, shape=(n, n), float64
        Symmetric, with a diagonal of 0.

    Returns
    -------
    ndarray, shape=(n, n_vectors)
        Largest eigenvalue first; the largest entry of each vector is positive.
    """
    from scipy.sparse import diags
    from scipy.sparse.linalg import eigsh

    D = diags(1 / np.sqrt(np.maximum(np.asarray(A.sum(axis=1)).ravel(), 1e-12)))
    first = np.ones(A.shape[0]) / np.sqrt(A.shape[0])  # the solver's default is random, so runs would differ
    values, vectors = eigsh(D @ A @ D, k=n_vectors, which="LA", v0=first)
    vectors = vectors[:, np.argsort(-values)]
    largest = vectors[np.abs(vectors).argmax(axis=0), np.arange(n_vectors)]
    return vectors * np.where(largest < 0, -1, 1)
