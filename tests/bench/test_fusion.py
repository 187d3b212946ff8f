"""The judged bench: its figures are means and paired intervals over five seeds from the first on."""

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from core.bench import fusion
from core.errors import ConfigError
from core.recipes.clustering import simulated_fusions
from core.recipes.clustering.simulated_fusions import score_seed, shuffle_cues
from core.scoring.statistics.t_interval import interval_of

pytestmark = pytest.mark.slow


def test_means_intervals_and_seeds(monkeypatch):
    asked = []

    def score(seed, cue_reliability):
        asked.append((seed, cue_reliability))
        names = (
            "audio",
            "text",
            "weighted_best",
            "weighted_half",
            "concat",
            "per_track",
            "graph",
            "learned",
            "auto",
            "per_track_shuffled_cues",
            "auto_shuffled_rows",
        )
        return {name: 0.1 * i + 0.01 * (seed - 40) * (name == "auto") for i, name in enumerate(names)}, {
            "picked": "graph",
            "picked_shuffled_rows": "learned",
        }

    monkeypatch.setattr(fusion, "score_seed", score)
    found = fusion.run(first_seed=40, cue_reliability=0.2)
    assert asked == [(seed, 0.2) for seed in range(40, 45)] and found["seeds"] == list(range(40, 45))
    assert found["audio"] == 0 and found["auto"] == pytest.approx(0.82) and found["picked"] == ["graph"] * 5
    assert found["per_track_vs_weighted_best"] == pytest.approx([0.3, 0.3])
    assert found["picked_shuffled_rows"] == ["learned"] * 5
    assert found["auto_shuffled_rows_vs_weighted_half"] == pytest.approx([0.7, 0.7])
    assert found["per_track_shuffled_cues_vs_weighted_best"] == pytest.approx([0.7, 0.7])
    low, high = found[
        "auto_vs_single"
    ]  # against text at 0.1: 0.70 … 0.74, whose standard deviation is 0.0158
    assert (low, high) == pytest.approx(
        (0.72 - 2.776 * 0.0158 / 5**0.5, 0.72 + 2.776 * 0.0158 / 5**0.5), abs=1e-3
    )
    assert found["regret"] == pytest.approx(-0.72)


def test_interval_of_equal_differences_is_a_point():
    assert interval_of(pd.Series(np.full(5, 0.25))) == (0.25, 0.25)


def test_one_seed_gives_every_figure_and_the_cues_matter(monkeypatch):
    from core.fusion import auto

    monkeypatch.setattr(auto.Auto, "n_splits", 2)
    monkeypatch.setattr(simulated_fusions, "WEIGHTS", (0.0, 0.5, 1.0))
    import core.simulated.modalities as modalities

    plain = modalities.Recipe
    monkeypatch.setattr(modalities, "Recipe", lambda **given: plain(n_per_genre=25, **given))
    scores, picked = score_seed(1, 0.7)
    assert set(scores) >= {
        "audio",
        "text",
        "concat",
        "weighted_best",
        "weighted_half",
        "per_track",
        "graph",
        "learned",
        "auto",
    }
    assert scores["per_track"] > scores["weighted_best"] >= scores["weighted_half"] and set(
        picked.values()
    ) <= {"weighted", "per-track", "graph", "learned"}
    assert set(picked) == {"picked", "picked_shuffled_cues", "picked_shuffled_rows"}
    for worthless in ("per_track_shuffled_cues", "per_track_shuffled_rows"):
        assert scores[worthless] < scores["per_track"] - 0.1


def test_shuffled_cues_keep_their_values_and_lose_their_tracks():
    cues = np.random.default_rng(0).random((200, 1)) + 0.1 * np.random.default_rng(1).random((200, 3))
    for shuffle, agree in (("shuffled_cues", False), ("shuffled_rows", True)):
        found = shuffle_cues(cues, shuffle, 0)
        np.testing.assert_array_equal(np.sort(found, axis=0), np.sort(cues, axis=0))
        assert abs(np.corrcoef(found[:, 0], cues[:, 0])[0, 1]) < 0.2
        assert (np.corrcoef(found[:, 0], found[:, 1])[0, 1] > 0.9) == agree


def test_options_belong_to_this_bench():
    from core.cli.app import app

    refused = CliRunner().invoke(app, ["bench", "explore", "--first-seed", "3"])
    assert refused.exit_code == 2 and "belong to" in refused.output
    with pytest.raises(ConfigError, match="first_seed=-1"):
        fusion.run(first_seed=-1)
