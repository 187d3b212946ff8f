"""The checkpoint from which another model's training is initialised."""

from core.checkpoints.catalogue import get_checkpoint, list_checkpoints
from core.errors import CheckpointError
from core.models.latent_model import Pretrained


def load_pretrained_checkpoint(start: str, model: str) -> Pretrained:
    """Load the checkpoint that a setting ``start`` names.

    Parameters
    ----------
    start : str
        Name, hash or file of a checkpoint.
    model : str
        The expected model; the error lists its checkpoints.

    Raises
    ------
    CheckpointError
        When there is no such checkpoint, or it can't be loaded.
    """
    from core.checkpoints.checkpoint import load_checkpoint

    found = get_checkpoint(start)
    if found is None:
        fitting = (
            ", ".join(c.name for c in list_checkpoints() if c.model == model)
            or f"none yet; train {model} first"
        )
        raise CheckpointError(f"start={start!r} is no checkpoint and no file; there are: {fitting}")
    loaded, meta = load_checkpoint(found.path)
    return Pretrained(loaded, meta["input"], found.name)
