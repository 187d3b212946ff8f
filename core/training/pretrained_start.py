"""The checkpoint that another model's training starts from."""

from torch import nn

from core.errors import CheckpointError


def load_donor(start: str, kind: str) -> tuple[nn.Module, dict, str]:
    """Return a trained model, what its checkpoint says, and the checkpoint's name.

    Parameters
    ----------
    start : str
        A checkpoint by name, hash or file.
    kind : str
        The model it should hold, for the sentence that says which there are.

    Raises
    ------
    CheckpointError
        When there is no such checkpoint, or it can't be loaded.
    """
    from core.checkpoints.catalogue import checkpoint_called, list_checkpoints
    from core.checkpoints.checkpoint import load_checkpoint

    found = checkpoint_called(start)
    if found is None:
        fitting = (
            ", ".join(c.name for c in list_checkpoints() if c.model == kind)
            or f"none yet; train {kind} first"
        )
        raise CheckpointError(f"start={start!r} is no checkpoint and no file; there are: {fitting}")
    model, meta = load_checkpoint(found.path)
    return model, meta, found.name
