"""How long training takes on this machine: the rate that estimates use."""

from core.store.rates import record_rate


def record_training(model: str, reads: str, preset: str, meta: dict) -> None:
    """Record how long the epochs of training took, from a new checkpoint's metadata."""
    epochs = meta["history"]["rows"]
    task = name_rate(model, reads, preset)
    record_rate(task, meta["n_examples"] * len(epochs), sum(epoch["seconds"] for epoch in epochs))


def name_rate(model: str, reads: str, preset: str) -> str:
    """Return the name of a model's rate for one input and preset."""
    return " ".join(filter(None, ("train", model, reads, preset)))
