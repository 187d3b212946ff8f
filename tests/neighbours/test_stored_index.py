import numpy as np
import pytest

from core.neighbours import stored_index as module
from core.neighbours.stored_index import stored_index


@pytest.fixture(autouse=True)
def closed():
    module._open.clear()


def test_an_index_is_built_once_and_read_again():
    X = np.random.default_rng(0).normal(size=(2000, 6)).astype("f4")
    calls = []

    def vectors():
        calls.append(1)
        return X

    first = stored_index("a", vectors)
    module._open.clear()  # as in another process
    again = stored_index("a", vectors)
    assert len(calls) == 1 and again.recall == first.recall >= 0.98
    rows, squares = again.nearest(X[7], 3)
    assert rows[0] == 7 and squares[0] == pytest.approx(0, abs=1e-6) and (np.diff(squares) >= 0).all()
    stored_index("b", vectors)
    assert len(calls) == 2


def test_few_indices_stay_in_memory():
    X = np.random.default_rng(0).normal(size=(500, 3)).astype("f4")
    for key in "abcd":
        stored_index(key, lambda: X)
    assert len(module._open) == module.MOST_OPEN
