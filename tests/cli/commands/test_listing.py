"""What the store holds, said with every track that could not be used; and what adding and training tell of
it."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import soundfile

from core import collection as collections
from core import store
from core.checkpoints.header import read_meta
from core.cli.commands import listing
from core.errors import AudioError, ConfigError
from core.features import extract_features, get_extractor
from core.features.extraction.failures import failures_of
from core.features.spectral.mfcc import Mfcc
from core.jobs import work
from tests.checkpoints.odd_files import META, fill, write


@pytest.fixture
def music(tmp_path) -> Path:
    """Ten tones of three seconds in two folders."""
    for number in range(10):
        folder = tmp_path / "music" / ("rock" if number % 2 else "folk")
        folder.mkdir(parents=True, exist_ok=True)
        y = 0.3 * np.sin(2 * np.pi * (200 + 40 * number) * np.arange(24_000) / 8_000)
        soundfile.write(folder / f"{number}.wav", y, 8_000)
    return tmp_path / "music"


@pytest.fixture
def hurt(music, monkeypatch) -> str:
    """A collection of which an extractor can't use one track; return that track's id."""
    added = collections.add(music, "mine")
    extract = Mfcc.extract

    def fail(self, path):
        if Path(path).name == "3.wav":
            raise AudioError("breaks off in the middle")
        return extract(self, path)

    monkeypatch.setattr(Mfcc, "extract", fail)
    return added.tracks.loc[added.tracks["file"] == "rock/3.wav", "track_id"].item()


def test_a_track_that_fails_at_extraction_is_a_row_of_problems(hurt, music):
    assert listing.list_one("mine")["problems"] == []
    extract_features(collections.load("mine"), get_extractor("mfcc"))
    assert failures_of(collections.load("mine")) == {hurt: "breaks off in the middle (mfcc)"}
    (problem,) = listing.list_one("mine")["problems"]
    assert problem == {
        "path": str(music.resolve() / "rock" / "3.wav"),
        "reason": "breaks off in the middle (mfcc)",
        "kind": "error",
    }
    assert listing.list_all()["collections"][0]["n_problems"] == 1
    assert "3.wav" in listing.describe_listing(listing.list_one("mine"))
    collections.add(music / "folk", "other")
    assert listing.list_one("other")["problems"] == []


def test_training_names_the_tracks_it_left_out_and_the_source(hurt, music):
    made = work.train_model("mine", "pca:mfcc")
    assert made["n_left_out"] == 1 and made["left_out"] == {hurt: "breaks off in the middle"}
    meta = read_meta(Path(made["path"]))
    assert meta["collection"] == {"name": "mine", "n_tracks": 9, "source": str(music.resolve())}
    said = listing.describe_listing(listing.list_one("mine"))
    assert f"checkpoint {made['checkpoint']}: pca on mfcc\n" in said and "None" not in said


@pytest.mark.parametrize(
    ("out", "said"),
    [
        ("a.bin", "must end in .safetensors"),
        ("no/a.safetensors", "doesn't exist"),
        ("there.safetensors", "already"),
    ],
)
def test_where_a_checkpoint_can_not_go_is_said_before_extraction(music, tmp_path, monkeypatch, out, said):
    collections.add(music, "mine")
    (tmp_path / "there.safetensors").write_bytes(b"precious")
    monkeypatch.setattr(
        "core.training.train_collection.read_input", lambda *_, **__: pytest.fail("the long work began")
    )
    with pytest.raises(ConfigError, match=said):
        work.train_model("mine", "pca:mfcc", out=str(tmp_path / out))
    assert (tmp_path / "there.safetensors").read_bytes() == b"precious"


def test_what_is_no_checkpoint_is_listed_with_its_reason_and_stops_nothing(music):
    collections.add(music, "mine")
    names = fill(store.folder("checkpoints"))
    made = work.train_model("mine", "pca:mfcc")
    found = listing.list_one("mine")
    assert [c["name"] for c in found["checkpoints"]] == [made["checkpoint"]] and sorted(
        found["unreadable_checkpoints"]
    ) == names
    assert len(found["checkpoints"][0]["hash"]) == 32
    said = listing.describe_listing(found)
    assert (
        "checkpoint 'fifo.safetensors' can't be used: " in said
        and "created=5" in said
        and listing.list_all()["collections"]
    )


def test_a_name_with_a_line_break_or_an_escape_sequence_stays_on_its_line(music):
    collections.add(music, "mine")
    made = Path(work.train_model("mine", "pca:mfcc")["path"])
    made.rename(made.with_name("a\nb\x1b[31m\u2028c.safetensors"))
    write(made.with_name("bad\n\x1b[2J.safetensors"), META | {"created": 5})
    made.with_name("gone\n\x1b.safetensors").symlink_to(made.with_name("nowhere"))
    said = listing.describe_listing(listing.list_one("mine"))
    assert "\x1b" not in said and "checkpoint a\\nb\\x1b[31m\\u2028c: pca on mfcc" in said
    assert len([line for line in said.splitlines() if line.startswith("checkpoint ")]) == 3
    assert all(
        line.startswith(("mine: ", "labels: ", "texts: ", "checkpoint ")) for line in said.splitlines()
    ), said


def test_adding_tells_its_joins_its_labels_and_what_it_replaced(music, tmp_path):
    text = tmp_path / "words.csv"
    pd.DataFrame({"file": ["0.wav", "1.wav", "99.wav"], "lyrics": ["la", "lo", "li"]}).to_csv(
        text, index=False
    )
    made = work.add_collection(str(music), "mine", text=str(text))
    assert made["joins"] == {
        "text": {
            "from": str(text),
            "on": "file",
            "matched": 2,
            "unmatched": 8,
            "spare": 1,
            "examples": ["99.wav"],
        }
    }
    assert made["labels"] == {"from": "folder", "n_labelled": 10, "n_labels": 2} and made["replaced"] is None
    again = work.add_collection(str(music), "mine")
    assert (
        again["joins"] == made["joins"]
        and again["taken_over"] == {"text": str(text.resolve())}
        and again["replaced"] is None
    )
    assert f"--text {text.resolve()}" in listing.describe_added(again)

    numbers = tmp_path / "numbers.csv"
    pd.DataFrame({"file": ["0.wav", "1.wav", "nowhere.wav"], "tempo": [1.0, 2.0, 3.0]}).to_csv(
        numbers, index=False
    )
    other = work.add_collection(str(numbers), "mine", audio=str(music))
    assert other["replaced"] == str(music.resolve()) and other["taken_over"] == {}
    assert other["joins"] == {
        "audio": {"from": str(music), "on": "file", "matched": 2, "unmatched": 1, "spare": 8}
    }
    said = listing.describe_added(other)
    assert (
        "2 tracks matched, 1 not, 8 files without a row" in said
        and f"replaces what was read from {music.resolve()}" in said
    )
