"""Features: deterministic representations that an extractor computes from a track.

An extractor is a frozen config in a file of its own; see :mod:`core.features.extractor` for its contract. A
new one costs that file and an entry in :mod:`core.features.audio_extractors` or
:mod:`core.features.text_extractors`.
"""

from core.features import audio_extractors, text_extractors
from core.features.extraction.earlier import present_rows
from core.features.extraction.extract import count_missing, extract_features
from core.features.extraction.extract_rows import estimate_extraction
from core.features.extractor import ExtractorSpec, Features
from core.features.extractors import (
    EXTRACTORS,
    SENTENCE,
    extractor_spec,
    get_extractor,
    is_extractor,
    kind_of_name,
    spec_of,
)

__all__ = [
    "audio_extractors",
    "text_extractors",
    "EXTRACTORS",
    "SENTENCE",
    "ExtractorSpec",
    "Features",
    "count_missing",
    "estimate_extraction",
    "extract_features",
    "extractor_spec",
    "get_extractor",
    "is_extractor",
    "kind_of_name",
    "present_rows",
    "spec_of",
]
