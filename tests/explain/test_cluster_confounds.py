"""Clusters that follow artists, or labels, or nothing."""

import numpy as np
import pandas as pd
import pytest

from core.collection import Collection
from core.explain.cluster_confounds import agreement, measure_confounds, sources_of

N = 120
LABELS = np.array(list("xyz"), object)[np.arange(N) % 3]
ARTISTS = np.array([f"artist {i % 12}" for i in range(N)], object)  # four of each label
RANDOM = np.random.default_rng(0).integers(0, 4, N)


def test_clusters_of_the_labels_follow_no_artist():
    found = measure_confounds(np.arange(N) % 3, LABELS, {"artist": ARTISTS})
    assert found["follows"] == []
    label = found["agreements"]["label"]
    assert label["adjusted_rand"]["value"] == 1 and abs(label["adjusted_rand"]["control"]) < 0.05
    assert found["agreements"]["artist"]["beyond_labels"]["p_value"] > 0.5  # the same in every shuffle


def test_clusters_of_the_artists_follow_them_and_random_ones_nothing():
    by_artist = np.arange(N) % 12 // 3  # each cluster holds three artists, one of each label
    found = measure_confounds(by_artist, LABELS, {"artist": ARTISTS})
    assert found["follows"] == ["artist"]
    beyond = found["agreements"]["artist"]["beyond_labels"]
    assert beyond["p_value"] == pytest.approx(1 / 201) and beyond["above_chance"] > beyond["of_labels"]
    assert measure_confounds(RANDOM, LABELS, {"artist": ARTISTS})["follows"] == []


def test_without_labels_there_are_figures_and_no_claim():
    found = measure_confounds(np.arange(N) % 12, np.full(N, "", object), {"artist": ARTISTS})
    assert list(found["agreements"]) == ["artist"] and found["follows"] == []
    artist = found["agreements"]["artist"]
    assert artist["normalized_mutual_info"]["value"] == 1 and "beyond_labels" not in artist


def test_one_cluster_and_a_source_that_is_the_label():
    one = measure_confounds(np.zeros(N, int), LABELS, {"folder": LABELS, "artist": ARTISTS})
    assert list(one["agreements"]) == ["label", "artist"] and one["follows"] == []
    assert one["agreements"]["label"]["adjusted_rand"]["value"] == 0
    noise = measure_confounds(np.full(N, -1), LABELS, {})
    assert noise["agreements"]["label"]["n_tracks"] == N


def test_the_interval_holds_the_value_also_with_many_values():
    many = np.array([f"a{i // 2}" for i in range(N)], object)
    found = agreement(many, RANDOM)
    for name in ("adjusted_rand", "normalized_mutual_info"):
        low, high = found[name]["interval"]
        assert low <= found[name]["value"] <= high
    assert found["normalized_mutual_info"]["control"] > 0.3  # NMI is not corrected for chance


def test_sources_are_artist_album_and_folders_that_vary():
    tracks = pd.DataFrame(
        {
            "track_id": [f"{i:032x}" for i in range(4)],
            "artist": ["Anna", "anna ", "Ben", ""],
            "album": ["One"] * 4,
            "sound_file": ["a/x/1.wav", "a/y/2.wav", "b/y/3.wav", "b/y/4.wav"],
        }
    )
    found = sources_of(Collection("some", tracks), np.arange(4))
    assert {name: values.tolist() for name, values in found.items()} == {
        "artist": ["anna", "anna", "ben", ""],
        "folder": ["a", "a", "b", "b"],
        "innermost folder": ["x", "y", "y", "y"],
    }
    assert sources_of(Collection("bare", tracks[["track_id"]]), np.arange(4)) == {}
