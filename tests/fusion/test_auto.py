import numpy as np
import pandas as pd
import pytest

from core.errors import ConfigError
from core.fusion.auto import Auto, choose, measure_replication
from core.fusion.learned import Learned
from core.fusion.per_track import PerTrack
from core.fusion.weighted import Weighted
from core.messages.analysis.fusion_messages import describe_fusion
from core.simulated.modalities import CUES, make_modalities

pytestmark = pytest.mark.slow


def test_replication_is_one_for_what_stays_and_about_zero_for_noise():
    rng = np.random.default_rng(0)
    label = rng.integers(6, size=300)
    noise = rng.normal(size=(300, 30)), rng.normal(size=(300, 30))
    assert (
        abs(measure_replication(Weighted(0.5), *noise, None, n_splits=3, seed=0).mean()) < 0.1
    )  # the control
    clear = [20 * np.eye(6)[label] + rng.normal(size=(300, 6)) for _ in range(2)]
    assert measure_replication(Weighted(0.5), *clear, None, n_splits=2, seed=0).mean() > 0.5


def test_in_noise_equal_weights_stay():
    stayed = 0
    for seed in range(3):
        rng = np.random.default_rng(seed)
        cues = pd.DataFrame(rng.random((57, 3)), columns=list(CUES))
        fused = Auto(n_splits=4).fuse(rng.normal(size=(57, 16)), rng.normal(size=(57, 8)), cues=cues)
        stayed += fused.details["picked"] == "weighted"
    assert stayed >= 2


@pytest.mark.parametrize("n", [40, 45, 59])
def test_few_tracks_leave_the_gate_out_with_a_reason(n):
    rng = np.random.default_rng(0)
    fused = Auto(n_splits=2).fuse(rng.normal(size=(n, 5)), rng.normal(size=(n, 5)))
    assert (
        "learned" not in fused.details["replication"] and "40 or more" in fused.details["left_out"]["learned"]
    )


def test_another_than_the_default_is_picked_only_where_its_lead_exceeds_its_error():
    weighted, better = np.array([0.5, 0.5, 0.5]), np.array([0.6, 0.7, 0.6])
    details = choose({"weighted": weighted, "learned": better}, shared_z=5.0)
    assert details["picked"] == "learned" and details["default"] == "weighted"
    assert details["lead"] == pytest.approx(0.133, abs=1e-3)
    assert "replicate best beyond chance" in describe_fusion(details)
    unsure = choose({"weighted": weighted, "learned": np.array([0.2, 0.9, 0.45])}, shared_z=5.0)
    assert unsure["picked"] == "weighted" and "no fusion replicates clearly better" in describe_fusion(unsure)
    assert choose({"weighted": np.array([0.1, 0.2])}, shared_z=5.0)["picked"] == "weighted"


def test_the_graph_is_the_default_where_neighbours_are_shared_and_weights_where_not():
    replications = {"weighted": np.array([0.5, 0.4, 0.5]), "graph": np.array([0.4, 0.5, 0.4])}
    assert choose(replications, shared_z=5.0)["picked"] == "graph"
    assert choose(replications, shared_z=1.0)["picked"] == "weighted"
    best = {**replications, "graph": np.array([0.9, 0.9, 0.91])}
    assert choose(best, shared_z=1.0)["picked"] == "weighted"  # agreement by chance can't be used


def test_texts_of_other_tracks_are_not_fused_by_the_graph():
    rng = np.random.default_rng(0)
    label = rng.integers(5, size=150)
    audio, text = (3 * np.eye(5, d)[label] + rng.normal(size=(150, d)) for d in (12, 8))
    assert Auto(n_splits=2).fuse(audio, text).details["default"] == "graph"  # the control
    others = text[rng.permutation(150)]
    assert Auto(n_splits=2).fuse(audio, others).details["picked"] == "weighted"


def test_it_picks_a_weight_per_track_where_modalities_mislead():
    data = make_modalities(0)
    some = np.arange(0, 800, 2)
    cues = pd.DataFrame(data.cues, columns=list(CUES)).iloc[some].reset_index(drop=True)
    fused = Auto().fuse(data.audio[some], data.text[some], cues=cues)
    assert fused.details["picked"] in ("per-track", "learned") and set(fused.details["replication"]) == {
        "weighted",
        "per-track",
        "graph",
        "learned",
    }
    how = PerTrack() if fused.details["picked"] == "per-track" else Learned()
    np.testing.assert_array_equal(fused.X, how.fuse(data.audio[some], data.text[some], cues=cues).X)
    lying = cues.sample(frac=1, random_state=0).reset_index(drop=True)
    assert (
        Auto(n_splits=2).fuse(data.audio[some], data.text[some], cues=lying).details["picked"] != "per-track"
    )


def test_without_cues_per_track_is_left_out_with_a_reason():
    rng = np.random.default_rng(0)
    fused = Auto(n_splits=2).fuse(rng.normal(size=(60, 5)), rng.normal(size=(60, 5)))
    assert (
        "per-track" not in fused.details["replication"]
        and "no track has a cue" in fused.details["left_out"]["per-track"]
    )


def test_too_few_tracks_are_fused_by_weight():
    rng = np.random.default_rng(0)
    audio, text = rng.normal(size=(20, 5)), rng.normal(size=(20, 5))
    fused = Auto().fuse(audio, text)
    assert fused.details["picked"] == "weighted" and "only 20 tracks" in describe_fusion(fused.details)
    np.testing.assert_array_equal(fused.X, Weighted(0.5).fuse(audio, text).X)


def test_bad_settings_are_named():
    with pytest.raises(ConfigError, match="n_splits=1"):
        Auto(n_splits=1)
    with pytest.raises(ConfigError, match="n_tracks=10"):
        Auto(n_tracks=10)
