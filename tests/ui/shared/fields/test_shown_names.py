import pytest

from core.features import EXTRACTORS
from core.models import MODELS
from core.ui.shared.fields.wording import (
    INPUTS_IN_0_1,
    MODELS_IN_0_1,
    read_folds,
    read_input,
    read_model,
    title_of_input,
)


def test_a_model_is_known_by_its_name_its_title_and_the_title_it_had():
    assert all(read_model(name) == name and read_model(spec.title) == name for name, spec in MODELS.items())
    assert read_model("VAE over vectors") == "mlp-vae" and read_model("Convolutional VAE") == "conv-vae"
    assert set(MODELS_IN_0_1.values()) <= set(MODELS)
    assert read_model("nonsense") == "nonsense"


def test_every_input_of_every_model_is_known_by_its_name_and_its_titles():
    for spec in MODELS.values():
        for name in spec.inputs:
            assert read_input(name, spec.inputs) == read_input(title_of_input(name), spec.inputs) == name
    inputs = MODELS["contrastive"].inputs
    assert (
        read_input("Pretrained ear and Meaning of a text and of its three passages", inputs)
        == "musicnn+passages"
    )
    assert (
        read_input("Timbre", MODELS["mlp-vae"].inputs) == "mfcc" and read_input("Timbre", inputs) == "Timbre"
    )
    assert set(INPUTS_IN_0_1) <= set(EXTRACTORS)


def test_folds_are_a_number_or_what_was_shown():
    assert [read_folds(text) for text in ("5", "5 folds", "none")] == [5, 5, 0]
    with pytest.raises(ValueError):
        read_folds("many folds")
