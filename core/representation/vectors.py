"""The vectors of one modality: their computation from features, and the hash of its code."""

from dataclasses import dataclass, field

import numpy as np

from core.checkpoints.catalogue import Checkpoint
from core.features import Features
from core.features.extractor import ExtractorConfig
from core.inputs.input_arrays import as_read
from core.models import model_spec
from core.progress import Progress, silent
from core.store.hashing.source import source_hash


@dataclass(frozen=True, eq=False)
class Representation:
    """Vectors of one modality.

    Attributes
    ----------
    X : ndarray, shape=(n_tracks, d), float32
        Zeros where a track is not present.
    present : ndarray of bool, shape=(n_tracks,)
    key : str
        Hash of content, config and code.
    name : str
        As requested.
    failed : dict
        Reason by track id for tracks that could not be read.
    sees_labels : bool
        Whether the model was trained with the labels.
    n_outdated : int
        Tracks whose features were computed by an earlier version of the extractor.
    may_standardise : bool
        Whether dimensions may be standardised before fusion; False for those on one scale already, such as
        latents with a prior and latent semantic analysis.
    """

    X: np.ndarray
    present: np.ndarray
    key: str
    name: str
    failed: dict[str, str] = field(default_factory=dict)
    sees_labels: bool = False
    n_outdated: int = 0
    may_standardise: bool = True


def summarise_features(extractor: ExtractorConfig, features: Features) -> np.ndarray:
    """Return one vector per track, zeros where a track has no features."""
    X = np.asarray(extractor.summarise(features.X), np.float32)
    X[~features.present] = 0
    return X


def encode_features(
    checkpoint: Checkpoint,
    content: str,
    extractor: ExtractorConfig,
    features: Features,
    modality: str,
    progress: Progress = silent,
) -> np.ndarray:
    """Load a checkpoint of a known content and return its latents of all tracks."""
    from core.checkpoints.checkpoint import load_checkpoint

    model, _ = load_checkpoint(checkpoint.path, content=content)
    return encode_present(model, as_read(extractor, features.X), features.present, modality, progress)


def encode_present(
    model, X: np.ndarray, present: np.ndarray, modality: str, progress: Progress = silent
) -> np.ndarray:
    """Return the latent means of the present tracks, zeros for the others."""
    from core.training.encode import encode

    z_present = encode(model, X[present], modality=modality, progress=progress)
    z = np.zeros((len(present), z_present.shape[1]), np.float32)
    z[present] = z_present
    return z


def code_of_vectors(extractor: ExtractorConfig, checkpoint: Checkpoint | None) -> str:
    """Return the hash of the code between features and vectors."""
    if checkpoint is None:
        return source_hash(type(extractor), summarise_features)
    return source_hash(type(extractor), encode_present, as_read, model_spec(checkpoint.model).factory)
