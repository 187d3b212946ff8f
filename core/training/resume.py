"""The state of a training run after its last finished epoch, in one file, from which a killed job resumes.

It holds the weights, Adam's moments, the best weights where tracks are held out, and the history. Random
states aren't stored: each epoch's order and noise depend on (seed, epoch) alone. The file is renamed into
place, so that a crash during writing leaves the previous epoch. safetensors + JSON, never pickle.
"""

import dataclasses
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from core.checkpoints.tensor_file import write_tensors
from core.errors import CheckpointError
from core.models.latent_model import LatentModel
from core.models.train_config import TrainConfig


@dataclasses.dataclass
class History:
    """Losses by epoch.

    Attributes
    ----------
    rows : list of dict
        ``epoch``, ``train_total`` and the other parts of the loss as means over the epoch's examples, the
        same with ``val_`` over held-out tracks, and ``seconds``. Empty for a closed form.
    best_epoch : int or None
        The epoch whose weights the model has, where tracks were held out.
    stopped_early : bool
    """

    rows: list[dict] = dataclasses.field(default_factory=list)
    best_epoch: int | None = None
    stopped_early: bool = False

    def find_best_epoch(self) -> int:
        """Return the epoch with the least validation loss; losses that aren't finite don't count."""
        losses = [row["val_total"] for row in self.rows]
        return int(np.argmin(np.where(np.isfinite(losses), losses, np.inf))) + 1

    def is_past_best(self, patience: int) -> bool:
        """Return whether ``patience`` epochs passed without a better validation loss; 0: never."""
        return bool(patience and self.rows) and len(self.rows) - self.find_best_epoch() >= patience


def identify(
    model: LatentModel, arrays: dict[str, np.ndarray], facts: dict[str, np.ndarray], config: TrainConfig
) -> str:
    """Hash what a run must share with the one that it resumes; the number of epochs may differ.

    Of the data, the shapes and up to 64 evenly spaced tracks are hashed.
    """
    digest = hashlib.blake2b(digest_size=16)
    for X in arrays.values():
        sample = np.unique(np.linspace(0, len(X) - 1, 64).round().astype(int))
        digest.update(np.ascontiguousarray(X[sample]).tobytes())
    for fact in facts.values():
        digest.update(np.ascontiguousarray(fact).tobytes())
    shapes = {name: X.shape for name, X in arrays.items()}
    identity = (
        model.name,
        repr(model.config),
        model.n_labels,
        shapes,
        sorted(facts),
        repr(dataclasses.replace(config, epochs=1)),
    )
    digest.update(repr(identity).encode())
    return digest.hexdigest()


def save_state(
    path: Path,
    model: nn.Module,
    optimizer: Any,
    *,
    identity: str,
    rows: list[dict],
    best: dict[str, Tensor] | None,
) -> None:
    """Write the state after an epoch atomically."""
    tensors = {f"model.{k}": v for k, v in model.state_dict().items()}
    for i, moments in optimizer.state_dict()["state"].items():
        tensors |= {f"optimizer.{i}.{k}": v for k, v in moments.items()}
    tensors |= {f"best.{k}": v for k, v in (best or {}).items()}
    write_tensors(Path(path), tensors, {"songscape.state": json.dumps({"identity": identity, "rows": rows})})


def load_state(
    path: Path, model: nn.Module, optimizer: Any, identity: str
) -> tuple[list[dict], dict[str, Tensor] | None]:
    """Load a saved state into model and optimizer; return the history's rows and the best weights so far.

    Raises
    ------
    CheckpointError
        When the file can't be read, or belongs to a run with other data or settings.
    """
    try:
        with safe_open(path, framework="pt") as file:
            record = json.loads((file.metadata() or {})["songscape.state"])
            names = file.keys()
            tensors = {name: file.get_tensor(name) for name in names}
    except (OSError, SafetensorError, KeyError, ValueError) as reason:
        raise CheckpointError(
            f"{path} holds no training state that can be read ({reason}); delete it to start again"
        ) from reason
    if record["identity"] != identity:
        raise CheckpointError(
            f"{path} belongs to a run with other data or settings; delete it to start again"
        )
    parts: dict[str, dict] = {"model": {}, "optimizer": {}, "best": {}}
    for name, tensor in tensors.items():
        part, _, key = name.partition(".")
        parts[part][key] = tensor
    model.load_state_dict(parts["model"])
    moments: dict[int, dict] = {}
    for name, tensor in parts["optimizer"].items():
        i, _, key = name.partition(".")
        moments.setdefault(int(i), {})[key] = tensor
    optimizer.load_state_dict({**optimizer.state_dict(), "state": moments})
    return record["rows"], parts["best"] or None
