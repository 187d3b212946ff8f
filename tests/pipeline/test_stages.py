"""The way of the data: what a choice decides, what is left out, and that the same choice costs nothing
twice."""

from dataclasses import replace

import numpy as np
import pytest

from core import store
from core.clustering.leiden import Leiden
from core.errors import ConfigError
from core.pipeline import space as pipeline
from core.pipeline.choice import Choice
from core.pipeline.layouts import layout
from core.pipeline.space import build_space
from core.pipeline.stages import (
    find_clusters,
    score,
    score_fully,
    score_stability,
    search_k,
    truth_of,
)
from core.representation.vectors import Representation
from core.scoring import INTERNAL
from tests.pipeline.small_space import AUDIO, BOTH, GROUP, WORDS, N, make


def test_clusters_find_the_groups_and_controls_do_not():
    collection = make()
    space = build_space(collection, AUDIO)
    labels = find_clusters(space, AUDIO)
    assert score(collection, space, labels)["scores"]["adjusted_rand"] > 0.95
    full = score_fully(collection, space, AUDIO, n_seeds=2)
    assert abs(full["control"]["adjusted_rand"]) < 0.1 < 0.95 < full["scores"]["adjusted_rand"]
    assert full["control"]["silhouette"] < full["intervals"]["silhouette"][0]


def test_the_weight_moves_from_one_modality_to_the_other():
    texts = WORDS[
        np.random.default_rng(1).permutation(GROUP)
    ]  # the text tells another story than the numbers
    collection = make(texts=texts)
    found = {}
    for weight in (0.0, 1.0):
        choice = replace(BOTH, text_weight=weight)
        space = build_space(collection, choice)
        found[weight] = score(collection, space, find_clusters(space, choice))["scores"]["adjusted_rand"]
    assert found[0.0] > 0.95 and found[1.0] < 0.3


def test_a_track_without_one_modality_stays_and_one_without_both_is_named():
    texts = [""] * 5 + list(WORDS[GROUP][5:])
    assert len(build_space(make(texts=texts), BOTH).rows) == N
    text_only = build_space(make(texts=texts), replace(AUDIO, audio=None, text="tfidf"))
    assert len(text_only.rows) == N - 5 and len(text_only.left_out) == 5
    assert set(text_only.left_out.values()) == {"has no text"}


def test_labels_of_unlabelled_tracks_are_empty_and_no_labels_is_none():
    assert truth_of(make(labels=[""] * N), build_space(make(), AUDIO)) is None
    some = make(labels=["x"] * 30 + [""] * 30)
    assert truth_of(some, build_space(some, AUDIO)).count("") == 30


def test_the_same_choice_costs_nothing_the_second_time(monkeypatch):
    collection = make()

    def walk(choice):
        space = build_space(collection, choice)
        score(collection, space, find_clusters(space, choice))
        return layout(collection, space, choice)

    first = walk(BOTH)

    def refuse(*args, **kwargs):
        raise AssertionError("computed again")

    monkeypatch.setattr("core.store.cache.put", refuse)
    assert np.array_equal(walk(BOTH), first)
    with pytest.raises(AssertionError, match="again"):
        walk(replace(BOTH, text_weight=0.4))


def test_a_searched_k_is_the_one_of_the_highest_silhouette():
    choice = replace(AUDIO, n_clusters=None)
    space = build_space(make(), choice)
    table = search_k(space, choice)
    assert list(table["n_clusters"]) == list(range(2, 11))
    assert (
        len(set(find_clusters(space, choice))) == table.loc[table["silhouette"].idxmax(), "n_clusters"] == 3
    )


def test_consensus_has_a_stability_and_changes_nothing_where_it_is_off(monkeypatch):
    from core.clustering.kmeans import KMeans
    from core.store.hashing.source import source_hash

    choice = replace(AUDIO, n_clusters=5, settings=(("n_init", 1),))
    space = build_space(make(), choice)
    key = store.key_of(space.key, KMeans(5, n_init=1), 0, source_hash(KMeans))
    labels = find_clusters(space, choice)
    np.testing.assert_array_equal(store.peek("clusters", key), labels)  # keyed as before there was one
    assert score_stability(space, choice) is None
    agreed = replace(choice, consensus=4)
    together = find_clusters(space, agreed)
    figures, tracks = score_stability(space, agreed)
    assert figures["n_runs"] == 4 and len(set(together)) == 5 and tracks.shape == (N,)
    low, high = figures["interval"]
    assert low <= figures["adjusted_rand"] <= high and figures["adjusted_rand"] < 1
    with store.cached_only():
        np.testing.assert_array_equal(find_clusters(space, agreed), together)
        assert score_stability(space, agreed)[0] == figures
    with store.cached_only(), monkeypatch.context() as patch:
        patch.setattr("core.scoring.stability.np", None)  # nothing is computed again
        np.testing.assert_array_equal(score_stability(space, agreed)[1], tracks)
    full = score_fully(make(), space, agreed, n_seeds=2)
    assert full["scores"] != score_fully(make(), space, choice, n_seeds=2)["scores"]


def test_consensus_leaves_deterministic_algorithms_and_the_search_of_k_alone():
    ward = replace(AUDIO, cluster="ward", consensus=4)
    assert not ward.has_consensus and ward.clusterer() == replace(ward, consensus=0).clusterer()
    searched = replace(AUDIO, n_clusters=None)
    space = build_space(make(), searched)
    table = search_k(space, searched)
    with store.cached_only():
        assert search_k(space, replace(searched, consensus=4)).equals(table)
    assert len(set(find_clusters(space, replace(searched, consensus=4)))) == 3
    with pytest.raises(ConfigError, match="consensus=2 must be 0"):
        replace(AUDIO, consensus=2)


@pytest.mark.slow  # numba compiles for most of a minute
def test_every_registered_way_gives_a_whole_space():
    from core.clustering import CLUSTERERS
    from core.fusion import FUSIONS, fusion_spec

    collection = make()
    quick = {"n_steps": 5, "n_splits": 2, "embedding": "spectral"}
    for fusion in FUSIONS:
        settings = tuple(
            (name, value)
            for name, value in quick.items()
            if name in fusion_spec(fusion).load().__dataclass_fields__
        )
        choice = replace(BOTH, fusion=fusion, fusion_settings=settings)
        space = build_space(collection, choice)
        assert len(space.X) == N and np.isfinite(space.X).all()
        for cluster in CLUSTERERS:
            assert find_clusters(space, replace(choice, cluster=cluster)).shape == (N,)


def test_choices_that_cannot_be_are_refused():
    with pytest.raises(ConfigError, match="choose an audio representation"):
        Choice(audio=None, text=None)
    with pytest.raises(ConfigError, match="text_weight=1.4"):
        Choice(text_weight=1.4)
    with pytest.raises(ConfigError, match="reads text, so it can't be the audio"):
        build_space(make(), replace(AUDIO, audio="tfidf"))
    with pytest.raises(ConfigError, match="no audio"):
        build_space(make(), replace(AUDIO, audio="mfcc"))


@pytest.mark.parametrize(
    ("n", "said"), [(0, "no track of made has text"), (1, "only one track of made has text")]
)
def test_too_few_tracks_for_a_map_are_counted_in_words(monkeypatch, n, said):
    few = Representation(np.zeros((N, 2), np.float32), np.arange(N) < n, "key", "few")
    monkeypatch.setattr(pipeline, "represent", lambda *_, **__: few)
    with pytest.raises(ConfigError, match=said):
        build_space(make(), replace(AUDIO, audio=None, text="tfidf"))


def test_leiden_partitions_the_fused_graph_unless_the_space_is_reduced(monkeypatch):
    spectral = ("embedding", "spectral")  # numba would compile UMAP for a minute
    choice = replace(BOTH, fusion="graph", cluster="leiden", fusion_settings=(spectral,))
    space = build_space(make(), choice)
    expected = Leiden().on(space.links).fit(space.X)
    np.testing.assert_array_equal(find_clusters(space, choice), expected)
    other = replace(space, links=space.links.assign(weight=1.0).iloc[::5], key="fewer links")
    assert len(set(find_clusters(other, choice))) > len(set(expected))
    assert (
        score_fully(make(), other, choice, n_seeds=2)["scores"]
        != score_fully(make(), space, choice)["scores"]
    )
    again = build_space(make(), choice)  # from the cache
    assert again.links.equals(space.links)
    assert build_space(make(), BOTH).links is None
    monkeypatch.setattr(pipeline, "_reduce", lambda X, key, *_: (X, "reduced"))
    assert build_space(make(), replace(choice, reduce="umap")).links is None


ONE = {name: replace(AUDIO, cluster=name, n_clusters=1) for name in ("kmeans", "ward", "gmm", "spectral")}
ONE |= {
    "dbscan": replace(AUDIO, cluster="dbscan", settings=(("eps", 1e3),)),
    "hdbscan": replace(AUDIO, cluster="hdbscan"),
    "leiden": replace(AUDIO, cluster="leiden"),
}


@pytest.mark.parametrize("name", ONE)
def test_one_cluster_has_no_internal_scores_and_external_ones_of_one_cluster(name):
    collection, choice = make(labels=["x"] * 40 + ["y"] * 20), ONE[name]
    space = build_space(collection, choice)
    if name in ("hdbscan", "leiden"):  # they have one cluster where tracks are all alike
        space = replace(space, X=np.zeros_like(space.X), key="all alike")
    labels = find_clusters(space, choice)
    assert set(labels) == {0}
    full = score_fully(collection, space, choice, n_seeds=2)
    for found in (score(collection, space, labels)["scores"], full["scores"]):
        assert [found[metric] for metric in INTERNAL] == [None] * 3
        assert [found[metric] for metric in ("adjusted_rand", "normalized_mutual_info")] == pytest.approx(
            [0, 0]
        )
        assert found["purity"] == found["purity_mean"] == pytest.approx(40 / 60)
    assert {metric: full["notes"].get(metric) for metric in INTERNAL} == dict.fromkeys(
        INTERNAL, {"reason": "one_cluster"}
    )
    assert full["intervals"]["silhouette"] is None and full["intervals"]["adjusted_rand"] == pytest.approx(
        [0, 0]
    )
    low, high = full["intervals"]["purity"]
    assert low < 40 / 60 < high
    assert full["control"]["silhouette"] is None and full["control"]["purity"] == pytest.approx(40 / 60)


def test_intervals_are_those_of_the_k_that_was_asked_for(monkeypatch):
    choice, asked = replace(AUDIO, cluster="gmm", n_clusters=5), []
    monkeypatch.setattr(
        "core.scoring.confidence_intervals",
        lambda X, clusterer, *_, **__: asked.append(clusterer.n_clusters) or {},
    )
    monkeypatch.setattr("core.scoring.control_scores", lambda *_, **__: {})
    monkeypatch.setattr(
        "core.pipeline.stages.find_clusters", lambda *_: np.zeros(N, np.int64)
    )  # a mixture may leave some of its groups empty
    score_fully(make(), build_space(make(), choice), choice)
    assert asked == [5]


def test_reading_texts_and_files_that_are_not_read_yet_is_computing():
    """What takes long outside the store's own ``make`` is not begun by a look-up."""
    with pytest.raises(store.NotCached), store.cached_only():
        build_space(make(), replace(AUDIO, audio=None, text="sentence"))
