"""Names that every file system accepts."""

import pytest

from core.collection.naming import safe_file_name


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("a.wav", "a.wav"),
        ("../../etc/passwd.wav", "passwd.wav"),
        ("C:\\music\\a.wav", "a.wav"),
        (".hidden.wav", "hidden.wav"),
        ("<img src=x onerror=1>.wav", "_img src=x onerror=1_.wav"),
        ("emoji 🎻\n.wav", "emoji 🎻_.wav"),
        ("", "file"),
        ("..", "file"),
    ],
)
def test_a_name_becomes_one_that_stays_in_its_folder(given, safe):
    assert safe_file_name(given) == safe


@pytest.mark.parametrize("name", ["é" * 500 + ".wav", "x" * 500, "." + "x" * 500])
def test_long_names_are_cut_and_keep_their_ending(name):
    safe = safe_file_name(name)
    assert 0 < len(safe.encode()) <= 200 and safe.endswith(".wav") == name.endswith(".wav")
