import threading
from concurrent.futures import Future
from dataclasses import replace

import pytest

from core import store
from core.checkpoints.catalogue import list_checkpoints
from core.errors import Cancelled, SongscapeError
from core.jobs.work import describe_checkpoint
from core.ui.shared.results import FAILURES, Results, state_of, take_or_explain, within
from tests.checkpoints.odd_files import fill, write


def test_the_same_key_is_worked_on_once_by_all_who_ask_meanwhile():
    made, door, calls = Results(), threading.Event(), []
    futures = [made.begin(("a",), lambda: door.wait(10) and (calls.append(1) or 7)) for _ in range(3)]
    door.set()
    assert [future.result() for future in futures] == [7, 7, 7] and calls == [1]
    assert made.begin(("b",), lambda: 8).result() == 8


def test_nothing_that_is_done_is_held():
    made, ended = Results(), threading.Event()
    made.report(("a",), 1, 2, "half")
    future = made.begin(("a",), lambda: 7)
    future.add_done_callback(lambda _: ended.set())  # comes after the one that lets go
    assert future.result(10) == 7 and ended.wait(10)
    assert len(made) == 0 and made.report_of(("a",)) == (0.0, "")


def test_what_the_store_has_is_taken_from_there_without_waiting_in_line():
    made, door, calls = Results(), threading.Event(), []

    def work():
        return store.cached("things", "k", lambda: calls.append(1) or {"a": 1})

    assert made.kept_or_begin(("a",), work, "scores").result(10) == {"a": 1}
    blocker = made.begin(("b",), lambda: door.wait(10), "scores")  # the only thread of its lane
    assert made.kept_or_begin(("a",), work, "scores").result(0) == {"a": 1} and calls == [1]
    door.set()
    blocker.result(10)
    made.settle()
    assert len(made) == 0


def test_what_is_under_way_is_not_looked_up_and_what_failed_is_said():
    made, door = Results(), threading.Event()

    def work():
        store.check_may_compute()
        door.wait(10)
        raise SongscapeError("no")

    first = made.kept_or_begin(("a",), work)
    assert not first.done() and made.kept_or_begin(("a",), lambda: pytest.fail("looked up")) is first
    door.set()
    with pytest.raises(SongscapeError, match="no"):
        first.result(10)
    assert made.kept_or_begin(("a",), lambda: pytest.fail("looked up")) is first
    assert made.kept_or_begin(("a",), lambda: 5).result(10) == 5


def test_a_look_up_that_fails_says_why():
    def work():
        raise SongscapeError("too few tracks")

    with pytest.raises(SongscapeError, match="too few"):
        Results().kept_or_begin(("a",), work).result(0)


def test_a_failure_is_seen_once_and_then_tried_again():
    made, answers = Results(), [SongscapeError("no"), 5]

    def work():
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    first = made.begin(("a",), work)
    made.settle()
    assert made.begin(("a",), work) is first  # a page that polled sees the reason, and does not ask for ever
    with pytest.raises(SongscapeError, match="no"):
        first.result()
    assert made.begin(("a",), work).result() == 5


def test_work_that_was_given_up_begins_anew_at_once():
    made, answers = Results(), [Cancelled("another choice"), 5]

    def work():
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    made.begin(("a",), work)
    made.settle()
    assert made.begin(("a",), work).result() == 5


def test_waiting_ends_when_patience_does():
    made, door = Results(), threading.Event()
    future = made.begin(("slow",), lambda: door.wait(10) and 3)
    assert within(future, 0.01) is None
    door.set()
    assert within(future, 10) == 3


def test_a_timeout_of_the_work_itself_is_no_waiting():
    def work():
        raise TimeoutError("the disk")

    future = Results().begin(("a",), work)
    with pytest.raises(TimeoutError, match="the disk"):
        within(future, 10)


def test_failures_that_nobody_asks_for_are_forgotten_in_the_end():
    made = Results()

    def work():
        raise SongscapeError("no")

    for i in range(FAILURES + 10):
        made.begin((i,), work).exception(10)
    made.begin(("last",), lambda: None, "now").result(10)
    made.settle()
    assert len(made) <= FAILURES + 2  # two threads may not have let go yet


def test_a_new_checkpoint_or_another_setting_of_a_fusion_is_another_representation(own_store):
    """A model's name means its newest checkpoint, so a name alone tells no two representations apart."""
    from types import SimpleNamespace

    from core.pipeline.choice import Choice
    from core.ui.explore.slow_results import space_key

    songs, choice = SimpleNamespace(name="songs"), Choice(audio="conv-vae", text="tfidf", fusion="graph")
    before = space_key(songs, choice)
    assert space_key(songs, choice) == before
    settings = (("n_neighbours", 7),)
    assert choice.fuser() != replace(choice, fusion_settings=settings).fuser()
    assert space_key(songs, replace(choice, fusion_settings=settings)) != before
    assert space_key(songs, replace(choice, seed=1)) != before
    write(own_store / "checkpoints" / "songs-conv-vae-1.safetensors")
    assert space_key(songs, choice) != before


def test_what_is_no_checkpoint_changes_no_state_and_stops_nobody(own_store):
    write(own_store / "checkpoints" / "songs-mlp-vae-1.safetensors")
    before = state_of("songs")
    fill(own_store / "checkpoints")
    assert state_of("songs") == before


def test_a_checkpoint_that_is_deleted_while_it_is_listed_stops_nobody(own_store, monkeypatch):
    path = write(own_store / "checkpoints" / "songs-mlp-vae-1.safetensors")
    listed, before = list_checkpoints(), state_of("songs")
    path.unlink()
    monkeypatch.setattr("core.ui.shared.results.list_checkpoints", lambda: listed)
    assert state_of("songs") != before
    told = describe_checkpoint(next(c for c in listed if c.path == path))
    assert told["size_bytes"] == 0 and told["hash"] == ""


def test_a_result_is_taken_or_pending_or_its_failure_is_shown(monkeypatch):
    shown = []
    monkeypatch.setattr("core.ui.shared.results.st.caption", shown.append)
    running, done, failed, cancelled = (Future() for _ in range(4))
    done.set_result(7)
    failed.set_exception(SongscapeError("too few tracks"))
    cancelled.set_exception(Cancelled("another choice was made"))
    assert take_or_explain(running, "it could not be measured") == (None, [running])
    assert take_or_explain(done, "it could not be measured") == (7, [])
    assert take_or_explain(cancelled, "it could not be measured") == (None, [cancelled]) and not shown
    assert take_or_explain(failed, "it could not be measured") == (None, [])
    assert shown == ["It could not be measured\\: too few tracks\\."]
