import math
from dataclasses import asdict, replace

import pytest

from core.config import describe_fields, settable
from core.config.reading import format_value, from_json, parse_value
from core.errors import ConfigError
from core.models import MODELS, get_model
from core.models.train_config import TrainConfig
from core.training.settings import fields_of, list_settings, parse_settings

CONFIGS = {name: lambda name=name: get_model(name).Config for name in MODELS} | {
    "training": lambda: TrainConfig
}


def is_numeric(field):
    return field.plain_kind in (int, float, tuple[int, ...])


def values_outside(field):
    """Values that a field's range leaves out, by the bound that does."""
    s = field.setting
    step = 1 if field.plain_kind in (int, tuple[int, ...]) else 1e-3
    beyond = {"low": s.low, "high": s.high, "above": s.above, "below": s.below}
    moved = {"low": -step, "high": step, "above": 0, "below": 0}
    outside = [bound + moved[name] for name, bound in beyond.items() if bound is not None]
    if step != 1:
        outside += [math.nan, math.inf, -math.inf]
    return [(*field.default[1:], value) for value in outside] if isinstance(field.default, tuple) else outside


def test_each_key_finds_its_config_and_type():
    config, training = parse_settings(
        get_model("conv-vae"),
        {
            "latent_dim": "8",
            "beta": "0.25",
            "scaling": "as-published",
            "channels": "4, 8",
            "epochs": "3",
            "lr": "1e-2",
        },
    )
    assert (config.latent_dim, config.beta, config.scaling, config.channels) == (
        8,
        0.25,
        "as-published",
        (4, 8),
    )
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


@pytest.mark.parametrize("name", CONFIGS)
def test_every_setting_says_what_it_is_and_within_which_range(name):
    config = CONFIGS[name]()
    config()
    assert {field.name for field in describe_fields(config)} == set(config.__dataclass_fields__)
    for field in settable(config):
        assert field.setting.title and field.setting.help.strip().endswith((".", "*")), field.name
        assert field.setting.title != field.name and "_" not in field.setting.title, field.name
        if is_numeric(field):
            assert (field.setting.low, field.setting.above) != (None, None), (
                f"{field.name} has no least value"
            )


@pytest.mark.parametrize("name", CONFIGS)
def test_a_value_outside_of_each_range_is_refused_and_named(name):
    config = CONFIGS[name]()
    refused = 0
    for field in describe_fields(config):
        for value in values_outside(field) if is_numeric(field) else ():
            with pytest.raises(ConfigError) as told:
                replace(config(), **{field.name: value})
            assert str(told.value).startswith(f"{field.name}={value!r} must "), field.name
            refused += 1
        if field.choices:
            with pytest.raises(ConfigError, match=f"{field.name}='neither' must be {field.choices[0]} or"):
                replace(config(), **{field.name: "neither"})
    assert refused


@pytest.mark.parametrize("name", MODELS)
def test_every_default_is_read_again_from_its_text(name):
    model = get_model(name)
    for preset in (None, *getattr(model, "presets", ())):
        for field in fields_of(model, preset):
            assert parse_value(field, format_value(field.default)) == field.default, field.name
        texts = {field.name: format_value(field.default) for field in fields_of(model, preset)}
        config, training = parse_settings(model, texts)
        assert (asdict(config) | (asdict(training) if training else {})).items() >= list_settings(
            model, preset
        ).items()


@pytest.mark.parametrize("name", MODELS)
def test_no_two_settings_of_a_model_have_one_title(name):
    titles = [field.setting.title for field in fields_of(get_model(name))]
    assert len(set(titles)) == len(titles)
