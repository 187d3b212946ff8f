import numpy as np
import pandas as pd
import pytest

from core.errors import ConfigError
from core.fusion import Auto, PerTrack, Weighted
from core.fusion.auto import choose, replicate
from core.simulated.modalities import CUES, make_modalities


def test_replication_is_one_for_what_stays_and_about_zero_for_what_is_drawn_anew():
    rng = np.random.default_rng(0)
    label = rng.integers(6, size=300)
    clear = 40 * np.eye(6)[label] + rng.normal(size=(300, 6))
    noise = rng.normal(size=(300, 30))
    assert replicate(Weighted(0.5), noise, rng.normal(size=(300, 30)), None, n_splits=2, seed=0).mean() < 0.2  # the control
    assert replicate(Weighted(0.0), clear, noise, None, n_splits=2, seed=0).mean() > 0.6


def test_the_best_is_picked_only_where_its_lead_exceeds_its_error():
    told = choose({"weighted": np.array([0.5, 0.5, 0.5]), "graph": np.array([0.6, 0.7, 0.6]), "learned": np.array([0.4, 0.4, 0.4])})
    assert told["picked"] == "graph" and told["lead"] == pytest.approx(0.133, abs=1e-3) and "replicate best" in told["words"]
    unsure = choose({"weighted": np.array([0.5, 0.5, 0.5]), "graph": np.array([0.2, 0.9, 0.45])})
    assert unsure["picked"] == "weighted" and "nothing replicates clearly better" in unsure["words"]
    assert choose({"weighted": np.array([0.1, 0.2])})["picked"] == "weighted"


def test_it_picks_the_cues_where_they_tell_the_truth_and_not_where_they_lie():
    data = make_modalities(0)
    some = np.arange(0, 800, 2)
    cues = pd.DataFrame(data.cues, columns=list(CUES)).iloc[some].reset_index(drop=True)
    fused = Auto(n_splits=2).fuse(data.audio[some], data.text[some], cues=cues)
    assert fused.told["picked"] == "per-track" and set(fused.told["replication"]) == {"weighted", "per-track", "graph", "learned"}
    np.testing.assert_array_equal(fused.X, PerTrack().fuse(data.audio[some], data.text[some], cues=cues).X)
    assert fused.told["of_picked"]["trust"] == 1 and list(fused.terms) == list(CUES)


def test_without_cues_the_weight_per_track_is_no_candidate_and_says_why():
    rng = np.random.default_rng(0)
    fused = Auto(n_splits=2).fuse(rng.normal(size=(60, 5)), rng.normal(size=(60, 5)))
    assert "per-track" not in fused.told["replication"] and "nothing is known" in fused.told["left_out"]["per-track"]


def test_too_few_tracks_are_fused_by_weight():
    rng = np.random.default_rng(0)
    audio, text = rng.normal(size=(20, 5)), rng.normal(size=(20, 5))
    fused = Auto().fuse(audio, text)
    assert fused.told["picked"] == "weighted" and "only 20 tracks" in fused.told["words"]
    np.testing.assert_array_equal(fused.X, Weighted(0.5).fuse(audio, text).X)


def test_no_label_can_take_part():
    import inspect

    assert "label" not in " ".join(inspect.signature(Auto.fuse).parameters)


def test_bad_settings_are_named():
    with pytest.raises(ConfigError, match="n_splits=1"):
        Auto(n_splits=1)
    with pytest.raises(ConfigError, match="n_tracks=10"):
        Auto(n_tracks=10)
