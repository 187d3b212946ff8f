"""APE tags, and the metadata of formats that only FFmpeg reads."""

import struct

import av
import numpy as np
import pytest

from core.collection.sources.tags import read_tags

ID3V1 = b"TAG" + b"A title that is cut after 30 by".ljust(30)[:30] + bytes(94) + b"\x11"
TEXT, BINARY = 0, 2


def _ape(
    items: dict, version: int = 2000, header: bool = True, footer: bool = True, kind: int = TEXT
) -> bytes:
    body = b"".join(
        struct.pack("<II", len(value), kind) + key.encode() + b"\0" + value for key, value in items.items()
    )

    def edge(flags: int) -> bytes:
        return b"APETAGEX" + struct.pack("<IIII", version, len(body) + 32, len(items), flags) + bytes(8)

    both = 0x8000_0000
    return (
        (edge(both | 0x2000_0000) if header else b"")
        + body
        + (edge(both if header else 0) if footer else b"")
    )


ITEMS = {"Title": "Tïtle".encode(), "ARTIST": b"Who", "Genre": b"Rock\0Pop", "Year": b"1999", "Album": b"LP"}


@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("after", [b"", ID3V1])
@pytest.mark.parametrize("ending", ["mp3", "wv", "mpc", "ape", "tta", "tak"])
def test_a_tag_at_the_end_of_any_format(tmp_path, make_sound, ending, after, header):
    path = make_sound(tmp_path / "a.mp3", sr=22_050).rename(tmp_path / f"a.{ending}")
    path.write_bytes(path.read_bytes() + _ape(ITEMS, header=header) + after)
    tags = read_tags(path)
    assert (tags["title"], tags["artist"], tags["album"], tags["year"]) == ("Tïtle", "Who", "LP", "1999")
    assert (tags["genre"], tags["genres"]) == ("Rock", "Rock; Pop")


def test_a_tag_at_the_start_and_one_of_version_1(tmp_path, make_sound):
    path = make_sound(tmp_path / "a.mp3", sr=22_050)
    sound = path.read_bytes()
    path.write_bytes(_ape(ITEMS, footer=False) + sound)
    assert read_tags(path)["title"] == "Tïtle"
    path.write_bytes(sound + _ape({"Title": b"Caf\xe9"}, version=1000, header=False, kind=BINARY))
    assert read_tags(path)["title"] == "Café"


def test_id3v2_goes_before_and_ape_fills_the_gaps(tmp_path, id3):
    path = id3(tmp_path / "a.mp3", {"TIT2": b"From ID3", "TCON": b"(155)"})
    path.write_bytes(path.read_bytes() + _ape(ITEMS))
    tags = read_tags(path)
    assert (tags["title"], tags["artist"], tags["genre"]) == ("From ID3", "Who", "Downtempo")


def test_pictures_and_damage_are_left_out(tmp_path, make_sound):
    path = make_sound(tmp_path / "a.mp3", sr=22_050)
    sound = path.read_bytes()
    path.write_bytes(sound + _ape({"Title": b"\x89PNG"}, kind=BINARY))
    assert read_tags(path)["title"] == ""
    good = _ape(ITEMS, header=False)
    for at in range(0, len(good) - 32, 7):
        bad = bytearray(good)
        bad[at : at + 4] = b"\xff\xff\xff\xff"
        path.write_bytes(sound + bad)
        assert all(len(value) <= len("Rock; Pop") + 8 for value in read_tags(path).values())
    for size in (0, 31, 32, 10**9):
        path.write_bytes(sound + good[:-20] + struct.pack("<I", size) + good[-16:])
        assert read_tags(path)["title"] == ""


@pytest.mark.parametrize(
    "name, codec, keys",
    [
        ("a.mka", "aac", {"title": "Title", "ARTIST": "Who", "GENRE": "Rock &amp; Roll; Pop"}),
        ("a.webm", "libopus", {"TITLE": "Title", "artist": "Who", "genre": "Rock &amp; Roll; Pop"}),
        ("a.wv", "wavpack", {"title": "Title", "artist": "Who", "genre": "Rock &amp; Roll; Pop"}),
        ("a.avi", "libmp3lame", {"title": "Title", "artist": "Who", "genre": "Rock &amp; Roll; Pop"}),
        ("a.mkv", "aac", {"title-eng": "Title", "ARTIST": "Who", "GENRE": "Rock &amp; Roll; Pop"}),
    ],
)
def test_metadata_that_ffmpeg_reads(tmp_path, name, codec, keys):
    with av.open(str(tmp_path / name), "w") as out:
        out.metadata.update(keys)
        stream = out.add_stream(codec, rate=48_000, layout="stereo")
        for start in range(0, 9_600, 960):
            part = np.sin(np.arange(start, start + 960) / 10)[None].repeat(2, 0).astype(np.float32)
            frame = av.AudioFrame.from_ndarray(part, format="fltp", layout="stereo")
            frame.sample_rate, frame.pts = 48_000, start
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    tags = read_tags(tmp_path / name)
    assert (tags["title"], tags["artist"]) == ("Title", "Who")
    assert (tags["genre"], tags["genres"]) == ("Rock & Roll", "Rock & Roll; Pop")
