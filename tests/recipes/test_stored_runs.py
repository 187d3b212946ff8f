"""Ids of stored runs: each run has its own, also where several are saved at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from core import store
from core.errors import WriteError
from core.recipes.stored_runs import KIND, list_runs, load_run, save_new_run

RUN = {"recipe": "data", "collection": {"name": "my songs"}, "created": "2026-01-01T00:00:00"}


def test_runs_that_are_saved_at_once_are_all_kept_under_ids_of_their_own():
    with ThreadPoolExecutor(8) as pool:
        saved = list(pool.map(lambda seconds: save_new_run({**RUN, "seconds": seconds}), range(100)))
    assert {run["id"] for run in saved} == {f"data-my-songs-{number}" for number in range(1, 101)}
    assert [load_run(run["id"])["seconds"] for run in saved] == list(range(100))
    assert len(list_runs()) == 100


def test_a_run_that_can_not_be_saved_leaves_its_id_free(monkeypatch):
    def fail(*args):
        raise WriteError("no space")

    with monkeypatch.context() as patch, pytest.raises(WriteError, match="no space"):
        patch.setattr(store, "save_owned", fail)
        save_new_run(RUN)
    assert not list(store.folder(KIND).glob("*"))
    assert save_new_run(RUN)["id"] == "data-my-songs-1"
