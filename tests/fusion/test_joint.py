"""Fusion by a network with one latent: trained on the spot, or the network that both representations are."""

from dataclasses import replace

import numpy as np
import pytest

from core.errors import CheckpointError, ConfigError
from core.fusion import fusion_spec
from core.fusion.joint import Attention, Joint
from core.messages.analysis.fusion_messages import describe_fusion
from core.pipeline import space as pipeline
from core.pipeline.space import build_space
from core.representation.represent import represent, represent_jointly
from core.representation.resolve import find_joint
from core.training.train_collection import train_model
from tests.pipeline.small_space import BOTH, GROUP, N, make

KINDS = (Joint, Attention)
RNG = np.random.default_rng(0)
AUDIO, TEXT = RNG.normal(size=(60, 10)).astype(np.float32), RNG.normal(size=(60, 7)).astype(np.float32)


@pytest.mark.parametrize("kind", KINDS)
def test_a_network_is_trained_on_the_spot(kind):
    present = np.arange(60) >= 6
    with_nan = np.where(present[:, None], TEXT, np.nan)
    fused = kind(n_steps=6).fuse(AUDIO, with_nan, None, present, seed=1)
    assert fused.X.shape == (60, 16) and fused.X.dtype == np.float32 and np.isfinite(fused.X).all()
    assert (
        not fused.text_weights[:6].any()
        and ((fused.text_weights[6:] > 0) & (fused.text_weights[6:] < 1)).all()
    )
    sentence = describe_fusion(fused.details)
    assert fused.details["model"] == kind.model in sentence and "60 tracks" in sentence
    assert fusion_spec(kind.name).load() is kind
    assert np.array_equal(kind(n_steps=6).fuse(AUDIO, with_nan, None, present, seed=1).X, fused.X)
    assert not np.array_equal(kind(n_steps=6).fuse(AUDIO, with_nan, None, present, seed=2).X, fused.X)


def test_training_takes_as_many_steps_whatever_the_number_of_tracks():
    assert Joint(n_steps=6).fuse(AUDIO, TEXT).details["epochs"] == 3  # two batches of 32 in each
    assert Joint(n_steps=1).fuse(AUDIO, TEXT).details["epochs"] == 2


def test_what_cannot_be_fused_is_refused():
    with pytest.raises(ConfigError, match="40 tracks or more that have both audio and text; here 39 have"):
        Joint().fuse(AUDIO, TEXT, np.arange(60) < 50, np.arange(60) >= 11)
    with pytest.raises(ConfigError, match="60 tracks and text has 59"):
        Joint().fuse(AUDIO, TEXT[:59])
    with pytest.raises(ConfigError, match="n_steps=0"):
        Attention(n_steps=0)


@pytest.fixture
def quick(monkeypatch):
    """Training on the spot in two passes."""
    for kind in KINDS:
        monkeypatch.setattr(kind, "__init__", lambda self: object.__setattr__(self, "n_steps", 1))


@pytest.fixture
def trained(own_store, monkeypatch, quick):
    """A collection with five tracks without text, and a gated VAE trained on it."""
    made = make(
        texts=[""] * 5
        + list(np.array(["rain river sea wave", "drum stage night crowd", "gold wheat sun field"])[GROUP][5:])
    )
    monkeypatch.setattr("core.collection.load", lambda name: made)
    train_model("made", "gated-vae:table+tfidf", {"epochs": "3", "latent_dim": "3", "hidden": "8"})
    return made


def test_the_joint_latent_of_the_network_that_both_are_is_the_space(trained):
    choice = replace(BOTH, audio="gated-vae", text="gated-vae", fusion="joint")
    space = build_space(trained, choice)
    both, text_weights = represent_jointly(trained, "gated-vae")
    assert space.X.shape == (N, 3) and np.array_equal(space.X, both.X) and both.present.all()
    assert (
        np.array_equal(space.weights["text_weight"], text_weights)
        and not text_weights[:5].any()
        and text_weights[5:].all()
    )
    assert "made-gated-vae" in space.details[
        "checkpoint"
    ] and "joint latent of made-gated-vae" in describe_fusion(space.details)
    alone = represent(trained, "gated-vae", modality="audio").X
    np.testing.assert_allclose(both.X[:5], alone[:5], atol=1e-5)
    assert not np.allclose(both.X[5:], alone[5:], atol=1e-3)
    assert np.array_equal(
        build_space(trained, replace(choice, text="gated-vae:table+tfidf")).X, both.X
    )  # the same checkpoint by another name


def test_the_joint_space_is_cached(trained, monkeypatch):
    choice = replace(BOTH, audio="gated-vae", text="gated-vae", fusion="joint")
    first = build_space(trained, choice)
    monkeypatch.setattr(pipeline, "_read_joint_latents", None)
    assert np.array_equal(build_space(trained, choice).X, first.X)


def test_others_are_joined_by_a_network_of_their_own(trained):
    for choice in (
        replace(BOTH, audio="table", text="gated-vae", fusion="joint"),
        replace(BOTH, audio="gated-vae", text="gated-vae", fusion="attention"),
    ):
        details = build_space(trained, choice).details
        assert details["trained"] == "on the spot" and details["model"] == (
            "gated-vae" if choice.fusion == "joint" else "cross-attention"
        )


def test_weighted_stays_weighted(trained):
    assert build_space(trained, replace(BOTH, audio="gated-vae", text="gated-vae")).X.shape == (N, 6)


def test_only_a_network_with_a_joint_latent_has_one(trained):
    assert (
        find_joint(trained, "table", "gated-vae") is None
        and find_joint(trained, "gated-vae", "gated-vae").model == "gated-vae"
    )
    with pytest.raises(ConfigError, match="table has no joint latent"):
        represent_jointly(trained, "table")
    with pytest.raises(CheckpointError, match="python -m core train made --model cross-attention"):
        represent_jointly(trained, "cross-attention")
