"""The computation between features and one vector per track, and the hash of its code."""

import numpy as np

from core.checkpoints.catalogue import Checkpoint
from core.features import Features
from core.features.extractor import ExtractorConfig
from core.inputs.input_arrays import input_of
from core.models import model_spec
from core.progress import Progress, silent
from core.store.source import source_hash


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
    return encode_present(model, input_of(extractor, features), features.present, modality, progress)


def encode_present(
    model, X: np.ndarray, present: np.ndarray, modality: str, progress: Progress = silent
) -> np.ndarray:
    """Return the latent means of the present tracks, zeros for the others."""
    from core.training.encode import encode

    z_present = encode(model, X[present], modality=modality, progress=progress)
    z = np.zeros((len(present), z_present.shape[1]), np.float32)
    z[present] = z_present
    return z


def encode_joint(
    model, arrays: dict[str, np.ndarray], present: dict[str, np.ndarray], progress: Progress = silent
) -> tuple[np.ndarray, np.ndarray]:
    """Return the joint latents of all tracks, and each track's share of text."""
    from core.training.joint_latents import encode_jointly

    return encode_jointly(
        model, arrays["audio"], arrays["text"], present["audio"], present["text"], progress=progress
    )


def code_of_vectors(extractor: ExtractorConfig, checkpoint: Checkpoint | None) -> str:
    """Return the hash of the code between features and vectors."""
    if checkpoint is None:
        return source_hash(type(extractor), summarise_features)
    return source_hash(type(extractor), encode_present, input_of, model_spec(checkpoint.model).factory)
