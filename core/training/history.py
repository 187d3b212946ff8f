"""The course of a training, by epoch."""

from dataclasses import dataclass, field

import numpy as np


@dataclass
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

    rows: list[dict] = field(default_factory=list)
    best_epoch: int | None = None
    stopped_early: bool = False

    def find_best_epoch(self) -> int:
        """Return the epoch with the least validation loss; losses that aren't finite don't count."""
        losses = [row["val_total"] for row in self.rows]
        return int(np.argmin(np.where(np.isfinite(losses), losses, np.inf))) + 1

    def is_past_best(self, patience: int) -> bool:
        """Return whether ``patience`` epochs passed without a better validation loss; 0: never."""
        return bool(patience and self.rows) and len(self.rows) - self.find_best_epoch() >= patience
