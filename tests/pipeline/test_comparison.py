"""A choice beside others: each modality alone, all weights, the choice before."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core import store
from core.collection import Collection
from core.messages.analysis.score_messages import describe_gain
from core.pipeline.choice import Choice
from core.pipeline.comparison import comparable_kinds, compare_scores, compare_with_single, score_over_weights
from core.pipeline.space import build_space
from core.pipeline.stages import score_fully
from core.scoring import EXTERNAL, INTERNAL

N = 90
LABEL = np.repeat(["a", "b", "c"], N // 3)


def make(words=True, labels=LABEL) -> Collection:
    """Sound tells a from the rest, words tell c from the rest, both together tell all three."""
    rng = np.random.default_rng(0)
    group = np.repeat(np.arange(3), N // 3)
    columns = {f"audio_{i}": 6.0 * (group == 0) + rng.normal(size=N) for i in range(3)}
    columns |= {f"text_{i}": 6.0 * (group == 2) + rng.normal(size=N) for i in range(3)}
    tracks = pd.DataFrame({"track_id": [f"{i:032x}" for i in range(N)], "label": labels})
    tracks["lyrics"] = [
        f"{'sun moon' if g == 2 else 'rain wind'} {i % 7}" if words is True or i in words else ""
        for i, g in enumerate(group)
    ]
    return Collection("three", tracks, pd.DataFrame(columns), info={"kind": "table"})


BOTH = Choice(audio="table:audio_", text="table:text_", n_clusters=3)


def gain_of(collection, choice=BOTH):
    return compare_with_single(collection, build_space(collection, choice), choice)


def test_fusing_pays_where_each_modality_knows_a_part():
    found = gain_of(make())
    assert found["fused"] > 0.95 > 0.7 > found[found["better"]] and found["interval"][0] > 0
    assert "fusion helps" in describe_gain(found) and found["n_labelled"] == N


def test_nothing_fused_or_nothing_labelled_has_no_gain():
    assert gain_of(make(), replace(BOTH, text=None)) is None
    assert gain_of(make(labels=[""] * N)) is None
    assert gain_of(make(labels=["a"] * N)) is None


def test_only_tracks_that_have_both_are_compared():
    some = set(range(10, N))  # ten of genre a have no words, which must not become a cluster of its own
    found = gain_of(make(words=some), replace(BOTH, text="tfidf"))
    assert found["n_labelled"] == N - 10
    assert (
        gain_of(make(words={3}), replace(BOTH, text="table:text_"))["n_labelled"] == N
    )  # numbers are there for all


def test_two_tracks_with_words_end_in_no_comparison_and_no_error():
    assert gain_of(make(words={3, 4}), replace(BOTH, text="tfidf")) is None


def test_the_curve_has_each_modality_alone_at_its_ends():
    from core.pipeline.stages import find_clusters, score

    collection = make()
    curve = score_over_weights(collection, BOTH, n=3)
    assert curve["text_weight"].tolist() == [0.0, 0.5, 1.0]
    for end, only in ((0, replace(BOTH, text=None)), (-1, replace(BOTH, audio=None))):
        space = build_space(collection, only)
        alone = score(collection, space, find_clusters(space, only))["scores"]
        assert curve["adjusted_rand"].iloc[end] == pytest.approx(alone["adjusted_rand"])
        full = score_fully(collection, space, only, n_seeds=1)
        low, high = full["intervals"]["adjusted_rand"]
        at = curve.iloc[end]
        assert (at["adjusted_rand low"], at["adjusted_rand high"]) == pytest.approx((low, high))
        assert abs(at["adjusted_rand control"]) < 0.02 < at["adjusted_rand"]  # shuffled labels
    assert curve["adjusted_rand"].iloc[1] > curve["adjusted_rand"].iloc[[0, -1]].max()


def test_the_curve_is_kept_and_another_seed_or_number_of_clusters_is_another_curve():
    curve = score_over_weights(make(), BOTH, n=3)
    with store.cached_only():
        assert score_over_weights(make(), replace(BOTH, text_weight=0.3, fusion="graph"), n=3).equals(
            curve
        )  # the same curve
        for other in (replace(BOTH, seed=1), replace(BOTH, n_clusters=4), replace(BOTH, cluster="ward")):
            with pytest.raises(store.NotCached):
                score_over_weights(make(), other, n=3)
        with pytest.raises(store.NotCached):
            score_over_weights(make(labels=LABEL[::-1].copy()), BOTH, n=3)


@pytest.mark.slow
def test_labels_change_neither_the_fused_space_nor_its_key():
    shuffled = make(labels=np.random.default_rng(1).permutation(LABEL))
    for fusion in ("auto", "learned", "graph", "per-track"):
        choice = replace(BOTH, fusion=fusion)
        there, here = build_space(make(), choice), build_space(shuffled, choice)
        assert there.key == here.key
        np.testing.assert_array_equal(there.X, here.X)


def test_one_cluster_is_compared_with_one_cluster():
    found = gain_of(make(), replace(BOTH, n_clusters=1))
    assert (found["fused"], found["audio"], found["text"], found["interval"]) == (0, 0, 0, [0, 0])
    assert "no clear difference" in describe_gain(found)


# The choice before


def differ(collection, now, before):
    return compare_scores(
        collection, (build_space(collection, now), now), (build_space(collection, before), before)
    )


def test_within_one_representation_every_metric_is_compared_over_the_seeds_of_the_scores():
    collection, two = make(), replace(BOTH, n_clusters=2)
    found = differ(collection, BOTH, two)
    assert set(found["intervals"]) == set(EXTERNAL + INTERNAL)
    assert found["intervals"]["adjusted_rand"][0] > 0 and found["intervals"]["silhouette"][0] > 0
    scores = [
        score_fully(collection, build_space(collection, choice), choice)["scores"] for choice in (BOTH, two)
    ]
    for name in EXTERNAL + INTERNAL:
        assert found["before"][name] == pytest.approx(scores[1][name])
        assert found["difference"][name] == pytest.approx(scores[0][name] - scores[1][name], abs=1e-9)


def test_across_representations_only_labels_judge():
    found = differ(make(), BOTH, replace(BOTH, text=None))
    assert set(found["intervals"]) == set(EXTERNAL) and found["intervals"]["adjusted_rand"][0] > 0


def test_other_tracks_or_other_labels_are_not_compared():
    collection = make(words=range(70))
    few = Choice(text="tfidf", audio=None, n_clusters=3)
    sides = [
        (build_space(collection, choice), choice) for choice in (BOTH, few, replace(BOTH, label_by="coarse"))
    ]
    assert len(sides[1][0].rows) == 70
    assert comparable_kinds(sides[0], sides[1]) == () and comparable_kinds(sides[0], sides[2]) == (
        "internal",
    )
    assert compare_scores(collection, *sides[:2])["intervals"] == {}


def test_a_searched_k_and_the_same_k_given_are_the_same_clusters():
    found = differ(make(), replace(BOTH, n_clusters=None), BOTH)
    assert all(low == high == 0 for low, high in found["intervals"].values())
