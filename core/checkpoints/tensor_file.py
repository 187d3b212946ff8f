"""Named tensors in a safetensors file: written atomically, read into their own memory."""

from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from core import store
from core.checkpoints.content import open_checkpoint_file
from core.errors import CheckpointError


def write_tensors(path: Path, tensors: dict[str, Tensor], metadata: dict[str, str]) -> Path:
    """Write tensors and metadata atomically, and return the path.

    Raises
    ------
    WriteError
        When the disk is full, or the file can't be written for another reason.
    """
    # copies, because the format has no shared weights
    plain = {
        name: tensor.detach().cpu().clone(memory_format=torch.contiguous_format)
        for name, tensor in tensors.items()
    }

    def write(temporary: Path) -> None:
        try:
            save_file(plain, temporary, metadata=metadata)
        except SafetensorError as reason:  # the library raises no OSError
            raise OSError(str(reason).removeprefix("Error while serializing: ")) from reason

    return store.publish(path, write)


def read_tensors(path: Path) -> dict[str, Tensor]:
    """Return the tensors of a file by name.

    They are copied: overwriting a memory-mapped file would change the weights of loaded models.

    Raises
    ------
    CheckpointError
        When it is no regular file, or damaged.
    """
    open_checkpoint_file(path).close()  # a FIFO would block
    try:
        return {name: tensor.clone() for name, tensor in load_file(path).items()}
    except (OSError, SafetensorError) as reason:
        raise CheckpointError(f"{path.name} is damaged: {reason}") from reason
