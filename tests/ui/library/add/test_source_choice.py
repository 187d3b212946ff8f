"""Walking through folders in the browser."""

import sys

import pytest
from streamlit.testing.v1 import AppTest


@pytest.fixture
def place(tmp_path, monkeypatch):
    root = tmp_path / "root"
    (root / "a_b" / "deep").mkdir(parents=True)
    (root / "a_b" / "one.wav").touch()
    (tmp_path / "outside").mkdir()
    monkeypatch.setenv("SONGSCAPE_ROOTS", str(root))
    return root


def walk(**address) -> AppTest:
    def app():
        import streamlit as st

        from core.ui.library.add.source_choice import choose_folder
        from core.ui.shared.url_state import read_address, write_address

        read_address("library")
        st.text(f"at {choose_folder('here')}")
        write_address()

    at = AppTest.from_function(app, default_timeout=30)
    at.query_params.update(address)
    return at.run()


def press(at: AppTest, key: str) -> AppTest:
    at.button(key=key).click().run()
    assert not at.exception
    return at


def test_in_and_back_again(place):
    at = walk()
    assert at.text[0].value == "at None"
    press(at, f"here-go-{place}")
    assert [b.label.replace("\\", "") for b in at.button if b.key.startswith("here-go-")] == [
        "a_b  :gray[1 audio file · 1 folder]"
    ]
    press(at, f"here-go-{place / 'a_b'}")
    assert at.text[0].value == f"at {place / 'a_b'}"
    press(at, f"here-way-{place}")
    assert at.text[0].value == f"at {place}"
    press(at, "here-places")
    assert at.text[0].value == "at None" and "here" not in at.query_params


@pytest.mark.skipif(
    sys.platform == "win32", reason="links need rights there, and names have no such characters"
)
def test_odd_names_and_links_that_leave_the_root(place):
    (place / "<img src=x>\n**b**").mkdir()
    (place / "away").symlink_to(place.parent / "outside")
    at = walk(here=str(place))
    labels = [b.label for b in at.button if b.key.startswith("here-go-")]
    assert len(labels) == 2 and any(
        "&lt;img" in label and "\n" not in label and "**" not in label for label in labels
    )
    assert walk(here=str(place / "away")).text[0].value == "at None"


def test_many_folders_are_narrowed_by_typing(place):
    for number in range(70):
        (place / f"artist {number}").mkdir()
    at = walk(here=str(place))
    assert len([b for b in at.button if b.key.startswith("here-go-")]) == 60
    assert any("60 of 71 folders" in c.value for c in at.caption)
    at.text_input(key="here-narrow").input("ARTIST 69").run()
    assert [b.label for b in at.button if b.key.startswith("here-go-")] == ["artist 69"]


def test_a_folder_that_vanished_leads_back_to_the_places(place):
    at = walk(here=str(place / "a_b" / "deep"))
    assert at.text[0].value.endswith("deep")
    (place / "a_b" / "deep").rmdir()
    at.run()
    assert not at.exception and at.text[0].value == "at None"


def test_a_typed_path_that_is_not_there_says_so(place):
    at = walk()
    at.text_input(key="here-typed").input(str(place / "nothing")).run()
    assert "is not a folder" in at.error[0].value.replace("\\", "")
