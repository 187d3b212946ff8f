"""The checkpoint that another model's training starts from."""

from pathlib import Path

from torch import nn

from core.errors import CheckpointError


def load_donor(start: str, kind: str) -> tuple[nn.Module, dict, str]:
    """Return a trained model, what its checkpoint says, and the checkpoint's name.

    Parameters
    ----------
    start : str
        A checkpoint by name or file.
    kind : str
        The model it should hold, for the sentence that says which there are.

    Raises
    ------
    CheckpointError
        When there is no such checkpoint, or it can't be loaded.
    """
    from core.checkpoints import list_checkpoints
    from core.training.checkpoint import load_checkpoint

    known = {checkpoint.name: checkpoint for checkpoint in reversed(list_checkpoints())}
    path = known[start].path if start in known else Path(start).expanduser()
    if not path.is_file():
        fitting = ", ".join(name for name, checkpoint in known.items() if checkpoint.model == kind) or f"none yet; train {kind} first"
        raise CheckpointError(f"start={start!r} is no checkpoint and no file; there are: {fitting}")
    model, meta = load_checkpoint(path)
    return model, meta, path.stem
