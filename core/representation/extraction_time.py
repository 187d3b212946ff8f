"""Estimates of the extraction that a representation still needs."""

from core.collection import Collection
from core.features import count_missing, estimate_extraction, get_extractor
from core.representation.resolve import resolve
from core.representation.shipped_latents import load_shipped


def estimate(
    collection: Collection, rep: str, *, modality: str, text_field: str | None = None
) -> tuple[int, float]:
    """Return the number of tracks still to be extracted for a representation, and the seconds it takes."""
    extractor, checkpoint = resolve(collection, rep, modality)
    if load_shipped(collection, rep, extractor, checkpoint, modality, text_field) is not None:
        return 0, 0.0
    missing = count_missing(collection, extractor, text_field=text_field)
    return missing, estimate_extraction(extractor, missing)


def estimate_features(collection: Collection, names: list[str]) -> tuple[int, float]:
    """Return the number of tracks still to be read by some audio extractors, and the seconds it takes.

    Unlike :func:`estimate` this ignores shipped vectors, which don't replace features.
    """
    extractors = [get_extractor(name) for name in names]
    missing = [count_missing(collection, extractor) for extractor in extractors]
    return max(missing, default=0), sum(map(estimate_extraction, extractors, missing))
