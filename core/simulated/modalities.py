"""Simulated tracks whose audio and text mislead in turn, for evaluating fusion."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.errors import ConfigError
from core.simulated.track_names import name_tracks

CUES = ("instrumentalness", "energy", "quality")


@dataclass(frozen=True)
class Recipe:
    """Parameters of the dataset.

    8 genres of 100 tracks. Each genre g has a unit centre per modality, μ_a(g) in R^32 and μ_t(g) in R^16
    (standard normal, normalised), and a mean audio reliability r_g, evenly spaced over 0.1 … 0.9. Track i has
    ``ρ_i = clip(r_g + N(0, 0.1), 0, 1)`` and

        audio_i = s·(ρ_i·μ_a(g) + (1 − ρ_i)·μ_a(h)) + N(0, I)
        text_i  = s·((1 − ρ_i)·μ_t(g) + ρ_i·μ_t(h')) + N(0, I)

    with h and h' other genres, random per track: the unreliable modality misleads. There are three cues to
    ρ, each ``κ·ρ_i + (1 − κ)·U(0, 1)``.

    Attributes
    ----------
    cue_reliability : float in [0, 1]
        κ.
    strength : float
        s.
    """

    n_genres: int = 8
    n_per_genre: int = 100
    d_audio: int = 32
    d_text: int = 16
    strength: float = 6.0
    spread: float = 0.1
    cue_reliability: float = 0.7

    def __post_init__(self):
        if not 0 <= self.cue_reliability <= 1:
            raise ConfigError(f"cue_reliability={self.cue_reliability} must lie in [0, 1]")


@dataclass(frozen=True, eq=False)
class Simulated:
    """Audio (n, 32), text (n, 16), cues (n, 3), label (n,), and ρ as trust (n,) of each track."""

    audio: np.ndarray
    text: np.ndarray
    cues: np.ndarray
    label: np.ndarray
    trust: np.ndarray


def make_modalities(seed: int, recipe: Recipe = Recipe()) -> Simulated:
    """Sample the dataset; the same seed gives the same tracks."""
    rng = np.random.default_rng(seed)
    n_genres, n = recipe.n_genres, recipe.n_genres * recipe.n_per_genre
    centres_a, centres_t = (
        _unit(rng.standard_normal((n_genres, d))) for d in (recipe.d_audio, recipe.d_text)
    )
    label = np.repeat(np.arange(n_genres), recipe.n_per_genre)
    reliability = np.linspace(0.1, 0.9, n_genres)
    trust = np.clip(reliability[label] + recipe.spread * rng.standard_normal(n), 0, 1)
    other_a, other_t = ((label + rng.integers(1, n_genres, n)) % n_genres for _ in range(2))
    rho = trust[:, None]
    audio = recipe.strength * (rho * centres_a[label] + (1 - rho) * centres_a[other_a]) + rng.standard_normal(
        (n, recipe.d_audio)
    )
    text = recipe.strength * ((1 - rho) * centres_t[label] + rho * centres_t[other_t]) + rng.standard_normal(
        (n, recipe.d_text)
    )
    cues = recipe.cue_reliability * rho + (1 - recipe.cue_reliability) * rng.random((n, len(CUES)))
    return Simulated(audio.astype(np.float32), text.astype(np.float32), cues, label, trust)


def make_collection() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the dataset as a collection: tracks with their genre, and features and cues as a table."""
    data = make_modalities(0)
    tracks = name_tracks("simulated-modalities", len(data.label))
    columns = {
        f"{name}_{i:02}": X[:, i]
        for name, X in (("audio", data.audio), ("text", data.text))
        for i in range(X.shape[1])
    }
    columns |= {name: data.cues[:, i] for i, name in enumerate(CUES)}
    return tracks.assign(label=[f"genre {g + 1}" for g in data.label]), pd.DataFrame(columns)


def _unit(X: np.ndarray) -> np.ndarray:
    """Scale rows to unit length."""
    return X / np.linalg.norm(X, axis=1, keepdims=True)
