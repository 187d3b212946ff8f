"""Benchmark of the demo's masked autoencoder: baselines, ranks and intervals."""

import numpy as np
import pytest

from core.bench import masked
from tests.models.small import data_of, small_model


def test_an_untrained_model_is_no_better_than_the_mean_of_the_visible_patches():
    model, _ = small_model("mae", n=40)
    data = data_of("mae", n=40)
    data["audio"] = np.stack([data["audio"], data["audio"][::-1]], 1)  # two crops
    ramp = np.tile(np.linspace(-2, 2, 8, dtype=np.float32), 2)  # in each patch, so its mean knows it
    data["audio"] = 0.3 * data["audio"] + ramp[:, None]
    data["text"] = data["text"].reshape(40, 1, 12)
    data["text_present"][38:] = False
    model.fit_statistics({"audio": data["audio"][:, 0], "text": data["text"][:, 0]})
    found = masked.evaluate_held_out(model.eval(), np.arange(30, 40), data)
    assert found["n_held_out"] == 10 and found["n_pairs"] == 8 and 0.01 < found["p_value"] <= 1
    low, high = found["drawn_difference"]
    assert low < found["drawn"] - found["interpolated"] < high
    assert found["drawn"] > found["visible_mean_of_band"]
    assert found["recall_at_10"] == found["recall_at_10_shuffled"] == 1, "all eight are among ten"


def test_the_baseline_is_the_mean_of_a_crops_own_visible_patches():
    model, _ = small_model("mae", n=3)
    levels = np.array([0, 5, -5], np.float32)  # a mean over tracks would be far off
    X = np.broadcast_to(levels[:, None, None, None], (3, 1, 16, 32)).copy()
    model.fit_statistics({"audio": X[:, 0]})
    errors = masked.inpainting_errors(model.eval(), X, np.ones((3, 5), np.int64))
    assert errors["drawn"].shape == (3,) and errors["drawn"].min() > 0.01
    np.testing.assert_allclose(errors["visible_mean_of_band"], 0, atol=1e-6)
    np.testing.assert_allclose(errors["interpolated"], 0, atol=1e-6)


def test_gain_is_the_interval_of_the_paired_difference(monkeypatch, tmp_path):
    class Demo:
        n_tracks = 3

        def genre_matrix(self):
            return ["a", "b"], np.eye(3, 2, dtype=bool)

        def labels(self):
            return ["a", "b", "a"]

    class Read:
        def take(self, rows):
            return {}

    monkeypatch.setattr("core.collection.add", lambda *a, **k: Demo())
    monkeypatch.setattr("core.inputs.input_arrays.read_input", lambda *a, **k: Read())
    monkeypatch.setattr(masked, "load_shipped_mae", lambda demo: (None, None))
    monkeypatch.setattr(masked, "evaluate_held_out", lambda *a: {"drawn": 0.25})
    monkeypatch.setattr(
        masked,
        "fine_tune_few_labels",
        lambda data, genres, seed, m: {f"{m}_pretrained": 0.5 + 0.1 * (seed % 2), f"{m}_from_nothing": 0.4},
    )
    found = masked.run()
    assert (
        found["drawn"] == 0.25
        and found["audio_pretrained"] == found["both_pretrained"] == pytest.approx(0.54)
        and found["n_labelled"] == 6
    )
    low, high = found["audio_gain"]
    half = 2.776 * np.std([0.1, 0.2, 0.1, 0.2, 0.1], ddof=1) / 5**0.5
    assert (low, high) == pytest.approx((0.14 - half, 0.14 + half), abs=1e-3)
