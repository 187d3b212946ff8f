"""What every fusion returns."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd


@dataclass(frozen=True, eq=False)
class Fused:
    """One representation of two modalities, and how it came about.

    Attributes
    ----------
    X : ndarray, shape=(n_tracks, d), float32
    text_weights : ndarray or None, shape=(n_tracks,)
        How far each track leans on its words, 0 to 1, where the fusion weighs tracks one by one; see
        :func:`core.fusion.standardise.weigh_rows` for the share of its energy that follows.
    terms : DataFrame or None
        What made each track's weight, a column per term, a row per track.
    told : dict
        Facts in JSON for people to read; ``words`` is a sentence.
    """

    X: np.ndarray
    text_weights: np.ndarray | None = None
    terms: pd.DataFrame | None = None
    told: dict = field(default_factory=dict)
