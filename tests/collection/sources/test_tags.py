"""Tags in many encodings, damaged tags, and lyrics files."""

import os
import sys

import pytest

from core.collection.formats.lrc import strip_stamps
from core.collection.sources.tags import MAX_LYRICS, read_side_text, read_tags


def test_vorbis_comments_are_read(tmp_path, make_sound):
    path = make_sound(
        tmp_path / "a.ogg",
        sr=22_050,
        tags={"title": "Ein Lied", "artist": "Jemand", "genre": "folk", "album": "Alt"},
    )
    tags = read_tags(path)
    assert (tags["title"], tags["artist"], tags["genre"], tags["album"]) == (
        "Ein Lied",
        "Jemand",
        "folk",
        "Alt",
    )


@pytest.mark.parametrize(
    ("encoding", "artist", "title"),
    [
        ("cp1251", "Виктор Цой", "Группа крови на рукаве"),
        ("cp932", "坂本九", "上を向いて歩こう さくら さくら"),
        ("utf-8", "Sigur Rós", "Svefn-g-englar ágætis"),
        ("latin-1", "Björk", "Jóga Ágætis"),
        ("latin-1", "Motörhead", "Où êtes-vous, été"),
        ("cp1252", "Queen", "Don’t Stop Me Now"),
    ],
)
def test_misdeclared_encodings_are_mended_and_latin_is_left(tmp_path, id3, encoding, artist, title):
    path = id3(tmp_path / "a.mp3", {"TPE1": artist.encode(encoding), "TIT2": title.encode(encoding)})
    tags = read_tags(path)
    assert (tags["artist"], tags["title"]) == (artist, title)


def test_shift_jis_in_id3v1_is_mended(tmp_path, make_sound):
    path = make_sound(tmp_path / "a.mp3", sr=22_050)
    title = "上を向いて歩こう".encode("cp932").ljust(30, b"\0")
    path.write_bytes(path.read_bytes() + b"TAG" + title + b"\0" * 94 + b"\x11")
    tags = read_tags(path)
    assert tags["title"] == "上を向いて歩こう"
    assert tags["genre"] == "Rock"


def test_language_and_lyrics_are_read_from_id3(tmp_path, id3):
    tags = read_tags(
        id3(tmp_path / "a.mp3", {"TLAN": b"deu", "USLT": b"\0[00:01.00]eins\nzwei", "TCON": b"Jazz;Bop"})
    )
    assert (tags["language"], tags["lyrics"], tags["genre"]) == ("deu", "eins\nzwei", "Jazz")


def test_several_genres_are_read_in_their_order_and_the_first_stays_the_genre(tmp_path, id3):
    tags = read_tags(id3(tmp_path / "a.mp3", {"TCON": b"Jazz;Bop; jazz"}))
    assert (tags["genre"], tags["genres"]) == ("Jazz", "Jazz; Bop")
    tags = read_tags(id3(tmp_path / "b.mp3", {"TCON": b"Jazz\0Hard Bop"}))
    assert (tags["genre"], tags["genres"]) == ("Jazz", "Jazz; Hard Bop")
    assert read_tags(id3(tmp_path / "c.mp3", {"TCON": b"R&B/Soul"}))["genres"] == ""


@pytest.mark.parametrize("size", [b"\x7f\x7f\x7f\x7f", b"\0\0\0\x01"])
def test_damaged_tags_give_nothing_and_raise_nothing(tmp_path, size):
    path = tmp_path / "a.mp3"
    path.write_bytes(b"ID3\x03\0\0" + size + b"TIT2\xff\xff\xff\xff\0\0" + os.urandom(3_000))
    assert set(read_tags(path)) == {
        "title",
        "artist",
        "album",
        "genre",
        "genres",
        "language",
        "lyrics",
        "year",
    }


def test_a_tag_that_claims_gigabytes_is_not_read_into_memory(tmp_path):
    path = tmp_path / "a.m4a"
    with open(path, "wb") as file:  # sparse: an MP4 atom of 3 GB
        file.write(
            b"\0\0\0\x10ftypM4A \0\0\0\0"
            + (3 * 2**30).to_bytes(4, "big")
            + b"moov"
            + (3 * 2**30 - 8).to_bytes(4, "big")
            + b"udta"
        )
        file.truncate(3 * 2**30)
    assert read_tags(path)["title"] == ""


def test_a_file_without_tags_and_a_missing_file_give_nothing(tmp_path, make_sound):
    assert set(read_tags(make_sound(tmp_path / "a.au")).values()) == {""}
    assert set(read_tags(tmp_path / "gone.mp3").values()) == {""}


def test_lrc_stamps_and_head_entries_are_dropped():
    text = (
        "[ti:Song]\n[ar:Who]\n[offset:+100]\n[00:12.00][01:15.30]Twice sung\n[00:13]<00:13.5>word "
        "<00:14.0>by word\n[Chorus]\nplain"
    )
    assert strip_stamps(text) == "Twice sung\nword by word\n[Chorus]\nplain"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
def test_side_files_are_read_in_their_encoding(tmp_path, encoding):
    path = tmp_path / "a.txt"
    path.write_bytes("Группа крови на рукаве,\nмой порядковый номер".encode(encoding))
    assert read_side_text(path) == "Группа крови на рукаве,\nмой порядковый номер"


def test_side_files_are_bounded_and_binary_ones_ignored(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("слово и слово\n" * 100_000, encoding="utf-8")
    text = read_side_text(path)
    assert (
        0 < len(text) <= MAX_LYRICS
        and "\ufffd" not in text
        and set(text.splitlines()[:-1]) == {"слово и слово"}
    )
    path.write_bytes(b"\0\1\2\3" * 100)
    assert read_side_text(path) == ""
    assert read_side_text(tmp_path / "gone.txt") == ""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a FIFO")
def test_a_pipe_beside_the_sound_is_not_opened(tmp_path):
    os.mkfifo(tmp_path / "a.txt")
    assert read_side_text(tmp_path / "a.txt") == ""
