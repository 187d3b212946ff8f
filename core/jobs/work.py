"""The functions that jobs run in the background and the command line in the foreground.

Each takes JSON values (a job's arguments are in a JSON file) and a progress callable, and returns a
dictionary.
"""

from collections.abc import Callable
from dataclasses import asdict

from core import collection as collections
from core.captioning import write_captions
from core.checkpoints.catalogue import Checkpoint
from core.cues.cue_terms import extract_for_cues
from core.cues.track_cues import cues_of
from core.export.export_job import export_for_page
from core.features import extract_features, get_extractor
from core.features.encoders.obtained import obtain
from core.fusion import fusion_spec
from core.progress import Progress, silent
from core.representation.represent import represent
from core.training.train_collection import train_model
from core.transcription.transcribe_collection import transcribe


def add_collection(
    source: str | list[str],
    name: str,
    layout: str | None = None,
    text: str | None = None,
    audio: str | None = None,
    on: str | None = None,
    label: str | None = None,
    genres: str | None = None,
    main_genres: str | None = None,
    genre_map: str | None = None,
    top_genres: int | str | None = None,
    sample: int | str | None = None,
    relabel: dict[str, str] | None = None,
    progress: Progress = silent,
) -> dict:
    """Read a folder, a table or the demo into a collection and save it.

    Arguments left out keep the values of the previous call with the same source and name (see
    :func:`core.collection.add`).

    Returns
    -------
    dict
        ``collection, n_tracks, n_problems``; ``labels`` {from, n_labelled, n_labels}; ``genres`` (counts;
        None if no track has several genres); ``joins`` {text, audio: {from, on, matched, unmatched,
        spare}}, numbers of tracks with and without a match, and of rows or files without a track;
        ``reading``, what was guessed and left out (:data:`READING` of the collection's info);
        ``changes`` {n_new, n_gone, new, gone} since the same source was read before, or None;
        ``taken_over``, the arguments kept from before; ``replaced``, the earlier source of a collection
        with this name, or None.
    """
    added = collections.add(
        source,
        name,
        layout=layout,
        text=text,
        audio=audio,
        on=on,
        label=label,
        genres=genres,
        main_genres=main_genres,
        genre_map=genre_map,
        top_genres=None if top_genres is None else int(top_genres),
        sample=None if sample is None else int(sample),
        relabel=relabel,
        progress=progress,
    )
    info, joins = added.info, {}
    if found := info.get("text_join"):
        joins["text"] = {
            "from": found["file"],
            "on": found["on"],
            "matched": found["tracks_joined"],
            "unmatched": added.n_tracks - found["tracks_joined"],
            "spare": found["rows_without_track"],
            "examples": found.get("examples", []),
        }
    if found := info.get("audio_join"):
        joins["audio"] = {
            "from": found["folder"],
            "on": found["on"],
            "matched": found["rows_with_sound"],
            "unmatched": found["rows_without_sound"],
            "spare": found["files_without_row"],
        }
    return {
        "collection": name,
        "n_tracks": added.n_tracks,
        "n_problems": len(added.problems),
        "labels": {key: value for key, value in info["labels"].items() if key != "asked"},
        "genres": info["genres"],
        "joins": joins,
        "reading": {key: info[key] for key in READING if info.get(key)},
        "changes": info["changes"],
        "taken_over": info["taken_over"],
        "replaced": info["replaced"],
    }


def refresh_collection(name: str, progress: Progress = silent) -> dict:
    """Read a collection's source again with the same arguments; return as :func:`add_collection`."""
    info = collections.load(name).info
    return add_collection(info["source"], name, **info.get("arguments", {}), progress=progress)


def prepare(
    collection: str,
    audio: str | None = None,
    text: str | None = None,
    text_field: str | None = None,
    fusion: str | None = None,
    recompute: bool = False,
    features: str | None = None,
    progress: Progress = silent,
) -> dict:
    """Extract a choice's representations and the cues of its fusion, so that Explore finds them in the store.

    ``recompute`` recomputes features that an earlier version of an extractor computed; ``features`` names an
    audio extractor whose features are extracted whether or not vectors of it are shipped.
    """
    loaded = collections.load(collection)
    extracted = {}
    for modality, rep in (("audio", audio), ("text", text)):
        if rep:
            extracted[modality] = represent(
                loaded, rep, modality=modality, text_field=text_field, recompute=recompute, progress=progress
            )
    counts = {m: {"n_present": int(r.present.sum()), "failed": r.failed} for m, r in extracted.items()}
    if features:
        found = extract_features(loaded, get_extractor(features), progress=progress)
        counts["features"] = {"n_present": int(found.present.sum()), "failed": found.failed}
    if fusion and fusion_spec(fusion).wants_cues:
        cues = cues_of(loaded, text_field=text_field, encoder=text, progress=progress)
        for_cues = [found for found in extract_for_cues(loaded).values() if found]
        counts["cues"] = {
            "n_present": int(cues.notna().any(axis=1).sum()),
            "failed": {track: reason for found in for_cues for track, reason in found.failed.items()},
        }
    return counts


def get_encoder(name: str, progress: Progress = silent) -> dict:
    """Get a pretrained encoder by name or folder (see :func:`core.features.encoders.obtained.obtain`).

    Returns
    -------
    dict
        ``rep, title, modalities, model, size, created`` of :class:`core.features.encoders.obtained.Obtained`.
    """
    return asdict(obtain(name, progress))


def run_experiment(
    recipe: str,
    collection: str | None = None,
    settings: dict[str, str] | None = None,
    quick: bool = False,
    progress: Progress = silent,
) -> dict:
    """Run a recipe and keep the run (see :func:`core.recipes.run.run_recipe`); return its ``id``."""
    from core.recipes.run import run_recipe

    run = run_recipe(recipe, collection, settings, quick=quick, progress=progress)
    return {"id": run["id"]}  # pages read a job's result again and again, and figures are megabytes


def describe_checkpoint(checkpoint: Checkpoint) -> dict:
    """Return the fields of a checkpoint that listings show."""
    meta = checkpoint.meta
    return {
        "name": checkpoint.name,
        "model": checkpoint.model,
        "input": checkpoint.input,
        "modality": " and ".join(checkpoint.modalities),
        "collection": meta.get("collection", {}).get("name", ""),
        "n_tracks": meta.get("collection", {}).get("n_tracks"),
        "epochs": (meta.get("training") or {}).get("epochs"),
        "created": meta.get("created", ""),
        "size_bytes": checkpoint.size,
        "hash": checkpoint.content_or_empty,
        "shipped": checkpoint.is_shipped,
    }


READING = (
    "reading",
    "text_reading",
    "looks_like",
    "dataset",
    "n_left_out",
    "top_genres",
    "sample",
    "lyrics_from",
    "languages",
    "unread_columns",
    "empty_columns",
    "cells_without_number",
    "leaks",
)
"""Parts of a collection's info that ``add`` and ``list`` report."""

WORK: dict[str, Callable[..., dict]] = {
    "add": add_collection,
    "train": train_model,
    "prepare": prepare,
    "caption": write_captions,
    "transcribe": transcribe,
    "pretrained": get_encoder,
    "recipe": run_experiment,
    "export": export_for_page,
}
"""The function of each kind of job (see :mod:`core.jobs.job`)."""
