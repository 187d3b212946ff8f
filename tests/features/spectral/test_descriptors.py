"""Descriptors of sounds made here, with librosa as the reference."""

import librosa
import numpy as np
import pytest
import soundfile as sf
import torch

from core.errors import AudioError, ConfigError
from core.features import get_extractor
from core.features.spectral import tonality
from core.features.spectral.clipping import clipping_share, read_excerpt
from core.features.spectral.descriptors import DESCRIPTORS, Descriptors
from core.features.spectral.spectrum import THINNED
from core.features.spectral.tonality import MAJOR, MINOR, correlate_keys

SR = 22_050


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


NOTES = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")


def _key(chroma):
    """Name the best key."""
    mode, tonic = np.unravel_index(correlate_keys(chroma).argmax(), (2, 12))
    return f"{NOTES[tonic]} {('major', 'minor')[mode]}"


def _row(y):
    return dict(zip(DESCRIPTORS, Descriptors().describe(np.asarray(y, np.float32)).astype(float)))


def _sine(hz, duration_s=4.0, level=0.3, sr=SR):
    return level * np.sin(2 * np.pi * hz * np.arange(int(sr * duration_s)) / sr)


def _noise(duration_s=4.0, level=0.1):
    return level * np.random.default_rng(0).standard_normal(int(SR * duration_s))


def _clicks(bpm, duration_s=15.0):
    """Return decaying clicks of a tenth of a second, as librosa.clicks makes them."""
    click = _sine(1000, 0.1, 0.5) * np.geomspace(1, 2.0**-10, int(SR * 0.1))
    y = np.zeros(int(SR * duration_s))
    for start in (SR * np.arange(0.25, duration_s, 60 / bpm)).astype(int):
        y[start : start + len(click)] += click[: len(y) - start]
    return y


def _tones(notes, duration_s=3.0):
    return sum(_sine(librosa.note_to_hz(note) * k, duration_s, 0.1 / k) for note in notes for k in (1, 2, 3))


def _write(path, y, sr=SR, **settings):
    sf.write(path, y, sr, **settings)
    return path


@pytest.mark.slow  # numba compiles librosa for half a minute
@pytest.mark.parametrize(
    "make",
    [lambda: _sine(1000) + _noise(level=0.01), _noise, lambda: _tones(("C4", "E4", "G4")) + _noise(3, 1e-3)],
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
    row = _row(y)
    for name, reference in expected.items():
        assert row[name] == pytest.approx(float(reference.mean()), rel=2e-3), name
    crossings = librosa.zero_crossings(y, pad=False).sum() / (len(y) / SR)
    assert row["zero_crossings_hz"] == pytest.approx(crossings, rel=1e-3)
    assert row["loudness_db"] == pytest.approx(20 * np.log10(np.sqrt(np.mean(y**2))), abs=0.01)


def test_a_sine_is_where_it_is():
    row = _row(_sine(1000))
    assert row["brightness_hz"] == pytest.approx(1000, rel=0.01) and row["bandwidth_hz"] < 100
    assert row["zero_crossings_hz"] == pytest.approx(2000, rel=0.01)
    assert row["flatness"] < 0.01 and row["onset_rate_hz"] < 0.5 and row["top_hz"] < 2000
    assert (
        row["loudness_db"] == pytest.approx(20 * np.log10(0.3) - 3.01, abs=0.05)
        and row["dynamic_range_db"] < 0.1
    )


@pytest.mark.parametrize("bpm", [75, 97, 120, 150])
def test_clicks_have_a_tempo(bpm):
    row = _row(_clicks(bpm))
    assert row["tempo_bpm"] == pytest.approx(bpm, rel=0.01) and row["pulse_clarity"] > 0.5
    assert row["onset_rate_hz"] == pytest.approx(bpm / 60, rel=0.1)


@pytest.mark.slow  # numba compiles librosa for half a minute
def test_the_onset_envelope_and_onsets_agree_with_librosa():
    from core.features.spectral.rhythm import find_onsets, onset_envelope

    y = _clicks(110) + _noise(15, 1e-3)
    S = librosa.power_to_db(librosa.feature.melspectrogram(y=y, sr=SR, center=False), ref=1)
    envelope = onset_envelope(S)
    np.testing.assert_allclose(envelope, librosa.onset.onset_strength(S=S, sr=SR, center=False), atol=1e-4)
    found, reference = (
        find_onsets(envelope, SR / 512),
        librosa.onset.onset_detect(onset_envelope=envelope, sr=SR),
    )
    found, reference = (
        frames[envelope[frames] > 5] for frames in (found, reference)
    )  # without those in the noise between
    assert len(found) == len(reference) == 27 and np.abs(found - reference).max() <= 1


def test_steady_noise_has_few_onsets_and_no_clear_pulse():
    row = _row(_noise(15))
    assert row["onset_rate_hz"] < 1 and row["pulse_clarity"] < 0.3 and row["flatness"] > 0.4


def test_strokes_are_told_from_held_notes():
    held, strokes = (
        _row(_tones(("A3", "C4", "E4")))["percussiveness"],
        _row(_clicks(140, 4))["percussiveness"],
    )
    noise = _row(_noise())["percussiveness"]
    assert held < 0.1 < noise < 0.9 < strokes + 0.25 and held < noise < strokes


@pytest.mark.parametrize(
    "notes, key",
    [
        (("C3", "C4", "E4", "G4"), "C major"),
        (("A3", "A4", "C4", "E4"), "A minor"),
        (("F#3", "F#4", "A#4", "C#5"), "F♯ major"),
        (("D4", "D5", "F4", "A4"), "D minor"),
    ],
)
def test_a_chord_speaks_for_its_key(notes, key):
    row = Descriptors().describe(_tones(notes).astype(np.float32))
    assert _key(row[len(DESCRIPTORS) :]) == key
    assert (row[DESCRIPTORS.index("majorness")] > 0) == key.endswith("major")
    assert row[len(DESCRIPTORS) :].sum() == pytest.approx(1) and row[DESCRIPTORS.index("key_strength")] > 0.6


@pytest.mark.slow  # numba compiles librosa for half a minute
def test_chroma_agrees_with_librosa():
    y = (_tones(("E4", "G#4", "B4")) + _noise(3, 1e-3)).astype(np.float32)
    S = np.abs(librosa.stft(y, n_fft=2048, hop_length=512, center=False)) ** 2
    reference = librosa.feature.chroma_stft(S=S, sr=SR, tuning=0).mean(axis=1)
    np.testing.assert_allclose(
        Descriptors().describe(y)[len(DESCRIPTORS) :], reference / reference.sum(), atol=1e-4
    )


@pytest.mark.slow  # numba compiles librosa for half a minute
@pytest.mark.parametrize(("sr", "n_fft"), [(22_050, 2048), (44_100, 4096), (16_000, 1024)])
def test_chroma_filters_are_librosas(sr, n_fft):
    expected = librosa.filters.chroma(sr=sr, n_fft=n_fft, tuning=0)
    np.testing.assert_allclose(tonality._filters(sr, n_fft), expected, rtol=1e-6)


def test_profiles_know_their_own_keys():
    for tonic, note in enumerate(NOTES):
        assert (
            _key(np.roll(MAJOR, tonic)) == f"{note} major" and _key(np.roll(MINOR, tonic)) == f"{note} minor"
        )
        assert correlate_keys(np.roll(MAJOR, tonic)).max() == pytest.approx(1)
    assert not correlate_keys(np.ones(12)).any()


@pytest.mark.parametrize("subtype", ["PCM_16", "FLOAT"])
def test_a_clipped_sine_is_told_from_a_loud_one(tmp_path, subtype):
    loud = _write(tmp_path / "loud.wav", _sine(440, level=1.0, sr=44_100), 44_100, subtype=subtype)
    y = np.clip(_sine(440, level=2.0, sr=44_100), -1, 1)
    _, share = read_excerpt(_write(tmp_path / "cut.wav", y, 44_100, subtype=subtype), SR, 30)
    assert share == pytest.approx(2 / 3, abs=0.02)  # |sin| > 1/2 for two thirds of the time
    assert read_excerpt(loud, SR, 30)[1] < 0.005
    one = np.stack([y, 0.2 * _sine(300, sr=44_100)], axis=1)  # mixed down, nothing of it would be left
    assert read_excerpt(_write(tmp_path / "one.wav", one, 44_100, subtype=subtype), SR, 30)[
        1
    ] == pytest.approx(1 / 3, abs=0.02)


def test_clipping_is_of_loud_plateaus_only():
    y = np.clip(_sine(100, level=2.0), -1, 1).astype(np.float32)[:, None]
    assert clipping_share(y) > 0.5 and clipping_share(0.95 * y) > 0.5 and clipping_share(0.5 * y) == 0
    beyond = np.full((10, 1), 0.1, np.float32)
    beyond[3] = 1.2
    assert clipping_share(beyond) == 0.1
    assert clipping_share(np.full((4, 1), -32768, np.int16)) == 1


def test_silence_and_loudness(tmp_path):
    y = np.concatenate([_sine(440, 3), np.zeros(SR)])
    row = _row(y)
    assert row["silence_share"] == pytest.approx(0.25, abs=0.03)
    assert row["brightness_hz"] == pytest.approx(440, rel=0.1), "silent frames have no say in the mean"
    assert _row(0.1 * y)["loudness_db"] == pytest.approx(row["loudness_db"] - 20, abs=0.01)
    with pytest.raises(AudioError, match="silent"):
        Descriptors().extract(_write(tmp_path / "silent.wav", np.zeros(SR)))


@pytest.mark.parametrize(
    "y, sr, reason",
    [
        (_sine(20_000, 1, sr=96_000) * np.hanning(96_000), 96_000, "silent below 11025 Hz"),
        (_sine(440, 1) * 1e30, SR, "damaged or not audio"),
        (np.append(_sine(440, 1), np.nan), SR, "not numbers"),
    ],
)
def test_what_has_no_descriptors_is_said(tmp_path, y, sr, reason):
    with pytest.raises(AudioError, match=reason):
        Descriptors().extract(_write(tmp_path / "a.wav", y, sr, subtype="FLOAT"))


def test_the_excerpt_is_the_middle_resampled_and_mixed(tmp_path):
    sr = 44_100
    y = np.concatenate([_sine(100, 4, sr=sr), _sine(2000, 4, sr=sr), _sine(100, 4, sr=sr)])
    stereo = _write(tmp_path / "a.wav", np.stack([y, 0.5 * y], axis=1), sr, subtype="FLOAT")
    excerpt, _ = read_excerpt(stereo, SR, 3.0)
    assert len(excerpt) == 3 * SR and np.abs(excerpt).max() == pytest.approx(0.75 * 0.3, rel=0.02)
    row = Descriptors(excerpt_s=3.0).extract(stereo)
    assert row[DESCRIPTORS.index("brightness_hz")] == pytest.approx(2000, rel=0.01)
    mono = Descriptors(excerpt_s=3.0).extract(_write(tmp_path / "b.wav", 0.75 * y, sr, subtype="FLOAT"))
    np.testing.assert_allclose(mono, row, rtol=0.01, atol=0.01)


def test_the_highest_frequency_is_found():
    quiet = np.fft.rfft(_noise())
    quiet[np.fft.rfftfreq(int(4 * SR), 1 / SR) > 4000] = 0
    assert _row(np.fft.irfft(quiet))["top_hz"] == pytest.approx(4000, abs=200)


@pytest.mark.parametrize("n", [50, 1000, 2048, 3000, SR])
def test_a_drum_hit_has_finite_descriptors(n):
    X = Descriptors().describe(_noise()[:n].astype(np.float32))
    assert X.shape == (29,) and X.dtype == np.float32 and np.isfinite(X).all()


def test_the_summary_can_be_standardised():
    X = np.stack(
        [Descriptors().describe(y.astype(np.float32)) for y in (_sine(440), _noise(), _clicks(90, 4))]
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


def test_clicks_have_their_tempo_and_noise_is_bright_and_in_no_key():
    clicks, noise = _row(_clicks(120)), _row(_noise())
    assert clicks["tempo_bpm"] == pytest.approx(120, abs=0.5) and clicks["onset_rate_hz"] == pytest.approx(
        2, abs=0.05
    )
    assert noise["brightness_hz"] > 1000 and noise["key_strength"] < 0.6


def test_bad_settings_are_named():
    with pytest.raises(ConfigError, match="excerpt_s=0"):
        Descriptors(excerpt_s=0)
    with pytest.raises(ConfigError, match="n_fft=2047"):
        Descriptors(n_fft=2047)
