import threading
from dataclasses import replace

import pytest

from core.errors import Cancelled, SongscapeError
from core.ui.results import KEPT, Results, within


def test_the_same_key_is_worked_on_once():
    made, calls = Results(), []
    futures = [made.begin(("a",), lambda: calls.append(1) or 7) for _ in range(3)]
    assert [future.result() for future in futures] == [7, 7, 7] and calls == [1]
    assert made.begin(("b",), lambda: 8).result() == 8


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


def test_the_longest_unused_is_dropped():
    made, calls = Results(), []
    for i in range(KEPT + 1):
        made.begin((i,), lambda: None).result()
    made.begin((0,), lambda: calls.append(1)).result()
    assert calls == [1]


def test_a_new_checkpoint_or_another_setting_of_a_fusion_is_another_representation(own_store):
    """A model's name means its newest checkpoint, so a name alone tells no two representations apart."""
    from types import SimpleNamespace

    from core.pipeline import Choice
    from core.ui.fusing import space_key

    songs, choice = SimpleNamespace(name="songs"), Choice(audio="conv-vae", text="tfidf", fusion="graph")
    before = space_key(songs, choice)
    assert space_key(songs, choice) == before
    settings = (("n_neighbours", 7),)
    assert choice.fuser() != replace(choice, fusion_settings=settings).fuser()
    assert space_key(songs, replace(choice, fusion_settings=settings)) != before
    assert space_key(songs, replace(choice, seed=1)) != before
    (own_store / "checkpoints").mkdir(parents=True)
    (own_store / "checkpoints" / "songs-conv-vae-1.safetensors").touch()
    assert space_key(songs, choice) != before
