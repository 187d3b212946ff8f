"""Extraction time: recorded when features are extracted, and estimated before."""

from core.features.extractor import ExtractorConfig
from core.features.extractors import spec_of
from core.store.rates import record_rate, seconds_per_unit


def record_extraction(extractor: ExtractorConfig, n_rows: int, seconds: float) -> None:
    """Record how long the extraction of rows took on this machine."""
    record_rate(_task(extractor), n_rows, seconds)


def estimate_extraction(extractor: ExtractorConfig, n_rows: int) -> float:
    """Return the seconds that the extraction of rows will take."""
    return (
        n_rows * seconds_per_unit(_task(extractor), spec_of(extractor).seconds_per_track) if n_rows else 0.0
    )


def _task(extractor: ExtractorConfig) -> str:
    """Return the name of an extractor's rate."""
    return f"extract {extractor.name}"
