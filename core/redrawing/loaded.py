"""The model of a checkpoint, kept in memory between two looks at it."""

import functools
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from core.checkpoints import Checkpoint

_turn = threading.Lock()


@contextmanager
def loaded(checkpoint: Checkpoint) -> Iterator[tuple]:
    """Give a checkpoint's model, ready to draw, and the device it lies on; one caller at a time.

    Raises
    ------
    CheckpointError
        When the file is gone, damaged or doesn't fit.
    """
    from core.training.encode import ready

    stamp = checkpoint.path.stat().st_mtime_ns if checkpoint.path.exists() else 0
    with _turn:
        model = _load(str(checkpoint.path), stamp)
        with ready(model) as device:
            yield model, device


@functools.lru_cache(maxsize=1)  # a large one takes half a gigabyte
def _load(path: str, stamp: int):
    """Load a model once."""
    from pathlib import Path

    from core.training.checkpoint import load_checkpoint

    return load_checkpoint(Path(path))[0]
