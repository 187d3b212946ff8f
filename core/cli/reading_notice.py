"""The line on standard error before tracks are read: how many, how long it takes, how much space it needs."""

import typer

from core.collection import Collection
from core.pipeline.choice import Choice

WORTH_SAYING_S, WORTH_SAYING_BYTES = 30.0, 100_000_000
"""Less is not said."""


def announce_reading(collection: Collection, choice: Choice) -> None:
    """Say what reading the tracks of a choice costs, where that is much."""
    from core.pipeline.reading_estimate import estimate_reading

    announce(*estimate_reading(collection, choice))


def announce_training(collection: Collection, model: str, settings: dict[str, str], folds: int) -> None:
    """Say what reading the tracks for a training costs, where that is much."""
    from core.inputs.input_names import default_input
    from core.jobs.estimates import estimate_training
    from core.models import model_spec

    name, _, reads = model.partition(":")
    reads = reads or default_input(collection, model_spec(name).inputs)
    cost = estimate_training(collection, name, reads, settings, folds=folds)
    announce(cost.n_missing, cost.extraction_s, cost.extraction_bytes)


def announce(n_tracks: int, seconds: float, n_bytes: int) -> None:
    """Print the line."""
    from core import store
    from core.messages.extraction_messages import describe_reading

    if n_tracks and (seconds >= WORTH_SAYING_S or n_bytes >= WORTH_SAYING_BYTES):
        typer.echo(describe_reading(n_tracks, seconds, n_bytes, store.free_bytes()), err=True)
