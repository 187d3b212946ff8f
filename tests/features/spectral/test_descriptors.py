"""Descriptors of sounds made here, with librosa as the reference."""

import librosa
import numpy as np
import pytest
import soundfile as sf

from core.errors import AudioError, ConfigError
from core.features import get_extractor
from core.features.spectral.clipping import clipping_share, read_excerpt
from core.features.spectral.descriptors import DESCRIPTORS, Descriptors
from core.features.spectral.spectrum import THINNED
from tests.features.spectral.descriptor_sounds import (
    SR,
    describe,
    make_clicks,
    make_noise,
    make_sine,
    make_tones,
)

pytestmark = pytest.mark.usefixtures("one_thread")


def _write(path, y, sr=SR, **settings):
    sf.write(path, y, sr, **settings)
    return path


@pytest.mark.slow  # numba compiles librosa for half a minute
@pytest.mark.parametrize(
    "make",
    [
        lambda: make_sine(1000) + make_noise(level=0.01),
        make_noise,
        lambda: make_tones(("C4", "E4", "G4")) + make_noise(3, 1e-3),
    ],
)
def test_the_spectrum_is_described_as_librosa_does(make):
    y = make().astype(np.float32)
    S = np.abs(librosa.stft(y, n_fft=2048, hop_length=512, center=False))
    thin = S[:, ::THINNED]
    # librosa takes the magnitudes' decibels for those of power, so its contrast is half of what it says
    expected = {
        "brightness_hz": librosa.feature.spectral_centroid(S=S, sr=SR),
        "bandwidth_hz": librosa.feature.spectral_bandwidth(S=S, sr=SR),
        "rolloff_hz": librosa.feature.spectral_rolloff(S=thin, sr=SR),
        "flatness": librosa.feature.spectral_flatness(S=S),
        "contrast_db": 2 * librosa.feature.spectral_contrast(S=thin, sr=SR),
    }
    row = describe(y)
    for name, reference in expected.items():
        assert row[name] == pytest.approx(float(reference.mean()), rel=2e-3), name
    crossings = librosa.zero_crossings(y, pad=False).sum() / (len(y) / SR)
    assert row["zero_crossings_hz"] == pytest.approx(crossings, rel=1e-3)
    assert row["loudness_db"] == pytest.approx(20 * np.log10(np.sqrt(np.mean(y**2))), abs=0.01)


def test_a_sine_is_where_it_is():
    row = describe(make_sine(1000))
    assert row["brightness_hz"] == pytest.approx(1000, rel=0.01) and row["bandwidth_hz"] < 100
    assert row["zero_crossings_hz"] == pytest.approx(2000, rel=0.01)
    assert row["flatness"] < 0.01 and row["onset_rate_hz"] < 0.5 and row["top_hz"] < 2000
    assert (
        row["loudness_db"] == pytest.approx(20 * np.log10(0.3) - 3.01, abs=0.05)
        and row["dynamic_range_db"] < 0.1
    )


@pytest.mark.parametrize("subtype", ["PCM_16", "FLOAT"])
def test_a_clipped_sine_is_told_from_a_loud_one(tmp_path, subtype):
    loud = _write(tmp_path / "loud.wav", make_sine(440, level=1.0, sr=44_100), 44_100, subtype=subtype)
    y = np.clip(make_sine(440, level=2.0, sr=44_100), -1, 1)
    _, share = read_excerpt(_write(tmp_path / "cut.wav", y, 44_100, subtype=subtype), SR, 30)
    assert share == pytest.approx(2 / 3, abs=0.02)  # |sin| > 1/2 for two thirds of the time
    assert read_excerpt(loud, SR, 30)[1] < 0.005
    one = np.stack([y, 0.2 * make_sine(300, sr=44_100)], axis=1)  # mixed down, nothing of it would be left
    assert read_excerpt(_write(tmp_path / "one.wav", one, 44_100, subtype=subtype), SR, 30)[
        1
    ] == pytest.approx(1 / 3, abs=0.02)


def test_clipping_is_of_loud_plateaus_only():
    y = np.clip(make_sine(100, level=2.0), -1, 1).astype(np.float32)[:, None]
    assert clipping_share(y) > 0.5 and clipping_share(0.95 * y) > 0.5 and clipping_share(0.5 * y) == 0
    beyond = np.full((10, 1), 0.1, np.float32)
    beyond[3] = 1.2
    assert clipping_share(beyond) == 0.1
    assert clipping_share(np.full((4, 1), -32768, np.int16)) == 1


def test_silence_and_loudness(tmp_path):
    y = np.concatenate([make_sine(440, 3), np.zeros(SR)])
    row = describe(y)
    assert row["silence_share"] == pytest.approx(0.25, abs=0.03)
    assert row["brightness_hz"] == pytest.approx(440, rel=0.1), "silent frames have no say in the mean"
    assert describe(0.1 * y)["loudness_db"] == pytest.approx(row["loudness_db"] - 20, abs=0.01)
    with pytest.raises(AudioError, match="silent"):
        Descriptors().extract(_write(tmp_path / "silent.wav", np.zeros(SR)))


@pytest.mark.parametrize(
    "y, sr, reason",
    [
        (make_sine(20_000, 1, sr=96_000) * np.hanning(96_000), 96_000, "silent below 11025 Hz"),
        (make_sine(440, 1) * 1e30, SR, "damaged or not audio"),
        (np.append(make_sine(440, 1), np.nan), SR, "not numbers"),
    ],
)
def test_what_has_no_descriptors_is_said(tmp_path, y, sr, reason):
    with pytest.raises(AudioError, match=reason):
        Descriptors().extract(_write(tmp_path / "a.wav", y, sr, subtype="FLOAT"))


def test_the_excerpt_is_the_middle_resampled_and_mixed(tmp_path):
    sr = 44_100
    y = np.concatenate([make_sine(100, 4, sr=sr), make_sine(2000, 4, sr=sr), make_sine(100, 4, sr=sr)])
    stereo = _write(tmp_path / "a.wav", np.stack([y, 0.5 * y], axis=1), sr, subtype="FLOAT")
    excerpt, _ = read_excerpt(stereo, SR, 3.0)
    assert len(excerpt) == 3 * SR and np.abs(excerpt).max() == pytest.approx(0.75 * 0.3, rel=0.02)
    row = Descriptors(excerpt_s=3.0).extract(stereo)
    assert row[DESCRIPTORS.index("brightness_hz")] == pytest.approx(2000, rel=0.01)
    mono = Descriptors(excerpt_s=3.0).extract(_write(tmp_path / "b.wav", 0.75 * y, sr, subtype="FLOAT"))
    np.testing.assert_allclose(mono, row, rtol=0.01, atol=0.01)


def test_the_highest_frequency_is_found():
    quiet = np.fft.rfft(make_noise())
    quiet[np.fft.rfftfreq(int(4 * SR), 1 / SR) > 4000] = 0
    assert describe(np.fft.irfft(quiet))["top_hz"] == pytest.approx(4000, abs=200)


@pytest.mark.parametrize("n", [50, 1000, 2048, 3000, SR])
def test_a_drum_hit_has_finite_descriptors(n):
    X = Descriptors().describe(make_noise()[:n].astype(np.float32))
    assert X.shape == (29,) and X.dtype == np.float32 and np.isfinite(X).all()


def test_the_summary_can_be_standardised():
    X = np.stack(
        [
            Descriptors().describe(y.astype(np.float32))
            for y in (make_sine(440), make_noise(), make_clicks(90, 4))
        ]
    )
    before = X.copy()
    Z = get_extractor("descriptors").summarise(X)
    assert (
        Z.shape == (3, len(DESCRIPTORS))
        and Z.dtype == np.float32
        and np.isfinite(Z).all()
        and np.abs(Z).max() < 100
    )
    np.testing.assert_array_equal(X, before)
    tempo = DESCRIPTORS.index("tempo_bpm")
    X[0, tempo] = 0
    assert get_extractor("descriptors").summarise(X)[0, tempo] == pytest.approx(np.log2(120))


def test_bad_settings_are_named():
    with pytest.raises(ConfigError, match="excerpt_s=0"):
        Descriptors(excerpt_s=0)
    with pytest.raises(ConfigError, match="n_fft=2047"):
        Descriptors(n_fft=2047)
