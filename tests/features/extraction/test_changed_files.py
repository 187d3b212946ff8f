"""A file that changed since it was added is not read under the id of what it was."""

import shutil

import numpy as np
import pytest
import soundfile as sf

from core import collection as collections
from core import store
from core.representation.represent import represent

SR = 22_050


@pytest.fixture
def folder(tmp_path):
    for name, hz in (("a", 220), ("b", 440), ("c", 880)):
        sf.write(tmp_path / f"{name}.wav", 0.5 * np.sin(2 * np.pi * hz * np.arange(SR) / SR), SR)
    return tmp_path


def overwrite(file) -> None:
    sf.write(file, 0.2 * np.random.default_rng(0).standard_normal(SR), SR)


@pytest.mark.parametrize("is_known", [True, False])
def test_a_changed_file_is_left_out_with_the_reason(folder, is_known):
    added = collections.add(str(folder), "mine")
    overwrite(folder / "b.wav")
    if not is_known:
        shutil.rmtree(store.path_of("known"))
    found = represent(added, "mfcc", modality="audio")
    changed = added.tracks.loc[added.tracks["title"] == "b", "track_id"].item()
    assert found.failed == {changed: "has changed since it was added; refresh the collection to use it"}
    assert found.present.sum() == 2
    again = collections.add(str(folder), "mine")
    assert represent(again, "mfcc", modality="audio").present.all()


def test_one_key_never_holds_the_rows_of_two_files(folder, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    for file in folder.glob("*.wav"):
        (other / file.name).write_bytes(file.read_bytes())
    one, two = collections.add(str(folder), "one"), collections.add(str(other), "two")
    overwrite(folder / "b.wav")
    represent(one, "mfcc", modality="audio")
    rows = represent(two, "mfcc", modality="audio")
    assert rows.present.all()
    store.clear_derived()
    assert np.array_equal(represent(two, "mfcc", modality="audio").X, rows.X)
