"""How much space in the store the rows of an extractor need."""

from core.features.concatenation import components
from core.features.extraction.earlier import present_rows
from core.features.extractor import ExtractorConfig
from core.features.extractors import get_extractor

SPECTROGRAM_BYTES = {
    "mel": 196_608,
    "mel-centre": 65_536,
    "clip": 24_064,
    "clip-270": 540_032,
    "fbank": 393_216,
}
"""Bytes of a track's spectrograms with default settings, until a row is in the store."""
VECTOR_BYTES = 8_000
"""Bytes of another row, until one is there: the largest of those with default settings has 7,024."""


def estimate_bytes(extractor: ExtractorConfig, n_rows: int) -> int:
    """Return the bytes that rows will need; 0 for features that aren't stored by row."""
    if not n_rows:
        return 0
    parts = [part for part in components(extractor) if part.reads in ("file", "text")]
    return n_rows * sum(present_rows(part).row_bytes() or _expected_bytes(part) for part in parts)


def _expected_bytes(extractor: ExtractorConfig) -> int:
    """Return the bytes of a row of these settings, or of the extractor's default ones."""
    alike = [name for name in SPECTROGRAM_BYTES if get_extractor(name) == extractor]
    return SPECTROGRAM_BYTES.get(alike[0] if alike else extractor.name, VECTOR_BYTES)
