"""The long work, said once: what jobs do and what the command line does in the foreground.

Every function takes plain values (a job's arguments lie in a JSON file) and a progress callable, and returns
a dictionary for people to read.
"""

from pathlib import Path

from core import collection as collections
from core import store
from core.checkpoints import Checkpoint
from core.errors import ConfigError
from core.features import extract_features, get_extractor
from core.progress import Progress, silent
from core.representation import represent


def add_collection(
    source: str, name: str, text: str | None = None, audio: str | None = None, on: str | None = None,
    label: str | None = None, progress: Progress = silent,
) -> dict:  # fmt: skip
    """Read a folder, a table or the demo into a collection and keep it."""
    added = collections.add(source, name, text=text, audio=audio, on=on, label=label, progress=progress)
    return {"collection": name, "n_tracks": added.n_tracks, "n_problems": len(added.problems)}


def prepare(
    collection: str, audio: str | None = None, text: str | None = None, text_field: str | None = None,
    progress: Progress = silent,
) -> dict:  # fmt: skip
    """Make the representations of a choice, so that Explore has nothing to wait for."""
    loaded = collections.load(collection)
    made = {}
    for modality, rep in (("audio", audio), ("text", text)):
        if rep:
            made[modality] = represent(loaded, rep, modality=modality, text_field=text_field, progress=progress)
    return {m: {"n_present": int(r.present.sum()), "failed": r.failed} for m, r in made.items()}


def train_model(
    collection: str, model: str, settings: dict[str, str] | None = None, out: str | None = None,
    text_field: str | None = None, progress: Progress = silent,
) -> dict:  # fmt: skip
    """Train a model (``name`` or ``name:input``) on a collection and keep the checkpoint.

    A run that was killed goes on from its last finished epoch when the same is asked again.
    """
    from core.models import get_model
    from core.training import fit_model
    from core.training.checkpoint import save_checkpoint

    loaded = collections.load(collection)
    name, _, wanted = model.partition(":")
    kind = get_model(name)
    if wanted and wanted not in kind.inputs:
        raise ConfigError(f"{name} can't read {wanted!r}; it reads {', '.join(kind.inputs)}")
    extractor = get_extractor(wanted or _default_input(loaded, kind))
    features = extract_features(loaded, extractor, text_field=text_field, progress=progress)
    tracks = loaded.tracks[features.present]
    key = store.key_of(features.key, model, settings or {}, list(tracks["label"]), store.source_hash("core.models", "core.training"))
    with store.lock(f"training-{key}"):
        state = store.folder("training", key)
        fitted, meta = fit_model(
            name,
            features.X[features.present],
            extractor=extractor,
            labels=list(tracks["label"]),
            settings=settings or {},
            collection={"name": loaded.name, "n_tracks": int(len(tracks))},
            state_folder=state,
            progress=progress,
        )
        path = Path(out) if out else _free_name(f"{loaded.name}-{name}-{extractor.name}")
        save_checkpoint(path, fitted, meta)
        _drop(state)
    return {"checkpoint": path.stem, "path": str(path), "epochs": meta.get("epochs"), "losses": meta.get("losses", {})}


def _default_input(collection, kind) -> str:
    """Return the first input of a model that this collection has: numbers of its own where it came as a table."""
    if collection.table is not None and "table" in kind.inputs and not any(collection.audio_paths()):
        return "table"
    return kind.inputs[0]


def _free_name(stem: str) -> Path:
    """Return a path for a new checkpoint, numbered so that nothing is overwritten."""
    folder = store.folder("checkpoints")
    number = 1
    while (folder / f"{stem}-{number}.safetensors").exists():
        number += 1
    return folder / f"{stem}-{number}.safetensors"


def _drop(folder: Path) -> None:
    """Delete the state kept for resuming, now that the checkpoint stands."""
    import shutil

    shutil.rmtree(folder, ignore_errors=True)


def describe_checkpoint(checkpoint: Checkpoint) -> dict:
    """Return what a list of checkpoints shows of one."""
    meta = checkpoint.meta
    return {
        "name": checkpoint.name,
        "model": checkpoint.model,
        "input": checkpoint.input,
        "modality": checkpoint.modality,
        "collection": meta.get("collection", {}).get("name", ""),
        "n_tracks": meta.get("collection", {}).get("n_tracks"),
        "epochs": meta.get("epochs"),
        "created": meta.get("created", ""),
        "size_bytes": checkpoint.path.stat().st_size,
        "shipped": checkpoint.is_shipped,
    }


WORK = {"add": add_collection, "prepare": prepare, "train": train_model}
"""What a job can do, by kind (see :mod:`core.jobs`)."""

