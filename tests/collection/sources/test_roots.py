"""Folders that the browser may walk."""

import os
import sys

import pytest

from core.collection.sources.roots import allowed_roots, resolve_table, resolve_within, subfolders
from core.errors import CollectionError

posix = pytest.mark.skipif(sys.platform == "win32", reason="needs links")


@pytest.fixture
def root(tmp_path, monkeypatch):
    """Allow one folder; another lies beside it with a name that begins alike."""
    (tmp_path / "music" / "jazz").mkdir(parents=True)
    (tmp_path / "music2").mkdir()
    monkeypatch.setenv("SONGSCAPE_ROOTS", str(tmp_path / "music"))
    return tmp_path / "music"


def test_the_variable_names_the_roots_and_what_is_missing_is_left_out(tmp_path, monkeypatch):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    monkeypatch.setenv(
        "SONGSCAPE_ROOTS", os.pathsep.join(str(tmp_path / name) for name in ("b", "nowhere", "a", "b"))
    )
    assert allowed_roots() == [(tmp_path / "b").resolve(), (tmp_path / "a").resolve()]


def test_without_it_home_and_the_working_folder_are_allowed(tmp_path, monkeypatch):
    monkeypatch.delenv("SONGSCAPE_ROOTS", raising=False)
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    assert allowed_roots()[:2] == [(tmp_path / "home").resolve(), tmp_path.resolve()]


def test_a_folder_below_a_root_is_resolved(root):
    assert resolve_within(root / "jazz" / ".." / "jazz") == (root / "jazz").resolve()
    assert resolve_within(root) == root.resolve()


@pytest.mark.parametrize("outside", ["../music2", "..", "jazz/../../music2", "../nowhere", "/"])
def test_what_lies_outside_is_refused_with_the_line_that_allows_it(root, outside):
    with pytest.raises(CollectionError) as error:
        resolve_within(root / outside)
    wanted = (root / outside).resolve()
    if sys.platform != "win32":
        assert f'SONGSCAPE_ROOTS="{root.resolve()}:{wanted}" make app' in str(error.value)


def test_what_is_missing_or_no_folder_is_refused(root):
    (root / "file").write_text("x")
    for name in ("file", "gone", "nul\0byte"):
        with pytest.raises(CollectionError):
            resolve_within(root / name)


@pytest.mark.parametrize("name", ["a" * 10_000, "a\0b", "\ud800"])
def test_a_name_that_no_file_can_have_is_refused(root, name):
    for resolve in (resolve_within, resolve_table):
        with pytest.raises(CollectionError):
            resolve(root / f"{name}.csv")


@posix
def test_links_are_followed_before_the_comparison(root, tmp_path):
    os.symlink(tmp_path / "music2", root / "leaves")
    os.symlink(root / "jazz", root / "stays")
    os.symlink(root / "loop", root / "loop")
    with pytest.raises(CollectionError, match="is outside"):
        resolve_within(root / "leaves")
    assert resolve_within(root / "stays") == (root / "jazz").resolve()
    assert [row["name"] for row in subfolders(root)] == ["jazz", "stays"]
    with pytest.raises(CollectionError):
        resolve_within(root / "loop")


def test_subfolders_come_with_their_counts(root):
    for name in ("jazz/a.mp3", "jazz/b.WAV", "jazz/.c.mp3", "jazz/cover.jpg"):
        (root / name).write_bytes(b"x")
    (root / "jazz" / "deep").mkdir()
    (root / "Ambient").mkdir()
    (root / ".hidden").mkdir()
    assert subfolders(root) == [
        {"name": "Ambient", "path": str(root.resolve() / "Ambient"), "n_audio": 0, "n_folders": 0},
        {"name": "jazz", "path": str(root.resolve() / "jazz"), "n_audio": 2, "n_folders": 1},
    ]


@posix
def test_a_shell_would_read_the_line_as_it_is_meant(root, tmp_path):
    import shlex

    with pytest.raises(CollectionError) as error:
        resolve_within(tmp_path / "$(touch x) `y` \"z\" 'w'")
    line = str(error.value).split("start with ")[1]
    assert (
        shlex.split(line)[0]
        == f"SONGSCAPE_ROOTS={root.resolve()}:{tmp_path.resolve()}/$(touch x) `y` \"z\" 'w'"
    )
