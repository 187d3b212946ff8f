"""The texts of tracks that a phrase is compared with: metadata, lyrics, captions and tags."""

import functools
from pathlib import Path

import numpy as np
import pandas as pd

from core.collection import METADATA, Collection
from core.collection.genres.splitting import parse_genres
from core.progress import Progress
from core.representation.represent import estimate, represent
from core.search.found import Skipped

TAG_COLUMNS = (
    "label",
    "genre",
    "genres",
    "style",
    "mood",
    "tags",
    "theme",
    "instrument",
    "instruments",
    "ensemble",
    "tradition",
    "language",
)
"""Columns of short tags."""
MIN_PROBABILITY = 0.1
"""Minimum probability of a predicted tag."""
MAX_TAGS = 6
NETWORKS = {"musicnn-mtt": "mtt", "musicnn": "msd"}
"""Representations with their tagging network; the one with tags of instruments and vocals first."""
PATIENCE_S = 30.0
"""Fields whose computation would take longer are left out of a search by default."""

_WEIGHTS = Path(__file__).resolve().parents[2] / "assets" / "musicnn"


def read_fields(
    collection: Collection, thorough: bool, progress: Progress
) -> tuple[dict[str, list[str]], list[Skipped]]:
    """Return the texts of each field, "" for none, and the fields skipped because they would take long.

    Parameters
    ----------
    thorough : bool
        Whether to compute all fields, however long that takes.
    """
    fields = {name: collection.texts(name) for name in (METADATA, "lyrics", "caption")}
    fields["tags"] = _column_tags(collection.tracks)
    fields["predicted_tags"], skipped = _predicted_tags(collection, thorough, progress)
    return {name: texts for name, texts in fields.items() if any(texts)}, skipped


def _column_tags(tracks: pd.DataFrame) -> list[str]:
    """Join the distinct tags of the collection's columns per track, languages by their name."""
    rows = []
    for row in (
        tracks[[name for name in TAG_COLUMNS if name in tracks]].fillna("").astype(str).to_dict("records")
    ):
        genres = parse_genres(row.pop("genres", ""))
        values = [
            _language(value) if name == "language" else value.strip() for name, value in row.items()
        ] + list(genres)
        rows.append(", ".join(dict.fromkeys(value for value in values if value)))
    return rows


def _language(code: str) -> str:
    """Return the English name of a language code, an unknown code unchanged."""
    from core.text.language import code_of, name_of

    return name_of(code_of(code)) or code.strip()


def _predicted_tags(
    collection: Collection, thorough: bool, progress: Progress
) -> tuple[list[str], list[Skipped]]:
    """Return the tags that the MusiCNN networks predict for each track, most probable first."""
    if not any(collection.audio_paths()):
        return [], []
    rows: list[list[str]] = [[] for _ in range(collection.n_tracks)]
    skipped = []
    for rep, network in NETWORKS.items():
        missing, seconds = estimate(collection, rep, modality="audio")
        if seconds > PATIENCE_S and not thorough:
            skipped.append(Skipped("predicted_tags", rep, missing))
            continue
        features = represent(collection, rep, modality="audio", progress=progress)
        for row in np.flatnonzero(features.present):
            rows[row] += predict_tags(features.X[row], network)
    return [", ".join(dict.fromkeys(tags)) for tags in rows], [] if any(rows) else skipped


def predict_tags(x: np.ndarray, network: str) -> list[str]:
    """Predict the tags of a track from its mean embedding, most probable first.

    The network's last layer is applied to the mean, where
    :meth:`core.features.pretrained.musicnn.Musicnn.tags` averages its outputs; on the demo both agree (mean
    difference 0.002, correlation 0.999). Negated tags ("no vocals") are left out: their text embedding is
    near that of "vocals".

    Parameters
    ----------
    x : ndarray, shape=(200,)
    """
    names, (probabilities,) = tag_probabilities(x[None], network, with_negated=True)
    order = np.argsort(-probabilities, kind="stable")[:MAX_TAGS]
    found = [names[i] for i in order if probabilities[i] >= MIN_PROBABILITY]
    return [name for name in found if not name.startswith("no ")]


def tag_probabilities(
    X: np.ndarray, network: str, *, with_negated: bool = False
) -> tuple[list[str], np.ndarray]:
    """Return a network's tags, in lower case, and their probabilities for mean embeddings.

    Parameters
    ----------
    X : ndarray, shape=(n_tracks, 200)
    network : str
        "msd" or "mtt".
    with_negated : bool
        Whether tags such as "no vocals" are among them.

    Returns
    -------
    names : list of str
    probabilities : ndarray, shape=(n_tracks, len(names))
        0 to 1.
    """
    from core.features.pretrained.musicnn import TAGS

    W, b = _last_layer(network)
    probabilities = 1 / (1 + np.exp(-(X @ W.T + b)))
    names = [name.lower() for name in TAGS[network]]
    kept = [k for k, name in enumerate(names) if with_negated or not name.startswith("no ")]
    return [names[k] for k in kept], probabilities[:, kept]


@functools.cache
def _last_layer(network: str) -> tuple[np.ndarray, np.ndarray]:
    """Read the weights of the last layer, shape=(50, 200) and (50,), without importing torch."""
    from safetensors import safe_open

    with safe_open(str(_WEIGHTS / f"{network}.safetensors"), framework="numpy") as weights:
        return weights.get_tensor("output.weight"), weights.get_tensor("output.bias")
