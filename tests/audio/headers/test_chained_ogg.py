"""Several OGG streams one after the other in one file are read to the end, or named."""

import numpy as np
import pytest
import soundfile as sf

from core.audio.decode import check, open_audio
from core.audio.excerpt import playable
from core.audio.headers import ogg_links
from core.audio.headers.ogg_links import Slice, find_links
from core.errors import AudioError


@pytest.fixture
def ogg(tmp_path):
    """Return a function that gives the bytes of an OGG with a tone."""

    def make(frequency=330.0, duration_s=4.0, sr=48_000, channels=2, subtype="VORBIS") -> bytes:
        t = np.arange(int(sr * duration_s)) / sr
        y = np.stack([0.4 * np.sin(2 * np.pi * frequency * t)] * channels, axis=1)
        with sf.SoundFile(tmp_path / "link", "w", sr, channels, format="OGG", subtype=subtype) as file:
            for start in range(0, len(y), 4096):
                file.write(y[start : start + 4096])
        return (tmp_path / "link").read_bytes()

    return make


@pytest.fixture
def written(tmp_path):
    def write(*links: bytes):
        path = tmp_path / "chained.ogg"
        path.write_bytes(b"".join(links))
        return path

    return write


def _whole(path) -> np.ndarray:
    with open_audio(path) as audio:
        return audio.read(0, audio.length(24_000), 24_000)


def _frequency(y: np.ndarray) -> float:
    return float(np.abs(np.fft.rfft(y * np.hanning(len(y)))).argmax() * 24_000 / len(y))


@pytest.mark.parametrize("subtypes", [("VORBIS",) * 2, ("OPUS",) * 2, ("OPUS", "VORBIS"), ("VORBIS",) * 3])
def test_all_links_are_read_in_order(ogg, written, subtypes):
    links = [ogg(330 * n, subtype=subtype) for n, subtype in enumerate(subtypes, start=1)]
    path = written(*links)
    assert check(path).duration_s == pytest.approx(4 * len(links), abs=0.01)
    y = _whole(path)
    for n in range(len(links)):
        assert _frequency(y[n * 96_000 + 9_600 : (n + 1) * 96_000 - 9_600]) == pytest.approx(
            330 * (n + 1), abs=1
        )
    with open_audio(path) as audio:
        for start in (10_000, 90_000, 100_000):  # before, across and after the joint
            np.testing.assert_allclose(
                audio.read(start, 12_000, 24_000), y[start : start + 12_000], atol=1e-5
            )


@pytest.mark.parametrize("subtype", ["VORBIS", "OPUS"])
def test_a_file_twice_has_one_serial_number_and_is_read_twice(ogg, written, subtype):
    link = ogg(subtype=subtype)
    assert check(written(link)).duration_s == pytest.approx(4), "the control"
    assert check(written(link, link)).duration_s == pytest.approx(8)


def test_large_files_are_searched_only_where_the_last_page_is_suspicious(ogg, written, monkeypatch):
    monkeypatch.setattr(ogg_links, "_SMALL", 0)
    searched = []
    search = ogg_links._first_pages
    monkeypatch.setattr(ogg_links, "_first_pages", lambda file: searched.append(1) or search(file))
    first, second = ogg(duration_s=20), ogg(duration_s=20)
    for links, n_links in (((first,), 0), ((first, second), 2), ((first, first), 2)):
        with open(written(*links), "rb", buffering=0) as file:
            assert len(find_links(file)) == n_links and bool(searched) == bool(n_links)
            assert len(find_links(file, thorough=True)) == n_links
        searched.clear()


@pytest.mark.usefixtures("decoded_here")
def test_links_that_only_a_search_finds_are_named_when_the_file_is_added(ogg, written, monkeypatch):
    monkeypatch.setattr(ogg_links, "_may_be_chained", lambda file, size: False)
    with pytest.raises(AudioError, match=r"further audio behind its first 4\.0 s"):
        check(written(ogg(), ogg(440)))


def test_mono_and_stereo_links_are_mixed(ogg, written):
    for channels in (1, 2):
        path = written(ogg(channels=channels), ogg(channels=3 - channels))
        info = check(path)
        assert (info.duration_s, info.channels) == (pytest.approx(8), channels)
        assert np.abs(_whole(path)[100_000:]).max() == pytest.approx(0.4, abs=0.1)


def test_another_sample_rate_or_a_damaged_link_is_named(ogg, written):
    with pytest.raises(AudioError, match="the first has 48000 Hz and number 2 44100 Hz"):
        check(written(ogg(), ogg(sr=44_100)))
    damaged = bytearray(ogg(440))
    damaged[100:4000] = bytes(3900)
    with pytest.raises(AudioError, match="2 OGG streams one after the other, of which number 2 is not audio"):
        check(written(ogg(), damaged))
    link = ogg(440)
    with pytest.raises(AudioError, match="truncated"):
        check(written(ogg(), link[: len(link) // 2]))


def test_a_browser_is_given_all_links_as_an_excerpt(ogg, written):
    served, mime = playable(written(ogg(), ogg(440)))
    assert mime == "audio/flac" and sf.info(served).duration == pytest.approx(8, abs=0.01)


def test_the_word_oggs_within_a_stream_is_no_link(ogg, written):
    link = ogg()
    path = written(link + b"OggS\0\2" + bytes(8) + b"text that is no stream")
    with open(path, "rb", buffering=0) as file:
        assert find_links(file, thorough=True) == []


def test_a_slice_reads_like_a_file_of_its_own(tmp_path):
    (tmp_path / "a").write_bytes(bytes(range(100)))
    with open(tmp_path / "a", "rb", buffering=0) as file:
        part = Slice(file, 10, 30)
        assert part.read() == bytes(range(10, 30)) and part.seek(-5, 2) == 15 == part.tell()
        assert part.read(9) == bytes(range(25, 30)) and part.read(1) == b""
