"""UMAP to a few dimensions, in which dense regions are compact: a space to cluster in, not a map."""

import numpy as np

from core.projection.projector import MIN_TRACKS, nearest_neighbours, preprocess
from core.projection.umap import attraction_curve, optimise_layout, sampled_edges

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
    n = len(indices)
    random = np.random.RandomState(seed)
    edges = sampled_edges(indices, distances, n_epochs, random)
    start = laplacian_eigenvectors(edges, n, min(n_dimensions, n - 2))
    Y = optimise_layout(10 * start, edges, attraction_curve(0.0), n_epochs, random)
    return Y - Y.mean(axis=0)


def laplacian_eigenvectors(
    edges: tuple[np.ndarray, np.ndarray, np.ndarray], n: int, n_dimensions: int
) -> np.ndarray:
    """Return the leading eigenvectors of a graph's normalised adjacency, largest absolute value 1.

    The first, constant on a connected graph, is left out. Signs are fixed by the largest entry.
    """
    from scipy.sparse import csr_matrix
    from scipy.sparse.linalg import eigsh

    head, tail, weights = edges
    A = csr_matrix((weights.astype(np.float64), (head, tail)), shape=(n, n))
    A = (A + A.T) / 2
    scale = 1 / np.sqrt(np.maximum(np.asarray(A.sum(axis=1)).ravel(), 1e-12))
    A = A.multiply(scale[:, None]).multiply(scale[None]).tocsr()
    first = np.ones(n) / np.sqrt(n)  # the solver's default is random, so runs would differ
    values, vectors = eigsh(A, k=n_dimensions + 1, which="LA", v0=first)
    vectors = vectors[:, np.argsort(-values)][:, 1:]
    largest = vectors[np.abs(vectors).argmax(axis=0), np.arange(vectors.shape[1])]
    return vectors / np.where(largest == 0, 1, largest)
