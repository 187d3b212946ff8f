"""The model of a checkpoint, kept in memory between two looks at it."""

import functools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.checkpoints.catalogue import Checkpoint

_turn = threading.Lock()


@contextmanager
def loaded(checkpoint: Checkpoint) -> Iterator[tuple]:
    """Give a checkpoint's model, ready to draw, and the device it lies on; one caller at a time.

    Raises
    ------
    CheckpointError
        When the file is gone, damaged or doesn't fit.
    """
    from core.training.encode import inference_mode

    content = checkpoint.content
    with _turn:
        model = _load(checkpoint.path, content)
        with inference_mode(model) as device:
            yield model, device


@functools.lru_cache(maxsize=1)  # a large one takes half a gigabyte
def _load(path: Path, content: str):
    """Load a model once for each content of its file."""
    from core.checkpoints.checkpoint import load_checkpoint

    return load_checkpoint(path, content=content)[0]
