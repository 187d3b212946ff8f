"""One bad file is one problem: the folder, its features and its map go on without it."""

import os
import struct

import numpy as np
import soundfile as sf

from core import collection as collections
from core.collection.sources import folder as folder_module
from core.collection.sources.folder import read_folder
from core.features import extract_features, get_extractor


def _fill(folder, make_sound) -> None:
    """Put good sounds and every kind of bad one into a folder."""
    for n in range(3):
        make_sound(folder / f"good{n}.wav", 200 + 100 * n)
    data = bytearray((folder / "good0.wav").read_bytes())
    struct.pack_into("<H", data, 34, 64)
    (folder / "bits64.wav").write_bytes(data)
    y = np.full(22_050, 0.3, np.float32)
    y[20_000] = 1e25
    sf.write(folder / "spike.wav", y, 22_050, subtype="FLOAT")
    (folder / "zeros.flac").write_bytes(bytes(20_000))
    (folder / "leaves.wav").symlink_to(folder.parent / "outside.wav")
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "pipe.wav")
        os.mkfifo(folder / "._zeros.flac")


def test_bad_files_are_a_problem_each_and_the_rest_goes_on(tmp_path, make_sound):
    make_sound(tmp_path / "outside.wav", 900)
    (tmp_path / "music").mkdir()
    _fill(tmp_path / "music", make_sound)
    added = collections.add(str(tmp_path / "music"), "odd")
    assert list(added.tracks["title"]) == ["good0", "good1", "good2"]
    reasons = {
        os.path.basename(path): reason
        for path, reason in zip(added.problems["path"], added.problems["reason"])
    }
    assert len(added.problems) == len(reasons) and reasons.keys() - {"pipe.wav"} == {
        "bits64.wav",
        "spike.wav",
        "zeros.flac",
        "leaves.wav",
    }
    assert (
        "s64" in reasons["bits64.wav"]
        and "1e+25" in reasons["spike.wav"]
        and "leaves the folder" in reasons["leaves.wav"]
    )
    features = extract_features(added, get_extractor("mfcc"))
    assert features.present.all() and np.isfinite(features.X).all()


def test_a_file_that_becomes_a_link_while_the_folder_is_read_is_not_followed(
    tmp_path, make_sound, monkeypatch
):
    make_sound(tmp_path / "outside.wav", 900)
    make_sound(tmp_path / "music" / "good.wav")
    make_sound(tmp_path / "music" / "swapped.wav", 300)
    real = folder_module.check

    def swap(path, *rest):
        if path.name == "swapped.wav" and not path.is_symlink():
            path.unlink()
            path.symlink_to(tmp_path / "outside.wav")
        return real(path, *rest)

    monkeypatch.setattr(folder_module, "check", swap)
    tracks, problems, _ = read_folder(tmp_path / "music")
    assert list(tracks["file"]) == ["good.wav"]
    assert [problem.reason for problem in problems] == ["is a link that leaves the folder"]


def test_a_recording_whose_channels_cancel_is_added_and_noted_each_time(tmp_path, make_sound):
    music = tmp_path / "music"
    path = make_sound(music / "inverted.wav", 300, channels=2)
    y, sr = sf.read(path)
    sf.write(path, y * [1, -1], sr)
    make_sound(music / "good.wav")
    for n_read in (2, 0):  # read, then known
        tracks, problems, counts = read_folder(music)
        assert list(tracks["file"]) == ["good.wav", "inverted.wav"] and counts["n_read"] == n_read
        (problem,) = problems
        assert problem.kind == "note" and problem.path == str(path.resolve())
        assert "only one of them is read" in problem.reason
    collection = collections.add(str(music), "odd")
    features = extract_features(collection, get_extractor("mfcc"))
    assert features.present.all() and np.isfinite(features.X).all()
