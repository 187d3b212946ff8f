"""The space that rows need: from a stored row, else from what extractors are known to give."""

import pytest

from core.features import EXTRACTORS, get_extractor, present_rows
from core.features.extraction.row_sizes import SPECTROGRAM_BYTES, VECTOR_BYTES, estimate_bytes


@pytest.mark.parametrize("name", ["mel", "mel-centre", "clip", "clip-270", "fbank", "mfcc", "descriptors"])
def test_what_is_estimated_is_what_a_row_takes(name, songs):
    extractor = get_extractor(name)
    row = extractor.extract(next(iter(songs)))
    before = estimate_bytes(extractor, 10)
    assert before == 10 * row.nbytes if name in SPECTROGRAM_BYTES else row.nbytes <= VECTOR_BYTES
    present_rows(extractor).append({"a": row})
    assert estimate_bytes(extractor, 10) == 10 * row.nbytes


def test_settings_are_seen_once_a_row_is_there(songs):
    extractor = get_extractor("fbank@n_frames=256")
    row = extractor.extract(next(iter(songs)))
    present_rows(extractor).append({"a": row})
    assert estimate_bytes(extractor, 2) == 2 * row.nbytes < 2 * SPECTROGRAM_BYTES["fbank"]


def test_every_spectrogram_is_known_and_what_is_not_stored_needs_nothing():
    assert {name for name, spec in EXTRACTORS.items() if spec.is_spectrogram} == set(SPECTROGRAM_BYTES)
    assert estimate_bytes(get_extractor("table"), 5) == 0 == estimate_bytes(get_extractor("mel"), 0)


@pytest.fixture
def songs(tmp_path) -> list[str]:
    """One short file."""
    import numpy as np
    import soundfile

    soundfile.write(tmp_path / "a.wav", 0.1 * np.random.default_rng(0).standard_normal(44100), 22050)
    return [str(tmp_path / "a.wav")]
