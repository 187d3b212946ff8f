"""Search of tracks by a phrase or by similarity to a track, with a reason for each result.

A phrase is compared with the audio if two towers with a shared space are available: contrastive ones trained
on this collection, or CLAP. Otherwise it is compared with the texts of the tracks by sentence embedding
(:mod:`core.search.text_search`). ``through`` overrides this: "contrastive", "clap" or "clap:NAME_OR_FOLDER",
"words" (texts), or a checkpoint with two towers.
"""

import numpy as np

from core.collection import Collection
from core.errors import CollectionError, ConfigError
from core.pipeline.choice import Choice
from core.progress import Progress, silent
from core.search.found import Found, Match, SearchReport, rank_tracks

TEXT = "words"
"""Value of ``through`` that selects a search of texts."""


def search(
    collection: Collection,
    query: str | None = None,
    track_id: str | None = None,
    *,
    through: str | None = None,
    choice: Choice | None = None,
    limit: int = 20,
    thorough: bool | None = None,
    names_first: bool | None = None,
    progress: Progress = silent,
) -> Found:
    """Find the tracks that a phrase describes, or those similar to a track.

    Parameters
    ----------
    query : str, optional
        A phrase in any language, or a title or artist.
    track_id : str, optional
        Instead of a phrase: the track to find similar ones of.
    through : str, optional
        For a phrase see the module; by default the best that is available. For a track, the representation to
        compare.
    choice : core.pipeline.choice.Choice, optional
        For a track: the choice whose space is compared.
    limit : int
        Maximum number of tracks.
    thorough : bool, optional
        For a search of texts: whether to compute missing embeddings and tags however long that takes. By
        default only where ``through`` selects texts.
    names_first : bool, optional
        For a search of audio: whether tracks whose title or artist matches come first. By default unless
        ``through`` is given.

    Raises
    ------
    ConfigError
        When not exactly one of phrase and track is given, or nothing can be searched.
    CheckpointError
        When ``through`` is no available two-tower model.
    """
    if (query is None) == (track_id is None):
        raise ConfigError("give either a phrase to search for or a track to find similar ones")
    if limit < 1:
        raise ConfigError(f"limit={limit} must be 1 or more")
    check_text("the phrase to search for", query or "")
    if query is None:
        from core.search.similar_tracks import search_similar

        assert track_id is not None  # exactly one of the two is given
        return search_similar(
            collection, track_id, through=through, choice=choice, limit=limit, progress=progress
        )
    if not query.strip():
        raise ConfigError("the phrase to search for is empty")
    query = " ".join(query.split())
    if through is not None and through.split(":")[0] == TEXT:
        from core.search.text_search import search_texts

        return search_texts(
            collection,
            query,
            encoder=through.partition(":")[2],
            limit=limit,
            thorough=thorough is not False,
            progress=progress,
        )
    return _search_audio(
        collection,
        query,
        through=through,
        limit=limit,
        thorough=bool(thorough),
        names_first=through is None if names_first is None else names_first,
        progress=progress,
    )


def _search_audio(
    collection: Collection,
    query: str,
    *,
    through: str | None,
    limit: int,
    thorough: bool,
    names_first: bool,
    progress: Progress,
) -> Found:
    """Search audio by two towers; texts if there are none, or by default none that support the script."""
    from core.search.cross_modal import find_towers
    from core.search.text_search import match_names, search_texts, supports_script

    towers = find_towers(collection, through, progress)
    is_supported = towers is not None and supports_script(query, towers.encoder)
    if towers is None or (through is None and not is_supported):
        return search_texts(collection, query, limit=limit, thorough=thorough, progress=progress)
    scores = towers.compare(query)
    names = match_names(collection, query) if names_first else {}
    match = Match(towers.kind, towers.source)
    rank = np.array([1 + names[row].is_exact if row in names else 0 for row in range(len(scores))])
    report = SearchReport(
        towers.kind,
        towers.model,
        (towers.source,),
        is_script_supported=is_supported,
        has_name_matches=bool(names),
    )
    return rank_tracks(
        collection,
        np.where(rank > 0, 1.0, scores),
        [names.get(row, match) for row in range(collection.n_tracks)],
        report,
        towers.rep,
        limit=limit,
        tie_scores=rank,
        name_rows=names,
    )


def check_text(what: str, text: str) -> None:
    """Refuse text that is not valid Unicode: an argument in another encoding has lone surrogates.

    Raises
    ------
    ConfigError
        Names ``what`` the text was given as.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ConfigError(f"{what} is not valid Unicode: {text[:200]!r}") from None


def find_track(collection: Collection, wanted: str) -> str:
    """Return the id of the track with the given id, prefix of an id, or title.

    Raises
    ------
    CollectionError
        When no track matches, or several do; lists some of them.
    """
    from core.text.words import split_words

    check_text("the track to find similar ones of", wanted)
    ids, titles = collection.tracks["track_id"], collection.tracks["title"]
    if (ids == wanted).any():
        return wanted
    wanted_title = " ".join(split_words(wanted))
    normalized = [" ".join(split_words(title)) for title in titles]
    exact = [i for i, title in enumerate(normalized) if wanted_title and title == wanted_title]
    matches = exact or [i for i, title in enumerate(normalized) if wanted_title and wanted_title in title]
    if not matches and len(wanted) >= 6:
        matches = list(np.flatnonzero(ids.str.startswith(wanted)))
    if len(matches) == 1:
        return ids.iloc[matches[0]]
    if not matches:
        raise CollectionError(f"no track of {collection.name} has the id or the title {wanted!r}")
    some = "; ".join(
        " – ".join(filter(None, (titles.iloc[i], collection.tracks["artist"].iloc[i])))
        + f" ({ids.iloc[i][:8]})"
        for i in matches[:5]
    )
    raise CollectionError(
        f"{len(matches)} tracks of {collection.name} match {wanted!r}: {some}{' …' * (len(matches) > 5)}; "
        "give the id, or its first characters"
    )
