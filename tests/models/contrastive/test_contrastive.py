"""The contrastive towers: published sizes, and objectives that learn more than a control."""

from typing import get_args

import numpy as np
import pytest
import torch
from scipy.stats import binomtest

from core.errors import ConfigError
from core.models.contrastive.towers import AudioCNN, AudioTower
from core.models.contrastive.two_towers import (
    Contrastive,
    ContrastiveConfig,
    Objective,
    recall_at_1,
    same_rows,
)
from core.models.train_config import TrainConfig
from core.training.encode import encode
from core.training.loop import train

SHAPES = {"audio": (24,), "text": (4, 16)}
SMALL = {"latent_dim": 48, "projection_dim": 24}


def simulate_pairs(n, seed):
    """Audio and text vectors as noisy functions of the same eight latent factors."""
    world = np.random.default_rng(99)
    to_sound, to_words = world.normal(size=(8, 24)), world.normal(size=(8, 4, 16))
    rng = np.random.default_rng(seed)
    hidden = rng.normal(size=(n, 8))
    sounds = np.tanh(hidden @ to_sound / 3) + 0.2 * rng.normal(size=(n, 24))
    words = np.tanh(np.einsum("nh,hmd->nmd", hidden, to_words) / 3) + 0.2 * rng.normal(size=(n, 4, 16))
    return {"audio": sounds.astype(np.float32), "text": words.astype(np.float32)} | {
        f"{m}_present": np.ones(n, bool) for m in ("audio", "text")
    }


def train_on(pairs, **settings):
    torch.manual_seed(0)
    model = Contrastive(ContrastiveConfig(**SMALL, **settings), SHAPES)
    train(model, pairs, TrainConfig(epochs=10, batch_size=64, lr=3e-3))
    return model


def recall_with_interval(model, pairs):
    """Recall@1 from sound to words in a gallery of all these pairs, and its 95 % interval."""
    z_audio, z_text = (encode(model, pairs[m], modality=m, shared=True) for m in ("audio", "text"))
    found = (z_audio @ z_text.T).argmax(1) == np.arange(len(z_audio))
    return found.mean(), *binomtest(int(found.sum()), len(found)).proportion_ci()


@pytest.fixture(scope="module")
def pairs():
    """Training pairs and a gallery of 200 that are held out."""
    return simulate_pairs(500, seed=1), simulate_pairs(200, seed=2)


@pytest.mark.parametrize("objective", get_args(Objective))
def test_held_out_words_are_found_unless_the_pairs_were_shuffled_in_training(pairs, objective):
    seen, held_out = pairs
    shuffled = seen | {"text": seen["text"][np.random.default_rng(3).permutation(500)]}
    share, low, high = recall_with_interval(train_on(shuffled, objective=objective), held_out)
    assert low <= 1 / 200 <= high and high < 0.05  # the control fails
    share, low, high = recall_with_interval(train_on(seen, objective=objective), held_out)
    assert low > 0.05, f"recall@1 {share:.3f} [{low:.3f}, {high:.3f}]"


def test_matching_as_published_cannot_learn_pairs(pairs):
    seen, held_out = pairs
    model = train_on(seen, objective="smm", matching="as-published")
    _, low, high = recall_with_interval(model, held_out)
    assert low <= 1 / 200 <= high
    z_audio, z_text = (encode(model, held_out[m], modality=m, shared=True) for m in ("audio", "text"))
    halves = model.match.weight[0].detach().numpy().reshape(2, -1)
    logits = (z_audio @ halves[0])[:, None] + (z_text @ halves[1])[None]
    assert len(set(logits.argmax(1))) == 1  # one text is the best for every sound


def test_the_audio_encoder_has_the_published_shapes_and_parameters():
    network, x, shapes = AudioCNN((64, 4219)), torch.zeros(1, 1, 64, 4219), []
    for layer in network.layers:
        x = layer(x)
        shapes.append((type(layer).__name__, tuple(x.shape[1:])))
    assert shapes == [
        ("Conv2d", (16, 66, 4221)),
        ("ReLU", (16, 66, 4221)),
        ("MaxPool2d", (16, 33, 2110)),
        ("Conv2d", (32, 18, 1056)),
        ("ReLU", (32, 18, 1056)),
        ("MaxPool2d", (32, 9, 528)),
        ("Conv2d", (64, 5, 264)),
        ("BatchNorm2d", (64, 5, 264)),
        ("ReLU", (64, 5, 264)),
        ("MaxPool2d", (64, 2, 132)),
        ("Conv2d", (128, 2, 132)),
        ("BatchNorm2d", (128, 2, 132)),
        ("ReLU", (128, 2, 132)),
        ("MaxPool2d", (128, 1, 66)),
    ]
    assert [p.numel() for p in network.parameters()] == [
        144,
        16,
        4608,
        32,
        51200,
        64,
        64,
        64,
        204800,
        128,
        128,
        128,
    ]
    assert sum(p.numel() for p in network.parameters()) == 261_376 and network.width == 8448


def test_the_towers_have_the_published_sizes():
    model = Contrastive(ContrastiveConfig(), {"audio": (64, 4219), "text": (4, 768)})
    linear = {
        name: tuple(m.weight.shape) for name, m in model.named_modules() if isinstance(m, torch.nn.Linear)
    }
    assert linear == {
        "audio.to_v": (1024, 8448),
        "text.to_v": (1024, 768),
        "audio_z": (512, 1024),
        "text_z": (512, 1024),
    }
    assert model.latent_dim == 1024
    smm = Contrastive(ContrastiveConfig(objective="smm", matching="as-published"), SHAPES)
    assert tuple(smm.match.weight.shape) == (1, 1024)


@pytest.mark.parametrize("frames", [65, 188, 300, 1001])
def test_any_length_of_clip_is_read(frames):
    network = AudioCNN((64, frames)).eval()
    assert network(torch.zeros(2, 64, frames)).shape == (2, network.width)


def test_a_clip_that_is_too_short_says_so():
    with pytest.raises(ConfigError, match="20 frames is too small"):
        AudioCNN((64, 20))


def test_clips_are_z_scored_per_band_by_the_training_examples():
    rng = np.random.default_rng(0)
    X = (rng.normal(size=(9, 64, 70)) * np.arange(1, 65)[:, None] + np.arange(64)[:, None]).astype(np.float16)
    X[:, 5] = 2.0
    tower = AudioTower((64, 70), 8)
    tower.fit_statistics(X)
    expected = X.astype(np.float64)
    np.testing.assert_allclose(tower.mean, expected.mean((0, 2)), rtol=1e-5)
    deviation = expected.std((0, 2))
    np.testing.assert_allclose(tower.deviation, np.where(deviation > 0, deviation, 1), rtol=1e-4)


@pytest.mark.parametrize("objective", get_args(Objective))
def test_one_batch_of_clips_is_overfitted(objective):
    torch.manual_seed(0)
    model = Contrastive(ContrastiveConfig(objective=objective, **SMALL), {"audio": (64, 70), "text": (4, 16)})
    batch = {"audio": torch.randn(6, 64, 70), "text": torch.randn(6, 4, 16)}
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)
    for _ in range(150 if objective == "smm" else 60):  # draws one pair at a time
        parts = model.forward_loss(batch)
        optimizer.zero_grad()
        parts["total"].backward()
        optimizer.step()
    assert parts["accuracy"] == 1
    model.eval()
    assert (
        recall_at_1(
            model.project_audio(batch["audio"]),
            model.project_text(batch["text"]),
            torch.eye(6, dtype=torch.bool),
        )
        == 1
    )


def test_z_takes_the_loss_and_v_is_the_representation():
    torch.manual_seed(0)
    model = Contrastive(ContrastiveConfig(objective="scl", **SMALL), SHAPES).eval()
    x, t = torch.randn(3, 24), torch.randn(3, 4, 16)
    v = model.encode_audio(x)
    assert v.shape == (3, 48) and v.abs().max() <= 1
    torch.testing.assert_close(model.project_audio(x), model.audio_z(v))
    torch.testing.assert_close(model.encode_text(t), model.text(t)[:, 1:].mean(1))
    torch.testing.assert_close(model.project_text(t), model.text_z(model.encode_text(t)))
    whole = Contrastive(ContrastiveConfig(objective="1-text", **SMALL), SHAPES).eval()
    torch.testing.assert_close(whole.encode_text(t), whole.text(t)[:, 0])


def test_tracks_with_the_same_words_are_no_negatives_unless_asked_for():
    torch.manual_seed(0)
    t = torch.randn(3, 4, 16)
    t[2] = t[0]
    assert same_rows(t).tolist() == [[True, False, True], [False, True, False], [True, False, True]]
    batch = {"audio": torch.randn(3, 24), "text": t}
    torch.manual_seed(0)
    spared, counted = (
        Contrastive(ContrastiveConfig(mask_same_text=on, **SMALL), SHAPES) for on in (True, False)
    )
    counted.load_state_dict(spared.state_dict())
    assert spared.forward_loss(batch)["total"] < counted.forward_loss(batch)["total"]


@pytest.mark.parametrize(
    "bad",
    [
        {"objective": "clip"},
        {"temperature": 0.0},
        {"margin": 3.0},
        {"matching": "x"},
        {"latent_dim": 0},
        {"projection_dim": 0},
        {"dropout": 1.0},
        {"text_lr": 0.0},
    ],
)
def test_settings_out_of_range_are_refused_by_name(bad):
    with pytest.raises(ConfigError, match=next(iter(bad))):
        ContrastiveConfig(**bad)


def test_a_text_without_passages_is_refused():
    with pytest.raises(ConfigError, match="passages"):
        Contrastive(ContrastiveConfig(), {"audio": (24,), "text": (1, 16)})
