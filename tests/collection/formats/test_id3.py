"""ID3 tags of every version and encoding, and their genre references."""

import struct
import zlib

import pytest

from core.collection.formats.id3_genres import GENRES, expand_references
from core.collection.sources.tags import read_tags


def _safe(n: int) -> bytes:
    return bytes(n >> shift & 0x7F for shift in (21, 14, 7, 0))


def _frame(name: str, content: bytes, version: int, flags: int = 0) -> bytes:
    if version == 2:
        return name.encode() + len(content).to_bytes(3, "big") + content
    size = _safe(len(content)) if version == 4 else struct.pack(">I", len(content))
    return name.encode() + size + bytes((0, flags)) + content


def _tag(version: int, *frames: bytes, flags: int = 0, body: bytes | None = None) -> bytes:
    body = b"".join(frames) if body is None else body
    return b"ID3" + bytes((version, 0, flags)) + _safe(len(body)) + body


@pytest.fixture
def tagged(tmp_path, make_sound):
    """Return a function that puts a tag in front of an MP3, and perhaps one behind, and reads it."""

    def read(tag: bytes, after: bytes = b"", name: str = "a.mp3") -> dict:
        path = make_sound(tmp_path / name, sr=22_050)
        path.write_bytes(tag + path.read_bytes() + after)
        return read_tags(path)

    return read


@pytest.mark.parametrize(
    "value, genres",
    [
        ("(155)", ["Downtempo"]),
        ("(139)", ["Crossover"]),
        ("155", ["Downtempo"]),
        ("(51)(39)", ["Techno-Industrial", "Noise"]),
        ("(4)Eurodisco", ["Eurodisco"]),
        ("(51)(39)Own", ["Techno-Industrial", "Own"]),
        ("(17)Rock", ["Rock"]),
        ("((Foo bar)", ["(Foo bar)"]),
        ("(9)((live) metal", ["(live) metal"]),
        ("(Foo bar)", ["(Foo bar)"]),
        ("(RX)", ["Remix"]),
        ("(CR)(17)", ["Cover", "Rock"]),
        ("RX", ["Remix"]),
        ("Rock", ["Rock"]),
        ("(255)", []),
        ("(192)", []),
        ("9999", []),
        ("", []),
    ],
)
def test_references(tagged, value, genres):
    assert expand_references(value) == genres
    tags = tagged(_tag(3, _frame("TCON", b"\0" + value.encode(), 3)))
    assert tags["genre"] == (genres or [""])[0]
    assert tags["genres"] == ("; ".join(genres) if len(genres) > 1 else "")


def test_the_list_has_all_numbers():
    assert len(GENRES) == len(set(GENRES)) == 192
    assert [GENRES[n] for n in (0, 79, 80, 125, 126, 141, 148, 191)] == [
        "Blues",
        "Hard Rock",
        "Folk",
        "Dance Hall",
        "Goa",
        "Christian Rock",
        "Abstract",
        "Psybient",
    ]


def test_several_values_of_version_4(tagged):
    tags = tagged(
        _tag(
            4,
            _frame("TIT2", b"\3one\0two", 4),
            _frame("TCON", b"\x0351\0(39)\0Own\0RX", 4),
        )
    )
    assert tags["title"] == "one" and tags["genres"] == "Techno-Industrial; Noise; Own; Remix"


def test_version_2_has_names_of_three_letters(tagged):
    tags = tagged(
        _tag(2, _frame("TT2", b"\0Title", 2), _frame("TP1", b"\0Who", 2), _frame("TCO", b"\0(17)(39)", 2))
    )
    assert (tags["title"], tags["artist"], tags["genres"]) == ("Title", "Who", "Rock; Noise")


@pytest.mark.parametrize("version", [3, 4])
@pytest.mark.parametrize(
    "content",
    [
        b"\0Caf\xe9",
        b"\1" + "\ufeffCafé".encode("utf-16-le"),
        b"\1" + "\ufeffCafé".encode("utf-16-be"),
        b"\1" + "Café".encode("utf-16-le"),
        b"\1" + "Café".encode("utf-16-be"),
        b"\1" + "\ufeffCafé\0\ufeffother".encode("utf-16-be"),
        b"\2" + "Café".encode("utf-16-be"),
        b"\3" + "Café".encode(),
        b"\0" + "\ufeffCafé".encode("utf-16-le"),
        b"\3" + "Café\0".encode(),
    ],
)
def test_encodings(tagged, version, content):
    assert tagged(_tag(version, _frame("TIT2", content, version)))["title"] == "Café"


def test_unsynchronised_compressed_grouped_and_extended(tagged):
    title = b"\1" + "\ufeffÿþ Titel".encode("utf-16-le")
    plain = _frame("TIT2", title, 3)
    unsynchronised = plain.replace(b"\xff", b"\xff\0")
    assert tagged(_tag(3, flags=0x80, body=unsynchronised))["title"] == "ÿþ Titel"
    frame = _frame("TIT2", title.replace(b"\xff", b"\xff\0"), 4, flags=2)
    assert tagged(_tag(4, frame))["title"] == "ÿþ Titel"
    packed = zlib.compress(b"\3Packed")
    assert tagged(_tag(4, _frame("TIT2", _safe(7) + packed, 4, flags=9)))["title"] == "Packed"
    assert tagged(_tag(3, _frame("TIT2", struct.pack(">I", 7) + packed, 3, flags=0x80)))["title"] == "Packed"
    assert tagged(_tag(3, _frame("TIT2", b"\x01\0Group", 3, flags=0x20)))["title"] == "Group"
    extended = struct.pack(">IHI", 6, 0, 0)
    assert tagged(_tag(3, extended, _frame("TIT2", b"\0Title", 3), flags=0x40))["title"] == "Title"
    assert tagged(_tag(4, _safe(6) + b"\1\0", _frame("TIT2", b"\0Title", 4), flags=0x40))["title"] == "Title"


def test_itunes_sizes(tagged):
    comment = b"\0eng\0" + b"x" * 200
    wrong = b"COMM" + struct.pack(">I", len(comment)) + b"\0\0" + comment
    assert tagged(_tag(4, wrong, _frame("TCON", b"\0(155)", 4)))["genre"] == "Downtempo"


def test_lyrics_frame(tagged):
    content = (
        b"\1eng"
        + "\ufeffdesc\0".encode("utf-16-le")
        + "\ufeff[00:01.00]Grüße\n[00:02,5]zwei".encode("utf-16-le")
    )
    assert tagged(_tag(3, _frame("USLT", content, 3)))["lyrics"] == "Grüße\nzwei"
    assert tagged(_tag(3, _frame("USLT", b"\0engwithout description", 3)))["lyrics"] == "without description"


@pytest.mark.parametrize("number, genre", [(17, "Rock"), (155, "Downtempo"), (139, "Crossover"), (255, "")])
def test_id3v1_alone(tagged, number, genre):
    tag = (
        b"TAG" + b"Old title".ljust(30, b"\0") + b"Old artist".ljust(30, b"\0") + bytes(64) + bytes((number,))
    )
    tags = tagged(b"", tag)
    assert (tags["title"], tags["artist"], tags["genre"]) == ("Old title", "Old artist", genre)
    newer = tagged(_tag(3, _frame("TIT2", b"\0New", 3), _frame("TCON", b"\0(4)Own", 3)), tag)
    assert (newer["title"], newer["artist"], newer["genre"]) == ("New", "Old artist", "Own")


@pytest.mark.parametrize("ending, name, order", [("wav", b"id3 ", "<I"), ("aiff", b"ID3 ", ">I")])
def test_a_chunk_of_wav_and_aiff(tmp_path, make_sound, ending, name, order):
    path = make_sound(tmp_path / f"a.{ending}", sr=22_050)
    tag = _tag(3, _frame("TIT2", b"\0Title", 3), _frame("TCON", b"\0(51)(155)", 3))
    path.write_bytes(path.read_bytes() + name + struct.pack(order, len(tag)) + tag + b"\0" * (len(tag) % 2))
    tags = read_tags(path)
    assert (tags["title"], tags["genres"]) == ("Title", "Techno-Industrial; Downtempo")


def test_entities_are_decoded_before_genres_are_split(tagged):
    frames = {
        "TIT2": b"Rock &amp; Roll &#39;n&#39; Blues",
        "TPE1": b"AT&T &amp;amp; Co",
        "TCON": b"R&amp;B; Drum &#x26; Bass",
    }
    tags = tagged(_tag(3, *(_frame(name, b"\0" + text, 3) for name, text in frames.items())))
    assert (tags["title"], tags["artist"]) == ("Rock & Roll 'n' Blues", "AT&T & Co")
    assert (tags["genre"], tags["genres"]) == ("R&B", "R&B; Drum & Bass")
