"""Search of tracks similar to a track, in a representation or in the fused space of a choice."""

import numpy as np

from core.collection import Collection
from core.errors import ConfigError
from core.pipeline.choice import Choice
from core.pipeline.space import build_space
from core.progress import Progress
from core.search import Found, found


def search_alike(
    collection: Collection,
    track_id: str,
    *,
    through: str | None,
    choice: Choice | None,
    limit: int,
    progress: Progress,
) -> Found:
    """Return the nearest tracks by cosine similarity of standardised vectors.

    Raises
    ------
    ConfigError
        When the track has nothing that the representation reads.
    """
    if choice is None:
        choice = choice_of(collection, through)
    space = build_space(collection, choice, progress)
    ids = collection.tracks["track_id"].to_numpy()
    here = np.flatnonzero(ids[space.rows] == track_id)
    told = " and ".join(rep for rep in (choice.audio, choice.text) if rep)
    if not len(here):
        raise ConfigError(
            f"the track {track_id} can't be compared by {told}: it "
            f"{space.left_out.get(track_id, f'is not in {collection.name}')}"
        )
    X = space.X / np.maximum(np.linalg.norm(space.X, axis=1, keepdims=True), 1e-12)
    scores = np.full(len(ids), -np.inf)
    scores[space.rows] = X @ X[here[0]]
    scores[space.rows[here[0]]] = -np.inf
    kind = {"audio": "sound", "text": "words", "fused": "sound and words together"}[choice.modality]
    sentence = f"Nearest in {kind}, by {told}" + (
        f" (fusion: {choice.fusion})." if choice.modality == "fused" else "."
    )
    return found(collection, scores, [f"alike in {kind}"] * len(ids), sentence, told, limit)


def choice_of(collection: Collection, rep: str | None) -> Choice:
    """Return the choice of one representation of either modality; by default one without training."""
    from core.representation.resolve import resolve

    if rep is None:
        has_sound = any(collection.audio_paths())
        rep = "musicnn" if has_sound else "table" if collection.table is not None else "sentence"
    try:
        resolve(collection, rep, "audio")
    except ConfigError:
        return Choice(audio=None, text=rep)
    return Choice(audio=rep)
