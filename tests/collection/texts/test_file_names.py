"""Titles in file names, in the ways that data sets and sample folders name their files."""

import pytest

from core.collection.texts.file_names import title_in_name


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("blues.00012", ["blues"]),  # GTZAN
        ("000002", ["000", "Hip-Hop"]),  # FMA
        ("TRAAAAW128F429D538", []),  # Million Song Dataset
        ("track_0001007", []),  # Jamendo
        ("kick01", ["kick"]),
        ("bass_hard01", ["basses"]),
        ("Kick Deep", ["kicks"]),
        ("DeepKick", ["Kick"]),
        ("snare-rim-shot", ["percussion", "Snares"]),
        ("Hip Hop Loop", ["Hip-Hop"]),
        ("Track 03", []),
        ("row 7", []),
        ("7", []),
    ],
)
def test_labels_and_serial_numbers_are_no_titles(name, labels):
    assert title_in_name(name, labels) == ""


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("03 - So What", "So What"),
        ("1-03 So What", "So What"),
        ("(12) Blue in Green", "Blue in Green"),
        ("Miles Davis - So What", "Miles Davis - So What"),
        ("99 Problems", "Problems"),
        ("Rocket Man", "Rocket Man"),
        ("আমার সোনার বাংলা", "আমার সোনার বাংলা"),
    ],
)
def test_titles_are_read_without_the_track_number(name, title):
    assert title_in_name(name, ["rock", "album"]) == title
