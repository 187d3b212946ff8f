"""The reconstruction of one crop, with its error and audio."""

from dataclasses import dataclass

import numpy as np

from core.reconstruction.mel_inversion import mel_to_audio, normalise_peak
from core.reconstruction.spectrogram_scale import Scale


@dataclass(frozen=True, eq=False)
class Reconstruction:
    """One crop of a track and its reconstruction by a model.

    Attributes
    ----------
    original, reconstructed : ndarray of float32, shape=(n_mels, n_frames) or (d,)
        In the extractor's units; ``reconstructed`` decodes the mean of z, under the track's own label for a
        conditional model.
    mse : float
        Mean squared error in the model's training units: z-scores where it standardises its input
        (``is_z_scored``), else the extractor's. 0 is perfect.
    baseline_mse : float
        The same without z. For spectrograms, each band at its mean over the crop; for vectors, the training
        mean where the model stores it, else the vector's own mean.
    is_z_scored : bool
    crop, n_crops : int
    scale : Scale or None
        None for vectors, which can't be inverted to audio.
    mean, std : ndarray or None, shape as original
        Training mean and standard deviation, where the model standardises its input.
    label, has_own_label : str, bool
        Label of ``reconstructed``, "" for unconditional models; False where the model doesn't know the
        track's label and another is used.
    labels : tuple of str
        All labels of the model.
    other_label, relabelled : str, ndarray or None
        The same z decoded under another label, where requested.
    """

    original: np.ndarray
    reconstructed: np.ndarray
    mse: float
    baseline_mse: float
    is_z_scored: bool
    crop: int = 0
    n_crops: int = 1
    scale: Scale | None = None
    mean: np.ndarray | None = None
    std: np.ndarray | None = None
    label: str = ""
    has_own_label: bool = True
    labels: tuple[str, ...] = ()
    other_label: str = ""
    relabelled: np.ndarray | None = None

    def in_z_scores(self) -> tuple[np.ndarray, np.ndarray]:
        """Return original and reconstruction in z-scores; unchanged without training moments."""
        if self.mean is None or self.std is None:
            return self.original, self.reconstructed
        return (self.original - self.mean) / self.std, (self.reconstructed - self.mean) / self.std

    @property
    def rms_db(self) -> float | None:
        """Root mean squared error in dB; None for vectors."""
        if self.scale is None:
            return None
        return float(np.sqrt(np.square(self.reconstructed - self.original).mean()) * self.scale.unit_db)

    def to_audio(self, seed: int = 0) -> dict[str, np.ndarray]:
        """Return ``original, reconstructed`` (and ``relabelled``) as audio; {} for vectors."""
        if self.scale is None:
            return {}
        spectrograms = {"original": self.original, "reconstructed": self.reconstructed}
        if self.relabelled is not None:
            spectrograms["relabelled"] = self.relabelled
        scale = self.scale
        return normalise_peak({name: mel_to_audio(x, scale, seed=seed) for name, x in spectrograms.items()})


def mean_squared_errors(
    x: np.ndarray, recon_x: np.ndarray, mean: np.ndarray | None, std: np.ndarray | None
) -> tuple[float, float]:
    """Return the mean squared errors of a reconstruction and of the baseline; see :class:`Reconstruction`."""
    unit = np.float32(1) if std is None else std
    baseline = x.mean(axis=1, keepdims=True) if x.ndim > 1 else x.mean() if mean is None else mean
    return float(np.square((recon_x - x) / unit).mean()), float(np.square((baseline - x) / unit).mean())


def input_moments(model, part: str) -> tuple[np.ndarray | None, np.ndarray | None]:
    """Return the mean and standard deviation that a model standardises a part of its input with, if any."""
    mean, std = (
        None if value is None else value.detach().float().cpu().numpy()
        for value in model.input_moments().get(part, (None, None))
    )
    return mean, std
