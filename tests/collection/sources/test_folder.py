"""Reading folders: good files, odd files, broken files."""

import os
import shutil
import sys

import numpy as np
import pytest
import soundfile

from core.collection.sources import folder as folder_module
from core.collection.sources.folder import hash_file, read_folder
from core.errors import Cancelled, CollectionError

posix = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX files")


def reasons(problems):
    return {os.path.basename(problem.path): problem.reason for problem in problems}


def test_reads_every_format_that_libsndfile_writes(tmp_path, make_sound):
    for i, ending in enumerate(("wav", "flac", "ogg", "mp3", "aiff", "au")):
        make_sound(tmp_path / f"{ending}.{ending}", 200 + 30 * i, sr=22_050)
    make_sound(tmp_path / "opus.opus", 500, sr=48_000, format="OGG", subtype="OPUS")
    tracks, problems, counts = read_folder(tmp_path)
    assert list(tracks["title"]) == ["aiff", "au", "flac", "mp3", "ogg", "opus", "wav"]
    assert problems == [] and counts["n_read"] == 7
    np.testing.assert_allclose(tracks["duration_s"], 0.3, atol=0.06)


def test_reads_m4a_through_pyav(tmp_path):
    import av

    with av.open(str(tmp_path / "song.m4a"), "w") as container:
        stream = container.add_stream("aac", rate=22_050, layout="mono")
        y = (0.5 * np.sin(np.arange(22_050) * 0.1)).astype(np.float32)[None]
        frame = av.AudioFrame.from_ndarray(y, format="fltp", layout="mono")
        frame.sample_rate = 22_050
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    tracks, problems, _ = read_folder(tmp_path)
    assert list(tracks["file"]) == ["song.m4a"] and problems == []


def test_odd_files_are_simply_read(tmp_path, make_sound):
    make_sound(tmp_path / "hires.wav", 301, sr=192_000)
    make_sound(tmp_path / "surround.wav", 302, channels=6)
    make_sound(tmp_path / "deep.wav", 303, subtype="PCM_24")
    make_sound(tmp_path / "hit.wav", 304, seconds=0.05, sr=44_100)
    names = ["emoji 🎻.wav", "ναι.wav", "semi;colon,comma.wav"]
    names += ["line\nbreak.wav", "<img src=x onerror=alert(1)>.wav"] if sys.platform != "win32" else []
    for i, name in enumerate(names):
        make_sound(tmp_path / name, 400 + i)
    notes = []
    tracks, problems, _ = read_folder(tmp_path, lambda done, total, note="", **figures: notes.append(note))
    assert problems == [] and all(note.isprintable() for note in notes)
    assert set(names) <= set(tracks["file"]) and len(tracks) == 4 + len(names)


def test_each_broken_file_is_one_problem_and_the_rest_goes_on(tmp_path, make_sound):
    make_sound(tmp_path / "good.wav")
    (tmp_path / "empty.mp3").write_bytes(b"")
    whole = make_sound(tmp_path / "cut.wav", 230, seconds=2).read_bytes()
    (tmp_path / "cut.wav").write_bytes(whole[: len(whole) // 3])
    whole = make_sound(tmp_path / "cut.flac", 231, seconds=4, sr=44_100).read_bytes()
    (tmp_path / "cut.flac").write_bytes(whole[: len(whole) // 3])
    (tmp_path / "text.ogg").write_text("this is no music " * 500)
    soundfile.write(tmp_path / "silent.wav", np.zeros(8_000), 8_000)
    soundfile.write(tmp_path / "one.wav", np.ones(1), 8_000)
    soundfile.write(tmp_path / "nan.wav", np.full(8_000, np.nan, np.float32), 8_000, subtype="FLOAT")
    (tmp_path / "folder.mp3").mkdir()
    expected = {
        "empty.mp3": "empty",
        "cut.wav": "truncated",
        "cut.flac": "truncated",
        "text.ogg": "",
        "silent.wav": "silent",
        "one.wav": "1 sample",
        "nan.wav": "not numbers",
        "folder.mp3": "folder",
    }
    if sys.platform != "win32":
        os.mkfifo(tmp_path / "pipe.wav")
        os.symlink("/etc/hostname", tmp_path / "leaves.mp3")
        expected |= {"pipe.wav": "pipe", "leaves.mp3": "leaves the folder"}
    tracks, problems, counts = read_folder(tmp_path)
    assert list(tracks["file"]) == ["good.wav"]
    told = reasons(problems)
    assert set(told) == set(expected) and len(problems) == len(expected)
    for name, word in expected.items():
        assert word in told[name] and len(told[name]) > 8, (name, told[name])
    assert all(problem.kind == "error" for problem in problems)
    assert counts["n_broken"] == 7


def test_an_unreadable_file_is_a_problem(tmp_path, make_sound, monkeypatch):
    make_sound(tmp_path / "good.wav")
    make_sound(tmp_path / "mine.wav", 300)
    real = folder_module.hash_file

    def deny(path):  # file modes stop nobody who runs the tests as root
        if path.name == "mine.wav":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(folder_module, "hash_file", deny)
    tracks, problems, _ = read_folder(tmp_path)
    assert list(tracks["file"]) == ["good.wav"]
    assert reasons(problems) == {"mine.wav": "can't be read: permission denied"}


def test_a_duplicate_keeps_its_first_path(tmp_path, make_sound):
    make_sound(tmp_path / "b" / "first.wav")
    make_sound(tmp_path / "other.wav", 300)
    shutil.copy(tmp_path / "b" / "first.wav", tmp_path / "copy.wav")
    tracks, problems, counts = read_folder(tmp_path)
    assert list(tracks["file"]) == ["b/first.wav", "other.wav"]
    assert [(p.reason, p.kind) for p in problems] == [("the same content as b/first.wav", "duplicate")]
    assert counts["n_duplicates"] == 1


def test_an_id_is_the_hash_of_the_bytes_and_survives_a_move(tmp_path, make_sound):
    make_sound(tmp_path / "a" / "x.wav")
    before = read_folder(tmp_path / "a")[0]["track_id"][0]
    (tmp_path / "b").mkdir()
    (tmp_path / "a" / "x.wav").rename(tmp_path / "b" / "renamed.wav")
    assert (
        read_folder(tmp_path / "b")[0]["track_id"][0] == before == hash_file(tmp_path / "b" / "renamed.wav")
    )
    assert len(before) == 32


def test_a_second_reading_opens_only_what_is_new(tmp_path, make_sound, monkeypatch):
    make_sound(tmp_path / "old.wav")
    make_sound(tmp_path / "goes.wav", 250)
    first = read_folder(tmp_path)[0]
    opened = []
    real = folder_module.hash_file
    monkeypatch.setattr(folder_module, "hash_file", lambda path: opened.append(path.name) or real(path))
    read_folder(tmp_path)
    assert opened == []
    make_sound(tmp_path / "new.wav", 300)
    (tmp_path / "goes.wav").unlink()
    tracks, _, counts = read_folder(tmp_path)
    assert opened == ["new.wav"] and counts["n_read"] == 1
    assert list(tracks["file"]) == ["new.wav", "old.wav"]
    assert tracks["track_id"][1] == first["track_id"][1]
    make_sound(tmp_path / "old.wav", 350, seconds=0.4)
    assert read_folder(tmp_path)[0]["track_id"][1] != first["track_id"][1]
    assert opened == ["new.wav", "old.wav"]


def test_damaged_knowledge_is_no_knowledge(tmp_path, make_sound, own_store):
    make_sound(tmp_path / "a.wav")
    first = read_folder(tmp_path)[0]
    for kept in (own_store / "collections" / ".known").glob("*.parquet"):
        kept.write_bytes(b"rubbish")
    assert read_folder(tmp_path)[0].equals(first)


def test_a_cancelled_reading_keeps_what_it_learnt(tmp_path, make_sound):
    for i in range(6):
        make_sound(tmp_path / f"{i}.wav", 200 + i)

    def stop(done, total, note="", **figures):
        if total and done == 4:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        read_folder(tmp_path, stop)
    assert read_folder(tmp_path)[2]["n_read"] <= 2


def test_words_beside_the_sound_come_before_those_inside(tmp_path, id3):
    id3(tmp_path / "a.mp3", {"TIT2": b"Inside", "USLT": b"\0inner words"})
    assert read_folder(tmp_path)[0]["lyrics"][0] == "inner words"
    (tmp_path / "a.lrc").write_text("[ar:Somebody]\n[00:01.50]outer\n[00:02.00]words")
    tracks = read_folder(tmp_path)[0]
    assert tracks["lyrics"][0] == "outer\nwords"
    assert (tracks["title"][0], tracks["title_from"][0]) == ("Inside", "tags")


@pytest.mark.parametrize("content", [[], ["cover.jpg"], ["broken.mp3"]])
def test_a_folder_without_usable_sound_says_so(tmp_path, content):
    for name in content:
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(CollectionError, match="no audio file|none of the 1 audio files"):
        read_folder(tmp_path)


def test_a_missing_folder_says_so(tmp_path):
    with pytest.raises(CollectionError, match="there is no folder"):
        read_folder(tmp_path / "nowhere")


@pytest.mark.skipif(sys.platform != "linux", reason="only there a name may be no valid Unicode")
def test_every_note_and_error_about_a_folder_of_any_name_can_be_printed(tmp_path, make_sound):
    make_sound(tmp_path / "a.wav")
    odd = os.path.join(os.fsencode(tmp_path), b"m\xff\x1b")
    os.mkdir(odd)
    os.replace(tmp_path / "a.wav", os.path.join(odd, b"a.wav"))
    notes = []
    with pytest.raises(CollectionError) as error:
        read_folder(os.fsdecode(odd), lambda done, total, note="", **_: notes.append(note))
    assert notes and all(note.isprintable() for note in notes)
    str(error.value).encode("utf-8")
