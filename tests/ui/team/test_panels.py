"""What Library shows a person on a server with sign-in, and that nobody else's files open by address."""

import pytest
from streamlit.testing.v1 import AppTest

from core.access.quotas import upload_folder
from core.access.read_only_links import find_link, links_of
from core.access.sharing import share
from core.access.uploaded_files import list_uploads
from core.access.viewer import Viewer, enforce
from core.collection.sources.uploads import save_uploads
from tests.access.conftest import acting, add


@pytest.fixture
def show(monkeypatch):
    """Return a function that runs a page's lines as somebody."""
    monkeypatch.delenv("SONGSCAPE_ROOTS", raising=False)

    def run(lines: str, who: str, **query: str) -> AppTest:
        enforce(lambda: Viewer(email=f"{who}@example.org"))
        at = AppTest.from_string(lines, default_timeout=20)
        at.query_params.update(query)
        return at.run()

    yield run
    enforce(None)


ACCESS = "from core.ui.team.sharing_panel import show_access; show_access('songs')"
UPLOADS = "from core.ui.team import uploads_panel; uploads_panel._show()"
TABLE = """
from core.ui.library.add.table_choice import take_table
from core.ui.shared.frame import page, show_link_notice
with page("Library"):
    take_table("Table", "table")
    show_link_notice()
"""
FORM = """
from core.ui.library.add.add_forms import show_add_form
from core.ui.shared.frame import page
with page("Library"):
    show_add_form([])
"""


def button(at: AppTest, label: str):
    return next(one for one in at.button if one.label == label)


def test_an_owner_shares_and_others_are_told_that_they_only_read(show):
    with acting("anna"):
        add("songs")
    at = show(ACCESS, "anna")
    assert at.text[0].value == "Owned by anna@example.org. Nobody else sees it."
    at.text_area[0].input("ben@example.org, carl@example.org")
    button(at, "Save").click()
    at.run()
    assert at.text[0].value.endswith("ben@example.org, carl@example.org see it, too.")
    at = show(ACCESS, "ben")
    assert not at.button and at.text[0].value.endswith("You can't change it.")


def test_a_wrong_address_is_refused_in_a_sentence(show):
    with acting("anna"):
        add("songs")
    at = show(ACCESS, "anna")
    at.text_area[0].input("ben")
    button(at, "Save").click()
    at.run()
    assert "is not an e" in at.error[0].value and not at.exception


def test_a_new_owner_is_named(show):
    with acting("anna"):
        add("songs")
    at = show(ACCESS, "anna")
    at.text_input[0].input("ben@example.org")
    button(at, "Change owner").click()
    at.run()
    assert not at.button and at.text[0].value.startswith("Owned by ben@example.org. ")
    assert button(show(ACCESS, "ben"), "Change owner")


def test_a_link_is_created_shown_once_and_withdrawn(show):
    with acting("anna"):
        add("songs")
    at = show(ACCESS, "anna")
    button(at, "Create link").click()
    at.run()
    token = at.code[0].value.partition("?link=")[2]
    with acting("anna"):
        assert find_link(token) and len(links_of("songs")) == 1
    button(at, "Withdraw").click()
    at.run()
    assert find_link(token) is None and not at.code
    assert not show(ACCESS, "anna").code  # not shown again


def test_uploads_are_ones_own_and_can_be_deleted(show):
    for name in ("anna", "ben"):
        with acting(name):
            save_uploads(f"of-{name}", [("a.wav", bytes(1_000))])
    at = show(UPLOADS, "anna")
    shown = " ".join(text.value for text in at.markdown)
    assert "anna" in shown and "ben" not in shown
    button(at, "Delete of\\-anna").click()
    at.run()
    with acting("anna"):
        assert list_uploads() == []
    with acting("ben"):
        assert [upload.name for upload in list_uploads()] == ["of-ben"]


def test_nobody_opens_the_uploaded_table_of_somebody_else_by_its_address(show):
    with acting("anna"):
        path = save_uploads("table-numbers", [("numbers.csv", b"a,b\n1,2\n3,4\n")])
        folder = upload_folder().name
    assert "numbers" in show(TABLE, "anna", table="table-numbers/numbers.csv").markdown[0].value
    for address in ("table-numbers/numbers.csv", f"../{folder}/table-numbers/numbers.csv", str(path)):
        at = show(TABLE, "ben", table=address)
        assert "could not be honoured" in at.warning[0].value
        assert not [text for text in at.markdown if "numbers" in text.value]


SELECTION = """
import types
import numpy as np
from core import collection as collections
from core.ui.explore import selection
from core.ui.shared.frame import page
from core.ui.shared.url_state import get
import streamlit as st
with page("Explore"):
    collection = collections.load(collections.names()[0])
    space = types.SimpleNamespace(rows=np.arange(2), left_out={})
    st.text(f"{collection.name} {selection.selected_tracks(collection, space)} {get('group')} {get('track')}")
    for reason in selection.missing_reasons(collection, space):
        st.text(reason)
    if collection.name == "songs":
        selection.select_found(["a" * 32])
        selection.select_track(collection, space, 0)
"""


def test_a_selection_is_of_its_session_and_shows_nobody_elses_tracks(show):
    with acting("anna"):
        add("songs", ["a" * 32, "b" * 32])
    with acting("ben"):
        add("other", ["c" * 32, "d" * 32])
    at = show(SELECTION, "anna").run()
    name, selected, group, track = at.text[0].value.split()
    assert (name, selected, track) == ("songs", "[0]", "a" * 32) and group.startswith("s")
    assert at.text[0].value.startswith("songs")
    assert show(SELECTION, "ben").text[0].value.split() == ["other", "None"]
    found = [text.value for text in show(SELECTION, "ben", group=group, track=track).text]
    assert found[0].startswith("other None") and len(found) == 3
    assert "is not in other" in found[1] and "No track of the selection" in found[2]


def test_folders_are_offered_only_where_some_are_open(show, monkeypatch, tmp_path):
    at = show(FORM, "anna")
    assert "Folder" not in at.segmented_control[0].options and at.segmented_control[0].value == "files"
    (tmp_path / "music").mkdir()
    monkeypatch.setenv("SONGSCAPE_ROOTS", str(tmp_path / "music"))
    assert "Folder" in show(FORM, "anna").segmented_control[0].options


def test_a_callback_that_is_refused_says_so_and_the_page_goes_on(show):
    with acting("anna"):
        add("songs")
        share("songs", with_all=True)
    lines = """
import streamlit as st
from core.collection import remove
from core.ui.shared.frame import callback, friendly
st.button("Try", on_click=callback(lambda: remove("songs")))
with friendly():
    st.text("page")
"""
    at = show(lines, "ben")
    button(at, "Try").click()
    at.run()
    assert "only anna" in at.error[0].value and at.text[0].value == "page" and not at.exception
    assert not at.run().error  # once
