"""The most recently used model of a checkpoint, kept in memory."""

import functools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.checkpoints.catalogue import Checkpoint

_lock = threading.Lock()


@contextmanager
def loaded_model(checkpoint: Checkpoint) -> Iterator[tuple]:
    """Yield a checkpoint's model in evaluation mode and its device; one caller at a time.

    Raises
    ------
    CheckpointError
        When the file is missing, damaged or doesn't match its model.
    """
    from core.training.encode import inference_mode

    content = checkpoint.content
    with _lock:
        model = _load(checkpoint.path, content)
        with inference_mode(model) as device:
            yield model, device


@functools.lru_cache(maxsize=1)  # a large model takes half a gigabyte
def _load(path: Path, content: str):
    """Load a model, once per content of its file."""
    from core.checkpoints.checkpoint import load_checkpoint

    return load_checkpoint(path, content=content)[0]
