"""Search of audio by a phrase, through two towers with a shared space of text and audio."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core import store
from core.checkpoints.catalogue import (
    Checkpoint,
    find_checkpoint,
    get_checkpoint,
    is_trained_on,
    list_checkpoints,
)
from core.collection import Collection
from core.errors import CheckpointError, ConfigError
from core.features import get_extractor, present_rows
from core.inputs.input_arrays import as_read
from core.models import MODELS
from core.progress import Progress
from core.representation.extraction_time import estimate
from core.representation.represent import represent
from core.representation.resolve import resolve
from core.search.text_fields import PATIENCE_S
from core.search.text_search import read_phrase
from core.store.source import source_hash

ENGLISH = "minilm"
"""CLAP was trained on English captions, as this encoder on English."""


@dataclass(frozen=True, eq=False)
class Towers:
    """Two towers over one collection.

    Attributes
    ----------
    compare : callable
        From a phrase to a cosine per track, shape=(n_tracks,), -inf where a track has no sound.
    told : str
        What is searched, in words.
    why : str
        The reason that a track found this way gets.
    rep : str
    encoder : str
        What reads the phrase, as :data:`core.features.pretrained.encoder_languages.ENCODER_LANGUAGES` names
        it.
    """

    compare: Callable[[str], np.ndarray]
    told: str
    why: str
    rep: str
    encoder: str


def find_towers(collection: Collection, through: str | None, progress: Progress) -> Towers | None:
    """Return the towers that ``through`` names, by default the available ones, None if there are none.

    At hand are contrastive towers trained on this collection, if all but little of it was heard already, or
    else CLAP where it has heard this collection.

    Raises
    ------
    CheckpointError
        When ``through`` is no checkpoint with two towers; MissingCheckpoint where it is a model not trained
        here yet.
    """
    if through is not None and through.split(":")[0] == "clap":
        return clap_towers(collection, through, progress)
    if through is not None:
        return trained_towers(collection, _named(collection, through), progress)
    trained = next(
        (
            c
            for c in list_checkpoints()
            if is_trained_on(c, collection.name, collection.info) and has_towers(c)
        ),
        None,
    )
    if (
        trained is not None
        and estimate(collection, _name_of(trained, collection), modality="audio")[1] <= PATIENCE_S
    ):
        return trained_towers(collection, trained, progress)
    has_heard = bool(present_rows(get_extractor("clap", "audio")).ids() & set(collection.tracks["track_id"]))
    return clap_towers(collection, "clap", progress) if has_heard else None


def _named(collection: Collection, through: str) -> Checkpoint:
    """Return the checkpoint that ``through`` means, refused where it has no towers that meet."""
    if through.split(":")[0] not in MODELS and get_checkpoint(through) is None:
        ready = ", ".join(c.name for c in list_checkpoints() if has_towers(c))
        raise CheckpointError(
            f"through={through!r} is nothing to search through; it takes contrastive, clap (or "
            "clap:NAME_OR_FOLDER), words, or the name or file of "
            f"a checkpoint with two towers ({ready or 'none yet'})"
        )
    checkpoint = find_checkpoint(through, collection, "audio")
    if not has_towers(checkpoint):
        raise CheckpointError(
            f"{checkpoint.name} has no two towers that meet in one space ({checkpoint.model} over "
            f"{checkpoint.input}), so no phrase can be "
            "compared with its sound; choose contrastive, clap, clap:NAME_OR_FOLDER or words"
        )
    return checkpoint


def has_towers(checkpoint: Checkpoint) -> bool:
    """Say whether a checkpoint is of a model that compares text with audio in one space."""
    return checkpoint.model in MODELS and MODELS[checkpoint.model].compares_text_with_audio


def clap_towers(collection: Collection, rep: str, progress: Progress) -> Towers:
    """Return CLAP's towers; the audio tower hears what it has not heard yet."""
    from core.features.pretrained.clap import load_clap

    reader = get_extractor(rep, "text")
    load_clap(reader.model)  # a model that can't be had is said before any track is read
    sound = represent(collection, rep, modality="audio", progress=progress)

    def compare(phrase: str) -> np.ndarray:
        return cosines(sound.X, sound.present, read_phrase(reader, phrase))

    return Towers(
        compare, f"the sound itself, through CLAP ({reader.model})", "the sound, by CLAP", rep, ENGLISH
    )


def trained_towers(collection: Collection, checkpoint: Checkpoint, progress: Progress) -> Towers:
    """Return trained towers, which compare in the space of their contrastive loss.

    A track's place there is ``project_audio_latents`` of its representation, a phrase's is ``project_text``
    of what it reads as.
    """
    from core.training.encode import encode

    rep = _name_of(checkpoint, collection)
    reader, _ = resolve(collection, rep, "text")
    if reader.reads != "text":
        raise ConfigError(
            f"{checkpoint.name} reads words as {reader.name}, which needs all texts at once, so it can't "
            "read a phrase on its own"
        )
    content = checkpoint.content
    model = functools.partial(_model, checkpoint.path, content)
    hearer, _ = resolve(collection, rep, "audio")
    sound = represent(
        collection, rep, modality="audio", progress=progress
    )  # shared with the map, and shipped with the demo
    key = store.key_of("shared", content, sound.key, source_hash(MODELS[checkpoint.model].factory, _project))
    Z = store.cached("latents", key, lambda: _project(model(), sound.X))

    def compare(phrase: str) -> np.ndarray:
        x = read_phrase(reader, phrase)[None]
        return cosines(Z, sound.present, encode(model(), as_read(reader, x), modality="text", shared=True)[0])

    what = "the table's numbers" if hearer.reads == "table" else "the sound"
    told = (
        f"{what}{' itself' if what == 'the sound' else ''}, through the contrastive towers {checkpoint.name}"
    )
    return Towers(compare, told, f"{what}, by the contrastive towers", rep, reader.encoder_name)


def _name_of(checkpoint: Checkpoint, collection: Collection) -> str:
    """Return the shortest name that resolves to this checkpoint, under which results are cached."""
    for name in (checkpoint.model, f"{checkpoint.model}:{checkpoint.input}", checkpoint.name):
        try:
            if find_checkpoint(name, collection, "audio").path == checkpoint.path:
                return name
        except CheckpointError:
            continue
    return str(checkpoint.path)


def _project(model, V: np.ndarray) -> np.ndarray:
    """Project audio latents to the space shared with text; shape=(n, d)."""
    import torch

    with torch.inference_mode():
        return model.project_audio_latents(torch.from_numpy(V.copy())).numpy()


@functools.lru_cache(maxsize=2)
def _model(path: Path, content: str):
    """Load a checkpoint's model, cached by the content of its file."""
    from core.checkpoints.checkpoint import load_checkpoint

    return load_checkpoint(path, content=content)[0]


def cosines(X: np.ndarray, present: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return the cosine of each row with ``x``, -inf for tracks without a vector."""
    lengths = np.linalg.norm(X, axis=1) * np.linalg.norm(x)
    return np.where(present & (lengths > 0), X @ x / np.maximum(lengths, 1e-12), -np.inf)
