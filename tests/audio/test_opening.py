"""Opening files: no pipe, no link out of the folder and no resource fork is opened in a file's place."""

import os
import stat
import threading

import pytest

from core.audio.decode import check
from core.audio.opening import open_source_file
from core.collection.sources.tags import read_side_text, read_tags
from core.errors import AudioError
from tests.audio.crop import read_crop

needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")


def _in_time(act) -> str:
    """Return why a file can't be used, "" where it can; a blocking call fails the test."""
    said = []

    def look():
        try:
            act()
            said.append("")
        except AudioError as reason:
            said.append(str(reason))

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    thread.join(20)
    assert not thread.is_alive(), "blocks"
    return said[0]


@needs_pipes
@pytest.mark.parametrize("name", ["a.flac", "a.mp3", "a.wav"])
@pytest.mark.parametrize("as_link", [False, True])
def test_nothing_is_opened_where_macos_keeps_resource_forks(tmp_path, name, as_link):
    path, fork = tmp_path / name, tmp_path / f"._{name}"
    path.write_bytes(bytes(20_000))
    os.mkfifo(tmp_path / "pipe")
    fork.symlink_to(tmp_path / "pipe") if as_link else os.mkfifo(fork)
    assert "not audio" in _in_time(lambda: check(path))


@needs_pipes
@pytest.mark.parametrize("read", [check, open_source_file])
def test_a_pipe_that_takes_a_files_place_is_opened_without_waiting(tmp_path, write_sound, monkeypatch, read):
    os.mkfifo(tmp_path / "x.wav")
    looked = os.stat(write_sound("was.wav"))
    monkeypatch.setattr(os, "stat", lambda *args, **settings: looked)
    assert "pipe" in _in_time(lambda: read(tmp_path / "x.wav"))


@needs_pipes
def test_tags_and_side_texts_wait_for_no_pipe(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "x.mp3")
    monkeypatch.setattr(os, "stat", lambda *args, **settings: os.stat_result((stat.S_IFREG, *range(9))))
    found = []
    _in_time(lambda: found.extend([read_tags(tmp_path / "x.mp3"), read_side_text(tmp_path / "x.mp3")]))
    assert set(found[0].values()) == {""} and found[1] == ""


def test_a_link_is_followed_only_within_the_folder(tmp_path, write_sound):
    outside = write_sound("outside.wav")
    (tmp_path / "inside" / "deep").mkdir(parents=True)
    root = (tmp_path / "inside").resolve()
    (root / "deep" / "real.wav").write_bytes(outside.read_bytes())
    (root / "link.wav").symlink_to(root / "deep" / "real.wav")
    (root / "leaves.wav").symlink_to(outside)
    (root / "way").symlink_to(tmp_path)
    assert check(root / "link.wav", root) == check(outside) == check(root / "leaves.wav")
    for path in (root / "leaves.wav", root / "way" / "outside.wav"):
        with pytest.raises(AudioError, match="leaves the folder"):
            check(path, root)
        assert set(read_tags(path, root).values()) == {""} and read_side_text(path, root) == ""


def test_a_file_object_gives_the_same_samples(write_sound, monkeypatch):
    """Windows' libsndfile is handed the open file instead of its descriptor."""
    for name in ("a.wav", "a.flac", "a.mp3", "a.ogg"):
        path = write_sound(name)
        ours = read_crop(path, 1, 2, 22_050)
        with monkeypatch.context() as patch:
            patch.setattr("core.audio.decoders.sndfile.sys.platform", "win32")
            assert (read_crop(path, 1, 2, 22_050) == ours).all()


def test_no_descriptor_is_left_open(write_sound, write_with_ffmpeg, tmp_path):
    (tmp_path / "bad.wav").write_bytes(b"no sound")
    paths = [write_sound("a.ogg"), write_with_ffmpeg("a.m4a", "aac"), tmp_path / "bad.wav", tmp_path]
    lowest = os.dup(0)
    os.close(lowest)
    for path in paths:
        _in_time(lambda path=path: check(path))
    again = os.dup(0)
    os.close(again)
    assert again == lowest
