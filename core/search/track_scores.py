"""The score of every track in a search."""

import numpy as np

from core.collection import Collection
from core.pipeline.choice import Choice
from core.search import search


def score_tracks(
    collection: Collection,
    phrase: str = "",
    track_id: str = "",
    *,
    through: str | None = None,
    choice: Choice | None = None,
) -> np.ndarray:
    """Return the similarity of each track to a phrase, or to another track, as :func:`core.search.search`.

    Returns
    -------
    ndarray, shape=(n_tracks,)
        nan for tracks that can't be compared, and for the track itself.

    Raises
    ------
    ConfigError
        When not exactly one of phrase and track is given, or nothing can be searched.
    """
    found = search(
        collection,
        phrase or None,
        track_id or None,
        through=through,
        choice=choice,
        limit=max(1, collection.n_tracks),
        thorough=False,
        names_first=True if phrase else None,
    )
    scores = found.table.set_index("track_id")["score"]
    return scores.reindex(collection.tracks["track_id"]).to_numpy(float)
