"""The widgets of a model's settings give exactly what `train --set` reads."""

from streamlit.testing.v1 import AppTest

from core.models import MODELS, get_model
from core.training.settings import fields_of, parse_settings


def form(name: str) -> AppTest:
    def app(name):
        import streamlit as st

        from core.models import get_model
        from core.ui.models.train_form import choose_settings

        st.session_state["changed"] = choose_settings(name, get_model(name))

    return AppTest.from_function(app, default_timeout=60, args=(name,)).run()


def widgets_of(at: AppTest) -> dict:
    return {w.key: w for kind in (at.number_input, at.text_input, at.selectbox, at.toggle) for w in kind}


def test_every_setting_of_every_model_has_a_widget_that_starts_at_its_default():
    for name in MODELS:
        at = form(name)
        assert not at.exception, name
        widgets, fields = (
            widgets_of(at),
            {f"{name}.{field.name}": field for field in fields_of(get_model(name))},
        )
        assert set(widgets) == set(fields)
        for key, field in fields.items():
            assert (
                widgets[key].label == field.setting.title
                and widgets[key].help == f"**{field.name}**: {field.setting.help}"
            )
        assert at.session_state["changed"] == {}


def test_what_was_changed_is_what_training_reads():
    at = form("conv-vae")
    widgets = widgets_of(at)
    widgets["conv-vae.epochs"].set_value(3)
    widgets["conv-vae.beta"].set_value(0.5)
    widgets["conv-vae.scaling"].set_value("as-published")
    widgets["conv-vae.channels"].set_value("8, 16")
    at.run()
    changed = at.session_state["changed"]
    assert changed == {"epochs": "3", "beta": "0.5", "scaling": "as-published", "channels": "8, 16"}
    config, training = parse_settings(get_model("conv-vae"), changed)
    assert config.channels == (8, 16) and config.beta == 0.5 and training.epochs == 3


def test_numbers_stay_within_their_range():
    widgets = widgets_of(form("byol"))
    momentum, shift = widgets["byol.momentum"], widgets["byol.pitch_shift"]
    assert momentum.min == 0 and 0.999 < momentum.max < 1 and (shift.min, shift.max) == (0, 12)
    assert 0 < widgets["byol.lr"].min < 1e-6 and widgets["byol.lr"].max is None


def test_text_that_cannot_be_read_is_left_to_the_config_to_refuse():
    at = form("conv-vae")
    widgets_of(at)["conv-vae.channels"].set_value("8, x")
    at.run()
    assert not at.exception and at.session_state["changed"] == {"channels": "8, x"}


def test_none_is_a_choice_where_the_model_decides_by_itself():
    at = form("pca")
    widgets = widgets_of(at)
    assert widgets["pca.n_components"].value is None and widgets["pca.standardise"].value == "Automatic"
    widgets["pca.standardise"].set_value("No")
    widgets["pca.n_components"].set_value(4)
    at.run()
    config, training = parse_settings(get_model("pca"), at.session_state["changed"])
    assert config.standardise is False and config.n_components == 4 and training is None


def test_a_preset_moves_all_others_and_what_differs_from_it_is_said():
    at = form("mae")
    widgets_of(at)["mae.preset"].set_value("published")
    at.run()
    assert at.session_state["changed"] == {"preset": "published"}
    widgets = widgets_of(at)
    assert widgets["mae.published.dim"].value == 768 and widgets["mae.published.epochs"].value == 50
    widgets["mae.published.epochs"].set_value(2)
    at.run()
    assert at.session_state["changed"] == {"preset": "published", "epochs": "2"}
    config, training = parse_settings(get_model("mae"), at.session_state["changed"])
    assert config.decoder_layers == 4 and (training.epochs, training.lr, training.halve_from) == (2, 5e-5, 10)
