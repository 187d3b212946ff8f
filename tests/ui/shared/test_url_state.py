from streamlit.testing.v1 import AppTest

from core.ui.shared.url_state import URL_STATE


def page():
    import streamlit as st

    from core.ui.shared.url_state import read_address, record, start_widget, write_address

    read_address("explore")
    record("k", st.slider("k", 2, 10, key=start_widget("k", range(2, 11), 8, int)))
    write_address()


def address(at: AppTest) -> dict:
    return {name: value[0] if isinstance(value, list) else value for name, value in at.query_params.items()}


def test_a_widget_writes_the_address_and_the_address_the_widget():
    at = AppTest.from_function(page).run()
    at.slider[0].set_value(5).run()
    assert address(at) == {"k": "5"}
    other = AppTest.from_function(page)
    other.query_params["k"] = "5"
    assert other.run().slider[0].value == 5


def test_a_link_followed_later_is_taken_up():
    at = AppTest.from_function(page).run()
    at.slider[0].set_value(5).run()
    at.query_params["k"] = "3"
    assert at.run().slider[0].value == 3


def test_an_overtaken_address_of_ours_does_not_undo_the_widget():
    at = AppTest.from_function(page).run()
    at.slider[0].set_value(5).run()
    at.slider[0].set_value(6).run()
    at.query_params["k"] = "5"  # what the browser still showed when the next run was asked for
    at.run()
    assert at.slider[0].value == 6 and address(at) == {"k": "6"}


def test_back_restores_the_settings_of_that_address(monkeypatch):
    from core.ui.shared import url_state

    at = AppTest.from_function(two_settings).run()
    at.toggle[0].set_value(True).run()
    at.slider[0].set_value(5).run()
    assert address(at) == {"k": "5", "search": "1"}
    monkeypatch.setattr(url_state, "is_history_navigation", lambda: True)
    at.query_params.clear()
    at.query_params["k"] = "8"  # an address that this session wrote itself
    at.run()
    assert at.slider[0].value == 8 and not at.toggle[0].value and address(at) == {"k": "8"}


def two_settings():
    import streamlit as st

    from core.ui.shared.url_state import read_address, record, start_widget, toggle, write_address

    read_address("explore")
    record("k", st.slider("k", 2, 10, key=start_widget("k", range(2, 11), 8, int)))
    toggle("Search", "search")
    write_address()


def test_values_that_no_widget_takes_are_listed_until_the_next_link():
    def refusing():
        import streamlit as st

        from core.ui.shared.url_state import read_address, record, refused_values, start_widget, write_address

        read_address("explore")
        record("k", st.slider("k", 2, 10, key=start_widget("k", range(2, 11), 8, int)))
        st.session_state["refused"] = refused_values()
        write_address()

    at = AppTest.from_function(refusing)
    at.query_params.update({"k": "99", "unknown": "x"})
    assert at.run().session_state["refused"] == {"k": "99"}
    at.slider[0].set_value(5).run()
    assert at.session_state["refused"] == {"k": "99"}  # until it is dismissed
    at.query_params["k"] = "3"
    assert at.run().session_state["refused"] == {}


def test_coming_back_to_the_page_finds_the_choice():
    at = AppTest.from_function(page)
    at.session_state[URL_STATE] = {"explore": {"k": "4"}}
    assert at.run().slider[0].value == 4


def test_what_is_no_option_is_not_taken():
    for nonsense in ("99", "x", "", "-1"):
        at = AppTest.from_function(page)
        at.query_params["k"] = nonsense
        assert at.run().slider[0].value == 8


def test_a_number_gets_its_value_from_session_and_argument():
    def numbers():
        import streamlit as st

        from core.ui.shared.url_state import read_address, record, start_with_value

        read_address("explore")
        record("k", st.slider("k", 2, 10, **start_with_value("k", range(2, 11), 8, int)))

    at = AppTest.from_function(numbers).run()
    assert at.slider[0].proto.default == [8], "the browser's fallback where it missed the session's value"
    at.slider[0].set_value(5).run()
    assert at.slider[0].value == 5 and at.slider[0].proto.default == [5] and not at.exception


def test_choices_texts_and_toggles_have_what_a_browser_falls_back_to():
    def widgets():
        import streamlit as st

        from core.ui.shared.url_state import choose_option, read_address, toggle, type_text

        read_address("explore")
        choose_option("map", "Projection", ["pacmap", "umap", "pca"], "pacmap")
        choose_option("look", "Modality", ["audio", "text"], "audio", draw=st.segmented_control)
        type_text("find", "Find")
        toggle("Keep", "keep")

    at = AppTest.from_function(widgets)
    at.query_params.update({"map": "pca", "look": "text", "find": "choir", "keep": "1"})
    for _ in range(2):  # the second run sends no value of the session
        at.run()
        assert at.selectbox[0].proto.default == 2 and at.selectbox[0].value == "pca"
        assert at.button_group[0].proto.default == [1] and at.button_group[0].value == "text"
        assert at.text_input[0].proto.default == "choir" and at.toggle[0].proto.default and not at.exception
    at.selectbox[0].set_value("umap").run()
    assert at.selectbox[0].proto.default == 1 and not at.selectbox[0].proto.set_value


def two_pages():
    import streamlit as st

    from core.ui.shared.url_state import get, put, read_address, record, start_widget, write_address

    page = st.session_state["page"]
    read_address(page)
    record("on", st.text_input("Collection", key=start_widget("on", None, "")))
    record("find", st.text_input("Find", key=start_widget("find", None, "")))
    put("seen", f"{get('seen')}{page[0]}")
    write_address()


def show(at: AppTest, page: str) -> AppTest:
    """Draw a page as a visitor comes to it from another: its address is empty."""
    at.session_state["page"] = page
    at.query_params.clear()
    return at.run()


def test_pages_keep_their_own_values_under_one_name_and_share_the_collection():
    at = show(AppTest.from_function(two_pages), "library")
    at.text_input[0].set_value("demo")
    at.text_input[1].set_value("rain").run()
    assert address(at) == {"on": "demo", "find": "rain", "seen": "ll"}
    show(at, "explore")
    assert at.text_input[1].value == "" and address(at) == {"on": "demo", "seen": "e"}
    at.text_input[1].set_value("a slow song").run()
    assert address(show(at, "library")) == {"on": "demo", "find": "rain", "seen": "lll"}
    assert address(show(at, "explore")) == {"on": "demo", "find": "a slow song", "seen": "eee"}


def test_the_address_of_another_page_of_this_session_is_not_taken_up():
    at = show(AppTest.from_function(two_pages), "library")
    at.text_input[1].set_value("rain").run()
    at.session_state["page"] = "explore"  # before the browser dropped the query of the Library
    assert at.run().text_input[1].value == "" and "rain" not in address(at).values()


def test_an_entry_of_another_page_is_set_without_touching_this_one():
    def leave():
        from core.ui.shared.url_state import open_on_explore, put, read_address, write_address

        read_address("models")
        put("audio", "mine")
        open_on_explore("songs")
        put("audio", "mlp-vae", page="explore")
        write_address()

    at = AppTest.from_function(leave).run()
    assert address(at) == {"audio": "mine", "on": "songs"}
    assert at.session_state[URL_STATE]["explore"] == {"track": "", "group": "", "audio": "mlp-vae"}


def test_names_in_an_address_reach_no_other_entry_of_the_session():
    at = AppTest.from_function(page)
    at.session_state["songscape-pages"] = "kept"
    at.query_params.update({"songscape-pages": "x", URL_STATE: "x", "k": "5"})
    assert at.run().slider[0].value == 5 and not at.exception
    assert at.session_state["songscape-pages"] == "kept"
