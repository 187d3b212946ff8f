import numpy as np
import pytest

from core.errors import ConfigError
from core.fusion.graph import Graph, diffuse, similarities, strongest_links
from core.fusion.weighted import Weighted
from core.scoring.metrics import adjusted_rand
from core.simulated.modalities import make_modalities

rng = np.random.default_rng(0)
LABEL = np.repeat(np.arange(4), 25)


def two_views(seed=0):
    """The same four groups in both modalities, each so faint that it does not tell them apart well alone."""
    rng = np.random.default_rng(seed)
    return tuple(np.eye(4, d)[LABEL] * 2.4 + rng.normal(size=(100, d)) for d in (12, 8))


def slow(W_a, W_t, k, n_steps):
    """The paper's equations, entry by entry."""
    n = len(W_a)

    def balance(W):
        P = np.array(
            [
                [
                    W[i, j] / (2 * sum(W[i, m] for m in range(n) if m != i)) if i != j else 0.5
                    for j in range(n)
                ]
                for i in range(n)
            ]
        )
        return (P + P.T) / 2

    def local(W):
        S = np.zeros((n, n))
        for i in range(n):
            near = sorted((j for j in range(n) if j != i), key=lambda j: -W[i, j])[:k]
            for j in near:
                S[i, j] = W[i, j] / sum(W[i, m] for m in near)
        return S

    P_a, P_t, S_a, S_t = balance(W_a), balance(W_t), local(W_a), local(W_t)
    for _ in range(n_steps):
        P_a, P_t = balance(S_a @ P_t @ S_a.T), balance(S_t @ P_a @ S_t.T)
    return (P_a + P_t) / 2


def test_diffusion_is_the_papers():
    audio, text = (X[::8] for X in two_views())
    W_a, W_t = (similarities(X, np.ones(len(X), bool), 4, 0.5).astype("f8") for X in (audio, text))
    np.testing.assert_allclose(diffuse([W_a, W_t], 4, 3), slow(W_a, W_t, 4, 3), rtol=1e-6)


def test_similarity_by_hand():
    W = similarities(np.array([[0.0], [1.0], [3.0]]), np.ones(3, bool), 1, 0.5)
    e = (1 + 1 + 1) / 3  # the nearest neighbours of 0 and 1 are 1 away, and so are they
    assert W[0, 1] == pytest.approx(np.exp(-1 / (2 * (0.5 * e) ** 2))) and W[0, 0] == 1
    np.testing.assert_allclose(W, W.T)


def test_strongest_links_by_hand():
    P = np.array([[9, 3, 1, 0], [3, 9, 2, 0], [1, 2, 9, 0], [0, 0, 0, 9]], np.float32)
    links = strongest_links(P, 1)  # 0 and 1 choose each other, 2 chooses 1, 3 has none
    assert links.to_numpy().tolist() == [[0, 1, 3], [1, 2, 2]]
    assert len(strongest_links(P, 3)) == 3


def kmeans(X, k):
    from sklearn.cluster import KMeans

    return KMeans(k, n_init=4, random_state=0).fit_predict(X)


@pytest.mark.slow
def test_it_separates_groups_better_than_either_modality():
    gains = {"umap": [], "spectral": []}
    for seed in range(3):
        audio, text = two_views(seed)
        alone = max(adjusted_rand(LABEL, kmeans(X, 4)) for X in (audio, text))  # the control
        for embedding, found in gains.items():
            X = Graph(n_components=4, embedding=embedding).fuse(audio, text).X
            assert X.shape == (100, 4) and X.dtype == np.float32
            found.append(adjusted_rand(LABEL, kmeans(X, 4)) - alone)
    np.testing.assert_allclose(np.linalg.norm(X, axis=1), 1, rtol=1e-5)  # spectral
    assert all(min(found) > 0 and np.mean(found) > 0.05 for found in gains.values())


def test_where_modalities_mislead_its_spectral_embedding_beats_equal_weights():
    data = make_modalities(1)
    half = adjusted_rand(data.label, kmeans(Weighted(0.5).fuse(data.audio, data.text).X, 8))
    X = Graph(embedding="spectral").fuse(data.audio, data.text).X
    assert adjusted_rand(data.label, kmeans(X, 8)) > half + 0.02


@pytest.mark.slow  # numba compiles for most of a minute
def test_the_same_tracks_in_another_order_and_a_second_time():
    audio, text = two_views()
    order = rng.permutation(100)
    first = Graph(embedding="spectral").fuse(audio, text).X
    moved = Graph(embedding="spectral").fuse(audio[order], text[order]).X
    np.testing.assert_allclose(moved @ moved.T, (first @ first.T)[np.ix_(order, order)], atol=1e-3)
    by_umap = Graph().fuse(audio, text, seed=3).X
    np.testing.assert_array_equal(by_umap, Graph().fuse(audio, text, seed=3).X)
    assert not np.array_equal(by_umap, Graph().fuse(audio, text, seed=4).X)


EMBEDDINGS = pytest.mark.parametrize(
    "embedding",
    ["spectral", pytest.param("umap", marks=pytest.mark.slow)],  # numba compiles for a minute
)


@EMBEDDINGS
def test_identical_texts_give_a_finite_embedding(embedding):
    audio, _ = two_views()
    graph = Graph(embedding=embedding)
    assert np.isfinite(graph.fuse(audio, np.ones((100, 3))).X).all()
    half = np.where(np.arange(100)[:, None] < 50, 1.0, audio[:, :4])
    assert np.isfinite(graph.fuse(audio, half).X).all()


@EMBEDDINGS
def test_a_track_without_one_modality_is_placed_by_the_other(embedding):
    audio, text = two_views()
    has_text = np.ones(100, bool)
    has_text[::10] = False
    text[::10] = np.nan
    X = Graph(n_components=4, embedding=embedding).fuse(audio, text, np.ones(100, bool), has_text).X
    found = kmeans(X, 4)
    assert np.isfinite(X).all() and adjusted_rand(LABEL[has_text], found[has_text]) > 0.5
    assert adjusted_rand(LABEL[::10], found[::10]) > 0.3  # its sound still says where it belongs


def test_too_many_or_too_few_tracks_are_refused():
    with pytest.raises(ConfigError, match="takes 4 to 5,000 tracks"):
        Graph().fuse(np.zeros((3, 2)), np.zeros((3, 2)))
    with pytest.raises(ConfigError, match="mu=0"):
        Graph(mu=0)
    with pytest.raises(ConfigError, match="n_neighbours=0"):
        Graph(n_neighbours=0)
