"""The loss of models that predict genres, and what holds for each of them."""

import math

import numpy as np
import pytest
import torch

from core.errors import ConfigError
from core.models import MODELS, get_model, model_spec
from core.models.genre_classifier import genre_loss, hit_share
from tests.models.small import is_joint, small_model

PREDICTING = [name for name in MODELS if model_spec(name).predicts_genres]


def test_the_loss_equals_a_slow_transcription_of_the_printed_one():
    rng = np.random.default_rng(0)
    logits, y = rng.normal(size=(7, 5)), rng.random((7, 5)) < 0.4
    slow = 0.0
    for i in range(7):
        for c in range(5):
            p = 1 / (1 + math.exp(-logits[i, c]))
            slow -= (y[i, c] * math.log(p) + (1 - y[i, c]) * math.log(1 - p)) / 7
    assert genre_loss(torch.tensor(logits), torch.tensor(y)).item() == pytest.approx(slow, rel=1e-5)


def test_the_loss_at_its_ends():
    genres = torch.tensor([[1.0, 0.0], [1.0, 1.0]])
    assert genre_loss(torch.zeros(2, 2), genres).item() == pytest.approx(2 * math.log(2))
    assert genre_loss(40 * (2 * genres - 1), genres).item() < 1e-6
    wild = torch.tensor([[1e4, -1e4]], requires_grad=True)
    genre_loss(wild, torch.tensor([[0.0, 1.0]])).backward()
    assert wild.grad.isfinite().all()


def test_hits_are_counted():
    logits = torch.tensor([[2.0, 1.0], [0.0, 1.0], [3.0, 1.0]])
    assert hit_share(logits, torch.tensor([[1.0, 1.0], [1.0, 0.0], [1.0, 0.0]])).item() == pytest.approx(
        2 / 3
    )


@pytest.mark.parametrize("name", PREDICTING)
def test_probabilities_are_those_of_the_loss(name):
    model, batch = small_model(name)
    model.eval()
    with torch.no_grad():
        probability, parts = model.predict_genres(batch), model.forward_loss(batch)
    assert probability.shape == (12, 3) and (probability > 0).all() and (probability < 1).all()
    y = batch["genres"]
    by_hand = -(y * probability.log() + (1 - y) * (1 - probability).log()).sum(1).mean()
    torch.testing.assert_close(parts.get("classification", parts["total"]), by_hand, rtol=1e-4, atol=1e-5)
    assert parts["hit_share"] == (probability.argmax(1) == batch["label"]).float().mean()


@pytest.mark.parametrize("name", PREDICTING)
def test_several_genres_of_a_track_are_learnt(name):
    model, batch = small_model(name)
    batch = {key: value[:4] for key, value in batch.items()}
    batch["genres"] = torch.tensor([[1.0, 1.0, 0.0], [0.0, 0.0, 0.0], [0.0, 1.0, 1.0], [1.0, 0.0, 0.0]])
    optimizer = torch.optim.Adam(model.parameters(), 1e-2)

    @torch.no_grad()
    def are_known():
        return torch.equal((model.predict_genres(batch) > 0.5).float(), batch["genres"])

    for step in range(80):
        optimizer.zero_grad()
        model.forward_loss(batch)["total"].backward()
        optimizer.step()
        if step % 5 == 4 and are_known():
            break
    assert are_known()


@pytest.mark.parametrize("name", PREDICTING)
def test_one_genre_alone_is_refused(name):
    kind = get_model(name)
    with pytest.raises(ConfigError, match="two labels or more"):
        kind(
            kind.Config(),
            {"audio": (16, 32), "text": (8,)}
            if is_joint(name)
            else (16, 32)
            if model_spec(name).input_ndim == 2
            else (8,),
            1,
        )
