"""The vectors of one modality."""

from dataclasses import dataclass, field

import numpy as np


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
