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
from core.representation.represent import estimate, represent
from core.representation.resolve import resolve
from core.search.text_fields import PATIENCE_S
from core.search.text_search import embed_phrase
from core.store.hashing.source import source_hash

ENGLISH = "minilm"
"""CLAP was trained on English captions, as this encoder on English."""


@dataclass(frozen=True, eq=False)
class Towers:
    """Two towers over one collection.

    Attributes
    ----------
    compare : callable
        From a phrase to a cosine per track, shape=(n_tracks,), -inf for tracks without audio.
    kind : str
        "contrastive" or "clap".
    model : str
        The name of the checkpoint or model.
    source : str
        "audio", or "table" where the audio tower encodes the table.
    rep : str
        The model, as in ``through`` and ``--audio``.
    encoder : str
        The text encoder, a key of :data:`core.features.pretrained.encoder_languages.ENCODER_LANGUAGES`.
    """

    compare: Callable[[str], np.ndarray]
    kind: str
    model: str
    source: str
    rep: str
    encoder: str


def find_towers(collection: Collection, through: str | None, progress: Progress) -> Towers | None:
    """Return the two towers named by ``through``, by default those available, None if there are none.

    Available are contrastive towers trained on this collection if their missing features can be extracted
    within :data:`PATIENCE_S`, otherwise CLAP if it has features of this collection.

    Raises
    ------
    CheckpointError
        When ``through`` is no checkpoint with two towers; MissingCheckpoint for a model that is not trained
        yet.
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
    has_features = bool(
        present_rows(get_extractor("clap", "audio")).ids() & set(collection.tracks["track_id"])
    )
    return clap_towers(collection, "clap", progress) if has_features else None


def _named(collection: Collection, through: str) -> Checkpoint:
    """Return the checkpoint named by ``through``; refuse one without two towers."""
    if through.split(":")[0] not in MODELS and get_checkpoint(through) is None:
        available = ", ".join(c.name for c in list_checkpoints() if has_towers(c))
        raise CheckpointError(
            f"through={through!r} is not supported; choose contrastive, clap, "
            "clap:NAME_OR_FOLDER, words, or the name or file of "
            f"a checkpoint with two towers ({available or 'none yet'})"
        )
    checkpoint = find_checkpoint(through, collection, "audio")
    if not has_towers(checkpoint):
        raise CheckpointError(
            f"{checkpoint.name} has no two towers with a shared space ({checkpoint.model} over "
            f"{checkpoint.input}), so it can't compare a phrase "
            "with audio; choose contrastive, clap, clap:NAME_OR_FOLDER or words"
        )
    return checkpoint


def has_towers(checkpoint: Checkpoint) -> bool:
    """Return whether a checkpoint's model compares text with audio in a shared space."""
    return checkpoint.model in MODELS and MODELS[checkpoint.model].compares_text_with_audio


def clap_towers(collection: Collection, rep: str, progress: Progress) -> Towers:
    """Return CLAP's towers, after extracting missing audio features."""
    from core.features.pretrained.clap import ClapText, load_clap

    extractor = get_extractor(rep, "text")
    assert isinstance(extractor, ClapText)
    load_clap(extractor.model)  # an unavailable model is reported before any audio is read
    audio = represent(collection, rep, modality="audio", progress=progress)

    def compare(phrase: str) -> np.ndarray:
        return cosines(audio.X, audio.present, embed_phrase(extractor, phrase))

    return Towers(compare, "clap", extractor.model, "audio", rep, ENGLISH)


def trained_towers(collection: Collection, checkpoint: Checkpoint, progress: Progress) -> Towers:
    """Return trained towers, which compare in the shared space of their contrastive loss.

    A track is projected to it by ``project_audio_latents`` of its latents, a phrase by ``project_text`` of
    its features.
    """
    from core.training.encode import encode

    rep = _name_of(checkpoint, collection)
    text_extractor, _ = resolve(collection, rep, "text")
    if text_extractor.reads != "text":
        raise ConfigError(
            f"the text input of {checkpoint.name} is {text_extractor.name}, which needs all texts at once, "
            "so it can't encode a single phrase"
        )
    content = checkpoint.content
    model = functools.partial(_model, checkpoint.path, content)
    audio_extractor, _ = resolve(collection, rep, "audio")
    audio = represent(collection, rep, modality="audio", progress=progress)  # shared with the map
    key = store.key_of("shared", content, audio.key, source_hash(MODELS[checkpoint.model].factory, _project))
    Z = store.cached("latents", key, lambda: _project(model(), audio.X))

    def compare(phrase: str) -> np.ndarray:
        x = as_read(text_extractor, embed_phrase(text_extractor, phrase)[None])
        return cosines(Z, audio.present, encode(model(), x, modality="text", shared=True)[0])

    source = "table" if audio_extractor.reads == "table" else "audio"
    return Towers(compare, "contrastive", checkpoint.name, source, rep, text_extractor.encoder_name)


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
