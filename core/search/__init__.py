"""Search of tracks by a phrase or by similarity to a track, with a reason for each result.

A phrase is compared with the audio if two towers with a shared space are available: contrastive ones trained
on this collection, or CLAP. Otherwise it is compared with the texts of the tracks by sentence embedding
(:mod:`core.search.text_search`). ``through`` overrides this: "contrastive", "clap" or "clap:NAME_OR_FOLDER",
"words" (texts), or a checkpoint with two towers.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.collection import Collection
from core.errors import CollectionError, ConfigError
from core.progress import Progress, silent

WORDS = "words"


@dataclass(frozen=True, eq=False)
class Found:
    """Result of a search.

    Attributes
    ----------
    table : DataFrame
        ``track_id, title, artist, score, why``, best first. ``score`` is a cosine, 1 for a matching name.
    through : str
        One sentence: what was searched, and by which model.
    rep : str
        The model, as in ``through`` and ``--audio``.
    """

    table: pd.DataFrame
    through: str
    rep: str


def search(
    collection: Collection,
    query: str | None = None,
    track_id: str | None = None,
    *,
    through: str | None = None,
    choice=None,
    limit: int = 20,
    thorough: bool | None = None,
    names_first: bool | None = None,
    progress: Progress = silent,
) -> Found:
    """Find the tracks that a phrase describes, or those similar to a track.

    Parameters
    ----------
    query : str, optional
        A phrase in any language, or a name.
    track_id : str, optional
        Instead of a phrase: the track that the others are to be like.
    through : str, optional
        For a phrase see above; left out, the best at hand. For a track, the representation that says what is
        alike.
    choice : core.pipeline.choice.Choice, optional
        For a track: the fused space in which the others are near.
    limit : int
        Tracks to return at most.
    thorough : bool, optional
        For a phrase over words: whether to read first what is not read yet, however long that takes. Left
        out: where ``through`` asks for words.
    names_first : bool, optional
        For a phrase over sound: whether tracks of this name come before those that sound like it. Left out:
        unless ``through`` asks for towers.

    Raises
    ------
    ConfigError
        When there is neither a phrase nor a track or both, or nothing that can be searched.
    CheckpointError
        When ``through`` names no towers that are there.
    """
    if (query is None) == (track_id is None):
        raise ConfigError(
            "give a phrase to search for, or a track that others are to be like (one of the two)"
        )
    if limit < 1:
        raise ConfigError(f"limit={limit} must be 1 or more")
    check_text("the phrase to search for", query or "")
    if track_id is not None:
        from core.search.similar_tracks import search_alike

        return search_alike(
            collection, track_id, through=through, choice=choice, limit=limit, progress=progress
        )
    if not query.strip():
        raise ConfigError("the phrase to search for is empty")
    from core.search.cross_modal import find_towers
    from core.search.text_search import can_read, names_that_match, search_words

    query = " ".join(query.split())
    if through is not None and through.split(":")[0] == WORDS:
        return search_words(
            collection,
            query,
            encoder=through.partition(":")[2],
            limit=limit,
            thorough=thorough is not False,
            progress=progress,
        )
    towers = find_towers(collection, through, progress)
    reads = towers is not None and can_read(query, towers.encoder)
    if towers is None or (through is None and not reads):
        return search_words(collection, query, limit=limit, thorough=bool(thorough), progress=progress)
    scores = towers.compare(query)
    names = (
        names_that_match(collection, query)
        if names_first or (names_first is None and through is None)
        else {}
    )
    why = [names.get(row, towers.why) for row in range(collection.n_tracks)]
    rank = np.array([1 + names[row].endswith("exactly") if row in names else 0 for row in range(len(scores))])
    scores = np.where(rank > 0, 1.0, scores)
    told = f"Searched {towers.told}" + ("; tracks with this name come first" if names else "")
    told += (
        "." if reads else "; what reads the phrase was not trained on its script, so this order means little."
    )
    return found(collection, scores, why, told, towers.rep, limit, ties=rank, named=names)


def check_text(what: str, text: str) -> None:
    """Refuse text that is no valid Unicode: an argument in another encoding has lone surrogates.

    Raises
    ------
    ConfigError
        Says what it was to be.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ConfigError(f"{what} is not valid Unicode: {text[:200]!r}") from None


def found(
    collection: Collection,
    scores: np.ndarray,
    why: list[str],
    told: str,
    rep: str,
    limit: int,
    ties: np.ndarray | None = None,
    named: Iterable[int] = (),
) -> Found:
    """Order tracks by score, shape=(n_tracks,), -inf where one can't be found; among equals by ``ties``.

    Where all scores that are shown are equal the sentence says so, unless one is shown for its name
    (``named``, by place).
    """
    order = np.lexsort((np.zeros(len(scores)) if ties is None else -ties, -scores))
    order = [i for i in order if np.isfinite(scores[i])][:limit]
    shown = scores[order].astype(float).round(4)
    if len(shown) > 1 and np.ptp(shown) == 0 and not set(order) & set(named):
        told += " All of these have the same score: nothing tells them apart."
    table = collection.tracks.iloc[order][["track_id", "title", "artist"]].reset_index(drop=True)
    return Found(table.assign(score=shown, why=[why[i] for i in order]), told, rep)


def find_track(collection: Collection, wanted: str) -> str:
    """Return the id of the track that a person means by its id, the id's beginning, or its title.

    Raises
    ------
    CollectionError
        When there is no such track, or several; names some.
    """
    from core.text.words import split_words

    check_text("the track that others are to be like", wanted)
    ids, titles = collection.tracks["track_id"], collection.tracks["title"]
    if (ids == wanted).any():
        return wanted
    said = " ".join(split_words(wanted))
    plain = [" ".join(split_words(title)) for title in titles]
    whole = [i for i, title in enumerate(plain) if said and title == said]
    part = whole or [i for i, title in enumerate(plain) if said and said in title]
    if not part and len(wanted) >= 6:
        part = list(np.flatnonzero(ids.str.startswith(wanted)))
    if len(part) == 1:
        return ids.iloc[part[0]]
    if not part:
        raise CollectionError(f"no track of {collection.name} has the id or the title {wanted!r}")
    some = "; ".join(
        " – ".join(filter(None, (titles.iloc[i], collection.tracks["artist"].iloc[i])))
        + f" ({ids.iloc[i][:8]})"
        for i in part[:5]
    )
    raise CollectionError(
        f"{len(part)} tracks of {collection.name} are called {wanted!r}: {some}{' …' * (len(part) > 5)}; "
        "give the id, or its beginning"
    )
