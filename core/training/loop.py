"""The training loop of all models.

It calls the hooks of :class:`core.models.latent_model.LatentModel`; Accelerate handles devices and precision.
Each epoch's order and noise depend on (seed, epoch) alone, so a resumed run equals an uninterrupted one.
"""

import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader

from core.errors import TrainingError
from core.models.latent_model import LatentModel
from core.models.train_config import TrainConfig
from core.progress import Progress, silent
from core.training.examples import Examples, Order, arrange
from core.training.resume import History, identify, load_state, save_state

REPORT_EVERY_S = 0.25


class Objective(nn.Module):
    """A model's loss as a forward pass, to which Accelerate applies devices and precision."""

    def __init__(self, model: LatentModel):
        super().__init__()
        self.model = model

    def forward(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """Return the parts of the loss."""
        return self.model.forward_loss(batch)


def train(
    model: LatentModel,
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
        ``x``: ndarray of shape (n_tracks[, n_crops], *input_shape), float16 or float32; for a model of two
        inputs ``audio`` and ``text`` instead, with ``audio_present`` and ``text_present``, bool of shape
        (n_tracks,); ``label``: int64 of shape (n_tracks,), for a model that sees labels.
    resume_from : Path, optional
        A saved state to resume from.
    save_state_to : Path, optional
        Where the state is saved after each epoch.
    progress : callable
        Called as ``(epoch, epochs, note, **metrics)`` with the history's row after each epoch, and with a
        note a few times a second in between; may raise :class:`core.errors.Cancelled`, which loses at most
        the current epoch.

    Raises
    ------
    TrainingError
        When there are fewer than two tracks, features are not finite, or a loss is not; names epoch and
        settings.
    CheckpointError
        When ``resume_from`` belongs to another run.
    """
    arrays, facts = arrange(data, model.input_shape)
    n = len(next(iter(arrays.values())))
    if n < 2:
        raise TrainingError(f"{n} tracks are too few to train {model.name}; it needs two or more")
    rows, held_out = split_tracks(n, config)
    model.fit_statistics(_select_valid(arrays, facts, rows))
    if not any(parameter.requires_grad for parameter in model.parameters()):
        model.eval()
        return History()
    devices = [torch.cuda.current_device()] if torch.cuda.is_available() else []
    with torch.random.fork_rng(devices=devices):  # leaves the caller's random state as it was
        try:
            trainer = Trainer(
                model, Examples(arrays, facts, rows), Examples(arrays, facts, held_out), config, progress
            )
            return trainer.run(
                identify(model, arrays, facts, config), resume_from=resume_from, save_state_to=save_state_to
            )
        finally:
            model.to("cpu", memory_format=torch.contiguous_format).eval()  # type: ignore[call-overload]


def split_tracks(n: int, config: TrainConfig) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows of training tracks and of held-out tracks, at random by the seed."""
    n_held = max(1, round(n * config.held_out)) if config.held_out else 0
    order = np.random.default_rng([config.seed, 0]).permutation(n)
    return np.sort(order[n_held:]), np.sort(order[:n_held])


def _select_valid(
    arrays: dict[str, np.ndarray], facts: dict[str, np.ndarray], rows: np.ndarray
) -> np.ndarray | dict[str, np.ndarray]:
    """Return the examples of ``rows`` (n, *input_shape), of each modality those of tracks that have it."""
    examples = {}
    for name, X in arrays.items():
        valid = rows[facts[f"{name}_present"][rows]] if f"{name}_present" in facts else rows
        examples[name] = (X if len(valid) == len(X) else X[valid]).reshape(-1, *X.shape[2:])
    return examples.get("x", examples)


class Trainer:
    """One training run: its batches, optimizer and accelerator."""

    def __init__(
        self,
        model: LatentModel,
        examples: Examples,
        held_out: Examples,
        config: TrainConfig,
        progress: Progress,
    ):
        from accelerate import Accelerator

        has_cuda = torch.cuda.is_available()
        self.model, self.held_out, self.config, self.progress = model, held_out, config, progress
        self.accelerator = Accelerator(cpu=not has_cuda, mixed_precision="bf16" if has_cuda else "no")
        # changes convolutions alone: 1.2 times faster on a CPU; torch's stubs lack it
        model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        optimizer = torch.optim.Adam(
            model.parameter_groups(config.lr),
            lr=config.lr,
            betas=(config.beta1, config.beta2),
            weight_decay=config.weight_decay,
        )
        self.base_lrs = [group["lr"] for group in optimizer.param_groups]
        self.order = Order(len(examples), config.seed)
        loader = DataLoader(
            examples, batch_size=config.batch_size, sampler=self.order, collate_fn=_return_batch
        )
        self.objective, self.optimizer, self.loader = self.accelerator.prepare(
            Objective(model), optimizer, loader
        )

    def run(self, identity: str, *, resume_from: Path | None, save_state_to: Path | None) -> History:
        """Train to the last epoch, or until the validation loss stops improving."""
        config, history, best = self.config, History(), None
        if resume_from is not None:
            history.rows, best = load_state(resume_from, self.model, self.optimizer, identity)
        while len(history.rows) < config.epochs and not history.is_past_best(config.patience):
            history.rows.append(self.run_epoch(len(history.rows) + 1))
            epoch, row = len(history.rows), history.rows[-1]
            if len(self.held_out) and config.keep == "best" and history.find_best_epoch() == epoch:
                best = {k: v.detach().cpu().clone() for k, v in self.model.state_dict().items()}
            if save_state_to is not None and self.accelerator.is_main_process:
                save_state(
                    save_state_to, self.model, self.optimizer, identity=identity, rows=history.rows, best=best
                )
            metrics = {k: v for k, v in row.items() if k not in ("epoch", "seconds")}
            self.progress(epoch, config.epochs, f"epoch {epoch} of {config.epochs}", **metrics)
        if best is not None:
            self.model.load_state_dict(best)
            history.best_epoch = history.find_best_epoch()
            history.stopped_early = len(history.rows) < config.epochs
        return history

    def run_epoch(self, epoch: int) -> dict:
        """Train one epoch, evaluate the held-out tracks and return the history's row."""
        started = time.monotonic()
        self.order.epoch = epoch
        _seed(self.config.seed, epoch, self.accelerator.process_index)
        for group, lr in zip(self.optimizer.param_groups, self.base_lrs):
            group["lr"] = lr * self.config.lr_share(epoch)
        self.model.train()
        self.model.start_epoch(epoch)
        row = {"epoch": epoch, **{f"train_{k}": v for k, v in self.train_epoch(epoch).items()}}
        if len(self.held_out):
            _seed(self.config.seed, 0, 0)  # the same noise in every epoch, so that epochs compare
            row |= {f"val_{k}": v for k, v in self.evaluate().items()}
        return {**row, "seconds": round(time.monotonic() - started, 3)}

    def train_epoch(self, epoch: int) -> dict[str, float]:
        """Update the weights with all examples once; return the mean of each part of the loss."""
        sums: dict[str, Tensor] = {}
        n_examples, reported = 0, time.monotonic()
        for number, batch in enumerate(self.loader, start=1):
            n = len(batch["index"])
            n_examples += n
            for name, value in self.step(batch, epoch).items():
                sums[name] = sums.get(name, torch.zeros(())) + value.detach() * n
            if time.monotonic() - reported > REPORT_EVERY_S:
                reported = time.monotonic()
                epochs = self.config.epochs
                self.progress(
                    epoch - 1, epochs, f"epoch {epoch} of {epochs}, batch {number} of {len(self.loader)}"
                )
        return {
            name: float(self.accelerator.reduce(value / n_examples, "mean")) for name, value in sums.items()
        }

    def step(self, batch: dict[str, Tensor], epoch: int) -> dict[str, Tensor]:
        """Update the weights with one batch and return the parts of its loss."""
        parts = self.objective(batch)
        if not torch.isfinite(parts["total"]):
            values = ", ".join(f"{k}={v.item():.4g}" for k, v in parts.items())
            raise TrainingError(
                f"the loss is not finite in epoch {epoch} ({values}) with {self.config}; a lower lr may help"
            )
        self.optimizer.zero_grad()
        self.accelerator.backward(parts["total"])
        if self.config.clip_norm:
            self.accelerator.clip_grad_norm_(self.objective.parameters(), self.config.clip_norm)
        self.optimizer.step()
        self.model.after_step()
        return parts

    @torch.no_grad()
    def evaluate(self) -> dict[str, float]:
        """Return the mean of each part of the loss over held-out examples, with z sampled as in training."""
        self.model.eval()
        examples, device = self.held_out, self.accelerator.device
        sums: dict[str, float] = {}
        # shuffled, so that crops of a track are in different batches, as in training
        order = np.random.default_rng(self.config.seed).permutation(len(examples))
        for start in range(0, len(examples), self.config.batch_size):
            batch = examples.__getitems__(order[start : start + self.config.batch_size].tolist())
            parts = self.model.forward_loss({k: v.to(device) for k, v in batch.items()})
            for name, value in parts.items():
                sums[name] = sums.get(name, 0.0) + float(value) * len(batch["index"]) / len(examples)
        return sums


def _return_batch(batch: Any) -> dict[str, Tensor]:
    """Return the batch: :class:`Examples` collates it already."""
    return batch


def _seed(*numbers: int) -> None:
    """Seed torch from several numbers."""
    torch.manual_seed(int(np.random.SeedSequence(numbers).generate_state(1)[0]))
