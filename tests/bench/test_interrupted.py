import pytest

from core.bench.interrupted import measure_interruptions
from core.engine.local_threads import AHEAD


@pytest.mark.slow
def test_an_extraction_that_is_killed_loses_nothing_and_repeats_a_batch_at_most():
    import os

    found = measure_interruptions(n_files=400, n_kills=3)
    assert found["interrupted_files"] == 400 and found["interrupted_kills"] == 3
    assert found["interrupted_lost"] == 0
    ahead = AHEAD * (os.cpu_count() or 1)
    assert 0 < found["interrupted_repeats"] <= found["interrupted_batch"] + ahead
