"""Tracks whose genres are all among the most frequent ones of the collection."""

from collections.abc import Sequence

import numpy as np

from core.collection.genres.splitting import matrix_of
from core.errors import CollectionError


def top_genre_rows(genres: Sequence[Sequence[str]], n: int) -> tuple[np.ndarray, dict]:
    """Return the tracks that have genres, and none besides the ``n`` most frequent; and the counts.

    Genres are counted over all tracks, before any is left out; of equally frequent ones the first in the
    alphabet is kept. A genre may lose tracks that have a rarer one besides.

    Parameters
    ----------
    genres : sequence of sequence of str, length n_tracks
    n : int
        From 1.

    Returns
    -------
    rows : ndarray of int
        Positions, ascending.
    counts : dict
        "asked" (``n``), "n_genres" (before), "n_kept" (genres that the tracks have), "n_tracks", "n_before",
        "n_without" (tracks without a genre, left out).

    Raises
    ------
    CollectionError
        When ``n`` is below 1, no track has a genre, or none is left.

    References
    ----------
    Diploma thesis on contrastive audio–lyrics pre-training, section 5.1: of the 853 genres of Music4All the
    50 most frequent, "removed all the samples with genre labels out of this scope".
    """
    if n < 1:
        raise CollectionError(f"top_genres={n} must be 1 or more genres")
    names, has = matrix_of(genres)
    if not names:
        raise CollectionError(f"no track has a genre, so the {n} most frequent can't be selected")
    n_top, n_rare = has[:, :n].sum(axis=1), has[:, n:].sum(axis=1)
    is_kept = (n_top > 0) & (n_rare == 0)
    if not is_kept.any():
        raise CollectionError(
            f"every track has a genre besides the {n} most frequent of {len(names)}; give a larger number"
        )
    return np.flatnonzero(is_kept), {
        "asked": n,
        "n_genres": len(names),
        "n_kept": int((has[is_kept].sum(axis=0) > 0).sum()),
        "n_tracks": int(is_kept.sum()),
        "n_before": len(is_kept),
        "n_without": int((n_top + n_rare == 0).sum()),
    }
