import numpy as np
import pandas as pd
import pytest

from core.errors import ConfigError
from core.fusion.per_track import PerTrack, cronbach_alpha, rank
from core.fusion.weighted import Weighted
from core.messages.analysis.fusion_messages import describe_fusion
from core.scoring.metrics import adjusted_rand
from core.simulated.modalities import CUES, Recipe, make_modalities

rng = np.random.default_rng(0)
AUDIO, TEXT = rng.normal(size=(50, 6)).astype("f4"), rng.normal(size=(50, 4)).astype("f4")
TRUST = rng.random(50)
AGREED = pd.DataFrame({"energy": TRUST, "quality": TRUST**2})
ALL = np.ones(50, bool)


def kmeans(X):
    from sklearn.cluster import KMeans

    return KMeans(8, n_init=4, random_state=0).fit_predict(X)


def test_a_track_with_high_cues_is_weighted_towards_audio():
    fused = PerTrack().fuse(AUDIO, TEXT, cues=AGREED)
    assert fused.text_weights[TRUST.argmax()] < 0.05 and fused.text_weights[TRUST.argmin()] > 0.95
    norms = np.linalg.norm(fused.X[:, :6], axis=1) / np.linalg.norm(fused.X, axis=1)
    assert norms[TRUST.argmax()] > 0.95 > 0.3 > norms[TRUST.argmin()]
    assert fused.details["trust"] == 1 and "agree" in describe_fusion(fused.details)


def test_the_formula_row_by_row():
    fused, half = (
        PerTrack("full").fuse(AUDIO, TEXT, cues=AGREED),
        Weighted(0.5).fuse(AUDIO, TEXT).X * np.sqrt(2),
    )
    for i in (0, 17, 49):
        w = (
            0.5 + 0.5 - np.mean([(c <= c[i]).sum() - 0.5 for c in AGREED.to_numpy().T]) / 50
        )  # ranks counted by hand
        row = np.concatenate([(1 - w) * half[i, :6], w * half[i, 6:]]) / np.sqrt((1 - w) ** 2 + w**2)
        np.testing.assert_allclose(fused.X[i], row, rtol=1e-4)
        assert fused.text_weights[i] == pytest.approx(w)


def test_cues_that_contradict_each_other_move_nothing():
    against = pd.DataFrame({"energy": TRUST, "quality": 1 - TRUST})
    fused = PerTrack().fuse(AUDIO, TEXT, cues=against)
    np.testing.assert_allclose(fused.X, Weighted(0.5).fuse(AUDIO, TEXT).X, atol=1e-6)
    assert fused.details["trust"] == 0 and "contradict" in describe_fusion(fused.details)


def test_agreement_is_cronbachs_alpha():
    X = rng.random((200, 3))
    slow = 3 / 2 * (1 - sum(X[:, i].var() for i in range(3)) / X.sum(1).var())
    assert cronbach_alpha(X) == pytest.approx(slow)
    assert cronbach_alpha(np.repeat(X[:, :1], 3, axis=1)) == pytest.approx(1)
    assert cronbach_alpha(X[:, :1]) == 1 and cronbach_alpha(X[:1]) == 0
    assert cronbach_alpha(np.c_[X[:, 0], np.full(200, 0.5)]) == 1  # a constant cue is ignored


def test_unknown_cues_are_ignored_and_having_none_is_reported():
    unknown = AGREED.assign(instrumentalness=np.nan)
    extra, without = (PerTrack().fuse(AUDIO, TEXT, cues=cues) for cues in (unknown, AGREED))
    assert extra.details["trust"] == 1
    np.testing.assert_array_equal(extra.X, without.X)
    nothing = PerTrack().fuse(AUDIO, TEXT, cues=AGREED * np.nan)
    assert (nothing.text_weights == 0.5).all() and "no track has a cue" in describe_fusion(nothing.details)
    single = PerTrack().fuse(AUDIO, TEXT, cues=unknown[["energy", "instrumentalness"]])
    assert single.details["trust"] == 1


def test_ranks_leave_out_what_is_unknown():
    ranked = rank(np.array([[3.0], [np.nan], [1.0], [3.0]]), np.array([True, True, True, True]))
    np.testing.assert_allclose(ranked[:, 0], [2 / 3, np.nan, 1 / 6, 2 / 3])


def test_tracks_without_a_modality_or_without_cues():
    has_text, unknown = ALL.copy(), AGREED.copy()
    has_text[:5] = False
    unknown.iloc[10] = np.nan
    fused = PerTrack().fuse(AUDIO, TEXT, ALL, has_text, cues=unknown)
    assert (fused.text_weights[:5] == 0).all() and not fused.X[:5, 6:].any() and fused.text_weights[10] == 0.5
    assert np.isfinite(fused.X).all()


def test_shuffling_tracks_shuffles_rows_and_nothing_else():
    order = rng.permutation(50)
    first, shuffled = (
        PerTrack().fuse(AUDIO, TEXT, cues=AGREED),
        PerTrack().fuse(AUDIO[order], TEXT[order], cues=AGREED.iloc[order]),
    )
    np.testing.assert_allclose(shuffled.X, first.X[order], atol=1e-6)


def test_no_cues_or_too_few_are_refused():
    with pytest.raises(ConfigError, match="need cues"):
        PerTrack().fuse(AUDIO, TEXT)
    with pytest.raises(ConfigError, match="cues for 49 tracks, and 50"):
        PerTrack().fuse(AUDIO, TEXT, cues=AGREED.iloc[:49])
    with pytest.raises(ConfigError, match="trust='blind'"):
        PerTrack("blind")


def test_on_tracks_whose_modalities_mislead_it_finds_what_no_static_weight_does():
    data = make_modalities(0)
    cues = pd.DataFrame(data.cues, columns=list(CUES))
    static = max(
        adjusted_rand(data.label, kmeans(Weighted(w).fuse(data.audio, data.text).X))
        for w in (0, 0.25, 0.5, 0.75, 1)
    )
    assert static < 0.5  # the control, with the best weight chosen by the labels
    assert adjusted_rand(data.label, kmeans(PerTrack().fuse(data.audio, data.text, cues=cues).X)) > 0.75
    noise = pd.DataFrame(make_modalities(0, Recipe(cue_reliability=0.0)).cues, columns=list(CUES))
    np.testing.assert_allclose(
        PerTrack().fuse(data.audio, data.text, cues=noise).text_weights, 0.5, atol=0.05
    )
