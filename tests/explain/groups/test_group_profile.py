"""Profiles of clusters and selections: by hand, and where something is missing."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.collection import Collection
from core.explain.groups.group_profile import profile_clusters, profile_selection, share_labels
from core.explain.groups.short_name import suggest_names
from core.explain.groups.weight_distribution import describe_weights, text_weights_of
from core.pipeline.choice import Choice
from core.pipeline.space import build_space
from core.store import json_values
from tests.pipeline.small_space import AUDIO, BOTH, GROUP, make


def profiled(collection, choice, labels):
    return profile_clusters(collection, build_space(collection, choice), choice, np.asarray(labels))


def test_each_cluster_has_its_words_label_and_columns():
    found = profiled(make(), BOTH, GROUP)
    assert [group["cluster"] for group in found["groups"]] == [0, 1, 2]
    first = found["groups"][0]
    assert (first["n_tracks"], first["share"], first["n_labelled"]) == (20, 1 / 3, 20)
    (label,) = first["labels"]
    assert (label["label"], label["share"], label["share_elsewhere"]) == ("x", 1.0, 0.0)
    assert 0.8 < label["interval"][0] < label["interval"][1] <= 1
    assert {entry["word"] for entry in first["words"]} == {"rain", "river", "sea", "wave"}
    assert all(entry["share"] == 1 and entry["share_elsewhere"] == 0 for entry in first["words"])
    assert first["medoid"] % 3 == 0 and first["boundary"] == []
    assert {each["name"] for each in first["descriptors"]} <= set("abcde") and first["descriptors"]
    assert first["text_weight"]["mean"] == 0.5 and first["text_weight"]["counts"][5] == 20
    assert found["lacks"] == ["tags"]
    names = [group["suggested_name"] for group in found["groups"]]
    assert names[0] == "X: rain, river" and len(set(names)) == 3


def test_a_selection_is_compared_with_the_rest_and_cached():
    collection = make()
    space = build_space(collection, BOTH)
    members = np.flatnonzero(GROUP == 1)
    found = profile_selection(collection, space, BOTH, members)
    (group,) = found["groups"]
    assert group["cluster"] is None and group["labels"][0]["label"] == "y"
    assert json_values(profile_selection(collection, space, BOTH, members[::-1])) == json_values(found)
    alone = profile_selection(collection, space, BOTH, members[:1])["groups"][0]
    assert alone["medoid"] == members[0] and alone["words"] == alone["descriptors"] == []


def test_noise_one_cluster_and_no_labels():
    noisy = profiled(make(labels=""), AUDIO, np.where(GROUP == 2, -1, GROUP))
    last = noisy["groups"][-1]
    assert last["cluster"] == -1 and last["medoid"] is None and last["suggested_name"] == ""
    assert last["boundary"] == last["outliers"] == [] and last["words"]
    assert noisy["groups"][0]["labels"] == [] and noisy["lacks"] == ["labels", "tags", "text_weight"]
    whole = profiled(make(), AUDIO, np.zeros(60))["groups"][0]
    assert whole["words"] == whole["descriptors"] == [] and whole["labels"][0]["share_elsewhere"] is None


def test_two_tracks_without_text_or_audio():
    tracks = pd.DataFrame({"track_id": ["a" * 32, "b" * 32], "label": ["x", ""]})
    two = Collection("two", tracks, pd.DataFrame({"x": [0.0, 1.0]}), info={"kind": "table"})
    found = profiled(two, Choice(audio="table", n_clusters=2), [0, 1])
    assert [group["medoid"] for group in found["groups"]] == [0, 1]
    assert found["groups"][0]["words"] == found["groups"][0]["descriptors"] == []
    assert {"words", "tags", "text_weight"} <= set(found["lacks"])
    assert [group["suggested_name"] for group in found["groups"]] == ["", ""]


def test_texts_alone_have_words_and_no_descriptors():
    text = Choice(audio=None, text="tfidf", n_clusters=3)
    collection = make()
    object.__setattr__(collection, "table", None)
    found = profiled(collection, text, GROUP)
    assert found["groups"][2]["words"] and found["lacks"] == ["descriptors", "tags", "text_weight"]


def test_shuffling_the_tracks_changes_nothing_but_positions():
    labels = np.array(["x", "y", "", "x"], object)
    order = np.array([3, 0, 2, 1])
    member = np.array([True, True, True, False])
    assert share_labels(labels, member) == share_labels(labels[order], member[order])


def test_weights_by_hand():
    found = describe_weights(np.array([0.0, 0.2, 0.4, 0.4, np.nan]))
    assert found["n"] == 4 and found["mean"] == pytest.approx(0.25) and found["p50"] == pytest.approx(0.3)
    assert found["counts"] == [1, 0, 1, 0, 2, 0, 0, 0, 0, 0]
    half = 3.18245 * np.std([0, 0.2, 0.4, 0.4], ddof=1) / 2
    assert found["interval"] == [0.0, pytest.approx(0.25 + half, abs=1e-3)]
    assert describe_weights(np.array([0.3]))["interval"] is None
    assert describe_weights(np.full(3, np.nan)) is None


def test_a_track_without_a_modality_has_the_weight_of_the_other():
    texts = np.where(np.arange(60) < 10, "", "rain river sea")
    texts[10:30] = "drum stage"
    collection = make(texts=texts)
    choice = replace(BOTH, text_weight=0.3)
    weights = text_weights_of(collection, build_space(collection, choice), choice)
    assert set(weights[:10]) == {0.0} and set(weights[10:]) == {0.3}
    assert text_weights_of(collection, build_space(collection, AUDIO), AUDIO) is None


def test_names_are_short_and_different():
    profile = {
        "labels": [{"label": "rag", "interval": [0.2, 0.9]}],
        "tags": [{"title": "piano"}],
        "words": [{"word": "w" * 40}, {"word": "v" * 40}],
        "descriptors": [{"name": "top_hz", "effect": 1.0}, {"name": "tempo_bpm", "effect": -0.5}],
    }
    first, second = suggest_names([profile, profile])
    assert first.startswith("Slow piano: www") and len(first) <= 48 and second == f"{first} 2"
