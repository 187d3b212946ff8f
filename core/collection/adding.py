"""Add a collection: from a folder of audio, a table of features, the demo or simulated data."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from core.collection.changes import changes_between
from core.collection.collection import Collection, no_problems
from core.collection.datasets import PLAIN, check_layout, read_dataset, recognise
from core.collection.genres.columns import GenreChoice, choose_genres, read_track_genres
from core.collection.genres.label_choice import LabelChoice, apply_label
from core.collection.genres.label_source import FROM_TAGS, choose_labels, is_folder_label
from core.collection.genres.top_genres import top_genre_rows
from core.collection.languages import fill_languages
from core.collection.leaks import find_leaks
from core.collection.problem import Problem
from core.collection.sampling import keep_rows, sample_rows
from core.collection.saved import check_addable, load, read_info, save
from core.collection.sources.demo import read_demo
from core.collection.sources.feature_table import read_table
from core.collection.sources.folder import read_folder
from core.collection.sources.kind import place_of, sources_of
from core.collection.tables.join import join_text
from core.collection.tables.several import FILE
from core.collection.texts.written import carry_written, mark_source
from core.errors import CollectionError
from core.progress import Progress, silent
from core.simulated import make_simulated

FILES = ("text", "audio", "genre_map")
"""Arguments that are paths."""
Read = tuple[pd.DataFrame, pd.DataFrame | None, list[Problem], dict]
"""Tracks, numeric columns, problems and info of a source."""
NOT_IN_TABLE = (FROM_TAGS, "language", FILE)
"""Labels that are known only after a table was read and joined."""


def add(
    source: str | Path | Sequence[str | Path],
    name: str,
    *,
    layout: str | None = None,
    text: str | Path | None = None,
    audio: str | Path | None = None,
    on: str | None = None,
    label: str | None = None,
    genres: str | None = None,
    main_genres: str | None = None,
    genre_map: str | Path | None = None,
    top_genres: int | None = None,
    sample: int | None = None,
    relabel: dict[str, str] | None = None,
    progress: Progress = silent,
) -> Collection:
    """Read a source into a collection and save it under ``name``, replacing an earlier one.

    Adding a folder again updates the collection; unchanged files are not opened again. If the same source is
    added again under the same name, omitted arguments keep their earlier values ("taken_over" in ``info``),
    ``on`` only together with its table. Another source starts from scratch, and ``info`` names the one that
    it replaced ("replaced"). To drop a join, use another name.

    Parameters
    ----------
    source : str, Path or sequence of these
        A folder of audio, a CSV or Parquet table whose numeric columns are features or that holds texts,
        several of these tables, "demo" ("./demo" is a folder), or a name in
        :data:`core.simulated.SIMULATED`.
    layout : str, optional
        The published dataset that a folder holds, of :data:`core.collection.datasets.LAYOUTS`, or "plain" for
        none. By default none; "looks_like" in ``info`` names the one that the folder looks like.
    text : path, optional
        A CSV or Parquet table of titles, artists, lyrics, captions, languages, genres to join.
    audio : path, optional
        For a table: the folder with the audio files of its rows.
    on : str, optional
        The column of the joined table that names the track.
    label : str, optional
        "folder", "tags" or a column; see :func:`core.collection.genres.label_source.choose_labels`.
    genres, main_genres, genre_map : str, optional
        The column with several genres per track, the main genres, and a table of coarse groups; see
        :class:`core.collection.genres.columns.GenreChoice`.
    top_genres : int, optional
        Only tracks whose genres are all among the most frequent; see
        :func:`core.collection.genres.top_genres.top_genre_rows`.
    sample : int, optional
        Tracks per label; see :func:`core.collection.sampling.sample_rows`.
    relabel : dict, optional
        Labels that replace those of ``label`` after everything else, as fields of
        :class:`core.collection.genres.label_choice.LabelChoice`. Those that
        :func:`core.collection.relabelling.relabel` set before are kept, unless ``label`` is given.

    Raises
    ------
    CollectionError
        When the source can't be read, nothing in it can be used, or a join matches no track.
    """
    check_addable(name)
    kind, place = place_of(source)
    earlier = read_info(name)
    given = {
        "layout": layout,
        "text": _as_str(text),
        "audio": _as_str(audio),
        "on": on,
        "label": label,
        "genres": genres,
        "main_genres": main_genres,
        "genre_map": _as_str(genre_map),
        "top_genres": None if top_genres is None else str(top_genres),
        "sample": None if sample is None else str(sample),
    }
    earlier_arguments = earlier.get("arguments", {}) if earlier.get("source") == place else {}
    if relabel is None and label is None:
        relabel = earlier_arguments.get("relabel")
    taken_over = _taken_over(earlier_arguments, given)
    given |= taken_over
    tracks, table, problems, info = _read_and_label(kind, place, given, progress)
    info |= {
        "kind": kind,
        "source": place,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "arguments": {
            key: str(Path(os.path.expanduser(value)).resolve()) if key in FILES else value
            for key, value in given.items()
            if value is not None
        }
        | ({"relabel": relabel} if relabel else {}),
        "taken_over": taken_over,
        "replaced": earlier["source"] if earlier.get("source") not in (None, place) else None,
    }
    if relabel:
        tracks, info = apply_label(tracks, table, info, LabelChoice(**relabel))
    tracks = mark_source(tracks)
    before = _saved_tracks(name) if earlier.get("source") == place else None
    if before is not None:
        tracks = carry_written(tracks, before)
    info["changes"] = None if before is None else changes_between(before, tracks)
    if earlier.get("source") == place and earlier.get("former_names"):
        info["former_names"] = earlier["former_names"]
    listed = pd.DataFrame([vars(problem) for problem in problems]) if problems else no_problems()
    info["leaks"] = find_leaks(Collection(name, tracks, table))
    save(Collection(name, tracks, table, listed, info))
    return load(name)


def _saved_tracks(name: str) -> pd.DataFrame | None:
    """Return the tracks of a saved collection before it is read again, None if it is damaged."""
    try:
        return load(name).tracks
    except CollectionError:
        return None


def _as_str(path: str | Path | None) -> str | None:
    """Return a path as text."""
    return None if path is None else os.fspath(path)


def _read_and_label(kind: str, place: str, given: dict[str, str | None], progress: Progress) -> Read:
    """Read a source, join its text, choose labels and genres, and keep the tracks that are asked for."""
    tracks, table, problems, info = _read_source(kind, place, given, progress)
    columns: dict[str, str] = info.pop("columns", {})
    if given["text"] is not None:
        joined = join_text(tracks, given["text"], given["on"])
        tracks, columns, problems = joined.tracks, columns | joined.columns, problems + joined.problems
        info |= {"text_reading": joined.counts.pop("reading"), "text_join": joined.counts}
    if kind == "table" and table is None:
        tracks, info["languages"] = fill_languages(tracks, progress)
    choice = GenreChoice(given["genres"], given["main_genres"], given["genre_map"])
    if given["top_genres"] is not None:
        rows, counts = top_genre_rows(read_track_genres(tracks, choice, columns)[1], int(given["top_genres"]))
        tracks, table, info = keep_rows(tracks, table, info | {"top_genres": counts}, rows)
    tracks, info = _label(tracks, info, given["label"], choice, columns)
    if given["sample"] is not None:
        n_before, rows = len(tracks), sample_rows(tracks, int(given["sample"]))
        tracks, table, info = keep_rows(tracks, table, info, rows)
        info["sample"] = {"per_label": int(given["sample"]), "n_tracks": len(tracks), "n_before": n_before}
    return tracks, table, problems, info


def _read_source(kind: str, place: str, given: dict[str, str | None], progress: Progress) -> Read:
    """Read a source of a kind into tracks, table, problems and info."""
    audio, label, layout = given["audio"], given["label"], given["layout"]
    if layout is not None:
        check_layout(layout, kind)
    if audio is not None and kind != "table":
        reason = "is audio already" if kind != "simulated" else "is simulated"
        raise CollectionError(f"--audio adds audio files to the rows of a table; this source {reason}")
    if layout not in (None, PLAIN):
        tracks, problems, info = read_dataset(layout, place, progress)
        return tracks, None, problems, info
    if kind in ("demo", "folder"):
        tracks, problems, info = read_demo(progress) if kind == "demo" else read_folder(place, progress)
        looks_like = recognise(place) if kind == "folder" and layout is None else None
        return tracks, None, problems, info | ({"looks_like": looks_like} if looks_like else {})
    if kind == "simulated":
        return make_simulated(place)
    return read_table(
        sources_of(place),
        audio=audio,
        on=given["on"],
        label=None if label in NOT_IN_TABLE or is_folder_label(label) else label,
        joins_text=given["text"] is not None,
        progress=progress,
    )


def _label(
    tracks: pd.DataFrame, info: dict, label: str | None, choice: GenreChoice, columns: dict[str, str]
) -> tuple[pd.DataFrame, dict]:
    """Choose labels, unless the source has them as asked, and genres; return the tracks and the info."""
    labels = info.get("labels", {"asked": None, "n_labelled": 0})
    if label != labels["asked"] or not labels["n_labelled"]:
        tracks["label"], info["labels"] = choose_labels(tracks, label, columns)
    tracks, info["labels"], info["genres"] = choose_genres(tracks, choice, columns, info["labels"])
    if label is not None and not info["labels"]["n_labelled"]:
        raise CollectionError(
            f"no track has a label from {label!r}; leave --label out, or name another column"
        )
    return tracks, info


def _taken_over(earlier: dict[str, str], given: dict[str, str | None]) -> dict[str, str]:
    """Return the earlier arguments that are not given now; ``on`` belongs to its table and folder."""
    joins_another = any(
        (value := given[key]) is not None
        and str(Path(os.path.expanduser(value)).resolve()) != earlier.get(key)
        for key in ("text", "audio")
    )
    return {
        key: value
        for key, value in earlier.items()
        if key in given and given[key] is None and not (key == "on" and joins_another)
    }
