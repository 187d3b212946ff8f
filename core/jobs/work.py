"""The long work, said once: what jobs do and what the command line does in the foreground.

Every function takes plain values (a job's arguments lie in a JSON file) and a progress callable, and returns
a dictionary for people to read.
"""

from core import collection as collections
from core.captioning import write_captions
from core.checkpoints.catalogue import Checkpoint
from core.cues.cue_terms import extract_for_cues
from core.cues.track_cues import cues_of
from core.fusion import fusion_spec
from core.jobs.training_job import train_model
from core.progress import Progress, silent
from core.representation.represent import represent
from core.transcription.transcribe_collection import transcribe


def add_collection(
    source: str,
    name: str,
    text: str | None = None,
    audio: str | None = None,
    on: str | None = None,
    label: str | None = None,
    genres: str | None = None,
    main_genres: str | None = None,
    genre_map: str | None = None,
    progress: Progress = silent,
) -> dict:
    """Read a folder, a table or the demo into a collection and keep it.

    The same source under the same name keeps the joins and the label it was added with, where they are left
    out here; another source starts anew (see :func:`core.collection.add`).

    Returns
    -------
    dict
        ``collection, n_tracks, n_problems``; ``labels`` {from, n_labelled, n_labels}; ``genres`` (how many,
        and on how many tracks; None where a track has one label at most, see
        :func:`core.collection.genres.columns.choose_genres`); ``joins`` {text, audio: {from, on, matched,
        unmatched, spare}}, counting tracks with and without a row (or rows with and without a sound) and rows
        (or sounds) that fit none; ``changes`` {n_new, n_gone, new, gone} since
        the same source was read before, else None; ``taken_over``, the earlier arguments used again; ``replaced``, the source
        of the collection that had this name, None where it was the same or there was none.
    """
    given = {
        "text": text,
        "audio": audio,
        "on": on,
        "label": label,
        "genres": genres,
        "main_genres": main_genres,
        "genre_map": genre_map,
    }
    added = collections.add(source, name, **given, progress=progress)
    info, joins = added.info, {}
    if found := info.get("text_join"):
        joins["text"] = {
            "from": found["file"],
            "on": found["on"],
            "matched": found["tracks_joined"],
            "unmatched": added.n_tracks - found["tracks_joined"],
            "spare": found["rows_without_track"],
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
        "changes": info["changes"],
        "taken_over": info["taken_over"],
        "replaced": info["replaced"],
    }


def prepare(
    collection: str,
    audio: str | None = None,
    text: str | None = None,
    text_field: str | None = None,
    fusion: str | None = None,
    recompute: bool = False,
    progress: Progress = silent,
) -> dict:
    """Make the representations of a choice and the cues that its fusion looks at, so that Explore has nothing to read.

    ``recompute`` computes features anew that only an earlier version of an extractor has computed.
    """
    loaded = collections.load(collection)
    made = {}
    for modality, rep in (("audio", audio), ("text", text)):
        if rep:
            made[modality] = represent(
                loaded, rep, modality=modality, text_field=text_field, recompute=recompute, progress=progress
            )
    told = {m: {"n_present": int(r.present.sum()), "failed": r.failed} for m, r in made.items()}
    if fusion and fusion_spec(fusion).wants_cues:
        cues = cues_of(loaded, text_field=text_field, encoder=text, progress=progress)
        read = [found for found in extract_for_cues(loaded).values() if found]
        told["cues"] = {
            "n_present": int(cues.notna().any(axis=1).sum()),
            "failed": {track: reason for found in read for track, reason in found.failed.items()},
        }
    return told


def describe_checkpoint(checkpoint: Checkpoint) -> dict:
    """Return what a list of checkpoints shows of one."""
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


WORK = {
    "add": add_collection,
    "train": train_model,
    "prepare": prepare,
    "caption": write_captions,
    "transcribe": transcribe,
}
"""What a job can do, by kind (see :mod:`core.jobs.job`)."""
