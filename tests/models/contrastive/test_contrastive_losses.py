"""Each loss against a slow transcription of its formula, a closed form, and what must not matter."""

import math

import numpy as np
import pytest
import torch

from core.models.contrastive import contrastive_losses as losses

N, M, D, TAU, MARGIN = 7, 3, 5, 0.2, 0.4


def cosine(a, b):
    return sum(x * y for x, y in zip(a, b)) / math.sqrt(sum(x * x for x in a) * sum(y * y for y in b))


def slow_nt_xent(A, T, same):
    """-log of exp(s(a, t+)/tau) over that and the sum over the batch's other texts (section 4.4.1)."""
    total = 0.0
    for i in range(N):
        positive = math.exp(cosine(A[i], T[i]) / TAU)
        negatives = sum(math.exp(cosine(A[i], T[j]) / TAU) for j in range(N) if j != i and not same[i][j])
        total += -math.log(positive / (positive + negatives))
    return total / N


def slow_independent_pairs(A, T, same):
    """1-Text over the N·M pairs, a pair's siblings left out of its negatives."""
    total = 0.0
    for i in range(N):
        for k in range(M):
            positive = math.exp(cosine(A[i], T[i][k]) / TAU)
            negatives = sum(
                math.exp(cosine(A[i], T[j][m]) / TAU)
                for j in range(N)
                if j != i and not same[i][j]
                for m in range(M)
            )
            total += -math.log(positive / (positive + negatives))
    return total / (N * M)


def slow_supervised(A, T, same):
    """The sum over i and over P(i) as printed (section 4.4.2), divided by its number of terms."""
    total = 0.0
    for i in range(N):
        candidates = [(j, m) for j in range(N) if j == i or not same[i][j] for m in range(M)]
        below = sum(math.exp(cosine(A[i], T[j][m]) / TAU) for j, m in candidates)
        for p in range(M):
            total += -math.log(math.exp(cosine(A[i], T[i][p]) / TAU) / below)
    return total / (N * M)


def slow_supervised_from_text(A, T, same):
    """The same from each text to the batch's sounds."""
    total = 0.0
    for i in range(N):
        for p in range(M):
            below = sum(math.exp(cosine(A[j], T[i][p]) / TAU) for j in range(N) if j == i or not same[i][j])
            total += -math.log(math.exp(cosine(A[i], T[i][p]) / TAU) / below)
    return total / (N * M)


def slow_pairs_from_text(A, T, same):
    """From text to audio a track has one positive, so both losses are equal there."""
    return slow_supervised_from_text(A, T, same)


def twins():
    """Tracks 1 and 4 have the same words."""
    same = torch.eye(N, dtype=torch.bool)
    same[1, 4] = same[4, 1] = True
    return same


def draw(seed=0):
    rng = np.random.default_rng(seed)
    return torch.from_numpy(rng.normal(size=(N, D))), torch.from_numpy(rng.normal(size=(N, M, D)))


def transposed(slow):
    return lambda A, T, same: slow(T, A, same)


@pytest.mark.parametrize("same", [torch.eye(N, dtype=torch.bool), twins()], ids=["all differ", "twins"])
@pytest.mark.parametrize(
    ("loss", "slow", "back", "many"),
    [
        (losses.nt_xent, slow_nt_xent, transposed(slow_nt_xent), False),
        (losses.independent_pairs, slow_independent_pairs, slow_pairs_from_text, True),
        (losses.supervised_contrastive, slow_supervised, slow_supervised_from_text, True),
    ],
    ids=["1-text", "is", "scl"],
)
def test_agrees_with_the_formula_written_out(loss, slow, back, many, same):
    A, T = draw()
    T = T if many else T[:, 0]
    there, again = slow(A.tolist(), T.tolist(), same.tolist()), back(A.tolist(), T.tolist(), same.tolist())
    assert loss(A, T, TAU, same=same).item() == pytest.approx(there, rel=1e-9)
    assert loss(A, T, TAU, symmetric=True, same=same).item() == pytest.approx((there + again) / 2, rel=1e-9)
    if not same[1, 4]:
        assert loss(A, T, TAU).item() == pytest.approx(there, rel=1e-9)


def test_closed_forms_when_all_are_alike():
    A, T = torch.ones(N, D), torch.ones(N, M, D)
    assert losses.nt_xent(A, T[:, 0], TAU).item() == pytest.approx(math.log(N))
    assert losses.supervised_contrastive(A, T, TAU).item() == pytest.approx(math.log(N * M))
    assert losses.independent_pairs(A, T, TAU).item() == pytest.approx(math.log(1 + (N - 1) * M), rel=1e-5)
    assert losses.stochastic_triplet(A, T, MARGIN).item() == pytest.approx(MARGIN, abs=1e-6)
    assert losses.matching(torch.zeros(9), torch.arange(9) % 2).item() == pytest.approx(math.log(2))


def test_closed_forms_when_pairs_are_alike_and_the_others_at_right_angles():
    A = torch.eye(N)
    T = A[:, None].repeat(1, M, 1)
    e = math.exp(1 / TAU)
    assert losses.nt_xent(A, A, TAU).item() == pytest.approx(math.log(1 + (N - 1) / e), abs=1e-6)
    assert losses.independent_pairs(A, T, TAU).item() == pytest.approx(
        math.log(1 + M * (N - 1) / e), abs=1e-6
    )
    assert losses.supervised_contrastive(A, T, TAU).item() == pytest.approx(
        math.log(M + M * (N - 1) / e), abs=1e-6
    )
    assert losses.stochastic_triplet(A, T, MARGIN).item() == 0
    assert losses.stochastic_triplet(A, T, 1.5).item() == pytest.approx(0.5)
    assert losses.matching(torch.full((4,), 50.0), torch.ones(4)).item() == pytest.approx(0, abs=1e-6)


def test_triplet_written_out():
    A, T = draw(1)
    rows = [
        max(0.0, MARGIN - cosine(a, p) + cosine(a, q))
        for a, p, q in zip(A.tolist(), T[:, 0].tolist(), T[:, 1].tolist())
    ]
    assert losses.triplet(A, T[:, 0], T[:, 1], MARGIN).tolist() == pytest.approx(rows)
    unit = [torch.nn.functional.normalize(x, dim=1) for x in (A, T[:, 0], T[:, 1])]
    squared = (unit[0] - unit[1]).square().sum(1) - (unit[0] - unit[2]).square().sum(1) + 2 * MARGIN
    torch.testing.assert_close(
        losses.triplet(A, T[:, 0], T[:, 1], MARGIN), squared.relu() / 2
    )  # section 2.4's form, halved


def test_stochastic_triplet_draws_each_own_text_and_every_other_track():
    A, T = draw(2)
    expected = np.mean(
        [
            max(0.0, MARGIN - cosine(a, p) + cosine(a, q))
            for i, a in enumerate(A.tolist())
            for p in T[i].tolist()
            for j in range(N)
            if j != i
            for q in T[j].tolist()
        ]
    )
    torch.manual_seed(0)
    drawn = [losses.stochastic_triplet(A, T, MARGIN).item() for _ in range(2000)]
    assert np.mean(drawn) == pytest.approx(expected, abs=4 * np.std(drawn) / math.sqrt(len(drawn)))
    assert np.std(drawn) > 0


def test_no_track_is_drawn_as_its_own_or_its_twins_negative():
    torch.manual_seed(0)
    same = twins()
    seen = torch.zeros(N, N, dtype=torch.bool)
    for _ in range(300):
        other, found = losses.sample_others(same)
        assert found.all()
        seen[torch.arange(N), other] = True
    assert torch.equal(seen, ~same)
    _, found = losses.sample_others(torch.ones(3, 3, dtype=torch.bool))
    assert not found.any()


def test_matching_written_out():
    x, y = torch.tensor([0.3, -2.0, 1.5]), torch.tensor([1, 0, 0])
    written = (
        -sum(
            t * math.log(1 / (1 + math.exp(-v))) + (1 - t) * math.log(1 - 1 / (1 + math.exp(-v)))
            for v, t in zip(x.tolist(), y.tolist())
        )
        / 3
    )
    assert losses.matching(x, y).item() == pytest.approx(written, rel=1e-6)


ALL = {
    "1-text": lambda A, T, **o: losses.nt_xent(A, T[:, 0], TAU, **o),
    "is": lambda A, T, **o: losses.independent_pairs(A, T, TAU, **o),
    "scl": lambda A, T, **o: losses.supervised_contrastive(A, T, TAU, **o),
    "stl": lambda A, T, **o: (torch.manual_seed(0), losses.stochastic_triplet(A, T, MARGIN, **o))[1],
}


@pytest.mark.parametrize("name", ALL)
def test_length_does_not_matter_and_gradients_are_finite(name):
    A, T = draw(3)
    assert ALL[name](A * 3, T * 0.1).item() == pytest.approx(ALL[name](A, T).item())
    for same in (None, twins(), torch.ones(N, N, dtype=torch.bool)):
        for symmetric in (False, True):
            a, t = A.clone().requires_grad_(), T.clone().requires_grad_()
            ALL[name](a, t, same=same, symmetric=symmetric).backward()
            assert a.grad.isfinite().all() and t.grad.isfinite().all()


@pytest.mark.parametrize("name", ["1-text", "is", "scl"])
def test_the_order_of_a_batch_does_not_matter(name):
    A, T = draw(4)
    order = torch.from_numpy(np.random.default_rng(0).permutation(N))
    assert ALL[name](A[order], T[order]).item() == pytest.approx(ALL[name](A, T).item())
    assert ALL[name](A, T[order]).item() != pytest.approx(ALL[name](A, T).item())


def test_one_text_is_symmetric_under_exchange_when_both_ways_count():
    A, T = draw(5)
    both = losses.nt_xent(A, T[:, 0], TAU, symmetric=True)
    torch.testing.assert_close(both, losses.nt_xent(T[:, 0], A, TAU, symmetric=True))
    assert losses.nt_xent(A, T[:, 0], TAU).item() != pytest.approx(losses.nt_xent(T[:, 0], A, TAU).item())


def test_with_one_text_each_the_many_text_losses_are_one_text():
    A, T = draw(6)
    one = losses.nt_xent(A, T[:, 0], TAU)
    torch.testing.assert_close(losses.supervised_contrastive(A, T[:, :1], TAU), one)
    torch.testing.assert_close(losses.independent_pairs(A, T[:, :1], TAU), one)


def test_towers_in_half_precision_are_compared_in_single():
    A, T = (x.float() for x in draw(7))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        torch.testing.assert_close(losses.cosines(A, T), losses.cosines(A.double(), T.double()).float())
        assert losses.cosines(A.bfloat16(), T.bfloat16()).dtype == torch.float32
