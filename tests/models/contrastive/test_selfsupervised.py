"""SimCLR, MoCo and BYOL: published losses, the target network, and views that retrieve each other."""

import math

import numpy as np
import pytest
import torch

from core.errors import ConfigError
from core.models.contrastive.augment import augment
from core.models.contrastive.byol import BYOL, BYOLConfig, prediction_error
from core.models.contrastive.clip_views import ClipEncoder, spread_figures
from core.models.contrastive.contrastive_losses import nt_xent
from core.models.contrastive.moco import MoCo, queue_logits, queue_loss
from core.models.contrastive.simclr import SimCLR, SimCLRConfig, pair_views
from core.models.train_config import TrainConfig
from core.scoring.quality.representation_metrics import effective_rank
from core.training.loop import train

pytestmark = pytest.mark.slow

BOTH = {"simclr": SimCLR, "byol": BYOL, "moco": MoCo}
SMALL = {"channels": (8, 16), "latent_dim": 16, "projection_dim": 8}


def pairs(n=6, d=5, seed=0):
    g = torch.Generator().manual_seed(seed)
    return torch.randn(n, d, generator=g), torch.randn(n, d, generator=g)


def loss_of_views(z, other, temperature, index=None):
    """The loss as the model computes it."""
    views, partners, same = pair_views(z, other, index)
    return nt_xent(views, partners, temperature, same=same)


def slow_nt_xent(z, other, temperature):
    """Equation 1 of Chen et al., one term at a time."""
    views = [*z.double(), *other.double()]
    n, total = len(z), 0.0

    def s(a, b):
        return float(a @ b / a.norm() / b.norm())

    for i in range(2 * n):
        j = (i + n) % (2 * n)
        below = sum(math.exp(s(views[i], views[k]) / temperature) for k in range(2 * n) if k != i)
        total += -math.log(math.exp(s(views[i], views[j]) / temperature) / below)
    return total / (2 * n)


@pytest.mark.parametrize("temperature", [0.1, 0.5, 2.0])
def test_nt_xent_equals_slow_transcription(temperature):
    assert loss_of_views(*pairs(), temperature).item() == pytest.approx(
        slow_nt_xent(*pairs(), temperature), rel=1e-5
    )


def test_nt_xent_is_chance_for_equal_views_and_near_zero_when_every_clip_is_a_direction_of_its_own():
    same = torch.ones(7, 4)
    assert loss_of_views(same, same, 0.3).item() == pytest.approx(math.log(13), rel=1e-5)
    own = torch.eye(7)
    closed = -math.log(math.exp(1 / 0.3) / (math.exp(1 / 0.3) + 12))
    assert loss_of_views(own, 5 * own, 0.3).item() == pytest.approx(closed, rel=1e-5)


def test_losses_are_symmetric_in_the_views():
    z, other = pairs()
    assert loss_of_views(z, other, 0.2).item() == pytest.approx(loss_of_views(other, z, 0.2).item(), rel=1e-6)
    assert prediction_error(z, other).item() == pytest.approx(prediction_error(other, z).item(), rel=1e-6)


def test_other_crops_of_the_same_track_are_no_negatives():
    z, other = pairs(4)
    z[1] = z[0]  # two crops that sound alike
    apart = loss_of_views(z, other, 0.2, torch.tensor([0, 1, 2, 3]))
    together = loss_of_views(z, other, 0.2, torch.tensor([0, 0, 2, 3]))
    assert together < apart
    assert loss_of_views(z, other, 0.2).item() == pytest.approx(apart.item(), rel=1e-6)


def test_prediction_error_equals_slow_transcription_and_closed_form():
    p, w = pairs()
    slow = np.mean([float(((a / a.norm()) - (b / b.norm())).square().sum()) for a, b in zip(p, w)])
    assert prediction_error(p, w).item() == pytest.approx(slow, rel=1e-5)
    assert prediction_error(p, 3 * p).item() == pytest.approx(0, abs=1e-5)
    assert prediction_error(p, -p).item() == pytest.approx(4, rel=1e-5)


def clips(n=8, seed=0, texture=0.3):
    """Noise with bands of its own per clip: what stays the same in both views."""
    rng = np.random.default_rng(seed)
    return torch.from_numpy(
        (rng.normal(size=(n, 16, 1)) + texture * rng.normal(size=(n, 16, 32))).astype(np.float32)
    )


def small(name, seed=0, **settings):
    torch.manual_seed(seed)
    return BOTH[name](BOTH[name].Config(**SMALL, **settings), (16, 32))


def test_byols_copy_gets_no_gradient_and_follows_its_network():
    model = small("byol", momentum=0.9)
    ours, theirs = list(model.encoder.parameters()), list(model.target["encoder"].parameters())
    assert all(map(torch.equal, ours, theirs))
    (group,) = model.parameter_groups(1e-2)
    assert group["lr"] == 1e-2 and not {id(p) for p in group["params"]} & {
        id(p) for p in model.target.parameters()
    }
    assert {id(p) for p in group["params"]} == {id(p) for p in model.parameters() if p.requires_grad}
    optimizer = torch.optim.SGD(model.parameter_groups(0.5))
    model.forward_loss({"x": clips()})["total"].backward()
    assert all(p.grad is None for p in model.target.parameters())
    optimizer.step()
    assert all(map(torch.equal, theirs, [p.detach().clone() for p in theirs]))
    before = [p.clone() for p in theirs]
    model.after_step()
    for network, copy, was in zip(ours, theirs, before):
        torch.testing.assert_close(copy, 0.9 * was + 0.1 * network.detach())
    gap = [(a.detach() - b).norm().item() for a, b in zip(ours, theirs)]
    model.after_step()
    assert all((a.detach() - b).norm().item() <= g for a, b, g in zip(ours, theirs, gap)) and max(gap) > 0


def test_training_moves_the_copy():
    model = small("byol")
    before = model.target["projector"][0].weight.clone()
    train(model, {"x": clips().numpy()}, TrainConfig(epochs=2, batch_size=4))
    assert not torch.equal(model.target["projector"][0].weight, before)


def test_mocos_loss_equals_slow_transcription_and_excludes_own_tracks():
    (query, key), (queue, _) = (map(torch.nn.functional.normalize, pairs(n, 5, n)) for n in (4, 7))
    tracks, of_queue = torch.arange(4), torch.tensor([9, 1, 8, -1, 7, 7, -1])
    terms = []
    for i in range(4):
        negatives = [j for j in range(7) if of_queue[j] != i]
        below = sum(math.exp(float(query[i] @ queue[j]) / 0.2) for j in negatives)
        own = math.exp(float(query[i] @ key[i]) / 0.2)
        terms.append(-math.log(own / (own + below)))
    logits = queue_logits(query, key, queue, of_queue, tracks)
    assert queue_loss(logits, 0.2).item() == pytest.approx(np.mean(terms), rel=1e-5)


def test_mocos_queue_holds_the_latest_views():
    model = small("moco", queue_size=10)
    batches = [torch.arange(4), torch.arange(4, 8), torch.arange(8, 12)]
    for index in batches:
        model.forward_loss({"x": clips(4), "index": index})
        model.after_step()
    assert model.queue_track.tolist() == [10, 11, *range(2, 10)] and model.next_place == 2
    assert torch.allclose(model.queue.norm(dim=1), torch.ones(10))
    model.eval()
    model.forward_loss({"x": clips(4), "index": torch.arange(20, 24)})
    model.after_step()
    assert 20 not in model.queue_track  # what is validated doesn't enter


@pytest.mark.parametrize("name", BOTH)
def test_same_seed_same_model(name):
    states = []
    for _ in range(2):
        model = small(name)
        train(model, {"x": clips().numpy()}, TrainConfig(epochs=2, batch_size=4, seed=5))
        states.append(model.state_dict())
    assert all(torch.equal(states[0][key], states[1][key]) for key in states[0])


def recall(model, x):
    """Share of clips whose one view has the other as the nearest in a gallery of all."""
    model.eval()
    with torch.no_grad():
        z, other = (
            torch.nn.functional.normalize(model.encode(augment(x, model.config)), dim=1) for _ in range(2)
        )
    return ((z @ other.T).argmax(1) == torch.arange(len(x))).float().mean().item()


@pytest.mark.parametrize(("name", "epochs"), [("simclr", 10), ("byol", 35), ("moco", 30)])
def test_views_of_clips_never_heard_find_each_other_once_trained(name, epochs):
    """Clips that differ little beside what gain does to them; the control is the same network untrained."""
    harsh = {
        "gain_db": 20.0,
        "crop": 0.5,
        "snr_db": 100.0,
        "time_mask": 0.0,
        "frequency_mask": 0.0,
        "pitch_shift": 0,
    }
    model, x, held = (
        small(name, **harsh),
        0.3 * clips(160, texture=1.0),
        0.3 * clips(100, seed=1, texture=1.0),
    )
    model.train()
    with torch.no_grad():
        for _ in range(20):  # batch norm's statistics, so that the control lacks nothing but learning
            model.forward_loss({"x": x, "index": torch.arange(len(x))})
    torch.manual_seed(0)
    untrained = recall(model, held)
    train(model, {"x": x.numpy()}, TrainConfig(epochs=epochs, batch_size=32, lr=1e-2))
    torch.manual_seed(0)
    assert untrained < 0.25
    assert recall(model, held) > 0.5


@pytest.mark.parametrize("shape", [(16, 32), (64, 188), (13, 7)])
def test_the_network_reads_clips_of_any_size(shape):
    assert ClipEncoder(shape[0], (4, 8), 6)(torch.randn(3, *shape)).shape == (3, 6)


def test_spread_and_rank_tell_a_collapsed_space_from_a_full_one():
    full = spread_figures(torch.randn(500, 10, generator=torch.Generator().manual_seed(0)))
    assert (
        full["spread"] == pytest.approx(1, abs=0.02)
        and 9.5 < full["effective_rank"] <= 10
        and full["latent_dim"] == 10
    )
    direction = torch.randn(10, generator=torch.Generator().manual_seed(1))
    assert spread_figures(direction + 1e-4 * torch.randn(500, 10))["spread"] < 0.01
    line = spread_figures(torch.randn(500, 1) * torch.eye(10)[0] + torch.eye(10)[1])
    assert line["effective_rank"] == pytest.approx(1, abs=0.01)
    z = torch.randn(60, 10) * torch.arange(1, 11)
    assert spread_figures(z)["effective_rank"] == pytest.approx(effective_rank(z.numpy()), abs=0.01)
    assert spread_figures(torch.ones(5, 3))["spread"] == 0


@pytest.mark.parametrize(
    "bad", [{"temperature": 0.0}, {"latent_dim": 0}, {"projection_dim": 0}, {"channels": ()}, {"crop": 2.0}]
)
def test_bad_settings_of_simclr_are_named(bad):
    with pytest.raises(ConfigError, match=next(iter(bad))):
        SimCLRConfig(**bad)


def test_bad_momentum_is_named():
    with pytest.raises(ConfigError, match="momentum=1.0"):
        BYOLConfig(momentum=1.0)


@pytest.mark.parametrize("name", BOTH)
def test_training_knows_the_unit_of_what_it_reads_and_keeps_it(name, tmp_path):
    from core.checkpoints.checkpoint import load_checkpoint, save_checkpoint

    kind = BOTH[name]
    of_clip = kind.from_pretrained(
        kind.Config(**SMALL), (16, 32), 0, {"name": "clip", "config": {"floor_db": -80.0}}
    )
    assert (of_clip.config.unit_db, of_clip.config.floor) == (20.0, -3.0)
    of_mel = kind.from_pretrained(kind.Config(**SMALL), (16, 32), 0, {"name": "mel-centre", "config": {}})
    assert of_mel.config.unit_db == 0
    loaded, _ = load_checkpoint(
        save_checkpoint(tmp_path / "m.safetensors", of_clip, {"input": {"name": "clip", "config": {}}})
    )
    assert loaded.config == of_clip.config


@pytest.mark.parametrize("name", BOTH)
def test_figures_say_whether_latents_collapsed(name):
    from core.messages.latent_messages import describe_collapse

    model = small(name)
    model.eval()
    batch = {"x": clips(40), "index": torch.arange(40)}
    assert describe_collapse(model.diagnostics(batch), {}) == ""
    torch.nn.init.zeros_(model.encoder.to_z.weight)
    assert "representation has collapsed" in describe_collapse(model.diagnostics(batch), {})
