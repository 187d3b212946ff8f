"""Whatever a decoding library raises over one file is that file's reason; a defect of ours stays loud."""

import struct

import numpy as np
import pytest

from core.audio.audio_file import LOUDEST
from core.audio.decode import check, open_audio, probe
from core.audio.decoders.container import Container
from core.audio.decoders.decoder_errors import as_audio_error
from core.audio.excerpt import playable
from core.errors import AudioError
from core.features import get_extractor
from tests.audio.crop import read_crop

pytestmark = pytest.mark.slow


def _with_bits(path, bits: int):
    """Make a WAV's header declare another sample size."""
    data = bytearray(path.read_bytes())
    struct.pack_into("<H", data, 34, bits)
    path.write_bytes(data)
    return path


def test_64_bit_integers_have_no_conversion(write_sound):
    path = _with_bits(write_sound("deep.wav"), 64)
    for read in (
        probe,
        check,
        playable,
        get_extractor("mfcc").extract,
        lambda path: read_crop(path, 1, 1, 16_000),
    ):
        with pytest.raises(AudioError, match=r"format \(s64\) that can't be converted"):
            read(path)


@pytest.mark.parametrize("bits", [0, 1, 7, 12, 48, 65_535])
def test_no_sample_size_raises_anything_else(write_sound, bits):
    path = _with_bits(write_sound("odd.wav"), bits)
    for read in (check, playable):
        try:
            read(path)
        except AudioError as reason:
            assert "\n" not in str(reason)


def _flv(path, write_with_ffmpeg, *, lost: range = range(0)):
    """Write an FLV of MP3 whose last tag is of a stream missing from its header; leave out ``lost`` tags."""
    data = write_with_ffmpeg("a.flv", "libmp3lame", duration_s=2).read_bytes()
    head, at, tags = data[:13], 13, []
    while at < len(data):
        size = 11 + int.from_bytes(data[at + 1 : at + 4], "big") + 4
        tags.append(data[at : at + size])
        at += size
    last = bytearray(tags[-1])
    late = (
        struct.pack(">B3s3sB3s", 9, (6).to_bytes(3, "big"), last[4:7], 0, bytes(3))
        + b"\x22\0\0\0\0\0"
        + struct.pack(">I", 17)
    )
    path.write_bytes(head + b"".join(tag for n, tag in enumerate(tags) if n not in lost) + late)
    return path


def test_a_stream_that_appears_on_the_way_costs_nothing(tmp_path, write_with_ffmpeg):
    path = _flv(tmp_path / "late.flv", write_with_ffmpeg)
    assert check(path).duration_s == pytest.approx(2, abs=0.1)
    assert read_crop(path, 0, 2, 22_050).any() and playable(path)


def test_a_damaged_stream_is_a_reason_at_once_and_still_played(tmp_path, write_with_ffmpeg):
    path = _flv(tmp_path / "holes.flv", write_with_ffmpeg, lost=range(20, 40))
    for read in (check, get_extractor("mfcc").extract):
        with pytest.raises(AudioError, match="truncated or damaged"):
            read(path)
    assert playable(path)[1] == "audio/flac"


class _Demuxer:
    """A container that gives its packets and then raises."""

    def __init__(self, container, error: Exception):
        self._container, self._error = container, error

    def demux(self, stream):
        for n, packet in enumerate(self._container.demux(stream)):
            if n == 30:
                raise self._error
            yield packet

    def __getattr__(self, name):
        return getattr(self._container, name)


@pytest.mark.usefixtures("decoded_here")
@pytest.mark.parametrize(
    "error",
    [
        IndexError("list index out of range"),
        ValueError("bad"),
        MemoryError(),
        OverflowError("big"),
        OSError(5, "I/O"),
    ],
)
def test_a_demuxer_that_raises_ends_in_a_reason(write_with_ffmpeg, error):
    with open_audio(write_with_ffmpeg("a.m4a", "aac")) as sound:
        assert isinstance(sound.reader, Container)
        sound.reader._container = _Demuxer(sound.reader._container, error)
        with pytest.raises(AudioError, match="damaged"):
            sound.read(0, sound.n_frames, sound.info.sr)


@pytest.mark.parametrize("error", [RuntimeError("gone wrong"), ValueError("bad"), MemoryError()])
def test_libsndfile_that_raises_ends_in_a_reason(write_sound, monkeypatch, error):
    def fail(*args, **settings):
        raise error

    monkeypatch.setattr("core.audio.decoders.sndfile._Forward.read", fail)
    with pytest.raises(AudioError, match="damaged"):
        check(write_sound("a.wav"))


def test_our_own_defects_stay_loud(write_sound, monkeypatch):
    for error in (AttributeError, NameError, ImportError):
        with pytest.raises(error), as_audio_error("damaged"):
            raise error("ours")
    with pytest.raises(ValueError, match="ours"), open_audio(write_sound("a.wav")):
        raise ValueError("ours")


@pytest.mark.parametrize("value, reason", [(1e25, r"1e\+25 .*not audio"), (np.inf, "not numbers")])
@pytest.mark.parametrize("duration_s", [2, 20])
def test_a_sample_that_no_sound_has_is_named_before_features_overflow(
    write_sound, make_signal, value, reason, duration_s
):
    y = make_signal(22_050, duration_s, channels=1)
    y[20_000] = value
    path = write_sound("spike.wav", y=y, sr=22_050, subtype="FLOAT")
    for read in (check, lambda path: read_crop(path, 0, 2, 16_000)):
        with pytest.raises(AudioError, match=reason):
            read(path)


def test_integers_kept_as_floats_are_sound(write_sound, make_signal):
    y = make_signal(22_050, 6, channels=1)
    path = write_sound("integers.wav", y=y / np.abs(y).max() * 0.99 * LOUDEST, sr=22_050, subtype="FLOAT")
    assert check(path)
    assert all(
        np.isfinite(get_extractor(name).extract(path)).all() for name in ("mel", "mfcc", "descriptors")
    )
