"""Extractors side by side as a model's input: names, scaling, training, and encoding another collection."""

import json

import numpy as np
import pandas as pd
import pytest
import soundfile

from core import collection as collections
from core.checkpoints.catalogue import extractor_of, get_checkpoint
from core.checkpoints.checkpoint import load_checkpoint
from core.cli.app import app
from core.cli.terminal import call
from core.errors import ConfigError
from core.features import extract_features
from core.features.concatenation import AudioConcatenation, concatenate
from core.features.extractors import get_extractor
from core.inputs.input_arrays import read_input
from core.inputs.input_names import build_input, match_input, parts_of, side_by_side
from core.inputs.weighted_parts import InputPart, Part
from core.models import MODELS, model_spec
from core.models.latent_model import LatentModel
from core.models.moments import mean_and_deviation
from core.reconstruction.reconstruct import reconstruct_joint
from core.representation.represent import represent, represent_jointly
from core.training.train_collection import train_model
from core.ui.shared.fields.wording import title_of_input

QUICK = {"epochs": "2", "latent_dim": "2"}


@pytest.fixture
def tones(tmp_path):
    """Ten tones of three seconds with texts, and two of them again as a collection of their own."""
    for folder, numbers in (("all", range(10)), ("some", (2, 7))):
        (tmp_path / folder).mkdir()
        for number in numbers:
            y = 0.3 * np.sin(2 * np.pi * (200 + 40 * number) * np.arange(24_000) / 8_000)
            soundfile.write(tmp_path / folder / f"{number}.wav", y, 8_000)
    pd.DataFrame(
        {
            "file": [f"{i}.wav" for i in range(10)],
            "lyrics": [f"song of the sea {i} and rain" for i in range(10)],
        }
    ).to_csv(tmp_path / "texts.csv", index=False)
    collections.add(tmp_path / "all", "all", text=tmp_path / "texts.csv")
    collections.add(tmp_path / "some", "some")


def test_a_name_is_split_by_modality_and_at_extractors_alone():
    assert parts_of("musicnn+mfcc") == {"x": "musicnn+mfcc"}
    assert parts_of("tfidf+musicnn+mfcc") == {"audio": "musicnn+mfcc", "text": "tfidf"}
    assert parts_of("clip+passages:my+model") == {"audio": "clip", "text": "passages:my+model"}
    assert side_by_side("sentence:a+b*2+tfidf*.5") == [Part("sentence:a+b", 2.0), Part("tfidf", 0.5)]
    assert parts_of("clip+nonsense") == {"x": "clip+nonsense"}


@pytest.mark.parametrize("name", ["mfcc+mfcc", "mfcc*0+musicnn", "mfcc*2*3+musicnn"])
def test_a_part_given_twice_or_without_a_weight_is_refused(name):
    with pytest.raises(ConfigError):
        side_by_side(name)


@pytest.mark.parametrize("name", ["mel+mfcc", "clip+mfcc", "passages+sentence", "tokens+tfidf"])
def test_spectrograms_and_passages_cannot_stand_beside_others(name):
    with pytest.raises(ConfigError, match=f"{name.split('+')[0]} gives more than one vector per track"):
        side_by_side(name)
    with pytest.raises(ConfigError, match="different modalities"):
        concatenate([get_extractor("mfcc"), get_extractor("tfidf")])


@pytest.mark.parametrize(
    "model, wanted, reads",
    [
        ("mlp-vae", "musicnn+mfcc", "musicnn+mfcc"),
        ("beta-vae", "mfcc+descriptors", "mfcc+descriptors"),
        ("pca", "sentence*2+tfidf", "sentence*2+tfidf"),
        ("contrastive", "passages+musicnn+mfcc", "musicnn+mfcc+passages"),
        ("gated-vae", "musicnn+mfcc+tfidf", "musicnn+mfcc+tfidf"),
        ("gated-vae", "mfcc+tfidf+sentence", "mfcc+tfidf+sentence"),
        ("genre-head", "musicnn+mfcc", "musicnn+mfcc"),
        ("mlp-vae", "descriptors", None),
        ("mlp-vae", "musicnn+mfcc+tfidf", None),
        ("contrastive", "musicnn+mfcc+tfidf+sentence", None),
        ("contrastive", "musicnn+mfcc+sentence", None),
        ("gated-vae", "musicnn+mfcc", None),
        ("conv-vae", "musicnn+mfcc", None),
        ("lyrics-transformer", "tfidf+sentence", None),
    ],
)
def test_a_model_of_vectors_reads_several(model, wanted, reads):
    spec = model_spec(model)
    assert match_input(spec.inputs, wanted, spec.input_ndim) == reads


def test_every_model_that_accepts_vectors_side_by_side_can_scale_them():
    accepted = 0
    for spec in MODELS.values():
        for wanted in ("musicnn+mfcc", "tfidf+sentence", "musicnn+mfcc+tfidf", "musicnn+mfcc+passages"):
            fits = match_input(spec.inputs, wanted, spec.input_ndim)
            if fits and (len(parts_of(wanted)) == 2) == spec.reads_two:
                accepted += 1
                assert spec.load().standardised_inputs is not LatentModel.standardised_inputs
    assert accepted >= 9


def test_each_part_has_its_share_of_the_energy():
    rng = np.random.default_rng(0)
    scale = np.array([1, 100, 1, 1, 10, 0.1, 0])
    X = rng.normal(size=(500, 7)) * scale + 5
    parts = (InputPart(3, 2.0, True), InputPart(4, 1.0, False))
    plain = mean_and_deviation(X)
    mean, deviation = mean_and_deviation(X, parts)
    Z = (X - mean) / deviation
    energy = np.square(Z).mean(axis=0)
    assert np.isclose(energy[:3].sum(), 7 * 2 / 3) and np.isclose(energy[3:].sum(), 7 / 3)
    assert np.allclose(energy[:3], energy[0])  # standardised per dimension
    assert np.allclose(deviation[3:6], deviation[3]) and deviation[6] == 1  # proportions kept; constant
    control = np.square((X - plain[0]) / plain[1]).mean(axis=0)
    assert np.isclose(control[:3].sum(), control[3:].sum())  # without parts each dimension counts alike


def test_training_data_stand_side_by_side_and_know_their_parts(tones):
    loaded = collections.load("all")
    given = read_input(loaded, "mfcc*2+descriptors+tfidf")
    mfcc, descriptors = (
        get_extractor(n).summarise(extract_features(loaded, get_extractor(n)).X)
        for n in ("mfcc", "descriptors")
    )
    assert np.array_equal(given.arrays["audio"], np.hstack([mfcc, descriptors]).astype(np.float32))
    assert list(given.details["config"]["audio"]) == ["mfcc", "descriptors"]
    sizes = [(p["size"], p["weight"], p["standardise"]) for p in given.details["parts"]["audio"]]
    assert sizes == [(mfcc.shape[1], 2.0, True), (descriptors.shape[1], 1.0, True)]
    assert "text" not in given.details["parts"]


def test_a_checkpoint_encodes_another_collection_by_the_scale_of_its_training(tones):
    result = train_model("all", "mlp-vae:mfcc*2+descriptors", QUICK)
    assert result["checkpoint"] == "all-mlp-vae-mfccx2+descriptors-1"
    checkpoint = get_checkpoint(result["checkpoint"])
    extractor = extractor_of(checkpoint, "audio")
    assert isinstance(extractor, AudioConcatenation) and extractor == build_input("mfcc+descriptors")
    model, meta = load_checkpoint(checkpoint.path)
    assert meta["input"]["name"] == "mfcc*2+descriptors"
    X = read_input(collections.load("all"), "mfcc*2+descriptors").arrays["x"]
    n = meta["input_shape"][0]
    energy = np.square((X - model.mean.numpy()) / model.deviation.numpy()).mean(axis=0)
    assert n == X.shape[1] and np.isclose(energy.sum(), n, rtol=1e-3)
    whole, some = (
        represent(collections.load(name), result["checkpoint"], modality="audio") for name in ("all", "some")
    )
    assert whole.present.all() and whole.X.shape == (10, 2)
    names = list(collections.load("all").tracks["file"])
    rows = [names.index(file) for file in collections.load("some").tracks["file"]]
    assert np.allclose(some.X, whole.X[rows], atol=1e-5) and np.ptp(whole.X) > 0
    by_model = represent(collections.load("all"), "mlp-vae:mfcc*2+descriptors", modality="audio")
    assert by_model.key == whole.key


def test_a_joint_model_reads_several_of_one_modality(tones):
    train_model("all", "gated-vae:tfidf+mfcc+descriptors", {**QUICK, "epochs": "1"})
    loaded = collections.load("all")
    found, text_weights = represent_jointly(loaded, "gated-vae:mfcc+descriptors+tfidf")
    assert found.X.shape == (10, 2) and np.isfinite(text_weights).all()
    checkpoint = get_checkpoint("all-gated-vae-mfcc+descriptors+tfidf-1")
    parts = reconstruct_joint(loaded, checkpoint, loaded.tracks["track_id"][0])
    assert set(parts) == {"audio", "text"}
    assert parts["audio"].original.size == checkpoint.meta["input_shape"]["audio"][0]


def test_a_spectrogram_is_refused_in_one_sentence_before_anything_is_read(tones):
    with pytest.raises(ConfigError, match="mel gives more than one vector per track") as reason:
        train_model("all", "mlp-vae:mel+mfcc")
    assert "\n" not in str(reason.value) and "musicnn" in str(reason.value)


def test_the_command_line_trains_and_scores_it(tones, capsys):
    reads = "mlp-vae:mfcc*2+descriptors"
    trained = ["train", "all", "--model", reads, "--set", "epochs=1", "--set", "latent_dim=2", "--json"]
    assert call(app, trained) == 0
    assert json.loads(capsys.readouterr().out)["checkpoint"] == "all-mlp-vae-mfccx2+descriptors-1"
    assert call(app, ["score", "all", "--audio", reads, "--n-clusters", "2", "--seeds", "1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["n_tracks"] == 10
    assert call(app, ["train", "all", "--model", f"{reads}+nonsense"]) == 1
    assert call(app, ["train", "all", "--model", "mlp-vae:mel+mfcc"]) == 1
    assert "can't stand beside others" in capsys.readouterr().err


def test_its_title_names_every_part():
    assert title_of_input("mfcc*2+descriptors+tfidf") == "MFCC (weight 2) + Descriptors and TF-IDF"
