import numpy as np
import pytest

from core.errors import ConfigError
from core.simulated.modalities import Recipe, make_modalities


def test_the_dataset_is_as_it_is_fixed():
    data = make_modalities(3)
    assert data.audio.shape == (800, 32) and data.text.shape == (800, 16) and data.cues.shape == (800, 3)
    assert np.bincount(data.label).tolist() == [100] * 8
    leans = [data.trust[data.label == g].mean() for g in range(8)]
    np.testing.assert_allclose(leans, np.linspace(0.1, 0.9, 8), atol=0.03)
    assert data.trust.min() >= 0 and data.trust.max() <= 1


def test_sound_and_words_are_convex_mixtures_of_centres_six_away_with_unit_noise():
    recipe = Recipe(n_per_genre=2000, spread=0.0)
    data = make_modalities(0, recipe)
    rho = np.linspace(0.1, 0.9, 8)
    for X, share in ((data.audio, rho), (data.text, 1 - rho)):
        means = np.stack([X[data.label == g].mean(0) for g in range(8)])
        # mean of genre g = 6·(share·centre_g + (1 − share)·mean of the other seven centres): solved for the
        # centres
        mix = (np.diag(share) + (1 - share)[:, None] * (1 - np.eye(8)) / 7) * 6
        lengths = np.linalg.norm(np.linalg.solve(mix, means), axis=1)
        np.testing.assert_allclose(
            lengths[share > 0.4], 1, atol=0.1
        )  # below, a genre's own share drowns in the others'
    lean = data.audio[
        data.label == 7
    ]  # nine tenths one centre: what is left is a tenth of seven others, and noise
    assert lean.var(0).mean() == pytest.approx(1, abs=0.03)


def test_cues_know_as_much_as_asked():
    for kappa, low, high in ((1.0, 1.0, 1.0), (0.7, 0.88, 0.95), (0.0, -0.1, 0.1)):
        data = make_modalities(1, Recipe(cue_reliability=kappa))
        assert low - 1e-9 <= np.corrcoef(data.cues[:, 0], data.trust)[0, 1] <= high + 1e-9
    with pytest.raises(ConfigError, match="cue_reliability=1.5"):
        Recipe(cue_reliability=1.5)


def test_a_seed_gives_the_same_tracks_and_another_one_others():
    np.testing.assert_array_equal(make_modalities(5).audio, make_modalities(5).audio)
    assert not np.allclose(make_modalities(5).audio, make_modalities(6).audio)


def test_as_a_collection_its_groups_of_columns_can_be_fused_and_its_cues_are_found():
    from core import collection as collections
    from core.cues.track_cues import cues_of
    from core.pipeline.choice import Choice
    from core.pipeline.space import build_space

    made = collections.add("simulated-modalities", "sim")
    assert made.n_tracks == 800 and len(set(made.labels())) == 8
    data, cues = make_modalities(0), cues_of(made)
    np.testing.assert_allclose(cues.to_numpy(), data.cues, atol=1e-6)
    space = build_space(made, Choice(audio="table:audio_", text="table:text_", fusion="per-track"))
    assert space.X.shape == (800, 48) and np.corrcoef(space.weights["text_weight"], data.trust)[0, 1] < -0.9
