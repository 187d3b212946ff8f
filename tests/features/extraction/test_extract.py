"""Extraction over a collection: rows once, failures named and remembered, nothing lost on the way."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
import pandas as pd
import pytest

from core.collection import Collection
from core.errors import AudioError, Cancelled, CheckpointError, ConfigError, TextError
from core.features import (
    count_missing,
    extract_features,
    get_extractor,
)
from core.features.extraction.earlier import present_rows
from core.features.extractor import ExtractorConfig
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
