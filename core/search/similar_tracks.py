"""Search of tracks similar to a track, in a representation or in the fused space of a choice."""

import numpy as np

from core import store
from core.collection import Collection
from core.errors import ConfigError
from core.neighbours import EXACT_UP_TO
from core.neighbours.stored_index import stored_index
from core.pipeline.choice import Choice
from core.pipeline.space import Space, build_space
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
    is_query = (collection.tracks["track_id"] == track_id).to_numpy(bool)
    query = np.flatnonzero(is_query[space.rows])
    model = " and ".join(rep for rep in (choice.audio, choice.text) if rep)
    if not len(query):
        raise ConfigError(
            f"the track {track_id} can't be compared by {model}: it "
            f"{space.left_out.get(track_id, f'is not in {collection.name}')}"
        )
    scores = np.full(collection.n_tracks, -np.inf)
    rows, cosines, recall = _nearest(space, query[0], limit)
    scores[space.rows[rows]] = cosines
    scores[space.rows[query[0]]] = -np.inf
    report = SearchReport(
        "similar",
        model,
        (choice.modality,),
        fusion=choice.fusion if choice.modality == "fused" else "",
        recall=recall,
    )
    matches = [Match("similar", choice.modality)] * collection.n_tracks
    return rank_tracks(collection, scores, matches, report, model, limit=limit)


def _nearest(space: Space, query: int, limit: int) -> tuple[np.ndarray, np.ndarray, float]:
    """Return rows near to a row and their cosines, and the share of the nearest that are among them.

    All rows up to :data:`core.neighbours.EXACT_UP_TO`; above it the nearest by an index of the store.
    """

    def unit_rows() -> np.ndarray:
        return space.X / np.maximum(np.linalg.norm(space.X, axis=1, keepdims=True), 1e-12)

    if len(space.X) <= EXACT_UP_TO:
        X = unit_rows()
        return np.arange(len(X)), X @ X[query], 1.0
    found = stored_index(store.key_of("cosine", space.key), unit_rows)
    row = space.X[query] / max(float(np.linalg.norm(space.X[query])), 1e-12)
    rows, squares = found.nearest(row, limit + 1)
    return rows, 1 - squares / 2, found.recall


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
