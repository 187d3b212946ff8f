"""Fixtures for reconstruction and inpainting."""

import numpy as np
import pytest

from core.checkpoints.catalogue import Checkpoint
from core.collection import Collection
from core.features.spectral.mel import Mel
from tests.reconstruction.small import FRONT, add_tones, keep_model


@pytest.fixture
def tones(tmp_path) -> Collection:
    """Two tones in a folder."""
    return add_tones(tmp_path)


@pytest.fixture
def still(tones) -> Checkpoint:
    """PCA of the four crops of both tracks with three components, which is lossless."""
    X = np.concatenate([Mel(**FRONT).extract(path) for path in tones.audio_paths()])
    return keep_model("pca", {"n_components": 3}, "mel", X.shape[1:], front=FRONT, X=X)
