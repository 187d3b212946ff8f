from dataclasses import asdict

import pytest

from core.config import from_json, settable
from core.errors import ConfigError
from core.models import MODELS, get_model
from core.training.settings import list_settings, parse_settings


def test_each_key_finds_its_config_and_type():
    config, training = parse_settings(
        get_model("conv-vae"),
        {"latent_dim": "8", "beta": "0.25", "scaling": "as-published", "channels": "4, 8", "epochs": "3", "lr": "1e-2"},
    )
    assert (config.latent_dim, config.beta, config.scaling, config.channels) == (8, 0.25, "as-published", (4, 8))
    assert (training.epochs, training.lr, training.batch_size) == (3, 0.01, 16)


def test_optional_and_truth_values():
    kind = get_model("pca")
    assert parse_settings(kind, {"n_components": "5", "standardise": "no"})[0] == kind.Config(5, False)
    assert parse_settings(kind, {"n_components": "none"})[0].n_components is None


def test_unknown_key_lists_those_there_are():
    with pytest.raises(ConfigError, match="no setting 'epoch'; there are: latent_dim=32, .*epochs=25"):
        parse_settings(get_model("conv-vae"), {"epoch": "3"})


def test_a_closed_form_has_no_epochs():
    with pytest.raises(ConfigError, match="pca has no setting 'epochs'; there are: n_components"):
        parse_settings(get_model("pca"), {"epochs": "3"})


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        ("epochs", "many", "whole number"),
        ("epochs", "2.5", "whole number"),
        ("beta", "high", "beta='high' must be a number"),
        ("scaling", "sum", "normalised or as-published"),
        ("channels", "4,x", "commas"),
        ("beta", "nan", "beta=nan"),
        ("epochs", "-1", "epochs=-1"),
    ],
)
def test_values_that_cannot_be_are_named(key, text, said):
    with pytest.raises(ConfigError, match=said):
        parse_settings(get_model("conv-vae"), {key: text})


@pytest.mark.parametrize("name", MODELS)
def test_json_gives_the_same_config_back(name):
    import json

    kind = get_model(name)
    assert from_json(kind.Config, json.loads(json.dumps(asdict(kind.Config())))) == kind.Config()
    assert set(list_settings(kind)) >= {field.name for field in settable(kind.Config)}


@pytest.mark.parametrize(
    "bad", [{"latent_dim": "8"}, {"latent_dim": True}, {"layers": 3}, {"channels": 4}, {"scaling": "x"}, [1]]
)
def test_json_of_another_type_is_refused(bad):
    with pytest.raises(ConfigError, match="ConvVAEConfig"):
        from_json(get_model("conv-vae").Config, bad)
