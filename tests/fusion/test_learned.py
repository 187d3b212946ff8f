import numpy as np
import pytest
import torch

from core.errors import ConfigError
from core.fusion.gate import N_GATES, Gate, PrototypeModel, fit_gate, pair_prototypes
from core.fusion.learned import Learned
from core.fusion.weighted import Weighted
from core.messages.analysis.fusion_messages import describe_fusion
from core.scoring.metrics import adjusted_rand
from core.simulated.modalities import make_modalities

pytestmark = pytest.mark.slow

FAST = {"n_prototypes": 8, "n_starts": 2, "n_steps": 12}


def kmeans(X, k=8):
    from sklearn.cluster import KMeans

    return KMeans(k, n_init=4, random_state=0).fit_predict(X)


def small_gate():
    rng = np.random.default_rng(0)
    audio, text = rng.normal(size=(7, 3)), rng.normal(size=(7, 2))
    sides = PrototypeModel(audio, 3, 0), PrototypeModel(text, 3, 0)
    log_z = torch.log_softmax(torch.randn(3, generator=torch.Generator().manual_seed(0)), 0)
    log_g = torch.log_softmax(torch.randn(3, N_GATES, generator=torch.Generator().manual_seed(1)), 1)
    return Gate(*sides, log_z, log_g), audio, text


def test_the_likelihood_is_the_sum_over_everything_hidden():
    gate, audio, text = small_gate()
    A, T, va, vt = gate.audio.C.numpy(), gate.text.C.numpy(), gate.audio.variance, gate.text.variance

    def normal(x, mean, variance):
        return np.exp(-0.5 * np.square(x - mean).sum() / variance) / variance ** (
            len(x) / 2
        )  # without the constant

    total = 0.0
    for a, t in zip(audio.astype("f4"), text.astype("f4")):
        p = 0.0
        for z in range(3):
            for i, g in enumerate(np.linspace(0, 1, N_GATES)):
                others = [u for u in range(3) if u != z]
                pa = np.mean([normal(a, g * A[z] + (1 - g) * A[u], va) for u in others])
                pt = np.mean([normal(t, (1 - g) * T[z] + g * T[v], vt) for v in others])
                p += np.exp(gate.log_z[z] + gate.log_g[z, i]).item() * pa * pt
        total += np.log(p)
    found, R, U, V = gate.infer()
    assert found == pytest.approx(total, rel=1e-4)
    np.testing.assert_allclose(R.sum((1, 2)), 1, rtol=1e-5)
    np.testing.assert_allclose(U.sum(3), 1, rtol=1e-5)
    np.testing.assert_allclose(V.sum(3), 1, rtol=1e-5)


def test_fitting_a_modality_is_ridge_regression():
    gate, audio, _ = small_gate()
    g, side = torch.linspace(0, 1, N_GATES), gate.audio
    _, R, U, _ = gate.infer()
    P = (R[..., None] * U).numpy()
    left, right = (
        0.5 * np.eye(3),
        np.zeros((3, 3)),
    )  # the ridge; then every (track, gate, z, u) as one weighted row
    for n in range(7):
        for i, weight in enumerate(g.numpy()):
            for z in range(3):
                for u in range(3):
                    mix = np.zeros(3)
                    mix[z] += weight
                    mix[u] += 1 - weight
                    left += P[n, i, z, u] * np.outer(mix, mix)
                    right += P[n, i, z, u] * np.outer(mix, audio[n])
    side.fit(torch.as_tensor(P), g)
    np.testing.assert_allclose(side.C.numpy(), np.linalg.solve(left, right), rtol=1e-3, atol=1e-4)


def test_prototypes_are_paired_by_shares_that_add_up_to_one():
    rng = np.random.default_rng(0)
    z, g = rng.integers(4, size=400), rng.random(400)
    swap = np.array([2, 0, 3, 1])  # text prototype of each audio prototype
    a, t, rows = np.zeros((400, 4)), np.zeros((400, 4)), np.arange(400)
    a[rows, z], a[rows, (z + rng.integers(1, 4, 400)) % 4] = g, 1 - g
    t[rows, swap[z]] += 1 - g
    t[rows, swap[(z + rng.integers(1, 4, 400)) % 4]] += g
    np.testing.assert_array_equal(pair_prototypes(a, t), swap)


def test_each_step_makes_the_data_likelier():
    data = make_modalities(0)
    audio, text = (X[::4] - X[::4].mean(0) for X in (data.audio, data.text))
    likelihoods = [
        fit_gate(audio, text, n_prototypes=6, n_starts=1, n_steps=n, seed=0).log_likelihood for n in (2, 8)
    ]
    assert likelihoods[1] > likelihoods[0]


def test_the_gate_is_learnt_from_two_modalities_alone():
    data = make_modalities(0)
    static = max(
        adjusted_rand(data.label, kmeans(Weighted(w).fuse(data.audio, data.text).X))
        for w in (0, 0.25, 0.5, 0.75, 1)
    )
    shuffled = Learned(**FAST).fuse(data.audio, data.text[np.random.default_rng(0).permutation(800)])
    assert (
        abs(np.corrcoef(1 - shuffled.text_weights, data.trust)[0, 1]) < 0.4
    )  # the control: text of other tracks
    fused = Learned(**FAST).fuse(data.audio, data.text)
    assert np.corrcoef(1 - fused.text_weights, data.trust)[0, 1] > 0.7
    assert adjusted_rand(data.label, kmeans(fused.X)) > static + 0.1


def test_the_number_of_prototypes_is_found():
    details = Learned(n_starts=2, n_steps=12).fuse(*(lambda d: (d.audio, d.text))(make_modalities(1))).details
    assert (
        details["n_prototypes"] == 8
        and min(details["bic"], key=details["bic"].get) == "8"
        and "without labels" in describe_fusion(details)
    )


def test_missing_modalities_and_the_same_seed():
    data = make_modalities(2)
    has_text = np.ones(800, bool)
    has_text[::20] = False
    given = (data.audio, np.where(has_text[:, None], data.text, np.nan), np.ones(800, bool), has_text)
    first, again = (Learned(**FAST).fuse(*given, seed=1) for _ in range(2))
    np.testing.assert_array_equal(first.X, again.X)
    assert (first.text_weights[::20] == 0).all() and np.isfinite(first.X).all()


def test_too_few_tracks_are_refused():
    with pytest.raises(ConfigError, match="40 tracks or more .* here 30 have"):
        Learned().fuse(np.random.rand(30, 4), np.random.rand(30, 4))
    with pytest.raises(ConfigError, match="n_prototypes=1"):
        Learned(n_prototypes=1)
