"""The names of extractors: what stands behind the colon, and what a checkpoint keeps of them."""

from dataclasses import asdict, replace
from pathlib import Path

import pytest

from core.checkpoints.catalogue import Checkpoint, extractor_of
from core.errors import ConfigError
from core.features import (
    EXTRACTORS,
    extractor_spec,
    get_extractor,
    is_extractor,
    spec_of,
)
from core.models import model_spec


@pytest.mark.parametrize("name", EXTRACTORS)
def test_every_registered_extractor_keeps_the_contract(name):
    extractor, spec = get_extractor(name), extractor_spec(name)
    assert (extractor.reads, extractor.modality) == (spec.reads, spec.modality)
    assert {**asdict(extractor), **spec.settings} == asdict(extractor)
    assert extractor.examples_per_track >= 1 and spec.seconds_per_track >= 0
    assert EXTRACTORS[spec_of(extractor).name].load() is type(extractor)
    assert hash(extractor) == hash(get_extractor(name))


def test_a_model_trains_on_every_crop_of_a_spectrogram_and_on_one_vector_of_anything_else():
    examples = {name: get_extractor(name).examples_per_track for name in EXTRACTORS}
    assert {name for name, n in examples.items() if n > 1} == {"mel", "fbank"}
    assert {name for name, spec in EXTRACTORS.items() if spec.is_spectrogram} == {
        "mel",
        "mel-centre",
        "clip",
        "clip-270",
        "fbank",
    }


@pytest.mark.parametrize("name", [name for name, spec in EXTRACTORS.items() if spec.takes_name])
def test_what_follows_the_colon_is_read_with(name):
    field = extractor_spec(name).takes_name
    named = get_extractor(f"{name}: some ")
    assert named == replace(get_extractor(name), **{field: "some"}) and is_extractor(f"{name}:some")
    assert extractor_spec(f"{name}:some") is extractor_spec(name)


@pytest.mark.parametrize("name", ["mfcc:some", "musicnn:", "clap-text:some", "nothing:some"])
def test_what_takes_no_name_is_refused_with_one(name):
    assert not is_extractor(name)
    with pytest.raises(
        ConfigError, match="sentence:NAME_OR_FOLDER.*table:PREFIX|table:PREFIX.*sentence:NAME_OR_FOLDER"
    ):
        get_extractor(name)


def test_one_name_means_both_towers_of_a_model():
    assert extractor_spec("clap") is extractor_spec("clap", "audio") is EXTRACTORS["clap"]
    assert extractor_spec("clap:some", "text") is extractor_spec("clap", "text") is EXTRACTORS["clap-text"]
    assert extractor_spec("mel", "text") is EXTRACTORS["mel"]


def test_the_encoder_of_a_text_is_named_and_nothing_else_has_one():
    assert (
        get_extractor("sentence").encoder_name == "use-multilingual"
        and get_extractor("passages:some").encoder_name == "some"
    )
    assert {name for name in EXTRACTORS if not get_extractor(name).encoder_name} == {
        name for name, spec in EXTRACTORS.items() if spec.reads != "text"
    }


def test_the_papers_single_crop_is_a_name_of_its_own():
    extractor = get_extractor("mel-centre")
    assert extractor.n_crops == 1 and extractor.name == "mel" and extractor != get_extractor("mel")
    assert extractor == type(extractor)(n_crops=1)
    for model in ("conv-vae", "conv-ae", "cvae", "pca"):
        assert model_spec(model).inputs[:2] == ("mel", "mel-centre")


def test_a_checkpoint_keeps_the_name_of_what_it_reads():
    for name, config in (("mel-centre", {"n_crops": 1}), ("sentence:/models/x", {"model": "/models/x"})):
        meta = {"model": "pca", "input": {"name": name, "config": config}}
        checkpoint = Checkpoint("c", Path("c.safetensors"), meta)
        extractor = extractor_of(checkpoint, "audio")
        assert checkpoint.modalities == (extractor.modality,) and extractor == get_extractor(name)


def test_settings_follow_any_extractor():
    assert get_extractor("fbank@n_frames=256,n_crops=1") == replace(
        get_extractor("fbank"), n_frames=256, n_crops=1
    )
    assert get_extractor("wordpieces@n_tokens=64").n_tokens == 64
    assert get_extractor("wordpieces:@n_tokens=64") == get_extractor("wordpieces@n_tokens=64")
    assert is_extractor("tfidf@") is is_extractor("tfidf@64") is False
    with pytest.raises(ConfigError, match="no setting 'frames'"):
        get_extractor("fbank@frames=256")
    with pytest.raises(ConfigError, match="n_frames=0"):
        get_extractor("fbank@n_frames=0")
