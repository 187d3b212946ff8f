"""Extraction over a collection: rows once, failures named and remembered, nothing lost on the way."""

import re
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import ClassVar

import numpy as np
import pandas as pd
import pytest

from core.checkpoints.catalogue import Checkpoint, extractor_of
from core.collection import Collection
from core.errors import AudioError, Cancelled, CheckpointError, ConfigError, TextError
from core.features import (
    EXTRACTORS,
    count_missing,
    extract_features,
    extractor_spec,
    get_extractor,
    is_extractor,
    spec_of,
)
from core.features.earlier import present_rows
from core.features.extractor import ExtractorConfig
from core.models import model_spec
from core.representation.resolve import resolve

READ = []


@dataclass(frozen=True)
class Size(ExtractorConfig):
    """The size of a file, as a stand-in for what is expensive; a file that begins with x is broken."""

    name: ClassVar[str] = "size"
    modality: ClassVar[str] = "audio"
    reads: ClassVar[str] = "file"
    factor: float = 1.0

    def extract(self, path):
        READ.append(Path(path).name)
        if Path(path).name.startswith("x"):
            raise AudioError("it is broken")
        return np.full((2, 3), self.factor * Path(path).stat().st_size, np.float32)


@pytest.fixture
def collection(tmp_path):
    READ.clear()
    names = ["a", "bb", "ccc", "x"]
    paths = []
    for name in names:
        (tmp_path / name).write_text(name)
        paths.append(str(tmp_path / name))
    tracks = pd.DataFrame(
        {
            "track_id": [f"id-{n}" for n in names] + ["id-none"],
            "path": [*paths, ""],
            "lyrics": ["la", "", "la", "lo", ""],
        }
    )
    return Collection("some", tracks)


def test_rows_stand_in_the_collections_order_and_failures_are_named(collection):
    assert count_missing(collection, Size()) == 4
    features = extract_features(collection, Size())
    assert features.X.shape == (5, 2, 3)
    assert list(features.X[:, 0, 0]) == [1, 2, 3, 0, 0]
    assert list(features.present) == [True, True, True, False, False]
    assert features.failed == {"id-x": "it is broken"}


def test_nothing_is_read_twice_not_even_what_failed(collection):
    first = extract_features(collection, Size())
    assert sorted(READ) == ["a", "bb", "ccc", "x"]
    READ.clear()
    again = extract_features(collection, Size())
    assert READ == [] and count_missing(collection, Size()) == 0
    assert again.key == first.key and again.failed == first.failed and np.array_equal(again.X, first.X)


def test_another_config_is_another_table(collection):
    first = extract_features(collection, Size())
    other = extract_features(collection, Size(factor=2))
    assert other.key != first.key and other.X[0, 0, 0] == 2


def test_a_shuffled_collection_takes_each_row_along(collection):
    extract_features(collection, Size())
    shuffled = Collection("other", collection.tracks.iloc[[2, 0, 4, 1, 3]].reset_index(drop=True))
    READ.clear()
    assert list(extract_features(shuffled, Size()).X[:, 0, 0]) == [3, 1, 0, 2, 0]
    assert READ == []


def test_a_cancelled_run_keeps_what_it_read(collection):
    def stop(done, total, note="", **figures):
        if done == 3:
            raise Cancelled("cancelled")

    with pytest.raises(Cancelled):
        extract_features(collection, Size(), progress=stop)
    assert count_missing(collection, Size()) <= 2


@dataclass(frozen=True)
class Odd(Size):
    """As its base, but the row of one file is spoilt."""

    name: ClassVar[str] = "odd"
    how: str = "nan"

    def extract(self, path):
        row = super().extract(path)
        if Path(path).name == "bb":
            spoilt = {
                "nan": np.full_like(row, np.nan),
                "inf": np.where(row > 0, np.inf, row),
                "shape": row[:1],
                "text": row.astype(str),
            }
            return spoilt[self.how]
        return row


@pytest.mark.parametrize(
    "how, reason",
    [
        ("nan", "not finite"),
        ("inf", "not finite"),
        ("text", "not finite"),
        ("shape", r"\(1, 3\) .* \(2, 3\)"),
    ],
)
def test_a_row_that_spoils_the_table_is_its_tracks_failure(collection, how, reason):
    present_rows(Odd(how=how)).append({"id-other": np.zeros((2, 3), np.float32)})
    features = extract_features(collection, Odd(how=how))
    assert set(features.failed) == {"id-x", "id-bb"}
    assert re.search(f"^odd gives .*{reason}", features.failed["id-bb"])
    assert list(features.X[:, 0, 0]) == [1, 0, 3, 0, 0] and list(features.present) == [
        True,
        False,
        True,
        False,
        False,
    ]
    assert count_missing(collection, Odd(how=how)) == 0


def test_a_disk_that_fails_once_is_asked_again(collection):
    class Flaky(Size):
        def extract(self, path):
            if Path(path).name == "x":
                raise AudioError("is damaged where it is read") from OSError(5, "Input/output error")
            return super().extract(path)

    assert extract_features(collection, Flaky()).failed == {"id-x": "is damaged where it is read"}
    assert count_missing(collection, Flaky()) == 1


def test_a_text_without_a_finite_row_is_its_tracks_failure(collection):
    @dataclass(frozen=True)
    class Inverse(ExtractorConfig):
        name: ClassVar[str] = "inverse"
        modality: ClassVar[str] = "text"
        reads: ClassVar[str] = "text"
        bad: tuple[str, ...] = ("lo",)

        def extract_texts(self, texts, progress):
            READ.extend(texts)
            return np.array([[np.nan if text in self.bad else len(text)] for text in texts], np.float32)

    some = extract_features(collection, Inverse(), text_field="lyrics")
    assert list(some.present) == [True, False, True, False, False] and list(some.X[:, 0]) == [2, 0, 2, 0, 0]
    assert set(some.failed) == {"id-x"} and "not finite" in some.failed["id-x"]
    READ.clear()
    again = extract_features(collection, Inverse(), text_field="lyrics")
    assert READ == [] and again.key == some.key and again.failed == some.failed
    assert count_missing(collection, Inverse(), text_field="lyrics") == 0
    with pytest.raises(TextError, match="no text of some could be read: inverse gives"):
        extract_features(collection, Inverse(bad=("la", "lo")), text_field="lyrics")


def test_texts_that_are_the_same_are_read_once(collection, monkeypatch):
    @dataclass(frozen=True)
    class Length(ExtractorConfig):
        name: ClassVar[str] = "length"
        modality: ClassVar[str] = "text"
        reads: ClassVar[str] = "text"

        def extract_texts(self, texts, progress):
            READ.extend(texts)
            return np.array([[len(text)] for text in texts], np.float32)

    features = extract_features(collection, Length(), text_field="lyrics")
    assert sorted(READ) == ["la", "lo"]
    assert list(features.present) == [True, False, True, True, False] and list(features.X[:, 0]) == [
        2,
        0,
        2,
        2,
        0,
    ]


def test_what_is_not_there_is_said(collection):
    silent = Collection("silent", collection.tracks.assign(path=""))
    with pytest.raises(ConfigError, match="silent has no audio"):
        extract_features(silent, Size())
    broken = Collection("broken", collection.tracks.iloc[[3]].reset_index(drop=True))
    with pytest.raises(ConfigError, match="no track of broken could be read: it is broken"):
        extract_features(broken, Size())
    with pytest.raises(ConfigError, match="no table of numeric columns"):
        extract_features(collection, get_extractor("table"))
    with pytest.raises(ConfigError, match="'dance'; choose from table, musicnn"):
        get_extractor("dance")


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


def test_an_unknown_representation_names_all_there_are(collection):
    with pytest.raises(
        CheckpointError, match=r"'muscnn' is no extractor.*musicnn.*sentence:NAME_OR_FOLDER.*conv-vae"
    ):
        resolve(collection, "muscnn", "audio")
    with pytest.raises(CheckpointError, match="is no extractor"):
        resolve(collection, "x" * 5000, "audio")
    extractor, checkpoint = resolve(collection, "sentence:somebody/model", "text")
    assert extractor.model == "somebody/model" and checkpoint is None
    with pytest.raises(ConfigError, match="reads text"):
        resolve(collection, "sentence:somebody/model", "audio")
