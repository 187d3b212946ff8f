"""Finding sound files without ever opening one."""

import os
import sys

import pytest

from core.collection.problem import Problem
from core.collection.sources.walk import Found, walk

posix = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX files")


def found_in(root):
    return [item.file for item in walk(root) if isinstance(item, Found)]


def reasons_in(root):
    return {os.path.basename(item.path): item.reason for item in walk(root) if isinstance(item, Problem)}


def touch(path, data=b"x"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def test_walks_down_and_passes_over_what_is_no_sound(tmp_path):
    for name in (
        "b/two.FLAC",
        "a/deep/er/one.mp3",
        "three.m4a",
        "cover.jpg",
        "notes.txt",
        ".hidden.wav",
        ".git/x.wav",
        "a/._one.mp3",
        "main.ts",
    ):
        touch(tmp_path / name)
    assert sorted(found_in(tmp_path)) == ["a/deep/er/one.mp3", "b/two.FLAC", "three.m4a"]
    assert reasons_in(tmp_path) == {}


def test_words_beside_the_sound_are_found_and_lrc_comes_first(tmp_path):
    for name in ("a.mp3", "A.TXT", "b.mp3", "b.txt", "b.lrc", "c.mp3"):
        touch(tmp_path / name)
    words = {item.file: [side.name for side in item.lyrics] for item in walk(tmp_path)}
    assert words == {"a.mp3": ["A.TXT"], "b.mp3": ["b.lrc", "b.txt"], "c.mp3": []}


def test_a_folder_named_like_sound_is_a_problem_and_its_tracks_are_found(tmp_path):
    touch(tmp_path / "x.mp3" / "inner.wav")
    assert found_in(tmp_path) == ["x.mp3/inner.wav"]
    assert "folder" in reasons_in(tmp_path)["x.mp3"]


@posix
def test_pipes_and_sockets_are_reported_unopened(tmp_path):
    os.mkfifo(tmp_path / "pipe.mp3")
    os.mkfifo(tmp_path / "pipe")
    os.symlink(tmp_path / "pipe", tmp_path / "linked.wav")
    reasons = reasons_in(tmp_path)
    assert reasons == {
        "pipe.mp3": "is a named pipe, not a file",
        "linked.wav": "is a link to a named pipe, not to a file",
    }


@posix
def test_links_stay_below_the_root(tmp_path):
    root, outside = tmp_path / "root", tmp_path / "outside"
    touch(outside / "secret.mp3")
    touch(root / "a" / "real.mp3")
    os.symlink(root / "a" / "real.mp3", root / "inside.mp3")
    os.symlink(outside / "secret.mp3", root / "leaves.mp3")
    os.symlink(outside, root / "leaving folder")
    os.symlink(root / "gone.mp3", root / "broken.mp3")
    os.symlink(root / "gone", root / "broken note")
    os.symlink(root, root / "a" / "up")
    os.symlink(root / "a", root / "again")
    os.symlink("self.mp3", root / "self.mp3")
    assert sorted(found_in(root)) == ["a/real.mp3", "inside.mp3"]
    assert reasons_in(root) == {
        "leaves.mp3": "is a link that leaves the folder",
        "leaving folder": "is a link that leaves the folder",
        "broken.mp3": "is a broken link",
        "up": "is a link to a folder that contains it",
        "self.mp3": "is a circular link",
    }


@posix
def test_words_that_leave_the_root_are_not_taken(tmp_path):
    touch(tmp_path / "secret")
    touch(tmp_path / "root" / "a.mp3")
    os.symlink(tmp_path / "secret", tmp_path / "root" / "a.txt")
    assert [item.lyrics for item in walk(tmp_path / "root")] == [()]


@posix
def test_names_that_are_no_text_are_reported_readably(tmp_path):
    raw = os.fsencode(tmp_path) + b"/caf\xe9.mp3"
    try:
        with open(raw, "wb") as file:
            file.write(b"x")
    except OSError:
        pytest.skip("this file system takes only Unicode names")
    touch(tmp_path / "ok.mp3")
    assert found_in(tmp_path) == ["ok.mp3"]
    assert "not valid Unicode" in reasons_in(tmp_path)["caf\\xe9.mp3"]


def test_a_folder_that_cannot_be_opened_is_reported_and_the_rest_goes_on(tmp_path, monkeypatch):
    touch(tmp_path / "closed" / "a.mp3")
    touch(tmp_path / "open" / "b.mp3")
    real = os.scandir

    def scandir(path):
        if os.path.basename(path) == "closed":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert found_in(tmp_path) == ["open/b.mp3"]
    assert reasons_in(tmp_path) == {"closed": "is a folder that can't be opened: permission denied"}
