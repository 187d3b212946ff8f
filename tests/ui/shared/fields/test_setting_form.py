"""One form generator: every kind of field, and values that another part of the page remembers."""

import pytest
from streamlit.testing.v1 import AppTest

from core.config import Field, Setting
from core.ui.shared.fields.setting_form import step_of
from core.ui.shared.url_state import URL_STATE


def form() -> AppTest:
    def app():
        from dataclasses import dataclass
        from typing import Literal

        import streamlit as st

        from core.config import Config, settable, setting
        from core.ui.shared.fields.setting_form import draw_setting

        @dataclass(frozen=True)
        class Smoothing(Config):
            width: int = setting(5, low=1, high=9, title="Width", help="Frames.")
            rate: float = setting(1e-6, above=0, title="Rate", help="Step.")
            window: Literal["hann", "flat"] = setting("hann", title="Window", help="Weights.")
            sizes: tuple[int, ...] = setting((4, 2), low=1, title="Sizes", help="Widths.")
            share: float = setting(0.5, above=0, below=1, title="Share", help="Of frames.")
            source: str = setting("file", title="Source", help="Where from.")
            is_centred: bool = setting(True, title="Centred", help="Whether centred.")
            is_padded: bool | None = setting(None, title="Padded", help="Whether padded.")
            order: Literal[0, 1] | None = setting(0, title="Order", help="Of the filter.")
            radius: float | None = setting(None, above=0, title="Radius", help="Distance.")

        values = {}
        for field in settable(Smoothing):
            values[field.name] = draw_setting(field, field.default, f"smoothing.{field.name}")
            values[f"again.{field.name}"] = draw_setting(field, field.default, f"again.{field.name}")
        st.session_state["values"] = values

    return AppTest.from_function(app, default_timeout=60)


DEFAULTS = {
    "width": 5,
    "rate": 1e-6,
    "window": "hann",
    "sizes": (4, 2),
    "source": "file",
    "is_centred": True,
    "is_padded": None,
    "order": 0,
    "radius": None,
    "share": 0.5,
}


def test_every_kind_of_field_starts_at_its_value():
    at = form().run()
    assert not at.exception
    assert at.session_state["values"] == DEFAULTS | {
        f"again.{name}": value for name, value in DEFAULTS.items()
    }
    assert at.selectbox(key="smoothing.is_padded").options == ["Automatic", "Yes", "No"]
    assert (
        at.number_input(key="smoothing.rate").step == 1e-7 and at.number_input(key="smoothing.width").max == 9
    )
    assert at.toggle(key="smoothing.is_centred").help == "**is_centred**: Whether centred."


def test_what_is_chosen_is_a_value_of_the_fields_kind():
    at = form().run()
    at.selectbox(key="smoothing.order").set_value(1)
    at.selectbox(key="smoothing.is_padded").set_value("No")
    at.text_input(key="smoothing.sizes").set_value("8, 4")
    at.number_input(key="smoothing.radius").set_value(0.5)
    at.run()
    values = at.session_state["values"]
    assert (values["order"], values["is_padded"], values["sizes"], values["radius"]) == (
        1,
        False,
        (8, 4),
        0.5,
    )


def test_a_value_that_the_page_remembers_is_shown():
    at = form()
    remembered = {
        "width": "7",
        "window": "flat",
        "sizes": "9, 3",
        "is_centred": "false",
        "radius": "0.25",
        "rate": "nonsense",
        "order": "1",
        "share": "1e-12",
    }
    at.session_state[URL_STATE] = {"": {f"again.{name}": text for name, text in remembered.items()}}
    at.run()
    assert not at.exception
    values = {name: at.session_state["values"][f"again.{name}"] for name in DEFAULTS}
    assert values == DEFAULTS | {
        "width": 7,
        "window": "flat",
        "sizes": (9, 3),
        "is_centred": False,
        "radius": 0.25,
        "order": 1,
        "share": 1e-9,
    }
    state = at.session_state[URL_STATE][""]
    assert (
        state["again.sizes"] == "9, 3" and state["again.is_centred"] == "false" and state["again.rate"] == ""
    )
    at.text_input(key="again.sizes").set_value("6")
    at.run()
    assert at.session_state[URL_STATE][""]["again.sizes"] == "6" and at.session_state["values"][
        "again.sizes"
    ] == (6,)


SHARE = {"low": 0, "high": 1}


@pytest.mark.parametrize(
    "kind, value, bounds, step",
    [
        (int, 200, {"low": 1}, 1),
        (int | None, None, {"low": 1}, 1),
        (float, 0.001, {"above": 0}, 0.0001),  # a learning rate
        (float, 1.15, {"above": 0}, 0.1),
        (float, 4.0, {"low": 0}, 0.1),
        (float, 10.0, {"above": 0, "high": 100}, 1.0),
        (float, 0.1, {"low": 0.005, "high": 10}, 0.01),  # a temperature
        (float, 0.0, {"low": 0}, 0.01),  # weight decay
        (float | None, None, {"above": 0}, 0.1),
        (float, 0.2, SHARE, 0.05),
        (float, 0.0, {"low": 0, "below": 1}, 0.05),
        (float, 0.0, {"low": 0, "high": 0.5}, 0.05),
        (float, 0.75, {"above": 0, "below": 1}, 0.05),
        (float, 1.0, SHARE, 0.05),
        (float, 0.9, {"low": 0, "below": 1}, 0.05),
        (float, 0.999, {"low": 0, "below": 1}, 0.001),  # beta2
        (float, 0.02, {"above": 0, "high": 1}, 0.001),  # a factor of the learning rate
    ],
)
def test_the_buttons_of_a_number_change_it_by_a_step_that_suits_its_default(kind, value, bounds, step):
    assert step_of(Field("x", kind, value, Setting("X", "An x.", **bounds)), value) == step
