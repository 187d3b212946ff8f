"""The benchmark of many tracks, at sizes that take seconds."""

import numpy as np
import pytest

from core.bench import interrupted, scale
from core.bench.scale import simulate, trustworthiness
from core.projection import landmarks


def test_trustworthiness_equals_scikit_learn_on_all_tracks():
    from sklearn.manifold import trustworthiness as reference

    X = simulate(400)[0]
    Y = X[:, :2] + np.random.default_rng(0).standard_normal((400, 2))
    assert trustworthiness(X, Y) == pytest.approx(reference(X, Y, n_neighbors=scale.N_NEAR), abs=1e-6)


@pytest.mark.slow
def test_every_figure_is_there_and_the_layout_by_landmarks_is_nearly_as_true(monkeypatch):
    monkeypatch.setattr(scale, "SIZES", (1000, 3000))
    monkeypatch.setattr(landmarks, "MOST_WHOLE", 2000)
    monkeypatch.setattr(landmarks, "N_LANDMARKS", 1200)
    monkeypatch.setattr(landmarks, "N_REGIONS", 16)
    monkeypatch.setattr(interrupted, "N_FILES", 100)
    monkeypatch.setattr(interrupted, "N_KILLS", 1)
    figures = scale.run(tracks=4000)
    assert figures["interrupted_lost"] == 0
    steps = ("add_s", "cluster_score_s", "map_s", "search_s")
    assert set(figures) >= {*steps, *(f"{step}_1k" for step in steps), *(f"{step}_3k" for step in steps)}
    assert figures["n_tracks"] == 4000 and 0.2 < figures["peak_gb"] < 8 and figures["calibration_s"] > 0
    assert all(value > 0 for name, value in figures.items() if name.endswith("_s"))
    assert figures["trust_loss"] < 0.05
