"""Benchmark of the demo's masked autoencoder: baselines, ranks and intervals."""

import numpy as np
import pytest

from core.bench import masked
from tests.models.small import data_of, small_model


def test_ranks_count_the_texts_before_the_own_text():
    similarity = np.array([[0.9, 0.1, 0.5], [0.8, 0.3, 0.5], [0.2, 0.7, 0.6]])
    assert list(masked._ranks(similarity, np.eye(3, dtype=bool))) == [0, 2, 1]
    alike = np.array([[1, 0, 0], [0, 1, 1], [0, 1, 1]], bool)  # the last two have equal texts
    assert list(masked._ranks(similarity, alike)) == [0, 1, 0]


def test_an_untrained_model_is_no_better_than_the_baselines():
    model, _ = small_model("mae", n=40)
    data = data_of("mae", n=40)
    data["audio"] = np.stack([data["audio"], data["audio"][::-1]], 1)  # two crops
    data["audio"] += np.linspace(-2, 2, 16)[:, None].astype(
        np.float32
    )  # bands differ, so the mean patch of a band knows more
    data["text"] = data["text"].reshape(40, 1, 12)
    model.fit_statistics({"audio": data["audio"][:, 0], "text": data["text"][:, 0]})
    found = masked.evaluate_held_out(model.eval(), np.arange(30), np.arange(30, 40), data)
    assert found["drawn"] > 0.9 * found["mean_patch"] > found["mean_patch_of_band"]
    assert found["mean_patch"] == pytest.approx(1, abs=0.25), "errors are in deviations"
    assert found["n_held_out"] == 10 and 0.01 < found["p_value"] <= 1
    assert found["chance_at_1"] == pytest.approx(0.1) and found["recall_at_1_shuffled"] == pytest.approx(
        0.1, abs=0.03
    )
    assert found["recall_at_10"] == found["recall_at_10_shuffled"] == 1, "all ten are among ten"


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
    monkeypatch.setattr(masked, "load_shipped_mae", lambda n: (None, None, None))
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
