"""Rows of an earlier version are used as they are, marked, and computed anew when somebody asks."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
import pytest

from core import store
from core.collection import Collection
from core.config import setting
from core.features import count_missing, extract_features
from core.features.extraction.earlier import VersionedRows, earlier_rows, present_rows
from core.features.extractor import ExtractorConfig
from core.store.hashing.keys import key_of
from core.store.row_tables.rows import Rows

IDS = ["one", "two", "three"]


@dataclass(frozen=True)
class Length(ExtractorConfig):
    name: ClassVar[str] = "length"
    modality: ClassVar[str] = "text"
    reads: ClassVar[str] = "text"

    scale: float = setting(1.0, above=0, title="Scale", help="Factor.")

    def extract_texts(self, texts, progress=None):
        return np.array([[self.scale * len(text), 1.0] for text in texts], np.float32)

    def summarise(self, X):
        return X


def collection(texts=IDS) -> Collection:
    tracks = pd.DataFrame({"track_id": [f"{i:032x}" for i in range(len(texts))], "lyrics": texts})
    return Collection("texts", tracks, info={"kind": "table"})


def keep_earlier(values: dict, scale: float = 1.0, version: str = "0123456789abcdef") -> Rows:
    rows = Rows("length", f"{store.key_of(Length(scale))}-{version}")
    rows.append({key_of(text): np.asarray(value, np.float32) for text, value in values.items()})
    return rows


def test_earlier_rows_are_taken_and_counted():
    keep_earlier({"one": [30, 0], "two": [31, 0]})
    assert count_missing(collection(), Length()) == 1
    features = extract_features(collection(), Length())
    assert features.X.tolist() == [[30, 0], [31, 0], [5, 1]] and features.n_outdated == 2
    assert extract_features(collection(), Length()).key == features.key


def test_recomputing_makes_new_rows_and_another_key():
    keep_earlier({"one": [30, 0], "two": [31, 0]})
    before = extract_features(collection(), Length())
    after = extract_features(collection(), Length(), recompute=True)
    assert after.X.tolist() == [[3, 1], [3, 1], [5, 1]] and after.n_outdated == 0 and after.key != before.key
    assert extract_features(collection(), Length()).key == after.key  # from then on without asking


def test_another_config_is_no_earlier_version():
    keep_earlier({"one": [30, 0]}, scale=2.0)
    features = extract_features(collection(), Length())
    assert features.n_outdated == 0 and features.X[0].tolist() == [3, 1]


def test_the_newest_of_several_versions_is_taken():
    old, new = (
        keep_earlier({"one": [30, 0], "two": [31, 0]}, version="a" * 16),
        keep_earlier({"one": [40, 0]}, version="b" * 16),
    )
    import os

    os.utime(old.uri, ns=(1, 1))
    assert [rows.uri for rows in earlier_rows(Length())] == [new.uri, old.uri]
    assert extract_features(collection(), Length()).X.tolist() == [[40, 0], [31, 0], [5, 1]]


def test_earlier_rows_that_are_not_finite_are_computed_anew():
    keep_earlier({"one": [np.nan, 0], "two": [31, 0]})
    features = extract_features(collection(), Length())
    assert features.X.tolist() == [[3, 1], [31, 0], [5, 1]] and features.n_outdated == 1


def test_rows_of_another_shape_do_not_mix():
    keep_earlier({"one": [30, 0, 0]})
    features = extract_features(collection(), Length())
    assert features.X.tolist() == [[3, 1], [3, 1], [5, 1]] and features.n_outdated == 0


def test_rows_read_by_id_come_from_the_version_that_has_them():
    keep_earlier({"one": [30, 0]})
    present_rows(Length()).append({key_of("two"): np.array([3, 1], np.float32)})
    ids = [key_of(text) for text in IDS]
    rows = VersionedRows(Length(), ids)
    assert {i: row.tolist() for i, row in rows.read(ids).items()} == {ids[0]: [30, 0], ids[1]: [3, 1]}
    assert rows.ids() == set(ids[:2])


@pytest.mark.parametrize("recompute", [False, True])
def test_nothing_is_outdated_in_a_new_store(recompute):
    assert extract_features(collection(), Length(), recompute=recompute).n_outdated == 0
