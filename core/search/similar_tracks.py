"""Search of tracks similar to a track, in a representation or in the fused space of a choice."""

import numpy as np

from core.collection import Collection
from core.errors import ConfigError
from core.pipeline.choice import Choice
from core.pipeline.space import build_space
from core.progress import Progress
from core.search.found import Found, Match, SearchReport, rank_tracks


def search_similar(
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
        When the track has no features in the representation.
    """
    if choice is None:
        choice = choose_representation(collection, through)
    space = build_space(collection, choice, progress)
    ids = collection.tracks["track_id"].to_numpy()
    query = np.flatnonzero(ids[space.rows] == track_id)
    model = " and ".join(rep for rep in (choice.audio, choice.text) if rep)
    if not len(query):
        raise ConfigError(
            f"the track {track_id} can't be compared by {model}: it "
            f"{space.left_out.get(track_id, f'is not in {collection.name}')}"
        )
    X = space.X / np.maximum(np.linalg.norm(space.X, axis=1, keepdims=True), 1e-12)
    scores = np.full(len(ids), -np.inf)
    scores[space.rows] = X @ X[query[0]]
    scores[space.rows[query[0]]] = -np.inf
    report = SearchReport(
        "similar", model, (choice.modality,), fusion=choice.fusion if choice.modality == "fused" else ""
    )
    matches = [Match("similar", choice.modality)] * len(ids)
    return rank_tracks(collection, scores, matches, report, model, limit=limit)


def choose_representation(collection: Collection, rep: str | None) -> Choice:
    """Return the choice of one representation of either modality; by default one without training."""
    from core.representation.resolve import resolve_parts

    if rep is None:
        has_audio = any(collection.audio_paths())
        rep = "musicnn" if has_audio else "table" if collection.table is not None else "sentence"
    try:
        resolve_parts(collection, rep, "audio")
    except ConfigError:
        return Choice(audio=None, text=rep)
    return Choice(audio=rep)
