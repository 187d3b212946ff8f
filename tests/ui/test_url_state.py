from streamlit.testing.v1 import AppTest

from core.ui.url_state import URL_STATE


def page():
    import streamlit as st

    from core.ui.url_state import read_address, record, start_widget, write_address

    read_address()
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


def test_coming_back_to_the_page_finds_the_choice():
    at = AppTest.from_function(page)
    at.session_state[URL_STATE] = {"k": "4"}
    assert at.run().slider[0].value == 4


def test_what_is_no_option_is_not_taken():
    for nonsense in ("99", "x", "", "-1"):
        at = AppTest.from_function(page)
        at.query_params["k"] = nonsense
        assert at.run().slider[0].value == 8


def test_a_number_is_told_its_value_twice():
    def numbers():
        import streamlit as st

        from core.ui.url_state import read_address, record, start_number

        read_address()
        record("k", st.slider("k", 2, 10, **start_number("k", range(2, 11), 8, int)))

    at = AppTest.from_function(numbers).run()
    assert at.slider[0].proto.default == [8], "what the browser falls back to where it missed the session's word"
    at.slider[0].set_value(5).run()
    assert at.slider[0].value == 5 and at.slider[0].proto.default == [5] and not at.exception
