"""Inpainting of masked spectrograms, beside the mean of each track's own visible patches in the same band."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from core.checkpoints.catalogue import Checkpoint, find_checkpoint
from core.config import setting
from core.errors import AudioError, ConfigError, MissingCheckpoint, TextError
from core.models import model_spec
from core.recipes.experiment import Experiment, Training
from core.recipes.findings import Cell, Claim, Column, Figure, Findings, Row, Series, Table
from core.recipes.recipe import Recipe
from core.reconstruction.inpaint import Inpainting as Inpainted
from core.reconstruction.inpaint import inpaint
from core.scoring.statistics.multiple_tests import holm
from core.scoring.statistics.paired_tests import wilcoxon_above
from core.scoring.statistics.t_interval import interval_of

MODEL, BAND, TIME = "Masked autoencoder", "Mean visible patch of the same band", "Interpolated over time"
COLUMN = Column("mse", "Squared error of masked patches", False)
MAX_SIDE = 512
"""Frames of a spectrogram that a figure shows."""


@dataclass(frozen=True)
class Inpainting(Recipe):
    """Reconstruct masked spectrograms at several masking ratios, and compare with guesses without a model.

    Each track's error is that of one random mask. The test is a one-sided Wilcoxon signed-rank test over
    tracks against the mean of the track's own visible patches in the same band, with Holm's correction over
    ratios.

    References
    ----------
    Jiang, Multimodal Self-supervised Music Genre Classification with Audio and Lyrics, section 6.
    """

    name: ClassVar[str] = "inpainting"
    quick: ClassVar[dict[str, Any]] = {"n_tracks": 6, "seeds": 1, "epochs": 1}

    ratios: tuple[float, ...] = setting(
        (0.5, 0.75, 0.85), low=0.05, high=0.95, title="Masking ratios", help="Shares of masked patches."
    )
    n_tracks: int = setting(
        40, low=2, title="Tracks", help="Evenly spaced tracks of the collection.", advanced=False
    )
    checkpoint: str = setting(
        "",
        title="Checkpoint",
        help="By name or file; none: the collection's newest mae, else one is trained (preset tiny).",
        advanced=False,
    )
    epochs: int = setting(30, low=1, title="Epochs", help="Of a model that is trained.")

    def run(self, experiment: Experiment) -> Findings:
        """Return the table of errors, and one track's spectrograms per ratio."""
        experiment.plan(len(self.ratios) + 1)
        checkpoint = self._find(experiment)
        rows: list[Row] = []
        figures: list[Figure] = []
        errors, p_values = {}, {}
        for ratio in self.ratios:
            progress = experiment.step(f"masking {ratio:.0%}")
            found = self._inpaint(experiment, checkpoint, ratio, progress)
            errors[ratio] = {
                MODEL: np.array([one.mse for one in found]),
                BAND: np.array([one.baseline_mse for one in found]),
                TIME: np.array([one.interpolation_mse for one in found]),
            }
            p_values[ratio] = wilcoxon_above(errors[ratio][BAND] - errors[ratio][MODEL])
            figures += _draw(found[0], ratio)
        adjusted = holm(p_values)
        for ratio, values in errors.items():
            for name, sample in values.items():
                is_better = name == MODEL and adjusted[ratio] < 0.05
                cell = Cell(float(sample.mean()), interval_of(sample), None, None, is_better)
                rows.append(Row(name, f"{ratio:.0%} masked", {"mse": cell}, len(sample), len(sample)))
        table = Table("errors", "Squared error of masked patches", (COLUMN,), tuple(rows), compared_with=BAND)
        claims = tuple(
            Claim(
                "inpainting-beats-band",
                bool(adjusted[ratio] < 0.05),
                {
                    "ratio": ratio,
                    "model": float(values[MODEL].mean()),
                    "band": float(values[BAND].mean()),
                    "tracks_won": f"{int((values[MODEL] < values[BAND]).sum())} of {len(values[BAND])}",
                },
            )
            for ratio, values in errors.items()
        )
        return Findings((table,), tuple(figures), claims)

    def _find(self, experiment: Experiment) -> Checkpoint:
        """Return the checkpoint that is asked for, the newest of the collection, or train one."""
        progress = experiment.step("masked autoencoder")
        if self.checkpoint:
            found = find_checkpoint(self.checkpoint, experiment.collection, "audio")
            if not model_spec(found.model).inpaints:
                raise ConfigError(
                    f"{found.name} is no masked autoencoder of spectrograms, so it can't inpaint"
                )
            return found
        try:
            return find_checkpoint("mae", experiment.collection, "audio")
        except MissingCheckpoint:
            settings = (("preset", "tiny"), ("epochs", str(self.epochs)), ("seed", str(self.seed)))
            path = experiment.train(Training("mae", "", settings), progress)
            return find_checkpoint(path, experiment.collection, "audio")

    def _inpaint(
        self, experiment: Experiment, checkpoint: Checkpoint, ratio: float, progress
    ) -> list[Inpainted]:
        """Inpaint one crop of each track; tracks that can't be read are left out."""
        collection = experiment.collection
        rows = np.flatnonzero([bool(path) for path in collection.audio_paths()])
        rows = rows[np.unique(np.linspace(0, len(rows) - 1, self.n_tracks).round().astype(int))]
        found = []
        for done, row in enumerate(rows):
            progress(done, len(rows), "tracks")
            track = collection.tracks["track_id"].iloc[row]
            try:
                one = inpaint(collection, checkpoint, track, mask_ratio=ratio, seed=self.seed + int(row))
            except (AudioError, TextError):
                continue
            found.append(one)
        if len(found) < 2:
            raise ConfigError(f"fewer than two tracks of {collection.name} can be read by {checkpoint.name}")
        return found


def _draw(one: Inpainted, ratio: float) -> list[Figure]:
    """Return the original, masked and restored spectrogram of one crop."""
    pictures = {"Original": one.original, "Masked": one.masked, "Restored": one.restored}
    errors = f"squared error {one.mse:.3g}, by the same band {one.baseline_mse:.3g}"
    return [
        Figure(
            f"{name.lower()}-{ratio:g}",
            f"{name}, {ratio:.0%} masked" + (f": {errors}" if name == "Restored" else ""),
            "image",
            "frame",
            "band",
            (Series(name, [], np.round(X[:, :MAX_SIDE].astype(float), 2).tolist()),),
        )
        for name, X in pictures.items()
    ]
