"""Versions of one recording among unrelated tracks, in made-up vectors and in made-up audio."""

import numpy as np
import pytest
import soundfile
import soxr

from core.features import get_extractor
from core.search.version_pairs import (
    EDIT,
    SAME,
    VERSION,
    expected_nearer,
    find_pairs,
    shared_words,
    title_words,
)


def unrelated(n=100, d=8, seed=0):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n, d)), rng.uniform(100, 300, n), [f"piece number {i}" for i in range(n)]


def found(X, durations, titles=None, artists=None):
    none = [""] * len(X)
    return {(p.first, p.second): p for p in find_pairs(X, durations, titles or none, artists or none)}


def test_unrelated_tracks_are_no_versions_in_any_dimension():
    wrong = [len(found(*unrelated(d=d, seed=seed))) for d in (2, 8, 32) for seed in range(5)]
    assert np.mean(wrong) <= 1


def test_near_distances_are_as_rare_as_expected():
    X, *_ = unrelated(2_000, 3)
    X = (
        X
        / np.linalg.norm(X, axis=1, keepdims=True)
        * np.random.default_rng(1).uniform(0, 1, (2_000, 1)) ** (1 / 3)
    )
    distances = np.sort(np.linalg.norm(X[:, None] - X[None], axis=2), axis=1)[:, 1:11]
    nearest = expected_nearer(distances)[:, 0]
    for expected in (0.05, 0.2):
        assert np.mean(nearest < expected) == pytest.approx(expected, rel=0.35)


def test_kinds_and_evidence():
    X, durations, titles = unrelated(seed=3)
    rng = np.random.default_rng(1)
    copies = X[:3] + 0.02 * rng.standard_normal((3, 8))
    take = X[3:4] + 0.3 * rng.standard_normal((1, 8))
    X = np.concatenate([X, copies, take])
    durations = np.concatenate([durations, durations[:2] * 1.001, durations[2:3] * 0.6, durations[3:4] * 1.1])
    titles += [*titles[:3], f"{titles[3]} (Live 1999)"]
    pairs = found(X, durations, titles)
    kinds = {(i, j): pair.kind for (i, j), pair in pairs.items() if j >= 100}
    assert len(pairs) <= len(kinds) + 1 and kinds == {
        (0, 100): SAME,
        (1, 101): SAME,
        (2, 102): EDIT,
        (3, 103): VERSION,
    }
    same = pairs[0, 100]
    assert same.rank == same.reverse_rank == 1 and same.distance < 0.1 and same.by_chance < 0.01
    assert same.duration_ratio == pytest.approx(1 / 1.001) and same.title_similarity == 1
    others = [*titles[:102], "something else", titles[103]]
    is_edit = [
        (2, 102) in {p[:2] for p in find_pairs(X, durations, others, [""] * 104, [given] * 104)}
        for given in (False, True)
    ]
    assert is_edit == [True, False]
    other_artist = found(X, durations, titles, [*(["x"] * 103), "y"])
    assert (3, 103) not in other_artist and (3, 103) not in found(X, durations)


def test_clips_of_one_length_need_nearer_audio():
    X, durations, _ = unrelated(200)
    X = np.concatenate([X, X[:10] + 0.25 * np.random.default_rng(1).standard_normal((10, 8))])
    own = np.concatenate([durations, durations[:10]])
    with_durations, without = found(X, own), found(X, np.full(len(X), 30.0))
    right = {(i, 200 + i) for i in range(10)}
    assert len(right & set(with_durations)) > len(right & set(without))
    assert not found(X[:11], own)


def test_order_and_scale_change_nothing():
    X, durations, titles = unrelated()
    X = np.concatenate([X, X[:2] + 0.01])
    durations, titles = np.append(durations, durations[:2]), [*titles, "a", "b"]
    order = np.random.default_rng(0).permutation(len(X))
    mixed = found(1_000 * X[order], durations[order], [titles[i] for i in order])
    assert {tuple(sorted((order[i], order[j]))) for i, j in mixed} == set(found(X, durations, titles))
    assert (0, 100) in found(np.concatenate([X[:100], X[:1]]), durations[:101])  # the same vector


def test_titles():
    assert shared_words(title_words("So What (2009 Remastered)"), title_words("So What – Live")) == 1
    assert shared_words(title_words("Live"), title_words("Radio Edit")) == 0
    assert shared_words(title_words("kick 1"), title_words("kick 2")) == pytest.approx(1 / 3)
    assert np.isnan(shared_words(title_words(""), {"x"}))


def melody(seed, sr=22_050):
    """Twelve seconds of notes with a timbre of their own."""
    rng = np.random.default_rng(seed)
    t = np.arange(int(rng.uniform(0.2, 0.6) * sr)) / sr
    partials, decay = rng.dirichlet(np.ones(6)), rng.uniform(2, 8)
    notes = [
        sum(a * np.sin(2 * np.pi * f * (k + 1) * t) for k, a in enumerate(partials)) * np.exp(-decay * t)
        for f in 110 * 2 ** (rng.integers(0, 30, 60) / 12)
    ]
    return np.concatenate(notes)[: int(rng.uniform(9, 12) * sr)]


def test_copies_of_audio_are_found_and_unrelated_tracks_are_not(tmp_path):
    """Precision and recall of re-encoded, cut, noisy and transposed copies by MFCC, which titles raise."""
    sr, tracks = 22_050, []  # (piece, samples, rate, ending)
    for piece in range(40):
        y = melody(piece)
        tracks.append((piece, y, sr, "wav"))
    for piece in range(0, 40, 2):
        y, noise = tracks[piece][1], np.random.default_rng(piece).standard_normal
        tracks.append(
            [
                (piece, y, sr, "mp3"),
                (piece, soxr.resample(y, sr, 16_000), 16_000, "ogg"),
                (piece, y[len(y) // 8 : -len(y) // 8], sr, "wav"),
                (piece, y + 10 ** (-40 / 20) * y.std() * noise(len(y)), sr, "wav"),
                (piece, soxr.resample(y, sr, sr / 2 ** (0.5 / 12)), sr, "wav"),
            ][piece // 2 % 5]
        )
    mfcc = get_extractor("mfcc")
    X = []
    for i, (_, y, rate, ending) in enumerate(tracks):
        soundfile.write(tmp_path / f"{i}.{ending}", 0.3 * y / np.abs(y).max(), rate)
        X.append(mfcc.extract(tmp_path / f"{i}.{ending}"))
    X = np.array(X, np.float64)
    X = (X - X.mean(0)) / X.std(0)
    durations = np.array([len(y) / rate for _, y, rate, _ in tracks])
    right = {(piece, 40 + i) for i, piece in enumerate(range(0, 40, 2))}

    def measure(titles):
        pairs = set(found(X, durations, titles))
        return len(pairs & right) / max(len(pairs), 1), len(pairs & right) / len(right)

    precision, recall = measure([""] * len(tracks))
    assert precision >= 0.9 and recall >= 0.5
    precision, with_titles = measure([f"tune {'abcdefghij'[p // 4]} {p}" for p, *_ in tracks])
    assert precision >= 0.9 and with_titles >= max(recall, 0.7)
