"""The result type of every fusion."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd


@dataclass(frozen=True, eq=False)
class Fused:
    """One representation of two modalities, with what explains it.

    Attributes
    ----------
    X : ndarray, shape=(n_tracks, d), float32
    text_weights : ndarray or None, shape=(n_tracks,)
        Weight of text per track, 0 to 1, for fusions that weight tracks individually; see
        :func:`core.fusion.standardise.weight_rows` for the share of energy that follows from it.
    terms : DataFrame or None
        What each track's weight was computed from: a row per track, a column per term.
    details : dict
        JSON values that describe the fit; see :mod:`core.messages.fusion_messages` for sentences.
    """

    X: np.ndarray
    text_weights: np.ndarray | None = None
    terms: pd.DataFrame | None = None
    details: dict = field(default_factory=dict)
