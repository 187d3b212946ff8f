"""Two short tracks and models of them that nobody had to train."""

from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
import torch

from core import collection as collections
from core.checkpoints import Checkpoint
from core.collection import Collection
from core.features.mel import Mel
from core.models import get_model
from core.training.checkpoint import save_checkpoint

SR = 22_050
FRONT = {"n_frames": 32, "n_crops": 2, "n_mels": 32}


@pytest.fixture
def tones(tmp_path) -> Collection:
    """Two tracks in a folder each: a rising tone and a falling one, 3 s."""
    t = np.arange(3 * SR) / SR
    for label, hz in (("rise", 200 + 300 * t), ("fall", 2000 - 400 * t)):
        folder = tmp_path / "tones" / label
        folder.mkdir(parents=True)
        sf.write(folder / f"{label}.wav", 0.4 * np.sin(2 * np.pi * np.cumsum(hz) / SR), SR)
    return collections.add(tmp_path / "tones", "tones", label="folder")


@pytest.fixture
def make(tmp_path):
    """Return a function that saves a model, with weights by chance or prepared on X, as a checkpoint."""

    def build(name: str, config: dict, reads: str, shape, *, labels=(), front=None, X=None) -> Checkpoint:
        kind = get_model(name)
        torch.manual_seed(0)
        model = kind(kind.Config(**config), shape, len(labels))
        if X is not None:
            model.prepare(X)
        meta = {"input": {"name": reads, "config": front or {}}, "labels": list(labels), "collection": {"name": "tones"}}
        path = save_checkpoint(Path(tmp_path) / f"{name}-{reads.replace('+', '-')}.safetensors", model, meta)
        from core.training.header import read_meta

        return Checkpoint(path.stem, path, read_meta(path))

    return build


@pytest.fixture
def still(tones, make) -> Checkpoint:
    """PCA over the crops of both tracks: four spectrograms span three directions, so it draws them without a fault."""
    X = np.concatenate([Mel(**FRONT).extract(path) for path in tones.audio_paths()])
    return make("pca", {"n_components": 3}, "mel", X.shape[1:], front=FRONT, X=X)
