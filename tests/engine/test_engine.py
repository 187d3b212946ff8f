"""Work on many items, in threads."""

import os

import pytest

from core import engine
from core.engine import Failed, run_each, using
from core.errors import AudioError, ConfigError


def half(number: int) -> float:
    if number % 7 == 3:
        raise AudioError(f"{number} is no good")
    if number % 7 == 4:
        raise AudioError("not now") from OSError("busy")
    return number / 2


ITEMS = {str(i): i for i in range(50)}


def test_every_item_ends_with_its_result_or_its_reason():
    found = dict(run_each(half, ITEMS, (AudioError,)))
    assert set(found) == set(ITEMS) and found["2"] == 1.0
    assert found["3"] == Failed("3 is no good") and found["4"] == Failed("not now", is_transient=True)
    assert dict(run_each(half, {}, ())) == {}


def test_other_errors_are_raised():
    with pytest.raises(AudioError, match="no good"):
        dict(run_each(half, {"a": 3}))
    with pytest.raises(TypeError):
        dict(run_each(half, {"a": "text"}, (AudioError,)))


def test_what_has_not_started_is_dropped_when_the_results_are_closed():
    done = []
    results = run_each(lambda i: done.append(i), ITEMS, n_threads=1)
    next(results)
    results.close()
    assert len(done) < len(ITEMS)


def test_an_unknown_engine_or_a_needless_address_is_refused(monkeypatch):
    assert engine.is_local()
    with pytest.raises(ConfigError, match="engine='spark' must be one of local, ray"), using("spark"):
        pass
    with pytest.raises(ConfigError, match="address='auto' is for --engine ray"), using("local", "auto"):
        pass
    assert engine.describe() == {"name": "local", "nodes": 1, "cpus": os.cpu_count()}
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ConfigError, match=r"pip install -e .\[ray\]"), using("ray"):
        pass
    assert engine.is_local()
