"""What a user owns survives when space is freed: one test per kind, each made and found again as the product
does it."""

import numpy as np
import pytest

from core import collection as collections
from core import store
from core.checkpoints.catalogue import find_checkpoint
from core.collection.saved import save
from core.store.owned import AnswerLog
from core.training.train_collection import train_model
from tests.pipeline.small_space import make


@pytest.fixture
def freed():
    """Free space, after making sure that there is something to free."""

    def free() -> None:
        store.put("latents", "k", np.zeros(4))
        assert store.clear_derived() > 0 and store.peek("latents", "k") is None

    return free


def test_collections(freed):
    save(make())
    freed()
    assert collections.names() == ["made"]
    assert collections.load("made").n_tracks == make().n_tracks


def test_checkpoints(freed):
    save(make())
    made = train_model("made", "pca:table")
    freed()
    assert find_checkpoint(made["checkpoint"], collections.load("made"), "audio").model == "pca"


def test_selections(freed):
    from core.ui.explore.selection import select_found

    group = select_found(["a", "b"])
    freed()
    assert store.load_owned("selections", group[1:])["track_ids"] == ["a", "b"]


def test_uploads(freed):
    kept = store.folder("uploads", "mine") / "songs.csv"
    kept.write_text("title\nOne\n")
    freed()
    assert kept.read_text() == "title\nOne\n"


@pytest.mark.parametrize("kind", ["captions", "lyrics"])
def test_captions_and_transcripts(kind, freed):
    AnswerLog(kind, "model").append("song", text="la la")
    freed()
    assert AnswerLog(kind, "model").read() == {"song": {"text": "la la"}}


def test_unfinished_trainings(freed):
    state = store.folder("training", "key") / "state.safetensors"
    state.write_bytes(b"state")
    freed()
    assert state.read_bytes() == b"state"


def test_the_history_of_jobs(freed):
    store.write_json(store.folder("jobs", "20260101-000000-add") / "status.json", {"state": "done"})
    freed()
    assert (store.path_of("jobs", "20260101-000000-add", "status.json")).exists()
