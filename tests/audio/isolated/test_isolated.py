"""Decoding in processes of their own: the same samples, limits, and what a decoder's end says."""

import os
import signal
import struct

import numpy as np
import pytest
import soundfile as sf

from core.audio import decode
from core.audio.decode import check, open_audio, probe
from core.audio.isolated import decoder_pool, remote_decoder
from core.audio.isolated.plain import is_plain
from core.audio.isolated.remote_decoder import RemoteDecoder
from core.errors import AudioError

NAMES = ["a.mp3", "a.ogg", "a.au", "a.caf", "a.wav", "a.flac", "a.aiff"]

pytestmark = pytest.mark.skipif(not decoder_pool.IS_AVAILABLE, reason="open files can't be given away here")


def is_apart(path) -> bool:
    with open_audio(path) as audio:
        return isinstance(audio.reader, RemoteDecoder)


@pytest.mark.parametrize("name", NAMES)
def test_samples_are_the_same_in_both_processes(write_sound, monkeypatch, name):
    path, read, infos = write_sound(name), {}, {}
    for is_available in (True, False):
        monkeypatch.setattr(decode, "IS_AVAILABLE", is_available)
        infos[is_available] = check(path)
        with open_audio(path) as audio:
            blocks = np.concatenate(list(audio.reader.blocks(1_000, 90_000)))
            read[is_available] = (audio.read(700, 30_000, 16_000), blocks)
    assert infos[True] == infos[False]
    for apart, here in zip(read[True], read[False], strict=True):
        assert apart.dtype == here.dtype and np.array_equal(apart, here)


def test_ffmpeg_gives_the_same_samples_in_both_processes(write_with_ffmpeg, monkeypatch):
    path, read = write_with_ffmpeg("a.m4a", "aac"), []
    for is_available in (True, False):
        monkeypatch.setattr(decode, "IS_AVAILABLE", is_available)
        with open_audio(path) as audio:
            read.append(audio.read_frames(1_000, 60_000))
    assert np.array_equal(*read)


def test_only_plain_samples_and_flac_are_decoded_in_this_process(write_sound, write_with_ffmpeg):
    assert not any(is_apart(write_sound(name)) for name in ("a.wav", "a.flac", "a.aiff"))
    assert not is_apart(write_sound("float.wav", subtype="FLOAT"))
    assert not is_apart(write_sound("many.wav", channels=4, subtype="PCM_24"))
    for name, settings in (("i.wav", {"subtype": "IMA_ADPCM"}), ("m.wav", {"subtype": "MS_ADPCM"})):
        assert is_apart(write_sound(name, **settings))
    assert all(is_apart(write_sound(name)) for name in ("a.mp3", "a.ogg", "a.au"))
    assert is_apart(write_with_ffmpeg("a.m4a", "aac"))


@pytest.mark.parametrize("change", ["second format", "block size", "length"])
def test_a_wav_whose_header_contradicts_itself_is_not_plain(write_sound, change):
    path = write_sound("odd.wav")
    data = bytearray(path.read_bytes())
    with open(path, "rb", buffering=0) as file:
        assert is_plain(file)
    if change == "second format":
        data += b"fmt " + struct.pack("<IHHIIHH", 16, 17, 2, 44_100, 44_100, 60_000, 4)
    elif change == "block size":
        data[32:34] = struct.pack("<H", 60_000)
    else:
        data[40:44] = struct.pack("<I", 2**31)
    path.write_bytes(data)
    with open(path, "rb", buffering=0) as file:
        assert not is_plain(file)


def test_a_decoder_that_crashes_costs_its_file_alone(write_sound):
    path = write_sound("a.mp3")
    with open_audio(path) as audio:
        audio.reader._process.n_files = 0
        os.kill(audio.reader._process._process.pid, signal.SIGSEGV)
        with pytest.raises(AudioError, match="its decoder crashed"):
            audio.read_frames(0, 1_000)
    assert check(path).duration_s == pytest.approx(4, abs=0.1)


def test_a_process_that_an_earlier_file_harmed_costs_no_good_file(write_sound):
    path = write_sound("a.mp3")
    check(path)
    for _, process in decoder_pool._idle:
        process._socket.shutdown(2)  # alive when it is taken, of no use when it is asked
    assert check(path).sr == 44_100
    with open_audio(path) as audio:
        audio.reader._process.n_files = 1
        os.kill(audio.reader._process._process.pid, signal.SIGSEGV)
        assert len(audio.read_frames(0, 1_000)) == 1_000


def test_a_decoder_that_hangs_is_given_up(write_sound, monkeypatch):
    path = write_sound("a.mp3")
    probe(path)  # a process that has started
    monkeypatch.setattr(remote_decoder, "LIMIT_S", 0.2)
    with open_audio(path) as audio:
        os.kill(audio.reader._process._process.pid, signal.SIGSTOP)
        with pytest.raises(AudioError, match="gave no audio within"):
            audio.read_frames(0, 1_000)
    monkeypatch.undo()
    assert probe(path).sr == 44_100


def test_memory_of_a_decoder_is_limited(write_sound):
    import psutil

    with open_audio(write_sound("a.mp3")) as audio:
        process = psutil.Process(audio.reader._process._process.pid)
        limit, _ = process.rlimit(psutil.RLIMIT_DATA)
        assert 0 < limit <= 2**30


def test_what_a_library_writes_to_standard_error_becomes_the_reason(write_sound, capfd):
    path = write_sound("a.mp3")
    with open_audio(path) as audio:
        os.write(audio.reader._process._chatter.fileno(), b"noise\n[libx] error: bad\x1b frame\n\n")
        assert audio.reader._process._read_chatter() == "[libx] error: bad? frame"
        with pytest.raises(AudioError, match="zero bytes.*the decoder says: .libx. error: bad. frame"):
            audio.reader._process.ask({"do": "open"}, 5, os.open(os.devnull, os.O_RDONLY))
    assert capfd.readouterr().err == ""
    assert "libx" not in str(open_audio_reason(path.with_name("b.mp3")))


def open_audio_reason(path) -> AudioError:
    path.write_bytes(b"\xff\xfb not an mp3" * 20)
    with pytest.raises(AudioError) as caught:
        probe(path)
    return caught.value


def test_processes_are_used_again(write_sound):
    path = write_sound("a.mp3")
    pids = set()
    for _ in range(3):
        with open_audio(path) as audio:
            pids.add(audio.reader._process._process.pid)
    assert len(pids) == 1


def test_oversized_adpcm_blocks_end_in_a_reason(tmp_path):
    sf.write(tmp_path / "a.wav", np.zeros(8_000), 8_000, subtype="IMA_ADPCM")
    data = bytearray((tmp_path / "a.wav").read_bytes())
    data[32:34] = struct.pack("<H", 65_000)
    (tmp_path / "a.wav").write_bytes(data)
    with pytest.raises(AudioError):
        check(tmp_path / "a.wav")
