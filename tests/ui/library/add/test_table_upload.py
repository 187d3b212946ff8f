import pytest
from streamlit.testing.v1 import AppTest

from core import store
from core.ui.library.add.source_choice import as_name


@pytest.mark.parametrize(
    "given, name",
    [
        ("My Songs (2)", "My-Songs-2"),
        ("Müsik & Samples", "Musik-Samples"),
        ("Ölgemälde - Étude", "Olgemalde-Etude"),
        ("日本", "music"),
        ("..", "music"),
        ("a" * 90, "a" * 60),
        ("ok_1.b", "ok_1.b"),
    ],
)
def test_any_name_becomes_one_that_a_collection_can_have(given, name):
    from core.collection.naming import check_name

    assert as_name(given) == check_name(name)


def form(**address) -> AppTest:
    def app():
        import streamlit as st

        from core.ui.library.add.table_choice import take_table
        from core.ui.shared.frame import friendly
        from core.ui.shared.url_state import read_address, write_address

        read_address("library")
        with friendly():
            st.text(f"taken {take_table('Table', 'table')}")
        write_address()

    at = AppTest.from_function(app, default_timeout=30)
    at.query_params.update(address)
    return at.run()


def test_a_table_is_kept_shown_and_exchanged():
    at = form()
    at.file_uploader[0].upload("songs.csv", b"a,b\n1,2\n").run()
    assert not at.exception and not at.file_uploader
    assert at.text[0].value.endswith("songs.csv") and "1 row" in at.markdown[0].value
    at.button(key="table-another").click().run()
    assert at.text[0].value == "taken None" and len(at.file_uploader) == 1


@pytest.mark.parametrize(
    "address", ["../collections/x.csv", "/etc/passwd", "table-a/none.csv", "", "a\0b.csv"]
)
def test_an_address_leads_to_uploaded_tables_only(address):
    other = store.folder("collections") / "x.csv"
    other.write_text("a\n1\n")
    at = form(table=address)
    assert not at.exception and at.text[0].value == "taken None"


def test_a_table_on_the_server_within_the_roots(tmp_path, monkeypatch):
    (tmp_path / "root").mkdir()
    monkeypatch.setenv("SONGSCAPE_ROOTS", str(tmp_path / "root"))
    inside, outside = tmp_path / "root" / "songs.csv", tmp_path / "songs.csv"
    for path in (inside, outside):
        path.write_text("a,b\n1,2\n")
    at = form()
    at.text_input(key="table-typed").input(str(outside)).run()
    assert "outside the folders" in at.error[0].value.replace("\\", "") and at.text[0].value == "taken None"
    at.text_input(key="table-typed").input(str(inside.with_name("none.csv"))).run()
    assert "is not a CSV or Parquet file" in at.error[0].value.replace("\\", "")
    at.text_input(key="table-typed").input(str(inside)).run()
    assert not at.exception and at.text[0].value == f"taken {inside}"
    assert form(table=str(inside)).text[0].value == f"taken {inside}"
    assert form(table=str(outside)).text[0].value == "taken None"
    at.button(key="table-another").click().run()
    assert at.text[0].value == "taken None" and len(at.file_uploader) == 1


def test_what_is_no_table_is_refused_with_the_reason():
    at = form()
    at.file_uploader[0].upload("songs.parquet", b"no parquet").run()
    assert not at.exception and "can't be read as a table" in at.error[0].value.replace("\\", "")
