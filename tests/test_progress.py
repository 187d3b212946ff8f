"""Rate and time left."""

from core import progress


def test_rate_is_of_the_step_under_way(monkeypatch):
    clock = iter([0.0, 2.0, 4.0, 10.0, 11.0, 20.0])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    pace = progress.Pace()
    assert pace(0, 10) == (None, None)
    assert pace(4, 10) == (2.0, 3.0)
    assert pace(8, 10) == (2.0, 1.0)
    assert pace(0, 10) == (None, None)  # the count fell: another step has begun
    assert pace(5, 10) == (5.0, 1.0)
    assert pace(6, 99) == (None, None)  # another total: another step
