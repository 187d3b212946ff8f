"""Layouts by landmarks: who is sampled, where the others lie, and how true the layout stays."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest

from core.projection import landmarks
from core.projection.landmarks import choose_landmarks, place_between
from core.projection.pca import PCA2
from core.projection.projector import Projection, normalise


def groups(n=6000, n_small=40, seed=0):
    """A large group, a small one far away, and a middle one."""
    rng = np.random.default_rng(seed)
    centres = np.zeros((3, 8))
    centres[1, 0], centres[2, 1] = 20, 10
    group = np.r_[np.zeros(n - n_small - n // 4), np.ones(n_small), np.full(n // 4, 2)].astype(int)
    return (centres[group] + rng.standard_normal((n, 8))).astype(np.float32), group


@pytest.fixture(autouse=True)
def few_regions(monkeypatch):
    """As many tracks per region as in a collection that is large enough for landmarks."""
    monkeypatch.setattr(landmarks, "N_REGIONS", 16)


def test_the_sample_is_seeded_and_takes_more_of_what_is_sparse():
    X, group = groups()
    rows = choose_landmarks(X, 0, 900)
    assert len(rows) == 900 and np.array_equal(rows, np.unique(rows))
    assert np.array_equal(rows, choose_landmarks(X, 0, 900))
    assert not np.array_equal(rows, choose_landmarks(X, 1, 900))
    share = np.bincount(group[rows], minlength=3) / np.bincount(group)
    assert share[1] > 2 * share[0]  # the small group
    assert len(choose_landmarks(X, 0, len(X))) == len(X)
    assert len(choose_landmarks(np.zeros((500, 4), np.float32), 0, 100)) == 100  # all alike


def test_others_lie_between_their_nearest_and_landmarks_where_they_were():
    X, group = groups()
    rows = choose_landmarks(X, 0, 900)
    Y = X[rows][:, :2]  # a layout that is known for all
    placed = place_between(X, rows, Y, 0)
    assert np.array_equal(placed[rows], Y)
    assert np.isfinite(placed).all() and np.abs(placed - X[:, :2])[group == 1].mean() < 1.5
    twin = np.concatenate([X, X[rows[:1]]])  # at a landmark's own place
    assert place_between(twin, rows, Y, 0)[-1] == pytest.approx(Y[0], abs=1e-3)


@dataclass(frozen=True)
class Halves(Projection):
    """The first two columns; counts its rows."""

    name: ClassVar[str] = "halves"
    rows: ClassVar[list[int]] = []

    def optimise(self, X, start, init, seed, progress):
        self.rows.append(len(X))
        return X[:, :2]


def test_a_projection_takes_landmarks_above_its_limit_and_pca_never(monkeypatch):
    X, _ = groups(3000)
    monkeypatch.setattr(landmarks, "MOST_WHOLE", 2000)
    monkeypatch.setattr(landmarks, "N_LANDMARKS", 600)
    said = []
    Y = Halves().fit(X, progress=lambda done, total, note: said.append(note))
    assert Halves.rows == [600] and Y.shape == (3000, 2) and said == ["sampling 600 of 3,000 tracks"]
    assert np.array_equal(Y, Halves().fit(X))
    whole = normalise(X[:, :2])
    distances = np.linalg.norm(whole - whole[0], axis=1), np.linalg.norm(Y - Y[0], axis=1)
    assert np.corrcoef(distances)[0, 1] > 0.98
    warm = Halves().fit(X, init=Y)
    assert np.abs(warm - Y).max() < 1e-4
    assert np.array_equal(PCA2().fit(X), PCA2().fit(X)) and len(PCA2().fit(X)) == 3000
