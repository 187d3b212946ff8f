"""Estimates of the extraction that a representation still needs."""

from core.collection import Collection
from core.features import count_missing, estimate_extraction, get_extractor
from core.representation.resolve import resolve
from core.representation.shipped_latents import load_shipped
from core.representation.side_by_side import split_parts


def estimate(
    collection: Collection, rep: str, *, modality: str, text_field: str | None = None
) -> tuple[int, float]:
    """Return the number of tracks still to be extracted for a representation, and the seconds it takes."""
    most, seconds = 0, 0.0
    for part in split_parts(rep):
        extractor, checkpoint = resolve(collection, part.rep, modality)
        if load_shipped(collection, part.rep, extractor, checkpoint, modality, text_field) is None:
            missing = count_missing(collection, extractor, text_field=text_field)
            most, seconds = max(most, missing), seconds + estimate_extraction(extractor, missing)
    return most, seconds


def estimate_features(collection: Collection, names: list[str]) -> tuple[int, float]:
    """Return the number of tracks still to be read by some audio extractors, and the seconds it takes.

    Unlike :func:`estimate` this ignores shipped vectors, which don't replace features.
    """
    extractors = [get_extractor(name) for name in names]
    missing = [count_missing(collection, extractor) for extractor in extractors]
    return max(missing, default=0), sum(map(estimate_extraction, extractors, missing))
