import numpy as np
import pytest
from scipy.spatial.distance import pdist, squareform

from core.config import describe_fields
from core.errors import ConfigError
from core.fusion import FUSIONS, fusion_spec
from core.fusion.concat import Concat
from core.fusion.standardise import centre, standardise
from core.fusion.weighted import Weighted

rng = np.random.default_rng(0)
AUDIO = (rng.normal(size=(60, 32)) * rng.uniform(0.01, 100, 32) + 5).astype("f4")
TEXT = (rng.normal(size=(60, 4)) * 1000).astype("f4")
ALL = np.ones(60, bool)
STATIC = ("weighted", "concat")
"""Fusions that look at nothing but the two modalities and one number; the others have files of their own."""


def squared(X):
    return pdist(X.astype("f8"), "sqeuclidean")


def test_plain_stacking_lets_the_larger_scale_win_and_weighting_does_not():
    stacked = squared(np.hstack([AUDIO, TEXT]))
    assert np.corrcoef(stacked, squared(TEXT))[0, 1] > 0.99  # the control: text drowns audio by its scale
    a, t = squared(Weighted(0).fuse(AUDIO, TEXT).X), squared(Weighted(1).fuse(AUDIO, TEXT).X)
    assert a.mean() == pytest.approx(t.mean(), rel=1e-5)


@pytest.mark.parametrize("w", [0.0, 0.25, 0.5, 0.9, 1.0])
def test_squared_distances_mix_as_one_minus_w_to_w(w):
    a, t = squared(Weighted(0).fuse(AUDIO, TEXT).X), squared(Weighted(1).fuse(AUDIO, TEXT).X)
    np.testing.assert_allclose(
        squared(Weighted(w).fuse(AUDIO, TEXT, ALL, ALL).X), (1 - w) * a + w * t, rtol=1e-4
    )


def test_the_ends_are_each_modality_alone_up_to_scale():
    for w, alone in ((0.0, AUDIO), (1.0, TEXT)):
        ratio = squared(Weighted(w).fuse(AUDIO, TEXT).X) / squared(centre(alone))
        np.testing.assert_allclose(ratio, ratio[0], rtol=1e-4)


def test_by_hand():
    audio, text = (
        np.array([[0.0], [2.0]]),
        np.array([[5.0, 1.0], [5.0, 3.0]]),
    )  # the first text column is constant
    np.testing.assert_allclose(Concat().fuse(audio, text).X, [[-1, 0, -1], [1, 0, 1]])
    np.testing.assert_allclose(
        Weighted(0.36).fuse(audio, text).X, [[-0.8, 0, -0.6], [0.8, 0, 0.6]], rtol=1e-6
    )


@pytest.mark.parametrize("name", STATIC)
def test_mean_row_energy_and_type(name):
    Z = fusion_spec(name).load()().fuse(AUDIO, TEXT, ALL, ALL).X
    assert Z.shape == (60, 36) and Z.dtype == np.float32
    energy = np.square(Z).sum(axis=1).mean()
    assert energy == pytest.approx(1 if name == "weighted" else 36, rel=1e-4)


def test_a_missing_modality_is_its_mean_and_the_other_has_full_weight():
    has_text = ALL.copy()
    has_text[:20] = False
    text = TEXT.copy()
    text[:20] = np.nan  # what an absent row holds is of no account
    half = Weighted(0.5).fuse(AUDIO, text, ALL, has_text).X
    audio_only = Weighted(0.0).fuse(AUDIO, text, ALL, has_text).X
    assert np.isfinite(half).all() and not half[:20, 32:].any()
    np.testing.assert_allclose(half[:20, :32], audio_only[:20, :32])
    np.testing.assert_allclose(half[20:, :32], audio_only[20:, :32] * np.sqrt(0.5), rtol=1e-6)
    # The mean and the spread come from the tracks that have it, not from the holes.
    np.testing.assert_allclose(half[20:, 32:], Weighted(0.5).fuse(AUDIO[20:], TEXT[20:]).X[:, 32:], rtol=1e-4)
    both_gone = Weighted(0.5).fuse(AUDIO, text, np.zeros(60, bool), np.zeros(60, bool)).X
    assert both_gone.shape == (60, 36) and not both_gone.any()


@pytest.mark.parametrize("name", STATIC)
def test_shuffling_tracks_shuffles_rows_and_nothing_else(name):
    order = rng.permutation(60)
    fuse = fusion_spec(name).load()().fuse
    np.testing.assert_allclose(fuse(AUDIO[order], TEXT[order]).X, fuse(AUDIO, TEXT).X[order], atol=1e-5)


@pytest.mark.parametrize("n", [0, 1])
@pytest.mark.parametrize("name", STATIC)
def test_no_track_and_one_track_give_zeros(name, n):
    Z = fusion_spec(name).load()().fuse(AUDIO[:n], TEXT[:n]).X
    assert Z.shape == (n, 36) and not Z.any()


@pytest.mark.parametrize("name", FUSIONS)
def test_every_fusion_is_registered_with_its_facts(name):
    spec, kind = FUSIONS[name], fusion_spec(name).load()  # which checks the class against its contracts
    assert kind.name == name and spec.source
    assert spec.takes_weight == ("text_weight" in {field.name for field in describe_fields(kind)})


def test_constant_columns_do_not_become_noise():
    X = np.hstack([np.full((60, 1), 123456.789), AUDIO])
    assert not standardise(X)[:, 0].any()
    assert squareform(squared(standardise(np.full((5, 3), 0.1)))).max() == 0


def test_bad_input_is_named():
    with pytest.raises(ConfigError, match=r"text_weight=1.4 must lie in \[0, 1\]"):
        Weighted(1.4)
    with pytest.raises(ConfigError, match="text_weight=nan"):
        Weighted(float("nan"))
    with pytest.raises(ConfigError, match="60 tracks and text has 59"):
        Concat().fuse(AUDIO, TEXT[:59])
    with pytest.raises(ConfigError, match="text holds 1 rows with NaN"):
        Weighted().fuse(AUDIO, np.where(np.arange(60)[:, None] == 3, np.nan, TEXT))
    with pytest.raises(ConfigError, match="weighted"):
        fusion_spec("gate").load()
