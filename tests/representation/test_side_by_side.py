"""Representations side by side: names and weights, equal energy, missing parts, the policy of scale."""

import numpy as np
import pytest

from core.checkpoints.catalogue import Checkpoint
from core.errors import ConfigError
from core.representation.side_by_side import Part, join_parts, scale, split_parts
from core.representation.vectors import Representation

rng = np.random.default_rng(0)
ALL = np.ones(50, bool)
WIDE = Representation((100 * rng.normal(size=(50, 30)) + 7).astype("f4"), ALL, "wide", "mfcc")
NARROW = Representation(rng.normal(size=(50, 3)).astype("f4"), ALL, "narrow", "tfidf", may_standardise=False)


def join(*found, weights=(1, 1), by="auto"):
    parts = [Part(r.name, weight) for r, weight in zip(found, weights)]
    return join_parts("+".join(r.name for r in found), parts, list(found), standardise_by=by)


def energies(X, *widths):
    return [np.square(part).sum(1).mean() for part in np.split(X, np.cumsum(widths)[:-1], axis=1)]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("mfcc", [("mfcc", 1)]),
        ("musicnn*2+mfcc", [("musicnn", 2), ("mfcc", 1)]),
        ("musicnn+mfcc*.5+descriptors", [("musicnn", 1), ("mfcc", 0.5), ("descriptors", 1)]),
        ("contrastive:musicnn+passages", [("contrastive:musicnn+passages", 1)]),
        ("mfcc+gated-vae:musicnn+tfidf", [("mfcc", 1), ("gated-vae:musicnn+tfidf", 1)]),
    ],
)
def test_names_are_split_but_a_models_input_stays_whole(name, parts):
    assert split_parts(name) == [Part(*part) for part in parts]


def test_a_file_with_a_plus_in_its_name_stays_whole(tmp_path):
    path = tmp_path / "a+b.safetensors"
    path.write_bytes(b"")
    assert split_parts(str(path)) == [Part(str(path))]
    assert split_parts(f"mfcc+{path}") == [Part("mfcc"), Part(str(path))]


def test_a_checkpoint_with_a_plus_in_its_name_stays_whole(monkeypatch):
    checkpoint = Checkpoint("songs-gated-vae-table+tfidf-1", None, {})
    monkeypatch.setattr("core.representation.side_by_side.list_checkpoints", lambda: [checkpoint])
    assert split_parts(checkpoint.name) == [Part(checkpoint.name)]
    assert split_parts(f"mfcc+{checkpoint.name}") == [Part("mfcc"), Part(checkpoint.name)]


@pytest.mark.parametrize(
    "bad", ["mfcc+", "+mfcc", "mfcc*x+tfidf", "mfcc*0+tfidf", "mfcc*-1+tfidf", "mfcc+mfcc"]
)
def test_bad_names_are_refused(bad):
    with pytest.raises(ConfigError, match="positive weight|twice"):
        split_parts(bad)


def test_each_part_has_the_same_energy_whatever_its_width_and_scale():
    plain = np.hstack([WIDE.X, NARROW.X])
    assert energies(plain - plain.mean(0), 30, 3)[0] > 1000  # the control
    found = join(WIDE, NARROW)
    np.testing.assert_allclose(energies(found.X, 30, 3), 0.5, rtol=1e-4)
    assert found.X.dtype == np.float32 and not found.may_standardise
    weighted = join(WIDE, NARROW, weights=(3, 1))
    np.testing.assert_allclose(energies(weighted.X, 30, 3), [0.75, 0.25], rtol=1e-4)


def test_only_parts_that_may_be_are_standardised():
    uneven = Representation(NARROW.X * np.float32([1, 10, 100]), ALL, "uneven", "x", may_standardise=False)
    spreads = {by: scale(uneven, by).std(0) for by in ("auto", "no", "yes")}
    assert spreads["auto"][2] > 50 * spreads["auto"][0] and np.allclose(spreads["auto"], spreads["no"])
    np.testing.assert_allclose(spreads["yes"], 1, rtol=1e-4)
    assert np.allclose(scale(WIDE, "auto").std(0), 1, rtol=1e-3)


def test_a_track_that_lacks_a_part_is_at_its_mean_there():
    some = ALL.copy()
    some[:10] = False
    part = Representation(NARROW.X * some[:, None], some, "some", "tfidf", {"t": "no text"})
    found = join(WIDE, part)
    assert found.present.all() and not found.X[:10, 30:].any() and found.X[:10, :30].any(axis=1).all()
    assert found.failed == {"t": "no text"}
    assert len({found.key, join(WIDE, NARROW).key, join(WIDE, NARROW, weights=(2, 1)).key}) == 3
