"""Every layout by its name: what is recognised, what is refused, and what a refresh keeps."""

import pytest

from core import collection as collections
from core.collection.datasets import LAYOUTS, locate, recognise
from core.errors import CollectionError
from core.jobs.work import refresh_collection
from core.messages.collection.reading_messages import describe_reading
from core.registry import check_contract
from tests.collection.datasets.miniatures import (
    make_clip,
    make_fma,
    make_gtzan,
    make_jamendolyrics,
    make_mtg_jamendo,
    make_music4all,
)

MAKE = {
    "gtzan": make_gtzan,
    "fma-small": lambda root: make_fma(root, "small"),
    "fma-medium": lambda root: make_fma(root, "medium"),
    "fma-large": lambda root: make_fma(root, "large"),
    "fma-full": lambda root: make_fma(root, "full"),
    "music4all": make_music4all,
    "mtg-jamendo": make_mtg_jamendo,
    "jamendolyrics": make_jamendolyrics,
}
every = pytest.mark.parametrize("name", LAYOUTS)


@every
def test_an_entry_describes_its_layout(name):
    spec = LAYOUTS[name]
    check_contract(name, spec.load(), spec.protocols())
    assert spec.help.endswith(".") and len(spec.help) > 20 and spec.source and not spec.expected.endswith(".")


@every
def test_a_plain_folder_says_what_it_looks_like_and_stays_plain(tmp_path, name):
    root = MAKE[name](tmp_path / "d")
    assert recognise(root) == name and locate(name, root)["audio"].is_dir()
    collection = collections.add(root, "c")
    assert collection.info["looks_like"] == name and "dataset" not in collection.info
    (line,) = [line for line in describe_reading(collection.info) if "looks like" in line]
    assert f"looks like {LAYOUTS[name].title}; read as a plain folder. --as {name} reads it" in line
    assert "looks_like" not in collections.add(root, "p", layout="plain").info


@every
def test_another_folder_is_refused_with_what_was_looked_for(tmp_path, name):
    make_clip(tmp_path / "x.wav", 300)
    with pytest.raises(CollectionError) as refused:
        collections.add(tmp_path, "c", layout=name)
    assert (
        f"doesn't look like {LAYOUTS[name].title}, for which these are looked for: {LAYOUTS[name].expected}"
        in str(refused.value)
    )


@every
def test_a_refresh_keeps_the_layout(tmp_path, name):
    root = MAKE[name](tmp_path / "d")
    first = collections.add(root, "c", layout=name)
    again = refresh_collection("c")
    assert again["changes"] == {"n_new": 0, "n_gone": 0, "new": [], "gone": []}
    assert again["reading"]["dataset"]["layout"] == name and again["n_tracks"] == first.n_tracks
    left_out = collections.add(root, "c")
    assert left_out.info["taken_over"]["layout"] == name and list(left_out.tracks) == list(first.tracks)
    lines = describe_reading(left_out.info)
    assert f"read as the dataset {LAYOUTS[name].title}" in lines


def test_a_layout_is_of_folders_and_has_a_known_name(tmp_path):
    (tmp_path / "t.csv").write_text("a,b\n1,2\n3,5\n")
    with pytest.raises(CollectionError, match="--as gtzan reads the folder of a dataset"):
        collections.add(tmp_path / "t.csv", "c", layout="gtzan")
    with pytest.raises(CollectionError, match="unknown dataset layout 'gtzn'; choose from gtzan, fma-small"):
        collections.add(tmp_path, "c", layout="gtzn")


def test_another_dataset_in_the_folder_is_named(tmp_path):
    with pytest.raises(CollectionError, match="it looks like gtzan"):
        collections.add(make_gtzan(tmp_path), "c", layout="music4all")


def test_a_table_joined_besides_is_used(tmp_path):
    root = make_gtzan(tmp_path / "d")
    (tmp_path / "moods.csv").write_text("filename,mood\nblues.00000.wav,sad\nrock.00001.wav,wild\n")
    collection = collections.add(root, "c", layout="gtzan", text=tmp_path / "moods.csv", label="mood")
    assert sorted(set(collection.labels())) == ["", "sad", "wild"] and "split" in collection.tracks
