"""Features: what an extractor computes from a track, deterministic, not learnt.

An extractor is a frozen config in a file of its own; see :mod:`core.features.extractor` for what it must
have. A new one costs that file and an entry in :mod:`core.features.extractors`.
"""

from core.features.earlier import present_rows
from core.features.extract import Features, count_missing, extract_features
from core.features.extractor import ExtractorSpec
from core.features.extractors import (
    EXTRACTORS,
    SENTENCE,
    extractor_spec,
    get_extractor,
    is_extractor,
    spec_of,
)

__all__ = [
    "EXTRACTORS",
    "SENTENCE",
    "ExtractorSpec",
    "Features",
    "count_missing",
    "extract_features",
    "extractor_spec",
    "get_extractor",
    "is_extractor",
    "present_rows",
    "spec_of",
]
