"""Tempo and key as far as they are known, without extracting anything."""

import numpy as np
import pandas as pd

from core.collection import Collection
from core.features.extraction.earlier import present_rows
from core.features.extractors import get_extractor
from core.features.known_keys import known_keys, known_tempos, name_key
from core.features.spectral.descriptors import DESCRIPTORS
from core.features.spectral.tonality import MAJOR, MINOR


def test_the_best_profile_names_the_key():
    assert name_key(np.array(MAJOR) / sum(MAJOR)) == "C"
    assert name_key(np.roll(np.array(MINOR) / sum(MINOR), 9)) == "Am"
    assert name_key(np.full(12, 1 / 12)) == ""


def test_columns_come_first_then_what_was_measured():
    ids = [f"{i:032x}" for i in range(3)]
    tracks = pd.DataFrame({"track_id": ids, "BPM": ["100", "", ""], "Initial Key": ["8A", "", ""]})
    collection = Collection("c", tracks)
    assert known_keys(collection) == ["8A", "", ""]
    row = np.zeros(len(DESCRIPTORS) + 12, np.float32)
    row[DESCRIPTORS.index("tempo_bpm")] = 128
    row[len(DESCRIPTORS) :] = np.roll(np.array(MAJOR) / sum(MAJOR), 7)
    present_rows(get_extractor("descriptors")).append({ids[0]: row, ids[1]: row})
    assert known_tempos(collection)[:2].tolist() == [100, 128] and np.isnan(known_tempos(collection)[2])
    assert known_keys(collection) == ["8A", "G", ""]
