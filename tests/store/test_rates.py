import threading

import pytest

from core.store import rates


@pytest.fixture
def machine(monkeypatch):
    """Set the slowdown of this machine."""
    return lambda slowdown: monkeypatch.setattr(rates, "slowdown", lambda: slowdown)


def test_before_any_measurement_the_reference_is_scaled_by_the_slowdown(machine):
    machine(3.0)
    assert rates.seconds_per_unit("extract x", 0.5) == 1.5


def test_a_measured_rate_replaces_the_reference_and_follows_the_machine(machine):
    machine(2.0)
    rates.record_rate("extract x", 100, 40.0)
    assert rates.seconds_per_unit("extract x", 9.0) == pytest.approx(0.4)
    assert rates.seconds_per_unit("extract y", 9.0) == 18.0
    machine(4.0)  # the machine is twice as busy
    assert rates.seconds_per_unit("extract x", 9.0) == pytest.approx(0.8)


@pytest.mark.parametrize(("n", "seconds"), [(3, 40.0), (100, 0.2)])
def test_short_work_is_not_recorded(machine, n, seconds):
    machine(1.0)
    rates.record_rate("extract x", n, seconds)
    assert rates.seconds_per_unit("extract x", 9.0) == 9.0


def test_a_calibration_is_bounded_and_reused(monkeypatch):
    monkeypatch.setattr(rates, "_last", None)
    monkeypatch.setattr(rates, "_calibrating", threading.Lock())
    monkeypatch.setattr(rates, "CALIBRATION_S", 0.01)
    first = rates.slowdown()
    assert first > 0
    monkeypatch.setattr(rates, "_measure", lambda: pytest.fail("measured again"))
    assert rates.slowdown() == first
