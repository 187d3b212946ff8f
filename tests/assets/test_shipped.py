"""What is shipped with the demo is what the code makes of it now; if a test fails, run
assets/checkpoints/make.py."""

import numpy as np
import pytest
from sklearn.manifold import trustworthiness

from core import collection as collections
from core import store
from core.checkpoints.catalogue import SHIPPED, list_checkpoints
from core.checkpoints.checkpoint import load_checkpoint
from core.pipeline.first_choice import first_choices
from core.pipeline.layouts import TEXT_WEIGHTS, layout, layout_chain
from core.pipeline.space import build_space
from core.pipeline.stages import find_clusters, score, score_fully
from core.representation.represent import represent
from core.representation.shipped_latents import SHIPPED_LATENTS

pytestmark = pytest.mark.slow

REMAKE = "run: python assets/checkpoints/make.py --maps, or --no-train where vectors changed too"


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The demo in a store that the tests of this file share, so that features are read once."""
    patch = pytest.MonkeyPatch()
    patch.setenv("SONGSCAPE_CACHE", str(tmp_path_factory.mktemp("store")))
    yield collections.add("demo", "demo")
    patch.undo()


@pytest.fixture(autouse=True)
def own_store(demo, monkeypatch, tmp_path_factory):
    """Stand in for the suite's store per test."""


def test_every_shipped_checkpoint_loads_and_was_trained_on_the_demo(demo):
    shipped = [c for c in list_checkpoints() if c.is_shipped]
    assert {c.model for c in shipped} >= {
        "conv-vae",
        "conv-ae",
        "cvae",
        "pca",
        "mlp-vae",
        "contrastive",
        "mae",
    }
    for checkpoint in shipped:
        model, meta = load_checkpoint(checkpoint.path)
        assert meta["collection"]["name"] == "demo" and checkpoint.size < 12e6
    assert sum(checkpoint.size for checkpoint in shipped) < 26e6


def test_no_shipped_checkpoint_has_learnt_from_the_held_out_composers(demo, monkeypatch):
    monkeypatch.syspath_prepend(str(SHIPPED))
    from held_out import held_out_rows

    held = held_out_rows(demo.tracks)
    ids, composers = demo.tracks["track_id"], demo.tracks["artist"]
    shared = set(composers.iloc[held]) & set(composers.drop(held))
    assert 0.15 < len(held) / demo.n_tracks <= 0.2 and shared <= {"Traditional", "Anonymous"}
    sung = (demo.tracks["lyrics"] != "").to_numpy()
    kept = np.setdiff1d(np.arange(demo.n_tracks), held)
    for checkpoint in (c for c in list_checkpoints() if c.is_shipped):
        n = (
            kept.size
            if checkpoint.model == "mae" or checkpoint.modalities == ("audio",)
            else sung[kept].sum()
        )
        assert sorted(checkpoint.meta["collection"]["held_out"]) == sorted(ids.iloc[held])
        assert checkpoint.meta["n_tracks"] == n, checkpoint.name


@pytest.mark.parametrize(
    ("rep", "modality"),
    [
        ("musicnn", "audio"),
        ("musicnn-mtt", "audio"),
        ("mfcc", "audio"),
        ("conv-vae", "audio"),
        ("sentence", "text"),
        ("mlp-vae", "text"),
        ("contrastive", "audio"),
        ("contrastive", "text"),
        ("mae", "audio"),
        ("mae", "text"),
    ],
)
def test_vectors_computed_afresh_agree_within_a_thousandth(demo, rep, modality, monkeypatch, tmp_path):
    """On a tenth of the tracks: the whole demo would take the suite a minute more."""
    shipped = represent(demo, rep, modality=modality)
    assert shipped.key == store.key_of("shipped", rep, shipped.X), "the shipped vectors are not used"
    some = np.arange(0, demo.n_tracks, 10)
    part = collections.Collection("demo", demo.tracks.iloc[some].reset_index(drop=True), info=demo.info)
    monkeypatch.setattr("core.representation.shipped_latents.SHIPPED_LATENTS", tmp_path / "nothing")
    fresh = represent(part, rep, modality=modality)
    scale = np.abs(shipped.X[some]).max()
    assert np.abs(fresh.X - shipped.X[some]).max() <= 1e-3 * max(scale, 1), (
        f"the shipped {rep} is out of date; {REMAKE}"
    )
    assert np.array_equal(fresh.present, shipped.present[some])


def test_vectors_of_other_tracks_are_not_taken(demo):
    other = collections.Collection(
        "demo", demo.tracks.iloc[::-1].reset_index(drop=True), info={"kind": "demo"}
    )
    assert (SHIPPED_LATENTS / "sentence.npz").is_file()
    assert not np.array_equal(
        represent(other, "sentence", modality="text").X, represent(demo, "sentence", modality="text").X
    )


def test_the_first_look_costs_nothing(demo, monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError(f"the first look is out of date; {REMAKE}")

    monkeypatch.setattr("core.projection.worker.project_in_worker", refuse)
    monkeypatch.setattr("core.store.cache.put", refuse)
    for choice in first_choices(demo):
        space = build_space(demo, choice)
        labels = find_clusters(space, choice)
        assert len(labels) == len(layout(demo, space, choice)) == len(space.rows)
        assert score(demo, space, labels)["n_clusters"] == choice.n_clusters
        assert score_fully(demo, space, choice)["seeds"] >= 1
        if space.family:
            assert len(layout_chain(demo, choice)) == len(TEXT_WEIGHTS)


def test_shipped_maps_show_true_neighbours_and_shuffled_ones_do_not(demo):
    for choice in first_choices(demo):
        space = build_space(demo, choice)
        positions = layout(demo, space, choice)
        shuffled = np.random.default_rng(0).permutation(positions)
        control, value = (trustworthiness(space.X, Y, n_neighbors=15) for Y in (shuffled, positions))
        assert control < 0.7 < 0.8 < value
