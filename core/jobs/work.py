"""The long work, said once: what jobs do and what the command line does in the foreground.

Every function takes plain values (a job's arguments lie in a JSON file) and a progress callable, and returns
a dictionary for people to read.
"""

import os
import shutil
from dataclasses import asdict
from pathlib import Path

import numpy as np

from core import collection as collections
from core import store
from core.captioning import write_captions
from core.checkpoints.catalogue import Checkpoint, checkpoint_called
from core.cues.cue_terms import extract_for_cues
from core.cues.track_cues import cues_of
from core.errors import ConfigError
from core.fusion import fusion_spec
from core.inputs.model_input import default_input, is_joint, match_input, read_input
from core.models.model_contract import ModelSpec
from core.progress import Progress, silent
from core.representation.represent import represent
from core.store.source import source_hash
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


def train_model(
    collection: str,
    model: str,
    settings: dict[str, str] | None = None,
    out: str | None = None,
    text_field: str | None = None,
    folds: int = 0,
    progress: Progress = silent,
) -> dict:
    """Train a model (``name`` or ``name:input``) on a collection and keep the checkpoint.

    A run that was killed goes on from its last finished epoch when the same is asked again. With ``folds``, a
    model that predicts genres is cross-validated first (see :mod:`core.training.folds`); what is kept has
    learnt from every track.

    Returns
    -------
    dict
        ``checkpoint, path, seconds, figures``; ``folds``, the result of the cross-validation or None;
        ``warning``, what is wrong with its latents, "" where nothing is; ``left_out``, the reason by track id
        for tracks that the model did not learn from, and their number ``n_left_out``.

    Raises
    ------
    ConfigError
        When ``out`` is no new file in a folder that is there, a setting is wrong, or the model can't read
        what is asked.
    """
    from core.checkpoints.checkpoint import save_checkpoint
    from core.models import get_model, model_spec
    from core.models.collapse import warn_of_collapse
    from core.training.fit import fit_model
    from core.training.folds import cross_validate, shifted
    from core.training.settings import parse_settings

    loaded = collections.load(collection)
    path = None if out is None else _check_new_file(out)
    name, _, wanted = model.partition(":")
    spec = model_spec(name)
    _, training = parse_settings(
        get_model(name), settings or {}
    )  # a bad value is refused before the long reading, not after
    if folds and not (spec.predicts_genres and folds >= 2):
        raise ConfigError(
            f"folds={folds} must be 2 or more"
            if spec.predicts_genres
            else f"folds are for models that predict all genres of a track, and {name} doesn't"
        )
    if wanted and not match_input(spec.inputs, wanted):
        raise ConfigError(f"{name} can't read {wanted!r}; it reads {', '.join(spec.inputs)}")
    reads = wanted or default_input(loaded, spec.inputs)
    given = read_input(loaded, reads, text_field=text_field, progress=progress)
    rows = given.rows(needs_both=spec.needs_both)
    readable = rows
    rows, labels, told = _truth_for(spec, loaded, rows)
    told |= {"input_extractor": given.told, "settings": settings}
    code = source_hash(spec.factory, fit_model, cross_validate)
    key = store.key_of(
        given.key, model, settings or {}, _start_of(settings), labels, told["genres"], folds, code
    )
    with store.lock(f"training-{key}"):
        state = store.folder("training", key)
        data = given.take(rows)
        data = data if is_joint(reads) else data["x"]
        validated = None
        if folds:
            steps = (folds + 1) * training.epochs
            validated = cross_validate(
                name, data, n_folds=folds, folder=state, progress=shifted(progress, 0, steps), **told
            )
            progress = shifted(progress, folds * training.epochs, steps, "all tracks: ", tells_epoch=True)
        fitted, meta = fit_model(
            name,
            data,
            labels=labels,
            collection={"name": loaded.name, "n_tracks": len(labels), "source": loaded.info.get("source")},
            state_path=state / "state.safetensors",
            progress=progress,
            **told,
        )
        meta |= {"folds": validated} if validated else {}
        path = path or _free_name(f"{loaded.name}-{name}-{reads}".replace(":", "-").replace("/", "-"))
        save_checkpoint(path, fitted, meta)
        shutil.rmtree(state, ignore_errors=True)
    ids = loaded.tracks["track_id"]
    lack = "has no genre" if spec.predicts_genres else "has no label"
    left_out = {
        ids.iloc[row]: lack if readable[row] else given.failed.get(ids.iloc[row]) or given.lack_of(row)
        for row in np.flatnonzero(~rows)
    }
    return {
        "checkpoint": path.stem,
        "path": str(path),
        "seconds": meta["seconds"],
        "figures": meta["figures"],
        "folds": validated,
        "warning": warn_of_collapse(meta["figures"], asdict(fitted.config)),
        "n_left_out": len(left_out),
        "left_out": left_out,
    }


def _truth_for(
    spec: ModelSpec, collection: collections.Collection, rows: np.ndarray
) -> tuple[np.ndarray, np.ndarray, dict]:
    """Return the rows that a model learns from, their numbered labels, and ``label_names`` and ``genres`` as training takes them."""
    from core.training.fit import number_labels

    genres = None
    if spec.predicts_genres:
        names, genres = collection.genre_matrix()
        rows = rows & genres.any(1)
        there = genres[rows].any(0)  # what only tracks have that can't be read is nothing to learn
        names, genres = [name for name, found in zip(names, there) if found], genres[rows][:, there]
    elif spec.needs_labels:
        rows = rows & collection.labelled
    labels, numbered = number_labels(list(collection.tracks["label"][rows]))
    return rows, labels, {"label_names": numbered if genres is None else names, "genres": genres}


def _start_of(settings: dict[str, str] | None) -> str:
    """Return the hash of the checkpoint that a training starts from, "" where it starts from none of ours."""
    start = checkpoint_called(settings["start"]) if settings and settings.get("start") else None
    return start.content if start else ""


def _check_new_file(out: str) -> Path:
    """Return where a checkpoint is to be written; what is wrong with it is said before the long work, not after."""
    shown = repr(out if len(out) <= 200 else f"{out[:200]}…")
    try:
        path = Path(os.path.expanduser(out))
        if path.suffix != ".safetensors":
            raise ConfigError(f"{shown} must end in .safetensors")
        if not path.parent.is_dir():
            raise ConfigError(f"the folder {str(path.parent)!r} doesn't exist")
        if os.path.lexists(path):
            raise ConfigError(
                f"there is a {'folder' if path.is_dir() else 'file'} {shown} already; take another name or "
                "delete it first"
            )
        path.touch(exist_ok=False)  # the one way to know that the name fits and the folder takes it
        path.unlink()
    except ConfigError:
        raise
    except OSError as reason:
        raise ConfigError(f"{shown} can't be written: {reason.strerror or reason}") from reason
    except ValueError as reason:  # NUL in a name
        raise ConfigError(f"{shown} can't be written: {reason}") from reason
    return path


def _free_name(stem: str) -> Path:
    """Return a path for a new checkpoint, numbered so that nothing is overwritten."""
    folder = store.folder("checkpoints")
    number = 1
    while (folder / f"{stem}-{number}.safetensors").exists():
        number += 1
    return folder / f"{stem}-{number}.safetensors"


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
        "hash": checkpoint.content_if_there,
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
