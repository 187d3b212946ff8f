"""Decoded walks through the latents of a model: along a dimension, between tracks, under every label.

A track's latent is the mean over its crops, as everywhere; what is decoded from it is as long as a crop.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.checkpoints.catalogue import Checkpoint
from core.collection import Collection
from core.errors import ConfigError
from core.models import model_spec
from core.reconstruction.mel_inversion import mel_to_audio, normalise_peak
from core.reconstruction.model_cache import loaded_model
from core.reconstruction.reconstruct import label_to_decode
from core.reconstruction.spectrogram_scale import Scale
from core.reconstruction.track_input import read_track_input, row_of
from core.representation.represent import represent
from core.representation.resolve import resolve

DEVIATIONS = (-3.0, -1.5, 0.0, 1.5, 3.0)
"""Of a dimension over the collection, at which a sweep decodes."""
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Of the second track, at which an interpolation decodes."""


@dataclass(frozen=True, eq=False)
class Step:
    """One decoded latent of a walk.

    Attributes
    ----------
    name : str
        Its place: "+1.5 σ", "25 %", or a label.
    decoded : ndarray of float32, shape=(n_mels, n_frames)
        In the extractor's units.
    nearest : str
        Track whose latent is nearest, by Euclidean distance.
    distance : float
        To that latent, in root mean squared deviations of a dimension.
    """

    name: str
    decoded: np.ndarray
    nearest: str
    distance: float


@dataclass(frozen=True, eq=False)
class Walk:
    """Decoded latents in their order, and the scale of their spectrograms."""

    steps: tuple[Step, ...]
    scale: Scale

    def to_audio(self, seed: int = 0) -> dict[str, np.ndarray]:
        """Return each step as audio at ``scale.sr``, by its name."""
        return normalise_peak(
            {step.name: mel_to_audio(step.decoded, self.scale, seed=seed) for step in self.steps}
        )


def sweep(collection: Collection, checkpoint: Checkpoint, track_id: str, dimension: int) -> Walk:
    """Decode a track's latent with one dimension at :data:`DEVIATIONS` from its mean over the collection.

    Parameters
    ----------
    dimension : int
        From 0.

    Raises
    ------
    ConfigError
        When the model can't be walked (see :func:`_Latents.of`), or has no such dimension.
    """
    latents = _Latents.of(collection, checkpoint, [track_id])
    if not 0 <= dimension < latents.X.shape[1]:
        raise ConfigError(f"dimension={dimension} must lie between 0 and {latents.X.shape[1] - 1}")
    values = latents.X[:, dimension]
    Z = np.repeat(latents.z[:1], len(DEVIATIONS), axis=0)
    Z[:, dimension] = values.mean() + values.std() * np.array(DEVIATIONS)
    names = [f"{deviation:+g} σ".replace("-", "−") if deviation else "mean" for deviation in DEVIATIONS]
    return latents.decode(names, Z, latents.labels[:1] * len(names))


def interpolate(collection: Collection, checkpoint: Checkpoint, track_id: str, other_id: str) -> Walk:
    """Decode latents on the straight line from one track's to another's, at :data:`SHARES`.

    A conditional model decodes all under the first track's label.

    Raises
    ------
    ConfigError
        When the model can't be walked, see :func:`_Latents.of`.
    """
    latents = _Latents.of(collection, checkpoint, [track_id, other_id])
    shares = np.array(SHARES, np.float32)[:, None]
    Z = (1 - shares) * latents.z[0] + shares * latents.z[1]
    names = [f"{share:.0%}".replace("%", " %") for share in SHARES]
    return latents.decode(names, Z, latents.labels[:1] * len(names))


def decode_under_labels(collection: Collection, checkpoint: Checkpoint, track_id: str) -> Walk:
    """Decode a track's latent under every label of a conditional model.

    Raises
    ------
    ConfigError
        When the model can't be walked, or isn't conditional.
    """
    latents = _Latents.of(collection, checkpoint, [track_id])
    names = list(checkpoint.meta.get("labels") or ()) if latents.labels[0] is not None else []
    if not names:
        raise ConfigError(f"{checkpoint.name} isn't conditioned on labels")
    Z = np.repeat(latents.z[:1], len(names), axis=0)
    return latents.decode(names, Z, list(range(len(names))))


@dataclass(frozen=True, eq=False)
class _Latents:
    """A checkpoint, the latents of a collection (means over crops), and those of some tracks with labels."""

    checkpoint: Checkpoint
    X: np.ndarray
    track_ids: list[str]
    z: np.ndarray
    labels: list[int | None]
    scale: Scale

    @classmethod
    def of(cls, collection: Collection, checkpoint: Checkpoint, tracks: Sequence[str]) -> "_Latents":
        """Read the latents of all tracks, and the scale of the first track's spectrogram.

        Raises
        ------
        ConfigError
            When the model has no decoder of one input, its input is no spectrogram, or a track has no latent.
        """
        if not model_spec(checkpoint.model).reconstructs:
            raise ConfigError(f"{checkpoint.name} has no decoder of one input")
        modality = checkpoint.modalities[0]
        extractor, _ = resolve(collection, str(checkpoint.path), modality)
        scales = read_track_input(collection, extractor, tracks[0]).scales
        if not scales:
            raise ConfigError(f"{checkpoint.name} reads vectors, which can't be played")
        found = represent(collection, str(checkpoint.path), modality=modality)
        rows = [row_of(collection, track) for track in tracks]
        if not found.present[rows].all():
            raise ConfigError(f"a track has no latent of {checkpoint.name}")
        known = tuple(checkpoint.meta.get("labels") or ()) if checkpoint.meta.get("sees_labels") else ()
        own = [label_to_decode(known, label)[0] for label in collection.tracks["label"].iloc[rows]]
        labels = [known.index(label) if known else None for label in own]
        ids = collection.tracks["track_id"][found.present].tolist()
        return cls(checkpoint, found.X[found.present], ids, found.X[rows], labels, scales[0])

    def decode(self, names: Sequence[str], Z: np.ndarray, labels: Sequence[int | None]) -> Walk:
        """Decode latents (n, latent_dim) under labels, and find the nearest track of each."""
        import torch

        with loaded_model(self.checkpoint) as (model, device):
            under = None if labels[0] is None else torch.tensor(list(labels), device=device)
            decoded = model.decode(torch.from_numpy(np.float32(Z)).to(device), under).float().cpu().numpy()
        unit = max(float(np.sqrt(self.X.var(axis=0).mean())), 1e-12)
        distances = np.linalg.norm(self.X[None] - Z[:, None], axis=2) / unit
        nearest = distances.argmin(axis=1)
        return Walk(
            tuple(
                Step(name, x, self.track_ids[i], float(row[i]))
                for name, x, i, row in zip(names, decoded, nearest, distances)
            ),
            self.scale,
        )
