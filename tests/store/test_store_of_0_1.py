"""A store that version 0.1.0 wrote opens afterwards: what its user owns is there, and means the same.

The fixture lies in ``store_0_1/``, where ``opening.py`` says how it was written and alone uses names that are
not public. Keys of derived entries may change, so nothing here asks for a key.

Links to audio: on a server that only its own machine reaches, a link is ``/audio/TRACK`` and holds as long as
a collection has the track. A signed one holds 12 hours at most, and only while the process that signed it
runs, because the secret is drawn when it starts: there is none in a store, and pages issue new ones.
"""

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core import collection as collections
from core.checkpoints.catalogue import find_checkpoint, is_trained_on, list_checkpoints
from core.checkpoints.checkpoint_files import list_unreadable
from core.features import extract_features, get_extractor
from core.jobs import job as jobs
from core.representation.represent import represent
from tests.pages.explore_page import near_worker, open_page  # noqa: F401  a fixture
from tests.store_0_1.opening import (
    HERE,
    ROOT,
    SCORES,
    copy_store,
    free_space,
    get_audio,
    read_address,
    read_rows,
    run,
)

pytestmark = pytest.mark.slow

EXPECTED = json.loads((HERE / "expected.json").read_text(encoding="utf-8"))
VECTORS = dict(np.load(HERE / "vectors.npz"))
NAMES = ["numbers", "recorded", "songs"]
OWNED = [(name, kept["name"]) for name in NAMES for kept in EXPECTED["collections"][name]["checkpoints"]]
"""Collections and the checkpoints that were trained on them."""


@pytest.fixture(autouse=True)
def store(tmp_path, monkeypatch) -> Path:
    """Open a copy of the store whose source folder lies beside it."""
    place = copy_store(tmp_path.resolve() / "opened")
    monkeypatch.setenv("SONGSCAPE_CACHE", str(place))
    return place


def here(value, store: Path):
    """Return what was said of the store, with the paths of the copy."""
    return json.loads(json.dumps(value).replace(ROOT, store.parent.as_posix()))


def frames_of(name: str) -> dict[str, pd.DataFrame]:
    """Return the tables of a collection as version 0.1.0 wrote them."""
    return {
        path.stem: pd.read_parquet(path) for path in (HERE / "store" / "collections" / name).glob("*.parquet")
    }


def check_same(found: pd.DataFrame, written: pd.DataFrame, root: str) -> None:
    """Compare what was written, column by column; more columns may be there."""
    texts = written.select_dtypes(exclude="number")
    moved = {
        name: [cell.replace(ROOT, root) if isinstance(cell, str) else cell for cell in texts[name]]
        for name in texts
    }
    pd.testing.assert_frame_equal(found[list(written)], written.assign(**moved), check_dtype=False)


def check_vectors(found: np.ndarray, what: str) -> None:
    assert found.shape == VECTORS[what].shape
    assert np.abs(found - VECTORS[what]).max() <= 1e-5 * max(1.0, np.abs(VECTORS[what]).max()), what


# Collections


def test_collections_are_listed(store):
    listed = {row["name"]: row for row in run("list")["collections"]}
    assert sorted(listed) == collections.names() == NAMES
    for row in EXPECTED["list"]["collections"]:
        assert listed[row["name"]] == {**listed[row["name"]], **row}


@pytest.mark.parametrize("name", NAMES)
def test_a_collection_has_the_same_tracks_labels_numbers_and_problems(name, store):
    written, loaded = frames_of(name), collections.load(name)
    for what, table in (("tracks", loaded.tracks), ("problems", loaded.problems)):
        check_same(table, written[what], store.parent.as_posix())
    assert (loaded.table is None) == ("table" not in written)
    if "table" in written:
        check_same(loaded.table, written["table"], ROOT)
    assert all(Path(path).is_file() for path in loaded.audio_paths() if path)
    said, told = run("list", name), here(EXPECTED["collections"][name], store)
    for what in ("n_tracks", "n_with_sound", "n_labelled", "labels", "table_columns", "problems"):
        assert said[what] == told[what]


@pytest.mark.parametrize("name", NAMES)
def test_a_collection_opens_where_its_folder_is_gone(name, tmp_path, monkeypatch):
    shutil.copytree(HERE / "store", tmp_path / "as-written")
    monkeypatch.setenv("SONGSCAPE_CACHE", str(tmp_path / "as-written"))
    loaded, written = collections.load(name), frames_of(name)["tracks"]
    assert loaded.tracks["track_id"].tolist() == written["track_id"].tolist()
    assert loaded.labels() == written["label"].tolist()


@pytest.mark.parametrize("name", NAMES)
def test_adding_the_source_again_changes_nothing(name, store):
    """The label that was chosen is remembered, and so are captions and transcriptions."""
    before = collections.load(name)
    again = collections.add(before.info["source"], name)
    pd.testing.assert_frame_equal(again.tracks[list(before.tracks)], before.tracks)
    assert again.info["labels"] == here(EXPECTED["collections"][name]["info"]["labels"], store)
    assert again.info["replaced"] is None


# Checkpoints and features


@pytest.mark.parametrize("name, checkpoint", OWNED)
def test_a_checkpoint_belongs_to_its_collection(name, checkpoint):
    loaded = {other: collections.load(other) for other in NAMES}
    (found,) = [kept for kept in list_checkpoints() if kept.name == checkpoint]
    assert [other for other in NAMES if is_trained_on(found, other, loaded[other].info)] == [
        name
    ] and not list_unreadable()
    (told,) = [row for row in EXPECTED["collections"][name]["checkpoints"] if row["name"] == checkpoint]
    (said,) = [row for row in run("list", name)["checkpoints"] if row["name"] == checkpoint]
    for what in ("model", "input", "n_tracks", "epochs", "created"):
        assert said[what] == told[what]
    assert find_checkpoint(f"{told['model']}:{told['input']}", loaded[name], "audio").name == checkpoint


@pytest.mark.parametrize("is_freed", [False, True], ids=["as kept", "made again"])
@pytest.mark.parametrize("what", VECTORS)
def test_a_representation_gives_the_vectors_that_it_gave(what, is_freed):
    if is_freed:
        free_space()
    name, rep, modality = what.split()
    loaded = collections.load(name)
    if rep == "tfidf":  # computed in another way since, on purpose; models still read the earlier one
        features = extract_features(loaded, get_extractor("tfidf").as_model_input())
        check_vectors(features.X, what)
        return
    check_vectors(represent(loaded, rep, modality=modality).X, what)


def test_a_model_that_saw_the_labels_is_marked():
    songs = collections.load("songs")
    assert represent(songs, "cvae", modality="audio").sees_labels
    assert not represent(songs, "pca:mfcc", modality="audio").sees_labels


def test_the_table_of_an_extractor_holds_a_row_per_track(store):
    """Rows of two collections that were appended one after the other."""
    ids = [i for name in ("songs", "recorded") for i in collections.load(name).tracks["track_id"]]
    rows = read_rows(store, "mfcc")
    assert sorted(rows) == sorted(ids)
    check_vectors(np.stack([rows[i] for i in ids[:4]]), "songs mfcc audio")
    check_vectors(np.stack([rows[i] for i in ids[4:]]), "recorded mfcc audio")


# What took money or hours


@pytest.mark.parametrize("is_freed", [False, True], ids=["as kept", "space freed"])
def test_captions_by_a_language_model_are_not_asked_for_again(is_freed, monkeypatch):
    """Nobody listens at the address, so a single request would fail."""
    if is_freed:
        free_space()
    for name, value in EXPECTED["captioner"].items():
        monkeypatch.setenv(name, value)
    before = collections.load("numbers").tracks
    said = run("caption", "numbers", "--with", "endpoint", "--replace", "--yes")
    assert (said["n_written"], said["n_kept"]) == (0, 39)
    pd.testing.assert_frame_equal(collections.load("numbers").tracks[list(before)], before)


@pytest.mark.parametrize("is_freed", [False, True], ids=["as kept", "space freed"])
def test_transcribed_lyrics_are_not_heard_again(is_freed):
    """The model is not on this machine, so hearing a single track would fail."""
    if is_freed:
        free_space()
    before = collections.load("songs").tracks
    said = run("transcribe", "songs", "--replace", "--model", EXPECTED["whisper"], "--language", "de")
    assert (said["n_heard"], said["n_kept"], said["n_from_source"]) == (0, 3, 1)
    pd.testing.assert_frame_equal(collections.load("songs").tracks[list(before)], before)


@pytest.mark.parametrize("job_id", EXPECTED["jobs"])
def test_a_job_says_how_it_ended(job_id, store):
    told, said = here(EXPECTED["jobs"][job_id], store), jobs.status(job_id)
    for what in ("kind", "title", "args", "state", "error"):
        assert getattr(said, what) == told[what]
    assert (said.result or {}).get("checkpoint") == (told["result"] or {}).get("checkpoint")
    assert jobs.figures(job_id).to_dict("list") == told["losses"]
    assert job_id in [status.id for status in jobs.list_jobs("train")]


# Explore


@pytest.mark.parametrize("name", EXPECTED["explore"])
def test_an_address_of_explore_means_the_same_choice_and_selection(name):
    told = EXPECTED["explore"][name]
    found = read_address(told["address"])
    choice = json.loads(json.dumps(found["choice"]))
    assert choice == {**choice, **told["choice"]}
    assert (found["selected"], found["track"]) == (told["selected"], told["track"])
    assert bool(told["selected"]) == ("group" in told["address"])


@pytest.mark.parametrize("name", EXPECTED["explore"])
def test_an_address_of_explore_opens(name, near_worker):  # noqa: F811
    at = open_page(**EXPECTED["explore"][name]["address"])
    assert not at.error


@pytest.mark.parametrize("name", ["recorded", "songs"])
def test_a_link_to_audio_still_plays(name):
    tracks = collections.load(name).tracks
    for track_id, path in zip(tracks["track_id"], tracks["path"], strict=True):
        answer = get_audio(track_id)
        assert answer.status_code == 200 and answer.headers["content-type"].startswith("audio/")
        if path.endswith(".flac"):
            assert answer.content == Path(path).read_bytes()


# The command line


@pytest.mark.parametrize("name, options", SCORES.items())
def test_scores_are_the_same(name, options):
    said, told = run("score", name, *options.split()), EXPECTED["scores"][name]
    assert (said["n_tracks"], said["n_labelled"], said["n_clusters"]) == (
        told["n_tracks"],
        told["n_labelled"],
        2,
    )
    if "tfidf" in options:  # computed in another way since, on purpose
        assert 0 < said["scores"]["silhouette"] < 1
        return
    metrics = ("silhouette", "davies_bouldin", "calinski_harabasz")
    for metric in (*metrics, "adjusted_rand", "normalized_mutual_info", "purity"):
        assert said["scores"][metric] == pytest.approx(told["scores"][metric], rel=1e-3)


def test_a_collection_is_exported_with_its_vectors(tmp_path):
    out = tmp_path / "numbers.parquet"
    run("export", "numbers", "--audio", "mlp-vae", "--n-clusters", "2", "--out", str(out))
    table = pd.read_parquet(out)
    assert table["track_id"].tolist() == collections.load("numbers").tracks["track_id"].tolist()
    assert len(table["vector"][0]) == 4 and table["caption"].str.contains("is about").sum() == 39


def test_a_playlist_names_files_that_are_there(tmp_path):
    out = tmp_path / "songs.m3u8"
    run("export", "songs", "--out", str(out))
    files = [line for line in out.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert len(files) == 4 and all(Path(file).is_file() for file in files)
