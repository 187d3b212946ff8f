"""What groups and pairs are compared by: columns without audio, descriptors and tags with it."""

import numpy as np
import pandas as pd

from core.collection import Collection
from core.explain.measurements import missing_audio_features, read_measurements, read_tags
from core.search.text_fields import predict_tags, tag_probabilities
from tests.pipeline.small_space import make


def test_without_audio_the_columns_are_compared():
    collection = make()
    assert [each.name for each in read_measurements(collection)] == list("abcde")
    assert read_tags(collection) == [] and missing_audio_features(collection) == ({}, 0.0)


def test_durations_have_their_unit_and_empty_columns_are_left_out():
    tracks = pd.DataFrame({"track_id": ["a", "b"], "duration_s": [61.5, np.nan]})
    table = pd.DataFrame({"x": [np.inf, -1.5], "empty": [np.nan, np.nan]})
    found = {each.name: each for each in read_measurements(Collection("some", tracks, table))}
    assert set(found) == {"x", "duration_s"}
    assert found["duration_s"].unit == "s" and found["duration_s"].describe(61.5) == "61.5 s"
    assert np.isnan(found["x"].values[0]) and found["x"].describe(-1.5) == "−1.5"


def test_audio_that_was_not_read_is_left_out_unless_asked(tmp_path):
    tracks = pd.DataFrame({"track_id": ["a", "b"], "path": [str(tmp_path / "a.wav"), ""]})
    collection = Collection("some", tracks)
    assert read_measurements(collection, thorough=False) == read_tags(collection, thorough=False) == []
    missing, seconds = missing_audio_features(collection)
    assert missing["descriptors"] == 1 and seconds > 0


def test_tags_are_probabilities_without_negated_ones():
    X = np.random.default_rng(0).standard_normal((3, 200)).astype(np.float32)
    names, probabilities = tag_probabilities(X, "mtt")
    assert probabilities.shape == (3, len(names)) and 0 <= probabilities.min() <= probabilities.max() <= 1
    assert "guitar" in names and not [name for name in names if name.startswith("no ")]
    best = names[int(probabilities[0].argmax())]
    assert predict_tags(X[0], "mtt")[0] == best
