"""Two short tracks, and checkpoints of untrained models."""

from pathlib import Path

import numpy as np
import soundfile as sf
import torch

from core import collection as collections
from core import store
from core.checkpoints.catalogue import Checkpoint
from core.checkpoints.checkpoint import save_checkpoint
from core.checkpoints.header import read_meta
from core.collection import Collection
from core.models import get_model

SR = 22_050
FRONT = {"n_frames": 32, "n_crops": 2, "n_mels": 32}
"""Of the extractor ``mel``."""


def add_tones(folder: Path) -> Collection:
    """Add "tones": a rising tone and a falling one of 3 s, labelled so."""
    t = np.arange(3 * SR) / SR
    for label, hz in (("rise", 200 + 300 * t), ("fall", 2000 - 400 * t)):
        (folder / "tones" / label).mkdir(parents=True)
        sf.write(folder / "tones" / label / f"{label}.wav", 0.4 * np.sin(2 * np.pi * np.cumsum(hz) / SR), SR)
    return collections.add(folder / "tones", "tones", label="folder")


def keep_model(
    name: str, config: dict, reads: str, shape, *, on="tones", labels=(), front=None, X=None
) -> Checkpoint:
    """Save a model, with random weights or fitted to X, as a checkpoint of a collection."""
    kind = get_model(name)
    torch.manual_seed(0)
    model = kind(kind.Config(**config), shape, len(labels))
    if X is not None:
        model.fit_statistics(X)
    meta = {
        "input": {"name": reads, "config": front or {}},
        "labels": list(labels),
        "collection": {"name": on},
    }
    path = save_checkpoint(
        store.folder("checkpoints") / f"{name}-{reads.replace('+', '-')}-{model.latent_dim}.safetensors",
        model,
        meta,
    )
    return Checkpoint(path.stem, path, read_meta(path))
