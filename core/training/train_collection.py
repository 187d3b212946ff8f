"""Training on a collection: read it, train a model on it and save the checkpoint."""

import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from core import collection as collections
from core import store
from core.access.audit import audited
from core.access.rules import record_maker
from core.checkpoints.catalogue import get_checkpoint
from core.checkpoints.checkpoint_files import free_path
from core.collection import Collection
from core.collection.pooling import pool
from core.errors import ConfigError
from core.inputs.input_arrays import Input, read_input
from core.inputs.input_names import default_input, is_joint, match_input, modalities_of
from core.models import get_model, model_spec
from core.models.model_entry import ModelSpec
from core.progress import Progress, silent
from core.store.hashing.source import source_hash
from core.training.launch import is_main_process, one_writer
from core.training.settings import parse_settings
from core.training.training_rate import record_training

NOT_IN_NAMES = str.maketrans({":": "-", "/": "-", "*": "x", "@": "-", "=": "-", ",": "-"})
"""Characters of an input that the name of a checkpoint has others for."""


def train_model(
    collection: str,
    model: str,
    settings: dict[str, str] | None = None,
    *,
    out: str | None = None,
    text_field: str | None = None,
    folds: int = 0,
    pooled: Sequence[str] = (),
    progress: Progress = silent,
) -> dict:
    """Train a model on a saved collection, pooled with others; see :func:`train_on`."""
    loaded = pool([collections.load(name) for name in (collection, *pooled)])
    return train_on(loaded, model, settings, out=out, text_field=text_field, folds=folds, progress=progress)


def train_on(
    collection: Collection,
    model: str,
    settings: dict[str, str] | None = None,
    *,
    out: str | None = None,
    text_field: str | None = None,
    folds: int = 0,
    progress: Progress = silent,
) -> dict:
    """Train a model (``name`` or ``name:input``) on a collection and save its checkpoint.

    A run that was killed resumes after its last finished epoch when it is started again with the same
    arguments. With ``folds``, a model that predicts genres is cross-validated first
    (:mod:`core.training.folds`); the checkpoint itself is trained on all tracks.

    Returns
    -------
    dict
        ``checkpoint, path, seconds, figures, config``; ``folds``, the result of the cross-validation or None;
        ``left_out``, the reason by track id for tracks that the model wasn't trained on, and their number
        ``n_left_out``.

    Raises
    ------
    ConfigError
        When ``out`` is not a new file in an existing folder, a setting is invalid, or the model can't read
        this input.
    """
    from core.checkpoints.checkpoint import save_checkpoint
    from core.training.fit import fit_model
    from core.training.folds import cross_validate

    path = _check_new_file(out) if out is not None and is_main_process() else None
    name, _, wanted = model.partition(":")
    spec = model_spec(name)
    reads = _check_request(spec, settings or {}, wanted, folds) or default_input(collection, spec.inputs)
    given = read_input(collection, reads, text_field=text_field, progress=progress)
    readable = given.rows(needs_both=spec.needs_both)
    rows, labels, truth = _read_truth(spec, collection, readable)
    code = source_hash(spec.factory, fit_model, cross_validate)
    start = _pretrained_hash(settings)
    key = store.key_of(given.key, model, settings or {}, start, labels, truth["genres"], folds, code)
    with one_writer(f"training-{key}") as is_writer:
        state = store.folder("training", key)
        data = given.take(rows)
        fitted, meta = _validate_and_fit(
            name,
            data if is_joint(reads) else data["x"],
            folds=folds,
            folder=state,
            labels=labels,
            collection={
                "name": collection.name,
                "n_tracks": len(labels),
                "source": collection.info.get("source"),
                **({"pooled": others} if (others := collection.info.get("pooled")) else {}),
            },
            progress=progress,
            shared={**truth, "input_extractor": given.details, "settings": settings},
        )
        if text_field is not None and "text" in modalities_of(reads):
            meta["text_field"] = text_field
        with one_writer("checkpoints"):  # until the file is there, nobody else takes its name
            path = path or free_path(f"{collection.name}-{name}-{reads}".translate(NOT_IN_NAMES))
            if is_writer:
                with audited("save checkpoint", path.stem, collection=collection.name):
                    if path.parent == store.path_of("checkpoints"):
                        record_maker("checkpoints", path.stem)
                    save_checkpoint(path, fitted, meta)
                shutil.rmtree(state, ignore_errors=True)
                record_training(name, reads, fitted.config.preset if spec.presets else "", meta)
    left_out = _explain_left_out(spec, collection, given, rows=rows, readable=readable)
    return {
        "checkpoint": path.stem,
        "path": str(path),
        "seconds": meta["seconds"],
        "figures": meta["figures"],
        "config": asdict(fitted.config),
        "folds": meta.get("folds"),
        "n_left_out": len(left_out),
        "left_out": left_out,
    }


def _check_request(spec: ModelSpec, settings: dict[str, str], wanted: str, folds: int) -> str:
    """Return the input; refuse invalid settings, folds and inputs before it is read, which takes long."""
    parse_settings(get_model(spec.name), settings)
    if folds and not (spec.classifies and folds >= 2):
        raise ConfigError(
            f"folds={folds} must be 2 or more"
            if spec.classifies
            else f"folds are for models that predict genres or labels of tracks, and {spec.name} doesn't"
        )
    reads = match_input(spec.inputs, wanted, spec.input_ndim) if wanted else ""
    if reads is None:
        raise ConfigError(f"{spec.name} can't read {wanted!r}; it reads {', '.join(spec.inputs)}")
    return reads


def _read_truth(
    spec: ModelSpec, collection: Collection, rows: np.ndarray
) -> tuple[np.ndarray, np.ndarray, dict]:
    """Return the rows to train on, their numbered labels, and ``label_names`` and ``genres`` for training."""
    from core.training.targets import number_labels

    genres = None
    if spec.predicts_genres:
        names, genres = collection.genre_matrix()
        rows = rows & genres.any(1)
        occurs = np.asarray(genres[rows].any(0))  # a genre of unreadable tracks alone can't be learnt
        names, genres = [name for name, found in zip(names, occurs) if found], genres[rows][:, occurs]
    elif spec.needs_labels:
        rows = rows & collection.labelled
    labels, numbered = number_labels(list(collection.tracks["label"][rows]))
    return rows, labels, {"label_names": numbered if genres is None else names, "genres": genres}


def _pretrained_hash(settings: dict[str, str] | None) -> str:
    """Return the content hash of the checkpoint that ``start`` names, "" for none."""
    start = get_checkpoint(settings["start"]) if settings and settings.get("start") else None
    return start.content if start else ""


def _validate_and_fit(
    name: str,
    data: np.ndarray | dict[str, np.ndarray],
    *,
    folds: int,
    folder: Path,
    labels: np.ndarray,
    collection: dict,
    progress: Progress,
    shared: dict,
):
    """Cross-validate where ``folds`` are asked for, then fit on all tracks; return model and metadata."""
    from core.training.fit import fit_model
    from core.training.folds import cross_validate, shifted

    validated = {}
    if folds:
        training = parse_settings(get_model(name), shared["settings"] or {})[1]
        epochs = training.epochs if training else 1
        steps = (folds + 1) * epochs
        validated["folds"] = cross_validate(
            name, data, n_folds=folds, folder=folder, progress=shifted(progress, 0, steps), **shared
        )
        progress = shifted(progress, folds * epochs, steps, "all tracks: ", with_metrics=True)
    model, meta = fit_model(
        name,
        data,
        labels=labels,
        collection=collection,
        state_path=folder / "state.safetensors",
        progress=progress,
        **shared,
    )
    return model, meta | validated


def _explain_left_out(
    spec: ModelSpec, collection: Collection, given: Input, *, rows: np.ndarray, readable: np.ndarray
) -> dict[str, str]:
    """Return the reason by track id for tracks that aren't among the ``rows`` trained on."""
    ids = collection.tracks["track_id"]
    unlabelled = "has no genre" if spec.predicts_genres else "has no label"
    return {
        ids.iloc[row]: unlabelled
        if readable[row]
        else given.failed.get(ids.iloc[row]) or given.missing_reason(int(row))
        for row in np.flatnonzero(~rows)
    }


def _check_new_file(out: str) -> Path:
    """Return the path of a new checkpoint file; problems are raised before training, not after."""
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
        path.touch(exist_ok=False)  # only the file system knows whether name and folder are writable
        path.unlink()
    except ConfigError:
        raise
    except (OSError, ValueError) as reason:  # ValueError: NUL in a name
        why = getattr(reason, "strerror", None) or reason
        raise ConfigError(f"{shown} can't be written: {why}") from reason
    return path
