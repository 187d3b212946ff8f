"""What a choice costs before its map can be computed: tracks that are still to be read."""

from typing import NamedTuple

from core.collection import Collection
from core.pipeline.choice import Choice
from core.representation.represent import estimate, estimate_space


class Reading(NamedTuple):
    """Tracks to read, the seconds that takes, and the bytes of the store that it needs."""

    n_tracks: int
    seconds: float
    n_bytes: int


def estimate_reading(collection: Collection, choice: Choice) -> Reading:
    """Return what reading the tracks for the representations of a choice costs.

    Raises
    ------
    SongscapeError
        When a representation is unknown, or of another modality.
    """
    reps = {m: rep for m, rep in (("audio", choice.audio), ("text", choice.text)) if rep}
    given = {"text_field": choice.text_field}
    work = [estimate(collection, rep, modality=modality, **given) for modality, rep in reps.items()]
    space = [estimate_space(collection, rep, modality=modality, **given) for modality, rep in reps.items()]
    return Reading(max(n for n, _ in work), sum(seconds for _, seconds in work), sum(space))
