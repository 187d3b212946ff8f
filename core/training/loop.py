"""The training loop: one for every model.

It calls the hooks of :class:`core.models.model_contract.Model` and reports ``progress``; devices, precision
and several processes are Accelerate's. Each epoch's order and noise follow from (seed, epoch), so that a run
that was killed and resumed equals one that was not.
"""

import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader

from core.errors import TrainingError
from core.models.train_config import TrainConfig
from core.progress import Progress, silent
from core.training.examples import Examples, Order, arrange
from core.training.resume import identify, load_state, save_state

REPORT_EVERY_S = 0.25


@dataclass
class History:
    """What happened, epoch by epoch.

    Attributes
    ----------
    rows : list of dict
        ``epoch``, ``train_total`` and the other named parts of the loss as means over the epoch's examples,
        the same with ``val_`` over held-out tracks, and ``seconds``. Empty for a closed form.
    best_epoch : int or None
        The epoch whose weights were kept, where tracks were held out.
    stopped_early : bool
    """

    rows: list[dict] = field(default_factory=list)
    best_epoch: int | None = None
    stopped_early: bool = False


class Objective(nn.Module):
    """A model's loss as a forward pass, which is where Accelerate puts devices and precision."""

    def __init__(self, model: nn.Module):
        super().__init__()
        self.model = model

    def forward(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        return self.model.forward_loss(batch)


def train(
    model: nn.Module,
    data: dict[str, np.ndarray],
    config: TrainConfig,
    *,
    resume_from: Path | None = None,
    save_state_to: Path | None = None,
    progress: Progress = silent,
) -> History:
    """Train ``model`` in place and leave it on the CPU in eval mode.

    Parameters
    ----------
    data : dict
        ``x``: ndarray of shape (n_tracks[, n_crops], *input_shape), float16 or float32; a joint model's
        ``audio`` and ``text`` instead, with ``audio_present`` and ``text_present``, bool of shape
        (n_tracks,); ``label``: int64 of shape (n_tracks,), where the model wants labels.
    resume_from : Path, optional
        A state to go on from.
    save_state_to : Path, optional
        Where the state goes after each epoch.
    progress : callable
        Given ``(epoch, epochs, note, **figures)`` with the epoch's row after each epoch, and a note a few
        times a second between; may raise :class:`core.errors.Cancelled`, which loses at most the epoch under
        way.

    Raises
    ------
    TrainingError
        When there is nothing to train on, features are not finite, or a loss is not; names epoch and
        settings.
    CheckpointError
        When ``resume_from`` belongs to another run.
    """
    arrays, facts = arrange(data, model.input_shape)
    n = len(next(iter(arrays.values())))
    if n < 2:
        raise TrainingError(f"{n} tracks are too few to train {model.name}; it needs two or more")
    kept, held = split_tracks(n, config)
    model.fit_statistics(_statistics_from(arrays, facts, kept))
    if not any(parameter.requires_grad for parameter in model.parameters()):
        model.eval()
        return History()
    with _own_randomness():
        try:
            return _train(model, arrays, facts, kept, held, config, resume_from, save_state_to, progress)
        finally:
            model.to("cpu", memory_format=torch.contiguous_format).eval()


def split_tracks(n: int, config: TrainConfig) -> tuple[np.ndarray, np.ndarray]:
    """Return rows to train on and rows held out, drawn from the seed; all crops of a track stay together."""
    n_held = max(1, round(n * config.held_out)) if config.held_out else 0
    order = np.random.default_rng([config.seed, 0]).permutation(n)
    return np.sort(order[n_held:]), np.sort(order[:n_held])


def _statistics_from(arrays: dict, facts: dict, kept: np.ndarray):
    """Return the examples that closed-form statistics are taken from: of each modality, those that are there."""
    there = {
        name: kept[facts[f"{name}_present"][kept]] if f"{name}_present" in facts else kept for name in arrays
    }
    examples = {
        name: (X if len(there[name]) == len(X) else X[there[name]]).reshape(-1, *X.shape[2:])
        for name, X in arrays.items()
    }
    return examples.get("x", examples)


def _train(model, arrays, facts, kept, held, config, resume_from, save_state_to, progress) -> History:
    """Run the epochs."""
    from accelerate import Accelerator

    has_cuda = torch.cuda.is_available()
    accelerator = Accelerator(cpu=not has_cuda, mixed_precision="bf16" if has_cuda else "no")
    model.to(memory_format=torch.channels_last)  # changes convolutions alone: 1.2 times faster on a CPU
    optimizer = torch.optim.Adam(
        model.parameter_groups(config.lr),
        lr=config.lr,
        betas=(config.beta1, config.beta2),
        weight_decay=config.weight_decay,
    )
    full_lrs = [group["lr"] for group in optimizer.param_groups]
    examples = Examples(arrays, facts, kept)
    order = Order(len(examples), config.seed)
    loader = DataLoader(examples, batch_size=config.batch_size, sampler=order, collate_fn=_as_is)
    objective, optimizer, loader = accelerator.prepare(Objective(model), optimizer, loader)
    identity = identify(model, arrays, facts, config)
    history, best = History(), None
    if resume_from is not None:
        history.rows, best = load_state(resume_from, model, optimizer, identity)
    while len(history.rows) < config.epochs and not _is_past_best(history, config):
        epoch, started = len(history.rows) + 1, time.monotonic()
        order.epoch = epoch
        _seed(config.seed, epoch, accelerator.process_index)
        for group, lr in zip(optimizer.param_groups, full_lrs):
            group["lr"] = lr * config.lr_share(epoch)
        model.train()
        model.start_epoch(epoch)
        parts = _train_epoch(accelerator, model, objective, optimizer, loader, config, epoch, progress)
        row = {"epoch": epoch, **{f"train_{k}": v for k, v in parts.items()}}
        if len(held):
            _seed(config.seed, 0, 0)  # the same noise every time, so that epochs compare
            row |= {
                f"val_{k}": v
                for k, v in _evaluate(
                    model, Examples(arrays, facts, held), config, accelerator.device
                ).items()
            }
        history.rows.append({**row, "seconds": round(time.monotonic() - started, 3)})
        if len(held) and config.keep == "best" and _best_epoch(history) == epoch:
            best = {k: v.detach().cpu().clone() for k, v in model.state_dict().items()}
        if save_state_to is not None and accelerator.is_main_process:
            save_state(save_state_to, model, optimizer, identity, history.rows, best)
        progress(
            epoch,
            config.epochs,
            f"epoch {epoch} of {config.epochs}",
            **{k: v for k, v in row.items() if k != "epoch"},
        )
    if best is not None:
        model.load_state_dict(best)
        history.best_epoch = _best_epoch(history)
        history.stopped_early = len(history.rows) < config.epochs
    return history


def _train_epoch(
    accelerator, model, objective, optimizer, loader, config, epoch: int, progress: Progress
) -> dict[str, float]:
    """One pass over all examples; return the mean of each part of the loss."""
    sums, seen, reported = {}, 0, time.monotonic()
    for batch_number, batch in enumerate(loader, start=1):
        parts = objective(batch)
        if not torch.isfinite(parts["total"]):
            found = ", ".join(f"{k}={v.item():.4g}" for k, v in parts.items())
            raise TrainingError(
                f"the loss is not finite in epoch {epoch} ({found}) with {config}; a lower lr may help"
            )
        optimizer.zero_grad()
        accelerator.backward(parts["total"])
        if config.clip_norm:
            accelerator.clip_grad_norm_(objective.parameters(), config.clip_norm)
        optimizer.step()
        model.after_step()
        n = len(batch["index"])
        seen += n
        for name, value in parts.items():
            sums[name] = sums.get(name, 0.0) + value.detach() * n
        if time.monotonic() - reported > REPORT_EVERY_S:
            reported = time.monotonic()
            progress(
                epoch - 1,
                config.epochs,
                f"epoch {epoch} of {config.epochs}, batch {batch_number} of {len(loader)}",
            )
    return {name: float(accelerator.reduce(value / seen, "mean")) for name, value in sums.items()}


@torch.no_grad()
def _evaluate(model: nn.Module, examples: Examples, config: TrainConfig, device) -> dict[str, float]:
    """Mean of each part of the loss over held-out examples, as in training (z is drawn)."""
    model.eval()
    sums: dict[str, float] = {}
    order = np.random.default_rng(config.seed).permutation(
        len(examples)
    )  # crops of a track apart, as in training
    for start in range(0, len(examples), config.batch_size):
        batch = examples.__getitems__(order[start : start + config.batch_size].tolist())
        for name, value in model.forward_loss({k: v.to(device) for k, v in batch.items()}).items():
            sums[name] = sums.get(name, 0.0) + float(value) * len(batch["index"]) / len(examples)
    return sums


def _best_epoch(history: History) -> int:
    """The epoch with the least loss on held-out tracks; a loss that is not finite never is."""
    losses = [row["val_total"] for row in history.rows]
    return int(np.argmin(np.where(np.isfinite(losses), losses, np.inf))) + 1


def _is_past_best(history: History, config: TrainConfig) -> bool:
    """Say whether ``patience`` epochs went by without a better one."""
    return (
        bool(config.patience and history.rows) and len(history.rows) - _best_epoch(history) >= config.patience
    )


def _as_is(batch: dict[str, Tensor]) -> dict[str, Tensor]:
    """Examples come as whole batches."""
    return batch


def _seed(*numbers: int) -> None:
    """Seed torch's noise from several numbers at once."""
    torch.manual_seed(int(np.random.SeedSequence(numbers).generate_state(1)[0]))


@contextmanager
def _own_randomness():
    """Leave the caller's random state as it was."""
    devices = [torch.cuda.current_device()] if torch.cuda.is_available() else []
    with torch.random.fork_rng(devices=devices):
        yield
