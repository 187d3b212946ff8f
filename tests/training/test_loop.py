import numpy as np
import pytest
import torch

from core.errors import Cancelled, CheckpointError, TrainingError
from core.models import get_model
from core.models.train_config import TrainConfig
from core.training.loop import train


def build(seed=0, **config):
    kind = get_model("mlp-vae")
    torch.manual_seed(seed)
    return kind(kind.Config(latent_dim=3, hidden=(16,), decoder_hidden=(16,), **config), (8,))


def tracks(n=40, seed=0):
    rng = np.random.default_rng(seed)
    return {"x": (rng.normal(size=(n, 3)) @ rng.normal(size=(3, 8))).astype(np.float32)}


def weights(model):
    return torch.cat([p.detach().flatten() for p in model.parameters()])


def without_time(history):
    return [{k: v for k, v in row.items() if k != "seconds"} for row in history.rows]


def stop_after(epochs):
    """A progress that cancels after some epochs, as a kill between two epochs would."""

    def progress(done, total, note="", **figures):
        if figures and done == epochs:
            raise Cancelled("stop")

    return progress


def test_loss_falls_and_every_part_is_told():
    told = []
    model = build()
    history = train(
        model, tracks(), TrainConfig(epochs=20, lr=1e-2), progress=lambda *a, **f: told.append((a, f))
    )
    rows = history.rows
    assert [row["epoch"] for row in rows] == list(range(1, 21))
    assert rows[-1]["train_total"] < 0.7 * rows[0]["train_total"]
    assert all(
        r["train_total"] == pytest.approx(r["train_reconstruction"] + r["train_kl"], rel=1e-4) for r in rows
    )
    ends = [(a, f) for a, f in told if f]
    assert [a[:2] for a, _ in ends] == [(i, 20) for i in range(1, 21)]
    assert set(ends[0][1]) == {"train_total", "train_reconstruction", "train_kl"}
    assert not model.training


def test_life_is_shown_within_an_epoch(monkeypatch):
    monkeypatch.setattr("core.training.loop.REPORT_EVERY_S", 0)
    notes = []
    train(build(), tracks(), TrainConfig(epochs=1, batch_size=10), progress=lambda *a, **f: notes.append(a))
    assert (0, 1, "epoch 1 of 1, batch 2 of 4") in notes and notes[-1][:2] == (1, 1)


def test_same_seed_same_result_and_another_seed_another():
    results = []
    for seed in (0, 0, 1):
        model = build()
        history = train(model, tracks(), TrainConfig(epochs=3, seed=seed))
        results.append((weights(model), without_time(history)))
    assert torch.equal(results[0][0], results[1][0]) and results[0][1] == results[1][1]
    assert not torch.allclose(results[0][0], results[2][0])


def test_the_callers_random_state_stays():
    model = build()
    torch.manual_seed(5)
    expected = torch.randn(3)
    torch.manual_seed(5)
    train(model, tracks(), TrainConfig(epochs=1))
    assert torch.equal(torch.randn(3), expected)


@pytest.mark.parametrize("held_out", [0.0, 0.25])
def test_resumed_run_equals_uninterrupted_run(tmp_path, held_out):
    state = tmp_path / "state.safetensors"
    config = TrainConfig(epochs=6, lr=1e-2, held_out=held_out)
    whole, resumed = build(), build(seed=9)  # other initial weights: all must come from the state
    expected = train(whole, tracks(), config)
    with pytest.raises(Cancelled):
        train(build(), tracks(), config, save_state_to=state, progress=stop_after(4))
    history = train(resumed, tracks(), config, resume_from=state)
    assert without_time(history) == without_time(expected) and history.best_epoch == expected.best_epoch
    assert torch.equal(weights(whole), weights(resumed))


def test_control_without_the_state_the_run_differs():
    config = TrainConfig(epochs=6, lr=1e-2)
    whole, other = build(), build(seed=9)
    train(whole, tracks(), config)
    train(other, tracks(), config)
    assert not torch.allclose(weights(whole), weights(other))


def test_a_finished_run_can_be_given_more_epochs(tmp_path):
    state = tmp_path / "state.safetensors"
    train(build(), tracks(), TrainConfig(epochs=2), save_state_to=state)
    history = train(build(), tracks(), TrainConfig(epochs=4), resume_from=state)
    assert [row["epoch"] for row in history.rows] == [1, 2, 3, 4]


def test_a_state_of_other_data_or_settings_is_refused(tmp_path):
    state = tmp_path / "state.safetensors"
    train(build(), tracks(), TrainConfig(epochs=1), save_state_to=state)
    for model, data, config in (
        (build(), tracks(seed=1), TrainConfig(epochs=2)),
        (build(), tracks(), TrainConfig(epochs=2, lr=0.5)),
        (build(beta=0.1), tracks(), TrainConfig(epochs=2)),
    ):
        with pytest.raises(CheckpointError, match="other data or settings"):
            train(model, data, config, resume_from=state)


def test_a_damaged_state_is_refused(tmp_path):
    state = tmp_path / "state.safetensors"
    train(build(), tracks(), TrainConfig(epochs=1), save_state_to=state)
    state.write_bytes(state.read_bytes()[:-50])
    with pytest.raises(CheckpointError, match="no training state"):
        train(build(), tracks(), TrainConfig(epochs=2), resume_from=state)


def test_state_on_disk_is_the_last_finished_epoch_even_when_writing_is_killed(tmp_path, monkeypatch):
    state = tmp_path / "state.safetensors"
    train(build(), tracks(), TrainConfig(epochs=2), save_state_to=state)
    before = state.read_bytes()

    def half(tensors, path, metadata):
        path.write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr("core.checkpoints.tensor_file.save_file", half)
    with pytest.raises(KeyboardInterrupt):
        train(build(), tracks(), TrainConfig(epochs=3), resume_from=state, save_state_to=state)
    assert state.read_bytes() == before and list(tmp_path.iterdir()) == [state]


def test_held_out_tracks_choose_the_epoch_that_is_kept():
    rng = np.random.default_rng(0)
    noise = {
        "x": rng.normal(size=(16, 8)).astype(np.float32)
    }  # nothing to learn: training longer only overfits
    model = build()
    config = TrainConfig(epochs=200, lr=3e-2, held_out=0.25, patience=10)
    history = train(model, noise, config)
    losses = [row["val_total"] for row in history.rows]
    assert history.stopped_early and len(losses) == history.best_epoch + 10 < 200
    assert losses[history.best_epoch - 1] == min(losses) < losses[-1]
    again = build()
    train(again, noise, TrainConfig(epochs=history.best_epoch, lr=3e-2, held_out=0.25))
    assert torch.equal(weights(model), weights(again))


def test_held_out_tracks_may_only_be_watched():
    noise = {"x": np.random.default_rng(0).normal(size=(40, 8)).astype(np.float32)}
    watched, again = build(), build()
    history = train(watched, noise, TrainConfig(epochs=30, lr=3e-2, held_out=0.25, keep="last"))
    assert history.best_epoch is None and "val_total" in history.rows[-1] and len(history.rows) == 30
    best = train(again, noise, TrainConfig(epochs=30, lr=3e-2, held_out=0.25)).best_epoch
    assert best < 30, "the control: another epoch is better on them"
    assert not torch.equal(weights(watched), weights(again))


def test_the_learning_rate_is_halved_and_adam_remembers_as_set(monkeypatch, tmp_path):
    seen, step = [], torch.optim.Adam.step

    def watch(optimizer, *args, **kwargs):
        seen.append((optimizer.param_groups[0]["lr"], optimizer.param_groups[0]["betas"]))
        return step(optimizer, *args, **kwargs)

    monkeypatch.setattr(torch.optim.Adam, "step", watch)
    config = TrainConfig(epochs=6, batch_size=40, lr=0.01, halve_from=2, halve_every=3, beta1=0.8, beta2=0.95)
    with pytest.raises(Cancelled):
        train(build(), tracks(), config, save_state_to=tmp_path / "state.safetensors", progress=stop_after(3))
    train(
        build(), tracks(), config, resume_from=tmp_path / "state.safetensors"
    )  # a resumed run goes on with its epoch's rate
    assert [lr for lr, _ in seen] == [0.01, 0.005, 0.005, 0.005, 0.0025, 0.0025] and {
        betas for _, betas in seen
    } == {(0.8, 0.95)}


def test_held_out_tracks_take_no_part_in_preparation():
    data = tracks(20)
    plain, spoilt = build(), build()
    config = TrainConfig(epochs=1, held_out=0.2)
    train(plain, data, config)
    from core.training.loop import split_tracks

    _, held = split_tracks(20, config)
    other = {"x": data["x"].copy()}
    other["x"][held] += 100
    train(spoilt, other, config)
    assert (
        torch.equal(plain.mean, spoilt.mean)
        and torch.equal(weights(plain), weights(spoilt))
        and len(held) == 4
    )


def test_a_loss_that_is_not_finite_stops_and_names_epoch_and_settings():
    model = build()
    with torch.no_grad():
        model.to_log_var.bias.fill_(1e4)
    with pytest.raises(TrainingError, match=r"epoch 1 \(.*kl=inf.*lr=0.001"):
        train(model, tracks(), TrainConfig(epochs=2))


def test_long_gradients_are_clipped():
    """One step of plain size moves a weight by lr at most with Adam, so look at the gradients themselves."""
    loose, tight = build(), build()
    seen = {}
    for name, model, clip in (("loose", loose, 0.0), ("tight", tight, 1e-3)):
        train(model, tracks(8), TrainConfig(epochs=1, batch_size=8, clip_norm=clip))
        seen[name] = torch.cat([p.grad.flatten() for p in model.parameters()]).norm().item()
    assert seen["loose"] > 0.01 and seen["tight"] == pytest.approx(1e-3, rel=1e-2)


@pytest.mark.parametrize(
    ("x", "said"), [(np.zeros((1, 8)), "1 tracks are too few"), (np.full((4, 8), np.nan), "4 of 4 tracks")]
)
def test_nothing_to_train_on_is_said(x, said):
    with pytest.raises(TrainingError, match=said):
        train(build(), {"x": x.astype(np.float32)}, TrainConfig(epochs=1))
